// Where a command stands while it is walked, and what the parts of the walk ask of each other. Implements spec/change.md section 7.1.
// Twin of src/change/walk/frame.ts. There the parts call each other through a table, so that files import no circle; here they call each
// other.

package walk

import (
	"slices"

	"cavra.dev/runtime/base"
	"cavra.dev/runtime/change/model"
)

// sink is where effects gather.
type sink struct {
	effects []model.Effect
	seen    map[string]bool
	// limited once a limit was reported.
	limited bool
}

// set is texts in the order of their first use.
type set struct {
	base.Ordered[bool]
}

func (s *set) add(text string) {
	s.Set(text, true)
}

// want asks for one more. What is beyond the limit is not looked up, and stays as it is written.
func (s *set) want(text string) {
	if s.Len() < model.LimitWants {
		s.add(text)
	}
}

// wantList is what the caller could look up to know more.
type wantList struct {
	paths   set
	folders set
	scripts set
	git     bool
}

// walk is what all frames of one derivation share.
type walk struct {
	facts *model.Facts
	// factsElsewhere is what is known of another machine: nothing, but that the person's home may be the same.
	factsElsewhere *model.Facts
	workspaceRoot  string
	catalogue      *model.Catalogue
	budget         *model.Budget
	sink           sink
	wants          wantList
	// inherited is the environment that the facts supply, as values.
	inherited *base.Ordered[model.Value]
	// nextDescriptor is the number of the next `/dev/fd` file.
	nextDescriptor int
}

// Frame is where a command stands. A frame is not changed: whoever needs another makes one with `with`.
type Frame struct {
	walk  *walk
	shell *holder
	via   []string
	place string
	// carrier is the span of the word that carries the code being walked; nil in the action's own text.
	carrier *base.Span
	input   *input
	// fromDisk: the code is that of a script on disk, not of the line.
	fromDisk  bool
	codeDepth int
	callDepth int
	// locals are variables to put back when the function ends, nil cells for those that were not there; nil outside functions.
	locals *base.Ordered[*cell]
	exits  exits
}

// exits are the states in which `break`, `continue` and `return` leave; nil where they leave nothing.
type exits struct {
	loop     *ends
	function *ends
}

type ends struct {
	shells []*Shell
}

// with is the frame, but for what is set.
func (f *Frame) with(set func(inner *Frame)) *Frame {
	inner := *f
	set(&inner)
	return &inner
}

// carrying is the frame inside of a program.
func (f *Frame) carrying(program string) *Frame {
	return f.with(func(inner *Frame) { inner.via = append(slices.Clip(f.via), program) })
}

// carriedBy is the innermost program that carries what is walked; "" where none does.
func (f *Frame) carriedBy() string {
	if len(f.via) == 0 {
		return ""
	}
	return f.via[len(f.via)-1]
}

// spanOr is where effects of the word at span point to.
func (f *Frame) spanOr(span base.Span) base.Span {
	if f.carrier != nil {
		return *f.carrier
	}
	return span
}

// input is standard input, and how much of it `read` has taken: bytes of a text, or globs of lines.
type input struct {
	stdin model.Stdin
	taken int
}

// status is the abstract exit status: `zero`, `nonzero` or `either`.
type status = string

type ran struct {
	output model.Output
	status status
}

// manner is assignments before a command, and whether functions and builtins are looked for.
type manner struct {
	environment []model.Variable
	functions   bool
	builtins    bool
}

var (
	nothing = model.Output{Kind: "text"}
	stream  = model.Output{Kind: "stream"}
	quiet   = ran{output: nothing, status: "zero"}
	unsure  = ran{output: stream, status: "either"}
)

func inputOf(stdin model.Stdin) *input {
	return &input{stdin: stdin}
}

const (
	// maxJoinedUnits is UTF-16 units of the texts that several commands print, maxJoinedGlobs forms of the lines that they do; more are a
	// stream.
	maxJoinedUnits = 65_536
	maxJoinedGlobs = 200
)

// appendOutput is everything that two parts print, one after the other.
func appendOutput(first, second model.Output) model.Output {
	switch {
	case isNothing(first):
		return second
	case isNothing(second):
		return first
	case first.Kind == "text" && second.Kind == "text" && fitTogether(first.Text, second.Text):
		return model.Output{Kind: "text", Text: first.Text + second.Text}
	// SECURITY: too many globs are a stream. The temptation is to keep the first ones: a line of which nothing is told would then be none.
	case first.Kind == "lines" && second.Kind == "lines" && len(first.Globs)+len(second.Globs) <= maxJoinedGlobs:
		return model.Output{Kind: "lines", Globs: slices.Concat(first.Globs, second.Globs)}
	}
	return stream
}

func fitTogether(first, second string) bool {
	// A text has never more units than bytes, so that most need not be counted.
	return len(first)+len(second) <= maxJoinedUnits || base.Utf16Length(first)+base.Utf16Length(second) <= maxJoinedUnits
}

// eitherOutput is what is printed when it is not sure whether anything is, or which of two.
func eitherOutput(left, right model.Output) model.Output {
	if left.Kind == "text" && right.Kind == "text" && left.Text == right.Text {
		return left
	}
	return stream
}

func isNothing(output model.Output) bool {
	return output.Kind == "text" && output.Text == ""
}
