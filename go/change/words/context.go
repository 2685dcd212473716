// What the evaluation of words asks of the shell around it. Implements spec/change.md section 5.1. Twin of src/change/words/context.ts.
// The walk supplies it, so that words never import the walk.

// Package words evaluates the words of a command line: from the syntax tree to values.
package words

import (
	"cavra.dev/runtime/base"
	"cavra.dev/runtime/change/model"
	"cavra.dev/runtime/change/shell"
)

// Variable is `unset` (known to have no value), `scalar` (Value) or `array` (Values). One of which nothing is known is a scalar with an
// unknown value.
type Variable struct {
	Kind   string
	Value  model.Value
	Values []model.Value
}

// Unset is a variable that is known to have no value.
var Unset = Variable{Kind: "unset"}

// Scalar is a variable with one value.
func Scalar(value model.Value) Variable {
	return Variable{Kind: "scalar", Value: value}
}

// Array is a variable with a list of values.
func Array(values []model.Value) Variable {
	return Variable{Kind: "array", Values: values}
}

// Context is the shell around a word.
type Context interface {
	Budget() *model.Budget
	Variable(name string) Variable
	Assign(name string, variable Variable)
	// Positional is `$0 $1 …`; false when their number is unknown.
	Positional() ([]model.Value, bool)
	Cwd() model.Value
	// Listing is the names in an absolute folder; false when no fact says.
	Listing(folder string) ([]string, bool)
	// Substitute walks the inside of a substitution, and says what it prints.
	Substitute(body *shell.Script, span base.Span) model.Output
	// Process walks the inside of `<( … )` or `>( … )`, and names the file that stands for it.
	Process(direction string, body *shell.Script, span base.Span) string
	Opaque(reason, detail string, span base.Span)
}
