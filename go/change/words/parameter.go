// `$x`, `${x:-w}`, `${x#p}`, `${x/a/b}`, `${x:o:l}`, `${#x}`, `$@`, `${a[i]}`. Implements spec/change.md section 5.5.
// Twin of src/change/words/parameter.ts.
// An operand that is not known makes the result unknown; the words after the operator are evaluated all the same, for what they run.

package words

import (
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"cavra.dev/runtime/change/model"
	"cavra.dev/runtime/change/shell"
)

// expansion is one value and whether it is set, or a list: `$@`, `$*`, `${a[@]}`; star joins in quotes, and an open list is of unknown
// length.
type expansion struct {
	isList bool
	value  model.Value
	set    answer
	values []model.Value
	isOpen bool
	star   bool
}

func expandParameter(part *shell.Part, context Context) expansion {
	subject := subjectOf(part, context)
	switch part.Operator {
	case "":
		return subject
	case "#length":
		return one(lengthOf(subject), yes)
	case "!indices":
		return indicesOf(part, context.Variable(part.Name))
	case ":-", "-", ":=", "=", ":?", "?", ":+", "+":
		return conditional(part, subject, context)
	case ":":
		return substring(part, subject, context)
	case "^", "^^", ",", ",,":
		// A pattern after it (`${x^^[a-c]}`) is not read: the result is unknown.
		if len(part.Arguments) > 0 {
			EvaluateGlob(&part.Arguments[0], context)
			return eachValue(subject, noEdit, noEdit)
		}
		return eachValue(subject, func(known string) (string, bool) { return changeCase(known, part.Operator) }, noEdit)
	}
	return editing(part, subject, context)
}

// takenWord is the word that `${x:-w}` or `${x:+w}` surely stands for; nil where it is the value, where nobody knows, or where `w` is
// nothing.
func takenWord(part *shell.Part, context Context) *shell.Word {
	isMinus, isPlus := strings.HasSuffix(part.Operator, "-"), strings.HasSuffix(part.Operator, "+")
	if len(part.Arguments) == 0 || !isMinus && !isPlus || part.Subscript != nil && !isPlainSubscript(part.Subscript) {
		return nil
	}
	wanted := no
	if isPlus {
		wanted = yes
	}
	if presence(subjectOf(part, context), strings.HasPrefix(part.Operator, ":")) != wanted {
		return nil
	}
	return &part.Arguments[0]
}

// isPlainSubscript: one that does nothing when it is evaluated twice: `@`, `*`, a number.
func isPlainSubscript(subscript *shell.Word) bool {
	if len(subscript.Parts) != 1 || subscript.Parts[0].Kind != shell.Literal {
		return false
	}
	return strings.Trim(subscript.Parts[0].Text, "@*-0123456789") == ""
}

func one(value model.Value, set answer) expansion {
	return expansion{value: value, set: set}
}

var (
	nothing    = one(model.Text(""), no)
	anyElement = one(model.UnknownWord, maybe)
)

func subjectOf(part *shell.Part, context Context) expansion {
	name := part.Name
	if name == "@" || name == "*" {
		positional, isKnown := context.Positional()
		return expansion{isList: true, values: positional[min(1, len(positional)):], isOpen: !isKnown, star: name == "*"}
	}
	if isDigits(name) {
		positional, isKnown := context.Positional()
		at, err := strconv.ParseInt(name, 10, 64)
		// bash counts on from zero behind its largest number.
		if !isKnown || err != nil || at > maxSafe {
			return anyElement
		}
		return itemAt(positional, at)
	}
	variable := context.Variable(name)
	if part.Subscript != nil {
		return element(variable, part.Subscript, context)
	}
	return scalarOf(variable)
}

// scalarOf is a variable as one value: an array stands for its first element.
func scalarOf(variable Variable) expansion {
	switch {
	case variable.Kind == "unset" || variable.Kind == "array" && len(variable.Values) == 0:
		return nothing
	case variable.Kind == "array":
		return one(variable.Values[0], yes)
	case variable.Value.Kind == "unknown":
		return one(variable.Value, maybe)
	}
	return one(variable.Value, yes)
}

