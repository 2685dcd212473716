// Secrets in HTTP headers. Implements spec/redaction.md sections 5.7 and 5.8. Twin of src/evidence/secrets/headers.ts.

package secrets

import "strings"

// referenceBytes: a reference in a header is looked for in so many bytes.
const referenceBytes = 64

// headerSecret of `Authorization: Bearer SECRET`: the scheme stays. In quotes, around the value or around all, the value ends with them, else with the
// line.
func headerSecret(text string, kind nameKind, start, valueAtOrQuote int) *Finding {
	closing := byte('\n')
	if around := charAt(text, start-1); around == '"' || around == '\'' {
		closing = around
	}
	from := valueAtOrQuote
	if inside := valueQuote(text, valueAtOrQuote); inside > 0 {
		from += inside
		closing = text[from-1]
	}
	value, kindName := from, "cookie"
	if kind == authorization {
		value, kindName = afterScheme(text, from), "authorization"
	}
	if isReference(text[value:headerEnd(text, value, ' ', referenceBytes)]) {
		return nil
	}
	end := headerEnd(text, value, closing, quotedBytes)
	if end <= value {
		return nil
	}
	return &Finding{Kind: kindName, Start: value, End: end}
}

// valueQuote is how long the quote before a value is, with the backslashes before it; 0 for none.
func valueQuote(text string, at int) int {
	quote := at
	for charAt(text, quote) == '\\' && quote-at < separatorLength {
		quote++
	}
	if mark := charAt(text, quote); mark == '"' || mark == '\'' {
		return quote + 1 - at
	}
	return 0
}

func headerEnd(text string, from int, closing byte, mostBytes int) int {
	at := from
	for at < len(text) && at-from < mostBytes && text[at] != closing && text[at] != '\n' {
		at = afterCharacter(text, at)
	}
	for at > from && strings.IndexByte("\\ \r\"'", text[at-1]) >= 0 {
		at--
	}
	return at
}

const schemeLength = 32

func afterScheme(text string, from int) int {
	at := from
	for at-from < schemeLength && (isLetter(charAt(text, at)) || isDigit(charAt(text, at)) || charAt(text, at) == '-') {
		at++
	}
	if at > from && charAt(text, at) == ' ' && !isIn(text, at+1, endsValue) {
		return at + 1
	}
	return from
}

// bareBearer is `Bearer SECRET` without the header's name. end is where the word ends.
func bareBearer(text string, end int) *Finding {
	if charAt(text, end) != ' ' {
		return nil
	}
	value := valueAt(text, end+1)
	if value.quoted || !isLongMix(text[value.start:value.end]) || !isSecret(text, value, keyed) {
		return nil
	}
	return &Finding{Kind: "authorization", Start: value.start, End: value.end}
}
