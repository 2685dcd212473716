// The texts that echo, printf, base64 -d, xxd -r -p and tr print for known words. Implements spec/catalogue.md section 9.
// Twin of src/change/catalogue/output-texts.ts.
// False stands for a text that cannot be known, or is longer than the limit.

package catalogue

import (
	"strings"
	"unicode/utf8"

	"cavra.dev/runtime/base"
	"cavra.dev/runtime/change/model"
)

// LimitOutputUnits is UTF-16 units of one output text; beyond it the output is a stream.
const LimitOutputUnits = 100_000

func isTooLong(text string) bool {
	return len(text) > LimitOutputUnits && base.Utf16Length(text) > LimitOutputUnits
}

// echoText: `echo [-neE] word …` of bash: options only as whole words of these letters, before the first other word.
func echoText(words []model.Argument) (string, bool) {
	newline := "\n"
	escapes := false
	start := 0
	for ; start < len(words); start++ {
		value := &words[start].Value
		if value.Kind != "text" || !isEchoOption(value.Text) {
			break
		}
		for i := 1; i < len(value.Text); i++ {
			switch value.Text[i] {
			case 'n':
				newline = ""
			case 'e':
				escapes = true
			case 'E':
				escapes = false
			}
		}
	}
	known, is := knownTexts(words[start:])
	if !is {
		return "", false
	}
	joined := strings.Join(known, " ")
	if !escapes {
		return limited(joined + newline)
	}
	text, stopped, is := unescaped(joined, true, false)
	if !is {
		return "", false
	}
	if stopped {
		newline = ""
	}
	return limited(text + newline)
}

func knownTexts(words []model.Argument) ([]string, bool) {
	known := make([]string, len(words))
	for i := range words {
		if words[i].Value.Kind != "text" {
			return nil, false
		}
		known[i] = words[i].Value.Text
	}
	return known, true
}

func isEchoOption(word string) bool {
	return len(word) >= 2 && word[0] == '-' && strings.Trim(word[1:], "neE") == ""
}

// formatted: `printf format argument …`: the format is used again until no argument is left.
func formatted(words []model.Argument) (string, bool) {
	if len(words) > 0 && words[0].Value.Kind == "text" && words[0].Value.Text == "--" {
		words = words[1:]
	}
	known, is := knownTexts(words)
	if !is {
		return "", false
	}
	if len(known) == 0 {
		return "", true
	}
	format, left := known[0], known[1:]
	var text []byte
	units := 0
	for {
		var rest []string
		var stopped bool
		before := len(text)
		text, rest, stopped, is = formatOnce(text, format, left)
		if !is {
			return "", false
		}
		if stopped || len(rest) == len(left) || len(rest) == 0 {
			return limited(string(text))
		}
		left = rest
		if units += base.Utf16Length(string(text[before:])); units > LimitOutputUnits {
			return "", false
		}
	}
}

// formatOnce writes the format once, and gives the arguments that are left.
func formatOnce(text []byte, format string, words []string) (all []byte, left []string, stopped, known bool) {
	left = words
	plain := 0
	for i := 0; i < len(format); i++ {
		if format[i] == '\\' {
			i++
			continue
		}
		if format[i] != '%' {
			continue
		}
		before, stops, is := unescaped(format[plain:i], false, true)
		text = append(text, before...)
		if !is || stops {
			return text, left, stops, is
		}
		i++
		plain = i + 1
		if i < len(format) && format[i] == '%' {
			text = append(text, '%')
			continue
		}
		if i >= len(format) {
			return text, left, false, false
		}
		word := ""
		if len(left) > 0 {
			word, left = left[0], left[1:]
		}
		filled, stops, is := conversion(format[i], word)
		text = append(text, filled...)
		if !is || stops {
			return text, left, stops, is
		}
	}
	end, stopped, known := unescaped(format[min(plain, len(format)):], false, true)
	return append(text, end...), left, stopped, known
}

// conversion knows only those without width and precision that are used to make words.
func conversion(letter byte, word string) (text string, stopped, known bool) {
	switch letter {
	case 's':
		return word, false, true
	case 'b':
		return unescaped(word, true, true)
	case 'c':
		// One byte, which alone is no text when it is not ASCII.
		return word[:min(len(word), 1)], false, word == "" || word[0] < utf8.RuneSelf
	case 'd', 'i', 'u':
		if word == "" {
			return "0", false, true
		}
		return word, false, isDecimal(word)
	}
	return "", false, false
}

func isDecimal(word string) bool {
	return len(word) <= 15 && (len(word) <= 1 || word[0] != '0') && allDigits(word)
}

const base64Digits = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"

// decodeBase64 knows one well-formed text, and nothing else.
func decodeBase64(source string) (string, bool) {
	if isTooLong(source) {
		return "", false
	}
	decoded := make([]byte, 0, len(source)*3/4)
	bits, count := 0, 0
	for i := 0; i < len(source); i++ {
		unit := source[i]
		switch unit {
		case '\n', '=':
			continue
		case '-':
			unit = '+'
		case '_':
			unit = '/'
		}
		value := strings.IndexByte(base64Digits, unit)
		if value < 0 {
			return "", false
		}
		bits = bits<<6 | value
		count += 6
		if count >= 8 {
			count -= 8
			decoded = append(decoded, byte(bits>>count))
		}
		bits &= 0xffff
	}
	return string(decoded), utf8.Valid(decoded)
}

func decodeHex(source string) (string, bool) {
	if isTooLong(source) {
		return "", false
	}
	decoded := make([]byte, 0, len(source)/2)
	high := -1
	for i := 0; i < len(source); i++ {
		if source[i] == '\n' || source[i] == ' ' {
			continue
		}
		digit := digitOf(source[i])
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
	return string(decoded), high < 0 && utf8.Valid(decoded)
}

// translated is tr with sets of plain characters, ranges and the simple escapes; classes and repeats are not read.
func translated(source, from string, to *string, deletes bool) (string, bool) {
	left, is := expandedSet(from)
	if !is || isTooLong(source) {
		return "", false
	}
	var right []rune
	if to != nil {
		if right, is = expandedSet(*to); !is {
			return "", false
		}
	}
	if !deletes && len(right) == 0 {
		return "", false
	}
	places := make(map[rune]int, len(left))
	for i, point := range left {
		places[point] = i
	}
	text := make([]byte, 0, len(source))
	for _, point := range source {
		at, replaced := places[point]
		switch {
		case !replaced:
			text = utf8.AppendRune(text, point)
		case !deletes:
			text = utf8.AppendRune(text, right[min(at, len(right)-1)])
		}
	}
	return string(text), true
}

func expandedSet(set string) ([]rune, bool) {
	if strings.Contains(set, "[:") || strings.Contains(set, "[=") || strings.Contains(set, "*]") {
		return nil, false
	}
	text, stopped, known := unescaped(set, false, true)
	if !known || stopped {
		return nil, false
	}
	points := []rune(text)
	all := make([]rune, 0, len(points))
	for i := 0; i < len(points); i++ {
		if i+2 >= len(points) || points[i+1] != '-' {
			all = append(all, points[i])
			continue
		}
		low, high := points[i], points[i+2]
		if high < low || high >= utf8.RuneSelf {
			return nil, false
		}
		for point := low; point <= high; point++ {
			all = append(all, point)
		}
		i += 2
	}
	return all, true
}

func limited(text string) (string, bool) {
	if isTooLong(text) {
		return "", false
	}
	return text, true
}
