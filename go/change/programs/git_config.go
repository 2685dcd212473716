// Configuration that a command line injects into git: `-c`, `--config-env` and the GIT_CONFIG variables. Implements spec/git.md section 6.
// Twin of src/change/programs/git-config.ts.
// Later entries win, as in git: GIT_CONFIG_COUNT, then GIT_CONFIG_PARAMETERS, then the options in order.

package programs

import (
	"strconv"
	"strings"

	"cavra.dev/runtime/base"
	"cavra.dev/runtime/change/catalogue"
	"cavra.dev/runtime/change/model"
)

// maxConfigEntries is how many entries are read from one source; beyond, the configuration is unreadable.
const maxConfigEntries = 100

type configEntry struct {
	// key has section and name in lower case, sub-section as written; known is false when it cannot be known.
	key   string
	known bool
	// value is nil for a key without `=`, which git reads as true.
	value *model.Value
	span  base.Span
}

type injected struct {
	entries []configEntry
	// unreadable: git would refuse to run with it, because of a bogus count, a missing value, a key without a section.
	unreadable bool
}

func injectedConfig(call *model.Call, globals *catalogue.CutLine) injected {
	var all injected
	for _, source := range []injected{countedConfig(call), parameterConfig(call), optionConfig(call, globals)} {
		all.entries = append(all.entries, source.entries...)
		all.unreadable = all.unreadable || source.unreadable
	}
	return all
}

// lastEntry is the last entry of the key, nil for none; entries whose key is unknown are no match.
func lastEntry(entries []configEntry, key string) *configEntry {
	for i := len(entries) - 1; i >= 0; i-- {
		if entries[i].known && entries[i].key == key {
			return &entries[i]
		}
	}
	return nil
}

// normalKey: `Section.Sub.Name` as `section.Sub.name`; false without a section and a name.
func normalKey(written string) (string, bool) {
	first := strings.IndexByte(written, '.')
	last := strings.LastIndexByte(written, '.')
	if first <= 0 || last == len(written)-1 {
		return "", false
	}
	return base.FoldASCII(written[:first]) + written[first:last] + base.FoldASCII(written[last:]), true
}

func countedConfig(call *model.Call) injected {
	count, given := call.Environment.Get("GIT_CONFIG_COUNT")
	if !given {
		return injected{}
	}
	pairs, known := readCount(count)
	if !known {
		return injected{unreadable: true}
	}
	var entries []configEntry
	for i := range pairs {
		key, hasKey := call.Environment.Get("GIT_CONFIG_KEY_" + strconv.Itoa(i))
		value, hasValue := call.Environment.Get("GIT_CONFIG_VALUE_" + strconv.Itoa(i))
		if !hasKey || !hasValue {
			return injected{entries: entries, unreadable: true}
		}
		name, isKey := normalKey(key.Text)
		if key.Kind == "text" && !isKey {
			return injected{entries: entries, unreadable: true}
		}
		entries = append(entries, configEntry{key: name, known: isKey, value: &value, span: call.Span})
	}
	return injected{entries: entries}
}

func readCount(written model.Value) (int, bool) {
	if written.Kind != "text" || len(written.Text) > 3 {
		return 0, false
	}
	count := 0
	for _, digit := range []byte(written.Text) {
		if digit < '0' || digit > '9' {
			return 0, false
		}
		count = count*10 + int(digit-'0')
	}
	return count, count <= maxConfigEntries
}

// parameterConfig: entries quoted for the shell, `'key=value'` or `'key'='value'`, separated by blanks.
func parameterConfig(call *model.Call) injected {
	parameters, given := call.Environment.Get("GIT_CONFIG_PARAMETERS")
	if !given {
		return injected{}
	}
	if parameters.Kind != "text" {
		return injected{unreadable: true}
	}
	source := parameters.Text
	var entries []configEntry
	for at := skipBlanks(source, 0); at < len(source); {
		first, end, isQuoted := readQuoted(source, at)
		if !isQuoted || len(entries) >= maxConfigEntries {
			return injected{entries: entries, unreadable: true}
		}
		written := splitPair(model.Text(first))
		if unitAt(source, end) == '=' {
			end++
			second, behind, hasValue := readQuoted(source, end)
			if hasValue {
				end = behind
			}
			value := model.Text(second)
			written = pair{key: first, known: true, value: &value}
		}
		key, isKey := normalKey(written.key)
		if !isKey {
			return injected{entries: entries, unreadable: true}
		}
		entries = append(entries, configEntry{key: key, known: true, value: written.value, span: call.Span})
		at = skipBlanks(source, end)
		if end < len(source) && at == end {
			return injected{entries: entries, unreadable: true}
		}
	}
	return injected{entries: entries}
}

