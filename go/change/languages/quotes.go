// Strings, template literals, patterns and the quote-like forms of perl and ruby. Implements spec/languages.md section 3.
// Twin of src/change/languages/quotes.ts.
// A string that never ends makes the whole code unreadable: the temptation to end it at the line is how code gets hidden.

package languages

import (
	"strings"
	"unicode/utf8"
)

// readQuoted reads a quoted form at the scanner's place; false when none begins there.
func readQuoted(scanner *Scanner, gap bool) bool {
	switch scanner.language {
	case "python":
		return pythonString(scanner, gap)
	case "javascript":
		return plainString(scanner, gap, "javascript", "javascript") || template(scanner, gap) || slashPattern(scanner, gap)
	case "perl":
		return plainString(scanner, gap, "single", "perl") ||
			backtick(scanner, gap) ||
			perlQuote(scanner, gap) ||
			angle(scanner, gap) ||
			slashPattern(scanner, gap)
	case "ruby":
		return plainString(scanner, gap, "single", "ruby") || backtick(scanner, gap) || rubyQuote(scanner, gap) || slashPattern(scanner, gap)
	}
	return plainString(scanner, gap, "single", "php") || backtick(scanner, gap)
}

func pythonString(scanner *Scanner, gap bool) bool {
	code := scanner.code
	at := scanner.at
	for at-scanner.at < 2 && isOneOf(byteAt(code, at), "rRbBuUfF") {
		at++
	}
	prefix := lowerASCII(code[scanner.at:at])
	quote := byteAt(code, at)
	if quote != '"' && quote != '\'' {
		return false
	}
	mark := strings.Repeat(string(quote), 3)
	if !startsAt(code, mark, at) {
		mark = mark[:1]
	}
	end := endOfQuote(code, at+len(mark), mark, len(mark) == 3, false)
	if end < 0 {
		return fail(scanner)
	}
	body := code[at+len(mark) : end]
	scanner.at = end + len(mark)
	escapes := "python"
	if strings.Contains(prefix, "r") {
		escapes = "none"
	} else if strings.Contains(prefix, "b") {
		escapes = "python_bytes"
	}
	if strings.Contains(prefix, "f") {
		return interpolated(scanner, "string", body, "python", escapes, gap)
	}
	return finish(scanner, "string", fixed(body, escapes), gap)
}

// plainString reads `'…'` and `"…"`; where the language interpolates into `"…"`, style says how.
func plainString(scanner *Scanner, gap bool, single Escapes, style General) bool {
	quote := byteAt(scanner.code, scanner.at)
	if quote != '\'' && quote != '"' {
		return false
	}
	end := endOfQuote(scanner.code, scanner.at+1, string(quote), style != "javascript", quote == '"' && style == "ruby")
	if end < 0 {
		return fail(scanner)
	}
	body := scanner.code[scanner.at+1 : end]
	scanner.at = end + 1
	// `"a": 1` in ruby is a symbol, which reads like a string here.
	if quote == '\'' || style == "javascript" {
		return finish(scanner, "string", fixed(body, single), gap)
	}
	return interpolated(scanner, "string", body, style, style, gap)
}

func template(scanner *Scanner, gap bool) bool {
	if scanner.code[scanner.at] != '`' {
		return false
	}
	end := endOfTemplate(scanner.code, scanner.at+1)
	if end < 0 {
		return fail(scanner)
	}
	body := scanner.code[scanner.at+1 : end]
	scanner.at = end + 1
	parts, read := readInterpolated(scanner, body, "javascript", "javascript")
	if !read {
		return fail(scanner)
	}
	// The mark tells it from other strings: only a template can stand behind the name of a function.
	push(scanner, "string", "`", gap, parts)
	return true
}

func endOfTemplate(code string, from int) int {
	for at := from; at < len(code); at++ {
		switch {
		case code[at] == '\\':
			at++
		case code[at] == '`':
			return at
		case startsAt(code, "${", at):
			if at = matchingBrace(code, at+1, '{', '}'); at < 0 {
				return -1
			}
		}
	}
	return -1
}

func backtick(scanner *Scanner, gap bool) bool {
	if scanner.code[scanner.at] != '`' {
		return false
	}
	end := endOfQuote(scanner.code, scanner.at+1, "`", true, scanner.language == "ruby")
	if end < 0 {
		return fail(scanner)
	}
	body := scanner.code[scanner.at+1 : end]
	scanner.at = end + 1
	return interpolated(scanner, "command", body, scanner.language, scanner.language, gap)
}

