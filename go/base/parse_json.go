// Reads JSON from outside. Implements spec/record.md section 2 (RFC 8259 and I-JSON). Twin of src/base/parse-json.ts.
// The temptation is encoding/json: it lets the last of two equal keys win, takes `Action` for `action` and replaces what is no UTF-8, so that the
// guard and the tool behind it would read two different actions from the same bytes.

package base

import (
	"math"
	"strconv"
	"unicode/utf8"
)

// JSONLimits bounds what is read.
type JSONLimits struct {
	// SizeBytes of the UTF-8 text.
	SizeBytes int
	// Depth of arrays and objects inside each other.
	Depth int
}

// DefaultJSONLimits hold unless the caller sets others.
var DefaultJSONLimits = JSONLimits{SizeBytes: 8 * 1024 * 1024, Depth: 128}

// ParseJSON gives the value of a JSON text. A zero is never negative. The problem's At is `byte N`, the offset of what was refused.
func ParseJSON(input []byte, limits JSONLimits) (*JSONValue, *Problem) {
	if len(input) > limits.SizeBytes {
		message := "the JSON text has " + strconv.Itoa(len(input)) + " bytes, more than " + strconv.Itoa(limits.SizeBytes)
		return nil, Bad("json_too_large", message)
	}
	if !utf8.Valid(input) {
		return nil, Bad("json_invalid_utf8", "the JSON text is not valid UTF-8")
	}
	reader := &jsonReader{text: string(input), limit: limits.Depth}
	var value JSONValue
	if reader.value(&value, 0) {
		reader.skipBlanks()
		if reader.at == len(reader.text) {
			return &value, nil
		}
		reader.refuse("json_trailing_text", reader.at)
	}
	return nil, BadAt(reader.code, jsonMessages[reader.code], "byte "+strconv.Itoa(reader.refusedAt))
}

// Every step gives false once something is refused; the first refusal is kept.
type jsonReader struct {
	text      string
	limit     int
	at        int
	code      string
	refusedAt int
}

var jsonMessages = map[string]string{
	"json_bad_escape":           "a string holds an escape that JSON does not know",
	"json_bad_number":           "a number is not written as JSON writes numbers",
	"json_control_character":    "a string holds a control character that is not escaped",
	"json_duplicate_key":        "an object has the same key twice",
	"json_lone_surrogate":       "a string holds half of a surrogate pair",
	"json_not_finite":           "a number is too large for a double",
	"json_too_deep":             "arrays and objects are nested too deep",
	"json_trailing_text":        "text follows the JSON value",
	"json_unexpected_character": "a character stands where JSON has no place for it",
	"json_unexpected_end":       "the JSON text ends too early",
}

func (r *jsonReader) refuse(code string, at int) bool {
	r.code, r.refusedAt = code, at
	return false
}

// unit is the byte at `at`, 0 behind the end; a NUL has no place anywhere and is refused like the end's neighbour.
func (r *jsonReader) unit(at int) byte {
	if at < len(r.text) {
		return r.text[at]
	}
	return 0
}

func (r *jsonReader) value(value *JSONValue, depth int) bool {
	r.skipBlanks()
	switch r.unit(r.at) {
	case '"':
		value.Kind = JSONString
		return r.string(&value.Text)
	case '{':
		value.Kind = JSONObject
		return r.object(value, depth+1)
	case '[':
		value.Kind = JSONArray
		return r.array(value, depth+1)
	case 't':
		value.Kind, value.Bool = JSONBool, true
		return r.word("true")
	case 'f':
		value.Kind = JSONBool
		return r.word("false")
	case 'n':
		return r.word("null")
	}
	value.Kind = JSONNumber
	return r.number(&value.Number)
}

func (r *jsonReader) skipBlanks() {
	for r.at < len(r.text) {
		switch r.text[r.at] {
		case ' ', '\n', '\r', '\t':
			r.at++
		default:
			return
		}
	}
}

