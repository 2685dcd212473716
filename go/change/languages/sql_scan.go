// Cuts SQL into statements of tokens, and finds the lines that are meant for the client. Implements spec/languages.md section 11.1.
// Twin of src/change/languages/sql-scan.ts. A backslash in a string is an escape in one database and a letter in another: the caller scans
// both ways.

package languages

import (
	"strings"

	"cavra.dev/runtime/base"
)

// sqlToken is a word, string, name or mark.
type sqlToken struct {
	kind string
	// text of a word is in upper case ASCII, and in raw as written; strings and quoted names are without their quotes.
	text string
	raw  string
}

// sqlPart is a statement, or a line for the client (`\! ls`, `.shell ls`, `system ls`), which has no tokens.
type sqlPart struct {
	tokens []sqlToken
	line   string
}

// maxSQLTokens of one text, blanks and comments counted as one each.
const maxSQLTokens = 60_000

type sqlScanner struct {
	text      string
	backslash bool
	parts     []sqlPart
	tokens    []sqlToken
	at        int
	budget    int
}

// scanSQL gives the parts of an SQL text; false when a string or comment never ends or there are too many tokens.
func scanSQL(text string, backslash bool) ([]sqlPart, bool) {
	scanner := &sqlScanner{text: text, backslash: backslash, budget: maxSQLTokens}
	for scanner.at < len(text) {
		if scanner.budget <= 0 || !scanner.step() {
			return nil, false
		}
		scanner.budget--
	}
	scanner.flush()
	return scanner.parts, true
}

// step is false where something never ends.
func (s *sqlScanner) step() bool {
	char := s.text[s.at]
	if isOneOf(char, " \t\r\n\f") {
		s.at++
		return true
	}
	if s.meta() || s.lineComment() {
		return true
	}
	switch {
	case startsAt(s.text, "/*", s.at):
		return s.blockComment()
	case char == ';':
		s.flush()
		s.at++
		return true
	case isOneOf(char, "'\"`["):
		return s.quoted(char)
	case char == '$' && s.isDollarQuote():
		return s.dollar()
	case isWordChar(char):
		s.word()
		return true
	}
	s.push("mark", s.text[s.at:s.at+1], s.text[s.at:s.at+1], s.at+1)
	return true
}

// push adds a token that ends before a place.
func (s *sqlScanner) push(kind, text, raw string, next int) {
	s.tokens = append(s.tokens, sqlToken{kind: kind, text: text, raw: raw})
	s.at = next
}

var metaWords = []string{"SYSTEM ", "SOURCE ", "TEE ", "PAGER "}

// meta reads lines for the client: `\…` anywhere between tokens (psql, mysql), `.…` and `system …` where a statement could begin.
func (s *sqlScanner) meta() bool {
	char := s.text[s.at]
	if char != '\\' && (len(s.tokens) > 0 || char != '.' && !startsWithWord(s.text, s.at, metaWords)) {
		return false
	}
	stop := lineEnd(s.text, s.at)
	// `select 1 \g file` ends the statement that stands before it.
	if char == '\\' {
		s.flush()
	}
	s.parts = append(s.parts, sqlPart{line: base.TrimASCII(s.text[s.at:stop])})
	s.at = stop
	return true
}

func startsWithWord(text string, at int, words []string) bool {
	for _, word := range words {
		if base.UpperASCII(text[at:min(at+len(word), len(text))]) == word {
			return true
		}
	}
	return false
}

func (s *sqlScanner) lineComment() bool {
	afterMark := len(s.tokens) > 0 && s.tokens[len(s.tokens)-1].kind == "mark"
	if !startsAt(s.text, "--", s.at) && (s.text[s.at] != '#' || afterMark) {
		return false
	}
	s.at = lineEnd(s.text, s.at)
	return true
}

// blockComment is false when the comment never ends.
func (s *sqlScanner) blockComment() bool {
	// `/*! DROP … */` is no comment to mysql: its inside is read.
	if startsAt(s.text, "/*!", s.at) || startsAt(s.text, "/*M!", s.at) {
		s.at = indexFrom(s.text, "!", s.at) + 1
		for isDigit(byteAt(s.text, s.at)) {
			s.at++
		}
		return true
	}
	end := indexFrom(s.text, "*/", s.at+2)
	s.at = end + 2
	return end >= 0
}

func (s *sqlScanner) quoted(opening byte) bool {
	closing, kind := opening, "name"
	switch opening {
	case '[':
		closing = ']'
	case '\'':
		kind = "string"
	}
	var value strings.Builder
	for at := s.at + 1; at < len(s.text); at++ {
		char := s.text[at]
		switch {
		case char == '\\' && s.backslash && opening != '`' && opening != '[':
			at++
			if at < len(s.text) {
				value.WriteByte(s.text[at])
			}
		case char == closing && byteAt(s.text, at+1) == closing && opening != '[':
			value.WriteByte(char)
			at++
		case char == closing:
			s.push(kind, value.String(), value.String(), at+1)
			return true
		default:
			value.WriteByte(char)
		}
	}
	return false
}

// isDollarQuote: `$$ … $$`, `$tag$ … $tag$` begins here; `$1` is a parameter.
func (s *sqlScanner) isDollarQuote() bool {
	return byteAt(s.text, s.tagEnd()) == '$' && !isDigit(byteAt(s.text, s.at+1))
}

func (s *sqlScanner) tagEnd() int {
	at := s.at + 1
	for isWordChar(byteAt(s.text, at)) {
		at++
	}
	return at
}

func (s *sqlScanner) dollar() bool {
	from := s.tagEnd() + 1
	tag := s.text[s.at:from]
	end := indexFrom(s.text, tag, from)
	if end < 0 {
		return false
	}
	s.push("string", s.text[from:end], tag, end+len(tag))
	return true
}

func (s *sqlScanner) word() {
	end := s.at
	for isWordChar(byteAt(s.text, end)) || byteAt(s.text, end) == '.' {
		end++
	}
	raw := s.text[s.at:end]
	s.push("word", base.UpperASCII(raw), raw, end)
}

func (s *sqlScanner) flush() {
	if len(s.tokens) > 0 {
		s.parts = append(s.parts, sqlPart{tokens: s.tokens})
	}
	s.tokens = nil
}

func isWordChar(char byte) bool {
	return isLetter(char) || isDigit(char) || char == '@' || char > 0x7f
}
