// The door of the shell reader. Implements spec/shell.md sections 1.3 and 1.4. Twin of src/change/shell/read-shell.ts.
// Total: every text gives a tree, the same each time, with bounded work.

package shell

import "cavra.dev/runtime/base"

// ReadShell makes a syntax tree of a command line.
func ReadShell(text string) Script {
	whole := base.Span{Start: 0, End: len(text)}
	if len(text) > MaxTextBytes {
		command := Command{Kind: Unsupported, Reason: limitExceeded, Span: whole}
		return Script{Items: []ListItem{{First: Pipeline{Commands: []Command{command}, Span: whole}, Span: whole}}, Span: whole}
	}
	cut := cutAt(text)
	r := reader{work: newWork(), text: text[:cut], swallowedTo: len(text), isCut: cut < len(text)}
	return r.wholeText()
}

// wholeText reads a text of its own, to its end.
func (r *reader) wholeText() Script {
	script := r.list(atEnd)
	r.forgetBodies()
	return script
}
