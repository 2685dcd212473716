// Whether tokens can be code of their language at all. Implements spec/languages.md section 3.7. Twin of src/change/languages/plausible.ts.
// `node -e "rm -rf /"` is no JavaScript: what it would do is not known from here, and reading it as harmless words would hide it.

package languages

import (
	"slices"
	"strings"
)

// isPlausible is false when brackets do not match, an operator has nothing to work on, or two operands stand side by side.
func isPlausible(language General, table *LanguageTable, tokens []Token) bool {
	return bracketsMatch(tokens) && neighboursFit(language, table, tokens)
}

func bracketsMatch(tokens []Token) bool {
	var open []byte
	for i := range tokens {
		token := &tokens[i]
		for _, part := range token.Parts {
			if part.Kind == "code" && !bracketsMatch(part.Tokens) {
				return false
			}
		}
		if token.Kind != "operator" || len(token.Text) != 1 {
			continue
		}
		if opening := strings.Index("([{", token.Text); opening >= 0 {
			open = append(open, ")]}"[opening])
		} else if strings.Contains(")]}", token.Text) {
			last := len(open) - 1
			if last < 0 || open[last] != token.Text[0] {
				return false
			}
			open = open[:last]
		}
	}
	return len(open) == 0
}

// needsMore are operators that need something after them in every language.
var needsMore = wordsASCII("+ - / % = == === != && || | ~ =~ ^ <= >= += -= **")

func neighboursFit(language General, table *LanguageTable, tokens []Token) bool {
	strict := language == "python" || language == "javascript" || language == "php"
	depth := 0
	last := &noToken
	for i := range tokens {
		token := &tokens[i]
		if token.Kind == "operator" && len(token.Text) == 1 {
			depth += turn(token)
		}
		// Inside of brackets a line of python goes on.
		if token.Kind == "newline" && language == "python" && depth > 0 {
			continue
		}
		if token.Kind == "newline" || isOperator(token, ";") {
			if wantsMore(last) && (token.Kind == "operator" || language == "python") {
				return false
			}
			// In the other languages an operand may stand on the next line.
			if token.Kind == "operator" || !wantsMore(last) {
				last = &noToken
			}
			continue
		}
		if strict && isOperand(table, last) && isOperand(table, token) && !mayFollow(language, table, last, token) {
			return false
		}
		last = token
	}
	return !wantsMore(last)
}

// turn is 1 for a bracket that opens, -1 for one that closes, else 0.
func turn(token *Token) int {
	switch {
	case token.Kind != "operator":
		return 0
	case strings.Contains("([{", token.Text):
		return 1
	case strings.Contains(")]}", token.Text):
		return -1
	}
	return 0
}

func wantsMore(token *Token) bool {
	return token.Kind == "operator" && slices.Contains(needsMore, token.Text)
}

func isOperand(table *LanguageTable, token *Token) bool {
	if token.Kind == "" || token.Kind == "operator" || token.Kind == "newline" {
		return false
	}
	return !(token.Kind == "name" && table.Lexicon.Keywords[token.Text])
}

func mayFollow(language General, table *LanguageTable, last, token *Token) bool {
	switch language {
	case "python":
		// `match`, `case` and `type` begin a statement in newer python, and are names elsewhere.
		soft := last.Text == "match" || last.Text == "case" || last.Text == "type"
		return last.Kind == "string" && token.Kind == "string" ||
			last.Kind == "name" && (soft || slices.Contains(table.Bare, last.Text))
	case "javascript":
		// Tagged templates, and `async x`, `get x`, `of y` which are words only there.
		return token.Text == "`" || contextual(last) || contextual(token)
	}
	return last.Kind == "name" || token.Kind == "hidden"
}

var contextualWords = wordsASCII("of as from async get set static type")

func contextual(token *Token) bool {
	return token.Kind == "name" && slices.Contains(contextualWords, token.Text)
}
