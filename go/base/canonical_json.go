// Canonical JSON: one value, one sequence of bytes. Implements spec/record.md section 1 (RFC 8785). Twin of src/base/canonical-json.ts.
// What cannot be written the same way by everybody is refused with a code. The temptation is encoding/json: it escapes `<` and U+2028, replaces
// bytes that are no UTF-8, and sorts keys by bytes, so two engines would sign different things.

package base

import (
	"math"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"
)

// CanonicalDepth is how deep arrays and objects may be nested, in canonical JSON of any kind.
const CanonicalDepth = 128

// CanonicalJSON is the RFC 8785 text of a value. The problem's At is the JSON pointer of what was refused.
func CanonicalJSON(value *JSONValue) ([]byte, *Problem) {
	return writeCanonical(value, writer{number: appendDouble, key: appendAnyKey})
}

// CanonicalRecord is as CanonicalJSON, in the narrower form of records: integers within ±(2^53−1), and keys `[a-z][a-z0-9_]*`, whose UTF-16 order is
// byte order.
func CanonicalRecord(value *JSONValue) ([]byte, *Problem) {
	return writeCanonical(value, writer{number: appendInteger, key: appendRecordKey})
}

// A writer gives "" or the code of what it refuses.
type writer struct {
	number func(dst []byte, value float64) ([]byte, string)
	key    func(dst []byte, key string) ([]byte, string)
}

// refusal is what is wrong and where, as steps from the inside out.
type refusal struct {
	code  string
	steps []string
}

var canonicalMessages = map[string]string{
	"json_bad_key":           "a record key must match `[a-z][a-z0-9_]*`",
	"json_lone_surrogate":    "a string holds half of a surrogate pair",
	"json_not_finite":        "a number is not finite",
	"json_not_integer":       "a record holds integers only",
	"json_too_deep":          "arrays and objects are nested deeper than " + strconv.Itoa(CanonicalDepth),
	"json_unsafe_integer":    "an integer is beyond 2^53-1",
	"json_unsupported_value": "only null, booleans, numbers, strings, arrays and plain objects can be written",
}

func writeCanonical(value *JSONValue, w writer) ([]byte, *Problem) {
	text, refused := w.value(nil, value, 0)
	if refused == nil {
		return text, nil
	}
	pointer := ""
	for _, step := range slices.Backward(refused.steps) {
		pointer += "/" + EscapePointer(step)
	}
	return nil, BadAt(refused.code, canonicalMessages[refused.code], pointer)
}

func (w writer) value(dst []byte, value *JSONValue, depth int) ([]byte, *refusal) {
	code := ""
	switch value.Kind {
	case JSONString:
		dst, code = AppendString(dst, value.Text)
	case JSONNumber:
		dst, code = w.number(dst, value.Number)
	case JSONBool:
		dst = strconv.AppendBool(dst, value.Bool)
	case JSONNull:
		dst = append(dst, "null"...)
	case JSONArray, JSONObject:
		if depth == CanonicalDepth {
			return nil, &refusal{code: "json_too_deep"}
		}
		if value.Kind == JSONArray {
			return w.array(dst, value.Items, depth+1)
		}
		return w.object(dst, value.Members, depth+1)
	default:
		code = "json_unsupported_value"
	}
	if code != "" {
		return nil, &refusal{code: code}
	}
	return dst, nil
}

func (w writer) array(dst []byte, items []JSONValue, depth int) ([]byte, *refusal) {
	dst = append(dst, '[')
	for i := range items {
		if i > 0 {
			dst = append(dst, ',')
		}
		var refused *refusal
		if dst, refused = w.value(dst, &items[i], depth); refused != nil {
			return nil, refused.inside(strconv.Itoa(i))
		}
	}
	return append(dst, ']'), nil
}

func (w writer) object(dst []byte, members []JSONMember, depth int) ([]byte, *refusal) {
	dst = append(dst, '{')
	for i, member := range sortedMembers(members) {
		if i > 0 {
			dst = append(dst, ',')
		}
		var code string
		if dst, code = w.key(dst, member.Key); code != "" {
			return nil, (&refusal{code: code}).inside(member.Key)
		}
		dst = append(dst, ':')
		var refused *refusal
		if dst, refused = w.value(dst, &member.Value, depth); refused != nil {
			return nil, refused.inside(member.Key)
		}
	}
	return append(dst, '}'), nil
}

// RFC 8785 sorts keys by UTF-16 units. INVARIANT: not by bytes, which is Go's own order.
func sortedMembers(members []JSONMember) []JSONMember {
	byUnits := func(left, right JSONMember) int { return compareUnits(left.Key, right.Key) }
	if slices.IsSortedFunc(members, byUnits) {
		return members
	}
	sorted := slices.Clone(members)
	slices.SortStableFunc(sorted, byUnits)
	return sorted
}

