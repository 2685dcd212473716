// Shell patterns over strings: `*`, `?`, `[…]`, `\x`. Implements spec/change.md section 5.6. Twin of src/change/words/glob.ts; it stands with the
// contracts because paths need it. Characters are code points. Time is at most the product of the two lengths; there are no regular expressions.

package model

import (
	"slices"
	"strings"

	"cavra.dev/runtime/base"
)

// GlobToken is one step of a pattern: `character`, `one` (`?`), `any` (`*`) or `set`.
type GlobToken struct {
	Kind      string
	Character rune
	Negated   bool
	Members   []SetMember
}

// SetMember is a range of a bracket, or where Class is not "" a class.
type SetMember struct {
	From  rune
	To    rune
	Class string
}

// MatchesGlob says whether the whole text matches. A pair that is too large for the limit matches: whoever asks is then on the careful side.
func MatchesGlob(glob, text string) bool {
	isPlain := isPlainButForEnds(glob)
	starts := isPlain && strings.HasPrefix(glob, "*")
	ends := isPlain && strings.HasSuffix(glob, "*")
	if isPlain && !starts && !ends {
		return glob == text
	}
	if !isPlain && !strings.ContainsRune(glob, '*') && !HasActive(glob) && !strings.ContainsRune(glob, '\\') {
		return glob == text
	}
	if base.Utf16Length(glob)*base.Utf16Length(text) > LimitMatchCells {
		return true
	}
	if isPlain {
		inner := strings.Trim(glob, "*")
		switch {
		case starts && ends:
			return strings.Contains(text, inner)
		case starts:
			return strings.HasSuffix(text, inner)
		}
		return strings.HasPrefix(text, inner)
	}
	characters := []rune(text)
	return MatchTokens(GlobTokens(glob), characters, 0, len(characters))
}

// isPlainButForEnds: most globs are a name, or a part of one behind or before a star: those need no list of steps. ASCII alone, as in the twin.
func isPlainButForEnds(glob string) bool {
	for i := 0; i < len(glob); i++ {
		switch c := glob[i]; {
		case c >= 0x80 || c == '?' || c == '[' || c == '\\':
			return false
		case c == '*' && i > 0 && i < len(glob)-1:
			return false
		}
	}
	return true
}

// HasActive is true when the text holds a `*`, a `?`, or a `[` with a `]` somewhere after it, unescaped.
func HasActive(glob string) bool {
	for i := 0; i < len(glob); i++ {
		switch glob[i] {
		case '\\':
			i++
		case '*', '?':
			return true
		case '[':
			if i+2 < len(glob) && strings.IndexByte(glob[i+2:], ']') >= 0 {
				return true
			}
		}
	}
	return false
}

