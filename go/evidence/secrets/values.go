// Where a value ends, and whether it can be a secret. Implements spec/redaction.md section 4. Twin of src/evidence/secrets/values.ts.
// INVARIANT: a value that is turned down has at most rejectedBytes, so that reading it again from inside stays linear.

package secrets

import (
	"strings"
	"unicode/utf8"
)

const (
	// rejectedBytes: longer values are secrets without further questions.
	rejectedBytes = 256
	// quotedBytes: a quoted value that is not closed after so many bytes ends there.
	quotedBytes = 4096
	// separatorLength: at most so many ASCII characters stand between a name and its value.
	separatorLength = 16
	// issuedBytes: the least that a service issues.
	issuedBytes = 16
)

// A grade says what counts as a secret.
type grade byte

const (
	// given: an option that takes nothing but a secret.
	given grade = iota
	// strong: after a password's name anything but the shortest counts.
	strong
	// keyed: after a token's or key's name it must look made by a machine.
	keyed
)

type value struct {
	start  int
	end    int
	quoted bool
}

// skipBlanks goes behind the blanks at `from`, but not behind more than separatorLength of them.
func skipBlanks(text string, from int) int {
	at := from
	for at-from < separatorLength && isIn(text, at, blank) {
		at++
	}
	return at
}

// valueAt is the value that begins at `at`: in quotes, in quotes that are themselves escaped (`\"…\"`), or up to what ends an unquoted value.
func valueAt(text string, at int) value {
	quote := at
	for charAt(text, quote) == '\\' {
		quote++
	}
	if mark := charAt(text, quote); mark == '"' || mark == '\'' {
		end := 0
		if quote > at {
			end = escapedEnd(text, quote+1, mark)
		} else {
			end = quotedEnd(text, quote+1, mark)
		}
		if end >= 0 {
			return value{start: quote + 1, end: end, quoted: true}
		}
		return value{start: quote + 1, end: unquotedEnd(text, quote+1)}
	}
	return value{start: at, end: unquotedEnd(text, at)}
}

// quotedEnd: in double quotes a backslash takes the next character along. -1 when the text ends first.
func quotedEnd(text string, from int, mark byte) int {
	for at := from; at < len(text); {
		if text[at] == mark {
			return at
		}
		takes := text[at] == '\\' && mark == '"'
		at = afterCharacter(text, at)
		if at-from >= quotedBytes {
			return at
		}
		if takes && at < len(text) {
			at = afterCharacter(text, at)
			if at-from >= quotedBytes {
				return at
			}
		}
	}
	return -1
}

func escapedEnd(text string, from int, mark byte) int {
	for at := from; at < len(text); {
		if text[at] == mark {
			return backslashesBefore(text, from, at)
		}
		at = afterCharacter(text, at)
		if at-from >= quotedBytes {
			return at
		}
	}
	return -1
}

// afterCharacter is the offset behind the character at `at`.
func afterCharacter(text string, at int) int {
	if text[at] < utf8.RuneSelf {
		return at + 1
	}
	_, size := utf8.DecodeRuneInString(text[at:])
	return at + size
}

func backslashesBefore(text string, from, at int) int {
	end := at
	for end > from && text[end-1] == '\\' {
		end--
	}
	return end
}

// unquotedEnd: a backslash takes the next character along; but `\\"` belongs to quotes around all of it, and ends the value.
func unquotedEnd(text string, from int) int {
	at := from
	for at < len(text) && !isIn(text, at, endsValue) {
		if text[at] != '\\' {
			at++
			continue
		}
		run := at
		for charAt(text, run) == '\\' {
			run++
		}
		if run == len(text) || text[run] == '"' {
			return at
		}
		odd := (run-at)%2 == 1
		at = run
		if odd {
			at = afterCharacter(text, run)
		}
	}
	return min(at, len(text))
}

var plainWords = setOf("true false null nil none undefined yes no on off required optional string str text int integer number bool boolean " +
	"any object password passwd passphrase secret token hidden redacted masked")

var codeHeads = strings.Split("process. os. self. this. env. var. local. data. module. secrets. config. settings. args. opts. options. params. "+
	"req. request.", " ")

func setOf(words string) map[string]bool {
	set := map[string]bool{}
	for _, one := range strings.Split(words, " ") {
		set[one] = true
	}
	return set
}

