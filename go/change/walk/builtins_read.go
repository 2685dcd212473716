// `read` and `mapfile`: known input becomes known variables. Implements spec/change.md section 7.11. Twin of
// src/change/walk/builtins-read.ts.

package walk

import (
	"slices"
	"strings"
	"unicode/utf8"

	"cavra.dev/runtime/change/model"
	"cavra.dev/runtime/change/words"
)

// readOptions is what the words of `read` and `mapfile` say. delimiter and array are nil where they are not known, or not there.
type readOptions struct {
	raw       bool
	delimiter *string
	array     *string
	// foreign: it assigns nothing that could be followed.
	foreign bool
	// trimmed is option `-t` of `mapfile`: the delimiters are taken away.
	trimmed bool
	// most is option `-n` of `mapfile`: so many lines at most; 0 for all.
	most  int
	names []string
}

// Letters of options that take a value, and of those that take none.
const (
	readValues    = "adinNptu"
	mapFileValues = "dnOsuCc"
	readFlags     = "rseEt"
)

func cutReading(given []model.Argument, withValue string) readOptions {
	newline := "\n"
	cut := readOptions{delimiter: &newline}
	isOver := false
	for i := 0; i < len(given); i++ {
		value := &given[i].Value
		switch {
		case value.Kind != "text":
			// It may be an option, a name, or none, with which nothing is assigned (`read -a L *`).
			cut.foreign = true
		case len(cut.names) > 0 || isOver || !strings.HasPrefix(value.Text, "-") || len(value.Text) < 2:
			cut.names = append(cut.names, value.Text)
		case value.Text == "--":
			isOver = true
		default:
			i += cut.option(value.Text, given[i+1:], withValue)
		}
	}
	// Into an element, or into what is no name: which variables keep what they hold is not followed.
	var wholes []string
	for _, name := range cut.names {
		cut.foreign = cut.foreign || !isName(name)
		if whole, _, _ := strings.Cut(name, "["); isName(whole) {
			wholes = append(wholes, whole)
		}
	}
	cut.names = wholes
	return cut
}

// option reads one word of options, and says how many of the words behind it are its value.
func (cut *readOptions) option(word string, behind []model.Argument, withValue string) int {
	for at := 1; at < len(word); at++ {
		letter := word[at]
		takes := strings.IndexByte(withValue, letter) >= 0
		cut.raw = cut.raw || letter == 'r'
		cut.trimmed = cut.trimmed || letter == 't'
		// With an option that it does not have, bash assigns nothing.
		cut.foreign = cut.foreign || letter == 'u' || !takes && strings.IndexByte(readFlags, letter) < 0
		if !takes {
			continue
		}
		var next *string
		taken := 0
		if attached := word[at+1:]; attached != "" {
			next = &attached
		} else if taken = 1; len(behind) > 0 && behind[0].Value.Kind == "text" {
			next = &behind[0].Value.Text
		}
		// Some of the lines, or other places than from the first on.
		cut.foreign = cut.foreign || withValue == mapFileValues && letter != 'd' && letter != 'n'
		switch {
		case letter == 'd':
			cut.delimiter = delimiterOf(next)
		case letter == 'a':
			cut.array = next
		case withValue == readValues && (letter == 'n' || letter == 'N'):
			cut.delimiter = nil
		case withValue == mapFileValues && letter == 'n':
			count, is := lineCount(next)
			cut.most = count
			cut.foreign = cut.foreign || !is
		}
		return taken
	}
	return 0
}

// lineCount takes up to five digits: more lines are beyond the limit in any case.
func lineCount(word *string) (int, bool) {
	if word == nil || *word == "" || len(*word) > 5 {
		return 0, false
	}
	count := 0
	for i := 0; i < len(*word); i++ {
		digit := (*word)[i]
		if digit < '0' || digit > '9' {
			return 0, false
		}
		count = count*10 + int(digit-'0')
	}
	return count, true
}

// delimiterOf is the first character; NUL of an empty word.
func delimiterOf(word *string) *string {
	if word == nil {
		return nil
	}
	first := "\x00"
	if *word != "" {
		_, size := utf8.DecodeRuneInString(*word)
		first = (*word)[:size]
	}
	return &first
}

