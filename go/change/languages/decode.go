// Base64, hexadecimal and rot13, to text. Implements spec/languages.md section 5.3. Twin of src/change/languages/decode.ts.
// Bytes that are no UTF-8 are no text: nothing is given, and never a guess with replacement characters in it.

package languages

import (
	"strings"
	"unicode/utf8"
)

const base64Characters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"

// base64Text is the text that a base64 text stands for; white space is passed over, `-` and `_` are accepted, padding may be missing.
func base64Text(encoded string) (string, bool) {
	var decoded []byte
	bits, held := 0, 0
	for i := 0; i < len(encoded); i++ {
		char := encoded[i]
		switch char {
		case '=', ' ', '\n', '\r', '\t':
			continue
		case '-':
			char = '+'
		case '_':
			char = '/'
		}
		value := strings.IndexByte(base64Characters, char)
		if value < 0 {
			return "", false
		}
		bits = (bits<<6 | value) & 0xffff
		if held += 6; held >= 8 {
			held -= 8
			decoded = append(decoded, byte(bits>>held))
		}
	}
	return utf8Text(decoded)
}

// hexText is the text that pairs of hexadecimal digits stand for; white space and `:` between them are passed over.
func hexText(encoded string) (string, bool) {
	var decoded []byte
	high := -1
	for i := 0; i < len(encoded); i++ {
		if isOneOf(encoded[i], " \n\r\t:") {
			continue
		}
		digit := hexDigit(encoded[i])
		switch {
		case digit < 0:
			return "", false
		case high < 0:
			high = digit
		default:
			decoded = append(decoded, byte(high*16+digit))
			high = -1
		}
	}
	if high >= 0 {
		return "", false
	}
	return utf8Text(decoded)
}

func rot13(text string) string {
	turned := []byte(text)
	for i, char := range turned {
		switch {
		case char >= 'a' && char <= 'z':
			turned[i] = (char-'a'+13)%26 + 'a'
		case char >= 'A' && char <= 'Z':
			turned[i] = (char-'A'+13)%26 + 'A'
		}
	}
	return string(turned)
}

// utf8Text is strict UTF-8: no overlong forms, no surrogates, nothing above U+10FFFF.
func utf8Text(decoded []byte) (string, bool) {
	return string(decoded), utf8.Valid(decoded)
}
