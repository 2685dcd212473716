// Settings that git keeps: which of them anybody may set, and which lead its contacts elsewhere. Implements spec/git.md clause 15.7.
// Twin of src/change/programs/git-settings.ts.
// Code in settings is told by git_injected_code.go; what is listed here as harmless never holds any.

package programs

import (
	"slices"
	"strings"

	"cavra.dev/runtime/change/model"
)

// personal are sections of which every key without sub-section is about names, looks and habits.
var personal = []string{
	"user", "author", "committer", "advice", "blame", "branch", "color", "column", "commit", "fetch", "log", "pull", "push", "rebase",
	"rerere", "status", "tag",
}

var personalKeys = []string{
	"core.abbrev", "core.autocrlf", "core.eol", "core.filemode", "core.ignorecase", "core.longpaths", "core.precomposeunicode",
	"core.quotepath", "core.safecrlf", "diff.algorithm", "diff.colormoved", "diff.renames", "format.pretty", "http.postbuffer",
	"init.defaultbranch", "merge.conflictstyle", "merge.ff",
}

// isPersonal: a key (spec/git.md 6.2) that runs nothing, hides nothing and leads nowhere.
func isPersonal(key string) bool {
	if codeKeyOf(key) != nil {
		return false
	}
	section, name, _ := strings.Cut(key, ".")
	return slices.Contains(personalKeys, key) || !strings.Contains(name, ".") && slices.Contains(personal, section)
}

// isOwnFolder: trust in the workspace itself, which is where the agent works anyway.
func isOwnFolder(key, value string, call *model.Call) bool {
	return key == "safe.directory" && call.WorkspaceRoot != "" && value == call.WorkspaceRoot
}

// redirects: keys by which an address comes to stand for another one.
func redirects(key string) bool {
	section, _, _ := strings.Cut(key, ".")
	name := key[strings.LastIndexByte(key, '.')+1:]
	switch section {
	case "url":
		return name == "insteadof" || name == "pushinsteadof"
	case "remote":
		return name == "url" || name == "pushurl" || name == "proxy"
	}
	return section == "http" && name == "proxy"
}
