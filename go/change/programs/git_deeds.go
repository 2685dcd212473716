// What a sub-command means, from the table of meanings, and what its options and the line around it add. Implements spec/git.md sections 3,
// 6 and 7.
// Twin of src/change/programs/git-deeds.ts.

package programs

import (
	"slices"
	"strings"

	"cavra.dev/runtime/change/catalogue"
	"cavra.dev/runtime/change/model"
)

func lineDeeds(line *gitLine) []model.Deed {
	deeds := injectedCode(line)
	deeds = append(deeds, unknownOptions(line)...)
	deeds = append(deeds, optionDeeds(line)...)
	if meant := meaningOf(line.name); meant != nil {
		deeds = append(deeds, meant(line)...)
	}
	return deeds
}

// unknownOptions: `git log --$x`, an option of which only the beginning is known, and that could name a program or a file to write.
func unknownOptions(line *gitLine) []model.Deed {
	if len(line.cut.Unknown) == 0 {
		return nil
	}
	var dangerous []*model.Option
	for _, option := range catalogue.OptionsOf(line.program).All {
		if slices.ContainsFunc(option.Roles, func(role model.Role) bool { return role != "data" && role != "read" }) {
			dangerous = append(dangerous, option)
		}
	}
	var deeds []model.Deed
	for _, word := range line.cut.Unknown {
		if couldBe(word, dangerous) {
			deeds = append(deeds, opaqueDeed("unknown_option", "git", word.Span))
		}
	}
	return deeds
}

// optionDeeds are files and code that the catalogue's roles find in option values.
func optionDeeds(line *gitLine) []model.Deed {
	var deeds []model.Deed
	for _, option := range line.cut.Options {
		if option.Negated {
			continue
		}
		for i, value := range option.Values[:min(len(option.Values), len(option.Option.Roles))] {
			deeds = append(deeds, roleDeeds(line, option.Option.Roles[i], value, option.Means)...)
		}
	}
	return deeds
}

// openedByOptions are files that options open for writing while git still reads the line: `git diff --output=f --help` empties `f` before
// it prints its usage.
func openedByOptions(line *gitLine) []model.Deed {
	return slices.DeleteFunc(optionDeeds(line), func(deed model.Deed) bool { return deed.Kind != "file" || deed.Effect != "write" })
}

func roleDeeds(line *gitLine, role model.Role, value model.Argument, means string) []model.Deed {
	switch role {
	case "read", "write":
		if isStream(value.Value) {
			return nil
		}
		return []model.Deed{line.file(role, value, "exact")}
	case "code:shell":
		if isTransport(line, means) {
			return givenCode(line, "shell", value)
		}
		return []model.Deed{line.code("shell", value)}
	case "code:python":
		return []model.Deed{line.code("python", value)}
	case "program":
		return givenCode(line, "program", value)
	}
	return nil
}

// isTransport: the other end's half of git, which an option may replace by any program. `rebase --exec` is made to run code; that is no
// replacement.
func isTransport(line *gitLine, means string) bool {
	return means == "upload_pack" || means == "receive_pack" || means == "exec" && line.name != "rebase"
}

func isStream(value model.Value) bool {
	return value.Text == "-"
}

// globalDeeds: trace files that variables name, programs from `--exec-path`, configuration that nobody can read.
func globalDeeds(call *model.Call, globals *catalogue.CutLine, config injected) []model.Deed {
	var deeds []model.Deed
	if config.unreadable {
		deeds = append(deeds, opaqueDeed("unknown_code", "git_config", call.Span))
	}
	for _, entry := range config.entries {
		if !entry.known {
			deeds = append(deeds, opaqueDeed("unknown_code", "git_config", entry.span))
		}
	}
	for _, option := range globals.Options {
		if option.Means != "exec_path" || len(option.Values) == 0 || option.Negated {
			continue
		}
		around := gitLine{span: option.Values[0].Span}
		deeds = append(deeds, around.git("inject_code", gitTarget{}))
	}
	for _, name := range call.Environment.Keys() {
		value, _ := call.Environment.Get(name)
		if strings.HasPrefix(name, "GIT_TRACE") && strings.HasPrefix(catalogue.KnownPrefix(value), "/") {
			deeds = append(deeds, fileDeed("write", value, "exact", call.Span))
		}
	}
	return deeds
}
