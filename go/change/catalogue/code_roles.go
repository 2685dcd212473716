// Roles by which a word is run: code, scripts, commands, programs, libraries. Implements spec/catalogue.md section 3, clauses 3.3 to 3.5, and 8.3.
// Twin of src/change/catalogue/code-roles.ts. It says that something runs; only the walk follows it.

package catalogue

import (
	"slices"
	"strings"

	"cavra.dev/runtime/base"
	"cavra.dev/runtime/change/model"
)

// CodeDeeds is what a word in a role that runs something asks for.
func CodeDeeds(use *Use, context *Context) []model.Deed {
	name, parameter := ParseRole(use.Role)
	// Looking through the assignments for every operand would cost the square of their number.
	if !slices.Contains(runningRoles, name) {
		return nil
	}
	argument := use.Argument
	scope := ScopeOf(use.Place, context, nil)
	switch name {
	case "code":
		return []model.Deed{{
			Kind: "code", Language: languageOf(parameter), Code: argument.Value, Positional: positionalFor(use, context), Scope: scope, Span: argument.Span,
		}}
	case "script":
		return scriptDeeds(argument, languageOf(parameter), scope, context)
	case "program":
		if isStandardStream(argument.Value) {
			return nil
		}
		words := []model.Argument{argument, {Value: model.UnknownWords, Span: argument.Span}}
		return []model.Deed{{Kind: "command", Words: words, Scope: scope, Span: argument.Span}}
	case "command":
		return []model.Deed{{Kind: "command", Words: withFollowing(use), Scope: scope, Span: argument.Span}}
	case "shell_words":
		return wordsDeeds(use, "shell", scope)
	case "words":
		return wordsDeeds(use, languageOf(parameter), scope)
	case "load":
		return loadDeeds(argument, languageOf(parameter), scope, context)
	case "load_path":
		return loadPathDeeds(argument, languageOf(parameter), scope, context)
	case "prompt":
		return PromptDeeds(argument, scope)
	}
	return moduleDeeds(use, scope, context)
}

func withFollowing(use *Use) []model.Argument {
	return append([]model.Argument{use.Argument}, use.Following...)
}

func wordsDeeds(use *Use, language model.Language, scope model.Scope) []model.Deed {
	code := Joined(valuesAt(withFollowing(use)), " ")
	return []model.Deed{{Kind: "code", Language: language, Code: code, Scope: scope, Span: use.Argument.Span}}
}

// ScopeOf is how inner code stands to the line: in its folder, with its variables. Without stdin it has the line's own.
func ScopeOf(place string, context *Context, stdin *model.Stdin) model.Scope {
	return model.Scope{Place: place, Cwd: context.Folder, Environment: assignments(context), Stdin: stdin}
}

func assignments(context *Context) []model.Variable {
	var variables []model.Variable
	for i := range context.Uses {
		use := &context.Uses[i]
		if use.Role != "assignment" {
			continue
		}
		value := use.Argument.Value
		name, rest, hasValue := strings.Cut(KnownPrefix(value), "=")
		if !hasValue || name == "" {
			continue
		}
		known := model.Text(rest)
		if value.Kind != "text" {
			known = model.Value{Kind: "unknown", Prefix: rest}
		}
		variables = append(variables, model.Variable{Name: name, Value: known})
	}
	return variables
}

func languageOf(parameter string) model.Language {
	if IsLanguage(parameter) {
		return parameter
	}
	return "unknown"
}

// positionalFor, clause 3.3: an operand that is code has its own `$0`; other code is called as the program.
func positionalFor(use *Use, context *Context) []model.Argument {
	if use.From == "operand" {
		return positionalWords(context, nil)
	}
	return positionalWords(context, []model.Argument{{Value: model.Text(context.Call.Name), Span: use.Argument.Span}})
}

// positionalWords are those of the line, behind what stands before them.
func positionalWords(context *Context, before []model.Argument) []model.Argument {
	for i := range context.Uses {
		if context.Uses[i].Role == "positional" {
			before = append(before, context.Uses[i].Argument)
		}
	}
	return before
}

func scriptDeeds(script model.Argument, language model.Language, scope model.Scope, context *Context) []model.Deed {
	positional := positionalWords(context, []model.Argument{script})
	if isStandardStream(script.Value) {
		return StdinCode(language, positional, scope, context, script.Span)
	}
	path := Within(context.Folder, script.Value)
	return []model.Deed{{Kind: "script", Language: language, Path: path, Positional: positional, Scope: scope, Span: script.Span}}
}

