// `export`, `declare`, `local`, `readonly`, `unset`. Implements spec/change.md section 7.11. Twin of src/change/walk/builtins-variables.ts.

package walk

import (
	"strings"

	"cavra.dev/runtime/change/model"
	"cavra.dev/runtime/change/words"
)

func declare(call *namedCall) ran {
	cut := cutOptions(call.words)
	if strings.Contains(cut.letters, "p") {
		return quiet
	}
	for _, word := range cut.operands {
		if one := cutAssignment(word.Value); one.isNamed {
			declareName(&one, cut.letters, exporting(call.name, &cut), call)
		}
	}
	return quiet
}

// exporting says what becomes of the export of a variable: `yes`, `no`, or "" where it stays.
func exporting(name string, cut *cutWords) string {
	switch {
	case name == "export" && strings.Contains(cut.letters, "n"):
		return "no"
	case name == "export" || strings.Contains(cut.letters, "x"):
		return "yes"
	case strings.Contains(cut.cleared, "x"):
		return "no"
	}
	return ""
}

func declareName(one *namedValue, letters, exported string, call *namedCall) {
	frame := call.frame
	if strings.Contains(letters, "f") {
		if exported == "yes" {
			frame.shell.now.exportedFunctions.set(one.name, true)
		}
		return
	}
	isGlobal := strings.Contains(letters, "g")
	isLocal := call.name == "local" || (call.name == "declare" || call.name == "typeset") && !isGlobal
	// A fresh local has no value, whatever the name held outside.
	if isLocal && frame.locals != nil && !frame.locals.Has(one.name) {
		rememberLocal(one.name, frame)
		setAs(one.name, words.Unset, exported, frame)
	}
	// `declare -g` in a function that has a local of that name changes one of which nothing is known here.
	isHidden := isGlobal && frame.locals.Has(one.name)
	// Outside of functions bash refuses `local`, and other shells do not.
	isNowhere := call.name == "local" && frame.locals == nil
	isFolded := strings.ContainsAny(letters, folding)
	value := one.value
	if value != nil && (isHidden || isNowhere || isFolded || strings.Contains(letters, "A")) {
		value = &model.UnknownWords
	}
	assignDeclared(one, value, exported, frame)
	if call.name == "readonly" || strings.Contains(letters, "r") || isFolded {
		bindVariable(one.name, frame)
	}
	if strings.Contains(letters, "n") && one.value != nil {
		bindAnother(*one.value, frame)
	}
}

// folding: numbers, lower case, upper case, capitals, another variable's name.
const folding = "ilucn"

// setAs sets a variable, and what becomes of its export.
func setAs(name string, variable words.Variable, exported string, frame *Frame) {
	if exported == "" {
		setVariable(name, variable, frame)
	} else {
		setExported(name, variable, exported == "yes", frame)
	}
}

// bindAnother: what is assigned to a `declare -n` goes to the variable that it names.
func bindAnother(value model.Value, frame *Frame) {
	if value.Kind == "text" && isName(value.Text) {
		bindVariable(value.Text, frame)
		setVariable(value.Text, anything, frame)
	}
}

func assignDeclared(one *namedValue, value *model.Value, exported string, frame *Frame) {
	before := readVariable(one.name, frame)
	if value == nil {
		// `export x` keeps the value that is there.
		if exported != "" {
			setAs(one.name, before, exported, frame)
		}
		return
	}
	whole := *value
	if one.append {
		first := model.Text("")
		switch {
		case before.Kind == "scalar":
			first = before.Value
		case before.Kind == "array" && len(before.Values) > 0:
			first = before.Values[0]
		}
		whole = words.ConcatValues(first, whole, frame.walk.budget)
	}
	setAs(one.name, words.Scalar(whole), exported, frame)
}

type cutWords struct {
	letters  string
	cleared  string
	operands []model.Argument
}

// cutOptions takes leading `-x` and `+x` words, up to `--`.
func cutOptions(given []model.Argument) cutWords {
	var cut cutWords
	for i := range given {
		known := wordText(given, i)
		switch {
		case known == "--":
			cut.operands = given[i+1:]
			return cut
		case len(known) > 1 && known[0] == '-':
			cut.letters += known[1:]
		case len(known) > 1 && known[0] == '+':
			cut.cleared += known[1:]
		default:
			cut.operands = given[i:]
			return cut
		}
	}
	return cut
}

// namedValue is `name=value`, or a name alone (value nil); isNamed where at least the name is known.
type namedValue struct {
	name    string
	isNamed bool
	append  bool
	value   *model.Value
}

func cutAssignment(word model.Value) namedValue {
	// Of the three only that of the word's kind is not empty.
	left, rest, assigns := strings.Cut(word.Text+word.Glob+word.Prefix, "=")
	isAppend := assigns && strings.HasSuffix(left, "+")
	if isAppend {
		left = strings.TrimSuffix(left, "+")
	}
	if !isName(left) || !assigns && word.Kind != "text" {
		return namedValue{}
	}
	if !assigns {
		return namedValue{name: left, isNamed: true}
	}
	switch word.Kind {
	case "text":
		word.Text = rest
	case "pattern":
		word.Glob = rest
	default:
		word.Prefix = rest
	}
	return namedValue{name: left, isNamed: true, append: isAppend, value: &word}
}

func isName(name string) bool {
	for i := 0; i < len(name); i++ {
		c := name[i]
		isLetter := c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c == '_'
		if !isLetter && (i == 0 || c < '0' || c > '9') {
			return false
		}
	}
	return name != ""
}

func unset(call *namedCall) ran {
	frame := call.frame
	cut := cutOptions(call.words)
	for _, word := range cut.operands {
		if word.Value.Kind != "text" {
			continue
		}
		written := word.Value.Text
		isFunction := strings.Contains(cut.letters, "f")
		if isFunction || !strings.Contains(cut.letters, "v") && !frame.shell.now.variables.has(written) {
			frame.shell.now.functions.remove(written)
		}
		if isFunction {
			continue
		}
		name, _, isElement := strings.Cut(written, "[")
		switch {
		case !isName(name):
		case isElement:
			setVariable(name, anything, frame)
		default:
			setVariable(name, words.Unset, frame)
		}
	}
	return quiet
}
