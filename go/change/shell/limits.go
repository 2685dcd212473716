// The limits of the shell reader, named with their units. Implements spec/shell.md section 1.4. Twin of src/change/shell/limits.ts.
// Counters, never timers: the same text gives the same tree on every machine.

package shell

const (
	// MaxTextBytes: a longer text is one unsupported command.
	MaxTextBytes = 1_048_576
	// MaxWords counts words, array elements, patterns and here-document bodies of one text, those inside substitutions included.
	MaxWords = 50_000
	// MaxParts counts parts of words that are not plain text, at every depth.
	MaxParts = 200_000
	// MaxCommands counts commands, the empty command after a lone `!` or `time` included.
	MaxCommands = 50_000
	// MaxNestingLevels bounds compound commands, substitutions, `${…}`, groups in tests and nested quotes inside each other.
	MaxNestingLevels = 100
	// MaxPendingHereDocuments wait for their bodies on one line; bash itself gives up at the seventeenth.
	MaxPendingHereDocuments = 16
	// MaxRereadCharacters counts what is read a second time: up to closing brackets and backticks, and here-document bodies.
	MaxRereadCharacters = 4_194_304
)
