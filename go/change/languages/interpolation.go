// Code inside strings: f-strings, `${…}`, `#{…}`, `$name`, `@{[ … ]}`. Implements spec/languages.md section 3.5.
// Twin of src/change/languages/interpolation.ts.
// Every hole becomes tokens of its own, so that a call inside a string is seen like any other call.

package languages

import (
	"strings"

	"cavra.dev/runtime/base"
)

// maxSubscript is the longest subscript in a string, in UTF-16 units.
const maxSubscript = 512

// hole is code in a string: where the text before it ends, the code itself, and where the text goes on.
type hole struct {
	from int
	code string
	next int
}

var (
	// noHole: none begins here.
	noHole = &hole{}
	// badHole: one begins here, and cannot be read.
	badHole *hole
)

// readInterpolated cuts the body of a string into text and code; false when a hole cannot be read. The style is a general language.
func readInterpolated(scanner *Scanner, body string, style General, escapes Escapes) ([]Part, bool) {
	var parts []Part
	addText := func(text string) {
		parts = append(parts, Part{Kind: "text", Text: undoEscapes(text, escapes)})
	}
	text := 0
	for at := 0; at < len(body); {
		if body[at] == '\\' && escapes != "none" {
			at += 2
			continue
		}
		if style == "python" && (startsAt(body, "{{", at) || startsAt(body, "}}", at)) {
			addText(body[text : at+1])
			at += 2
			text = at
			continue
		}
		found := holeAt(scanner, body, at, style)
		if found == badHole {
			return nil, false
		}
		if found == noHole {
			at++
			continue
		}
		if *scanner.budget--; *scanner.budget < 0 {
			return nil, false
		}
		if found.from > text {
			addText(body[text:found.from])
		}
		tokens, read := scanPart(scanner, found.code)
		if !read {
			return nil, false
		}
		parts = append(parts, Part{Kind: "code", Tokens: tokens})
		at = found.next
		text = at
	}
	if text < len(body) || len(parts) == 0 {
		addText(body[text:])
	}
	return parts, true
}

func holeAt(scanner *Scanner, body string, at int, style General) *hole {
	switch style {
	case "python":
		if body[at] == '{' {
			return pythonHole(body, at)
		}
	case "javascript":
		if startsAt(body, "${", at) {
			return braced(body, at, at+1)
		}
	case "ruby":
		if startsAt(body, "#{", at) {
			return braced(body, at, at+1)
		}
	case "php":
		if startsAt(body, "{$", at) {
			return braced(body, at, at)
		}
		if body[at] == '$' {
			return sigilHole(scanner, body, at)
		}
	case "perl":
		if body[at] == '$' || body[at] == '@' {
			return sigilHole(scanner, body, at)
		}
	}
	return noHole
}

func braced(body string, from, open int) *hole {
	end := matchingBrace(body, open, '{', '}')
	if end < 0 {
		return badHole
	}
	return &hole{from, body[open+1 : end], end + 1}
}

// pythonHole reads `{expression!r:format}`: the format is dropped, its own holes are read with the expression.
func pythonHole(body string, from int) *hole {
	end := matchingBrace(body, from, '{', '}')
	if end < 0 {
		return badHole
	}
	inside := body[from+1 : end]
	depth := 0
scanning:
	for at := 0; at < len(inside); at++ {
		char := inside[at]
		switch {
		case char == '\'' || char == '"':
			close := indexFrom(inside, string(char), at+1)
			if close < 0 {
				break scanning
			}
			at = close
		case isOneOf(char, "([{"):
			depth++
		case isOneOf(char, ")]}"):
			depth--
		case depth == 0 && (char == ':' || char == '!') && byteAt(inside, at+1) != '=':
			return &hole{from, inside[:at] + nestedHoles(inside[at:]), end + 1}
		}
	}
	if bare := base.TrimEndASCII(inside); strings.HasSuffix(bare, "=") && !strings.HasSuffix(bare, "==") {
		inside = bare[:len(bare)-1]
	}
	return &hole{from, inside, end + 1}
}

// nestedHoles: in `{x:{width}}` the holes in a format are code too; they are put behind the expression, in brackets.
func nestedHoles(format string) string {
	var out strings.Builder
	for at := indexFrom(format, "{", 0); at >= 0; {
		end := matchingBrace(format, at, '{', '}')
		if end < 0 {
			break
		}
		out.WriteString("\n(" + format[at+1:end] + ")")
		at = indexFrom(format, "{", end)
	}
	return out.String()
}

