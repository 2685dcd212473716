// Cuts code into tokens. Implements spec/languages.md section 3. Twin of src/change/languages/scan.ts.
// It refuses what cannot be text of the language: a string, comment or bracket that never ends. It never guesses where one would have ended.

package languages

import (
	"slices"
	"strings"
)

const (
	maxTokens  = 60_000
	maxNesting = 24
	// maxSigils is signs in a row before the name of a variable.
	maxSigils = 8
)

// scan gives the tokens of the code; false when it cannot be code of this language.
func scan(language General, lexicon *Lexicon, code string) ([]Token, bool) {
	budget := maxTokens
	return scanPart(&Scanner{language: language, lexicon: lexicon, budget: &budget}, code)
}

// scanPart scans a piece of code that stands inside a string.
func scanPart(outer *Scanner, code string) ([]Token, bool) {
	if outer.nesting > maxNesting {
		return nil, false
	}
	scanner := &Scanner{
		language: outer.language, lexicon: outer.lexicon, budget: outer.budget, code: code, nesting: outer.nesting + 1, resume: -1,
	}
	for scanner.at < len(code) && !scanner.failed {
		if *scanner.budget--; *scanner.budget < 0 {
			return nil, false
		}
		if !step(scanner) {
			break
		}
	}
	return scanner.tokens, !scanner.failed
}

// step is false at a mark that ends the program (`__END__`).
func step(scanner *Scanner) bool {
	from := scanner.at
	skipBlanks(scanner)
	if scanner.failed || scanner.at >= len(scanner.code) {
		return true
	}
	gap := scanner.at > from || from == 0
	char := scanner.code[scanner.at]
	switch {
	case char == '\n':
		return newline(scanner, gap)
	case skipPrototype(scanner):
		return true
	case readHeredoc(scanner, gap) || readQuoted(scanner, gap) || scanner.failed:
		return true
	case isDigit(char) || char == '.' && isDigit(byteAt(scanner.code, scanner.at+1)):
		return scanNumber(scanner, gap)
	case isOneOf(char, scanner.lexicon.Sigils) && scanVariable(scanner, gap):
		return true
	case isNameStart(scanner.lexicon, char):
		return scanName(scanner, gap)
	}
	return scanOperator(scanner, gap)
}

func newline(scanner *Scanner, gap bool) bool {
	push(scanner, "newline", "\n", gap, nil)
	scanner.at++
	if scanner.resume >= 0 {
		scanner.at = scanner.resume
	}
	scanner.resume = -1
	return true
}

func skipBlanks(scanner *Scanner) {
	code := scanner.code
	for moved := true; moved && scanner.at < len(code); {
		moved = true
		switch at := scanner.at; {
		case isOneOf(code[at], " \t\r\f\v"):
			scanner.at++
		case startsAt(code, "\u00a0", at):
			scanner.at += len("\u00a0")
		case startsAt(code, "\ufeff", at):
			scanner.at += len("\ufeff")
		case startsAt(code, "\\\n", at) || startsAt(code, "\\\r\n", at):
			scanner.at = indexFrom(code, "\n", at) + 1
		case commentBegins(scanner):
			if scanner.at = indexFrom(code, "\n", at); scanner.at < 0 {
				scanner.at = len(code)
			}
		default:
			moved = skipBlock(scanner)
		}
	}
}

// commentBegins: `//` is a defined-or in perl (not listed there) and an empty pattern nowhere; `#` begins a comment in PHP but not in `#[Attribute]`.
func commentBegins(scanner *Scanner) bool {
	marked := slices.ContainsFunc(scanner.lexicon.LineComments, func(mark string) bool { return startsAt(scanner.code, mark, scanner.at) })
	return marked && !(scanner.language == "php" && startsAt(scanner.code, "#[", scanner.at))
}

func skipBlock(scanner *Scanner) bool {
	if scanner.language == "perl" {
		return skipPod(scanner)
	}
	for _, marks := range scanner.lexicon.BlockComments {
		open, ending := marks[0], marks[1]
		atLine := strings.HasPrefix(open, "=")
		if !startsAt(scanner.code, open, scanner.at) || atLine && !isLineStart(scanner.code, scanner.at) {
			continue
		}
		if atLine {
			ending = "\n" + ending
		}
		end := indexFrom(scanner.code, ending, scanner.at+len(open))
		if end < 0 {
			scanner.failed = !atLine
			scanner.at = len(scanner.code)
			return false
		}
		scanner.at = end + len(ending)
		return true
	}
	return false
}

// skipPod skips documentation in perl: from `=word` at the beginning of a line to the line `=cut`.
func skipPod(scanner *Scanner) bool {
	code := scanner.code
	if code[scanner.at] != '=' || !isLineStart(code, scanner.at) || !isNameStart(scanner.lexicon, byteAt(code, scanner.at+1)) {
		return false
	}
	cut := indexFrom(code, "\n=cut", scanner.at-1)
	end := -1
	if cut >= 0 {
		end = indexFrom(code, "\n", cut+1)
	}
	if end < 0 {
		end = len(code)
	}
	scanner.at = end
	return true
}

