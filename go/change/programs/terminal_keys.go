// tmux send-keys and screen -X stuff: text typed into a terminal, where a shell runs it. Implements spec/catalogue.md clause 10.7.
// Twin of src/change/programs/terminal-keys.ts.

package programs

import (
	"strings"

	"cavra.dev/runtime/change/catalogue"
	"cavra.dev/runtime/change/model"
)

// typedKeys are what keys type; the last ones nothing.
var typedKeys = map[string]string{
	"Enter": "\n", "KPEnter": "\n", "C-m": "\n", "C-M": "\n", "C-j": "\n", "^M": "\n", "Space": " ", "Tab": "\t",
	"Escape": "", "Up": "", "Down": "", "Left": "", "Right": "", "Home": "", "End": "", "BSpace": "", "C-c": "", "C-d": "", "C-l": "",
	"C-u": "",
	"C-z": "", "q": "",
}

// readTerminal: parts of the line are shell code typed into the terminal; what else the program does is in the catalogue.
func readTerminal(call *model.Call) model.Reading {
	context := lineOf(call)
	keys := typedWords(call, context.Located)
	if len(keys) == 0 {
		return catalogue.ReadingOf(context)
	}
	literal := context.Around.Meanings.Has("literal") || call.Name == "screen"
	return withDeeds(context, codeDeed("shell", typed(keys, literal), catalogue.ScopeOf("child", context, nil), keys[0].Span))
}

// typedWords of `screen -X stuff text` and `tmux send-keys key …`.
func typedWords(call *model.Call, located *catalogue.Located) []model.Argument {
	words := located.Line.Operands
	if count := len(located.Subcommands); count > 0 && located.Subcommands[count-1] == "send-keys" {
		return words
	}
	if call.Name == "screen" && len(words) > 0 && words[0].Value.Text == "stuff" {
		return words[1:]
	}
	return nil
}

func typed(keys []model.Argument, literal bool) model.Value {
	var code strings.Builder
	for _, key := range keys {
		if key.Value.Kind != "text" {
			return model.Value{Kind: "unknown", Prefix: code.String()}
		}
		known := key.Value.Text
		if literal {
			known = strings.ReplaceAll(strings.ReplaceAll(known, `\n`, "\n"), "^M", "\n")
		} else if types, is := typedKeys[known]; is {
			known = types
		}
		code.WriteString(known)
	}
	return model.Text(code.String())
}
