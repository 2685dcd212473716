// Base64 with one text for one sequence of bytes. Implements spec/evidence.md section 1.4 (RFC 4648 section 4, strict). Twin of src/base/base64.ts.
// The temptation is the decoder as it comes: it skips line breaks and, unless told, bits that say nothing.

package base

import "encoding/base64"

// ParseBase64 gives the bytes of a text that is exactly their standard encoding, with padding.
func ParseBase64(text string) ([]byte, bool) {
	bytes, err := base64.StdEncoding.Strict().DecodeString(text)
	if err != nil || FormatBase64(bytes) != text {
		return nil, false
	}
	return bytes, true
}

// FormatBase64 is the standard encoding with padding.
func FormatBase64(bytes []byte) string {
	return base64.StdEncoding.EncodeToString(bytes)
}
