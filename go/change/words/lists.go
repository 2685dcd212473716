// Lists in words: what splits as a list does, and what a quoted one does to the words beside it. Implements spec/change.md sections 5.5 and 5.10.
// Twin of src/change/words/lists.ts.

package words

import (
	"slices"
	"strings"
	"unicode/utf8"

	"cavra.dev/runtime/change/shell"
)

// isList: beside `$@`, `"$@"` or `$*` everything is split.
func isList(part *shell.Part, quoted bool) bool {
	if part.Kind == shell.Double {
		return slices.ContainsFunc(part.Parts, func(inner shell.Part) bool { return isList(&inner, true) })
	}
	if part.Kind != shell.Parameter || part.Operator == "#length" {
		return false
	}
	which := part.Name
	if part.Subscript != nil && len(part.Subscript.Parts) == 1 && part.Subscript.Parts[0].Kind == shell.Literal {
		which = part.Subscript.Parts[0].Text
	}
	return which == "@" || which == "*" && !quoted
}

// mayBeGlued: beside a quoted list bash drops the blanks at both ends of the word, and what stands there becomes one with its neighbours.
func mayBeGlued(word *shell.Word, ifs string, isKnown bool) bool {
	holds := func(part shell.Part) bool { return holdsQuotedList(&part, false) }
	if !slices.ContainsFunc(word.Parts, holds) {
		return false
	}
	return mayBeBlank(&word.Parts[0], true, ifs, isKnown) || mayBeBlank(&word.Parts[len(word.Parts)-1], false, ifs, isKnown)
}

func holdsQuotedList(part *shell.Part, quoted bool) bool {
	switch part.Kind {
	case shell.Double:
		return slices.ContainsFunc(part.Parts, func(inner shell.Part) bool { return holdsQuotedList(&inner, true) })
	case shell.Parameter:
		if quoted && isList(part, true) {
			return true
		}
		for i := range part.Arguments {
			if slices.ContainsFunc(part.Arguments[i].Parts, func(inner shell.Part) bool { return holdsQuotedList(&inner, quoted) }) {
				return true
			}
		}
	}
	return false
}

func mayBeBlank(part *shell.Part, atBeginning bool, ifs string, isKnown bool) bool {
	if part.Kind != shell.Literal {
		return part.Kind != shell.Quoted && part.Kind != shell.Double
	}
	character, _ := utf8.DecodeLastRuneInString(part.Text)
	if atBeginning {
		character, _ = utf8.DecodeRuneInString(part.Text)
	}
	return !isKnown || part.Text == "" || strings.ContainsRune(ifs, character)
}
