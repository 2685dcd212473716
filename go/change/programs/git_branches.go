// Branches, tags and work trees: checkout, switch, branch, tag, update-ref, worktree, bisect. Implements spec/git.md section 12.
// Twin of src/change/programs/git-branches.ts.

package programs

import (
	"slices"
	"strings"

	"cavra.dev/runtime/change/catalogue"
	"cavra.dev/runtime/change/model"
)

// checkout: a branch to switch to, or paths to overwrite, or both readings when the word could be either.
func checkout(line *gitLine) []model.Deed {
	created := line.lastOf("create", "orphan")
	moved := line.lastOf("force_create")
	var forced []model.Deed
	if line.may("force") {
		forced = []model.Deed{line.discardsAll()}
	}
	if created != nil || moved != nil {
		return append(forced, createAndSwitch(line, created, moved)...)
	}
	before := line.beforeSeparator()
	after := line.afterSeparator()
	if len(after) > 0 || line.lastOf("pathspec_from_file") != nil || line.has("patch") {
		if line.cut.Separator < 0 {
			after = before[min(1, len(before)):]
		}
		return discardPaths(line, after)
	}
	switch {
	case len(before) == 0:
		return forced
	case len(before) > 1:
		return append(forced, discardPaths(line, pathsAmong(before))...)
	case line.cut.Separator < 0 && (line.has("ours", "theirs") || isPathHere(line, before[0].Value)):
		// With `--ours` and `--theirs` git takes no branch.
		return append(forced, discardPaths(line, before)...)
	}
	return append(forced, switchDeeds(line, before[0])...)
}

// pathsAmong: of several operands the first is the tree to take them from, unless it can only be a path.
func pathsAmong(words []model.Argument) []model.Argument {
	if isSurelyPath(words[0].Value.Text) {
		return words
	}
	return words[1:]
}

func discardPaths(line *gitLine, paths []model.Argument) []model.Deed {
	span := line.span
	if len(paths) > 0 {
		span = paths[0].Span
	}
	return append([]model.Deed{line.git("discard_changes", gitTarget{span: &span})}, pathspecDeeds(line, "write", paths, "tree")...)
}

// isPathHere: no ref can be spelled so, or the folder has a file of that name, or it ends like a file.
func isPathHere(line *gitLine, value model.Value) bool {
	switch {
	case value.Kind != "text":
		return value.Kind == "pattern"
	case isSurelyPath(value.Text):
		return true
	case isSurelyRevision(&line.place, value.Text):
		return false
	}
	known := line.call.Facts.Git()
	if listed, looked := isListed(line, value.Text); looked {
		names := []string{known.CurrentBranch, known.DefaultBranch, known.UpstreamRemote, known.UpstreamBranch}
		return listed && (looksLikeFile(value.Text) || !slices.Contains(names, value.Text))
	}
	return looksLikeFile(value.Text) && !looksLikeBranch(value.Text)
}

// isListed says whether the working folder has what the name begins with, and whether anybody looked.
func isListed(line *gitLine, name string) (listed, looked bool) {
	if line.call.Cwd.Kind != "text" || line.place.folder != nil {
		return false, false
	}
	names, looked := line.call.Facts.Listings[line.call.Cwd.Text]
	first, _, _ := strings.Cut(name, "/")
	return slices.Contains(names, first), looked
}

func switchDeeds(line *gitLine, target model.Argument) []model.Deed {
	ref := shortRef(&line.place, target.Value)
	_, name, hasRemote := strings.Cut(ref.Text, "/")
	if !hasRemote || !line.has("track") || line.has("detach") {
		return []model.Deed{line.git("switch", gitTarget{ref: ref, span: &target.Span})}
	}
	return []model.Deed{
		line.git("create_branch", gitTarget{ref: model.Text(name), span: &target.Span}),
		line.git("switch", gitTarget{ref: model.Text(name), span: &target.Span}),
	}
}

func createAndSwitch(line *gitLine, created, moved *model.Argument) []model.Deed {
	name, operation, force := created, "create_branch", "none"
	if moved != nil {
		name, operation, force = moved, "move_branch", "force"
	}
	if name == nil {
		return nil
	}
	ref := shortRef(&line.place, name.Value)
	return []model.Deed{
		line.git(operation, gitTarget{ref: ref, force: force, span: &name.Span}),
		line.git("switch", gitTarget{ref: ref, span: &name.Span}),
	}
}

