// Quotes. Implements spec/shell.md sections 5.3 and 5.4.

package shell

import (
	"strings"
	"unicode/utf8"
)

// singleQuotes reads `'…'`; the part begins at start.
func (r *reader) singleQuotes(start, quote int) {
	length := strings.IndexByte(r.text[quote+1:], '\'')
	if length < 0 {
		r.swallowPart(start, r.endReason())
		return
	}
	r.pass(quote + 1 + length)
	r.partStack.push(Part{Kind: Quoted, Text: r.text[quote+1 : quote+1+length], Span: r.from(start)})
}

// doubleQuotes reads `"…"` or `$"…"`; the part begins at start.
func (r *reader) doubleQuotes(start, quote int) {
	if !r.enter() {
		r.swallowPart(start, limitExceeded)
		return
	}
	parts := r.partStack.height()
	r.pass(quote)
	r.quotedText(rowDouble, doubleQuoted)
	r.leave()
	if !r.isSwallowed && r.pos == len(r.text) {
		r.partStack.drop(parts)
		r.swallowPart(start, r.endReason())
		return
	}
	if !r.isSwallowed {
		r.pass(r.pos)
	}
	r.pushPart(start, Part{Kind: Double, Parts: r.partStack.take(parts)})
}

// ansiEnd gives the position of the quote that ends `$'…'`.
func (r *reader) ansiEnd(quote int) (int, bool) {
	for i := quote + 1; i < len(r.text); i++ {
		switch r.text[i] {
		case '\\':
			i++
		case '\'':
			return i, true
		}
	}
	return 0, false
}

// ansiQuotes reads `$'…'`.
func (r *reader) ansiQuotes(start, quote int) {
	end, ok := r.ansiEnd(quote)
	if !ok {
		r.swallowPart(start, r.endReason())
		return
	}
	text, ok := undoEscapes(r.text[quote+1 : end])
	r.pass(end)
	if !ok {
		r.unsupportedPart(start, invalidText)
		return
	}
	r.partStack.push(Part{Kind: Quoted, Text: text, Span: r.from(start)})
}

// undoEscapes undoes the escapes of `$'…'`, or says that the result is no valid text.
func undoEscapes(text string) (string, bool) {
	if strings.IndexByte(text, '\\') < 0 {
		return text, true
	}
	result := make([]byte, 0, len(text))
	for i := 0; i < len(text); {
		if text[i] != '\\' || i+1 == len(text) {
			result = append(result, text[i])
			i++
			continue
		}
		value, size, ok := undoEscape(text[i+1:])
		if !ok {
			return "", false
		}
		if size == 0 {
			result = append(result, '\\')
			i++
			continue
		}
		if len(value) > 0 && value[0] == 0 {
			break
		}
		result = append(result, value...)
		i += 1 + size
	}
	return string(result), utf8.Valid(result)
}

// undoEscape undoes one escape, given without its backslash; it is size bytes long, or 0 if it is none.
func undoEscape(text string) (value string, size int, ok bool) {
	if i := strings.IndexByte(`abeEfnrtv\'"?`, text[0]); i >= 0 {
		return "\a\b\x1b\x1b\f\n\r\t\v\\'\"?"[i : i+1], 1, true
	}
	switch c := text[0]; c {
	case '0', '1', '2', '3', '4', '5', '6', '7':
		number, digits := numberAt(text, 3, 8)
		return string([]byte{byte(number)}), digits, true
	case 'x':
		return undoHexadecimal(text)
	case 'u', 'U':
		most := 4
		if c == 'U' {
			most = 8
		}
		number, digits := numberAt(text[1:], most, 16)
		if digits == 0 {
			return "", 0, true
		}
		if number > utf8.MaxRune || !utf8.ValidRune(rune(number)) {
			return "", 0, false
		}
		return string(rune(number)), 1 + digits, true
	case 'c':
		return undoControl(text)
	}
	return "", 0, true
}

func undoHexadecimal(text string) (string, int, bool) {
	if !strings.HasPrefix(text, "x{") {
		number, digits := numberAt(text[1:], 2, 16)
		if digits == 0 {
			return "", 0, true
		}
		return string([]byte{byte(number)}), 1 + digits, true
	}
	// Without digits it is a NUL.
	number, digits := numberAt(text[2:], len(text), 16)
	size := 2 + digits
	if size < len(text) && text[size] == '}' {
		size++
	}
	return string([]byte{byte(number)}), size, true
}

func undoControl(text string) (string, int, bool) {
	if len(text) == 1 {
		return "", 0, true
	}
	c, size := text[1], 2
	if c >= utf8.RuneSelf {
		return "", 0, false
	}
	if c == '\\' && strings.HasPrefix(text[2:], `\`) {
		size++
	}
	if c == '?' {
		return "\x7f", size, true
	}
	if c >= 'a' && c <= 'z' {
		c -= 'a' - 'A'
	}
	return string([]byte{c & 0x1f}), size, true
}

// numberAt reads at most so many digits; of a number too large the last digits count.
func numberAt(text string, most int, radix uint32) (number uint32, digits int) {
	for digits < len(text) && digits < most {
		value := digitValue(text[digits])
		if value >= radix {
			break
		}
		number = number*radix + value
		digits++
	}
	return number, digits
}

func digitValue(c byte) uint32 {
	switch {
	case c >= '0' && c <= '9':
		return uint32(c - '0')
	case c >= 'a' && c <= 'f':
		return uint32(c-'a') + 10
	case c >= 'A' && c <= 'F':
		return uint32(c-'A') + 10
	}
	return 99
}
