// The work tree, the index and the stash: add, rm, mv, restore, reset, clean, apply, stash. Implements spec/git.md section 11.
// Twin of src/change/programs/git-tree.ts.

package programs

import (
	"slices"
	"strings"

	"cavra.dev/runtime/base"
	"cavra.dev/runtime/change/catalogue"
	"cavra.dev/runtime/change/model"
)

func addToIndex(line *gitLine) []model.Deed {
	if line.has("dry_run") {
		return nil
	}
	return append(stageOnly(line), pathspecDeeds(line, "read", line.operands(), "exact")...)
}

func stageOnly(line *gitLine) []model.Deed {
	return []model.Deed{line.git("stage", gitTarget{})}
}

// updateIndex: where git no longer looks at a file, a change to it is no longer seen: that is as good as changing it.
func updateIndex(line *gitLine) []model.Deed {
	deeds := stageOnly(line)
	for _, one := range []string{"assume_unchanged", "skip_worktree", "fsmonitor_valid"} {
		if line.may(one, "no_"+one) {
			return append(deeds, line.files("write", line.operands(), "exact")...)
		}
	}
	return deeds
}

// files is a file deed for each path.
func (line *gitLine) files(effect string, paths []model.Argument, extent model.Extent) []model.Deed {
	var deeds []model.Deed
	for _, path := range paths {
		deeds = append(deeds, line.file(effect, path, extent))
	}
	return deeds
}

func (line *gitLine) discardsAll() model.Deed {
	return line.git("discard_changes", gitTarget{force: "force"})
}

func remove(line *gitLine) []model.Deed {
	if line.has("dry_run") {
		return nil
	}
	if line.has("cached") {
		return stageOnly(line)
	}
	var extent model.Extent = "exact"
	if line.may("recursive") {
		extent = "tree"
	}
	deleted := pathspecDeeds(line, "delete", line.operands(), extent)
	if line.may("force") {
		return append([]model.Deed{line.discardsAll(), line.git("stage", gitTarget{})}, deleted...)
	}
	return append(stageOnly(line), deleted...)
}

// move: the last operand is where the others go: a folder, or the new name of a single one.
func move(line *gitLine) []model.Deed {
	if line.has("dry_run") || len(line.operands()) < 2 {
		return nil
	}
	target := *last(line.operands())
	sources := line.operands()[:len(line.operands())-1]
	deeds := stageOnly(line)
	for _, source := range sources {
		deeds = append(deeds, line.file("read", source, "tree"), line.file("delete", source, "tree"))
	}
	written := catalogue.KnownPrefix(target.Value)
	if len(sources) == 1 && !strings.HasSuffix(written, "/") && written != "." {
		deeds = append(deeds, line.file("write", target, "tree"))
	}
	for _, source := range sources {
		value := target.Value
		if name, named := catalogue.BaseName(source.Value); named && name.Kind == "text" && value.Kind == "text" {
			if !strings.HasSuffix(written, "/") {
				value = catalogue.Append(value, "/")
			}
			value = catalogue.Append(value, name.Text)
		}
		deeds = append(deeds, line.file("write", model.Argument{Value: value, Span: target.Span}, "tree"))
	}
	return deeds
}

// restore: without `--staged`, or with `--worktree`, the work tree is overwritten.
func restore(line *gitLine) []model.Deed {
	isStaged := line.has("staged")
	isTree := line.may("worktree") || !isStaged && !isTakenBack(line, "worktree")
	paths := line.operands()
	if len(paths) == 0 && !line.has("patch") && line.lastOf("pathspec_from_file") == nil {
		return nil
	}
	var deeds []model.Deed
	if isTree {
		deeds = append(deeds, line.git("discard_changes", gitTarget{}))
	}
	if isStaged {
		deeds = append(deeds, line.git("stage", gitTarget{}))
	}
	if isTree {
		deeds = append(deeds, pathspecDeeds(line, "write", paths, "tree")...)
	}
	return deeds
}

func isTakenBack(line *gitLine, meaning string) bool {
	for i := len(line.cut.Options) - 1; i >= 0; i-- {
		if line.cut.Options[i].Means == meaning {
			return line.cut.Options[i].Negated
		}
	}
	return false
}

