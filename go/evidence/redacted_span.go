// From places in the action as it came to places in the action as it is kept. Implements spec/redaction.md section 9.
// Twin of src/evidence/redacted-span.ts.

package evidence

import "cavra.dev/runtime/base"

// RedactedSpan is where a span of the original text lies in the redacted string at path; it takes markers whole. Effects carry spans of the original.
func RedactedSpan(span base.Span, path string, redactions []Redaction) base.Span {
	moved, shift := span, 0
	for _, one := range redactions {
		if one.Path != path {
			continue
		}
		marker := len(MarkerOf(one.Kind, one.Commitment))
		from := one.Span.Start + shift
		shift += marker - (one.Span.End - one.Span.Start)
		// Redactions come in source order, so the last one at or before the place decides.
		switch {
		case span.Start >= one.Span.End:
			moved.Start = span.Start + shift
		case span.Start > one.Span.Start:
			moved.Start = from
		}
		switch {
		case span.End >= one.Span.End:
			moved.End = span.End + shift
		case span.End > one.Span.Start:
			moved.End = from + marker
		}
	}
	return moved
}