func element(variable Variable, subscript *shell.Word, context Context) expansion {
	if len(subscript.Parts) == 1 && subscript.Parts[0].Kind == shell.Literal {
		if which := subscript.Parts[0].Text; which == "@" || which == "*" {
			return allElements(variable, which == "*")
		}
	}
	index := EvaluateExpression(subscript.Parts, subscript.Span, context)
	switch {
	case variable.Kind == "unset":
		return nothing
	case !index.Known:
		return anyElement
	case variable.Kind == "array":
		return itemAt(variable.Values, index.Value)
	case index.Value == 0:
		return scalarOf(variable)
	// A variable that nobody knows may well be an array: `${BASH_REMATCH[1]}`, the lines that `mapfile` read.
	case variable.Value.Kind == "unknown":
		return anyElement
	}
	return nothing
}

func allElements(variable Variable, star bool) expansion {
	switch variable.Kind {
	case "array":
		return expansion{isList: true, values: variable.Values, star: star}
	case "unset":
		return expansion{isList: true, star: star}
	}
	if variable.Value.Kind == "unknown" {
		return expansion{isList: true, isOpen: true, star: star}
	}
	return expansion{isList: true, values: []model.Value{variable.Value}, star: star}
}

// itemAt is the value at a place, from the end when negative. Where a value before it may be several words, nobody knows which one stands
// there.
func itemAt(values []model.Value, index int64) expansion {
	size := int64(len(values))
	at := index
	passed := values[:min(max(0, at), size)]
	if index < 0 {
		at = size + index
		passed = values[min(max(0, at+1), size):]
	}
	if slices.ContainsFunc(passed, MayBeMany) {
		return anyElement
	}
	if at < 0 || at >= size {
		return nothing
	}
	return one(OneOf(values[at]), yes)
}

// indicesOf: arrays that the walk knows have no gaps; of all others neither the number nor the names of the elements are known.
func indicesOf(part *shell.Part, variable Variable) expansion {
	star := false
	if part.Subscript != nil && len(part.Subscript.Parts) > 0 {
		star = part.Subscript.Parts[0].Kind == shell.Literal && part.Subscript.Parts[0].Text == "*"
	}
	if variable.Kind == "unset" {
		return expansion{isList: true, star: star}
	}
	if variable.Kind != "array" || slices.ContainsFunc(variable.Values, MayBeMany) {
		return expansion{isList: true, isOpen: true, star: star}
	}
	indices := make([]model.Value, 0, len(variable.Values))
	for i := range variable.Values {
		indices = append(indices, model.Text(strconv.Itoa(i)))
	}
	return expansion{isList: true, values: indices, star: star}
}

func lengthOf(subject expansion) model.Value {
	switch {
	case subject.isList && (subject.isOpen || slices.ContainsFunc(subject.values, MayBeMany)):
		return model.UnknownWord
	case subject.isList:
		return model.Text(strconv.Itoa(len(subject.values)))
	case subject.value.Kind == "text":
		return model.Text(strconv.Itoa(utf8.RuneCountInString(subject.value.Text)))
	}
	return model.UnknownWord
}

func conditional(part *shell.Part, subject expansion, context Context) expansion {
	other := model.Text("")
	if len(part.Arguments) > 0 {
		other = evaluateOperand(&part.Arguments[0], context)
	}
	present := presence(subject, strings.HasPrefix(part.Operator, ":"))
	sign := part.Operator[len(part.Operator)-1]
	switch {
	case sign == '?':
		return subject
	case sign == '+' && present == no:
		return nothing
	case sign == '+' && present == yes:
		return one(other, yes)
	case sign == '+':
		return one(model.UnknownWords, maybe)
	case present == yes:
		return subject
	}
	value := other
	if present != no && !subject.isList {
		value = widen(subject.value, other)
	}
	if sign == '=' && !subject.isList && !isDigits(part.Name) {
		context.Assign(part.Name, Scalar(value))
	}
	if present == no {
		return one(value, yes)
	}
	return one(value, maybe)
}

func widen(value, other model.Value) model.Value {
	if value.Kind == "unknown" {
		value.Prefix = ""
		return value
	}
	return JoinValues(value, other)
}

// presence says whether the operator finds a value; colon counts the empty value as none.
func presence(subject expansion, colon bool) answer {
	switch {
	case subject.isList && subject.isOpen:
		return maybe
	case subject.isList && len(subject.values) > 0:
		return yes
	case subject.isList:
		return no
	case subject.set != yes:
		return subject.set
	case !colon || subject.value.Kind == "pattern":
		return yes
	case subject.value.Kind == "unknown" && subject.value.Prefix == "":
		return maybe
	case subject.value.Kind == "text" && subject.value.Text == "":
		return no
	}
	return yes
}

