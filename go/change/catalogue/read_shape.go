// The shapes that only a compiled catalogue has. Implements spec/catalogue.md clause 1.5 and spec/schema/catalogue.schema.json. No twin: see
// base/read_shape.go.

package catalogue

import (
	"cavra.dev/runtime/base"
	"cavra.dev/runtime/change/model"
)

type shapeReader struct {
	*base.ShapeReader
}

func newShapeReader() *shapeReader {
	return &shapeReader{&base.ShapeReader{Code: "catalogue_malformed", Document: "catalogue"}}
}

// need refuses an object that lacks what it cannot do without.
func (r *shapeReader) need(is bool, at *base.Place, key string) {
	if !is {
		r.Refuse(at, "lacks `"+key+"`")
	}
}

// set is a flag that is written: a default never is.
func (r *shapeReader) set(value *base.JSONValue, at *base.Place) bool {
	if !r.Flag(value, at) {
		r.Refuse(at, "is not true")
	}
	return value.Bool
}

func (r *shapeReader) names(value *base.JSONValue, at *base.Place) []string {
	return base.ListIn(r.ShapeReader, value, at, 1, r.Filled)
}

func (r *shapeReader) role(value *base.JSONValue, at *base.Place) model.Role {
	if !IsRole(r.Text(value, at)) {
		r.Refuse(at, "is no role")
	}
	return value.Text
}

// mostValues is more words than any option takes.
const mostValues = 1000

func (r *shapeReader) count(value *base.JSONValue, at *base.Place) int {
	return r.Count(value, at, mostValues)
}
