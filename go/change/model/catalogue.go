// What CAVRA knows about programs, as data. Implements spec/catalogue.md sections 1 to 6. Twin of src/change/catalogue/model.ts.
// The YAML in spec/catalogue/ is compiled to this; the interpreter is small and knows no program by name but the listed `special` ones.
// A field that is left out has its default: false, 0, "", nil, or what its comment says. The compiler never writes a default.

package model

import (
	"sync/atomic"

	"cavra.dev/runtime/base"
)

// Catalogue is all programs by their canonical names, and all environment variables that make programs run code, as whoever reads a command line
// asks for them.
type Catalogue struct {
	Programs Table[*Program]
	// Aliases: other name → canonical name.
	Aliases Table[string]
	// Same: program → another one, whose description is its own too. It keeps its own name; big descriptions are written once.
	Same        Table[string]
	Environment *base.Ordered[*EnvironmentVariable]
	Mcp         []McpTool
}

// Table finds an entry by name: written out, or found one by one when asked for.
type Table[T any] func(name string) (T, bool)

// TableOf is the table of entries that are written out.
func TableOf[T any](entries *base.Ordered[T]) Table[T] {
	return entries.Get
}

// Program is what is known of a program or of one of its sub-commands. Programs are told apart by their address, and never copied.
type Program struct {
	// Harmless: the catalogue says all that the program can do with the words it is given.
	Harmless bool
	// Versioned: `python3.11`, `php8.2`, the name may be followed by a version.
	Versioned bool
	// Grammar is nil when it is left out.
	Grammar *Grammar
	// Options of which more is to say than their names. `OptionsOf` of the catalogue's package gives all of them.
	Options []*Option
	// Flags are options without value: names joined by commas, options parted by blanks. Packed so, the catalogue is half as long.
	Flags string
	// Values are options with one value that is data, in the same form.
	Values   string
	Operands []Slot
	// Subcommands by canonical name. They know the options of the programs above them too.
	Subcommands *base.Ordered[*Program]
	// SubcommandAliases: other name of a sub-command → its canonical name.
	SubcommandAliases *base.Ordered[string]
	// SubcommandSame: sub-command → another one, whose description is its own too. It keeps its own name.
	SubcommandSame *base.Ordered[string]
	Effects        []EffectTemplate
	// Stdin is what the program does with its standard input; the first whose conditions hold. None: nothing.
	Stdin []StdinUse
	// Output names a built-in model of what the program prints (`echo`, `printf`, `cat`, `base64`, `paths`, …); "" for unknown.
	Output string
	// Content is where what it writes comes from, where its deeds do not say it.
	Content Content
	// Special names a reader in code for a grammar that options and operands cannot say (`find`, `git`, `xargs`, …); "" for none.
	Special string
	// Memory is what the catalogue's package has worked out from the description. Nobody else touches it.
	Memory ProgramMemory
}

// ProgramMemory remembers lists of options for as long as the program itself is remembered; in TypeScript that is what weak maps are for.
type ProgramMemory struct {
	// Own are the options of the program alone; Joined those with the ones of the programs above it.
	Own    atomic.Pointer[OptionList]
	Joined atomic.Pointer[OptionList]
}

// OptionList is options in order of preference, and by name. Nobody writes to it once it is made.
type OptionList struct {
	All []*Option
	// ByName has of several options of one name the first.
	ByName map[string]*Option
	// Above is the list that this one continues, or nil.
	Above *OptionList
}

// Content `kept`: files are written, and hold what they held (`chmod`). `copied`: what is read is what is written (`cp`). `input`: what stands at
// standard input (`tee`). `made`: of files that are there, even where the network is asked (`git`). `fetched`: from elsewhere, and nobody here has
// seen it (`git clone`).
type Content = string

