// The edits of `${x#p}`, `${x%p}`, `${x/p/r}` and `${x^}` on known text. Implements spec/change.md section 5.5.
// Twin of the second half of src/change/words/parameter.ts. Characters are code points.

package words

import (
	"strings"

	"cavra.dev/runtime/base"
	"cavra.dev/runtime/change/model"
)

// textEdit is the edit of a known text; by is the texts between the places where the match itself stands.
func textEdit(operator, glob string, by []string) edit {
	tokens := model.GlobTokens(glob)
	width := base.Utf16Length(glob) + 1
	return func(known string) (string, bool) {
		characters := []rune(known)
		if len(characters)*len(characters)*width > model.LimitMatchCells {
			return "", false
		}
		switch operator {
		case "#", "##", "%", "%%":
			return takeAway(tokens, characters, operator), true
		case "/", "//", "/#", "/%":
			return replace(tokens, characters, operator, by)
		}
		return "", false
	}
}

func takeAway(tokens []model.GlobToken, characters []rune, operator string) string {
	n := len(characters)
	for i := 0; i <= n; i++ {
		length := i
		if len(operator) == 2 {
			length = n - i
		}
		if operator[0] == '#' && model.MatchTokens(tokens, characters, 0, length) {
			return string(characters[length:])
		}
		if operator[0] == '%' && model.MatchTokens(tokens, characters, n-length, n) {
			return string(characters[:n-length])
		}
	}
	return string(characters)
}

func replace(tokens []model.GlobToken, characters []rune, operator string, by []string) (string, bool) {
	n := len(characters)
	whole := strings.Join(by, "")
	if len(tokens) == 0 {
		switch operator {
		case "/#":
			return whole + string(characters), true
		case "/%":
			return string(characters) + whole, true
		}
		return string(characters), true
	}
	written := base.Utf16Length(whole)
	var result strings.Builder
	units := 0
	for at := 0; at <= n; {
		end := -1
		if operator != "/#" || at == 0 {
			end = longestMatch(tokens, characters, at, operator == "/%")
		}
		if end > at || end == at && n == 0 {
			// Too long for a value, long before it is built.
			if units+written+(len(by)-1)*(end-at) > model.LimitValueBytes {
				return "", false
			}
			match := string(characters[at:end])
			result.WriteString(strings.Join(by, match))
			units += written + (len(by)-1)*base.Utf16Length(match)
			if operator != "//" {
				return result.String() + string(characters[end:]), true
			}
			at = max(end, at+1)
			continue
		}
		if at < n {
			result.WriteRune(characters[at])
			units += base.Utf16Length(string(characters[at]))
		}
		at++
	}
	return result.String(), true
}

func longestMatch(tokens []model.GlobToken, characters []rune, from int, toEnd bool) int {
	for end := len(characters); end >= from; end-- {
		if model.MatchTokens(tokens, characters, from, end) {
			return end
		}
		if toEnd {
			return -1
		}
	}
	return -1
}

func changeCase(known, operator string) (string, bool) {
	// Only ASCII letters: the two engines' tables for the others differ, so such a text is unknown.
	for i := 0; i < len(known); i++ {
		if known[i] > 127 {
			return "", false
		}
	}
	end := len(known)
	if len(operator) == 1 {
		end = min(1, end)
	}
	if operator[0] == '^' {
		return base.UpperASCII(known[:end]) + known[end:], true
	}
	return base.FoldASCII(known[:end]) + known[end:], true
}
