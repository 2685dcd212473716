// Runs spec/vectors/catalogue, catalogue-data and git to the end: one command line a file, its reading as short texts.
// Twin of test/vectors/catalogue.test.ts and test/vectors/git.test.ts. Proves spec/catalogue.md and spec/git.md.

package programs_test

import (
	"testing"

	"cavra.dev/runtime/change/catalogue"
	"cavra.dev/runtime/change/model"
	"cavra.dev/runtime/change/programs"
	"cavra.dev/runtime/internal/vectors"
)

func builtin(t testing.TB) *model.Catalogue {
	t.Helper()
	opened, problem := catalogue.Builtin()
	if problem != nil {
		t.Fatalf("%s: %s", problem.Code, problem.Message)
	}
	return opened
}

func nameIn(all *model.Catalogue) func(word string) string {
	return func(word string) string {
		if found, known := catalogue.LookupProgram(all, word); known {
			return found.Name
		}
		return catalogue.ProgramName(word)
	}
}

func TestCatalogueVectors(t *testing.T) {
	all := builtin(t)
	for _, area := range []string{"catalogue", "catalogue-data"} {
		vectors.Run(t, area, func(t *testing.T, one vectors.CatalogueCase) {
			one.Check(t, programs.ReadProgram(one.Call(area, all, nameIn(all))))
		})
	}
}

// A gitCase has the words after `git`, and the facts of the repository.
type gitCase struct {
	vectors.CatalogueCase
	Git struct {
		CurrentBranch  string `json:"current_branch"`
		DefaultBranch  string `json:"default_branch"`
		UpstreamRemote string `json:"upstream_remote"`
		UpstreamBranch string `json:"upstream_branch"`
	} `json:"git"`
}

func TestGitVectors(t *testing.T) {
	all := builtin(t)
	vectors.Run(t, "git", func(t *testing.T, one gitCase) {
		one.Words = append([]vectors.WireValue{{Value: model.Text("git")}}, one.Words...)
		call := one.Call("git", all, nameIn(all))
		call.Facts.Repository = model.GitFacts(one.Git)
		one.Check(t, programs.ReadProgram(call))
	})
}