func (r *jsonReader) word(word string) bool {
	for i := 0; i < len(word); i++ {
		if r.unit(r.at+i) != word[i] {
			return r.unexpected(r.at + i)
		}
	}
	r.at += len(word)
	return true
}

func (r *jsonReader) unexpected(at int) bool {
	if at >= len(r.text) {
		return r.refuse("json_unexpected_end", at)
	}
	return r.refuse("json_unexpected_character", at)
}

// manyMembers is where looking for a key twice one by one would begin to cost more than a map.
const manyMembers = 16

// fewMembers: most objects of a request have no more, and grow only once.
const fewMembers = 7

func (r *jsonReader) object(value *JSONValue, depth int) bool {
	if depth > r.limit {
		return r.refuse("json_too_deep", r.at)
	}
	r.at++
	r.skipBlanks()
	if r.unit(r.at) == '}' {
		r.at++
		return true
	}
	var known map[string]bool
	for {
		r.skipBlanks()
		start := r.at
		if r.unit(start) != '"' {
			return r.unexpected(start)
		}
		var key string
		if !r.string(&key) {
			return false
		}
		if len(value.Members) == manyMembers {
			known = keysOf(value.Members)
		}
		if _, twice := value.Get(key); known[key] || known == nil && twice {
			return r.refuse("json_duplicate_key", start)
		}
		if known != nil {
			known[key] = true
		}
		r.skipBlanks()
		if r.unit(r.at) != ':' {
			return r.unexpected(r.at)
		}
		r.at++
		if value.Members == nil {
			value.Members = make([]JSONMember, 0, fewMembers)
		}
		value.Members = append(value.Members, JSONMember{Key: key})
		if !r.value(&value.Members[len(value.Members)-1].Value, depth) {
			return false
		}
		if more, read := r.separator('}'); !read || !more {
			return read
		}
	}
}

func keysOf(members []JSONMember) map[string]bool {
	keys := map[string]bool{}
	for _, member := range members {
		keys[member.Key] = true
	}
	return keys
}

func (r *jsonReader) array(value *JSONValue, depth int) bool {
	if depth > r.limit {
		return r.refuse("json_too_deep", r.at)
	}
	r.at++
	r.skipBlanks()
	if r.unit(r.at) == ']' {
		r.at++
		return true
	}
	for {
		value.Items = append(value.Items, JSONValue{})
		if !r.value(&value.Items[len(value.Items)-1], depth) {
			return false
		}
		if more, read := r.separator(']'); !read || !more {
			return read
		}
	}
}

// separator gives true after a comma, false after the closing character, and whether it was one of them.
func (r *jsonReader) separator(closing byte) (more, read bool) {
	r.skipBlanks()
	unit := r.unit(r.at)
	if unit != ',' && unit != closing {
		return false, r.unexpected(r.at)
	}
	r.at++
	return unit == ',', true
}

func (r *jsonReader) string(value *string) bool {
	opening := r.at
	from := opening + 1
	var known []byte
	lone := false
	for i := from; ; {
		if i >= len(r.text) {
			return r.refuse("json_unexpected_end", i)
		}
		switch unit := r.text[i]; {
		case unit == '"':
			r.at = i + 1
			if lone {
				return r.refuse("json_lone_surrogate", opening)
			}
			if known == nil {
				*value = r.text[from:i]
			} else {
				*value = string(append(known, r.text[from:i]...))
			}
			return true
		case unit == '\\':
			escaped, end, read := r.escape(i)
			if !read {
				return false
			}
			known = append(known, r.text[from:i]...)
			if isSurrogate(escaped) {
				escaped, end = r.pair(escaped, end)
				lone = lone || isSurrogate(escaped)
			}
			known = utf8.AppendRune(known, escaped)
			from, i = end, end
		case unit < 0x20:
			return r.refuse("json_control_character", i)
		default:
			i++
		}
	}
}

