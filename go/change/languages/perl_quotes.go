// The quote-like forms of perl: `q`, `qq`, `qw`, `qx`, `qr`, `m`, `s`, `tr`, `y` with any delimiter, and `<…>`.
// Implements spec/languages.md section 3. Twin of src/change/languages/quotes.ts.
// INVARIANT: what a pattern or replacement runs is kept as code; only its text is dropped.

package languages

import (
	"slices"
	"strings"
)

// perlQuotes are longest first.
var perlQuotes = []string{"qq", "qw", "qx", "qr", "tr", "q", "m", "s", "y"}

func perlQuote(scanner *Scanner, gap bool) bool {
	code := scanner.code
	found := slices.IndexFunc(perlQuotes, func(one string) bool { return startsAt(code, one, scanner.at) })
	if found < 0 || followsArrow(scanner) {
		return false
	}
	form := perlQuotes[found]
	// `-s $file` asks for the size of a file.
	if len(form) == 1 && byteAt(code, scanner.at-1) == '-' && !afterOperandBefore(scanner) {
		return false
	}
	begin := scanner.at + len(form)
	at := skipSpaces(code, begin)
	if !isPerlDelimiter(scanner, at, at > begin) {
		return false
	}
	body, next, closed := delimited(code, at)
	if !closed {
		return fail(scanner)
	}
	scanner.at = next
	open := characterStarting(code, at)
	switch {
	case form == "q":
		return finish(scanner, "string", fixed(body, "single"), gap)
	case form == "qw":
		return finish(scanner, "words", fixed(body, "none"), gap)
	case form == "qx" && open == "'":
		return finish(scanner, "command", fixed(body, "none"), gap)
	case form == "qx":
		return interpolated(scanner, "command", body, "perl", "perl", gap)
	case form == "qq":
		return interpolated(scanner, "string", body, "perl", "perl", gap)
	}
	return perlPattern(scanner, gap, form, body, open)
}

// isPerlDelimiter: `s => 1`, `y = 2`, `m,`: a name and not a quote. `#` begins a comment after a blank.
func isPerlDelimiter(scanner *Scanner, at int, spaced bool) bool {
	code := scanner.code
	if at >= len(code) {
		return false
	}
	switch open := code[at]; {
	case isNamePart(scanner.lexicon, open), open == ';', open == ')', spaced && open == '#':
		return false
	case open == '=':
		return !spaced && !isOneOf(byteOr(code, at+1, ' '), ">=~ ")
	case open == ',':
		last := lastToken(scanner).Text
		return last == "=~" || last == "!~"
	}
	return true
}

func skipSpaces(code string, at int) int {
	for byteAt(code, at) == ' ' || byteAt(code, at) == '\n' {
		at++
	}
	return at
}

// afterOperandBefore is true when what stands before the `-` is an operand, so that the `-` subtracts.
func afterOperandBefore(scanner *Scanner) bool {
	before := tokenBack(scanner, 2)
	return before.Kind == "variable" || before.Kind == "number" || isOperator(before, ")") && !lastToken(scanner).Gap
}

// changingPattern is the text of a pattern that changes what it is bound to: `s/a/b/`, `tr/a/b/` and `y/a/b/` without `r`.
const changingPattern = "s///"

func perlPattern(scanner *Scanner, gap bool, form, body, open string) bool {
	replaces := form == "s" || form == "tr" || form == "y"
	replacement := ""
	if replaces {
		second, next, closed := secondHalf(scanner.code, scanner.at, open)
		if !closed {
			return fail(scanner)
		}
		replacement = second
		scanner.at = next
	}
	flags := readFlags(scanner)
	changes := ""
	if replaces && !strings.Contains(flags, "r") {
		changes = changingPattern
	}
	if form == "tr" || form == "y" {
		return finishAs(scanner, "pattern", changes, nil, gap)
	}
	if strings.Contains(body, "(?{") || strings.Contains(body, "(??{") {
		return finish(scanner, "hidden", nil, gap)
	}
	own, _ := readInterpolated(scanner, body, "perl", "none")
	parts := codeOnly(own)
	if !replaces {
		return finish(scanner, "pattern", parts, gap)
	}
	if strings.Contains(flags, "e") {
		// `ee` evaluates what the replacement gives: code that is made while it runs.
		if strings.Count(flags, "e") > 1 {
			return finish(scanner, "hidden", nil, gap)
		}
		inner, read := readInterpolated(scanner, "@{"+replacement+"}", "perl", "none")
		if !read {
			return fail(scanner)
		}
		return finishAs(scanner, "pattern", changes, append(parts, inner...), gap)
	}
	inner, read := readInterpolated(scanner, replacement, "perl", "perl")
	if !read {
		return fail(scanner)
	}
	return finishAs(scanner, "pattern", changes, append(parts, codeOnly(inner)...), gap)
}

func codeOnly(parts []Part) []Part {
	var code []Part
	for _, part := range parts {
		if part.Kind == "code" {
			code = append(code, part)
		}
	}
	return code
}

func secondHalf(code string, from int, open string) (string, int, bool) {
	if closer(open) == open {
		return delimitedBy(code, from, open, open)
	}
	return delimited(code, skipSpaces(code, from))
}

// maxAngle is the longest `<…>` of perl, in UTF-16 units, without the first.
const maxAngle = 1_023

// angle reads `<$fh>`, `<STDIN>`, `<>` and `<*.c>`.
func angle(scanner *Scanner, gap bool) bool {
	code := scanner.code
	named := lastToken(scanner).Kind == "name" && byteAt(code, scanner.at+1) != ' '
	if code[scanner.at] != '<' || afterOperand(scanner) && !named {
		return false
	}
	body, _, closed := strings.Cut(cutUnits(code[scanner.at+1:], maxAngle), ">")
	if !closed || strings.Contains(body, "\n") {
		return false
	}
	end := scanner.at + 1 + len(body)
	scanner.at = end + 1
	if body == "<" && byteAt(code, end+1) == '>' {
		scanner.at++
	}
	if body == "" || body == "<" || isHandle(scanner, body) {
		return finish(scanner, "glob", nil, gap)
	}
	return interpolated(scanner, "glob", body, "perl", "perl", gap)
}

func isHandle(scanner *Scanner, body string) bool {
	name := strings.TrimPrefix(body, "$")
	return name != "" && isNameOnly(scanner.lexicon, name)
}

func followsArrow(scanner *Scanner) bool {
	last := lastToken(scanner)
	if last.Kind != "operator" {
		return false
	}
	// `$h{s}` and `->s` are names.
	return last.Text == "->" || last.Text == "{" && strings.Contains(cutUnits(scanner.code[scanner.at:], 3), "}")
}
