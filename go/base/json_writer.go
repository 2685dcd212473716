// Canonical JSON of values whose keys are known beforehand, written straight to bytes. Implements spec/record.md section 1. No twin: in TypeScript such
// values are their own JSON. INVARIANT: who writes an object names its keys in byte order; nothing is sorted here.

package base

import "strconv"

// JSONWriter collects the bytes. Code is "", or that of the first text that has no canonical form; the bytes are of no use then.
type JSONWriter struct {
	Bytes []byte
	Code  string
}

// Open begins an object or a list, by its bracket.
func (w *JSONWriter) Open(bracket byte) {
	w.separate()
	w.Bytes = append(w.Bytes, bracket)
}

// Close ends it.
func (w *JSONWriter) Close(bracket byte) {
	w.Bytes = append(w.Bytes, bracket)
}

// Key writes a key; its value comes next.
func (w *JSONWriter) Key(key string) {
	w.Text(key)
	w.Bytes = append(w.Bytes, ':')
}

// Text writes a string.
func (w *JSONWriter) Text(text string) {
	w.separate()
	dst, code := AppendString(w.Bytes, text)
	w.Bytes = dst
	w.Refuse(code)
}

// Flag writes true or false.
func (w *JSONWriter) Flag(value bool) {
	w.separate()
	w.Bytes = strconv.AppendBool(w.Bytes, value)
}

// Integer writes a whole number.
func (w *JSONWriter) Integer(value int64) {
	w.separate()
	w.Bytes = strconv.AppendInt(w.Bytes, value, 10)
}

// Null writes null.
func (w *JSONWriter) Null() {
	w.separate()
	w.Bytes = append(w.Bytes, "null"...)
}

// Value appends what another writer makes, with its code.
func (w *JSONWriter) Value(write func(dst []byte) ([]byte, string)) {
	w.separate()
	dst, code := write(w.Bytes)
	w.Bytes = dst
	w.Refuse(code)
}

// Member writes a key and its text.
func (w *JSONWriter) Member(key, text string) {
	w.Key(key)
	w.Text(text)
}

// Refuse keeps the first code.
func (w *JSONWriter) Refuse(code string) {
	if w.Code == "" {
		w.Code = code
	}
}

// A comma stands before every value but the first of its object or list, and never behind a key's colon.
func (w *JSONWriter) separate() {
	if len(w.Bytes) == 0 {
		return
	}
	switch w.Bytes[len(w.Bytes)-1] {
	case '{', '[', ':', ',':
	default:
		w.Bytes = append(w.Bytes, ',')
	}
}
