// Names that tell of a secret beside them. Implements spec/redaction.md section 5. Twin of src/evidence/secrets/names.ts.

package secrets

import "strings"

// A nameKind is what a name says of the value beside it.
type nameKind byte

const (
	noName nameKind = iota
	strongName
	keyedName
	authorization
	cookie
)

var (
	strongEndings = []string{"password", "passwd", "passphrase", "passcode", "dbpass", "userpass", "rootpass", "adminpass"}
	strongWords   = setOf("pass pwd pw")
	keyedEndings  = []string{
		"token", "secret", "apikey", "accesskey", "secretkey", "privatekey", "authkey", "accountkey", "sharedkey", "encryptionkey",
		"signingkey", "masterkey", "servicekey", "sessionkey", "passkey", "credential", "credentials", "sessionid",
	}
	keyedWords = setOf("sig signature")
)

const tailLength = 24

// nameKindOf is what a name (`--db-password`, `X-Api-Key`, `_authToken`) says.
func nameKindOf(name string) nameKind {
	if !lastTwo[lastTwoOf(name)] {
		return noName
	}
	tail := squashedTail(name)
	switch {
	case strings.HasSuffix(tail, "authorization"):
		return authorization
	case tail == "cookie" || tail == "setcookie":
		return cookie
	case endsInOne(tail, strongEndings):
		return strongName
	case endsInOne(tail, keyedEndings):
		return keyedName
	}
	word := lastWord(name)
	if strongWords[word] {
		// The shell's own PWD is a folder.
		if name == "PWD" || name == "OLDPWD" {
			return noName
		}
		return strongName
	}
	if keyedWords[word] || name == "_auth" {
		return keyedName
	}
	return noName
}

func endsInOne(tail string, endings []string) bool {
	for _, ending := range endings {
		if strings.HasSuffix(tail, ending) {
			return true
		}
	}
	return false
}

// lastTwo: most names are done with after a look at their last two letters, in lower case.
var lastTwo = buildLastTwo()

func buildLastTwo() map[[2]byte]bool {
	pairs := map[[2]byte]bool{}
	for _, ending := range append(append([]string{"authorization", "cookie", "auth"}, strongEndings...), keyedEndings...) {
		pairs[lastTwoOf(ending)] = true
	}
	for _, words := range []map[string]bool{strongWords, keyedWords} {
		for word := range words {
			pairs[lastTwoOf(word)] = true
		}
	}
	return pairs
}

func lastTwoOf(name string) [2]byte {
	return [2]byte{charAt(name, len(name)-2) | 0x20, charAt(name, len(name)-1) | 0x20}
}

// squashedTail is the last letters and digits, in lower case, without what stands between words.
func squashedTail(name string) string {
	var tail [tailLength]byte
	from := tailLength
	for i := len(name) - 1; i >= 0 && from > 0; i-- {
		if isLetter(name[i]) || isDigit(name[i]) {
			from--
			tail[from] = name[i]
		} else if i == len(name)-1 {
			return ""
		}
	}
	return lowerASCII(string(tail[from:]))
}

// lastWord is from the last `_`, `.` or `-`, or the last change from lower to upper case.
func lastWord(name string) string {
	from := len(name)
	for from > 0 && len(name)-from < tailLength {
		unit := name[from-1]
		if !isLetter(unit) && !isDigit(unit) {
			break
		}
		isLower := unit >= 'a' && unit <= 'z'
		if isLower && from < len(name) && name[from] >= 'A' && name[from] <= 'Z' {
			break
		}
		from--
	}
	return lowerASCII(name[from:])
}
