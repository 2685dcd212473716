// Walks `if`, `case` and loops. Implements spec/change.md section 7.6. Twin of src/change/walk/compound.ts.
// All branches are walked, also those that a known condition would skip: hidden there or not, what they hold was asked for.

package walk

import (
	"cavra.dev/runtime/base"
	"cavra.dev/runtime/change/model"
	"cavra.dev/runtime/change/shell"
	"cavra.dev/runtime/change/words"
)

func walkIf(command *shell.Command, frame *Frame) ran {
	var joined branches
	prefix := nothing
	open := true
	for i := range command.Clauses {
		clause := &command.Clauses[i]
		tested := walkScript(&clause.Condition, frame)
		prefix = appendOutput(prefix, tested.output)
		passed := frame.shell.now
		frame.shell.now = copyShell(passed)
		ran := walkScript(&clause.Body, frame)
		if open && tested.status != "nonzero" {
			joined.add(frame.shell.now, appendOutput(prefix, ran.output))
		}
		if tested.status == "zero" {
			open = false
		}
		frame.shell.now = copyShell(passed)
	}
	last := ran{output: nothing}
	if command.Otherwise != nil {
		last = walkScript(command.Otherwise, frame)
	}
	if open {
		joined.add(frame.shell.now, appendOutput(prefix, last.output))
	}
	// One of them is there: either a condition with status zero, or the end.
	frame.shell.now = joined.now
	return ran{output: joined.output, status: "either"}
}

// branches is the join of the ways in which something may end, and what they print.
type branches struct {
	now    *Shell
	output model.Output
}

func (b *branches) add(now *Shell, output model.Output) {
	if b.now == nil {
		b.now, b.output = now, output
		return
	}
	b.now, b.output = joinShells(b.now, now), eitherOutput(b.output, output)
}

func walkCase(command *shell.Command, frame *Frame) ran {
	context := wordContext{frame}
	words.EvaluateText(command.Subject, context)
	joined := copyShell(frame.shell.now)
	for i := range command.Branches {
		branch := &command.Branches[i]
		for j := range branch.Patterns {
			words.EvaluateGlob(&branch.Patterns[j], context)
		}
		// A branch may be entered from the one above it (`;&`), so it begins with whatever may hold by now.
		frame.shell.now = copyShell(joined)
		walkScript(&branch.Body, frame)
		joined = joinShells(joined, frame.shell.now)
	}
	frame.shell.now = joined
	return unsure
}

// walkFor: over known values the body is walked for each; over unknown ones, and those beyond the limit, once for all.
func walkFor(command *shell.Command, frame *Frame) ran {
	values := forValues(command, frame)
	single := values[:min(len(values), model.LimitUnrolledValues)]
	others := values[len(single):]
	left := &ends{}
	inner := frame.with(func(inner *Frame) { inner.exits.loop = left })
	output := nothing
	round := func(value model.Value) {
		if !model.Spend(frame.walk.budget, 1) {
			return
		}
		setVariable(command.Variable, words.Scalar(words.OneOf(value)), inner)
		output = appendOutput(output, walkScript(command.Body, inner).output)
	}
	for _, value := range single {
		if value.Kind == "unknown" && value.Many {
			repeat(frame, func() { round(value) })
			output = eitherOutput(nothing, output)
		} else {
			round(value)
		}
	}
	if len(others) > 0 {
		joined := others[0]
		for _, other := range others[1:] {
			joined = words.JoinValues(joined, other)
		}
		repeat(frame, func() { round(joined) })
	}
	if model.IsSpent(frame.walk.budget) {
		reachLimit(frame, command.Span, "work")
	}
	frame.shell.now = joinAll(frame.shell.now, left.shells...)
	if len(left.shells) > 0 {
		output = stream
	}
	return ran{output: output, status: "either"}
}

func forValues(command *shell.Command, frame *Frame) []model.Value {
	var given []model.Argument
	if command.HasValues {
		given = words.EvaluateWords(command.Values, wordContext{frame})
	} else {
		positional := frame.shell.now.positional
		if positional == nil {
			return []model.Value{model.UnknownWords}
		}
		given = positional.words[min(1, len(positional.words)):]
	}
	values := make([]model.Value, 0, len(given))
	for i := range given {
		values = append(values, given[i].Value)
	}
	return values
}

func walkLoop(command *shell.Command, frame *Frame) ran {
	left := &ends{}
	inner := frame.with(func(inner *Frame) { inner.exits.loop = left })
	var output model.Output
	if command.Kind == shell.ArithmeticFor {
		output = walkCounting(command, inner)
	} else {
		output = walkWhile(command, inner)
	}
	frame.shell.now = joinAll(frame.shell.now, left.shells...)
	return ran{output: output, status: "either"}
}

func walkCounting(command *shell.Command, frame *Frame) model.Output {
	// The three expressions stand in one word: what they assign cannot be known round by round.
	names := assignedNames(command.Expression.Parts)
	forget := func() {
		for _, name := range names.Keys() {
			setVariable(name, flat, frame)
		}
	}
	forget()
	words.EvaluateExpression(command.Expression.Parts, command.Expression.Span, wordContext{frame})
	forget()
	output := nothing
	repeat(frame, func() { output = walkScript(command.Body, frame).output })
	return eitherOutput(nothing, output)
}

// assignedNames is the names in an arithmetic text; each may be assigned.
func assignedNames(parts []shell.Part) *base.Ordered[bool] {
	names := &base.Ordered[bool]{}
	for i := range parts {
		if parts[i].Kind != shell.Literal && parts[i].Kind != shell.Quoted {
			continue
		}
		text := parts[i].Text
		for at := 0; at < len(text); at++ {
			end := at
			for end < len(text) && isName("_"[:min(1, end-at)]+text[end:end+1]) {
				end++
			}
			if end > at {
				names.Set(text[at:end], true)
				at = end
			}
		}
	}
	return names
}

// walkWhile: a loop that reads known lines is walked line by line; any other one until a further round shows nothing new.
func walkWhile(command *shell.Command, frame *Frame) model.Output {
	goesOn := "zero"
	if command.Kind == shell.Until {
		goesOn = "nonzero"
	}
	output := nothing
	for round := range model.LimitUnrolledValues {
		taken := frame.input.taken
		tested := walkScript(command.Condition, frame)
		if tested.status != goesOn && tested.status != "either" && round > 0 {
			return output
		}
		if tested.status != goesOn || frame.input.taken <= taken {
			break
		}
		output = appendOutput(output, walkScript(command.Body, frame).output)
		if model.IsSpent(frame.walk.budget) {
			break
		}
	}
	repeat(frame, func() {
		output = appendOutput(output, walkScript(command.Body, frame).output)
		output = appendOutput(output, walkScript(command.Condition, frame).output)
	})
	return eitherOutput(nothing, output)
}

// repeat walks something that may run any number of times, also never: once as it stands, and once more from the joined state if that
// differs.
func repeat(frame *Frame, round func()) {
	before := copyShell(frame.shell.now)
	round()
	joined := joinShells(before, frame.shell.now)
	settled := sameShell(before, joined)
	frame.shell.now = joined
	if settled || model.IsSpent(frame.walk.budget) {
		return
	}
	round()
	frame.shell.now = joinShells(joined, frame.shell.now)
}
