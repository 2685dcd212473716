// spec/vectors/glob, the questions that base answers; those about sets of paths are asked by the tests of policy. Twin of test/vectors/glob.test.ts.

package base_test

import (
	"testing"

	"cavra.dev/runtime/base"
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

func TestGlobVectors(t *testing.T) {
	answered := 0
	vectors.Run(t, "glob", func(t *testing.T, one globCase) {
		var answer bool
		switch one.Question {
		case "path":
			answer = base.MatchGlob(must(t)(base.CompileGlob(one.Glob, one.Fold)), base.NamesOf(one.Against), base.MakeWorld(one.Home, one.Workspace))
		case "text":
			answer = base.MatchTextGlob(must(t)(base.CompileTextGlob(one.Glob, one.Fold)), one.Against)
		case "bad_path":
			_, problem := base.CompileGlob(one.Glob, one.Fold)
			answer = problem != nil && problem.Code == "bad_glob"
		case "bad_text":
			_, problem := base.CompileTextGlob(one.Glob, one.Fold)
			answer = problem != nil && problem.Code == "bad_glob"
		case "meets", "holds", "covers":
			return
		default:
			t.Fatalf("nobody knows the question %q", one.Question)
		}
		answered++
		if answer != one.Expect {
			t.Errorf("%v", answer)
		}
	})
	if answered < 80 {
		t.Errorf("only %d questions were asked", answered)
	}
}

func must(t *testing.T) func(glob *base.Glob, problem *base.Problem) *base.Glob {
	return func(glob *base.Glob, problem *base.Problem) *base.Glob {
		t.Helper()
		if problem != nil {
			t.Fatal(problem.Message)
		}
		return glob
	}
}

func TestGlobsOfAnySizeAreReadOrRefused(t *testing.T) {
	for _, glob := range []string{"", "\\", "{", "}", "[", "${", "{a,b", "a\\", "\xff", "**a", "{{{{{{{{{a}}}}}}}}}", "[z-a]", "[[:x:]]"} {
		if _, problem := base.CompileGlob(glob, true); problem == nil && glob != "\xff" {
			t.Errorf("%q was read", glob)
		}
		base.PatternComponents(glob)
	}
}

func TestIncludesIsExactWithinItsSteps(t *testing.T) {
	table := []struct {
		outer, inner string
		want         bool
	}{
		{"/srv/**", "/srv/app/*", true},
		{"/srv/*", "/srv/app/*", false},
		{"/**", "/etc/passwd", true},
		{"/a/[a-c]*", "/a/b?", true},
		{"/a/[a-c]*", "/a/d?", false},
		{"/a/*", "/a/**", false},
		{"/a*/**/z", "/ab/c/d/z", true},
	}
	for _, row := range table {
		outer, inner := must(t)(base.CompileGlob(row.outer, false)), base.PatternComponents(row.inner)
		if got := base.Includes(outer.Alternatives[0].Components, inner, false); got != row.want {
			t.Errorf("%s includes %s: %v", row.outer, row.inner, got)
		}
	}
}
