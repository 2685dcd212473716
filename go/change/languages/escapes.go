// Backslash escapes in strings. Implements spec/languages.md section 3.4. Twin of src/change/languages/escapes.ts.
// An escape that no language defines keeps its character; what languages differ in is whether the backslash stays.

package languages

import (
	"strconv"
	"strings"
	"unicode/utf8"
)

// Escapes: `none` raw text; `single` only `\\` and `\'` (perl, ruby, php); the others (python, python_bytes, javascript, perl, ruby, php) are the
// double-quoted rules of the language.
type Escapes = string

var simpleEscapes = map[byte]string{
	'n': "\n", 't': "\t", 'r': "\r", 'a': "\a", 'b': "\b", 'f': "\f", 'v': "\v", 'e': "\x1b", 's': " ",
}

// undoEscapes is the text that the body of a string stands for.
func undoEscapes(body string, escapes Escapes) string {
	if escapes == "none" || strings.IndexByte(body, '\\') < 0 {
		return body
	}
	var out strings.Builder
	for at := 0; at < len(body); {
		if body[at] != '\\' || at+1 >= len(body) {
			out.WriteByte(body[at])
			at++
			continue
		}
		text, length := "", 0
		if escapes == "single" {
			text, length = singleEscape(body, at)
		} else {
			text, length = doubleEscape(body, at, escapes)
		}
		out.WriteString(text)
		at += length
	}
	return out.String()
}

func singleEscape(body string, at int) (string, int) {
	if next := body[at+1]; next == '\\' || next == '\'' {
		return body[at+1 : at+2], 2
	}
	return body[at : at+2], 2
}

func doubleEscape(body string, at int, escapes Escapes) (string, int) {
	next := body[at+1]
	if text, length := codedEscape(body, at, escapes); length > 0 {
		return text, length
	}
	if next == '\n' {
		return "", 2
	}
	scripting := escapes == "perl" || escapes == "ruby" || escapes == "php"
	known := (next != 'e' || scripting) && (next != 's' || escapes == "ruby") && !(escapes == "php" && (next == 'a' || next == 'b'))
	if text, simple := simpleEscapes[next]; simple && known {
		return text, 2
	}
	keeps := escapes == "python" || escapes == "python_bytes" || escapes == "php"
	plain := next == '\\' || next == '"' || next == '\'' && escapes != "php" || next == '$' || next == '`'
	if keeps && !plain {
		return body[at : at+2], 2
	}
	return body[at+1 : at+2], 2
}

// codedEscape reads `\x41`, `\x{41}`, `\u0041`, `\u{41}`, `\U00000041`, `\101`; length 0 for anything else.
func codedEscape(body string, at int, escapes Escapes) (string, int) {
	kind := body[at+1]
	if kind >= '0' && kind <= '7' {
		digits := run(body, at+1, 3, 8)
		return coded(digits, 8), 1 + len(digits)
	}
	if kind != 'x' && (kind != 'u' || escapes == "perl" || escapes == "python_bytes") && (kind != 'U' || escapes != "python") {
		return "", 0
	}
	if byteAt(body, at+2) == '{' && escapes != "python" && escapes != "python_bytes" {
		digits := run(body, at+3, 6, 16)
		if digits == "" || byteAt(body, at+3+len(digits)) != '}' {
			return "", 0
		}
		return coded(digits, 16), 4 + len(digits)
	}
	most := 8
	switch kind {
	case 'x':
		most = 2
	case 'u':
		most = 4
	}
	digits := run(body, at+2, most, 16)
	if digits == "" || kind != 'x' && len(digits) < most {
		return "", 0
	}
	return coded(digits, 16), 2 + len(digits)
}

func run(body string, from, most, radix int) string {
	at := from
	for at < from+most && at < len(body) && hexDigit(body[at]) >= 0 && hexDigit(body[at]) < radix {
		at++
	}
	return body[min(from, len(body)):at]
}

func coded(digits string, radix int) string {
	point, _ := strconv.ParseInt(digits, radix, 64) // at most eight digits, all of them digits
	return character(point)
}

// character is the character of a code point; U+FFFD for what is none.
func character(point int64) string {
	if point < 0 || point > utf8.MaxRune {
		return "\ufffd"
	}
	return string(rune(point)) // a half of a surrogate pair becomes U+FFFD by itself
}
