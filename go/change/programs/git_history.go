// History: commit, merge, rebase, cherry-pick, revert, am, and what rewrites or throws away commits. Implements spec/git.md section 13.
// Twin of src/change/programs/git-history.ts.
// `ref` is the branch that changes: the current one, unless the line names another.

package programs

import (
	"slices"
	"strings"

	"cavra.dev/runtime/change/model"
)

func commit(line *gitLine) []model.Deed {
	if line.has("dry_run", "short", "porcelain", "long") {
		return nil
	}
	operation := "commit"
	if line.may("amend") {
		operation = "amend"
	}
	deed := line.git(operation, gitTarget{ref: line.currentBranch()})
	return append([]model.Deed{deed}, pathspecDeeds(line, "read", line.operands(), "exact")...)
}

func merge(line *gitLine) []model.Deed {
	return historyStep(line, "merge")
}

func cherryPick(line *gitLine) []model.Deed {
	return historyStep(line, "cherry_pick")
}

func revert(line *gitLine) []model.Deed {
	return historyStep(line, "revert")
}

// historyStep: `--abort` throws away what the operation and the person did since it began.
func historyStep(line *gitLine, operation string) []model.Deed {
	if line.may("abort") {
		operation = "abort"
	}
	return []model.Deed{line.git(operation, gitTarget{ref: line.currentBranch()})}
}

func rebase(line *gitLine) []model.Deed {
	if line.has("show_current_patch") {
		return nil
	}
	if line.may("abort") {
		return historyStep(line, "abort")
	}
	at := 1
	if line.has("root") {
		at = 0
	}
	if onto := nth(line.operands(), at); onto != nil {
		return []model.Deed{line.git("rebase", gitTarget{ref: shortRef(&line.place, onto.Value)})}
	}
	return historyStep(line, "rebase")
}

func am(line *gitLine) []model.Deed {
	if line.has("show_current_patch") {
		return nil
	}
	if line.may("abort") {
		return historyStep(line, "abort")
	}
	deeds := []model.Deed{line.git("commit", gitTarget{ref: line.currentBranch()})}
	deeds = append(deeds, line.files("read", line.operands(), "exact")...)
	return append(deeds, patchedTree(line)...)
}

// notes are commits on a ref of their own.
func notes(line *gitLine) []model.Deed {
	if line.has("dry_run") {
		return nil
	}
	ref := model.Text("refs/notes/commits")
	if given := line.lastOf("ref"); given != nil {
		ref = model.UnknownWord
		if given.Value.Kind == "text" {
			ref = model.Text(notesRef(given.Value.Text))
		}
	}
	return []model.Deed{line.git("commit", gitTarget{ref: ref})}
}

func notesRef(written string) string {
	if strings.HasPrefix(written, "refs/notes/") {
		return written
	}
	return "refs/notes/" + strings.TrimPrefix(written, "notes/")
}

func replace(line *gitLine) []model.Deed {
	if line.has("list") || len(line.operands()) == 0 && !line.has("delete", "edit", "graft", "convert_graft_file") {
		return nil
	}
	return rewrite(line)
}

// rewrite: commits are made anew, or those that only the reflog holds are given up.
func rewrite(line *gitLine) []model.Deed {
	if line.has("dry_run", "analyze") {
		return nil
	}
	return []model.Deed{line.git("rewrite_history", gitTarget{ref: model.UnknownWord, force: "force"})}
}

func replay(line *gitLine) []model.Deed {
	var deeds []model.Deed
	for _, advanced := range line.valuesOf("advance") {
		deeds = append(deeds, line.git("rewrite_history", gitTarget{ref: shortRef(&line.place, advanced.Value), span: &advanced.Span}))
	}
	return deeds
}

var collectingAges = []string{"gc.pruneexpire", "gc.reflogexpire", "gc.reflogexpireunreachable"}

// collect: gc keeps what is younger than two weeks, unless the line says otherwise.
func collect(line *gitLine) []model.Deed {
	isShort := slices.ContainsFunc(line.valuesOf("prune"), isShorter)
	for _, key := range collectingAges {
		if entry := lastEntry(line.config, key); entry != nil && entry.value != nil {
			isShort = isShort || isShorter(model.Argument{Value: *entry.value})
		}
	}
	if !isShort {
		return nil
	}
	return rewrite(line)
}

func isShorter(age model.Argument) bool {
	return age.Value.Text != "never" && age.Value.Text != "2.weeks.ago"
}

func repack(line *gitLine) []model.Deed {
	ages := append(line.valuesOf("unpack_unreachable"), line.valuesOf("cruft_expiration")...)
	if !slices.ContainsFunc(ages, isShorter) {
		return nil
	}
	return rewrite(line)
}
