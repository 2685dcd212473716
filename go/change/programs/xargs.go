// xargs: makes command lines of its standard input. Implements spec/catalogue.md clause 10.2. Twin of src/change/programs/xargs.ts.
// Known text gives the very commands; lines of known form give patterns; all else gives words of which nothing is known.

package programs

import (
	"slices"
	"unicode/utf8"

	"cavra.dev/runtime/base"
	"cavra.dev/runtime/change/catalogue"
	"cavra.dev/runtime/change/model"
)

// maxXargsCommands: more commands than this are told as one, for items of which nothing is known.
const maxXargsCommands = 64

func readXargs(call *model.Call) model.Reading {
	context := lineOf(call)
	operands := context.Located.Line.Operands
	if len(operands) == 0 {
		return catalogue.ReadingOf(context)
	}
	// The command reads nothing: its standard input is /dev/null.
	scope := model.Scope{Place: "child", Stdin: &model.Stdin{Kind: "text", Span: call.Span}}
	var deeds []model.Deed
	for _, words := range xargsCommands(context) {
		deeds = append(deeds, commandDeed(words, scope, operands[0].Span))
	}
	return withDeeds(context, deeds...)
}

func xargsCommands(context *catalogue.Context) [][]model.Argument {
	operands := context.Located.Line.Operands
	mark, marked := markOf(context)
	items := itemsOf(context, marked)
	if !marked {
		commands := chunks(items, context)
		for i, chunk := range commands {
			commands[i] = slices.Concat(operands, chunk)
		}
		return commands
	}
	if len(items) > maxXargsCommands {
		return [][]model.Argument{replaceInWords(operands, mark, model.UnknownWord)}
	}
	var commands [][]model.Argument
	for _, item := range items {
		item.Value.Many = false
		commands = append(commands, replaceInWords(operands, mark, item.Value))
	}
	return commands
}

// markOf is the mark of -I, -i and -J; false when the items are appended.
func markOf(context *catalogue.Context) (string, bool) {
	option := lastOption(context, "replace")
	if option == nil {
		return "", false
	}
	if len(option.Values) == 0 || option.Values[0].Value.Kind != "text" {
		return "{}", true
	}
	return option.Values[0].Value.Text, true
}

// itemsOf are the words that come from standard input or from the file of -a.
func itemsOf(context *catalogue.Context, byLine bool) []model.Argument {
	stdin := &context.Call.Stdin
	unknown := []model.Argument{{Value: model.Value{Kind: "unknown", Many: true, Derived: true}, Span: context.Call.Span}}
	if context.Around.Meanings.Has("arg_file") || stdin.Kind == "inherited" || stdin.Kind == "stream" {
		return unknown
	}
	var items []model.Argument
	if stdin.Kind == "lines" {
		for _, glob := range stdin.Globs {
			items = append(items, model.Argument{Value: pattern(glob), Span: stdin.Span})
		}
		return items
	}
	texts, known := splitForXargs(stdin.Text, byLine)
	if delimiter, given := delimiterOf(context); given {
		texts, known = splitAt(stdin.Text, delimiter), true
	}
	if !known {
		return unknown
	}
	for _, item := range texts {
		items = append(items, model.Argument{Value: model.Text(item), Span: stdin.Span})
	}
	return items
}

func delimiterOf(context *catalogue.Context) (string, bool) {
	if context.Around.Meanings.Has("null") {
		return "\x00", true
	}
	at := slices.IndexFunc(context.Around.Options, func(option catalogue.CutOption) bool { return option.Means == "delimiter" })
	if at < 0 || len(context.Around.Options[at].Values) == 0 {
		return "", false
	}
	given := context.Around.Options[at].Values[0].Value
	switch {
	case given.Kind != "text" || given.Text == `\n`:
		return "\n", true
	case given.Text == `\t`:
		return "\t", true
	case given.Text == `\0`:
		return "\x00", true
	}
	_, size := utf8.DecodeRuneInString(given.Text)
	return given.Text[:size], true
}

// chunks: -n and -L make several commands; without items GNU xargs still runs the command once.
func chunks(items []model.Argument, context *catalogue.Context) [][]model.Argument {
	if len(items) == 0 && context.Around.Meanings.Has("no_run_if_empty") {
		return nil
	}
	size := 0
	if given := lastGiven(context, "max_args", "max_lines"); given != nil {
		size, _ = base.WholeNumber(given.Value.Text)
	}
	if size == 0 || len(items) > size*maxXargsCommands || len(items) == 0 {
		return [][]model.Argument{items}
	}
	return slices.Collect(slices.Chunk(items, size))
}
