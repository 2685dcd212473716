// Runs spec/vectors/policy and spec/vectors/narrow. Proves spec/policy.md sections 2.10 and 4 to 7. Twin of test/vectors/policy.test.ts.

package policy

import (
	"bytes"
	"encoding/json"
	"reflect"
	"slices"
	"testing"

	"cavra.dev/runtime/base"
	"cavra.dev/runtime/change/model"
	"cavra.dev/runtime/internal/vectors"
	"cavra.dev/runtime/judgement"
)

type subjectCase struct {
	Agent         string   `json:"agent"`
	User          string   `json:"user"`
	Home          string   `json:"home"`
	WorkspaceRoot string   `json:"workspace_root"`
	TempRoots     []string `json:"temp_roots"`
	DefaultBranch string   `json:"default_branch"`
	Now           string   `json:"now"`
}

func (s *subjectCase) subject() Subject {
	return Subject{
		Agent: s.Agent, User: s.User, Home: s.Home, WorkspaceRoot: s.WorkspaceRoot, TempRoots: s.TempRoots,
		DefaultBranch: s.DefaultBranch, Now: s.Now,
	}
}

type policyCase struct {
	vectors.Head
	Policy  json.RawMessage  `json:"policy"`
	Subject subjectCase      `json:"subject"`
	Effects []vectors.Effect `json:"effects"`
	Expect  json.RawMessage  `json:"expect"`
}

func TestPolicyVectors(t *testing.T) {
	vectors.Run(t, "policy", func(t *testing.T, one policyCase) {
		compiled, problem := ParseCompiled(one.Policy)
		if problem != nil {
			t.Fatalf("%s at %s", problem.Code, problem.At)
		}
		subject := one.Subject.subject()
		effects := vectors.Models(one.Effects)
		judged := Judge(&model.Change{Effects: effects}, &subject, Open(&compiled.Rulebook))
		if got, want := canonical(t, judged), expected(t, one.Expect, effects); got != want {
			t.Errorf("judged\n%s\nnot\n%s", got, want)
		}
		backwards := slices.Clone(effects)
		slices.Reverse(backwards)
		turned := Judge(&model.Change{Effects: backwards}, &subject, Open(&compiled.Rulebook))
		if turned.Verdict != judged.Verdict || turned.RuleID != judged.RuleID || turned.Reason != judged.Reason {
			t.Errorf("backwards %s by %s", turned.Verdict, turned.RuleID)
		}
	})
}

func canonical(t *testing.T, judged *judgement.Judgement) string {
	t.Helper()
	text, code := judgement.Append(nil, judged)
	if code != "" {
		t.Fatal(code)
	}
	return string(text)
}

// A vector's judgement has no effects of its own: they are the given ones.
func expected(t *testing.T, text []byte, effects []model.Effect) string {
	t.Helper()
	given, code := model.AppendEffects(nil, effects)
	if code != "" {
		t.Fatal(code)
	}
	whole := append([]byte(`{"effects":`), given...)
	whole = append(append(whole, ','), bytes.TrimLeft(text, "{ \n")...)
	return vectors.Canonical(t, whole)
}

type narrowCase struct {
	vectors.Head
	Agent  string          `json:"agent"`
	Effect vectors.Effect  `json:"effect"`
	Expect json.RawMessage `json:"expect"`
}

func TestNarrowVectors(t *testing.T) {
	vectors.Run(t, "narrow", func(t *testing.T, one narrowCase) {
		effect := one.Effect.Model()
		got := ClauseFor(&effect, one.Agent)
		if string(one.Expect) == "null" {
			if got != nil {
				t.Errorf("made %+v of too little", *got)
			}
			return
		}
		value, problem := base.ParseJSON(one.Expect, base.DefaultJSONLimits)
		if problem != nil {
			t.Fatal(problem.Code)
		}
		r := newShapeReader()
		want := r.clause(value, nil)
		if r.Problem != nil || got == nil || !reflect.DeepEqual(*got, want) {
			t.Errorf("made %+v of it, not %+v (%v)", got, want, r.Problem)
		}
	})
}
