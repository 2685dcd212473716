// From words to values: braces, tilde, parameters, substitutions, splitting, globs, quotes. Implements spec/change.md section 5.
// Twin of src/change/words/expand.ts, with the plain words of src/change/words/plain.ts.
// Every substitution inside a word is walked exactly once, whatever becomes of the word.

package words

import (
	"slices"
	"strconv"
	"strings"

	"cavra.dev/runtime/base"
	"cavra.dev/runtime/change/model"
	"cavra.dev/runtime/change/shell"
)

// EvaluateWords is the arguments that the words of a command make, in order.
func EvaluateWords(words []shell.Word, context Context) []model.Argument {
	given := make([]model.Argument, 0, len(words))
	for i := range words {
		given = append(given, EvaluateWord(&words[i], context)...)
	}
	return given
}

// EvaluateDeclared is a word that looks like an assignment behind `export`: one text, unless braces make other words of it (`export x={a,b}` is
// `export x=a x=b`).
func EvaluateDeclared(word *shell.Word, context Context) []model.Argument {
	if braced, fits := expandBraces(word); fits && !braced.made {
		return []model.Argument{{Value: EvaluateText(word, context), Span: word.Span}}
	}
	return EvaluateWord(word, context)
}

// EvaluateWord is one word: any number of arguments.
func EvaluateWord(word *shell.Word, context Context) []model.Argument {
	if plain, is := onlyText(word); is {
		if !model.Spend(context.Budget(), 1) {
			return nil
		}
		return []model.Argument{{Value: model.Text(plain), Span: word.Span}}
	}
	braced, fits := expandBraces(word)
	if !fits {
		context.Opaque("limit_exceeded", "brace_words", word.Span)
		return []model.Argument{{Value: model.UnknownWords, Span: word.Span}}
	}
	expanded := !isWritten(word.Parts)
	var given []model.Argument
	in := split
	if braced.made {
		in = ofBraces
	}
	for i := range braced.words {
		for _, field := range fieldsOf(&braced.words[i], context, in) {
			for _, value := range globbed(field, context) {
				given = append(given, model.Argument{Value: value, Span: word.Span, Expanded: expanded})
			}
		}
	}
	return given
}

// onlyText is the text of a word of plain literals, which most words are; false when anything in it could be special.
func onlyText(word *shell.Word) (string, bool) {
	if len(word.Parts) != 1 {
		return "", false
	}
	only := &word.Parts[0]
	return only.Text, only.Kind == shell.Quoted || only.Kind == shell.Literal && !strings.ContainsAny(only.Text, "~*?[{=:")
}

func isWritten(parts []shell.Part) bool {
	for i := range parts {
		part := &parts[i]
		if part.Kind != shell.Literal && part.Kind != shell.Quoted && (part.Kind != shell.Double || !isWritten(part.Parts)) {
			return false
		}
	}
	return true
}

// EvaluateText is a word where the shell neither splits nor expands file names: the right side of an assignment, a here-string, the subject
// of `case`.
func EvaluateText(word *shell.Word, context Context) model.Value {
	if plain, is := onlyText(word); is {
		return model.Text(plain)
	}
	return fieldValue(firstField(word, context, entire), false, context.Budget())
}

// EvaluateBody is the body of a here-document: nothing in it is a tilde, a quote or a glob.
func EvaluateBody(word *shell.Word, context Context) model.Value {
	return EvaluateText(&shell.Word{Parts: asQuoted(word.Parts), Span: word.Span}, context)
}