// slashPattern reads `/…/flags` where an operand may begin.
func slashPattern(scanner *Scanner, gap bool) bool {
	code, language := scanner.code, scanner.language
	if code[scanner.at] != '/' || language == "javascript" && byteAt(code, scanner.at+1) == '*' {
		return false
	}
	spaced := language == "ruby" && gap && !isOneOf(byteOr(code, scanner.at+1, ' '), " =") && lastToken(scanner).Kind == "name"
	if afterOperand(scanner) && !spaced {
		return false
	}
	end := endOfPattern(code, scanner.at+1, language == "javascript")
	if end < 0 {
		return fail(scanner)
	}
	body := code[scanner.at+1 : end]
	scanner.at = end + 1
	readFlags(scanner)
	if language == "javascript" {
		return finish(scanner, "pattern", nil, gap)
	}
	if language == "perl" && (strings.Contains(body, "(?{") || strings.Contains(body, "(??{")) {
		return finish(scanner, "hidden", nil, gap)
	}
	parts, read := readInterpolated(scanner, body, language, "none")
	if !read {
		return fail(scanner)
	}
	return finish(scanner, "pattern", codeOnly(parts), gap)
}

func endOfPattern(code string, from int, classes bool) int {
	inClass := false
	for at := from; at < len(code); at++ {
		switch char := code[at]; {
		case char == '\\':
			at++
		case classes && char == '\n':
			return -1
		case classes && char == '[':
			inClass = true
		case classes && char == ']':
			inClass = false
		case char == '/' && !inClass:
			return at
		}
	}
	return -1
}

// endOfQuote is the end of a quoted text; multiline says that a newline may stand in it, holes that `#{…}` may hold the quote.
func endOfQuote(code string, from int, mark string, multiline, holes bool) int {
	for at := from; at < len(code); at++ {
		switch {
		case code[at] == '\\':
			at++
		case startsAt(code, mark, at):
			return at
		case code[at] == '\n' && !multiline:
			return -1
		case holes && startsAt(code, "#{", at):
			if at = matchingBrace(code, at+1, '{', '}'); at < 0 {
				return -1
			}
		}
	}
	return -1
}

func delimited(code string, at int) (body string, next int, closed bool) {
	open := characterStarting(code, at)
	if open == "" {
		return "", 0, false
	}
	return delimitedBy(code, at+len(open), open, closer(open))
}

func delimitedBy(code string, from int, open, close string) (body string, next int, closed bool) {
	depth := 1
	for at := from; at < len(code); at++ {
		switch {
		case code[at] == '\\':
			at++
		case startsAt(code, close, at):
			if depth--; depth == 0 {
				return code[from:at], at + len(close), true
			}
		case startsAt(code, open, at):
			depth++
		}
	}
	return "", 0, false
}

// characterStarting is the whole character at a place, which may be several bytes; "" at the end.
func characterStarting(code string, at int) string {
	if at >= len(code) {
		return ""
	}
	_, size := utf8.DecodeRuneInString(code[at:])
	return code[at : at+size]
}

func closer(open string) string {
	switch open {
	case "(":
		return ")"
	case "[":
		return "]"
	case "{":
		return "}"
	case "<":
		return ">"
	}
	return open
}

func readFlags(scanner *Scanner) string {
	from := scanner.at
	for isNameStart(scanner.lexicon, byteAt(scanner.code, scanner.at)) {
		scanner.at++
	}
	return scanner.code[from:scanner.at]
}

func fixed(body string, escapes Escapes) []Part {
	return []Part{{Kind: "text", Text: undoEscapes(body, escapes)}}
}

func finish(scanner *Scanner, kind string, parts []Part, gap bool) bool {
	return finishAs(scanner, kind, "", parts, gap)
}

func finishAs(scanner *Scanner, kind, text string, parts []Part, gap bool) bool {
	push(scanner, kind, text, gap, parts)
	return true
}

// interpolated reads the holes of a body and finishes with its parts.
func interpolated(scanner *Scanner, kind, body string, style General, escapes Escapes, gap bool) bool {
	parts, read := readInterpolated(scanner, body, style, escapes)
	if !read {
		return fail(scanner)
	}
	return finish(scanner, kind, parts, gap)
}

func fail(scanner *Scanner) bool {
	scanner.failed = true
	return true
}
