// Calling functions and aliases. Implements spec/change.md section 7.6. Twin of src/change/walk/functions.ts.
// A function runs where it is called: it sees the caller's variables, and its own positional parameters.

package walk

import (
	"slices"
	"strings"

	"cavra.dev/runtime/base"
	"cavra.dev/runtime/change/model"
	"cavra.dev/runtime/change/shell"
)

// namedCall is a named command about to run: words are those after the name, span is the whole command, nameSpan the name as it stands in
// the line.
type namedCall struct {
	name     string
	words    []model.Argument
	span     base.Span
	nameSpan base.Span
	frame    *Frame
}

// callFunction walks every body that the name may have, and other when it may be none (nil: it is one).
func callFunction(bodies []*functionBody, call *namedCall, other func() ran) ran {
	frame := call.frame
	if frame.callDepth >= model.LimitCallDepth {
		reachLimit(frame, call.span, "call_depth")
		return unsure
	}
	var ways []func() ran
	for _, body := range bodies {
		if body != nil {
			ways = append(ways, func() ran { return runBody(body, call) })
		}
	}
	if other != nil {
		ways = append(ways, other)
	}
	if len(ways) == 0 {
		return unsure
	}
	before := frame.shell.now
	var ends []*Shell
	var all ran
	for i, way := range ways {
		frame.shell.now = copyShell(before)
		ran := way()
		ends = append(ends, frame.shell.now)
		if i == 0 {
			all = ran
		} else {
			all.output, all.status = eitherOutput(all.output, ran.output), "either"
		}
	}
	frame.shell.now = joinAll(ends[0], ends[1:]...)
	return all
}

func runBody(body *functionBody, call *namedCall) ran {
	frame := call.frame
	if body == unknownBody {
		emitOpaque(frame, call.span, "unknown_code", "shell")
		return unsure
	}
	outer := frame.shell.now.positional
	own := outer.own(call.span)
	frame.shell.change(func(now *Shell) { now.positional = positionalOf(own, call.words) })
	inner := frame.with(func(inner *Frame) {
		if body.carrier != nil {
			inner.carrier = body.carrier
		}
		inner.callDepth++
		inner.locals = &base.Ordered[*cell]{}
		inner.exits = exits{function: &ends{}}
	})
	command := body.command
	if command.Kind == shell.Function {
		command = withRedirectsOf(command)
	}
	ran := walkCommand(command, inner)
	left := inner.exits.function.shells
	frame.shell.now = joinAll(frame.shell.now, left...)
	frame.shell.change(func(now *Shell) { now.positional = outer })
	putBack(inner.locals, frame)
	if len(left) > 0 {
		return unsure
	}
	return ran
}

// positionalOf is `$0` and the words behind it; nil when one of them is a list that nobody knows.
func positionalOf(own model.Argument, given []model.Argument) *positional {
	if slices.ContainsFunc(given, func(word model.Argument) bool { return word.Value.Kind == "unknown" && word.Value.Many }) {
		return nil
	}
	return &positional{append([]model.Argument{own}, given...)}
}

// withRedirectsOf: redirects after the body belong to every call of it.
func withRedirectsOf(definition *shell.Command) *shell.Command {
	if len(definition.Redirects) == 0 {
		return definition.Function
	}
	pipeline := shell.Pipeline{Commands: []shell.Command{*definition.Function}, Span: definition.Span}
	body := shell.Script{Items: []shell.ListItem{{First: pipeline, Span: definition.Span}}, Span: definition.Span}
	return &shell.Command{Kind: shell.Group, Body: &body, Redirects: definition.Redirects, Span: definition.Span}
}

// expandAlias: an alias counts only in shells that expand aliases; its text is walked beside what else the name means.
func expandAlias(alias model.Value, call *namedCall) {
	frame := call.frame
	if frame.callDepth >= model.LimitCallDepth {
		return
	}
	if alias.Kind != "text" {
		emitOpaque(frame, call.span, "unknown_code", "shell")
		return
	}
	before := frame.shell.now
	frame.shell.now = copyShell(before)
	frame.shell.now.aliases.remove(call.name)
	var code strings.Builder
	code.WriteString(alias.Text)
	for i := range call.words {
		if word := &call.words[i].Value; word.Kind == "text" {
			code.WriteString(" " + quote(word.Text))
		} else {
			code.WriteString(` "$CAVRA_UNKNOWN_OPERAND"`)
		}
	}
	walkCode("shell", model.Text(code.String()), nil, call.span, frame.with(func(inner *Frame) { inner.callDepth++ }))
	frame.shell.now = joinShells(before, frame.shell.now)
	frame.shell.change(func(now *Shell) { now.aliases = before.aliases })
}

func quote(word string) string {
	return "'" + strings.ReplaceAll(word, "'", `'\''`) + "'"
}
