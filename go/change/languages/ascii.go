// Case, blanks and whole numbers, for ASCII alone. Implements spec/languages.md section 5.3. Twin of src/change/languages/ascii.ts.
// The temptation is strings.ToLower, strings.Fields and strconv: they know Unicode and signs in ways that no two languages share.

package languages

import (
	"strings"

	"cavra.dev/runtime/base"
)

const blanks = " \t\n\r\f\v"

// maxSafeNumber is the largest whole number that is reckoned with: 2^53 - 1.
const maxSafeNumber = 1<<53 - 1

func lowerASCII(text string) string {
	return base.FoldASCII(text)
}

// wordsASCII are the words between blanks.
func wordsASCII(text string) []string {
	return strings.FieldsFunc(text, func(char rune) bool { return strings.ContainsRune(blanks, char) })
}

// decimal is a whole number in decimal, of at most 15 digits.
func decimal(text string) (int64, bool) {
	digits, negative := strings.CutPrefix(text, "-")
	value, is := digitsIn(digits, 10)
	if negative {
		return -value, is
	}
	return value, is
}

// literal is a number as code writes it: decimal, `0x`, `0o`, `0b`, octal after a leading `0`, with `_` between digits.
func literal(text string) (int64, bool) {
	plain := strings.ReplaceAll(text, "_", "")
	mark := plain[:min(2, len(plain))]
	switch {
	case mark == "0x" || mark == "0X":
		return digitsIn(plain[2:], 16)
	case mark == "0o" || mark == "0O":
		return digitsIn(plain[2:], 8)
	case mark == "0b" || mark == "0B":
		return digitsIn(plain[2:], 2)
	case len(plain) > 1 && plain[0] == '0':
		return digitsIn(plain[1:], 8)
	}
	return digitsIn(strings.TrimSuffix(plain, "n"), 10)
}

func digitsIn(digits string, radix int64) (int64, bool) {
	if digits == "" || len(digits) > 15 {
		return 0, false
	}
	var value int64
	for i := 0; i < len(digits); i++ {
		digit := int64(hexDigit(digits[i]))
		if digit < 0 || digit >= radix {
			return 0, false
		}
		value = value*radix + digit
	}
	return value, value <= maxSafeNumber
}

// hexDigit is what a hexadecimal digit counts; -1 for all else.
func hexDigit(char byte) int {
	switch {
	case char >= '0' && char <= '9':
		return int(char - '0')
	case char >= 'a' && char <= 'f':
		return int(char-'a') + 10
	case char >= 'A' && char <= 'F':
		return int(char-'A') + 10
	}
	return -1
}

// byteAt is the byte at a place, and 0 where the text has ended or not begun: no code holds a NUL where that would matter.
func byteAt(text string, at int) byte {
	if at < 0 || at >= len(text) {
		return 0
	}
	return text[at]
}

// isOneOf says whether the byte stands among the characters; the end of a text (0) never does.
func isOneOf(char byte, characters string) bool {
	return char != 0 && strings.IndexByte(characters, char) >= 0
}

// startsAt says whether the mark stands at a place of the text.
func startsAt(text, mark string, at int) bool {
	return at >= 0 && at <= len(text) && strings.HasPrefix(text[at:], mark)
}

// indexFrom is where the mark stands first, not before `from`; -1 where it does not.
func indexFrom(text, mark string, from int) int {
	from = max(from, 0)
	if from > len(text) {
		return -1
	}
	found := strings.Index(text[from:], mark)
	if found < 0 {
		return -1
	}
	return from + found
}

// cutUnits is the beginning of a text, of at most so many UTF-16 units.
func cutUnits(text string, units int) string {
	if len(text) <= units {
		return text
	}
	for at, char := range text {
		if units -= 1; char > 0xffff {
			units--
		}
		if units < 0 {
			return text[:at]
		}
	}
	return text
}

// byteOr is the byte at a place, and another where the text has ended.
func byteOr(text string, at int, other byte) byte {
	if at < 0 || at >= len(text) {
		return other
	}
	return text[at]
}
