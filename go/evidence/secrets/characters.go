// The character classes of redaction. Implements spec/redaction.md section 2. Twin of src/evidence/secrets/characters.ts.
// All are ASCII; what is beyond ASCII is a value character and nothing else, so that bytes can be looked at one by one. The temptation is regular
// expressions: two engines would read them differently, and a hostile command could make them slow.

// Package secrets finds the secrets in a text. It imports nothing.
package secrets

type class byte

const (
	// word: letters, digits, underscore.
	word class = 1 << iota
	// name: word, dot, hyphen.
	name
	// blank: space, tab, line feed, carriage return.
	blank
	// endsValue: blanks and what ends an unquoted value.
	endsValue
	// endsCommand: what ends a simple command.
	endsCommand
)

var classes = buildClasses()

func buildClasses() (built [256]class) {
	add := func(bits class, characters string) {
		for i := 0; i < len(characters); i++ {
			built[characters[i]] |= bits
		}
	}
	add(word|name, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_")
	add(name, ".-")
	add(blank|endsValue, " \t\n\r")
	add(endsValue, ";&|<>()\"'`,{}[]")
	add(endsCommand, ";&|()`\n")
	return built
}

// isIn is true when the character at `at` is in one of the classes; false beyond either end.
func isIn(text string, at int, of class) bool {
	return at >= 0 && at < len(text) && classes[text[at]]&of != 0
}

// charAt is the byte at `at`, 0 beyond either end. Nobody compares with 0: a text may hold one.
func charAt(text string, at int) byte {
	if at >= 0 && at < len(text) {
		return text[at]
	}
	return 0
}

func isDigit(unit byte) bool {
	return unit >= '0' && unit <= '9'
}

func isLetter(unit byte) bool {
	return unit >= 'a' && unit <= 'z' || unit >= 'A' && unit <= 'Z'
}

// beginsWord is true where a token or a name may begin: not inside a word. After `\n`, `\t`, `\r` (JSON and shell escapes) and `%20` (URLs) the letter
// before belongs to the escape, so that a secret behind one is seen too.
func beginsWord(text string, at int) bool {
	if !isIn(text, at-1, word) {
		return true
	}
	before := text[at-1]
	if (before == 'n' || before == 't' || before == 'r') && charAt(text, at-2) == '\\' {
		return true
	}
	return charAt(text, at-3) == '%' && isIn(text, at-2, word)
}
