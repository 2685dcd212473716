// Redirects: where standard input comes from, which files are written and read. Implements spec/change.md section 7.8.
// Twin of src/change/walk/redirects.ts. Their words are evaluated before the command runs, their effects follow those of the command.

package walk

import (
	"strings"

	"cavra.dev/runtime/base"
	"cavra.dev/runtime/change/model"
	"cavra.dev/runtime/change/shell"
	"cavra.dev/runtime/change/words"
)

// withRedirects walks a command with its redirects around it.
func withRedirects(redirects []shell.Redirect, frame *Frame, walk func(inner *Frame) ran) ran {
	if len(redirects) == 0 {
		return walk(frame)
	}
	opened := make([]opened, 0, len(redirects))
	inner := frame
	for i := range redirects {
		one := open(&redirects[i], frame)
		opened = append(opened, one)
		if one.stdin != nil {
			inner = frame.with(func(inner *Frame) { inner.input = inputOf(*one.stdin) })
		}
	}
	ran := walk(inner)
	for i := len(opened) - 1; i >= 0; i-- {
		one := &opened[i]
		// Code for `eval` that goes somewhere else is no longer what such a program is run for.
		printed, left := ran.output, nothing
		if ran.output.Kind == "trusted_code" {
			printed, left = stream, stream
		}
		settleFile(one, printed, frame)
		if one.takesOutput {
			ran.output = left
		}
	}
	for i := range opened {
		announce(&opened[i], frame)
	}
	return ran
}

type opened struct {
	span   base.Span
	stdin  *model.Stdin
	reads  bool
	writes bool
	file   *target
	append bool
	// takesOutput: standard output goes there, or nowhere.
	takesOutput bool
	// host of a connection that bash opens; nil where it opens none.
	host *string
}

func open(redirect *shell.Redirect, frame *Frame) opened {
	carrier := frame.spanOr(redirect.Target.Span)
	one := opened{span: redirect.Span}
	var value model.Value
	end := ""
	switch redirect.Operator {
	case "<<", "<<-":
		value = words.EvaluateBody(redirect.Target, wordContext{frame})
	case "<<<":
		value = words.EvaluateText(redirect.Target, wordContext{frame})
		end = "\n"
	default:
		return openFile(redirect, oneValue(redirect, frame), frame)
	}
	if isInput(redirect) {
		one.stdin = stdinOf(value, end, carrier)
	}
	return one
}

// isInput: the redirect is one of descriptor 0.
func isInput(redirect *shell.Redirect) bool {
	return redirect.Fd <= 0 && redirect.Variable == ""
}

func stdinOf(value model.Value, end string, span base.Span) *model.Stdin {
	switch value.Kind {
	case "text":
		return &model.Stdin{Kind: "text", Text: value.Text + end, Span: span}
	case "pattern":
		return &model.Stdin{Kind: "lines", Globs: []string{value.Glob}, Span: span}
	}
	return &model.Stdin{Kind: "stream", Span: span}
}

// oneValue: a target of several words is an error in bash; which of them is meant by whoever wrote it cannot be known.
func oneValue(redirect *shell.Redirect, frame *Frame) model.Value {
	values := words.EvaluateWord(redirect.Target, wordContext{frame})
	if len(values) != 1 {
		return model.UnknownWord
	}
	return values[0].Value
}

func openFile(redirect *shell.Redirect, value model.Value, frame *Frame) opened {
	operator := redirect.Operator
	toOutput := redirect.Fd == -1 || redirect.Fd == 1
	one := opened{span: redirect.Span}
	if operator == "<&" || operator == ">&" && (redirect.Fd != -1 || isDescriptor(value)) {
		one.takesOutput = operator == ">&" && toOutput && value.Kind == "text" && value.Text != "1"
		return one
	}
	one.reads = operator == "<" || operator == "<>"
	one.writes = operator != "<"
	if value.Kind == "text" {
		one.host = networkFile(value.Text)
	}
	if one.host == nil {
		file := fileTarget(value, "exact", frame, model.FollowAll)
		one.file = &file
	}
	if one.reads && isInput(redirect) {
		one.stdin = fileInput(one.file, frame, redirect.Target.Span)
	}
	one.append = operator == ">>" || operator == "&>>"
	one.takesOutput = one.writes && !one.reads && (toOutput || operator == "&>" || operator == "&>>") && redirect.Variable == ""
	return one
}

// isDescriptor: `1`, `-`, `3-`, a descriptor, not a file.
func isDescriptor(value model.Value) bool {
	if value.Kind != "text" {
		return value.Kind == "pattern" && value.Glob == "*"
	}
	return value.Text != "" && strings.Trim(strings.TrimSuffix(value.Text, "-"), "0123456789") == ""
}

// networkFile is the host of `/dev/tcp/host/port`, which bash opens as a connection.
func networkFile(path string) *string {
	if !strings.HasPrefix(path, "/dev/tcp/") && !strings.HasPrefix(path, "/dev/udp/") {
		return nil
	}
	host := upTo(path[len("/dev/tcp/"):], "/")
	return &host
}

func fileInput(file *target, frame *Frame, span base.Span) *model.Stdin {
	carrier := frame.spanOr(span)
	if file == nil || file.extent == "unknown" {
		return &model.Stdin{Kind: "stream", Span: carrier}
	}
	var state *fileState
	if file.extent == "pattern" {
		state = filesNamed(file.target, frame)
	} else {
		state = fileAt(file.target, frame)
	}
	if only, is := onlyText(state); is {
		return &model.Stdin{Kind: "text", Text: only, Span: carrier}
	}
	if state != nil && state.lines != nil && !state.made && len(state.disk) == 0 {
		return &model.Stdin{Kind: "lines", Globs: state.lines, Span: carrier}
	}
	switch file.target {
	// An empty name opens nothing: the shell says so, and reads nothing.
	case "/dev/null", "":
		return &model.Stdin{Kind: "text", Span: carrier}
	case "/dev/stdin", "/dev/fd/0":
		return nil
	case "/dev/tty":
		return &model.Stdin{Kind: "inherited"}
	}
	if file.extent == "exact" {
		return &model.Stdin{Kind: "stream", Span: carrier, File: file.target}
	}
	return &model.Stdin{Kind: "stream", Span: carrier}
}

func settleFile(one *opened, output model.Output, frame *Frame) {
	if one.file == nil || !one.writes {
		return
	}
	if !one.takesOutput {
		output = stream
	}
	if key := fileKey(*one.file, false); key != "" {
		fillFile(key, output, one.append, frame)
	}
}

func announce(one *opened, frame *Frame) {
	if one.host != nil {
		effect := model.Effect{Kind: "network", Host: base.FoldASCII(*one.host), Direction: "receive", Data: "none"}
		if effect.Host == "" {
			effect.Host = model.Unknown
		}
		if one.writes {
			effect.Direction, effect.Data = "send", "derived"
		}
		emit(frame, one.span, effect)
		return
	}
	if one.file == nil || one.file.device {
		return
	}
	if one.reads {
		emit(frame, one.span, model.Effect{Kind: "read", Target: one.file.target, Extent: one.file.extent})
	}
	if one.writes {
		emit(frame, one.span, model.Effect{Kind: "write", Target: one.file.target, Extent: one.file.extent})
	}
}