// The units of two texts differ in order from their code points only where a surrogate meets U+E000 to U+FFFF.
func compareUnits(left, right string) int {
	for left != "" && right != "" {
		a, sizeA := utf8.DecodeRuneInString(left)
		b, sizeB := utf8.DecodeRuneInString(right)
		if a != b {
			if a > 0xffff && b >= 0xe000 && b <= 0xffff {
				return -1
			}
			if b > 0xffff && a >= 0xe000 && a <= 0xffff {
				return 1
			}
			return int(a) - int(b)
		}
		left, right = left[sizeA:], right[sizeB:]
	}
	return len(left) - len(right)
}

func (r *refusal) inside(step string) *refusal {
	r.steps = append(r.steps, step)
	return r
}

// EscapePointer is one step of a JSON pointer (RFC 6901).
func EscapePointer(step string) string {
	return strings.ReplaceAll(strings.ReplaceAll(step, "~", "~0"), "/", "~1")
}

// ECMAScript's Number::toString is the form that RFC 8785 names.
func appendDouble(dst []byte, value float64) ([]byte, string) {
	if math.IsNaN(value) || math.IsInf(value, 0) {
		return dst, "json_not_finite"
	}
	if value == 0 {
		return append(dst, '0'), ""
	}
	if size := math.Abs(value); size >= 1e-6 && size < 1e21 {
		return strconv.AppendFloat(dst, value, 'f', -1, 64), ""
	}
	from := len(dst)
	dst = strconv.AppendFloat(dst, value, 'e', -1, 64)
	// Go writes at least two digits of an exponent, ECMAScript no leading zero.
	if end := len(dst); end-from > 4 && dst[end-2] == '0' && (dst[end-3] == '-' || dst[end-3] == '+') {
		dst[end-2] = dst[end-1]
		dst = dst[:end-1]
	}
	return dst, ""
}

func appendInteger(dst []byte, value float64) ([]byte, string) {
	switch {
	case math.IsNaN(value) || math.IsInf(value, 0):
		return dst, "json_not_finite"
	case value != math.Trunc(value):
		return dst, "json_not_integer"
	case math.Abs(value) > 1<<53-1:
		return dst, "json_unsafe_integer"
	}
	return strconv.AppendInt(dst, int64(value), 10), ""
}

func appendAnyKey(dst []byte, key string) ([]byte, string) {
	return AppendString(dst, key)
}

// What fits needs no escapes.
func appendRecordKey(dst []byte, key string) ([]byte, string) {
	for i := 0; i < len(key); i++ {
		letter := key[i] >= 'a' && key[i] <= 'z'
		inner := key[i] >= '0' && key[i] <= '9' || key[i] == '_'
		if !letter && (i == 0 || !inner) {
			return dst, "json_bad_key"
		}
	}
	if key == "" {
		return dst, "json_bad_key"
	}
	dst = append(dst, '"')
	dst = append(dst, key...)
	return append(dst, '"'), ""
}

const hexDigits = "0123456789abcdef"

// AppendString writes a text as a canonical JSON string. The code is "", or `json_lone_surrogate` for bytes that are no UTF-8: that is the only
// form in which Go's texts could hold half of a pair.
func AppendString(dst []byte, text string) ([]byte, string) {
	if HasLoneSurrogate(text) {
		return dst, "json_lone_surrogate"
	}
	dst = append(dst, '"')
	from := 0
	for i := 0; i < len(text); i++ {
		if text[i] >= 0x20 && text[i] != '"' && text[i] != '\\' {
			continue
		}
		dst = append(dst, text[from:i]...)
		dst = appendEscape(dst, text[i])
		from = i + 1
	}
	dst = append(dst, text[from:]...)
	return append(dst, '"'), ""
}

func appendEscape(dst []byte, unit byte) []byte {
	switch unit {
	case '"', '\\':
		return append(dst, '\\', unit)
	case '\b':
		return append(dst, '\\', 'b')
	case '\t':
		return append(dst, '\\', 't')
	case '\n':
		return append(dst, '\\', 'n')
	case '\f':
		return append(dst, '\\', 'f')
	case '\r':
		return append(dst, '\\', 'r')
	}
	return append(dst, '\\', 'u', '0', '0', hexDigits[unit>>4], hexDigits[unit&15])
}

// HasLoneSurrogate is true when the text is no UTF-8: TypeScript's texts can hold half of a surrogate pair, Go's other bytes.
func HasLoneSurrogate(text string) bool {
	return !utf8.ValidString(text)
}
