// Brace expansion, before anything else is expanded: `{a,b}`, `{1..9..2}`, `{a..e}`. Implements spec/change.md section 5.4.
// Twin of src/change/words/brace.ts.
// It sees only unquoted text, so `{` from a quote or a variable never expands. SECURITY: the temptation is to pair braces; bash pairs them
// otherwise.

package words

import (
	"slices"
	"strings"

	"cavra.dev/runtime/base"
	"cavra.dev/runtime/change/model"
	"cavra.dev/runtime/change/shell"
)

// braceToken is `open`, `close`, `comma`, or a `part`; inside: text behind `${…}` that still counts as a part of it.
type braceToken struct {
	kind   string
	span   base.Span
	part   shell.Part
	inside bool
}

// braced is the words that braces make of one. made: they are other words, and no assignments, whatever they look like.
type braced struct {
	words []shell.Word
	made  bool
}

// expandBraces is the words that the braces of a word make, in order; false when they are more than the limit.
func expandBraces(word *shell.Word) (braced, bool) {
	opens := func(part shell.Part) bool { return part.Kind == shell.Literal && strings.Contains(part.Text, "{") }
	if !slices.ContainsFunc(word.Parts, opens) {
		return braced{words: []shell.Word{*word}}, true
	}
	tokens := tokensOf(word.Parts)
	open := 0
	for i := range tokens {
		if tokens[i].kind == "open" {
			open++
		}
	}
	if open > model.LimitBraceWords {
		return braced{}, false
	}
	lists, fits := expandTokens(tokens)
	if !fits {
		return braced{}, false
	}
	words := make([]shell.Word, 0, len(lists))
	for _, parts := range lists {
		// A word of nothing but an empty alternative vanishes, as in bash.
		if len(parts) > 0 {
			words = append(words, shell.Word{Parts: readAgain(parts), Span: word.Span})
		}
	}
	// What braces make of one alone, `{a..a}`, is shorter than it was.
	return braced{words, len(lists) != 1 || literalLength(lists[0]) != literalLength(word.Parts)}, true
}

func literalLength(parts []shell.Part) int {
	sum := 0
	for i := range parts {
		if parts[i].Kind == shell.Literal {
			sum += len(parts[i].Text)
		}
	}
	return sum
}

func tokensOf(parts []shell.Part) []braceToken {
	var tokens []braceToken
	// bash passes `${…}` over by counting braces, and so goes on behind `${x-{a}` until what was opened in it is closed.
	open := 0
	for i := range parts {
		part := parts[i]
		if part.Kind != shell.Literal {
			open += openedIn(&part)
			tokens = append(tokens, braceToken{kind: "part", part: part})
			continue
		}
		from := 0
		flush := func(to int, inside bool) {
			if to > from {
				run := shell.Part{Kind: shell.Literal, Text: part.Text[from:to], Span: part.Span}
				tokens = append(tokens, braceToken{kind: "part", part: run, inside: inside})
			}
			from = to
		}
		for at := 0; at < len(part.Text); at++ {
			kind := braceKind(part.Text[at])
			switch {
			case kind == "":
			case open == 0:
				flush(at, false)
				tokens = append(tokens, braceToken{kind: kind, span: part.Span})
				from = at + 1
			case kind == "open":
				open++
			case kind == "close":
				if open--; open == 0 {
					flush(at+1, true)
				}
			}
		}
		flush(len(part.Text), open > 0)
	}
	return tokens
}

func braceKind(character byte) string {
	switch character {
	case '{':
		return "open"
	case '}':
		return "close"
	case ',':
		return "comma"
	}
	return ""
}

// openedIn counts the braces that stand open in the words of a parameter.
func openedIn(part *shell.Part) int {
	if part.Kind != shell.Parameter {
		return 0
	}
	open := 0
	for i := range part.Arguments {
		for j := range part.Arguments[i].Parts {
			inner := &part.Arguments[i].Parts[j]
			switch inner.Kind {
			case shell.Parameter:
				open += openedIn(inner)
			case shell.Literal:
				open += strings.Count(inner.Text, "{") - strings.Count(inner.Text, "}")
			}
		}
	}
	return max(0, open)
}

func expandTokens(tokens []braceToken) ([][]shell.Part, bool) {
	for open := range tokens {
		if tokens[open].kind != "open" || isPassedOver(tokens, open) {
			continue
		}
		end := closeOf(tokens, open)
		if end < 0 {
			continue
		}
		alternatives, fits := alternativesOf(tokens[open : end+1])
		if !fits {
			return nil, false
		}
		rest, fits := expandTokens(tokens[end+1:])
		if !fits || len(alternatives)*len(rest) > model.LimitBraceWords {
			return nil, false
		}
		before := partsOf(tokens[:open])
		lists := make([][]shell.Part, 0, len(alternatives)*len(rest))
		for _, middle := range alternatives {
			for _, after := range rest {
				lists = append(lists, slices.Concat(before, middle, after))
			}
		}
		return lists, true
	}
	return [][]shell.Part{partsOf(tokens)}, true
}

