// Lists the places of a tree that lie outside the grammar. Implements spec/shell.md section 3.3. Twin of src/change/shell/unsupported.ts.

package shell

import "cavra.dev/runtime/base"

// UnsupportedPlace is one place, and why it cannot be read.
type UnsupportedPlace struct {
	Reason string
	Span   base.Span
}

// UnsupportedPlaces lists every unsupported command and part, in the order of the tree.
func UnsupportedPlaces(script Script) []UnsupportedPlace {
	var found places
	found.script(&script)
	return found
}

type places []UnsupportedPlace

func (found *places) script(script *Script) {
	if script == nil {
		return
	}
	for i := range script.Items {
		found.pipeline(&script.Items[i].First)
		for j := range script.Items[i].Rest {
			found.pipeline(&script.Items[i].Rest[j].Pipeline)
		}
	}
}

func (found *places) pipeline(pipeline *Pipeline) {
	for i := range pipeline.Commands {
		found.command(&pipeline.Commands[i])
	}
}

// command may go through all fields, since those of other kinds are empty; only their order matters.
func (found *places) command(command *Command) {
	if command.Kind == Unsupported {
		*found = append(*found, UnsupportedPlace{command.Reason, command.Span})
	}
	for i := range command.Assignments {
		found.assignment(&command.Assignments[i])
	}
	found.words(command.Words)
	for i := range command.Clauses {
		found.script(&command.Clauses[i].Condition)
		found.script(&command.Clauses[i].Body)
	}
	found.script(command.Otherwise)
	found.script(command.Condition)
	found.words(command.Values)
	found.word(command.Expression)
	found.word(command.Subject)
	for i := range command.Branches {
		found.words(command.Branches[i].Patterns)
		found.script(&command.Branches[i].Body)
	}
	found.script(command.Body)
	if command.Function != nil {
		found.command(command.Function)
	}
	for i := range command.Redirects {
		found.word(command.Redirects[i].Target)
	}
}

func (found *places) assignment(assignment *Assignment) {
	found.word(assignment.Subscript)
	found.word(assignment.Value)
	found.words(assignment.Elements)
}

func (found *places) words(words []Word) {
	for i := range words {
		found.word(&words[i])
	}
}

func (found *places) word(word *Word) {
	if word != nil {
		found.parts(word.Parts)
	}
}

func (found *places) parts(parts []Part) {
	for i := range parts {
		part := &parts[i]
		if part.Kind == Unsupported {
			*found = append(*found, UnsupportedPlace{part.Reason, part.Span})
		}
		found.parts(part.Parts)
		found.word(part.Subscript)
		found.words(part.Arguments)
		found.script(part.Body)
	}
}