func switchTo(line *gitLine) []model.Deed {
	var forced []model.Deed
	if line.may("discard_changes") {
		forced = []model.Deed{line.discardsAll()}
	}
	created := line.lastOf("create", "orphan")
	moved := line.lastOf("force_create")
	if created != nil || moved != nil {
		return append(forced, createAndSwitch(line, created, moved)...)
	}
	target := nth(line.operands(), 0)
	if target == nil {
		return forced
	}
	return append(forced, switchDeeds(line, *target)...)
}

func stashBranch(line *gitLine) []model.Deed {
	return append(createAndSwitch(line, nth(line.operands(), 0), nil), line.git("stash", gitTarget{}))
}

var listingBranches = []string{"list", "show_current", "contains", "no_contains", "merged", "no_merged", "points_at", "all", "remotes"}

func branch(line *gitLine) []model.Deed {
	names := line.operands()
	switch {
	case line.may("delete", "delete_force"):
		return deletedBranches(line, names)
	case line.has("move", "move_force"):
		return renamed(line, names, "rename_branch")
	case line.has("copy", "copy_force"):
		return renamed(line, names, "create_branch")
	case line.has("unset_upstream", "edit_description") || line.lastOf("set_upstream_to") != nil:
		return configure(line)
	case len(names) == 0 || line.has(listingBranches...):
		return nil
	}
	target := gitTarget{ref: shortRef(&line.place, names[0].Value), span: &names[0].Span}
	if line.may("force") {
		target.force = "force"
		return []model.Deed{line.git("move_branch", target)}
	}
	return []model.Deed{line.git("create_branch", target)}
}

func deletedBranches(line *gitLine, names []model.Argument) []model.Deed {
	force := "none"
	if line.may("delete_force", "force") {
		force = "force"
	}
	var deeds []model.Deed
	for _, name := range names {
		deeds = append(deeds, line.git("delete_branch", gitTarget{ref: shortRef(&line.place, name.Value), force: force, span: &name.Span}))
	}
	return deeds
}

// renamed: `-m new` renames the current branch, `-m old new` another one; forced, the new name may have been a branch, which moves.
func renamed(line *gitLine, names []model.Argument, operation string) []model.Deed {
	to := last(names)
	if to == nil {
		return nil
	}
	target := shortRef(&line.place, to.Value)
	ref := target
	if operation == "rename_branch" && len(names) > 1 {
		ref = shortRef(&line.place, names[0].Value)
	} else if operation == "rename_branch" {
		ref = line.currentBranch()
	}
	if !line.may("move_force", "copy_force", "force") {
		return []model.Deed{line.git(operation, gitTarget{ref: ref, span: &to.Span})}
	}
	return []model.Deed{
		line.git(operation, gitTarget{ref: ref, force: "force", span: &to.Span}),
		line.git("move_branch", gitTarget{ref: target, force: "force", span: &to.Span}),
	}
}

var listingTags = []string{"list", "contains", "no_contains", "merged", "no_merged", "points_at", "n", "verify"}

func tag(line *gitLine) []model.Deed {
	names := line.operands()
	if line.may("delete") {
		var deeds []model.Deed
		for _, name := range names {
			deeds = append(deeds, line.git("delete_tag", gitTarget{ref: shortRef(&line.place, name.Value), span: &name.Span}))
		}
		return deeds
	}
	if len(names) == 0 || line.has(listingTags...) {
		return nil
	}
	target := gitTarget{ref: shortRef(&line.place, names[0].Value), span: &names[0].Span}
	if line.may("force") {
		target.force = "force"
	}
	return []model.Deed{line.git("create_tag", target)}
}

// symbolicRef: `git symbolic-ref HEAD refs/heads/x` puts HEAD on another branch without touching files.
func symbolicRef(line *gitLine) []model.Deed {
	name, target := nth(line.operands(), 0), nth(line.operands(), 1)
	if name == nil || target == nil && !line.has("delete") {
		return nil
	}
	ref := model.UnknownWord
	if target != nil {
		ref = shortRef(&line.place, target.Value)
	}
	return []model.Deed{line.git("switch", gitTarget{ref: ref, force: "force", span: &name.Span})}
}

