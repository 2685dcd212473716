// fd: looks for names; with -x and -X a command runs for what it finds. Implements spec/catalogue.md clause 10.1.
// Twin of src/change/programs/fd.ts.

package programs

import (
	"slices"

	"cavra.dev/runtime/change/catalogue"
	"cavra.dev/runtime/change/model"
)

// maxFdPaths: for more paths than this the command is told once, for an unknown one.
const maxFdPaths = 256

var fdMarks = []string{"{}", "{.}", "{/}", "{//}", "{/.}"}

func readFd(call *model.Call) model.Reading {
	context := lineOf(call)
	line := &context.Located.Line
	at := slices.IndexFunc(line.Options, func(option catalogue.CutOption) bool { return option.Means == "exec" })
	if at < 0 {
		return catalogue.ReadingOf(context)
	}
	exec := &line.Options[at]
	var words, before []model.Argument
	for i, operand := range line.Operands {
		if line.OperandsAt[i] < exec.At {
			before = append(before, operand)
		} else if line.OperandsAt[i] > exec.At && operand.Value.Text != ";" {
			words = append(words, operand)
		}
	}
	if len(words) == 0 {
		return catalogue.ReadingOf(context)
	}
	roots := before[min(1, len(before)):]
	if len(roots) == 0 {
		roots = []model.Argument{{Value: model.Text(".")}}
	}
	marked := slices.ContainsFunc(fdMarks, func(mark string) bool { return hasMark(words, mark) })
	scope := catalogue.ScopeOf("child", context, nil)
	names := fdNames(context)
	var found []model.Value
	if len(roots)*len(names) > maxFdPaths {
		roots, found = nil, []model.Value{model.UnknownWord}
	}
	for _, root := range roots {
		for _, name := range names {
			found = append(found, catalogue.Within(&root.Value, pattern(name)))
		}
	}
	var deeds []model.Deed
	for _, path := range found {
		filled := words
		for _, mark := range fdMarks {
			filled = replaceInWords(filled, mark, path)
		}
		if !marked {
			filled = slices.Concat(words, []model.Argument{{Value: path, Span: exec.Span}})
		}
		deeds = append(deeds, commandDeed(filled, scope, words[0].Span))
	}
	reading := withDeeds(context, deeds...)
	reading.Output = model.Output{Kind: "stream"}
	return reading
}

// fdNames is everything, or with `-e` what has one of these endings. What the pattern lets through is not looked at: it is a regular
// expression, and finds parts of names.
func fdNames(context *catalogue.Context) []string {
	var names []string
	for _, option := range context.Located.Line.Options {
		if option.Means != "extension" {
			continue
		}
		for _, ending := range option.Values {
			if ending.Value.Text == "" {
				return []string{"**"}
			}
			names = append(names, "**/*."+catalogue.EscapeGlob(ending.Value.Text))
		}
	}
	if len(names) == 0 {
		return []string{"**"}
	}
	return names
}
