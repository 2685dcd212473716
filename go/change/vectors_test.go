// Runs the shared vectors of spec/change.md: every case, the closed set of keys, and the count that the manifest promises.
// Twin of test/vectors/change.test.ts.

package change_test

import (
	"encoding/json"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"cavra.dev/runtime/base"
	"cavra.dev/runtime/change"
	"cavra.dev/runtime/change/catalogue"
	"cavra.dev/runtime/change/model"
	"cavra.dev/runtime/internal/vectors"
)

// vector is one case. Action and facts are read apart, because what they leave out has its own value.
type vector struct {
	vectors.Head
	Action struct {
		ActionType string `json:"action_type"`
		Target     string `json:"target"`
		Operation  string `json:"operation"`
		Arguments  string `json:"arguments"`
		Cwd        *string
	} `json:"action"`
	Facts struct {
		Home        *string             `json:"home"`
		Environment json.RawMessage     `json:"environment"`
		Links       map[string]string   `json:"links"`
		Listings    map[string][]string `json:"listings"`
		Scripts     map[string]string   `json:"scripts"`
	} `json:"facts"`
	Expect struct {
		Effects []string `json:"effects"`
		Wants   *struct {
			Paths   []string `json:"paths"`
			Folders []string `json:"folders"`
			Scripts []string `json:"scripts"`
			Git     bool     `json:"git"`
		} `json:"wants"`
	} `json:"expect"`
}

func TestVectors(t *testing.T) {
	all := catalogueOfVectors(t)
	vectors.Run(t, "change", func(t *testing.T, one vector) {
		if problem := one.run(t, all); problem != "" {
			t.Errorf("%s\n%s", one.Note, problem)
		}
	})
}

func (one *vector) run(t *testing.T, all *model.Catalogue) string {
	derived, wants := change.DeriveWithWants(one.action(), one.facts(t), all)
	got := make([]string, 0, len(derived.Effects))
	for i := range derived.Effects {
		got = append(got, compactEffect(&derived.Effects[i]))
	}
	if !slices.Equal(got, one.Expect.Effects) {
		return "got\n  " + strings.Join(got, "\n  ") + "\nwant\n  " + strings.Join(one.Expect.Effects, "\n  ")
	}
	expected := one.Expect.Wants
	if expected == nil {
		return ""
	}
	isSame := slices.Equal(wants.Paths, expected.Paths) && slices.Equal(wants.Folders, expected.Folders) &&
		slices.Equal(wants.Scripts, expected.Scripts) && wants.Git == expected.Git
	if !isSame {
		text, _ := json.Marshal(wants)
		return "wants " + string(text)
	}
	return ""
}

func (one *vector) action() *model.Action {
	action := model.Action{
		ActionType: one.Action.ActionType, Target: one.Action.Target, Operation: one.Action.Operation, Arguments: one.Action.Arguments,
		Cwd: "/srv/app", WorkspaceRoot: "/srv/app",
	}
	if action.ActionType == "" {
		action.ActionType = "execute_command"
	}
	if one.Action.Cwd != nil {
		action.Cwd = *one.Action.Cwd
	}
	return &action
}

func (one *vector) facts(t *testing.T) *model.Facts {
	t.Helper()
	facts := factsOfVectors()
	facts.Links, facts.Listings, facts.Scripts = one.Facts.Links, one.Facts.Listings, one.Facts.Scripts
	if one.Facts.Home != nil {
		facts.Home = *one.Facts.Home
	}
	if len(one.Facts.Environment) > 0 {
		environment, problem := base.ParseJSON(one.Facts.Environment, base.DefaultJSONLimits)
		if problem != nil {
			t.Fatal(problem)
		}
		for _, member := range environment.Members {
			facts.Environment.Set(member.Key, member.Value.Text)
		}
	}
	return facts
}

// factsOfVectors are those of a case that says nothing else: spec/change.md 11.1.
func factsOfVectors() *model.Facts {
	return &model.Facts{
		Home:        "/home/dev",
		TempRoots:   []string{"/tmp", "/var/tmp"},
		Environment: &base.Ordered[string]{},
		Repository:  model.GitFacts{CurrentBranch: "topic", DefaultBranch: "main", UpstreamRemote: "origin", UpstreamBranch: "topic"},
	}
}

func catalogueOfVectors(t testing.TB) *model.Catalogue {
	t.Helper()
	text, err := os.ReadFile(filepath.Join("..", "..", "spec", "vectors", "change", "catalogue.json"))
	if err != nil {
		t.Fatal(err)
	}
	all, problem := catalogue.Open(text)
	if problem != nil {
		t.Fatal(problem)
	}
	return all
}
