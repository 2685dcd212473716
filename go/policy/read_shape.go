// The shapes that a compiled policy is made of. Implements spec/policy.md section 6 and spec/schema/compiled-policy.schema.json. No twin: TypeScript's
// own compiler makes what it judges by, and Ajv holds it to the schema in the tests.
// INVARIANT: the first thing that is wrong is kept, with its JSON pointer; whatever is wrong, reading goes on to the end without harm.

package policy

import (
	"math"
	"slices"
	"strconv"

	"cavra.dev/runtime/base"
)

type shapeReader struct {
	problem *base.Problem
}

// A place is a step into the document and where it was taken: a key, which may be empty, or an index where isItem is true. Nil is the whole.
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
		r.problem = base.BadAt("policy_malformed", "the compiled policy is no such document: `"+pointer+"` "+what, pointer)
	}
}

// object gives each member to read, which says whether it knows the key. There must be as many as needed: a known key stands once, so none is missing.
func (r *shapeReader) object(value *base.JSONValue, at *place, needed int, read func(key string, value *base.JSONValue, at *place) bool) {
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
	if len(value.Members) < needed {
		r.refuse(at, "lacks a key")
	}
}

func list[T any](r *shapeReader, value *base.JSONValue, at *place, least int, read func(value *base.JSONValue, at *place) T) []T {
	if value.Kind != base.JSONArray || len(value.Items) < least {
		r.refuse(at, "is no list of at least "+strconv.Itoa(least))
		return nil
	}
	items := make([]T, len(value.Items))
	for i := range value.Items {
		below := place{up: at, index: i, isItem: true}
		items[i] = read(&value.Items[i], &below)
	}
	return items
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

func (r *shapeReader) digest(value *base.JSONValue, at *place) string {
	if !base.IsDigest(r.text(value, at)) {
		r.refuse(at, "is no digest")
	}
	return value.Text
}

func (r *shapeReader) word(value *base.JSONValue, known []string, at *place) string {
	if !slices.Contains(known, r.text(value, at)) {
		r.refuse(at, "is none of the words that may stand there")
	}
	return value.Text
}

func (r *shapeReader) verdict(value *base.JSONValue, at *place) base.Verdict {
	verdict := base.Verdict(r.text(value, at))
	if !slices.Contains(base.Verdicts, verdict) {
		r.refuse(at, "is no verdict")
	}
	return verdict
}

func (r *shapeReader) severity(value *base.JSONValue, at *place) base.Severity {
	severity := base.Severity(r.text(value, at))
	if !slices.Contains(base.Severities, severity) {
		r.refuse(at, "is no severity")
	}
	return severity
}

func (r *shapeReader) flag(value *base.JSONValue, at *place) *bool {
	if value.Kind != base.JSONBool {
		r.refuse(at, "is neither true nor false")
	}
	return &value.Bool
}

func (r *shapeReader) count(value *base.JSONValue, at *place) int {
	number := value.Number
	if value.Kind != base.JSONNumber || number < 1 || number != math.Trunc(number) || number > 1<<31-1 {
		r.refuse(at, "is no whole number from 1 on")
		return 1
	}
	return int(number)
}
