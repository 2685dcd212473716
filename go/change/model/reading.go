// What the walk asks of a program's reader, and what comes back. Implements spec/change.md section 6. Twin of src/change/reading.ts.

package model

import "cavra.dev/runtime/base"

// Call is a program about to run: its canonical name, the words after it, and what is known around it.
type Call struct {
	Name  string
	Words []Argument
	// Span is the whole command, program included: deeds that no single word carries point here.
	Span  base.Span
	Stdin Stdin
	// Cwd is the working folder as known here: absolute text, an absolute pattern, or unknown.
	Cwd Value
	// Environment is the variables that are known to be in the program's environment, by name, in the order in which they came to be known.
	Environment *base.Ordered[Value]
	// Inherits: the environment is what the facts say; nothing in it is the line's doing.
	Inherits      bool
	Facts         *Facts
	WorkspaceRoot string
	Catalogue     *Catalogue
}

// Reading is what running it asks for (Deeds, in source order), how rules may name it, and what it prints.
type Reading struct {
	Deeds      []Deed
	Subcommand string
	// Options by meaning, sorted by bytes, each once.
	Options  []string
	Known    bool
	Harmless bool
	Output   Output
}

// Output is standard output as far as it can be known.
//
// `text`: exactly Text. `lines`: every line matches one of Globs. `trusted_code`: shell code that the program is made to print for `eval`
// (`ssh-agent -s`, `kubectl completion bash`). `stream`: anything.
type Output struct {
	Kind  string
	Text  string
	Globs []string
	// Random of `lines`: one line, in which every hole is letters and digits.
	Random bool
	// Ends of `stream`: it is one path, which ends so, from the last `/` on; "" where that is not known.
	Ends string
}

// Reader reads the command line of one program.
type Reader func(call *Call) Reading
