// Takes the secrets out of a record before anything else sees it. Implements spec/redaction.md sections 1, 7 and 8. Twin of src/evidence/redact.ts.
// SECURITY: each secret's place holds a commitment that only the redaction key's holder can test a guess against, and that differs from place to
// place, so that equal secrets cannot be told by comparing records. A marker proves nothing: an agent can write one. The list of redactions does.

package evidence

import (
	"cmp"
	"slices"
	"strings"
	"unicode/utf8"

	"cavra.dev/runtime/base"
	"cavra.dev/runtime/evidence/secrets"
)

const (
	// StringBytes: a string keeps at most so many bytes, and the marker of what was cut off.
	StringBytes = 64 * 1024
	// StringFindings: from one more than so many findings on, the rest of a string is one redaction.
	StringFindings = 100
	// KnownValues: so many values are looked for in every string of the record.
	KnownValues = 64
)

// Redact gives the same value without its secrets, and what was taken out. The value given is left as it is.
func Redact(input *Redactable, recordID string, key []byte) (*Redactable, []Redaction) {
	found := map[string][]secrets.Finding{}
	var texts []string
	clean := true
	eachString(input, func(text *string, _ place) {
		findings, known := found[*text]
		if !known {
			findings = secrets.Find(*text)
			found[*text] = findings
		}
		texts = append(texts, *text)
		clean = clean && len(findings) == 0 && len(*text) <= StringBytes
	})
	// Most records hold no secret: then there is nothing to rewrite.
	if clean {
		return input, nil
	}
	known := knownValues(texts, found)
	redactions := []Redaction{}
	value := input.clone()
	eachString(value, func(text *string, at place) {
		findings := limited(*text, united(append(slices.Clip(found[*text]), occurrences(*text, known)...)))
		if len(findings) == 0 && len(*text) <= StringBytes {
			return
		}
		path := at.pointer()
		*text = rewrite(*text, findings, func(kind, secret string, start int) string {
			commitment := CommitmentOf(SaltOf(key, recordID, path, start), secret)
			span := base.Span{Start: start, End: start + len(secret)}
			redactions = append(redactions, Redaction{Path: path, Kind: kind, Span: span, Commitment: commitment})
			return MarkerOf(kind, commitment)
		})
	})
	return value, redactions
}

// MarkerOf is what stands in the secret's place: `[redacted:KIND:` and the first 16 digits of the commitment, `]`.
func MarkerOf(kind, commitment string) string {
	return "[redacted:" + kind + ":" + commitment[len(commitmentPrefix):len(commitmentPrefix)+16] + "]"
}

type knownValue struct {
	secret string
	kind   string
}

// A secret found by its surroundings appears elsewhere without them: the password of an option is an operand in an effect.
// Words and paths are not looked for elsewhere: `TOKEN=main` must not hide the branch that is pushed.
func knownValues(texts []string, found map[string][]secrets.Finding) []knownValue {
	var known []knownValue
	for _, text := range texts {
		for _, one := range found[text] {
			secret := text[one.Start:one.End]
			isKnown := func(other knownValue) bool { return other.secret == secret }
			if len(known) < KnownValues && isDistinct(secret) && !slices.ContainsFunc(known, isKnown) {
				known = append(known, knownValue{secret, one.Kind})
			}
		}
	}
	return known
}

const distinctBytes = 8

func isDistinct(secret string) bool {
	has := secrets.ClassesOf(secret)
	return len(secret) >= distinctBytes && (has.Special || has.Digit && (has.Lower || has.Upper)) && !secrets.IsPath(secret)
}

func occurrences(text string, known []knownValue) []secrets.Finding {
	var places []secrets.Finding
	for _, one := range known {
		for from := 0; ; {
			at := strings.Index(text[from:], one.secret)
			if at < 0 {
				break
			}
			places = append(places, secrets.Finding{Kind: one.kind, Start: from + at, End: from + at + len(one.secret)})
			from += at + len(one.secret)
		}
	}
	return places
}

// united: overlapping findings become one, from the first start to the last end, under the name of the first. Nothing may stick out.
func united(findings []secrets.Finding) []secrets.Finding {
	slices.SortStableFunc(findings, func(a, b secrets.Finding) int { return cmp.Or(a.Start-b.Start, b.End-a.End) })
	var result []secrets.Finding
	for _, one := range findings {
		if len(result) == 0 || one.Start >= result[len(result)-1].End {
			result = append(result, one)
		} else if last := &result[len(result)-1]; one.End > last.End {
			last.End = one.End
		}
	}
	return result
}

func limited(text string, findings []secrets.Finding) []secrets.Finding {
	if len(findings) <= StringFindings {
		return findings
	}
	rest := secrets.Finding{Kind: "too_many", Start: findings[StringFindings].Start, End: len(text)}
	return append(slices.Clip(findings[:StringFindings]), rest)
}

// markerBytes: a marker has fewer; one that does not fit is part of the rest.
const markerBytes = 64

// rewrite copies the text with each finding replaced; when the copy is full, the rest of the text is one more redaction, `too_long`.
func rewrite(text string, findings []secrets.Finding, replace func(kind, secret string, start int) string) string {
	var copied strings.Builder
	at := 0
	for _, one := range findings {
		room := StringBytes - copied.Len()
		if one.Start-at+markerBytes > room {
			return cutOff(&copied, text, at, one.Start, room, replace)
		}
		copied.WriteString(text[at:one.Start])
		copied.WriteString(replace(one.Kind, text[one.Start:one.End], one.Start))
		at = one.End
	}
	if room := StringBytes - copied.Len(); len(text)-at > room {
		return cutOff(&copied, text, at, len(text), room, replace)
	}
	copied.WriteString(text[at:])
	return copied.String()
}

func cutOff(copied *strings.Builder, text string, at, to, room int, replace func(kind, secret string, start int) string) string {
	kept := prefixOfBytes(text[at:to], room)
	copied.WriteString(kept)
	copied.WriteString(replace("too_long", text[at+len(kept):], at+len(kept)))
	return copied.String()
}

// prefixOfBytes is the longest beginning of at most so many bytes that does not end inside a character.
func prefixOfBytes(text string, most int) string {
	if len(text) <= most {
		return text
	}
	end := most
	for end > 0 && !utf8.RuneStart(text[end]) {
		end--
	}
	return text[:end]
}
