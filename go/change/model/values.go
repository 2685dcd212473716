// What a word of a command line is known to be before the command runs. Implements spec/change.md section 5. Twin of src/change/values.ts.
// Known text, a glob that every possible text matches, or unknown: there is no fourth, and nothing is ever guessed.

package model

import "cavra.dev/runtime/base"

// Value is one of three kinds; a field of another kind is zero, so that equal values are `==`.
//
// `text`: exactly Text. `pattern`: some texts that all match Glob (`*`, `?`, `[…]` never match `/`; `**` as a whole component matches any number of
// components; a backslash takes the next character literally); an unexpanded glob, or known text around a hole that cannot hold a `/`.
// `unknown`: any text that begins with Prefix.
type Value struct {
	Kind string
	// Text of `text`.
	Text string
	// Glob of `pattern`.
	Glob string
	// Random: every hole of the pattern is some letters and digits (`mktemp`, `$$`), at least one.
	Random bool
	// Names: the pattern stands for all file names that match it, any number of words; without it, for one text.
	Names bool
	// Prefix of `unknown`.
	Prefix string
	// Many: it may be any number of words, also none.
	Many bool
	// Derived: it holds what a program printed.
	Derived bool
	// Trusted: it is, as a whole, shell code that a known program prints for `eval` (`ssh-agent -s`).
	Trusted bool
	// Ends is what it surely ends in, from the last `/` on; "" where that is not known.
	Ends string
}

// Argument is one word after evaluation, with the place it came from.
type Argument struct {
	Value Value
	Span  base.Span
	// Expanded: it came out of an expansion; false where the word stands as it is on the line.
	Expanded bool
}

// Stdin is what stands at a command's standard input.
//
// `inherited`: nothing that the line supplies. `text`: exactly Text. `lines`: lines that each match one of Globs (the output of `find`, `ls`,
// `grep -l`). `stream`: a pipe or file of unknown text; File is the canonical path of that file, or "".
type Stdin struct {
	Kind  string
	Text  string
	Globs []string
	Span  base.Span
	File  string
}

// Text is a value that is known.
func Text(known string) Value {
	return Value{Kind: "text", Text: known}
}

// UnknownWord is one word of which nothing is known.
var UnknownWord = Value{Kind: "unknown"}

// UnknownWords is any number of words of which nothing is known.
var UnknownWords = Value{Kind: "unknown", Many: true}
