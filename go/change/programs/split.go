// How programs that are no shell split a text into words: xargs, env -S. Implements spec/catalogue.md clauses 10.2 and 10.3.
// Twin of src/change/programs/split.ts.

package programs

import "strings"

// A word under way: whether it has begun, and its text.
type openWord struct {
	begun bool
	text  []byte
}

func (w *openWord) add(unit byte) {
	w.begun = true
	w.text = append(w.text, unit)
}

// end adds the word to the words, if one has begun.
func (w *openWord) end(words []string) []string {
	if w.begun {
		words = append(words, string(w.text))
	}
	w.begun = false
	w.text = w.text[:0]
	return words
}

// splitForXargs, of xargs without -0 and -d: blanks and newlines part, quotes group within a line, a backslash takes the next character.
// False: an unmatched quote.
func splitForXargs(source string, byLine bool) ([]string, bool) {
	var items []string
	var item openWord
	var quote byte
	for i := 0; i < len(source); i++ {
		unit := source[i]
		blank := unit == ' ' || unit == '\t'
		switch {
		case quote != 0:
			if unit == '\n' {
				return nil, false
			}
			if unit == quote {
				quote = 0
			} else {
				item.add(unit)
			}
		case unit == '\'' || unit == '"':
			quote = unit
			item.begun = true
		case unit == '\\' && i+1 < len(source):
			i++
			item.add(source[i])
		case unit == '\n' || !byLine && blank:
			items = item.end(items)
		case !(byLine && !item.begun && blank):
			item.add(unit)
		}
	}
	return item.end(items), quote == 0
}

// splitAt gives one item after each delimiter; the last may be unended.
func splitAt(source, delimiter string) []string {
	items := strings.Split(source, delimiter)
	if len(items) > 0 && items[len(items)-1] == "" {
		return items[:len(items)-1]
	}
	return items
}

// splitForEnv, of env -S: blanks part, quotes group, backslash escapes, `#` at the start of a word comments. False: a variable or an escape
// that is not known here.
func splitForEnv(source string) ([]string, bool) {
	var words []string
	var word openWord
	var quote byte
	for i := 0; i < len(source); i++ {
		unit := source[i]
		switch {
		case unit == '\\' && !(quote == '\'' && unitAt(source, i+1) != '\'' && unitAt(source, i+1) != '\\'):
			i++
			next := unitAt(source, i)
			if next == 'c' && quote == 0 {
				return word.end(words), true
			}
			if next == '_' && quote != '"' {
				words = word.end(words)
				continue
			}
			escaped := envEscape(next)
			if escaped == 0 {
				return nil, false
			}
			word.add(escaped)
		case unit == '$' && quote != '\'':
			return nil, false
		case quote != 0:
			if unit == quote {
				quote = 0
			} else {
				word.add(unit)
			}
		case unit == '\'' || unit == '"':
			quote = unit
			word.begun = true
		case isBlank(unit):
			words = word.end(words)
		case unit == '#' && !word.begun:
			return words, true
		default:
			word.add(unit)
		}
	}
	return word.end(words), quote == 0
}

// unitAt is the byte at a place; 0 behind the end.
func unitAt(source string, at int) byte {
	if at < 0 || at >= len(source) {
		return 0
	}
	return source[at]
}

// envEscape is what a backslash and a character stand for; 0 for nothing that is known. `\_` is a blank in double quotes.
func envEscape(unit byte) byte {
	switch unit {
	case 'f':
		return '\f'
	case 'n':
		return '\n'
	case 'r':
		return '\r'
	case 't':
		return '\t'
	case 'v':
		return '\v'
	case '_':
		return ' '
	case '#', '$', '\\', '"', '\'':
		return unit
	}
	return 0
}

func isBlank(unit byte) bool {
	return unit == ' ' || unit == '\t' || unit == '\n' || unit == '\v' || unit == '\f' || unit == '\r'
}