// EscapeGlob is the same text with every character that is special in a glob escaped.
func EscapeGlob(text string) string {
	if !strings.ContainsAny(text, `*?[]\`) {
		return text
	}
	var escaped strings.Builder
	for i := 0; i < len(text); i++ {
		if strings.IndexByte(`*?[]\`, text[i]) >= 0 {
			escaped.WriteByte('\\')
		}
		escaped.WriteByte(text[i])
	}
	return escaped.String()
}

// UnescapeGlob is the text that a glob without active characters stands for.
func UnescapeGlob(glob string) string {
	if !strings.ContainsRune(glob, '\\') {
		return glob
	}
	plain := make([]byte, 0, len(glob))
	for i := 0; i < len(glob); i++ {
		if glob[i] == '\\' && i+1 < len(glob) {
			i++
		}
		plain = append(plain, glob[i])
	}
	return string(plain)
}

// GlobPrefix is the literal text before the first active character.
func GlobPrefix(glob string) string {
	for i := 0; i < len(glob); i++ {
		switch glob[i] {
		case '\\':
			i++
		case '*', '?', '[':
			return UnescapeGlob(glob[:i])
		}
	}
	return UnescapeGlob(glob)
}

// GlobTokens are the steps of a pattern.
func GlobTokens(glob string) []GlobToken {
	characters := []rune(glob)
	tokens := make([]GlobToken, 0, len(characters))
	for i := 0; i < len(characters); i++ {
		character := characters[i]
		switch {
		case character == '*':
			if len(tokens) == 0 || tokens[len(tokens)-1].Kind != "any" {
				tokens = append(tokens, GlobToken{Kind: "any"})
			}
		case character == '?':
			tokens = append(tokens, GlobToken{Kind: "one"})
		case character == '[':
			set, end := readSet(characters, i)
			if end < 0 {
				tokens = append(tokens, GlobToken{Kind: "character", Character: character})
			} else {
				tokens = append(tokens, set)
				i = end
			}
		case character == '\\' && i+1 < len(characters):
			i++
			tokens = append(tokens, GlobToken{Kind: "character", Character: characters[i]})
		default:
			tokens = append(tokens, GlobToken{Kind: "character", Character: character})
		}
	}
	return tokens
}

// MatchTokens says whether all of characters from `from` to `to` match. One backtrack point is enough: a later star never needs an earlier one.
func MatchTokens(tokens []GlobToken, characters []rune, from, to int) bool {
	at, token := from, 0
	starToken, starAt := -1, from
	for at < to {
		switch {
		case token < len(tokens) && tokens[token].Kind == "any":
			starToken = token
			starAt = at
			token++
		case token < len(tokens) && matchesOne(&tokens[token], characters[at]):
			token++
			at++
		case starToken >= 0:
			token = starToken + 1
			starAt++
			at = starAt
		default:
			return false
		}
	}
	for token < len(tokens) && tokens[token].Kind == "any" {
		token++
	}
	return token == len(tokens)
}

func matchesOne(token *GlobToken, character rune) bool {
	switch token.Kind {
	case "one":
		return true
	case "character":
		return token.Character == character
	case "any":
		return false
	}
	inside := slices.ContainsFunc(token.Members, func(member SetMember) bool {
		if member.Class == "" {
			return character >= member.From && character <= member.To
		}
		return inClass(member.Class, character)
	})
	return inside != token.Negated
}

// readSet gives the set that begins at start and where it ends; -1 where it never closes.
func readSet(characters []rune, start int) (GlobToken, int) {
	set := GlobToken{Kind: "set"}
	i := start + 1
	if set.Negated = i < len(characters) && (characters[i] == '!' || characters[i] == '^'); set.Negated {
		i++
	}
	for first := true; i < len(characters); first = false {
		if characters[i] == ']' && !first {
			return set, i
		}
		if class, next := readNamed(characters, i); next > 0 {
			set.Members = append(set.Members, SetMember{Class: class})
			i = next
			continue
		}
		if characters[i] == '\\' && i+1 < len(characters) {
			i++
		}
		member := SetMember{From: characters[i], To: characters[i]}
		i++
		if i+1 < len(characters) && characters[i] == '-' && characters[i+1] != ']' {
			if characters[i+1] == '\\' && i+2 < len(characters) {
				i++
			}
			member.To = characters[i+1]
			i += 2
		}
		set.Members = append(set.Members, member)
	}
	return GlobToken{}, -1
}

// readNamed reads `[:name:]`, `[=c=]`, `[.name.]`; the last two as the class anyClass: which characters are equal is the locale's to say. 0: none.
func readNamed(characters []rune, at int) (string, int) {
	if characters[at] != '[' || at+1 >= len(characters) {
		return "", 0
	}
	mark := characters[at+1]
	if mark == '=' {
		if at+4 < len(characters) && characters[at+3] == '=' && characters[at+4] == ']' {
			return anyClass, at + 5
		}
		return "", 0
	}
	if mark != ':' && mark != '.' {
		return "", 0
	}
	for close := at + 2; close+1 < len(characters); close++ {
		if characters[close] != mark || characters[close+1] != ']' {
			continue
		}
		if mark == '.' {
			return anyClass, close + 2
		}
		// `[::]` is a class that nobody knows; its name must not be the "" of a range.
		if close == at+2 {
			return ":", close + 2
		}
		return string(characters[at+2 : close]), close + 2
	}
	return "", 0
}

const anyClass = "."

func inClass(name string, point rune) bool {
	digit := point >= 48 && point <= 57
	upper := point >= 65 && point <= 90
	lower := point >= 97 && point <= 122
	switch name {
	case anyClass:
		return true
	case "ascii":
		return point < 128
	case "digit":
		return digit
	case "upper":
		return upper
	case "lower":
		return lower
	case "alpha":
		return upper || lower
	case "alnum":
		return digit || upper || lower
	case "word":
		return digit || upper || lower || point == 95
	case "space":
		return point == 32 || (point >= 9 && point <= 13)
	case "blank":
		return point == 32 || point == 9
	case "xdigit":
		return digit || (point >= 65 && point <= 70) || (point >= 97 && point <= 102)
	case "punct":
		return point > 32 && point < 127 && !(digit || upper || lower)
	case "cntrl":
		return point < 32 || point == 127
	case "print":
		return point >= 32 && point != 127
	case "graph":
		return point > 32 && point != 127
	}
	return false
}
