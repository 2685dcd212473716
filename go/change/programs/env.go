// env: sets variables, then runs a command; -S splits a text into more words of its own line. Implements spec/catalogue.md clause 10.3.
// Twin of src/change/programs/env.ts.

package programs

import (
	"slices"

	"cavra.dev/runtime/change/catalogue"
	"cavra.dev/runtime/change/model"
)

// maxEnvSplits: a text of -S may hold another -S.
const maxEnvSplits = 4

func readEnv(call *model.Call) model.Reading {
	return readEnvStep(call, 0)
}

func readEnvStep(call *model.Call, splits int) model.Reading {
	located := catalogue.Locate(bareProgram(call), call.Words)
	at := slices.IndexFunc(located.Line.Options, func(option catalogue.CutOption) bool { return option.Means == "split_string" })
	if at < 0 || len(located.Line.Options[at].Values) == 0 {
		return catalogue.ReadingOf(catalogue.ContextOf(located, call))
	}
	split := &located.Line.Options[at]
	source := split.Values[0]
	words, known := splitForEnv(source.Value.Text)
	if source.Value.Kind != "text" || splits >= maxEnvSplits || !known {
		return withDeeds(catalogue.ContextOf(located, call), opaqueDeed("unknown_program", "", source.Span))
	}
	// The words of -S stand where the option stood; everything after the option follows them. A text that is a word of its own is that very
	// word.
	behind := split.At + 1
	if behind < len(call.Words) && &split.Values[0] == &call.Words[behind] {
		behind++
	}
	inserted := slices.Clone(call.Words[:split.At])
	for _, word := range words {
		inserted = append(inserted, model.Argument{Value: model.Text(word), Span: source.Span})
	}
	next := *call
	next.Words = append(inserted, call.Words[behind:]...)
	return readEnvStep(&next, splits+1)
}

// withDeeds is the reading by the catalogue, and more deeds besides.
func withDeeds(context *catalogue.Context, deeds ...model.Deed) model.Reading {
	reading := catalogue.ReadingOf(context)
	if len(deeds) > 0 {
		reading.Deeds = catalogue.InSourceOrder(slices.Concat(reading.Deeds, deeds))
	}
	return reading
}

// lineOf is the context of a call that the catalogue alone cuts.
func lineOf(call *model.Call) *catalogue.Context {
	return catalogue.ContextOf(catalogue.Locate(bareProgram(call), call.Words), call)
}
