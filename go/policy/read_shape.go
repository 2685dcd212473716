// The shapes that only a compiled policy has. Implements spec/policy.md section 6 and spec/schema/compiled-policy.schema.json. No twin: see
// base/read_shape.go.

package policy

import (
	"math"
	"slices"

	"cavra.dev/runtime/base"
)

type shapeReader struct {
	*base.ShapeReader
}

func newShapeReader() *shapeReader {
	return &shapeReader{&base.ShapeReader{Code: "policy_malformed", Document: "policy"}}
}

// object has as many members as needed, at least: a known key stands once, so none is missing.
func (r *shapeReader) object(value *base.JSONValue, at *base.Place, needed int, read func(key string, value *base.JSONValue, at *base.Place) bool) {
	r.Object(value, at, read)
	if len(value.Members) < needed {
		r.Refuse(at, "lacks a key")
	}
}

func (r *shapeReader) digest(value *base.JSONValue, at *base.Place) string {
	if !base.IsDigest(r.Text(value, at)) {
		r.Refuse(at, "is no digest")
	}
	return value.Text
}

func (r *shapeReader) verdict(value *base.JSONValue, at *base.Place) base.Verdict {
	verdict := base.Verdict(r.Text(value, at))
	if !slices.Contains(base.Verdicts, verdict) {
		r.Refuse(at, "is no verdict")
	}
	return verdict
}

func (r *shapeReader) severity(value *base.JSONValue, at *base.Place) base.Severity {
	severity := base.Severity(r.Text(value, at))
	if !slices.Contains(base.Severities, severity) {
		r.Refuse(at, "is no severity")
	}
	return severity
}

func (r *shapeReader) flag(value *base.JSONValue, at *base.Place) *bool {
	is := r.Flag(value, at)
	return &is
}

func (r *shapeReader) count(value *base.JSONValue, at *base.Place) int {
	return r.Count(value, at, math.MaxInt32)
}
