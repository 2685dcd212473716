// The state of a scan, and what all its readers ask of it. Implements spec/languages.md section 3. Twin of src/change/languages/scanner.ts.
// It goes by bytes: every character above U+007F is one of a name, so that no byte of one can be taken for anything else.

package languages

import "strings"

// General is python, javascript, perl, ruby or php.
type General = string

// Scanner is where the scan stands.
type Scanner struct {
	language General
	lexicon  *Lexicon
	code     string
	nesting  int
	// budget is how many tokens are left, in this code and the code of its holes.
	budget *int
	tokens []Token
	at     int
	// resume is where the line after the here-documents of this line begins, or -1.
	resume int
	failed bool
}

func push(scanner *Scanner, kind, text string, gap bool, parts []Part) {
	count := len(scanner.tokens)
	indent := -1
	if count == 0 || scanner.tokens[count-1].Kind == "newline" {
		indent = lineIndent(scanner)
	}
	scanner.tokens = append(scanner.tokens, Token{Kind: kind, Text: text, Parts: parts, Gap: gap, Indent: indent})
}

// noToken stands where there is no token: it is of no kind.
var noToken Token

// lastToken is the last one so far; noToken before the first.
func lastToken(scanner *Scanner) *Token {
	return tokenBack(scanner, 1)
}

func tokenBack(scanner *Scanner, back int) *Token {
	if count := len(scanner.tokens); count >= back {
		return &scanner.tokens[count-back]
	}
	return &noToken
}

// afterOperand is true when what stands before can be the left side of an operator, so that `/` divides and `%` is a remainder.
func afterOperand(scanner *Scanner) bool {
	last := lastToken(scanner)
	switch last.Kind {
	case "", "newline":
		return false
	case "operator":
		return last.Text == ")" || last.Text == "]" || last.Text == "}" && scanner.language != "javascript"
	}
	return !(last.Kind == "name" && scanner.lexicon.Keywords[last.Text])
}

func lineIndent(scanner *Scanner) int {
	code := scanner.code
	at := strings.LastIndexByte(code[:min(max(scanner.at, 1), len(code))], '\n') + 1
	columns := 0
	for ; byteAt(code, at) == ' ' || byteAt(code, at) == '\t'; at++ {
		if code[at] == '\t' {
			columns += 7
		}
		columns++
	}
	return columns
}

func isLineStart(code string, at int) bool {
	return at == 0 || byteAt(code, at-1) == '\n'
}

func isDigit(char byte) bool {
	return char >= '0' && char <= '9'
}

func isNameStart(lexicon *Lexicon, char byte) bool {
	return char >= 'a' && char <= 'z' || char >= 'A' && char <= 'Z' || char == '_' || char > 0x7f || isOneOf(char, lexicon.NameCharacters)
}

func isNamePart(lexicon *Lexicon, char byte) bool {
	return isNameStart(lexicon, char) || isDigit(char)
}
