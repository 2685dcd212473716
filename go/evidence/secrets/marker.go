// What stands in a secret's place, and how it is known again. Implements spec/redaction.md section 7.2.
// Twin of src/evidence/secrets/marker.ts.

package secrets

import "strings"

const (
	markerStart  = "[redacted:"
	markerDigits = 16
	markerKind   = 32
)

// markerEnd is where the marker that begins at start ends; start when none does. What was redacted once stays as it is; nothing but a kind and digits
// fits in.
func markerEnd(text string, start int) int {
	if !strings.HasPrefix(text[start:], markerStart) {
		return start
	}
	at := start + len(markerStart)
	kind := at
	for at-kind < markerKind && isMarkerKind(charAt(text, at)) {
		at++
	}
	if at == kind || charAt(text, at) != ':' {
		return start
	}
	digits := at + 1
	at = digits
	for at-digits < markerDigits && isHex(charAt(text, at)) {
		at++
	}
	if at-digits == markerDigits && charAt(text, at) == ']' {
		return at + 1
	}
	return start
}

func isMarkerKind(unit byte) bool {
	return unit >= 'a' && unit <= 'z' || unit == '_'
}

func isHex(unit byte) bool {
	return isDigit(unit) || unit >= 'a' && unit <= 'f'
}
