// What no vector says of judging: that several may ask at once, and what it costs.

package policy

import (
	"fmt"
	"sync"
	"testing"

	"cavra.dev/runtime/base"
	"cavra.dev/runtime/change/model"
	"cavra.dev/runtime/judgement"
)

var benched = &Subject{
	Agent: "claude-code", User: "dev", Home: "/home/dev", WorkspaceRoot: "/srv/app", TempRoots: []string{"/tmp"},
	DefaultBranch: "main", Now: "2026-11-23T06:00:00Z",
}

var benchedChange = &model.Change{Effects: []model.Effect{
	{Kind: "exec", Program: "rm", Options: []string{"recursive"}, Known: true, Place: "here"},
	{Kind: "delete", Target: "/srv/app/build", Extent: "tree", Place: "here"},
	{Kind: "read", Target: "/srv/app/src/main.ts", Extent: "exact", Place: "here"},
	{Kind: "network", Host: "api.example7.com", Direction: "send", Data: "derived", Place: "here"},
}}

// rulebookOf makes rules as packs have them: paths that float, are anchored, or end in an extension; programs; hosts.
func rulebookOf(rules int) *Rulebook {
	book := &Rulebook{ID: "bench", Version: "1", Mode: "enforce", Defaults: map[model.EffectKind]KindDefault{}}
	for _, kind := range EffectKinds {
		book.Defaults[kind] = KindDefault{Verdict: base.Warn, Unknown: base.RequireApproval}
	}
	clauses := []func(i int) Clause{
		func(i int) Clause {
			return Clause{Effect: []string{"delete", "read", "write"}, Path: []string{fmt.Sprintf("**/secret%d.json", i), fmt.Sprintf("~/.tool%d/**", i)}}
		},
		func(i int) Clause {
			return Clause{Effect: []string{"exec"}, Program: []string{fmt.Sprintf("tool%d", i)}, Subcommand: []string{"apply"}}
		},
		func(i int) Clause {
			return Clause{Effect: []string{"network"}, Host: []string{fmt.Sprintf("*.example%d.com", i)}}
		},
		func(i int) Clause {
			return Clause{Effect: []string{"delete"}, Path: []string{fmt.Sprintf("src%d/**", i)}}
		},
		func(i int) Clause {
			return Clause{Effect: []string{"read"}, Path: []string{fmt.Sprintf("**/*.ext%d", i)}}
		},
	}
	for i := range rules {
		book.Rules = append(book.Rules, Rule{
			ID: fmt.Sprintf("rule.%06d", i), Pack: "p", Layer: LayerHost, Verdict: base.Verdicts[i%4], Severity: "high", Reason: "because",
			Overridable: "host", Match: []Clause{clauses[i%5](i)},
		})
	}
	return book
}

func TestSeveralMayAskOnePolicyAtOnce(t *testing.T) {
	policy := Open(rulebookOf(200))
	want, _ := judgement.Append(nil, Judge(benchedChange, benched, Open(rulebookOf(200))))
	var waiting sync.WaitGroup
	for range 8 {
		waiting.Go(func() {
			for range 50 {
				if got, _ := judgement.Append(nil, Judge(benchedChange, benched, policy)); string(got) != string(want) {
					t.Errorf("judged %s", got)
				}
			}
		})
	}
	waiting.Wait()
}

func BenchmarkJudge(b *testing.B) {
	for _, rules := range []int{100, 1000, 10_000} {
		b.Run(fmt.Sprintf("%d rules", rules), func(b *testing.B) {
			policy := Open(rulebookOf(rules))
			Judge(benchedChange, benched, policy)
			for b.Loop() {
				Judge(benchedChange, benched, policy)
			}
		})
	}
}

func BenchmarkOpenAndJudgeOnce(b *testing.B) {
	for _, rules := range []int{100, 10_000} {
		book := rulebookOf(rules)
		b.Run(fmt.Sprintf("%d rules", rules), func(b *testing.B) {
			for b.Loop() {
				Judge(benchedChange, benched, Open(book))
			}
		})
	}
}