// Grammar is how a command line is cut into options and operands.
type Grammar struct {
	// OptionsEnd: GNU programs find options anywhere (the default, ""); wrappers stop at the `first_operand`; ssh at the `second_operand`.
	OptionsEnd string
	// Long: "" is `--name` and clusters of letters; `single`: `-name` (find, terraform, go); `both`: `--name` and `-name`; no clusters in either.
	Long string
	// Abbreviate: any unique beginning of a long option stands for it.
	Abbreviate bool
	// Negate: `--no-name` undoes `--name`.
	Negate bool
	// KeyValue: operands are `key=value` (dd); the options are the keys.
	KeyValue bool
	// LeadingCluster: the first word may be a cluster of option letters without a dash (tar, ps, ar).
	LeadingCluster bool
	// Plus: words beginning with `+` are options too (set, bash).
	Plus bool
	// Number: `-5` is an option, meaning `number` (head, git log).
	Number bool
	// KeepName of a sub-command: its own name is its first operand too (`yarn prisma migrate reset` runs prisma).
	KeepName bool
	// Unlisted: an option that the catalogue does not list is by default a flag that makes the command not harmless. `flag`: a harmless one; `value`:
	// it takes the next word.
	Unlisted string
}

// Option is one option by all its names. Options are told apart by their address.
type Option struct {
	// Names, dashes included, canonical (longest) first.
	Names []string
	// Arity is how many following words it takes: 0, 1, …
	Arity int
	// Optional: the value may only be attached (`--color=always`, `-i.bak`).
	Optional bool
	// Digits: the optional value is digits only, and other letters go on (`perl -lne`, `-0777`).
	Digits bool
	// Roles are what each value is; one role per value. Left out: `data`.
	Roles []Role
	// Means is the meaning that rules, slots and effects see. "": the canonical name without leading dashes, `-` inside it as `_`.
	Means string
	// Clears are the meanings that it undoes.
	Clears []string
	// Tree: when the file that a value names is meant with all below it.
	Tree Tree
	// Last: no option is looked for after this one and its values (`python -c`).
	Last bool
	// Keys: the value is `key=value` or `key value`: role by key in lower case; other keys are data. Empty: the value is one thing.
	Keys *base.Ordered[Role]
	// Inject: the value makes the program run code that is not its own, which is told beside what that code does. The names are those of programs
	// that are ordinary there (`ssh` for `rsync -e`); of which `none` is one that does not exist. Nil is left out.
	Inject []string
	// Ordinary are plain values that are no code although the role says so (`+G` of less), each with one star at most.
	Ordinary []string
	// When and Unless are conditions without which the values are data.
	When   []string
	Unless []string
}

// Slot is what operands are.
type Slot struct {
	Role Role
	// Take "": all that are left. `one` takes the next operand if there is one, `all_but_last` leaves one for the next slot, `assignments` takes
	// leading NAME=VALUE words. `every` and `last` look at the operands that are left and take none.
	Take string
	// When: all of these conditions must hold; Unless: none of those.
	When   []string
	Unless []string
	Tree   Tree
	// Place, for code, scripts and commands: where they run. "": `child`; else `same` or `elsewhere`.
	Place string
}

// StdinUse is what is done with standard input.
type StdinUse struct {
	Role   Role
	When   []string
	Unless []string
	// Place as of a slot.
	Place string
}

// Tree is "" never, "always", "contents" (what is below, not itself), or the condition that makes it so (`recursive`).
type Tree = string

// Role is what a word is to its program; spec/catalogue.md section 3 lists them. `code:shell`, `script:python` carry the language.
type Role = string

// EffectTemplate is an effect that comes from running the program at all, or with these options. spec/catalogue.md section 5 says what `$…` in Target
// and Operation stand for.
type EffectTemplate struct {
	// Kind `read`, `write`, `delete`, `network`, `operate` or `opaque`.
	Kind   string
	System string
	// Operation for `opaque`: the reason code.
	Operation string
	Target    string
	// Direction "" is `receive`; else `send`.
	Direction string
	// Data "" is `none`; else `literal`, `derived` or `unknown`.
	Data   string
	Tree   Tree
	When   []string
	Unless []string
}

// EnvironmentVariable is one whose value is code, a program or a file of code for the programs that read it (empty list: for every program).
type EnvironmentVariable struct {
	Role   Role
	UsedBy []string
	// Inject as for options.
	Inject []string
	When   []string
	Unless []string
}

// McpTool is what a tool of an MCP server does with its arguments. Server and Tool are globs over names, of which one must match.
type McpTool struct {
	Server []string
	Tool   []string
	// Capability `read`, `write`, `execute` or `network`.
	Capability string
	Arguments  *base.Ordered[Role]
}