// isPassedOver: `{}` at the beginning of what is being expanded, or behind an escaped blank, opens nothing: `{},a}` is text, and `x{},a}`
// is not.
func isPassedOver(tokens []braceToken, open int) bool {
	if open+1 >= len(tokens) || tokens[open+1].kind != "close" {
		return false
	}
	if open == 0 {
		return true
	}
	before := &tokens[open-1]
	if before.kind != "part" || before.part.Kind != shell.Quoted {
		return false
	}
	return (before.part.Text == " " || before.part.Text == "\t") && before.part.Span.End-before.part.Span.Start == 2
}

// closeOf finds the closing brace: the first behind a comma or `..`, both outside of inner braces. In `{a}b,c}` it is the last one.
func closeOf(tokens []braceToken, open int) int {
	depth := 0
	parted := false
	for i := open + 1; i < len(tokens); i++ {
		kind := tokens[i].kind
		switch {
		case kind == "close" && depth == 0 && parted:
			return i
		case kind == "open":
			depth++
		case kind == "close":
			depth = max(0, depth-1)
		case depth == 0 && (kind == "comma" || hasDots(tokens, i)):
			parted = true
		}
	}
	return -1
}

// hasDots: two dots, not directly before a closing brace.
func hasDots(tokens []braceToken, at int) bool {
	token := &tokens[at]
	if token.kind != "part" || token.inside || token.part.Kind != shell.Literal {
		return false
	}
	dots := strings.Index(token.part.Text, "..")
	return dots >= 0 && (dots+2 < len(token.part.Text) || at+1 >= len(tokens) || tokens[at+1].kind != "close")
}

// alternativesOf is the alternatives of `{…}`; false beyond the limit.
func alternativesOf(braces []braceToken) ([][]shell.Part, bool) {
	inside := braces[1 : len(braces)-1]
	comma := yes
	if !slices.ContainsFunc(inside, func(token braceToken) bool { return token.kind == "comma" }) {
		comma = commaIn(partsOf(inside))
	}
	if comma == yes {
		return piecesBetween(inside)
	}
	literal := partsOf(braces)
	if len(inside) == 1 && inside[0].kind == "part" && inside[0].part.Kind == shell.Literal {
		sequence, how := sequenceOf(inside[0].part.Text, inside[0].part.Span)
		if how == madeTooMany {
			return nil, false
		}
		if how == madeWords {
			lists := make([][]shell.Part, 0, len(sequence))
			for _, part := range sequence {
				lists = append(lists, []shell.Part{part})
			}
			return lists, true
		}
	}
	// bash looks for a comma in the text, quoted or not, and without one the braces are text.
	if comma == no {
		return [][]shell.Part{literal}, true
	}
	unsupported := shell.Part{Kind: shell.Unsupported, Reason: syntaxError, Span: literal[0].Span}
	return [][]shell.Part{slices.Concat([]shell.Part{unsupported}, literal)}, true
}

// piecesBetween is what stands between the commas, expanded. Where all commas are inside something else it is one piece, and loses its
// braces all the same.
func piecesBetween(inside []braceToken) ([][]shell.Part, bool) {
	pieces := [][]braceToken{nil}
	depth := 0
	for _, token := range inside {
		switch token.kind {
		case "open":
			depth++
		case "close":
			depth = max(0, depth-1)
		}
		if token.kind == "comma" && depth == 0 {
			pieces = append(pieces, nil)
		} else {
			pieces[len(pieces)-1] = append(pieces[len(pieces)-1], token)
		}
	}
	var all [][]shell.Part
	for _, piece := range pieces {
		expanded, fits := expandTokens(piece)
		if !fits || len(all)+len(expanded) > model.LimitBraceWords {
			return nil, false
		}
		all = append(all, expanded...)
	}
	return all, true
}

func partsOf(tokens []braceToken) []shell.Part {
	parts := make([]shell.Part, 0, len(tokens))
	for i := range tokens {
		parts = append(parts, partOf(&tokens[i]))
	}
	return parts
}

func partOf(token *braceToken) shell.Part {
	switch token.kind {
	case "open":
		return shell.Part{Kind: shell.Literal, Text: "{", Span: token.span}
	case "close":
		return shell.Part{Kind: shell.Literal, Text: "}", Span: token.span}
	case "comma":
		return shell.Part{Kind: shell.Literal, Text: ",", Span: token.span}
	}
	return token.part
}