func readLine(call *namedCall) ran {
	frame := call.frame
	cut := cutReading(call.words, readValues)
	line := unread
	if !cut.foreign && cut.delimiter != nil {
		line = takeLine(frame.input, *cut.delimiter)
	}
	model.Spend(frame.walk.budget, 1)
	value := line.value
	if value.Kind == "text" && !cut.raw {
		value = model.Text(strings.ReplaceAll(value.Text, `\`, ""))
	}
	switch {
	case cut.array != nil:
		setVariable(*cut.array, fieldsIn(value, frame), frame)
	case len(cut.names) == 0:
		assignFields([]string{"REPLY"}, value, true, frame)
	default:
		assignFields(cut.names, value, false, frame)
	}
	return ran{output: nothing, status: line.status}
}

type line struct {
	value  model.Value
	status status
}

var unread = line{value: model.Value{Kind: "unknown", Derived: true}, status: "either"}

func takeLine(input *input, delimiter string) line {
	stdin := &input.stdin
	switch stdin.Kind {
	case "lines":
		if input.taken >= len(stdin.Globs) {
			return line{model.Text(""), "nonzero"}
		}
		input.taken++
		return line{model.Value{Kind: "pattern", Glob: stdin.Globs[input.taken-1]}, "zero"}
	case "text":
		if input.taken >= len(stdin.Text) {
			return line{model.Text(""), "nonzero"}
		}
		// bash says false at a last line without its end; what it read is there all the same, and usually used.
		known, _, isEnded := strings.Cut(stdin.Text[input.taken:], delimiter)
		input.taken += len(known)
		if isEnded {
			input.taken += len(delimiter)
		}
		return line{model.Text(known), "zero"}
	}
	return unread
}

func assignFields(names []string, value model.Value, isWhole bool, frame *Frame) {
	ifs, isKnown := separators(frame)
	if value.Kind != "text" || !isKnown {
		for _, name := range names {
			if len(names) == 1 && value.Kind == "pattern" {
				setVariable(name, words.Scalar(value), frame)
			} else {
				setVariable(name, words.Scalar(unread.value), frame)
			}
		}
		return
	}
	if isWhole {
		for _, name := range names {
			setVariable(name, words.Scalar(value), frame)
		}
		return
	}
	blanks := blanksIn(ifs)
	rest := strings.TrimLeft(value.Text, blanks)
	for i, name := range names {
		field := rest
		if i == len(names)-1 {
			field, rest = strings.TrimRight(rest, blanks), ""
		} else if end := strings.IndexAny(rest, ifs); end >= 0 {
			_, size := utf8.DecodeRuneInString(rest[end:])
			field, rest = rest[:end], strings.TrimLeft(rest[end+size:], blanks)
		} else {
			rest = ""
		}
		setVariable(name, words.Scalar(model.Text(field)), frame)
	}
}

func separators(frame *Frame) (string, bool) {
	ifs := readVariable("IFS", frame)
	if ifs.Kind == "unset" {
		return " \t\n", true
	}
	return ifs.Value.Text, ifs.Kind == "scalar" && ifs.Value.Kind == "text"
}

// blanksIn is the blanks among the separators, of which a run is one.
func blanksIn(ifs string) string {
	blanks := ""
	for _, blank := range []string{" ", "\t", "\n"} {
		if strings.Contains(ifs, blank) {
			blanks += blank
		}
	}
	return blanks
}

func fieldsIn(value model.Value, frame *Frame) words.Variable {
	ifs, isKnown := separators(frame)
	if value.Kind != "text" || !isKnown {
		return anything
	}
	var fields []model.Value
	for _, field := range strings.FieldsFunc(value.Text, func(character rune) bool { return strings.ContainsRune(ifs, character) }) {
		fields = append(fields, model.Text(field))
	}
	return words.Array(fields)
}

func mapFile(call *namedCall) ran {
	frame := call.frame
	cut := cutReading(call.words, mapFileValues)
	name := "MAPFILE"
	if len(cut.names) > 0 {
		name = cut.names[len(cut.names)-1]
	}
	variable := words.Scalar(model.Value{Kind: "unknown", Many: true, Derived: true})
	if isOpen := cut.foreign || cut.delimiter == nil || frame.input.stdin.Kind == "stream" || frame.input.stdin.Kind == "inherited"; !isOpen {
		if values, fit := allLines(frame, *cut.delimiter, cut.trimmed, cut.most); fit {
			variable = words.Array(values)
		}
	}
	setVariable(name, variable, frame)
	return quiet
}

// allLines: false where there are too many; what is beyond the limit must not look like lines that are not there.
func allLines(frame *Frame, delimiter string, trimmed bool, most int) ([]model.Value, bool) {
	var values []model.Value
	for {
		line := takeLine(frame.input, delimiter)
		if line.status != "zero" {
			return slices.Clip(values), true
		}
		if !model.Spend(frame.walk.budget, 1) || len(values) >= model.LimitGlobNames {
			return nil, false
		}
		if !trimmed {
			line.value = withEnd(line.value, frame.input, delimiter)
		}
		values = append(values, line.value)
		if len(values) == most {
			return values, true
		}
	}
}

// withEnd: without `-t` a line keeps its delimiter; a name of a glob never has one that is known.
func withEnd(value model.Value, input *input, delimiter string) model.Value {
	if value.Kind != "text" || input.stdin.Kind != "text" || delimiter == "\x00" {
		return value
	}
	if strings.HasSuffix(input.stdin.Text[:input.taken], delimiter) {
		return model.Text(value.Text + delimiter)
	}
	return value
}
