// The builtins that change the shell they run in. Implements spec/change.md section 7.11. Twin of src/change/walk/builtins.ts.
// Every other builtin (`test`, `echo`, `command`, `exec`) is in the catalogue like a program.

package walk

import (
	"slices"
	"strings"

	"cavra.dev/runtime/base"
	"cavra.dev/runtime/change/catalogue"
	"cavra.dev/runtime/change/model"
	"cavra.dev/runtime/change/programs"
	"cavra.dev/runtime/change/shell"
	"cavra.dev/runtime/change/words"
)

type builtin func(call *namedCall) ran

// builtinOf is the builtin of that name; nil for every other name. A function, because the builtins call it again by way of the walk.
func builtinOf(name string) builtin {
	switch name {
	case "export", "declare", "typeset", "local", "readonly":
		return declare
	case "unset":
		return unset
	case "cd", "chdir":
		return changeFolder
	case "pushd":
		return pushFolder
	case "popd":
		return popFolder
	case "read":
		return readLine
	case "mapfile", "readarray":
		return mapFile
	case "eval":
		return evaluate
	case "source", ".":
		return source
	case "trap":
		return trap
	case "alias":
		return alias
	case "unalias":
		return unalias
	case "set":
		return setPositional
	case "shift":
		return shift
	case "let":
		return evaluateLet
	case "getopts":
		return getopts
	case "break", "continue":
		return leaveLoop
	case "return":
		return leaveFunction
	case "exit":
		return func(*namedCall) ran { return quiet }
	case "printf":
		return printfInto
	}
	return nil
}

// walkBuiltin runs a builtin that changes the shell; false for every other name.
func walkBuiltin(call *namedCall) (ran, bool) {
	run := builtinOf(call.name)
	if run == nil || call.name == "printf" && !strings.HasPrefix(wordText(call.words, 0), "-v") {
		return ran{}, false
	}
	options := writtenOptions(call.words)
	emit(call.frame, call.nameSpan, model.Effect{Kind: "exec", Program: call.name, Options: options, Known: true, Harmless: true})
	return run(call), true
}

func writtenOptions(given []model.Argument) []string {
	var options []string
	for i := range given {
		known := wordText(given, i)
		if len(known) < 2 || !strings.HasPrefix(known, "-") || known == "--" {
			break
		}
		if !slices.Contains(options, known) {
			options = append(options, known)
		}
	}
	return options
}

// wordText is the text of one word; "" also for what is not known or not there.
func wordText(given []model.Argument, at int) string {
	if at >= len(given) {
		return ""
	}
	return given[at].Value.Text
}

// setPositional: `set -- a b`, `set a b`; `set -e` and the other options change nothing that the walk knows of.
func setPositional(call *namedCall) ran {
	at := 0
	isGiven := false
	for at < len(call.words) {
		known := wordText(call.words, at)
		if known == "--" || known == "-" {
			isGiven = known == "--" || at+1 < len(call.words)
			at++
			break
		}
		if !strings.HasPrefix(known, "-") && !strings.HasPrefix(known, "+") {
			break
		}
		if isTracing(known, wordText(call.words, at+1)) {
			tracePrompt(call)
		}
		for range strings.Count(known, "o") {
			if isOptionName(call.words, at+1) {
				at++
			}
		}
		at++
	}
	rest := call.words[min(at, len(call.words)):]
	if len(rest) > 0 || isGiven {
		own := call.frame.shell.now.positional.own(call.span)
		call.frame.shell.change(func(now *Shell) { now.positional = positionalOf(own, rest) })
	}
	return quiet
}

// isOptionName is what an `o` takes: `set -euo pipefail a` has one parameter.
func isOptionName(given []model.Argument, at int) bool {
	if at < len(given) && given[at].Value.Kind != "text" {
		return true
	}
	known := wordText(given, at)
	return known != "" && known[0] != '-' && known[0] != '+'
}

// isTracing: `set -x`, `set -eux`, `set -o xtrace`.
func isTracing(option, next string) bool {
	return strings.HasPrefix(option, "-") && (strings.Contains(option, "x") || strings.HasSuffix(option, "o") && next == "xtrace")
}

