// What a command line asks for, read from the program's entry in the catalogue. Implements spec/catalogue.md section 8.
// Twin of src/change/catalogue/interpret.ts.
// Generic: it must never know a program by its name. Total: every line gives a reading.

package catalogue

import (
	"cmp"
	"slices"
	"strings"

	"cavra.dev/runtime/base"
	"cavra.dev/runtime/change/model"
)

// InterpretProgram reads a call by the description of its program.
func InterpretProgram(program *model.Program, call *model.Call) model.Reading {
	return ReadingOf(ContextOf(Locate(program, call.Words), call))
}

// ReadingOf is what a line asks for whose words have their roles.
func ReadingOf(context *Context) model.Reading {
	located := context.Located
	var deeds []model.Deed
	deeds = append(deeds, unknownSubcommandDeeds(located)...)
	deeds = append(deeds, unknownOptionDeeds(context)...)
	for i := range context.Uses {
		use := &context.Uses[i]
		deeds = append(deeds, fileDeeds(use, context)...)
		deeds = append(deeds, InjectedDeeds(use, context.Call.Name)...)
		if !IsOrdinaryProgram(use) {
			deeds = append(deeds, CodeDeeds(use, context)...)
		}
	}
	deeds = append(deeds, networkDeeds(context)...)
	deeds = append(deeds, templateDeeds(context)...)
	deeds = append(deeds, stdinDeeds(context)...)
	subcommand := "unknown"
	if located.UnknownSubcommand == nil {
		subcommand = strings.Join(located.Subcommands, " ")
	}
	return model.Reading{
		Deeds:      InSourceOrder(deeds),
		Subcommand: subcommand,
		Options:    sortedMeanings(context.Around.Meanings),
		Known:      true,
		Harmless:   isHarmless(located),
		Output:     outputOf(located.Program.Output, context),
	}
}

func isHarmless(located *Located) bool {
	program := located.Program
	return program.Harmless && located.UnknownSubcommand == nil &&
		(len(located.Line.Unlisted) == 0 || program.Grammar != nil && program.Grammar.Unlisted != "")
}

func sortedMeanings(meanings Meanings) []string {
	if len(meanings) == 0 {
		return nil
	}
	sorted := make([]string, 0, len(meanings))
	for meaning := range meanings {
		sorted = append(sorted, meaning)
	}
	slices.SortFunc(sorted, base.CompareBytes)
	return sorted
}

// unknownSubcommandDeeds: a sub-command that cannot be known is a program that cannot be known, unless all of them are harmless.
func unknownSubcommandDeeds(located *Located) []model.Deed {
	if located.UnknownSubcommand == nil {
		return nil
	}
	subcommands := located.Program.Subcommands
	for _, name := range subcommands.Keys() {
		if one, _ := subcommands.Get(name); !one.Harmless {
			return []model.Deed{{Kind: "opaque", Reason: "unknown_subcommand", Span: located.UnknownSubcommand.Span}}
		}
	}
	return nil
}

// InSourceOrder is stable: deeds of one word stay in the order in which they were told.
func InSourceOrder(deeds []model.Deed) []model.Deed {
	bySpan := func(a, b model.Deed) int { return cmp.Compare(a.Span.Start, b.Span.Start) }
	if slices.IsSortedFunc(deeds, bySpan) {
		return deeds
	}
	sorted := slices.Clone(deeds)
	slices.SortStableFunc(sorted, bySpan)
	return sorted
}

// BareReading only says that the program runs.
func BareReading(known, harmless bool) model.Reading {
	return model.Reading{Known: known, Harmless: harmless, Output: model.Output{Kind: "stream"}}
}
