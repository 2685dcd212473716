// su and runuser: a shell, or with -u a command, as another user. Implements spec/catalogue.md clause 10.5.
// Twin of src/change/programs/su.ts.

package programs

import (
	"cavra.dev/runtime/change/catalogue"
	"cavra.dev/runtime/change/model"
)

func readSu(call *model.Call) model.Reading {
	program := bareProgram(call)
	options := catalogue.OptionsOf(program)
	grammar := grammarOf(program)
	grammar.OptionsEnd = "first_operand"
	located := &catalogue.Located{Program: program, Options: options, Line: catalogue.CutCommandLine(&grammar, options, call.Words)}
	if asCommand := catalogue.ContextOf(located, call); asCommand.Around.Meanings.Has("user") {
		return withDeeds(asCommand, commandAsUser(asCommand)...)
	}
	context := lineOf(call)
	if meanings := context.Around.Meanings; meanings.Has("help") || meanings.Has("version") {
		return withDeeds(context)
	}
	return withDeeds(context, shellAsUser(context)...)
}

// commandAsUser: `runuser -u user [--] command …`.
func commandAsUser(context *catalogue.Context) []model.Deed {
	words := context.Located.Line.Operands
	if len(words) == 0 {
		return nil
	}
	return []model.Deed{commandDeed(words, catalogue.ScopeOf("child", context, nil), words[0].Span)}
}

// shellAsUser: `su [-] [user [argument …]]`, the arguments are the shell's, after `-c code` when that is given.
func shellAsUser(context *catalogue.Context) []model.Deed {
	rest := context.Located.Line.Operands
	if len(rest) > 0 && rest[0].Value.Text == "-" {
		rest = rest[1:]
	}
	rest = rest[min(1, len(rest)):]
	shell, code := lastGiven(context, "shell"), lastGiven(context, "code")
	scope := catalogue.ScopeOf("child", context, nil)
	span := context.Call.Span
	if shell == nil && code == nil && len(rest) == 0 {
		return catalogue.StdinCode("shell", nil, scope, context, span)
	}
	words := []model.Argument{{Value: model.Text("sh"), Span: span}}
	if shell != nil {
		words[0] = *shell
	}
	switch {
	case code != nil:
		span = code.Span
		words = append(words, model.Argument{Value: model.Text("-c"), Span: span}, *code)
	case len(rest) > 0:
		span = rest[0].Span
	default:
		span = words[0].Span
	}
	return []model.Deed{commandDeed(append(words, rest...), scope, span)}
}

// lastGiven is the first value of the last option of that meaning; nil when there is none.
func lastGiven(context *catalogue.Context, means ...string) *model.Argument {
	if option := lastOption(context, means...); option != nil {
		return nth(option.Values, 0)
	}
	return nil
}

// lastOption of one of the meanings; nil when there is none.
func lastOption(context *catalogue.Context, means ...string) *catalogue.CutOption {
	options := context.Located.Line.Options
	for i := len(options) - 1; i >= 0; i-- {
		for _, meaning := range means {
			if options[i].Means == meaning {
				return &options[i]
			}
		}
	}
	return nil
}
