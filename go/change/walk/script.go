// Walks lists, and-or lists, pipelines and commands. Implements spec/change.md sections 7.4 and 7.5. Twin of src/change/walk/script.ts.
// Everything is walked, also what a known exit status would skip; the status only says which state goes on.

package walk

import (
	"cavra.dev/runtime/base"
	"cavra.dev/runtime/change/model"
	"cavra.dev/runtime/change/shell"
)

func walkScript(script *shell.Script, frame *Frame) ran {
	all := quiet
	for i := range script.Items {
		item := &script.Items[i]
		if model.IsSpent(frame.walk.budget) {
			reachLimit(frame, item.Span, "work")
			return unsure
		}
		next := walkListed(item, frame)
		all = ran{output: appendOutput(all.output, next.output), status: next.status}
	}
	return all
}

func walkListed(item *shell.ListItem, frame *Frame) ran {
	if !item.Background {
		return walkItem(item, frame)
	}
	inside := inSubshell(frame, func(inner *Frame) ran { return walkItem(item, inner) })
	return ran{output: eitherOutput(nothing, inside.output), status: "zero"}
}

// ways is the states in which the list goes on with status zero and with another; nil where that cannot be.
type ways struct {
	zero    *Shell
	nonzero *Shell
}

func walkItem(item *shell.ListItem, frame *Frame) ran {
	first := walkPipeline(&item.First, frame)
	if len(item.Rest) == 0 {
		return first
	}
	output := first.output
	open := waysAfter(first.status, frame.shell.now)
	for i := range item.Rest {
		isAnd := item.Rest[i].Operator == "&&"
		taken, other := open.nonzero, open.zero
		if isAnd {
			taken, other = open.zero, open.nonzero
		}
		from := frame.shell.now
		switch {
		case taken != nil:
			from = taken
		case other != nil:
			from = other
		}
		frame.shell.now = copyShell(from)
		ran := walkPipeline(&item.Rest[i].Pipeline, frame)
		var after ways
		if taken != nil {
			after = waysAfter(ran.status, frame.shell.now)
			both := appendOutput(output, ran.output)
			if other != nil {
				both = eitherOutput(output, both)
			}
			output = both
		}
		if isAnd {
			open = ways{zero: after.zero, nonzero: joinWays(other, after.nonzero)}
		} else {
			open = ways{zero: joinWays(other, after.zero), nonzero: after.nonzero}
		}
	}
	if now := joinWays(open.zero, open.nonzero); now != nil {
		frame.shell.now = now
	}
	return ran{output: output, status: open.status()}
}

func (w ways) status() status {
	switch {
	case w.nonzero == nil:
		return "zero"
	case w.zero == nil:
		return "nonzero"
	}
	return "either"
}

func waysAfter(status status, now *Shell) ways {
	after := ways{zero: now, nonzero: now}
	switch status {
	case "zero":
		after.nonzero = nil
	case "nonzero":
		after.zero = nil
	}
	return after
}

func joinWays(left, right *Shell) *Shell {
	switch {
	case left == nil:
		return right
	case right == nil:
		return left
	}
	return joinShells(left, right)
}

func walkPipeline(pipeline *shell.Pipeline, frame *Frame) ran {
	var all ran
	if len(pipeline.Commands) == 1 {
		all = walkCommand(&pipeline.Commands[0], frame)
	} else {
		all = walkPiped(pipeline, frame)
	}
	if pipeline.Negated {
		all.status = opposite(all.status)
	}
	return all
}

// walkPiped: each part has a shell of its own, and reads what the part before it prints.
func walkPiped(pipeline *shell.Pipeline, frame *Frame) ran {
	all := quiet
	stdin := frame.input
	for i := range pipeline.Commands {
		command := &pipeline.Commands[i]
		part := frame.with(func(inner *Frame) { inner.input = stdin })
		all = inSubshell(part, func(inner *Frame) ran { return walkCommand(command, inner) })
		stdin = inputOf(pipedInput(all.output, frame.spanOr(command.Span)))
	}
	return all
}

func pipedInput(output model.Output, span base.Span) model.Stdin {
	switch output.Kind {
	case "text":
		return model.Stdin{Kind: "text", Text: output.Text, Span: span}
	case "lines":
		return model.Stdin{Kind: "lines", Globs: output.Globs, Span: span}
	}
	return model.Stdin{Kind: "stream", Span: span}
}

func opposite(status status) status {
	switch status {
	case "zero":
		return "nonzero"
	case "nonzero":
		return "zero"
	}
	return status
}

func walkCommand(command *shell.Command, frame *Frame) ran {
	if !model.Spend(frame.walk.budget, 1) {
		reachLimit(frame, command.Span, "work")
		return unsure
	}
	switch command.Kind {
	case shell.Simple:
		return walkSimple(command, frame)
	case shell.Function:
		// Defined, and walked only where it is called.
		frame.shell.now.functions.set(command.Name, []*functionBody{{command: command, carrier: frame.carrier}})
		return quiet
	case shell.Unsupported:
		emitOpaque(frame, command.Span, "unsupported_syntax", command.Reason)
	}
	return withRedirects(command.Redirects, frame, func(inner *Frame) ran { return walkCompound(command, inner) })
}

func walkCompound(command *shell.Command, frame *Frame) ran {
	switch command.Kind {
	case shell.Group:
		return walkScript(command.Body, frame)
	case shell.Subshell:
		return inSubshell(frame, func(inner *Frame) ran { return walkScript(command.Body, inner) })
	case shell.If:
		return walkIf(command, frame)
	case shell.While, shell.Until, shell.ArithmeticFor:
		return walkLoop(command, frame)
	case shell.For:
		return walkFor(command, frame)
	case shell.Case:
		return walkCase(command, frame)
	case shell.Test, shell.Arithmetic:
		return evaluateTest(command, frame)
	}
	return unsure
}
