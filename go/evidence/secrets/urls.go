// Passwords in URLs and connection strings. Implements spec/redaction.md section 6.1. Twin of src/evidence/secrets/urls.ts.

package secrets

import "strings"

// urlSecretAt finds that of `scheme://user:SECRET@host` and `scheme://SECRET@host`. at is the colon.
func urlSecretAt(text string, at int) *Finding {
	if !strings.HasPrefix(text[at:], "://") {
		return nil
	}
	start := at + 3
	end := userEnd(text, start)
	if end < 0 {
		return nil
	}
	colon := strings.IndexByte(text[start:end], ':')
	from := start + colon + 1
	content := text[from:end]
	if content == "" || isReference(content) {
		return nil
	}
	// Without a password the user may be the token: long, and with digits and letters.
	if colon < 0 && !isLongMix(content) {
		return nil
	}
	return &Finding{Kind: "url_password", Start: from, End: end}
}

// userEnd is the last `@` of the authority. An unencoded `/`, `?` or `#` in a password hides it there: then the last `@` of the word, unless what stands
// behind the first colon is a port. -1 when there is none.
func userEnd(text string, start int) int {
	authority, anywhere, colon := -1, -1, -1
	inAuthority := true
	for at := start; at < len(text) && at-start < rejectedBytes && !endsWord(text, at); at++ {
		switch text[at] {
		case '/', '?', '#':
			inAuthority = false
		case ':':
			if colon < 0 && inAuthority {
				colon = at
			}
		case '@':
			anywhere = at
			if inAuthority {
				authority = at
			}
		}
	}
	if authority >= 0 {
		return authority
	}
	if colon >= 0 && !isPort(text, colon+1) {
		return anywhere
	}
	return -1
}

// endsWord: the next URL ends this one: nothing is looked at twice.
func endsWord(text string, at int) bool {
	return isIn(text, at, blank) || strings.HasPrefix(text[at:], "://") || strings.IndexByte("\"'`<>", text[at]) >= 0
}

func isPort(text string, from int) bool {
	at := from
	for isDigit(charAt(text, at)) {
		at++
	}
	return at > from && at < len(text) && strings.IndexByte("/?#", text[at]) >= 0
}
