// What braces put side by side is read as one text: `{~,x}/y` has a tilde, `{$,x}HOME` a variable, `{$x,y}z` the variable `xz`.
// Implements spec/change.md section 5.4. Twin of src/change/words/brace-seams.ts.
// SECURITY: the temptation is to join values; bash joins text, and looks at it afterwards.

package words

import (
	"strings"

	"cavra.dev/runtime/base"
	"cavra.dev/runtime/change/shell"
)

// readAgain is the parts of one word that braces made, with literal text joined, and the expansions that begin or go on at a seam.
func readAgain(parts []shell.Part) []shell.Part {
	var read []shell.Part
	for _, part := range joinedLiterals(parts) {
		var last *shell.Part
		if len(read) > 0 {
			last = &read[len(read)-1]
		}
		switch {
		case part.Kind == shell.Literal:
			taken := 0
			if last != nil && isPlainName(last) {
				taken = nameEnd(part.Text, 0)
			}
			if taken > 0 {
				last.Name += part.Text[:taken]
			}
			part.Text = part.Text[taken:]
			read = append(read, expansionsIn(part)...)
		// `{$,x}'…'` is `$'…'`, whose escapes nobody has undone, and `{$,x}$y` is `$$` and `y`.
		case last != nil && last.Kind == shell.Literal && strings.HasSuffix(last.Text, "$") && part.Kind != shell.ProcessSubstitution:
			read = append(read, shell.Part{Kind: shell.Unsupported, Reason: syntaxError, Span: part.Span})
		default:
			read = append(read, part)
		}
	}
	return read
}

func joinedLiterals(parts []shell.Part) []shell.Part {
	joined := make([]shell.Part, 0, len(parts))
	for _, part := range parts {
		if last := len(joined) - 1; part.Kind == shell.Literal && last >= 0 && joined[last].Kind == shell.Literal {
			joined[last].Text += part.Text
			joined[last].Span = base.Span{Start: joined[last].Span.Start, End: part.Span.End}
		} else {
			joined = append(joined, part)
		}
	}
	return joined
}

// isPlainName: `$x` without braces; three bytes more than the name would be `${x}`.
func isPlainName(part *shell.Part) bool {
	if part.Kind != shell.Parameter || part.Operator != "" || part.Subscript != nil {
		return false
	}
	return part.Name != "" && isNameStart(part.Name[0]) && part.Span.End-part.Span.Start != len(part.Name)+3
}

// expansionsIn: in text as it was written no `$` stands before a name; only a seam brings that.
func expansionsIn(part shell.Part) []shell.Part {
	var parts []shell.Part
	text := part.Text
	literal := func(plain string) {
		if plain != "" {
			parts = append(parts, shell.Part{Kind: shell.Literal, Text: plain, Span: part.Span})
		}
	}
	done := 0
	for at := 0; at < len(text); at++ {
		if text[at] != '$' || at < done || at+1 == len(text) {
			continue
		}
		next := text[at+1]
		end := 0
		if isNameStart(next) {
			end = nameEnd(text, at+1)
		} else if strings.IndexByte("0123456789@*#?-$!", next) >= 0 {
			end = at + 2
		}
		if end == 0 && next != '{' && next != '(' {
			continue
		}
		literal(text[done:at])
		if end == 0 {
			return append(parts, shell.Part{Kind: shell.Unsupported, Reason: syntaxError, Span: part.Span})
		}
		parts = append(parts, shell.Part{Kind: shell.Parameter, Name: text[at+1 : end], Span: part.Span})
		done = end
	}
	literal(text[done:])
	return parts
}

func nameEnd(text string, from int) int {
	end := from
	for end < len(text) && isNameCharacter(text[end]) {
		end++
	}
	return end
}
