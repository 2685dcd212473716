// Walks a simple command: words, assignments, redirects, then the program. Implements spec/change.md section 7.7. Twin of
// src/change/walk/simple.ts.

package walk

import (
	"slices"
	"strings"

	"cavra.dev/runtime/change/model"
	"cavra.dev/runtime/change/shell"
	"cavra.dev/runtime/change/words"
)

func walkSimple(command *shell.Command, frame *Frame) ran {
	given := expandedWords(command.Words, frame)
	return withRedirects(command.Redirects, frame, func(inner *Frame) ran {
		return walkExpanded(command, given, inner, inner != frame)
	})
}

func expandedWords(written []shell.Word, frame *Frame) []model.Argument {
	if isDeclaration(written) {
		return declarationWords(written, wordContext{frame})
	}
	return words.EvaluateWords(written, wordContext{frame})
}

func walkExpanded(command *shell.Command, given []model.Argument, frame *Frame, redirectedIn bool) ran {
	if len(given) == 0 {
		for i := range command.Assignments {
			assign(&command.Assignments[i], frame)
		}
		if !redirectedIn || len(command.Assignments) > 0 {
			return quiet
		}
		return ran{output: contentOfInput(frame), status: "zero"}
	}
	asTyped := manner{functions: true, builtins: true}
	if len(command.Assignments) == 0 {
		return walkWords(given, command.Span, frame, asTyped)
	}
	at := 0
	if len(command.Words) > 0 {
		at = command.Words[0].Span.Start
	}
	asTyped.environment = environmentFor(command.Assignments, at, frame)
	ran := walkWords(given, command.Span, frame, asTyped)
	// `declare a=(1 2)`: the reader keeps compound values as assignments, after the program's word.
	for i := range command.Assignments {
		if assignment := &command.Assignments[i]; assignment.Span.Start >= at {
			assign(assignment, frame)
		}
	}
	return ran
}

// contentOfInput: `$(<file)` is `$(cat file)`; zsh prints a file that is redirected into nothing everywhere.
func contentOfInput(frame *Frame) model.Output {
	if frame.input.stdin.Kind == "inherited" {
		return nothing
	}
	return passedInput(frame)
}

var declarations = []string{"export", "declare", "typeset", "local", "readonly"}

func isDeclaration(written []shell.Word) bool {
	if len(written) == 0 || len(written[0].Parts) != 1 {
		return false
	}
	only := &written[0].Parts[0]
	return only.Kind == shell.Literal && slices.Contains(declarations, only.Text)
}

// declarationWords: `export a=$x`, what looks like an assignment is neither split nor globbed.
func declarationWords(written []shell.Word, context wordContext) []model.Argument {
	var given []model.Argument
	for i := range written {
		word := &written[i]
		evaluate := words.EvaluateWord
		if first := &word.Parts[0]; first.Kind == shell.Literal && strings.Contains(first.Text, "=") {
			evaluate = words.EvaluateDeclared
		}
		given = append(given, evaluate(word, context)...)
	}
	return given
}

// environmentFor: assignments before a command, up to where it begins, see each other, and are gone afterwards.
func environmentFor(assignments []shell.Assignment, at int, frame *Frame) []model.Variable {
	var environment []model.Variable
	before := frame.shell.now.variables
	for i := range assignments {
		assignment := &assignments[i]
		if assignment.Span.Start >= at {
			continue
		}
		if environment == nil {
			frame.shell.change(func(now *Shell) { now.variables = shareTable(before) })
		}
		assign(assignment, frame)
		value := model.UnknownWord
		if variable := readVariable(assignment.Name, frame); variable.Kind == "scalar" {
			value = variable.Value
		}
		environment = append(environment, model.Variable{Name: assignment.Name, Value: value})
	}
	if environment != nil {
		frame.shell.change(func(now *Shell) { now.variables = before })
	}
	return environment
}

func assign(assignment *shell.Assignment, frame *Frame) {
	context := wordContext{frame}
	budget := frame.walk.budget
	name := assignment.Name
	if assignment.IsArray {
		setVariable(name, arrayOf(assignment, readVariable(name, frame), context), frame)
		return
	}
	value := model.Text("")
	if assignment.Value != nil {
		value = words.EvaluateText(assignment.Value, context)
	}
	before := readVariable(name, frame)
	switch {
	case assignment.Subscript != nil:
		index := words.EvaluateExpression(assignment.Subscript.Parts, assignment.Subscript.Span, context)
		if assignment.Append && before.Kind == "array" && index.Known && index.Value >= 0 && index.Value < int64(len(before.Values)) {
			value = words.ConcatValues(before.Values[index.Value], value, budget)
		}
		setVariable(name, withElement(before, index, value), frame)
	case !assignment.Append:
		setVariable(name, words.Scalar(value), frame)
	case before.Kind == "array":
		first := model.Text("")
		if len(before.Values) > 0 {
			first = before.Values[0]
		}
		setVariable(name, withElement(before, words.Number{Known: true}, words.ConcatValues(first, value, budget)), frame)
	case before.Kind == "unset":
		setVariable(name, words.Scalar(words.ConcatValues(model.Text(""), value, budget)), frame)
	default:
		setVariable(name, words.Scalar(words.ConcatValues(before.Value, value, budget)), frame)
	}
}

func arrayOf(assignment *shell.Assignment, before words.Variable, context wordContext) words.Variable {
	// `([3]=x [name]=y)`: where the elements land is not followed.
	placed := func(word shell.Word) bool {
		return len(word.Parts) > 0 && word.Parts[0].Kind == shell.Literal && strings.HasPrefix(word.Parts[0].Text, "[")
	}
	var values []model.Value
	if assignment.Append && before.Kind == "array" {
		values = slices.Clone(before.Values)
	} else if assignment.Append && before.Kind == "scalar" {
		values = []model.Value{before.Value}
	}
	isUnknown := len(values) == 1 && before.Kind == "scalar" && before.Value.Kind == "unknown"
	isOpen := isUnknown || slices.ContainsFunc(assignment.Elements, placed)
	for _, word := range words.EvaluateWords(assignment.Elements, context) {
		isOpen = isOpen || word.Value.Kind == "unknown" && word.Value.Many
		values = append(values, word.Value)
	}
	if isOpen {
		return anything
	}
	return words.Array(values)
}

func withElement(before words.Variable, index words.Number, value model.Value) words.Variable {
	size := int64(len(before.Values))
	if before.Kind == "scalar" || !index.Known || index.Value < 0 || index.Value > size {
		return anything
	}
	values := slices.Clone(before.Values)
	if index.Value == size {
		values = append(values, value)
	} else {
		values[index.Value] = value
	}
	return words.Array(values)
}