// skipPrototype skips `sub f($$;@)`: signs that say how the function is called, and no variables.
func skipPrototype(scanner *Scanner) bool {
	code := scanner.code
	if scanner.language != "perl" || code[scanner.at] != '(' {
		return false
	}
	last := lastToken(scanner)
	if !isName(last, "sub") && !(last.Kind == "name" && isName(tokenBack(scanner, 2), "sub")) {
		return false
	}
	at := scanner.at + 1
	for isOneOf(byteAt(code, at), "$@%&*;\\[]_+ ") {
		at++
	}
	if byteAt(code, at) != ')' {
		return false
	}
	scanner.at = at + 1
	return true
}

func scanNumber(scanner *Scanner, gap bool) bool {
	code := scanner.code
	from := scanner.at
	for scanner.at < len(code) {
		char := code[scanner.at]
		exponent := (char == '+' || char == '-') && isOneOf(byteAt(code, scanner.at-1), "eE") && !startsAt(code, "0x", from)
		// `1.upto(3)` and `1..3` are a number and then something else.
		point := char == '.' && isDigit(byteAt(code, scanner.at+1))
		if !isDigit(char) && !isNameStart(scanner.lexicon, char) && !point && !exponent {
			break
		}
		scanner.at++
	}
	next := byteAt(code, scanner.at+1)
	if byteAt(code, scanner.at) == '.' && next != '.' && !isNameStart(scanner.lexicon, next) {
		if scanner.language == "python" || scanner.language == "javascript" {
			scanner.at++
		}
	}
	push(scanner, "number", code[from:scanner.at], gap, nil)
	return true
}

func scanVariable(scanner *Scanner, gap bool) bool {
	code, lexicon := scanner.code, scanner.lexicon
	from := scanner.at
	perl := scanner.language == "perl"
	// `%` and `&` are operators after an operand.
	named := lastToken(scanner).Kind == "name" && gap && isNameStart(lexicon, byteAt(code, from+1))
	if isOneOf(code[from], "%&*") && afterOperand(scanner) && !named {
		return false
	}
	at := from + 1
	for byteAt(code, at) == '$' && isOneOf('$', lexicon.Sigils) && at-from < maxSigils {
		at++
	}
	if scanner.language == "ruby" && code[from] == '@' && byteAt(code, at) == '@' {
		at++
	}
	if perl && code[from] == '$' && byteAt(code, at) == '#' {
		at++
		if byteAt(code, at) == '$' {
			at++
		}
		if byteAt(code, at) == '{' {
			push(scanner, "variable", "$#", gap, nil)
			scanner.at = at
			return true
		}
	}
	begin := at
	for at < len(code) && (isNamePart(lexicon, code[at]) || perl && startsAt(code, "::", at)) {
		if code[at] == ':' {
			at++
		}
		at++
	}
	if at == begin {
		special := byteAt(code, at)
		punctuation := code[from] == '$' && scanner.language != "php" && isOneOf(special, "!@/\\,;.&0_~*$<>()[]\"'`+:?|-^")
		if perl && special == '{' || !punctuation || at > from+1 {
			return false
		}
		at++
	}
	push(scanner, "variable", code[from:at], gap, nil)
	scanner.at = at
	return true
}

func scanName(scanner *Scanner, gap bool) bool {
	code, lexicon := scanner.code, scanner.lexicon
	from := scanner.at
	at := from + 1
	for more := true; more && at < len(code); {
		switch {
		case isNamePart(lexicon, code[at]):
			at++
		case scanner.language == "perl" && startsAt(code, "::", at) && isNameStart(lexicon, byteAt(code, at+2)):
			at += 2
		case scanner.language == "php" && code[at] == '\\' && isNameStart(lexicon, byteAt(code, at+1)):
			at++
		default:
			more = false
		}
	}
	if scanner.language == "ruby" && isOneOf(byteAt(code, at), "?!") && byteAt(code, at+1) != '=' {
		at++
	}
	text := code[from:at]
	if text == "__END__" || text == "__DATA__" || text == "__halt_compiler" {
		scanner.at = len(code)
		return scanner.language == "python" || scanner.language == "javascript"
	}
	push(scanner, "name", text, gap, nil)
	scanner.at = at
	return true
}

func scanOperator(scanner *Scanner, gap bool) bool {
	code := scanner.code
	text := code[scanner.at : scanner.at+1]
	for _, mark := range scanner.lexicon.Operators {
		if startsAt(code, mark, scanner.at) {
			text = mark
			break
		}
	}
	push(scanner, "operator", text, gap, nil)
	scanner.at += len(text)
	return true
}
