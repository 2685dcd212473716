// What one command line or one piece of code asks for, before paths are resolved and code is followed. Implements spec/change.md section 6.
// Twin of src/change/deeds.ts. The catalogue, git and the language readers only *say* deeds; the walk alone turns them into effects.

package model

import "cavra.dev/runtime/base"

// Deed is one of nine kinds; the comment of a field says whose it is.
//
// `file`: a path is read, written (created, changed, truncated) or deleted; Extent `exact`, `tree` (with all below it) or `contents` (only what is
// below it). `key`: the private key in a file is used, and its text goes nowhere: to sign, to log in. `code`: code in a language is run. `script`: a file is run as code: `bash x.sh`, `source x`, `python x.py`, `./x`.
// `command`: a command is run from its words: `sudo rm -rf x`, `find -exec rm {} \;`, `subprocess.run(["rm", "x"])`.
// `git`: the git state or a remote changes. `network`: Destination is a URL or a host. `operate`; `opaque`.
type Deed struct {
	Kind string
	Span base.Span
	// Effect of `file`: `read`, `write` or `delete`.
	Effect string
	// Path of `file`, `key` and `script`.
	Path Value
	// Extent of `file`.
	Extent Extent
	// Language of `code` and `script`.
	Language Language
	// Code of `code`.
	Code Value
	// Positional of `code` and `script`: `$0 $1 …` (shell) or `argv`.
	Positional []Argument
	// Words of `command`.
	Words []Argument
	// Scope of `code`, `script` and `command`.
	Scope Scope
	// Operation of `git` and `operate`.
	Operation string
	// Ref and Remote of `git`.
	Ref    Value
	Remote Value
	// Force of `git`: `none`, `lease` or `force`.
	Force string
	// Destination of `network`.
	Destination Value
	// Direction of `network`: `receive` or `send`.
	Direction string
	// Data of `network` says where what is sent comes from: `none`, `literal`, `derived` or `unknown`.
	Data string
	// System of `operate`.
	System string
	// Target of `operate`.
	Target Value
	// Reason and Detail of `opaque`.
	Reason string
	Detail string
}

// Scope is how the inner code or command stands to the one that carries it.
type Scope struct {
	// Place `same`: it changes the shell it runs in (eval, source, builtin, `{ }`); `child`: a process of its own; `elsewhere`: another machine or container.
	Place string
	// Cwd is the working folder for it, where an option sets one (`env -C`, `git -C`); nil keeps the carrier's.
	Cwd *Value
	// Environment is the variables set for it, in order.
	Environment []Variable
	// Stdin is what its standard input is; nil keeps the carrier's.
	Stdin *Stdin
}

// Variable is a name and its value.
type Variable struct {
	Name  string
	Value Value
}

// Language is one that CAVRA can look into: `shell`, `python`, `javascript`, `perl`, `ruby`, `php`, `awk`, `sed`, `sql`, `redis`, `mongo`, `make`;
// `unknown` is code in none of them.
type Language = string