// tracePrompt: from now on the shell prints PS4 before every command, and runs what stands in it.
func tracePrompt(call *namedCall) {
	frame := call.frame
	prompt, is := frame.shell.now.variables.get("PS4")
	if !is || prompt.variable.Kind != "scalar" {
		return
	}
	deeds := catalogue.PromptDeeds(model.Argument{Value: prompt.variable.Value, Span: call.span}, model.Scope{Place: "same"})
	for i := range deeds {
		walkDeed(&deeds[i], "set", frame)
	}
}

func shift(call *namedCall) ran {
	holder := call.frame.shell
	given := holder.now.positional
	if given == nil || len(given.words) == 0 {
		return quiet
	}
	by, isKnown := shiftBy(call.words)
	if !isKnown {
		holder.change(func(now *Shell) { now.positional = nil })
		return ran{output: nothing, status: "either"}
	}
	end := min(len(given.words), 1+by)
	left := given.words[:1:1]
	// Of a glob only one of its names may be gone: it stays.
	for _, word := range given.words[1:end] {
		if words.MayBeMany(word.Value) {
			left = append(left, word)
		}
	}
	left = append(left, given.words[end:]...)
	holder.change(func(now *Shell) { now.positional = &positional{left} })
	return ran{output: nothing, status: "either"}
}

// shiftBy is how many words go; false where that is not known.
func shiftBy(given []model.Argument) (int, bool) {
	if len(given) == 0 {
		return 1, true
	}
	by, isKnown := base.WholeNumber(wordText(given, 0))
	return min(by, model.LimitCommandWords), isKnown
}

func evaluateLet(call *namedCall) ran {
	for _, word := range call.words {
		if word.Value.Kind == "text" {
			parts := []shell.Part{{Kind: shell.Quoted, Text: word.Value.Text, Span: word.Span}}
			words.EvaluateExpression(parts, word.Span, wordContext{call.frame})
		}
	}
	return ran{output: nothing, status: "either"}
}

func getopts(call *namedCall) ran {
	if len(call.words) > 1 && call.words[1].Value.Kind == "text" {
		setVariable(call.words[1].Value.Text, flat, call.frame)
	}
	setVariable("OPTARG", anything, call.frame)
	return ran{output: nothing, status: "either"}
}

func leaveLoop(call *namedCall) ran {
	if loop := call.frame.exits.loop; loop != nil {
		loop.shells = append(loop.shells, copyShell(call.frame.shell.now))
	}
	return quiet
}

func leaveFunction(call *namedCall) ran {
	if function := call.frame.exits.function; function != nil {
		function.shells = append(function.shells, copyShell(call.frame.shell.now))
	}
	return ran{output: nothing, status: "either"}
}

// printfInto: `printf -v name format …`.
func printfInto(call *namedCall) ran {
	frame := call.frame
	name := strings.TrimPrefix(wordText(call.words, 0), "-v")
	rest := call.words[1:]
	if name == "" {
		name = wordText(call.words, 1)
		rest = call.words[min(2, len(call.words)):]
	}
	name, _, isElement := strings.Cut(name, "[")
	reading := programs.ReadProgram(&model.Call{
		Name:          "printf",
		Words:         rest,
		Span:          call.span,
		Stdin:         frame.input.stdin,
		Cwd:           frame.shell.now.cwd,
		Environment:   environmentOf(frame),
		Facts:         frame.walk.facts,
		WorkspaceRoot: frame.walk.workspaceRoot,
		Catalogue:     frame.walk.catalogue,
	})
	// An option that printf does not have: it assigns nothing.
	first := wordText(rest, 0)
	isRefused := strings.HasPrefix(first, "-") && first != "--" && first != "-"
	value := model.UnknownWord
	if reading.Output.Kind == "text" && !isElement && !isRefused {
		value = model.Text(reading.Output.Text)
	}
	if isName(name) {
		setVariable(name, words.Scalar(value), frame)
	}
	return quiet
}

// spanOfWords is from the first of the words to the last; `xargs eval` puts words behind it that stand before it on the line.
func spanOfWords(given []model.Argument) base.Span {
	all := given[0].Span
	for _, word := range given {
		all = base.Span{Start: min(all.Start, word.Span.Start), End: max(all.End, word.Span.End)}
	}
	return all
}