// readQuoted reads `'…'`, in which `'\”` and `'\!'` stand for a quote and an exclamation mark, and gives its text and where it ends.
func readQuoted(source string, start int) (text string, end int, isQuoted bool) {
	if unitAt(source, start) != '\'' {
		return "", 0, false
	}
	var content strings.Builder
	for at := start + 1; ; {
		length := strings.IndexByte(source[at:], '\'')
		if length < 0 {
			return "", 0, false
		}
		closing := at + length
		content.WriteString(source[at:closing])
		escaped := unitAt(source, closing+2)
		if unitAt(source, closing+1) != '\\' || unitAt(source, closing+3) != '\'' || escaped != '\'' && escaped != '!' {
			return content.String(), closing + 1, true
		}
		content.WriteByte(escaped)
		at = closing + 4
	}
}

// quoted is text so quoted that readQuoted gives it back.
func quoted(content string) string {
	return "'" + strings.ReplaceAll(strings.ReplaceAll(content, "'", `'\''`), "!", `'\!'`) + "'"
}

func skipBlanks(source string, start int) int {
	at := start
	for at < len(source) && (source[at] == ' ' || source[at] == '\t' || source[at] == '\n') {
		at++
	}
	return at
}

func optionConfig(call *model.Call, globals *catalogue.CutLine) injected {
	var all injected
	for _, option := range globals.Options {
		if len(option.Values) == 0 || option.Means != "c" && option.Means != "config_env" {
			continue
		}
		given := option.Values[0]
		if len(all.entries) >= maxConfigEntries {
			all.unreadable = true
			return all
		}
		written := splitPair(given.Value)
		if option.Means != "c" {
			written = variablePair(call, given.Value)
		}
		key, isKey := normalKey(written.key)
		if written.known && !isKey {
			all.unreadable = true
		} else {
			all.entries = append(all.entries, configEntry{key: key, known: written.known, value: written.value, span: given.Span})
		}
	}
	return all
}

// pair is a key and a value as they are written; known is false for a key that is not.
type pair struct {
	key   string
	known bool
	// value is nil where none is written.
	value *model.Value
}

// splitPair: `key=value`; the key must be known text for the entry to have one.
func splitPair(written model.Value) pair {
	key, _, hasValue := strings.Cut(catalogue.KnownPrefix(written), "=")
	if hasValue {
		value := catalogue.DropPrefix(written, len(key)+1)
		return pair{key: key, known: true, value: &value}
	}
	if written.Kind == "text" {
		return pair{key: written.Text, known: true}
	}
	return pair{value: unknownWord()}
}

// variablePair: `--config-env=key=VARIABLE`, the last `=` separates; the variable's value counts where the line tells it.
func variablePair(call *model.Call, written model.Value) pair {
	prefix := catalogue.KnownPrefix(written)
	equals := strings.IndexByte(prefix, '=')
	if written.Kind == "text" {
		equals = strings.LastIndexByte(prefix, '=')
	}
	if equals < 0 {
		return pair{key: written.Text, known: written.Kind == "text", value: unknownWord()}
	}
	found := pair{key: prefix[:equals], known: true, value: unknownWord()}
	if written.Kind == "text" && equals < len(prefix)-1 {
		if value, told := call.Environment.Get(prefix[equals+1:]); told {
			found.value = &value
		}
	}
	return found
}

func unknownWord() *model.Value {
	value := model.UnknownWord
	return &value
}
