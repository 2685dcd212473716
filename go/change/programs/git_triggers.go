// Which sub-commands come to run the pager, the editor, the transport, and the other programs that can be injected. Implements spec/git.md
// clause 7.3.
// Twin of src/change/programs/git-triggers.ts.

package programs

import (
	"slices"
	"strings"
)

var (
	paged = []string{
		"log", "diff", "show", "blame", "annotate", "grep", "shortlog", "reflog", "range-diff", "branch", "tag", "config", "help",
		"stash list", "stash show", "reflog show", "config list", "config get", "for-each-ref", "show-branch", "format-patch",
	}
	networked = []string{
		"clone", "fetch", "pull", "push", "ls-remote", "fetch-pack", "send-pack", "remote update", "remote show", "remote prune",
		"submodule update", "submodule add", "lfs fetch", "lfs pull", "lfs push", "lfs clone", "lfs lock", "lfs unlock", "lfs locks",
		"subtree add", "subtree pull", "subtree push", "maintenance run", "backfill", "bundle unbundle", "credential fill",
		"credential approve", "credential reject", "imap-send", "send-email", "request-pull",
	}
	merging = []string{
		"merge", "pull", "rebase", "cherry-pick", "revert", "am", "apply", "stash apply", "stash pop", "stash branch", "checkout",
		"switch", "restore", "merge-tree", "read-tree", "replay", "subtree merge", "subtree pull", "notes merge",
	}
	signing = []string{
		"commit", "tag", "merge", "pull", "push", "rebase", "cherry-pick", "revert", "am", "verify-commit", "verify-tag", "commit-tree",
		"log", "show",
	}
	diffing = []string{
		"diff", "show", "diff-files", "diff-index", "diff-tree", "range-diff", "format-patch", "difftool", "stash show", "blame",
		"annotate", "grep", "cat-file", "log", "commit", "add",
	}
	noIndex = []string{
		"version", "help", "config", "var", "init", "clone", "ls-remote", "remote", "check-ref-format", "credential", "credential-store",
		"credential-cache", "bundle", "rev-parse", "lfs", "fetch", "fetch-pack", "push", "send-pack", "branch", "tag", "log", "reflog",
		"for-each-ref", "show-ref", "notes", "var", "cat-file", "merge-base", "rev-list",
	}
	tools = []string{
		"difftool", "mergetool", "gui", "citool",
	}
)

// runs says whether this sub-command comes to run what the group is about. key is the configuration key, for `pager.<name>`; "" for a
// variable.
func runs(line *gitLine, group, key string) bool {
	outer, _, _ := strings.Cut(line.name, " ")
	switch group {
	case "always":
		return true
	case "network":
		return isNetworked(line)
	case "pager":
		return isPaged(line) && (key == "" || key == "core.pager" || key == "pager."+outer)
	case "editor":
		return isEdited(line)
	case "sequence":
		return line.name == "rebase" && line.has("interactive", "edit_todo", "rebase_merges")
	case "diff":
		return slices.Contains(diffing, line.name) && (line.name != "log" || line.has("patch", "u", "ext_diff", "cc"))
	case "merge":
		return slices.Contains(merging, line.name)
	case "sign":
		return slices.Contains(signing, line.name)
	case "hooks":
		return grammarOf(line.program).Unlisted != "flag"
	case "patch":
		return line.has("patch", "interactive")
	case "mail":
		return outer == "send-email" || outer == "imap-send"
	case "archive":
		return outer == "archive"
	case "tools":
		return slices.Contains(tools, outer)
	case "submodule":
		return line.name == "submodule update" || line.name == "submodule add" || line.has("recurse_submodules")
	case "objects":
		return outer == "gc" || outer == "prune" || outer == "repack" || outer == "maintenance"
	case "templates":
		return outer == "init" || outer == "clone"
	case "web":
		return outer == "help" || outer == "instaweb"
	}
	return !slices.Contains(noIndex, outer) // index
}

func isNetworked(line *gitLine) bool {
	switch line.name {
	case "archive":
		return line.has("remote")
	case "remote add":
		return line.has("fetch")
	case "remote set-head":
		return line.has("auto")
	}
	return slices.Contains(networked, line.name)
}

func isPaged(line *gitLine) bool {
	for i := len(line.globals.Options) - 1; i >= 0; i-- {
		if option := &line.globals.Options[i]; option.Means == "paginate" || option.Means == "no_pager" {
			return (option.Means == "paginate") != option.Negated
		}
	}
	return slices.Contains(paged, line.name)
}

// isEdited: sub-commands that open an editor unless they are given their text.
func isEdited(line *gitLine) bool {
	if line.has("edit", "edit_description", "edit_todo") {
		return true
	}
	if line.has("no_edit", "message", "file", "reuse_message") {
		return false
	}
	switch line.name {
	case "commit":
		return line.lastOf("fixup") == nil && !isEditTakenBack(line)
	case "rebase":
		return line.has("interactive", "continue")
	case "tag":
		return line.has("annotate", "sign", "local_user") && len(line.operands()) > 0
	case "cherry-pick":
		return !isEditTakenBack(line) && line.has("continue")
	case "merge", "pull", "revert", "am":
		return !isEditTakenBack(line)
	case "notes add", "notes edit", "notes append", "config edit", "history reword", "history split":
		return true
	}
	return false
}

func isEditTakenBack(line *gitLine) bool {
	for _, option := range line.cut.Options {
		if option.Means == "edit" && option.Negated {
			return true
		}
	}
	return false
}
