// SHA-256 digests and HMACs in the one text form. Implements spec/record.md section 3. Twin of src/base/digest.ts.

package base

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"strings"
)

// Sha256 is `sha256:` and 64 lower-case hexadecimal digits.
func Sha256[T string | []byte](content T) string {
	sum := sha256.Sum256([]byte(content))
	return "sha256:" + hex.EncodeToString(sum[:])
}

// HmacSha256 is 64 lower-case hexadecimal digits.
func HmacSha256[T string | []byte](key []byte, content T) string {
	mac := hmac.New(sha256.New, key)
	mac.Write([]byte(content))
	return hex.EncodeToString(mac.Sum(nil))
}

// IsDigest is true for the exact form that Sha256 gives.
func IsDigest(text string) bool {
	if len(text) != 71 || !strings.HasPrefix(text, "sha256:") {
		return false
	}
	for i := 7; i < 71; i++ {
		if !(text[i] >= '0' && text[i] <= '9' || text[i] >= 'a' && text[i] <= 'f') {
			return false
		}
	}
	return true
}
