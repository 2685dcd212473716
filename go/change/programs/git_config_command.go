// `git config`, and the other sub-commands that only change settings. Implements spec/git.md section 15.
// Twin of src/change/programs/git-config-command.ts.
// What is written to the configuration runs later, when no line shows it: code in it is told now.

package programs

import (
	"slices"
	"strings"

	"cavra.dev/runtime/change/catalogue"
	"cavra.dev/runtime/change/model"
)

func configure(line *gitLine) []model.Deed {
	return []model.Deed{line.git("configure", gitTarget{})}
}

var (
	writingSettings = []string{"add", "replace_all", "unset", "unset_all", "rename_section", "remove_section", "edit"}
	readingSettings = []string{"get", "get_all", "get_regexp", "get_urlmatch", "list", "get_color", "get_colorbool"}
)

// configureInner reads and writes, in the old form (`git config key value`) and the new one (`git config set key value`).
func configureInner(line *gitLine) []model.Deed {
	inner := line.innerName()
	words := line.operands()
	isWrite := inner != "list" && inner != "get"
	if inner == "" {
		isWrite = line.has(writingSettings...) || !line.has(readingSettings...) && len(words) > 1
	}
	if !isWrite {
		return append(configFile(line, "read"), configBlob(line)...)
	}
	key, value := nth(words, 0), nth(words, 1)
	isRemoval := line.has("unset", "unset_all", "rename_section", "remove_section") ||
		slices.Contains([]string{"unset", "rename-section", "remove-section"}, inner)
	deeds := configure(line)
	if isRemoval || !isHarmlessSetting(line, key, value) {
		deeds = append(deeds, configFile(line, "write")...)
	}
	if value != nil && !isRemoval {
		deeds = append(deeds, persisted(line, *key, *value)...)
	}
	return deeds
}

// isHarmlessSetting: what sets a name or a habit is no matter for the person's file of settings; a named file is a file like any other.
func isHarmlessSetting(line *gitLine, key, value *model.Argument) bool {
	if key == nil || key.Value.Kind != "text" || value == nil || line.lastOf("file") != nil || line.has("system") {
		return false
	}
	name, isKey := normalKey(key.Value.Text)
	if !isKey {
		return false
	}
	return isPersonal(name) || value.Value.Kind == "text" && isOwnFolder(name, value.Value.Text, line.call)
}

// configFile is a file other than the repository's own: named, or the person's or machine's.
func configFile(line *gitLine, effect string) []model.Deed {
	if named := line.lastOf("file"); named != nil {
		if catalogue.KnownPrefix(named.Value) == "-" {
			return nil
		}
		return []model.Deed{line.file(effect, *named, "exact")}
	}
	if effect == "read" {
		return nil
	}
	if line.has("global") {
		return []model.Deed{line.file(effect, model.Argument{Value: inHome(line.call, "/.gitconfig"), Span: line.span}, "exact")}
	}
	if line.has("system") {
		return []model.Deed{line.file(effect, model.Argument{Value: model.Text("/etc/gitconfig"), Span: line.span}, "exact")}
	}
	return nil
}

func inHome(call *model.Call, path string) model.Value {
	if call.Facts.Home == "" {
		return model.UnknownWord
	}
	return model.Text(call.Facts.Home + path)
}

// configBlob: `--blob=HEAD:.gitmodules`.
func configBlob(line *gitLine) []model.Deed {
	blob := line.lastOf("blob")
	if blob == nil {
		return nil
	}
	_, path, hasPath := strings.Cut(blob.Value.Text, ":")
	if !hasPath {
		return nil
	}
	return []model.Deed{line.file("read", model.Argument{Value: model.Text(path), Span: blob.Span}, "exact")}
}

// persisted is code that git will run from now on. A key that nobody knows may carry any.
func persisted(line *gitLine, key, value model.Argument) []model.Deed {
	if key.Value.Kind != "text" {
		return []model.Deed{opaqueDeed("unknown_code", "git_config", key.Span)}
	}
	name, isKey := normalKey(key.Value.Text)
	switch {
	case !isKey:
		return nil
	case redirects(name):
		return []model.Deed{line.git("redirect_remote", gitTarget{span: &key.Span})}
	case strings.HasPrefix(name, "alias."):
		return persistedAlias(line, value)
	}
	return configuredCode(line, name, value)
}

// persistedAlias: an alias to a sub-command of git is told as if it were run, since later lines only show its name.
func persistedAlias(line *gitLine, given model.Argument) []model.Deed {
	if given.Value.Kind != "text" {
		return []model.Deed{opaqueDeed("unknown_code", "git_alias", given.Span)}
	}
	if strings.HasPrefix(given.Value.Text, "!") {
		return []model.Deed{in(line.place.top, line.code("shell", withoutBang(given)))}
	}
	words, closed := splitAlias(given.Value.Text)
	if !closed || len(words) == 0 {
		return nil
	}
	command := []model.Argument{{Value: model.Text("git"), Span: given.Span}}
	for _, word := range words {
		command = append(command, model.Argument{Value: model.Text(word), Span: given.Span})
	}
	return []model.Deed{line.command(command...)}
}