// sigilHole reads `$name`, `$name->{x}[0]`, `${ … }`, `@{[ … ]}`, `@name`.
func sigilHole(scanner *Scanner, body string, from int) *hole {
	at := from + 1
	for byteAt(body, at) == '$' && at-from < 8 {
		at++
	}
	if byteAt(body, at) == '{' {
		end := matchingBrace(body, at, '{', '}')
		if end < 0 {
			return badHole
		}
		inside := body[at+1 : end]
		if inside != "" && isNameOnly(scanner.lexicon, inside) {
			return &hole{from, body[from:from+1] + inside, end + 1}
		}
		return &hole{from, inside, end + 1}
	}
	if !isNameStart(scanner.lexicon, byteAt(body, at)) {
		return specialHole(scanner, body, from, at)
	}
	for at < len(body) &&
		(isNamePart(scanner.lexicon, body[at]) || startsAt(body, "::", at) && isNameStart(scanner.lexicon, byteAt(body, at+2))) {
		if body[at] == ':' {
			at++
		}
		at++
	}
	end := subscripts(scanner, body, at)
	return &hole{from, body[from:end], end}
}

func isNameOnly(lexicon *Lexicon, text string) bool {
	for i := 0; i < len(text); i++ {
		if !isNamePart(lexicon, text[i]) {
			return false
		}
	}
	return true
}

// specialHole: `$1`, `$_`, `$0` stand for a text nobody knows; a lone `$` or `@` is itself.
func specialHole(scanner *Scanner, body string, from, at int) *hole {
	if scanner.language != "perl" || body[from] != '$' || !isOneOf(byteAt(body, at), "0123456789&!.;") {
		return noHole
	}
	return &hole{from, body[from : at+1], at + 1}
}

func subscripts(scanner *Scanner, body string, from int) int {
	at := from
	for {
		arrow := at
		if startsAt(body, "->", at) {
			arrow = at + 2
		}
		open := byteAt(body, arrow)
		if scanner.language == "php" && arrow > at && isNameStart(scanner.lexicon, open) {
			at = arrow
			for isNamePart(scanner.lexicon, byteAt(body, at)) {
				at++
			}
			continue
		}
		if open != '[' && !(open == '{' && scanner.language == "perl") {
			return at
		}
		// `$x[^a]` in a pattern is a class, `$x[1]` an element.
		first := byteAt(body, arrow+1)
		if open == '[' && !isNamePart(scanner.lexicon, first) && first != '$' && first != '-' && first != '\'' {
			return at
		}
		close := byte('}')
		if open == '[' {
			close = ']'
		}
		// A subscript is short; the limit keeps a text of nothing but `$a[$a[…` from being searched again and again.
		end := matchingBrace(body[:arrow+len(cutUnits(body[arrow:], maxSubscript))], arrow, open, close)
		if end < 0 {
			return at
		}
		at = end + 1
	}
}

// matchingBrace is where the bracket at `from` closes, with strings, nested brackets of its kind and template holes skipped; -1 when it never does.
func matchingBrace(code string, from int, open, close byte) int {
	// A stack, not recursion: the nesting of hostile text has no limit.
	var stack []byte
	for at := from; at < len(code); at++ {
		char := code[at]
		inside := byte(0)
		if len(stack) > 0 {
			inside = stack[len(stack)-1]
		}
		switch {
		case inside == '\'' || inside == '"' || inside == '`':
			switch {
			case char == '\\':
				at++
			case char == inside:
				stack = stack[:len(stack)-1]
			case inside == '`' && startsAt(code, "${", at):
				stack = append(stack, open)
				at++
			}
		case char == '\\':
			at++
		case char == '/' && patternMayBegin(code, at):
			at = patternEnd(code, at)
		case char == '\'' || char == '"' || char == '`':
			stack = append(stack, char)
		case char == open:
			stack = append(stack, open)
		case char == close:
			if len(stack) > 0 {
				stack = stack[:len(stack)-1]
			}
			if len(stack) == 0 {
				return at
			}
		}
	}
	return -1
}

// patternMayBegin: a pattern may hold quotes and braces that are none; it begins where an operand may.
func patternMayBegin(code string, at int) bool {
	before := at - 1
	for byteAt(code, before) == ' ' {
		before--
	}
	next := byteAt(code, at+1)
	return isOneOf(byteOr(code, before, '('), "(,=:[!&|?{;~") && next != '/' && next != '*'
}

// maxHolePattern is how far the end of a pattern in a hole is looked for, in UTF-16 units.
const maxHolePattern = 256

// patternEnd is the place of the last character of the pattern; the beginning where it does not end on its line, and near: a text of nothing but
// `=/[=/[…` would be searched to its end again and again.
func patternEnd(code string, from int) int {
	inClass := false
	end := from + 1 + len(cutUnits(code[from+1:], maxHolePattern))
	for at := from + 1; at < end && code[at] != '\n'; at++ {
		switch {
		case code[at] == '\\':
			at++
		case code[at] == '[':
			inClass = true
		case code[at] == ']':
			inClass = false
		case code[at] == '/' && !inClass:
			return at
		}
	}
	return from
}