// isSecret is true when a value after a telling name is to be redacted.
func isSecret(text string, value value, asked grade) bool {
	if value.end <= value.start {
		return false
	}
	if value.end-value.start > rejectedBytes {
		return true
	}
	content := text[value.start:value.end]
	if asked == given {
		return !isReference(content)
	}
	if isReference(content) || isPlaceholder(content) || plainWords[lowerASCII(content)] {
		return false
	}
	if !value.quoted && isCode(text, value, content) {
		return false
	}
	if IsPath(content) && !looksMade(content) {
		return false
	}
	if asked == strong {
		return isPassword(content)
	}
	return isKey(content)
}

// lowerASCII is ASCII letters in lower case, everything else as it is: the full Unicode mapping differs between languages.
func lowerASCII(text string) string {
	lower := []byte(text)
	for i, unit := range lower {
		if unit >= 'A' && unit <= 'Z' {
			lower[i] = unit + 'a' - 'A'
		}
	}
	return string(lower)
}

// isReference of `$NAME`, `$1`, `${…}`, `$(…)`, `%NAME%`, `{{…}}`, `<name>`: the secret is elsewhere.
func isReference(content string) bool {
	switch charAt(content, 0) {
	case '$':
		if len(content) == 1 || content[1] == '{' || content[1] == '(' {
			return true
		}
		return restIsName(content, 1) || len(content) == 2 && isDigit(content[1])
	case '%':
		return len(content) > 2 && strings.HasSuffix(content, "%") && restIsName(content[:len(content)-1], 1)
	case '<':
		return strings.HasSuffix(content, ">")
	case '`':
		return true
	}
	return strings.HasPrefix(content, "{{")
}

func restIsName(content string, from int) bool {
	for i := from; i < len(content); i++ {
		if unit := content[i]; !isLetter(unit) && unit != '_' && !(i > from && isDigit(unit)) {
			return false
		}
	}
	return len(content) > from
}

func isPlaceholder(content string) bool {
	return strings.Trim(content, "*.xX-_?#") == ""
}

// isCode of `password = read(…)`, `token = tokens[…]`, `password = var.db_password`.
func isCode(text string, value value, content string) bool {
	if next := charAt(text, value.end); next == '(' || next == '[' {
		return true
	}
	for _, head := range codeHeads {
		if strings.HasPrefix(content, head) {
			return true
		}
	}
	return false
}

// IsPath is true for what begins as a path does.
func IsPath(content string) bool {
	content = strings.TrimPrefix(content, "@")
	for _, start := range []string{"/", "./", "../", "~/"} {
		if strings.HasPrefix(content, start) {
			return true
		}
	}
	return false
}

// looksMade: at least 20 characters with lower and upper case and digits, and no dot: what a random generator makes, and people do not.
func looksMade(content string) bool {
	has := ClassesOf(content)
	return len(content) >= 20 && has.Lower && has.Upper && has.Digit && strings.IndexByte(content, '.') < 0
}

func isPassword(content string) bool {
	has := ClassesOf(content)
	if has.Digit && !has.Lower && !has.Upper && !has.Special && !has.Joint {
		return len(content) >= 4
	}
	return len(content) >= 3
}

func isKey(content string) bool {
	has := ClassesOf(content)
	if has.Digit || has.Special {
		return len(content) >= 6
	}
	return len(content) >= 20 && !has.Joint
}

// Classes are the kinds of characters in a value. Joint: `-`, `_`, `.`, `/`, `:`, what joins words into names. Special: everything else.
type Classes struct {
	Lower   bool
	Upper   bool
	Digit   bool
	Joint   bool
	Special bool
}

// ClassesOf a value.
func ClassesOf(content string) (has Classes) {
	for i := 0; i < len(content); i++ {
		switch unit := content[i]; {
		case unit >= 'a' && unit <= 'z':
			has.Lower = true
		case unit >= 'A' && unit <= 'Z':
			has.Upper = true
		case isDigit(unit):
			has.Digit = true
		case unit == '-' || unit == '_' || unit == '.' || unit == '/' || unit == ':':
			has.Joint = true
		default:
			has.Special = true
		}
	}
	return has
}

// isLongMix: at least 16 bytes, with a digit and a letter.
func isLongMix(content string) bool {
	has := ClassesOf(content)
	return has.Digit && (has.Lower || has.Upper) && len(content) >= issuedBytes
}

// looksIssued: `secret prod-db-2024` names a thing; what a service issues has no joints, but for the `/` and `_` of mixed-case base64.
func looksIssued(text string, value value) bool {
	content := text[value.start:value.end]
	if !isLongMix(content) {
		return false
	}
	has := ClassesOf(content)
	return !has.Joint || has.Lower && has.Upper && !strings.ContainsAny(content, "-.:")
}
