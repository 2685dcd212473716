// What stands for a redacted value, and can prove it to one person. Implements spec/redaction.md section 7.1. Twin of src/evidence/commitment.ts.
// Each place has a salt of its own, so that revealing one value gives away nothing of another, nor the key.

package evidence

import (
	"encoding/hex"
	"strconv"

	"cavra.dev/runtime/base"
)

// SaltOf a place is 64 digits: HMAC(redaction key, record id ‖ 00 ‖ path ‖ 00 ‖ start of the span in decimal).
func SaltOf(redactionKey []byte, recordID, path string, start int) string {
	return base.HmacSha256(redactionKey, recordID+"\x00"+path+"\x00"+strconv.Itoa(start))
}

// CommitmentOf a value is `hmac-sha256:` and 64 digits: HMAC(salt, value). The salt is one of SaltOf.
func CommitmentOf(salt, value string) string {
	// What SaltOf gives can always be read.
	key, _ := hex.DecodeString(salt)
	return commitmentPrefix + base.HmacSha256(key, value)
}

const commitmentPrefix = "hmac-sha256:"
