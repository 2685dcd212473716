// A source span: where in the action's text something stands. Implements spec/change.md section 1. Twin of src/base/span.ts.

// Package base is the ground floor: what every other package may use, and what uses nothing.
package base

// Span is half-open UTF-8 byte offsets into the action's `target`. Code found inside a word keeps the span of the word that carries it.
type Span struct {
	Start int
	End   int
}
