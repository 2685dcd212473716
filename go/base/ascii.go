// Case, blanks and whole numbers, for ASCII alone. Implements the words "upper case", "lower case", "blank" and "whole number" wherever the spec has them.
// Twin of src/base/ascii.ts. The temptation is strings.ToUpper, strings.TrimSpace and strconv: they know Unicode and signs in ways that no two
// languages share. Lower case is FoldASCII, in glob.go.

package base

import "strings"

const blanks = " \t\n\r\f\v"

// UpperASCII is the text with a to z in upper case.
func UpperASCII(text string) string {
	for i := 0; i < len(text); i++ {
		if text[i] < 'a' || text[i] > 'z' {
			continue
		}
		upper := []byte(text)
		for ; i < len(upper); i++ {
			if upper[i] >= 'a' && upper[i] <= 'z' {
				upper[i] -= 'a' - 'A'
			}
		}
		return string(upper)
	}
	return text
}

// TrimASCII is the text without blanks at its ends.
func TrimASCII(text string) string {
	return strings.Trim(text, blanks)
}

// TrimStartASCII is the text without blanks at its beginning.
func TrimStartASCII(text string) string {
	return strings.TrimLeft(text, blanks)
}

// TrimEndASCII is the text without blanks at its end.
func TrimEndASCII(text string) string {
	return strings.TrimRight(text, blanks)
}

// WholeNumber reads one to fifteen decimal digits, and nothing else.
func WholeNumber(text string) (int, bool) {
	if text == "" || len(text) > 15 {
		return 0, false
	}
	value := 0
	for i := 0; i < len(text); i++ {
		if !isDigit(text[i]) {
			return 0, false
		}
		value = value*10 + int(text[i]-'0')
	}
	return value, true
}
