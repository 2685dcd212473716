// Finds the secrets in a text. Implements spec/redaction.md sections 3 to 6. Twin of src/evidence/secrets/find.ts.
// One pass from left to right; total and linear, whatever the text is. The temptation is to parse the command first: a record must
// be safe for text that no reader accepts, and for JSON, YAML and code as well.

package secrets

import "strings"

// Find gives the secrets in source order, none touching another. Offsets are bytes.
func Find(text string) []Finding {
	var command command
	var findings []Finding
	nameEnd := 0
	for at := 0; at < len(text); {
		unit := text[at]
		if unit == '[' {
			if end := markerEnd(text, at); end > at {
				at = end
				continue
			}
		}
		var found *Finding
		switch {
		case unit == '-':
			found = privateKeyAt(text, at)
		case unit == ':':
			found = urlSecretAt(text, at)
		case isIn(text, at, word) && beginsWord(text, at):
			found = tokenAt(text, at)
		}
		if found == nil && at >= nameEnd && isIn(text, at, name) {
			nameEnd = endOfName(text, at)
			found = secretOfName(text, &command, at, nameEnd)
		}
		if isIn(text, at, endsCommand) {
			command.forget()
		}
		at++
		if found != nil {
			findings = append(findings, *found)
			at = max(found.End, at)
		}
	}
	return findings
}

func endOfName(text string, from int) int {
	at := from
	for isIn(text, at, name) {
		at++
	}
	return at
}

func secretOfName(text string, command *command, start, end int) *Finding {
	// The letter of an escape (`\n`) is no part of the name behind it.
	from := start
	if charAt(text, start-1) == '\\' && (text[start] == 'n' || text[start] == 't' || text[start] == 'r') {
		from++
	}
	name := text[from:end]
	if byOption := command.secretOfOption(text, name, from); byOption != nil {
		return byOption
	}
	if kind := nameKindOf(name); kind != noName {
		if found := secretBeside(text, kind, from, end); found != nil {
			return found
		}
	}
	command.remember(text, name, end)
	if name == "Bearer" || name == "bearer" {
		return bareBearer(text, end)
	}
	return nil
}

func secretBeside(text string, kind nameKind, start, end int) *Finding {
	after, found := separatorAt(text, end)
	if kind == authorization || kind == cookie {
		if !found {
			return nil
		}
		return headerSecret(text, kind, start, after.end)
	}
	given := strong
	if kind == keyedName {
		given = keyed
	}
	if !found {
		return separateValue(text, given, start, end)
	}
	value := valueAt(text, after.end)
	asked := given
	if after.loose && !value.quoted && !fillsLine(text, start, value) {
		asked = keyed
	}
	if !isSecret(text, value, asked) {
		return nil
	}
	return named(text, given, value)
}

type separator struct {
	end int
	// loose: a colon and a blank, as in YAML and in prose; or `NAME= word`, which in a shell is an empty value and a command.
	loose bool
}

// separatorAt reads closing quotes and brackets of the name, blanks, `=`, `:`, `=>` or `:=`, blanks. A comparison (`==`) assigns nothing.
func separatorAt(text string, end int) (separator, bool) {
	at := end
	for at < len(text) && at-end < separatorLength && strings.IndexByte("\\\"'])", text[at]) >= 0 {
		at++
	}
	tight := at
	for at-end < separatorLength && isSpaceOrTab(charAt(text, at)) {
		at++
	}
	mark, next := charAt(text, at), charAt(text, at+1)
	if mark != '=' && mark != ':' || mark == '=' && next == '=' {
		return separator{}, false
	}
	after := at + 1
	if mark == '=' && next == '>' || mark == ':' && next == '=' {
		after++
	}
	if mark == ':' && strings.HasPrefix(text[at+1:], "//") {
		return separator{}, false
	}
	// A line that ends here gives no value: the next line is another matter.
	value := after
	for value-after < separatorLength && isSpaceOrTab(charAt(text, value)) {
		value++
	}
	return separator{end: value, loose: value > after && (mark == ':' || at == tight)}, true
}

func isSpaceOrTab(unit byte) bool {
	return unit == ' ' || unit == '\t'
}

// fillsLine: `password: value` alone on its line is data; inside a sentence it is prose.
func fillsLine(text string, start int, value value) bool {
	at := start - 1
	for at >= 0 && start-at < 64 && (isSpaceOrTab(text[at]) || text[at] == '-') {
		at--
	}
	begins := at < 0 || text[at] == '\n' || text[at] == 'n' && charAt(text, at-1) == '\\'
	return begins && (value.end >= len(text) || strings.IndexByte("\n\r\"'\\", text[value.end]) >= 0)
}

// separateValue is that of `--password value`; and for a key's name without hyphens (`config set _authToken value`) one that must look made by a machine.
func separateValue(text string, kind grade, start, end int) *Finding {
	if !isIn(text, end, blank) {
		return nil
	}
	at := skipBlanks(text, end)
	if at >= len(text) || text[at] == '-' {
		return nil
	}
	value := valueAt(text, at)
	isOption := charAt(text, start) == '-'
	if !isOption && (kind != keyed || !looksIssued(text, value)) || !isSecret(text, value, kind) {
		return nil
	}
	return named(text, kind, value)
}

// named: what a known token fills is called by the token's own kind.
func named(text string, given grade, value value) *Finding {
	kind := "secret"
	if given == strong {
		kind = "password"
	}
	if beginsWord(text, value.start) {
		if token := tokenAt(text, value.start); token != nil && token.Start == value.start && token.End >= value.end {
			kind = token.Kind
		}
	}
	return &Finding{Kind: kind, Start: value.start, End: value.end}
}
