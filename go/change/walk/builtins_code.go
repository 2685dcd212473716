// `eval`, `source`, `trap`, `alias`: builtins whose words are code. Implements spec/change.md section 7.11. Twin of
// src/change/walk/builtins-code.ts.

package walk

import (
	"strings"

	"cavra.dev/runtime/base"
	"cavra.dev/runtime/change/model"
	"cavra.dev/runtime/change/words"
)

func evaluate(call *namedCall) ran {
	given := withoutWord(call.words, "--")
	if len(given) == 0 {
		return quiet
	}
	// Any number of unknown words makes the rest unknown.
	code := given[0].Value
	budget := call.frame.walk.budget
	for _, word := range given[1:] {
		code = words.ConcatValues(words.ConcatValues(code, model.Text(" "), budget), word.Value, budget)
	}
	return walkCode("shell", code, nil, spanOfWords(given), call.frame.carrying("eval"))
}

// withoutWord is the words without that one, where it stands first.
func withoutWord(given []model.Argument, first string) []model.Argument {
	if isText(given, first) {
		return given[1:]
	}
	return given
}

func source(call *namedCall) ran {
	frame := call.frame
	given := call.words
	// bash 5.3: `source -p path file` looks for the file in the folders of `path`.
	if isText(given, "-p") {
		given = given[min(2, len(given)):]
	}
	given = withoutWord(given, "--")
	if len(given) == 0 {
		return quiet
	}
	outer := frame.shell.now.positional
	if len(given) > 1 {
		all := append([]model.Argument{outer.own(call.span)}, given[1:]...)
		frame.shell.change(func(now *Shell) { now.positional = &positional{all} })
	}
	inner := frame.carrying(call.name)
	inner.exits.function = &ends{}
	ran := walkScriptFile("shell", given[0].Value, nil, given[0].Span, inner)
	frame.shell.now = joinAll(frame.shell.now, inner.exits.function.shells...)
	if len(given) > 1 {
		frame.shell.change(func(now *Shell) { now.positional = outer })
	}
	return ran
}

// trap: what is trapped runs at the end of the shell, with what the shell knows then.
func trap(call *namedCall) ran {
	traps := call.frame.shell.now.traps
	given := withoutWord(call.words, "--")
	if len(given) == 0 || isText(given, "-p") || isText(given, "-l") {
		return quiet
	}
	action := &given[0]
	if len(given) == 1 {
		if action.Value.Kind == "text" {
			traps.remove(signalName(action.Value))
		}
		return quiet
	}
	for _, signal := range given[1:] {
		if isText(given, "-") || isText(given, "") {
			traps.remove(signalName(signal.Value))
		} else {
			traps.set(signalName(signal.Value), action)
		}
	}
	return quiet
}

func signalName(signal model.Value) string {
	if signal.Kind != "text" {
		return "?"
	}
	upper := base.UpperASCII(signal.Text)
	if upper == "0" {
		return "EXIT"
	}
	return strings.TrimPrefix(upper, "SIG")
}

func alias(call *namedCall) ran {
	frame := call.frame
	aliases := frame.shell.now.aliases
	for _, word := range cutOptions(call.words).operands {
		cut := cutAssignment(word.Value)
		name, value, assigns := strings.Cut(word.Value.Text, "=")
		switch {
		case cut.isNamed && cut.value != nil:
			aliases.set(cut.name, *cut.value)
		case cut.value == nil && word.Value.Kind == "text" && assigns:
			aliases.set(name, model.Text(value))
		case word.Value.Kind != "text":
			emitOpaque(frame, word.Span, "unknown_code", "shell")
		}
	}
	return quiet
}

func unalias(call *namedCall) ran {
	frame := call.frame
	cut := cutOptions(call.words)
	if strings.Contains(cut.letters, "a") {
		frame.shell.change(func(now *Shell) { now.aliases = newTable[model.Value]() })
	}
	for _, word := range cut.operands {
		if word.Value.Kind == "text" {
			frame.shell.now.aliases.remove(word.Value.Text)
		}
	}
	return quiet
}

// isText: the first word is known to be this one.
func isText(given []model.Argument, known string) bool {
	return len(given) > 0 && given[0].Value == model.Text(known)
}
