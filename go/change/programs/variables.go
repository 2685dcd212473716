// Environment variables that make a program run something: BASH_ENV, PAGER, LD_PRELOAD. Implements spec/catalogue.md clause 6.1.
// Twin of src/change/programs/variables.ts.

package programs

import (
	"slices"
	"strings"

	"cavra.dev/runtime/change/catalogue"
	"cavra.dev/runtime/change/model"
)

// variableDeeds are deeds of the variables that the line sets for this program. What the agent's shell inherited is not the action's doing.
func variableDeeds(call *model.Call, reading *model.Reading) []model.Deed {
	var deeds []model.Deed
	for _, name := range call.Environment.Keys() {
		variable, listed := call.Catalogue.Environment.Get(variableKey(name))
		value, _ := call.Environment.Get(name)
		if listed && concerns(variable, call, reading) && !isInherited(name, value, call) {
			deeds = append(deeds, deedsOfVariable(variable, value, call)...)
		}
	}
	return deeds
}

// variableKey: bash passes its functions on as `BASH_FUNC_name%%`: all of them are one entry of the catalogue.
func variableKey(name string) string {
	if strings.HasPrefix(name, "BASH_FUNC_") {
		return "BASH_FUNC_"
	}
	return name
}

// withOptionVariables: NODE_OPTIONS, PERL5OPT, PGHOST, words that the program reads before those of the line. `options` that are not known
// stay for variableDeeds to tell.
func withOptionVariables(call *model.Call) *model.Call {
	var added []model.Argument
	for _, name := range call.Environment.Keys() {
		variable, listed := call.Catalogue.Environment.Get(name)
		value, _ := call.Environment.Get(name)
		if !listed || !isUsedBy(variable, call) || isInherited(name, value, call) {
			continue
		}
		if role, parameter := catalogue.ParseRole(variable.Role); role == "option" {
			if value != model.Text("") {
				added = append(added, model.Argument{Value: afterName(parameter, value), Span: call.Span})
			}
		} else if variable.Role == "options" || variable.Role == "options:"+call.Name {
			words, _ := wordsIn(value, call)
			added = append(added, words...)
		}
	}
	if len(added) == 0 {
		return call
	}
	with := *call
	with.Words = append(added, call.Words...)
	return &with
}

// afterName: PGHOST=db is `--host=db`: the value is one word with the option's name before it, whatever of it is known.
func afterName(name string, value model.Value) model.Value {
	if value.Kind == "text" {
		return model.Text(name + "=" + value.Text)
	}
	return model.Value{Kind: "unknown", Prefix: name + "=" + value.Prefix}
}

// wordsIn are the words of known text, or one word of known form (`-j$(nproc)`). Where make and its like find `$(` they run something: then
// nobody knows.
func wordsIn(value model.Value, call *model.Call) ([]model.Argument, bool) {
	switch {
	case value.Kind == "pattern" && !strings.Contains(value.Glob, " "):
		return []model.Argument{{Value: value, Span: call.Span}}, true
	case value.Kind == "text" && !strings.Contains(value.Text, "$(") && !strings.Contains(value.Text, "`"):
		return wordsOf(value.Text, call), true
	}
	return nil, false
}

func wordsOf(known string, call *model.Call) []model.Argument {
	var words []model.Argument
	for word := range strings.SplitSeq(known, " ") {
		if word != "" {
			words = append(words, model.Argument{Value: model.Text(word), Span: call.Span})
		}
	}
	return words
}

// optionsElsewhere: NODE_OPTIONS for npm, what the options of another program would run, when this one starts it.
func optionsElsewhere(name string, value model.Value, call *model.Call) []model.Deed {
	if name == call.Name || value.Kind != "text" {
		return nil
	}
	program := catalogue.ProgramOf(call.Catalogue, name)
	if program == nil {
		return nil
	}
	context := catalogue.ContextOf(catalogue.Locate(program, wordsOf(value.Text, call)), call)
	var deeds []model.Deed
	for i := range context.Uses {
		if context.Uses[i].From == "option" {
			deeds = append(deeds, catalogue.CodeDeeds(&context.Uses[i], context)...)
		}
	}
	return deeds
}

// isUsedBy: a variable without the list is read by every program.
func isUsedBy(variable *model.EnvironmentVariable, call *model.Call) bool {
	return len(variable.UsedBy) == 0 || slices.Contains(variable.UsedBy, call.Name)
}

func concerns(variable *model.EnvironmentVariable, call *model.Call, reading *model.Reading) bool {
	has := func(meanings string) bool {
		return slices.ContainsFunc(strings.Split(meanings, "|"), func(one string) bool { return slices.Contains(reading.Options, one) })
	}
	hasNot := func(meanings string) bool { return !has(meanings) }
	isUsed := isUsedBy(variable, call) || !reading.Known && slices.Contains(variable.UsedBy, "*")
	return isUsed && !slices.ContainsFunc(variable.When, hasNot) && !slices.ContainsFunc(variable.Unless, has)
}

func isInherited(name string, value model.Value, call *model.Call) bool {
	inherited, told := call.Facts.Environment.Get(name)
	return told && value == model.Text(inherited)
}

func deedsOfVariable(variable *model.EnvironmentVariable, value model.Value, call *model.Call) []model.Deed {
	role, parameter := catalogue.ParseRole(variable.Role)
	switch {
	case value == model.Text("") || role == "option" && variable.Role != "option":
		return nil
	case role == "options" && variable.Role != "options" && value.Kind == "text":
		return optionsElsewhere(parameter, value, call)
	case role == "options":
		if _, known := wordsIn(value, call); known {
			return nil
		}
		return []model.Deed{opaqueDeed("unknown_option", "", call.Span)}
	}
	context := &catalogue.Context{Call: call, Located: &catalogue.Located{Program: &model.Program{}, Options: &model.OptionList{}}}
	use := catalogue.Use{Role: variable.Role, Extent: "exact", Place: "child", From: "option", Inject: variable.Inject}
	var deeds []model.Deed
	for _, part := range partsOfVariable(variable, value) {
		use.Argument = model.Argument{Value: part, Span: call.Span}
		deeds = append(deeds, catalogue.InjectedDeeds(&use, call.Name)...)
		if !catalogue.IsOrdinaryProgram(&use) {
			deeds = append(deeds, catalogue.CodeDeeds(&use, context)...)
		}
	}
	return deeds
}

// partsOfVariable: the loader takes several libraries, parted by colons or blanks; less has its own sign before the command (`|lesspipe
// %s`).
func partsOfVariable(variable *model.EnvironmentVariable, value model.Value) []model.Value {
	if value.Kind == "text" && variable.Role == "code:shell" {
		return []model.Value{model.Text(strings.TrimLeft(value.Text, "|"))}
	}
	if role, _ := catalogue.ParseRole(variable.Role); value.Kind != "text" || role != "load" {
		return []model.Value{value}
	}
	var parts []model.Value
	for _, part := range strings.FieldsFunc(value.Text, func(unit rune) bool { return unit == ' ' || unit == ':' }) {
		parts = append(parts, model.Text(part))
	}
	return parts
}
