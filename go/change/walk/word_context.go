// Lends the walk's shell to the evaluation of words. Implements spec/change.md section 5.1. Twin of src/change/walk/word-context.ts.

package walk

import (
	"strconv"

	"cavra.dev/runtime/base"
	"cavra.dev/runtime/change/model"
	"cavra.dev/runtime/change/shell"
	"cavra.dev/runtime/change/words"
)

// wordContext is the shell of a frame, as words see it.
type wordContext struct {
	frame *Frame
}

func (c wordContext) Budget() *model.Budget {
	return c.frame.walk.budget
}

func (c wordContext) Variable(name string) words.Variable {
	return readVariable(name, c.frame)
}

func (c wordContext) Assign(name string, variable words.Variable) {
	setVariable(name, variable, c.frame)
}

func (c wordContext) Positional() ([]model.Value, bool) {
	given := c.frame.shell.now.positional
	if given == nil {
		return nil, false
	}
	if len(given.words) == 0 {
		return []model.Value{model.UnknownWord}, true
	}
	values := make([]model.Value, 0, len(given.words))
	for i := range given.words {
		values = append(values, given.words[i].Value)
	}
	return values, true
}

func (c wordContext) Cwd() model.Value {
	return c.frame.shell.now.cwd
}

func (c wordContext) Listing(folder string) ([]string, bool) {
	if c.frame.place == "elsewhere" {
		return nil, false
	}
	path, is := model.CanonicalPath(folder, viewOf(c.frame), model.FollowAll)
	if !is {
		return nil, false
	}
	c.frame.walk.wants.folders.want(path)
	names, is := c.frame.walk.facts.Listings[path]
	return names, is
}

func (c wordContext) Substitute(body *shell.Script, _ base.Span) model.Output {
	return printedBy(body, inSubshell(c.frame, func(inner *Frame) ran { return walkScript(body, inner) }))
}

func (c wordContext) Process(direction string, body *shell.Script, span base.Span) string {
	frame := c.frame
	path := "/dev/fd/" + strconv.Itoa(frame.walk.nextDescriptor)
	frame.walk.nextDescriptor--
	stdin := frame.input.stdin
	if direction != "<" {
		stdin = model.Stdin{Kind: "stream", Span: span}
	}
	around := frame.with(func(inner *Frame) { inner.input = inputOf(stdin) })
	output := printedBy(body, inSubshell(around, func(inner *Frame) ran { return walkScript(body, inner) }))
	// What is written to `>( … )` is read by its program as a stream; reading from it gives nothing.
	if direction != "<" {
		output = nothing
	}
	fillFile(path, output, false, frame)
	return path
}

func (c wordContext) Opaque(reason, detail string, span base.Span) {
	emitOpaque(c.frame, span, reason, detail)
}

// printedBy: code that a program is made to print is that only where nothing stands beside the program: `$(ssh-agent -s; true)` is
// anything.
func printedBy(body *shell.Script, ran ran) model.Output {
	if ran.output.Kind != "trusted_code" {
		return ran.output
	}
	if only := onlyCommand(body); only == nil || len(only.Redirects) > 0 {
		return stream
	}
	return ran.output
}

// onlyCommand is the simple command that the script consists of; nil when there is anything else.
func onlyCommand(body *shell.Script) *shell.Command {
	if len(body.Items) != 1 {
		return nil
	}
	item := &body.Items[0]
	commands := item.First.Commands
	if item.Background || len(item.Rest) > 0 || item.First.Negated || len(commands) != 1 || commands[0].Kind != shell.Simple {
		return nil
	}
	return &commands[0]
}
