// The syntax tree of a command line, as plain data. Implements spec/shell.md section 2. Twin of src/change/shell/syntax.ts.
// It says what bash would read, never what it would do. What the grammar does not accept stands here as `unsupported`, in the smallest
// place.

// Package shell is the shell reader: text in, syntax tree out. It is written from spec/shell.md alone.
package shell

import "cavra.dev/runtime/base"

// Script is a list of and-or lists: a whole command line, or the inside of `$( … )`, `{ … }`, `if … then`.
type Script struct {
	Items []ListItem
	Span  base.Span
}

// ListItem is one and-or list: `first && second || third`, perhaps ended by `&`.
type ListItem struct {
	First      Pipeline
	Rest       []AndOr
	Background bool
	Span       base.Span
}

// AndOr is a pipeline and the operator before it, `&&` or `||`.
type AndOr struct {
	Operator string
	Pipeline Pipeline
}

// Pipeline is commands joined by `|`; Stderr[i] says that the pipe after command i was `|&`.
type Pipeline struct {
	Negated  bool
	Timed    bool
	Commands []Command
	Stderr   []bool
	Span     base.Span
}

// The kinds of commands.
const (
	Simple        = "simple"
	Subshell      = "subshell"
	Group         = "group"
	If            = "if"
	While         = "while"
	Until         = "until"
	For           = "for"
	ArithmeticFor = "arithmetic_for"
	Case          = "case"
	Function      = "function"
	Test          = "test"
	Arithmetic    = "arithmetic"
	Unsupported   = "unsupported"
)

// Command is one command of any kind; each field says for which kinds it is there.
type Command struct {
	Kind string
	// Assignments of a `simple` command, in source order.
	Assignments []Assignment
	// Words of a `simple` command (the program first), or of a `test`.
	Words []Word
	// Redirects of every kind, in source order.
	Redirects []Redirect
	// Condition of `while` and `until`.
	Condition *Script
	// Body of `subshell`, `group`, `while`, `until`, `for` and `arithmetic_for`.
	Body *Script
	// Clauses of `if`: the `if` and every `elif`.
	Clauses []Clause
	// Otherwise of `if`: the list after `else`, or nil.
	Otherwise *Script
	// Variable of `for`.
	Variable string
	// Values of `for`; without HasValues (no `in`) it walks the positional parameters.
	Values    []Word
	HasValues bool
	// Subject and Branches of `case`.
	Subject  *Word
	Branches []Branch
	// Expression of `arithmetic` and `arithmetic_for`.
	Expression *Word
	// Name and Function: a `function` and its body.
	Name     string
	Function *Command
	// Reason of `unsupported`.
	Reason string
	Span   base.Span
}

// Clause is `if` or `elif` with its body.
type Clause struct {
	Condition Script
	Body      Script
}

// Branch is one branch of a `case`; Ends is `;;`, `;&` or `;;&`.
type Branch struct {
	Patterns []Word
	Body     Script
	Ends     string
}

// Assignment is `name=value`, `name+=value`, `name=(a b)`; no Value and no IsArray is the empty value.
type Assignment struct {
	Name   string
	Append bool
	// Subscript is the text between the brackets of `name[text]=`; nil when there is none.
	Subscript *Word
	Value     *Word
	IsArray   bool
	Elements  []Word
	Span      base.Span
}

// Redirect is `operator target`, perhaps with a number or `{name}` before it.
type Redirect struct {
	Operator string
	// Fd is the number before the operator; -1: none, the operator's own.
	Fd int
	// Variable is the name in `{name}>`, with its subscript; "" when there is none.
	Variable string
	// Target is the word after the operator; for here-documents the body, quoted (one `quoted` part) or with its expansions.
	Target *Word
	Span   base.Span
}

// Word is neighbouring parts. A word without parts cannot occur; two single quotes are one empty `quoted` part.
type Word struct {
	Parts []Part
	Span  base.Span
}

// The kinds of parts; `arithmetic` and `unsupported` are named above.
const (
	// Literal is unquoted text, still subject to tilde, brace, and glob reading; its backslash escapes are parts of kind `quoted`.
	Literal = "literal"
	// Quoted is text that stands for itself: `'…'`, `\x`, `$'…'` (escapes undone).
	Quoted = "quoted"
	// Double is `"…"` and `$"…"`: its parts are never split and never globbed.
	Double              = "double"
	Parameter           = "parameter"
	CommandSubstitution = "command_substitution"
	ProcessSubstitution = "process_substitution"
)

// Part is one part of a word; each field says for which kinds it is there.
type Part struct {
	Kind string
	// Text of `literal` and `quoted`.
	Text string
	// Parts of `double` and `arithmetic`.
	Parts []Part
	// Name, Subscript (or nil), Operator and Arguments of `parameter`. Operator is "" for the plain forms, `#length` for `${#name}`,
	// `!indices` for `${!name[@]}`; Arguments are the words after the operator, in order.
	Name      string
	Subscript *Word
	Operator  string
	Arguments []Word
	// Body of both substitutions; Direction, `<` or `>`, of `process_substitution`.
	Body      *Script
	Direction string
	// Reason of `unsupported`.
	Reason string
	Span   base.Span
}

// Why a place lies outside the grammar. spec/shell.md section 3 says when each is given.
const (
	syntaxError            = "syntax_error"
	unterminated           = "unterminated"
	coprocess              = "coprocess"
	selectLoop             = "select_loop"
	extendedGlob           = "extended_glob"
	subscriptedDeclaration = "subscripted_declaration"
	indirectExpansion      = "indirect_expansion"
	transformingExpansion  = "transforming_expansion"
	historyExpansion       = "history_expansion"
	carriageReturn         = "carriage_return"
	invalidText            = "invalid_text"
	gluedRedirect          = "glued_redirect"
	reprintedHereDocument  = "reprinted_here_document"
	limitExceeded          = "limit_exceeded"
)
