// spec/vectors/glob, the questions about sets of paths; base answers those about one path. Twin of test/vectors/glob.test.ts.

package policy

import (
	"testing"

	"cavra.dev/runtime/base"
	"cavra.dev/runtime/change/model"
	"cavra.dev/runtime/internal/vectors"
)

type globCase struct {
	vectors.Head
	Question  string `json:"question"`
	Glob      string `json:"glob"`
	Fold      bool   `json:"fold"`
	Home      string `json:"home"`
	Workspace string `json:"workspace"`
	Against   string `json:"against"`
	Extent    string `json:"extent"`
	Expect    bool   `json:"expect"`
}

func TestGlobVectorsOfSets(t *testing.T) {
	answers := map[string]func(*base.Glob, *fileSet, *base.World) bool{"meets": globMeets, "holds": globHolds, "covers": globCovered}
	answered := 0
	vectors.Run(t, "glob", func(t *testing.T, one globCase) {
		answer, asked := answers[one.Question]
		if !asked {
			return
		}
		answered++
		glob, problem := base.CompileGlob(one.Glob, one.Fold)
		if problem != nil {
			t.Fatal(problem.Message)
		}
		extent := one.Extent
		if extent == "" {
			extent = "exact"
		}
		set := fileSetOf(&model.Effect{Kind: "read", Target: one.Against, Extent: extent, Place: "here"})
		if set == nil {
			t.Fatalf("%q is unknown", one.Against)
		}
		if got := answer(glob, set, base.MakeWorld(one.Home, one.Workspace)); got != one.Expect {
			t.Errorf("%v", got)
		}
	})
	if answered < 50 {
		t.Errorf("only %d questions were asked", answered)
	}
}
