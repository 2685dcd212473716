// Reads a document of a known shape from its JSON value. Implements spec/policy.md section 6 and spec/catalogue.md clause 1.5, which say what becomes of
// one that does not fit. No twin: TypeScript judges by what its own compilers make, and Ajv holds that to the schemas in the tests.
// INVARIANT: the first thing that is wrong is kept, with its JSON pointer; whatever is wrong, reading goes on to the end without harm.

package base

import (
	"math"
	"slices"
	"strconv"
)

// ShapeReader keeps the first problem. The readers of single documents hold one, and add the shapes that are theirs alone.
type ShapeReader struct {
	// Code of its problem, and what the document is called in it.
	Code, Document string
	Problem        *Problem
}

// Place is a step into the document and where it was taken: a key, which may be empty, or an index where isItem is true. Nil is the whole.
type Place struct {
	up     *Place
	key    string
	index  int
	isItem bool
}

// PlaceOf a key of the whole.
func PlaceOf(key string) *Place {
	return &Place{key: key}
}

// Item of a list at a place.
func (p *Place) Item(index int) *Place {
	return &Place{up: p, index: index, isItem: true}
}

func (p *Place) pointer() string {
	switch {
	case p == nil:
		return ""
	case p.isItem:
		return p.up.pointer() + "/" + strconv.Itoa(p.index)
	}
	return p.up.pointer() + "/" + EscapePointer(p.key)
}

// Refuse says what is wrong at a place.
func (r *ShapeReader) Refuse(at *Place, what string) {
	if r.Problem == nil {
		pointer := at.pointer()
		r.Problem = BadAt(r.Code, "the compiled "+r.Document+" is no such document: `"+pointer+"` "+what, pointer)
	}
}

// Object gives each member to read, which says whether it knows the key.
func (r *ShapeReader) Object(value *JSONValue, at *Place, read func(key string, value *JSONValue, at *Place) bool) {
	if value.Kind != JSONObject {
		r.Refuse(at, "is no object")
		return
	}
	for i := range value.Members {
		member := &value.Members[i]
		below := Place{up: at, key: member.Key}
		if !read(member.Key, &member.Value, &below) {
			r.Refuse(&below, "is unknown")
		}
	}
}

// ListIn reads an array of at least so many items.
func ListIn[T any](r *ShapeReader, value *JSONValue, at *Place, least int, read func(value *JSONValue, at *Place) T) []T {
	if value.Kind != JSONArray || len(value.Items) < least {
		r.Refuse(at, "is no list of at least "+strconv.Itoa(least))
		return nil
	}
	items := make([]T, len(value.Items))
	for i := range value.Items {
		below := Place{up: at, index: i, isItem: true}
		items[i] = read(&value.Items[i], &below)
	}
	return items
}

// RecordIn reads an object whose keys are names.
func RecordIn[T any](r *ShapeReader, value *JSONValue, at *Place, read func(value *JSONValue, at *Place) T) *Ordered[T] {
	record := &Ordered[T]{}
	r.Object(value, at, func(key string, value *JSONValue, at *Place) bool {
		record.Set(key, read(value, at))
		return true
	})
	return record
}

// Text is any.
func (r *ShapeReader) Text(value *JSONValue, at *Place) string {
	if value.Kind != JSONString {
		r.Refuse(at, "is no text")
	}
	return value.Text
}

// Filled is a text that is not empty.
func (r *ShapeReader) Filled(value *JSONValue, at *Place) string {
	if r.Text(value, at) == "" {
		r.Refuse(at, "is empty")
	}
	return value.Text
}

// Word is one of those that are known.
func (r *ShapeReader) Word(value *JSONValue, at *Place, known ...string) string {
	if !slices.Contains(known, r.Text(value, at)) {
		r.Refuse(at, "is none of the words that may stand there")
	}
	return value.Text
}

// Flag is a boolean.
func (r *ShapeReader) Flag(value *JSONValue, at *Place) bool {
	if value.Kind != JSONBool {
		r.Refuse(at, "is neither true nor false")
	}
	return value.Bool
}

// Count is a whole number from 1 to the most.
func (r *ShapeReader) Count(value *JSONValue, at *Place, most int) int {
	number := value.Number
	if value.Kind != JSONNumber || number < 1 || number != math.Trunc(number) || number > float64(most) {
		r.Refuse(at, "is no whole number from 1 to "+strconv.Itoa(most))
		return 1
	}
	return int(number)
}
