// The tokens that code in any of the five general languages is cut into. Implements spec/languages.md section 3.
// Twin of src/change/languages/tokens.ts.
// One shape for all languages: what differs between them is in the lexicon, as data, and in the quote readers.

package languages

// Token is one of these kinds: name, variable, number, string, command, words, glob, pattern, hidden, operator, newline.
//
// `words` is a list of fixed words (`qw(a b)`, `%w[a b]`), `command` is text for a shell (backticks), `glob` a file pattern (`<*.c>`),
// `pattern` a regular expression (its parts are the code that it runs), `hidden` something that holds code nobody can see (`(?{ … })`).
type Token struct {
	Kind string
	// Text is the name, the variable with its sigil, the digits, the operator; "" for the kinds that have parts, but `s///` for a pattern that changes what it is bound to.
	Text  string
	Parts []Part
	// Gap: white space or a comment stands before it.
	Gap bool
	// Indent is the columns of white space at the beginning of its line, where it is the first token of a line; else -1.
	Indent int
}

// Part is a piece of a string: fixed text (`text`), or code whose value is put there (`code`).
type Part struct {
	Kind   string
	Text   string
	Tokens []Token
}

// Lexicon is how a language is cut into tokens; spec/catalogue/languages.yaml fills it.
type Lexicon struct {
	LineComments  []string
	BlockComments [][2]string
	// Operators are longest first.
	Operators []string
	// Keywords are names that are no operand: after one of them an operand may begin.
	Keywords map[string]bool
	// NameCharacters may stand in names besides ASCII letters, digits and `_`; characters above U+007F always may.
	NameCharacters string
	// Sigils begin a variable.
	Sigils                string
	NewlinesEndStatements bool
}