// EvaluateGlob is a word that is a pattern (`case`, `${x#…}`): its glob, or false when it cannot be known.
func EvaluateGlob(word *shell.Word, context Context) (string, bool) {
	field := firstField(word, context, argument)
	if slices.ContainsFunc(field, func(one piece) bool { return one.kind != "text" }) {
		return "", false
	}
	first := slices.IndexFunc(field, func(one piece) bool { return one.text != "" })
	// In `${x/'%'y/z}` the quoted `%` is no anchor.
	if first >= 0 && field[first].quoted && (field[first].text[0] == '%' || field[first].text[0] == '#') {
		return `\` + fieldGlob(field), true
	}
	return fieldGlob(field), true
}

// evaluateOperand is the word after an operator as one text.
func evaluateOperand(word *shell.Word, context Context) model.Value {
	return fieldValue(firstField(word, context, argument), false, context.Budget())
}

// evaluateReplacement is what replaces a match in `${x/p/word}`, cut where an unquoted `&` stands for the match; false when it cannot be
// known.
func evaluateReplacement(word *shell.Word, context Context) ([]string, bool) {
	between := []string{""}
	for _, one := range firstField(word, context, argument) {
		// A backslash out of a variable quotes what follows, or itself.
		if one.kind != "text" || !one.quoted && strings.Contains(one.text, `\`) {
			return nil, false
		}
		texts := []string{one.text}
		if !one.quoted {
			texts = strings.Split(one.text, "&")
		}
		between[len(between)-1] += texts[0]
		between = append(between, texts[1:]...)
	}
	return between, true
}

// EvaluateExpression is the value of an arithmetic expression given as parts. Names that it assigns are set, or become unknown.
func EvaluateExpression(parts []shell.Part, span base.Span, context Context) Number {
	value := EvaluateText(&shell.Word{Parts: asQuoted(parts), Span: span}, context)
	if value.Kind != "text" {
		return unknownNumber
	}
	return evaluateArithmetic(value.Text, variableNumbers{context, span})
}

// variableNumbers are the variables of the shell as numbers.
type variableNumbers struct {
	context Context
	span    base.Span
}

func (n variableNumbers) set(name string, value Number) {
	if !value.Known {
		n.context.Assign(name, Scalar(model.UnknownWord))
		return
	}
	n.context.Assign(name, Scalar(model.Text(strconv.FormatInt(value.Value, 10))))
}

// get: bash evaluates what a variable holds as an expression of its own, so that `x='a[$(id)]'; ((x))` runs `id`.
func (n variableNumbers) get(name string) Number {
	variable := n.context.Variable(name)
	value := variable.Value
	switch {
	case variable.Kind == "unset":
		return knownNumber(0)
	case variable.Kind == "array" && len(variable.Values) == 0:
		return unknownNumber
	case variable.Kind == "array":
		value = variable.Values[0]
	}
	if value.Kind != "text" {
		return unknownNumber
	}
	if strings.Contains(value.Text, "$(") || strings.Contains(value.Text, "`") {
		n.context.Opaque("unknown_code", "shell", n.span)
	}
	digits := base.TrimASCII(value.Text)
	if digits == "" {
		return knownNumber(0)
	}
	if !strings.HasPrefix(digits, "-") {
		return number(digits)
	}
	return signed("-", number(digits[1:]))
}

func asQuoted(parts []shell.Part) []shell.Part {
	quoted := slices.Clone(parts)
	for i := range quoted {
		if quoted[i].Kind == shell.Literal {
			quoted[i].Kind = shell.Quoted
		}
	}
	return quoted
}

// globbed is file name expansion: against the facts where they list the folders, else a pattern.
func globbed(field field, context Context) []model.Value {
	value := fieldValue(field, true, context.Budget())
	if value.Kind != "pattern" || slices.ContainsFunc(field, func(one piece) bool { return one.kind != "text" }) {
		return []model.Value{value}
	}
	plain, _ := plainText(field, false)
	// No file is called like a URL: `https://a.example/x?y=1` stands as it is.
	if strings.Contains(model.GlobPrefix(value.Glob), "://") {
		return []model.Value{model.Text(plain)}
	}
	var folder *string
	if cwd := context.Cwd(); cwd.Kind == "text" {
		folder = &cwd.Text
	}
	names, listed := expandListing(value.Glob, folder, context)
	if !listed {
		value.Names = true
		return []model.Value{value}
	}
	// Without a match the shell leaves the word as it stands.
	if len(names) == 0 {
		return []model.Value{model.Text(plain)}
	}
	values := make([]model.Value, 0, len(names))
	for _, name := range names {
		values = append(values, model.Text(name))
	}
	return values
}
