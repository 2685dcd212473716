// `[[ … ]]` and `(( … ))`: nothing happens but what their expansions do. Implements spec/change.md section 7.6.
// Twin of src/change/walk/test-command.ts.

package walk

import (
	"cavra.dev/runtime/change/shell"
	"cavra.dev/runtime/change/words"
)

func evaluateTest(command *shell.Command, frame *Frame) ran {
	context := wordContext{frame}
	if command.Kind == shell.Test {
		for i := range command.Words {
			words.EvaluateText(&command.Words[i], context)
		}
		return ran{output: nothing, status: "either"}
	}
	value := words.EvaluateExpression(command.Expression.Parts, command.Expression.Span, context)
	switch {
	case !value.Known:
		return ran{output: nothing, status: "either"}
	case value.Value == 0:
		return ran{output: nothing, status: "nonzero"}
	}
	return quiet
}
