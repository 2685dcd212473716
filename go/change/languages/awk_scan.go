// Cuts awk programs into tokens. Implements spec/languages.md section 10.1. Twin of src/change/languages/awk-scan.ts.

package languages

import (
	"slices"
	"strings"
	"unicode/utf8"
)

// awkToken is a name, number, string, pattern, operator or newline.
type awkToken struct {
	kind string
	text string
}

const (
	// maxClass is the longest bracket expression in a pattern, in UTF-16 units.
	maxClass = 512
	// maxAwkTokens of one program; one with more is not read.
	maxAwkTokens = 60_000
)

var (
	awkOperators = strings.Split("**= |& && || >> == <= >= != !~ ++ -- += -= *= /= %= ^= ** "+
		"{ } ( ) [ ] ; , + - * / % ^ ! > < | ? : ~ $ = @", " ")
	valueEnds = []string{")", "]", "$", "++", "--"}
	// beforePattern are names behind which a pattern may begin.
	beforePattern = []string{"print", "printf", "return", "in", "getline", "case", "else", "do"}
)

// awkScanner is where the cutting of a program stands.
type awkScanner struct {
	code   string
	at     int
	tokens []awkToken
}

// scanAwk gives the tokens of a program; false when a string or pattern never ends, brackets do not match, or there are too many.
func scanAwk(code string) ([]awkToken, bool) {
	scanner := &awkScanner{code: code}
	for scanner.at < len(code) {
		if len(scanner.tokens) > maxAwkTokens || !scanner.step() {
			return nil, false
		}
	}
	return scanner.tokens, awkMatched(scanner.tokens)
}

func (s *awkScanner) step() bool {
	char := s.code[s.at]
	switch {
	case char == ' ' || char == '\t' || char == '\r':
		s.at++
	case char == '\\' && (startsAt(s.code, "\n", s.at+1) || startsAt(s.code, "\r\n", s.at+1)):
		s.at = indexFrom(s.code, "\n", s.at) + 1
	case char == '#':
		s.at = lineEnd(s.code, s.at)
	case char == '\n':
		s.push("newline", "\n", 1)
	case char == '"' || char == '/' && s.patternMayBegin():
		return s.quoted()
	default:
		return s.word() || s.operator()
	}
	return true
}

// push adds a token that takes so many bytes of the program.
func (s *awkScanner) push(kind, text string, length int) {
	s.tokens = append(s.tokens, awkToken{kind: kind, text: text})
	s.at += length
}

// quoted reads a string or a pattern; false when it never ends.
func (s *awkScanner) quoted() bool {
	code, at := s.code, s.at
	mark := code[at]
	inClass, classes := false, true
	for end := at + 1; end < len(code); end++ {
		switch char := code[end]; {
		case char == '\\':
			end++
		case char == '\n':
			return false
		case mark == '/' && char == '[' && !inClass && classes:
			inClass = hasClassEnd(code, end)
			// Where one has no end on this line, none behind it has: searching again would take the square of the time.
			classes = inClass
		case mark == '/' && char == ']':
			inClass = false
		case char == mark && !inClass && mark == '"':
			s.push("string", undoEscapes(code[at+1:end], "perl"), end+1-at)
			return true
		case char == mark && !inClass:
			s.push("pattern", "", end+1-at)
			return true
		}
	}
	return false
}

func hasClassEnd(code string, from int) bool {
	units := 1
	for at := from + 1; at < len(code) && units < maxClass && (at == from+1 || code[at] != '\n'); at++ {
		if code[at] == ']' && at > from+1 {
			return true
		}
		// A byte inside of a character counts nothing, and the first of four counts for two units.
		if utf8.RuneStart(code[at]) {
			units++
		}
		if code[at] >= 0xf0 {
			units++
		}
	}
	return false
}

func (s *awkScanner) patternMayBegin() bool {
	if len(s.tokens) == 0 {
		return true
	}
	last := s.tokens[len(s.tokens)-1]
	switch last.kind {
	case "newline":
		return true
	case "operator":
		return !slices.Contains(valueEnds, last.text)
	}
	return last.kind == "name" && slices.Contains(beforePattern, last.text)
}

func (s *awkScanner) word() bool {
	code, end := s.code, s.at
	kind := "name"
	if isDigit(code[end]) || code[end] == '.' && isDigit(byteAt(code, end+1)) {
		kind = "number"
	}
	for end < len(code) && (isLetter(code[end]) || isDigit(code[end]) || kind == "number" && code[end] == '.') {
		end++
	}
	if end == s.at {
		return false
	}
	s.push(kind, code[s.at:end], end-s.at)
	return true
}

func (s *awkScanner) operator() bool {
	for _, mark := range awkOperators {
		if startsAt(s.code, mark, s.at) {
			s.push("operator", mark, len(mark))
			return true
		}
	}
	return false
}

func awkMatched(tokens []awkToken) bool {
	var open []byte
	for _, token := range tokens {
		if token.kind != "operator" || len(token.text) != 1 {
			continue
		}
		mark := token.text[0]
		if opening := strings.IndexByte("([{", mark); opening >= 0 {
			open = append(open, ")]}"[opening])
			continue
		}
		if strings.IndexByte(")]}", mark) < 0 {
			continue
		}
		if len(open) == 0 || open[len(open)-1] != mark {
			return false
		}
		open = open[:len(open)-1]
	}
	return len(open) == 0
}

func isLetter(char byte) bool {
	return char >= 'a' && char <= 'z' || char >= 'A' && char <= 'Z' || char == '_'
}