func isSurrogate(unit rune) bool {
	return unit >= 0xd800 && unit <= 0xdfff
}

// pair joins the half at hand with an escape of the other half that follows at once; else the half stays alone.
func (r *jsonReader) pair(high rune, end int) (rune, int) {
	if high > 0xdbff || r.unit(end) != '\\' || r.unit(end+1) != 'u' {
		return high, end
	}
	low := rune(0)
	for i := end + 2; i < end+6; i++ {
		digit := hexDigit(r.unit(i))
		if digit < 0 {
			return high, end
		}
		low = low*16 + digit
	}
	if low < 0xdc00 || low > 0xdfff {
		return high, end
	}
	return 0x10000 + (high-0xd800)<<10 + (low - 0xdc00), end + 6
}

const shortEscapes, shortMeanings = `"\/bfnrt`, "\"\\/\b\f\n\r\t"

func (r *jsonReader) escape(at int) (unit rune, end int, read bool) {
	if at+1 >= len(r.text) {
		return 0, 0, r.refuse("json_unexpected_end", at+1)
	}
	letter := r.text[at+1]
	if letter != 'u' {
		for i := 0; i < len(shortEscapes); i++ {
			if shortEscapes[i] == letter {
				return rune(shortMeanings[i]), at + 2, true
			}
		}
		return 0, 0, r.refuse("json_bad_escape", at)
	}
	for i := at + 2; i < at+6; i++ {
		digit := hexDigit(r.unit(i))
		if digit < 0 && i >= len(r.text) {
			return 0, 0, r.refuse("json_unexpected_end", i)
		}
		if digit < 0 {
			return 0, 0, r.refuse("json_bad_escape", at)
		}
		unit = unit*16 + digit
	}
	return unit, at + 6, true
}

func hexDigit(unit byte) rune {
	switch {
	case unit >= '0' && unit <= '9':
		return rune(unit - '0')
	case unit >= 'a' && unit <= 'f':
		return rune(unit - 'a' + 10)
	case unit >= 'A' && unit <= 'F':
		return rune(unit - 'A' + 10)
	}
	return -1
}

func (r *jsonReader) number(value *float64) bool {
	start := r.at
	at := start
	if r.unit(at) == '-' {
		at++
	}
	if !isDigit(r.unit(at)) {
		// Without a digit or a minus it is no number at all; a minus alone is one cut short.
		if at == start || at >= len(r.text) {
			return r.unexpected(at)
		}
		return r.refuse("json_bad_number", start)
	}
	if r.unit(at) == '0' {
		at++
	} else {
		at = r.skipDigits(at)
	}
	if isDigit(r.unit(at)) {
		return r.refuse("json_bad_number", start)
	}
	read := true
	if r.unit(at) == '.' {
		if at, read = r.requireDigits(at+1, start); !read {
			return false
		}
	}
	if r.unit(at) == 'e' || r.unit(at) == 'E' {
		at++
		if r.unit(at) == '+' || r.unit(at) == '-' {
			at++
		}
		if at, read = r.requireDigits(at, start); !read {
			return false
		}
	}
	// The only error that is left is a number out of range, which is infinite then.
	number, _ := strconv.ParseFloat(r.text[start:at], 64)
	if math.IsInf(number, 0) {
		return r.refuse("json_not_finite", start)
	}
	r.at = at
	if number != 0 {
		*value = number
	}
	return true
}

func (r *jsonReader) requireDigits(at, start int) (int, bool) {
	if at >= len(r.text) {
		return at, r.refuse("json_unexpected_end", at)
	}
	if !isDigit(r.text[at]) {
		return at, r.refuse("json_bad_number", start)
	}
	return r.skipDigits(at), true
}

func (r *jsonReader) skipDigits(from int) int {
	at := from
	for isDigit(r.unit(at)) {
		at++
	}
	return at
}

func isDigit(unit byte) bool {
	return unit >= '0' && unit <= '9'
}