// StdinCode is code that comes from standard input; what the line does not supply cannot be known.
func StdinCode(language model.Language, positional []model.Argument, scope model.Scope, context *Context, span base.Span) []model.Deed {
	stdin := &context.Call.Stdin
	if stdin.Kind == "inherited" {
		return []model.Deed{{Kind: "opaque", Reason: "unknown_code", Detail: language, Span: span}}
	}
	// `psql < schema.sql` runs a file as `psql -f schema.sql` does.
	if stdin.Kind == "stream" && stdin.File != "" {
		scope.Stdin = &model.Stdin{Kind: "stream", Span: span}
		path := model.Text(stdin.File)
		return []model.Deed{{Kind: "script", Language: language, Path: path, Positional: positional, Scope: scope, Span: stdin.Span}}
	}
	code := model.UnknownWord
	if stdin.Kind == "text" {
		code = model.Text(stdin.Text)
	}
	scope.Stdin = &model.Stdin{Kind: "stream", Span: stdin.Span}
	return []model.Deed{{Kind: "code", Language: language, Code: code, Positional: positional, Scope: scope, Span: stdin.Span}}
}

func loadDeeds(library model.Argument, language model.Language, scope model.Scope, context *Context) []model.Deed {
	value := library.Value
	if value.Kind != "text" {
		return []model.Deed{{Kind: "opaque", Reason: "unknown_code", Detail: language, Span: library.Span}}
	}
	if !strings.Contains(value.Text, "/") && !strings.HasPrefix(value.Text, ".") {
		return nil
	}
	path := Within(context.Folder, value)
	return []model.Deed{{
		Kind: "script", Language: language, Path: path, Positional: []model.Argument{library}, Scope: scope, Span: library.Span,
	}}
}

func moduleDeeds(use *Use, scope model.Scope, context *Context) []model.Deed {
	name, span := use.Argument.Value, use.Argument.Span
	if name.Kind != "text" {
		return []model.Deed{{Kind: "opaque", Reason: "unknown_program", Span: span}}
	}
	if ProgramOf(context.Call.Catalogue, name.Text) == nil {
		if _, is := EntryOf(context.Call.Catalogue.Aliases, name.Text); !is {
			return nil
		}
	}
	return []model.Deed{{Kind: "command", Words: withFollowing(use), Scope: scope, Span: span}}
}

// A word such as `-$X` is surely an option, but which? If one of those it may be can run something, the line is not known.
// A word that is unknown from its first letter is far more often a path or a text, and is left to its role.
func unknownOptionDeeds(context *Context) []model.Deed {
	unknown := context.Located.Line.Unknown
	if len(unknown) == 0 {
		return nil
	}
	turning := meaningsThatRun(context)
	var running []*model.Option
	for _, option := range context.Located.Options.All {
		if turning[MeaningOf(option)] || slices.ContainsFunc(option.Roles, RunsSomething) || anyKeyRuns(option) {
			running = append(running, option)
		}
	}
	var deeds []model.Deed
	for _, word := range unknown {
		prefix := KnownPrefix(word.Value)
		may := func(name string) bool { return mayBecome(prefix, name) }
		if strings.HasPrefix(prefix, "-") &&
			slices.ContainsFunc(running, func(option *model.Option) bool { return slices.ContainsFunc(option.Names, may) }) {
			deeds = append(deeds, model.Deed{Kind: "opaque", Reason: "unknown_option", Span: word.Span})
		}
	}
	return deeds
}

func anyKeyRuns(option *model.Option) bool {
	for _, key := range option.Keys.Keys() {
		if role, _ := option.Keys.Get(key); RunsSomething(role) {
			return true
		}
	}
	return false
}

// meaningsThatRun are options that make code of an operand or of standard input: `-c` of a shell.
func meaningsThatRun(context *Context) map[string]bool {
	program := context.Located.Program
	turning := map[string]bool{}
	add := func(role model.Role, when []string) {
		if name, _ := ParseRole(role); name != "code" {
			return
		}
		for _, condition := range when {
			for atom := range strings.SplitSeq(condition, "|") {
				turning[atom] = true
			}
		}
	}
	for i := range program.Operands {
		add(program.Operands[i].Role, program.Operands[i].When)
	}
	for i := range program.Stdin {
		add(program.Stdin[i].Role, program.Stdin[i].When)
	}
	return turning
}

// mayBecome: `-r` followed by unknown text may go on with any one-letter option; `--ex` only with names that begin so.
func mayBecome(prefix, name string) bool {
	if strings.HasPrefix(prefix, "--") || prefix == "-" {
		return strings.HasPrefix(name, prefix)
	}
	return base.Utf16Length(name) == 2 || strings.HasPrefix(name, prefix)
}