func substring(part *shell.Part, subject expansion, context Context) expansion {
	offset, length := knownNumber(0), knownNumber(0)
	isRest := len(part.Arguments) < 2
	if len(part.Arguments) > 0 {
		offset = EvaluateExpression(part.Arguments[0].Parts, part.Arguments[0].Span, context)
	}
	if !isRest {
		length = EvaluateExpression(part.Arguments[1].Parts, part.Arguments[1].Span, context)
	}
	if subject.isList {
		// `${@:0}` counts `$0`, `${a[@]:0}` does not.
		values, isKnown := subject.values, !subject.isOpen
		if part.Name == "@" || part.Name == "*" {
			values, isKnown = context.Positional()
		}
		if !isKnown || !offset.Known || !length.Known {
			return expansion{isList: true, isOpen: true, star: subject.star}
		}
		// Which words are left out is not known: none is.
		if slices.ContainsFunc(values, MayBeMany) {
			return subject
		}
		return expansion{isList: true, values: slice(values, offset.Value, length.Value, isRest), star: subject.star}
	}
	if subject.value.Kind != "text" || !offset.Known || !length.Known {
		return anyElement
	}
	return one(model.Text(string(slice([]rune(subject.value.Text), offset.Value, length.Value, isRest))), yes)
}

// slice is a part of a list, nothing where there is no such part.
func slice[T any](values []T, offset, length int64, isRest bool) []T {
	size := int64(len(values))
	start := offset
	if offset < 0 {
		start = size + offset
	}
	if start < 0 || start > size {
		return nil
	}
	end := start + length
	if isRest {
		end = size
	} else if length < 0 {
		end = size + length
	}
	if end < start {
		return nil
	}
	return values[start:min(end, size)]
}

// edit is what becomes of a known text or pattern; false where that cannot be said.
type edit func(known string) (string, bool)

func noEdit(string) (string, bool) {
	return "", false
}

// editing: `#` `##` `%` `%%` take away, `/` `//` `/#` `/%` replace.
func editing(part *shell.Part, subject expansion, context Context) expansion {
	written, isKnown := "", false
	if len(part.Arguments) > 0 {
		written, isKnown = EvaluateGlob(&part.Arguments[0], context)
	}
	by := []string{""}
	if len(part.Arguments) > 1 {
		replacement, is := evaluateReplacement(&part.Arguments[1], context)
		by, isKnown = replacement, isKnown && is
	}
	if !isKnown {
		return eachValue(subject, noEdit, noEdit)
	}
	// `p=%c; ${x/$p/y}`: bash looks for the anchor when the pattern is expanded.
	operator, glob := part.Operator, written
	if operator == "/" && (strings.HasPrefix(written, "#") || strings.HasPrefix(written, "%")) {
		operator, glob = "/"+written[:1], written[1:]
	}
	change := textEdit(operator, glob, by)
	pattern := func(known string) (string, bool) {
		if len(by) > 1 {
			return "", false
		}
		return editPattern(known, operator, glob, by[0])
	}
	return eachValue(subject, change, pattern)
}

// eachValue applies an edit to the value, or to each of a list.
func eachValue(subject expansion, edit, pattern edit) expansion {
	change := func(value model.Value) model.Value {
		switch value.Kind {
		case "pattern":
			if edited, is := pattern(value.Glob); is && model.HasActive(edited) {
				return model.Value{Kind: "pattern", Glob: edited}
			} else if is {
				return model.Text(model.UnescapeGlob(edited))
			}
		case "text":
			if edited, is := edit(value.Text); is {
				return model.Text(edited)
			}
		}
		return model.UnknownWord
	}
	if !subject.isList {
		return one(change(subject.value), subject.set)
	}
	changed := make([]model.Value, 0, len(subject.values))
	for _, value := range subject.values {
		changed = append(changed, change(value))
	}
	subject.values = changed
	return subject
}

// listValues is the values of a list as words; an unknown list is any number of them.
func listValues(list expansion, context Context) []model.Value {
	if list.isOpen || !model.Spend(context.Budget(), len(list.values)) {
		return []model.Value{model.UnknownWords}
	}
	return list.values
}

func isDigits(name string) bool {
	for i := 0; i < len(name); i++ {
		if !isDigit(name[i]) {
			return false
		}
	}
	return name != ""
}