// updateRef: the namespace of the ref says what moves or goes; refs that are neither branch nor tag hold history together.
func updateRef(line *gitLine) []model.Deed {
	name := nth(line.operands(), 0)
	if name == nil || line.has("stdin") {
		return []model.Deed{line.git("rewrite_history", gitTarget{ref: model.UnknownWord, force: "force"})}
	}
	written := name.Value.Text
	operation := "rewrite_history"
	switch deletes := line.may("delete"); {
	case (strings.HasPrefix(written, "refs/heads/") || isHead(written)) && deletes:
		operation = "delete_branch"
	case strings.HasPrefix(written, "refs/heads/") || isHead(written):
		operation = "move_branch"
	case strings.HasPrefix(written, "refs/tags/") && deletes:
		operation = "delete_tag"
	case strings.HasPrefix(written, "refs/tags/"):
		operation = "create_tag"
	}
	return []model.Deed{line.git(operation, gitTarget{ref: shortRef(&line.place, name.Value), force: "force", span: &name.Span})}
}

func addWorktree(line *gitLine) []model.Deed {
	path := nth(line.operands(), 0)
	if path == nil {
		return nil
	}
	deeds := []model.Deed{line.file("write", *path, "tree")}
	if isBesideWorkspace(line, path.Value) {
		deeds[0] = line.git("add_worktree", gitTarget{span: &path.Span})
	}
	if moved := line.lastOf("force_create"); moved != nil {
		return append(deeds, line.git("move_branch", gitTarget{ref: shortRef(&line.place, moved.Value), force: "force", span: &moved.Span}))
	}
	if created := line.lastOf("create"); created != nil {
		return append(deeds, line.git("create_branch", gitTarget{ref: shortRef(&line.place, created.Value), span: &created.Span}))
	}
	if len(line.operands()) > 1 || line.has("detach") {
		return deeds
	}
	ref := model.UnknownWord
	if name, named := catalogue.BaseName(path.Value); named {
		ref = shortRef(&line.place, name)
	}
	return append(deeds, line.git("create_branch", gitTarget{ref: ref, span: &path.Span}))
}

// isBesideWorkspace: a new folder next to the workspace, where people keep their other work trees. git writes into no folder that holds
// anything.
func isBesideWorkspace(line *gitLine, path model.Value) bool {
	cwd, root := line.call.Cwd, line.call.WorkspaceRoot
	if path.Kind != "text" || line.place.folder != nil || cwd.Kind != "text" || cwd.Text != root {
		return false
	}
	below, isBeside := strings.CutPrefix(path.Text, "../")
	if around := root[:strings.LastIndexByte(root, '/')+1]; !isBeside && len(around) > 1 {
		below, isBeside = strings.CutPrefix(path.Text, around)
	}
	return isBeside && !slices.ContainsFunc(strings.Split(below, "/"), func(name string) bool { return name == "" || name[0] == '.' })
}

func moveWorktree(line *gitLine) []model.Deed {
	if len(line.operands()) < 2 {
		return nil
	}
	from, to := line.operands()[0], line.operands()[1]
	return []model.Deed{line.file("read", from, "tree"), line.file("delete", from, "tree"), line.file("write", to, "tree")}
}

// removeWorktree: without `--force` git refuses when work would be lost, so only the forced removal is a deletion of files.
func removeWorktree(line *gitLine) []model.Deed {
	forced := line.may("force")
	var deeds []model.Deed
	for _, path := range line.operands() {
		target := gitTarget{span: &path.Span}
		if !forced {
			deeds = append(deeds, line.git("remove_worktree", target))
			continue
		}
		target.force = "force"
		deeds = append(deeds, line.git("remove_worktree", target), line.file("delete", path, "tree"))
	}
	return deeds
}

func bisect(line *gitLine) []model.Deed {
	return []model.Deed{line.git("switch", gitTarget{ref: model.UnknownWord})}
}

// bisectRun: everything after `run` is the command, options and all.
func bisectRun(line *gitLine) []model.Deed {
	words := line.operands()
	if len(words) == 0 {
		return nil
	}
	return append(bisect(line), in(line.place.top, line.command(words...)))
}
