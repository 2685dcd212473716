// Programs and code that configuration, variables and options give to git. Implements spec/git.md section 7.
// Twin of src/change/programs/git-injected-code.ts.
// Both are said: the deed `inject_code`, because git is made to run something else than itself, and what that code does.

package programs

import (
	"slices"
	"strings"

	"cavra.dev/runtime/base"
	"cavra.dev/runtime/change/catalogue"
	"cavra.dev/runtime/change/model"
)

// injectedCode is deeds of everything that the line injects and this sub-command runs.
func injectedCode(line *gitLine) []model.Deed {
	deeds := strangeRepository(line)
	for i, entry := range line.config {
		if !entry.known || entry.value == nil {
			continue
		}
		known := codeKeyOf(entry.key)
		if known == nil || !runs(line, known.group, entry.key) || isOverridden(line.config, i, known) {
			continue
		}
		deeds = append(deeds, keptCode(line, known.kind, model.Argument{Value: *entry.value, Span: entry.span}, known.group == "pager")...)
	}
	for _, variable := range codeVariables {
		value, told := lineVariable(line, variable.name)
		if told && runs(line, variable.group, "") {
			given := model.Argument{Value: value, Span: line.call.Span}
			deeds = append(deeds, keptCode(line, variable.kind, given, variable.group == "pager")...)
		}
	}
	return deeds
}

// strangeRepository, clause 7.6: a repository that the line points at, where anybody may have written its settings and hooks.
func strangeRepository(line *gitLine) []model.Deed {
	value, told := lineVariable(line, "GIT_DIR")
	span := line.call.Span
	for _, option := range line.globals.Options {
		if option.Means == "git_dir" && len(option.Values) > 0 {
			value, told, span = option.Values[0].Value, true, option.Values[0].Span
		}
	}
	if !told {
		return nil
	}
	path := catalogue.KnownPrefix(value)
	isTemporary := slices.ContainsFunc(line.call.Facts.TempRoots, func(root string) bool {
		return path == root || strings.HasPrefix(path, root+"/")
	})
	if !isTemporary {
		return nil
	}
	return []model.Deed{line.git("inject_code", gitTarget{span: &span})}
}

// lineVariable is a variable that the line itself sets. What the agent's shell inherited is not the action's doing.
func lineVariable(line *gitLine, name string) (model.Value, bool) {
	value, told := line.call.Environment.Get(name)
	if !told || isInherited(name, value, line.call) {
		return model.Value{}, false
	}
	return value, true
}

// configuredCode is deeds of one configuration value that git runs, now or (when it is written to a file) from now on.
func configuredCode(line *gitLine, key string, value model.Argument) []model.Deed {
	known := codeKeyOf(key)
	if known == nil {
		return nil
	}
	return keptCode(line, known.kind, value, known.group == "pager")
}

// givenCode is a program that the line names in place of git's own (`--upload-pack`, `--template`).
func givenCode(line *gitLine, kind string, value model.Argument) []model.Deed {
	return keptCode(line, kind, value, false)
}

func isOverridden(entries []configEntry, at int, known *codeKey) bool {
	return known.kind != "helper" && lastEntry(entries, entries[at].key) != &entries[at]
}

var truths = []string{"", "true", "false", "yes", "no", "on", "off", "1", "0"}

// keptCode is codeDeeds of TypeScript.
func keptCode(line *gitLine, kind string, given model.Argument, isFilter bool) []model.Deed {
	if given.Value.Kind == "text" && (slices.Contains(truths, base.FoldASCII(given.Value.Text)) || given.Value.Text == "/dev/null") {
		return nil
	}
	var deeds []model.Deed
	if kind == "folder" || kind == "helper" || !isPlainCode(given.Value) {
		deeds = append(deeds, line.git("inject_code", gitTarget{span: &given.Span}))
	}
	var run model.Deed
	switch kind {
	case "folder":
		return deeds
	case "helper":
		return helperCode(line, given, deeds)
	case "program":
		run = line.command(given)
	case "shell":
		run = line.code("shell", withoutBang(given))
	}
	if isFilter {
		run = reading(gitOutput(given.Span), run)
	}
	return append(deeds, run)
}

// helperCode: `!code`, an absolute path, or the end of `git-credential-…`.
func helperCode(line *gitLine, given model.Argument, injected []model.Deed) []model.Deed {
	prefix := catalogue.KnownPrefix(given.Value)
	if given.Value.Kind != "text" || strings.HasPrefix(prefix, "!") || strings.HasPrefix(prefix, "/") {
		return append(injected, line.code("shell", withoutBang(given)))
	}
	name, _, _ := strings.Cut(prefix, " ")
	if slices.Contains(credentialHelpers, name) {
		return nil
	}
	return append(injected, line.code("shell", model.Argument{Value: model.Text("git-credential-" + prefix), Span: given.Span}))
}

var credentialHelpers = []string{"store", "cache", "osxkeychain", "manager", "manager-core", "libsecret", "wincred"}

func withoutBang(given model.Argument) model.Argument {
	code, bang := strings.CutPrefix(given.Value.Text, "!")
	if !bang {
		return given
	}
	return model.Argument{Value: model.Text(code), Span: given.Span}
}

var plainPrograms = []string{
	":", "true", "false", "cat", "less", "more", "head", "bat", "delta", "ssh", "vi", "vim", "nvim", "nano", "emacs", "code", "ed", "sed",
	"echo",
	"gpg", "gpg2", "ssh-keygen", "git-upload-pack", "git-receive-pack", "git-upload-archive",
}

// isPlainCode: known pagers, editors and transports with plain words, or with words in single quotes, in which nothing is expanded, are
// what people set every day.
func isPlainCode(value model.Value) bool {
	parts := strings.Split(value.Text, "'")
	if value.Kind != "text" || len(parts)%2 == 0 {
		return false
	}
	for i := 0; i < len(parts); i += 2 {
		if !isPlainText(parts[i], " -_./:=+,@~") {
			return false
		}
	}
	program, _, _ := strings.Cut(value.Text, " ")
	return slices.Contains(plainPrograms, strings.TrimPrefix(program, "/usr/bin/"))
}

// isPlainText: ASCII letters, digits and the given signs.
func isPlainText(text, signs string) bool {
	for _, unit := range []byte(text) {
		letter := unit >= 'a' && unit <= 'z' || unit >= 'A' && unit <= 'Z' || unit >= '0' && unit <= '9'
		if !letter && strings.IndexByte(signs, unit) < 0 {
			return false
		}
	}
	return true
}
