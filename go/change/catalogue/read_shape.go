// The shapes that a compiled catalogue is made of. Implements spec/catalogue.md clause 1.5 and spec/schema/catalogue.schema.json. No twin: TypeScript
// reads only catalogues that it has compiled itself, and Ajv holds them to the schema in the tests.
// INVARIANT: the first thing that is wrong is kept, with its JSON pointer; whatever is wrong, reading goes on to the end without harm.

package catalogue

import (
	"slices"
	"strconv"

	"cavra.dev/runtime/base"
	"cavra.dev/runtime/change/model"
)

type shapeReader struct {
	problem *base.Problem
}

// A place is a step into the document and where it was taken: a key, or an index where isItem is true. Nil is the whole.
type place struct {
	up     *place
	key    string
	index  int
	isItem bool
}

func (p *place) pointer() string {
	switch {
	case p == nil:
		return ""
	case p.isItem:
		return p.up.pointer() + "/" + strconv.Itoa(p.index)
	}
	return p.up.pointer() + "/" + base.EscapePointer(p.key)
}

func (r *shapeReader) refuse(at *place, what string) {
	if r.problem == nil {
		pointer := at.pointer()
		r.problem = base.BadAt("catalogue_malformed", "the compiled catalogue is no such document: `"+pointer+"` "+what, pointer)
	}
}

// object gives each member to read, which says whether it knows the key.
func (r *shapeReader) object(value *base.JSONValue, at *place, read func(key string, value *base.JSONValue, at *place) bool) {
	if value.Kind != base.JSONObject {
		r.refuse(at, "is no object")
		return
	}
	for i := range value.Members {
		member := &value.Members[i]
		below := place{up: at, key: member.Key}
		if !read(member.Key, &member.Value, &below) {
			r.refuse(&below, "is unknown")
		}
	}
}

// need refuses an object that lacks what it cannot do without.
func (r *shapeReader) need(is bool, at *place, key string) {
	if !is {
		r.refuse(at, "lacks `"+key+"`")
	}
}

func listIn[T any](r *shapeReader, value *base.JSONValue, at *place, least int, read func(value *base.JSONValue, at *place) T) []T {
	if value.Kind != base.JSONArray || len(value.Items) < least {
		r.refuse(at, "is no list of at least "+strconv.Itoa(least))
		return nil
	}
	items := make([]T, len(value.Items))
	for i := range value.Items {
		items[i] = read(&value.Items[i], &place{up: at, index: i, isItem: true})
	}
	return items
}

func recordIn[T any](r *shapeReader, value *base.JSONValue, at *place, read func(value *base.JSONValue, at *place) T) *base.Ordered[T] {
	record := &base.Ordered[T]{}
	r.object(value, at, func(key string, value *base.JSONValue, at *place) bool {
		record.Set(key, read(value, at))
		return true
	})
	return record
}

// set is a flag that is written: a default never is.
func (r *shapeReader) set(value *base.JSONValue, at *place) bool {
	if value.Kind != base.JSONBool || !value.Bool {
		r.refuse(at, "is not true")
	}
	return value.Bool
}

func (r *shapeReader) text(value *base.JSONValue, at *place) string {
	if value.Kind != base.JSONString {
		r.refuse(at, "is no text")
	}
	return value.Text
}

func (r *shapeReader) filled(value *base.JSONValue, at *place) string {
	if r.text(value, at) == "" {
		r.refuse(at, "is empty")
	}
	return value.Text
}

func (r *shapeReader) names(value *base.JSONValue, at *place) []string {
	return listIn(r, value, at, 1, r.filled)
}

func (r *shapeReader) word(value *base.JSONValue, at *place, known ...string) string {
	if !slices.Contains(known, r.text(value, at)) {
		r.refuse(at, "is none of the words that may stand there")
	}
	return value.Text
}

func (r *shapeReader) role(value *base.JSONValue, at *place) model.Role {
	if !IsRole(r.text(value, at)) {
		r.refuse(at, "is no role")
	}
	return value.Text
}

// count is a whole number from 1 on.
func (r *shapeReader) count(value *base.JSONValue, at *place) int {
	if value.Kind != base.JSONNumber || value.Number < 1 || value.Number > mostValues || value.Number != float64(int(value.Number)) {
		r.refuse(at, "is no number of words")
		return 1
	}
	return int(value.Number)
}

// mostValues is more words than any option takes.
const mostValues = 1000