// reset: `--hard` and `--merge` overwrite the work tree; a commit other than HEAD moves the branch; paths only touch the index.
func reset(line *gitLine) []model.Deed {
	mode := resetMode(line)
	discards := mode == "hard" || mode == "merge" || mayBeMode(line, mode)
	var deeds []model.Deed
	if discards {
		deeds = append(deeds, line.discardsAll())
	}
	isWhole := mode != "" && mode != "mixed"
	if commit := nth(line.beforeSeparator(), 0); commit != nil {
		isKnown := commit.Value.Kind == "text"
		written := commit.Value.Text
		movesBranch := !isKnown || !isHead(written) && (isWhole || isSurelyRevision(&line.place, written) || !isSurelyPath(written))
		isPaths := len(line.operands()) > 1 || line.has("patch") || isKnown && !isWhole && looksLikeFile(written)
		if movesBranch && !isPaths {
			force := "none"
			if discards {
				force = "force"
			}
			deeds = append(deeds, line.git("move_branch", gitTarget{ref: line.currentBranch(), force: force, span: &commit.Span}))
		}
	}
	if !isWhole {
		deeds = append(deeds, line.git("stage", gitTarget{}))
	}
	return deeds
}

// resetMode is the last of the modes; "" for none.
func resetMode(line *gitLine) string {
	for i := len(line.cut.Options) - 1; i >= 0; i-- {
		if means := line.cut.Options[i].Means; slices.Contains([]string{"mixed", "soft", "hard", "merge", "keep"}, means) {
			return means
		}
	}
	return ""
}

// mayBeMode: an abbreviation of both `--merge` and `--mixed`, or a word that nobody knows: it can be `--hard`.
func mayBeMode(line *gitLine, mode string) bool {
	return mode == "" && (line.may("hard", "merge") || line.hasLooseWord())
}

// clean: nothing happens without `-f`, unless the line itself sets clean.requireForce to false.
func clean(line *gitLine) []model.Deed {
	if line.has("dry_run") {
		return nil
	}
	required := lastEntry(line.config, "clean.requireforce")
	isFree := required != nil && required.value != nil &&
		!slices.Contains([]string{"true", "yes", "on", "1"}, base.FoldASCII(required.value.Text))
	if !isFree && !line.may("force", "interactive") && !line.hasLooseWord() {
		return nil
	}
	times := 0
	for _, option := range line.cut.Options {
		if option.Means == "force" && !option.Negated {
			times++
		}
	}
	force := "none"
	if times > 1 || line.may("ignored", "only_ignored") {
		force = "force"
	}
	return []model.Deed{line.git("delete_untracked", gitTarget{force: force})}
}

func sparseClean(line *gitLine) []model.Deed {
	if !line.may("force") || line.has("dry_run") {
		return nil
	}
	return []model.Deed{line.git("delete_untracked", gitTarget{})}
}

// apply: the files that a known patch names, else the whole work tree.
func apply(line *gitLine) []model.Deed {
	var deeds []model.Deed
	for _, word := range line.operands() {
		if !isStream(word.Value) {
			deeds = append(deeds, line.file("read", word, "exact"))
		}
	}
	if line.has("stat", "numstat", "summary", "check") && !line.has("apply") {
		return deeds
	}
	if line.has("cached", "index") {
		deeds = append(deeds, line.git("stage", gitTarget{}))
	}
	if line.has("cached") {
		return deeds
	}
	return append(deeds, patchedTree(line)...)
}

func checkoutIndex(line *gitLine) []model.Deed {
	if line.has("no_create", "temp") {
		return nil
	}
	if prefix := line.lastOf("prefix"); prefix != nil {
		return []model.Deed{line.file("write", *prefix, "tree")}
	}
	written := line.files("write", line.operands(), "exact")
	if line.may("force") {
		return append([]model.Deed{line.discardsAll()}, written...)
	}
	return written
}

func readTree(line *gitLine) []model.Deed {
	if line.has("dry_run") {
		return nil
	}
	if line.may("reset") && line.may("u") {
		return append([]model.Deed{line.discardsAll()}, stageOnly(line)...)
	}
	return stageOnly(line)
}

// stash: `git stash $x`, the inner word can be `drop`.
func stash(line *gitLine) []model.Deed {
	deeds := []model.Deed{line.git("stash", gitTarget{})}
	if line.name == "stash" {
		for _, word := range line.cut.Unknown {
			deeds = append(deeds, line.git("delete_stash", gitTarget{span: &word.Span}))
		}
	}
	return deeds
}

// stashPaths: with paths, their changes go to the stash, and the files are as they were before.
func stashPaths(line *gitLine) []model.Deed {
	return append(stash(line), pathspecDeeds(line, "write", line.operands(), "exact")...)
}

func dropStash(line *gitLine) []model.Deed {
	return []model.Deed{line.git("delete_stash", gitTarget{})}
}
