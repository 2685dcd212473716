// Backslash escapes of echo -e, of printf and of tr. Implements spec/catalogue.md section 9. Twin of src/change/catalogue/output-texts.ts, its
// second half.

package catalogue

import (
	"strings"
	"unicode/utf8"
)

// unescaped reads backslash escapes of echo -e and of printf formats; in echo an octal number begins with `0`, with anyOctal it may. Known is false
// for bytes that are no text; stopped is true after `\c`, which ends the output.
func unescaped(source string, isEcho, anyOctal bool) (text string, stopped, known bool) {
	if !strings.Contains(source, `\`) {
		return source, false, true
	}
	all := make([]byte, 0, len(source))
	// Bytes by number make a text of their own: what stands beside them completes no character.
	numbers := len(all)
	flush := func() bool {
		isText := utf8.Valid(all[numbers:])
		numbers = len(all)
		return isText
	}
	for i := 0; i < len(source); {
		var found escape
		if source[i] == '\\' {
			found = escapeAt(source, i+1, isEcho, anyOctal)
		}
		if found.kind == escapeByte {
			all = append(all, found.byte)
			i = found.end
			continue
		}
		if !flush() {
			return "", false, false
		}
		switch found.kind {
		case escapeStop:
			return string(all), true, true
		case escapeText:
			all = utf8.AppendRune(all, found.point)
			i = found.end
		default:
			all = append(all, source[i])
			i++
		}
		numbers = len(all)
	}
	return string(all), false, flush()
}

const (
	escapeNone = iota
	escapeText
	escapeByte
	escapeStop
)

type escape struct {
	kind  int
	end   int
	point rune
	byte  byte
}

func escapeAt(source string, at int, isEcho, anyOctal bool) escape {
	if at >= len(source) {
		return escape{}
	}
	letter := source[at]
	if point := simpleEscape(letter); point >= 0 {
		return escape{kind: escapeText, end: at + 1, point: point}
	}
	switch {
	case letter == 'c':
		return escape{kind: escapeStop, end: at + 1}
	case letter == 'x':
		return numberAt(source, at+1, 16, 2, false)
	case letter == 'u':
		return numberAt(source, at+1, 16, 4, true)
	case letter == 'U':
		return numberAt(source, at+1, 16, 8, true)
	case letter == '0':
		start := at
		if isEcho {
			start++
		}
		if found := numberAt(source, start, 8, 3, false); found.kind != escapeNone {
			return found
		}
		return escape{kind: escapeByte, end: at + 1}
	case anyOctal && letter >= '1' && letter <= '7':
		return numberAt(source, at, 8, 3, false)
	case !isEcho && (letter == '"' || letter == '\''):
		return escape{kind: escapeText, end: at + 1, point: rune(letter)}
	}
	return escape{}
}

// simpleEscape is -1 for a letter that is none.
func simpleEscape(letter byte) rune {
	switch letter {
	case 'a':
		return '\a'
	case 'b':
		return '\b'
	case 'e', 'E':
		return '\x1b'
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
	case '\\':
		return '\\'
	}
	return -1
}

func numberAt(source string, at int, radix uint64, most int, isPoint bool) escape {
	end := at
	value := uint64(0)
	for end < len(source) && end < at+most {
		digit := digitOf(source[end])
		if digit < 0 || uint64(digit) >= radix {
			break
		}
		value = value*radix + uint64(digit)
		end++
	}
	switch {
	case end == at:
		return escape{}
	case !isPoint:
		return escape{kind: escapeByte, end: end, byte: byte(value)}
	case value > utf8.MaxRune || value >= 0xd800 && value < 0xe000:
		return escape{}
	}
	return escape{kind: escapeText, end: end, point: rune(value)}
}

func digitOf(unit byte) int {
	switch {
	case unit >= '0' && unit <= '9':
		return int(unit - '0')
	case unit >= 'a' && unit <= 'f':
		return int(unit-'a') + 10
	case unit >= 'A' && unit <= 'F':
		return int(unit-'A') + 10
	}
	return -1
}
