// Puts a value in the place of a mark (`{}`) inside words, as find, xargs and parallel do. Implements spec/catalogue.md clause 10.4.
// Twin of src/change/programs/replace.ts.

package programs

import (
	"slices"
	"strings"

	"cavra.dev/runtime/change/catalogue"
	"cavra.dev/runtime/change/model"
)

// replaceInWords gives every word with each mark replaced. A word that cannot be known keeps nothing but its known beginning.
func replaceInWords(words []model.Argument, mark string, value model.Value) []model.Argument {
	replaced := make([]model.Argument, len(words))
	for i, word := range words {
		replaced[i] = model.Argument{Value: replaceIn(word.Value, mark, value), Span: word.Span}
	}
	return replaced
}

func replaceIn(word model.Value, mark string, value model.Value) model.Value {
	if mark == "" || word.Kind != "text" {
		return replaceInHole(word, mark, value)
	}
	pieces := strings.Split(word.Text, mark)
	switch {
	case len(pieces) == 1:
		return word
	case word.Text == mark:
		return value
	case value.Kind == "text":
		return model.Text(strings.Join(pieces, value.Text))
	case value.Kind == "unknown":
		value.Prefix = pieces[0] + value.Prefix
		value.Many = false
		return value
	}
	// The same path twice in one word is two holes to the glob: it matches more, never less.
	for i, piece := range pieces {
		pieces[i] = catalogue.EscapeGlob(piece)
	}
	return pattern(strings.Join(pieces, value.Glob))
}

func replaceInHole(word model.Value, mark string, value model.Value) model.Value {
	if word.Kind == "text" || mark == "" {
		return word
	}
	known := knownPart(word)
	start, _, found := strings.Cut(known, mark)
	switch {
	case !found:
		return word
	case word.Kind == "pattern":
		return model.UnknownWord
	case value.Kind == "text":
		word.Prefix = strings.ReplaceAll(known, mark, value.Text)
		return word
	}
	return model.Value{Kind: "unknown", Prefix: start}
}

// knownPart is what of a value is written: its text, its glob, or its beginning.
func knownPart(value model.Value) string {
	switch value.Kind {
	case "text":
		return value.Text
	case "pattern":
		return value.Glob
	}
	return value.Prefix
}

// hasMark is true when the mark stands in a word.
func hasMark(words []model.Argument, mark string) bool {
	return slices.ContainsFunc(words, func(word model.Argument) bool { return strings.Contains(knownPart(word.Value), mark) })
}
