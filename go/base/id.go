// Identifiers that sort by time: a prefix and a version 7 UUID in Crockford's base 32, the form known as TypeID. Implements spec/record.md section 4.
// Twin of src/base/id.ts. Time and randomness come in as arguments.

package base

import "strings"

// IDRandomBytes is random bytes that one identifier needs.
const IDRandomBytes = 10

const (
	idAlphabet   = "0123456789abcdefghjkmnpqrstvwxyz"
	idTextLength = 26
	idPrefixMax  = 12
	idLastMs     = 1<<48 - 1
)

// MakeID is `dec_01jd…`: prefix (`[a-z]+`), an underscore, 26 characters. Equal milliseconds sort by the random bytes.
func MakeID(prefix string, momentMs int64, random [IDRandomBytes]byte) string {
	ms := max(0, min(momentMs, idLastMs))
	var bytes [16]byte
	for i := range 6 {
		bytes[5-i] = byte(ms >> (8 * i))
	}
	copy(bytes[6:], random[:])
	bytes[6] = 0x70 | bytes[6]&0x0f
	bytes[8] = 0x80 | bytes[8]&0x3f
	return prefix + "_" + encodeID(bytes)
}

// ParseID gives prefix and time of an identifier in exactly the form of MakeID.
func ParseID(text string) (prefix string, momentMs int64, problem *Problem) {
	wrong := Bad("bad_id", "an identifier is a prefix, `_` and 26 characters")
	at := len(text) - idTextLength - 1
	if at < 1 || at > idPrefixMax || text[at] != '_' {
		return "", 0, wrong
	}
	for i := range at {
		if text[i] < 'a' || text[i] > 'z' {
			return "", 0, wrong
		}
	}
	bytes, read := decodeID(text[at+1:])
	if !read || bytes[6]>>4 != 7 || bytes[8]>>6 != 2 {
		return "", 0, wrong
	}
	for _, one := range bytes[:6] {
		momentMs = momentMs<<8 | int64(one)
	}
	return text[:at], momentMs, nil
}

// 128 bits in 26 characters of 5: the first carries the upper 3 only.
func encodeID(bytes [16]byte) string {
	text := make([]byte, 0, idTextLength)
	bits, held := 0, 2
	for _, one := range bytes {
		bits = bits<<8 | int(one)
		held += 8
		for held >= 5 {
			held -= 5
			text = append(text, idAlphabet[bits>>held&31])
			bits &= 1<<held - 1
		}
	}
	return string(text)
}

func decodeID(text string) (bytes [16]byte, read bool) {
	bits, held, filled := 0, -2, 0
	for i := range len(text) {
		value := strings.IndexByte(idAlphabet, text[i])
		if value < 0 || i == 0 && value > 7 {
			return bytes, false
		}
		bits = bits<<5 | value
		held += 5
		if held >= 8 {
			held -= 8
			bytes[filled] = byte(bits >> held)
			filled++
			bits &= 1<<held - 1
		}
	}
	return bytes, true
}
