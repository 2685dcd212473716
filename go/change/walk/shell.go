// What one shell process remembers while its line is walked: variables, folder, functions, files that the line wrote.
// Implements spec/change.md sections 7.1 to 7.3. Twin of src/change/walk/shell.ts. A branch works on a copy; afterwards the copies are
// joined.

package walk

import (
	"slices"
	"strings"

	"cavra.dev/runtime/base"
	"cavra.dev/runtime/change/model"
	"cavra.dev/runtime/change/shell"
	"cavra.dev/runtime/change/words"
)

// cell is a variable. bound: it holds something else than what is assigned to it, being read-only, a number, folded, or another name.
type cell struct {
	variable words.Variable
	exported bool
	bound    bool
}

// functionBody is a function as it was defined; carrier is the span of the word whose code defined it, nil in the line itself. Told apart
// by address.
type functionBody struct {
	command *shell.Command
	carrier *base.Span
}

// unknownBody stands for the bodies of a name beyond those that are kept.
var unknownBody = &functionBody{command: &shell.Command{Kind: shell.Unsupported, Reason: "limit_exceeded"}}

// fileState is what the line knows of a file's content. All that it may hold is kept: a join forgets nothing. Nobody writes to one that is
// kept.
type fileState struct {
	texts []string
	// lines: it holds lines that each match one of these globs; nil when that is not known.
	lines []string
	// unknown: it may hold what came from the network, or what was decoded or printed: nobody knows it.
	unknown bool
	// made: it may hold what a program made of files that are there: as good, or as bad, as a script on disk.
	made bool
	// disk: it may hold what stands on disk under these paths (its own, or that of the file it was copied from).
	disk []string
	// trusted: it holds code that a known program prints for `eval`.
	trusted bool
}

// Shell is one state of a shell. It is not changed but through its tables: whoever changes another part makes a new one.
type Shell struct {
	variables *table[cell]
	// functions: all bodies that the name may have; nil among them: perhaps it is no function.
	functions         *table[[]*functionBody]
	exportedFunctions *table[bool]
	aliases           *table[model.Value]
	// traps are told apart by address: one `trap` for two signals is one piece of code.
	traps *table[*model.Argument]
	files *table[*fileState]
	// links that the line itself makes: path → what it points to.
	links       *table[string]
	cwd         model.Value
	previousCwd model.Value
	folders     *folderStack
	// positional is nil when it is not known.
	positional *positional
}

// positional is `$0 $1 …`, told apart by address.
type positional struct {
	words []model.Argument
}

// own is `$0`.
func (p *positional) own(span base.Span) model.Argument {
	if p == nil || len(p.words) == 0 {
		return model.Argument{Value: model.UnknownWord, Span: span}
	}
	return p.words[0]
}

// folderStack is the folders that `pushd` has left, the last one on top; nil when there is none. What is below is shared and never changed,
// so that a line that pushes thousands of them copies none.
type folderStack struct {
	top   model.Value
	below *folderStack
}

// topOr is the last folder that was left.
func (s *folderStack) topOr(other model.Value) model.Value {
	if s == nil {
		return other
	}
	return s.top
}

// under is what is left once the top is gone.
func (s *folderStack) under() *folderStack {
	if s == nil {
		return nil
	}
	return s.below
}

func joinFolders(left, right *folderStack) *folderStack {
	a, b := left, right
	for a != b && a != nil && b != nil && words.SameValue(a.top, b.top) {
		a, b = a.below, b.below
	}
	if a == b {
		return left
	}
	return &folderStack{top: model.UnknownWord}
}

// holder has a shell's present state: whoever has it sees every change.
type holder struct {
	now *Shell
}

// change makes a new state of the present one.
func (h *holder) change(set func(now *Shell)) {
	next := *h.now
	set(&next)
	h.now = &next
}

func newShell(cwd model.Value) *Shell {
	return &Shell{
		variables:         newTable[cell](),
		functions:         newTable[[]*functionBody](),
		exportedFunctions: newTable[bool](),
		aliases:           newTable[model.Value](),
		traps:             newTable[*model.Argument](),
		files:             newTable[*fileState](),
		links:             newTable[string](),
		cwd:               cwd,
		previousCwd:       model.UnknownWord,
		positional:        &positional{},
	}
}

// copyShell is a copy that can change without the original.
func copyShell(now *Shell) *Shell {
	next := *now
	next.variables = shareTable(now.variables)
	next.functions = shareTable(now.functions)
	next.exportedFunctions = shareTable(now.exportedFunctions)
	next.aliases = shareTable(now.aliases)
	next.traps = shareTable(now.traps)
	next.files = shareTable(now.files)
	next.links = shareTable(now.links)
	return &next
}

// childShell is what a process started from this shell inherits: exported variables and functions, the folder, and the files of the
// machine.
func childShell(now *Shell) *Shell {
	child := newShell(now.cwd)
	for name, one := range now.variables.all() {
		if one.exported {
			one.bound = false
			child.variables.set(name, one)
		}
	}
	for _, name := range now.exportedFunctions.keys() {
		if bodies, is := now.functions.get(name); is {
			child.functions.set(name, bodies)
		}
	}
	child.exportedFunctions = shareTable(now.exportedFunctions)
	child.files = shareTable(now.files)
	child.links = shareTable(now.links)
	return child
}

// joinShells is what holds after either of two ways. Where they differ, nothing is known any more.
func joinShells(left, right *Shell) *Shell {
	if left == right {
		return left
	}
	return &Shell{
		variables:         joinTables(left.variables, right.variables, joinCells),
		functions:         joinTables(left.functions, right.functions, joinFunctions),
		exportedFunctions: joinTables(left.exportedFunctions, right.exportedFunctions, joinExports),
		aliases:           joinTables(left.aliases, right.aliases, joinAliases),
		traps:             joinTables(left.traps, right.traps, joinTraps),
		files:             joinTables(left.files, right.files, joinFiles),
		links:             joinTables(left.links, right.links, joinLinks),
		cwd:               sameOrUnknown(left.cwd, right.cwd),
		previousCwd:       sameOrUnknown(left.previousCwd, right.previousCwd),
		folders:           joinFolders(left.folders, right.folders),
		positional:        joinPositional(left.positional, right.positional),
	}
}

// joinAll joins the states in which something may end.
func joinAll(first *Shell, others ...*Shell) *Shell {
	for _, other := range others {
		first = joinShells(first, other)
	}
	return first
}

// sameShell: whether walking once more from the second state could show anything new.
func sameShell(left, right *Shell) bool {
	return words.SameValue(left.cwd, right.cwd) &&
		left.positional == right.positional &&
		left.functions.entries == right.functions.entries &&
		left.files.entries == right.files.entries &&
		left.aliases.entries == right.aliases.entries &&
		sameVariables(left.variables, right.variables)
}

func sameVariables(left, right *table[cell]) bool {
	if left.entries == right.entries {
		return true
	}
	if left.size() != right.size() {
		return false
	}
	for name, one := range left.all() {
		other, is := right.get(name)
		if !is || other.exported != one.exported || other.bound != one.bound || !sameVariable(one.variable, other.variable) {
			return false
		}
	}
	return true
}

func sameVariable(left, right words.Variable) bool {
	isSame := left.Kind == right.Kind && words.SameValue(left.Value, right.Value)
	return isSame && slices.EqualFunc(left.Values, right.Values, words.SameValue)
}

// anything is a variable of which nothing is known.
var anything = words.Scalar(model.UnknownWords)

// joinCells: a name that only one side has set may still have what the surroundings gave it, which nobody knows.
func joinCells(a, b side[cell], _ string) cell {
	joined := cell{variable: anything, exported: a.value.exported || b.value.exported, bound: a.value.bound || b.value.bound}
	one, other := a.value.variable, b.value.variable
	switch {
	case !a.is || !b.is:
	case sameVariable(one, other):
		joined.variable = one
	case one.Kind == "scalar" && other.Kind == "scalar":
		joined.variable = words.Scalar(words.JoinValues(one.Value, other.Value))
	}
	return joined
}

func joinFunctions(a, b side[[]*functionBody], _ string) []*functionBody {
	var all []*functionBody
	for _, one := range []side[[]*functionBody]{a, b} {
		bodies := one.value
		if !one.is {
			bodies = []*functionBody{nil}
		}
		for _, body := range bodies {
			if !slices.Contains(all, body) {
				all = append(all, body)
			}
		}
	}
	var known []*functionBody
	for _, body := range all {
		if body != nil && body != unknownBody {
			known = append(known, body)
		}
	}
	if len(known) <= model.LimitAlternatives {
		return all
	}
	// SECURITY: a body too many is told as unknown code. The temptation is to drop it: the fifth branch would then run unseen.
	kept := append(known[:model.LimitAlternatives:model.LimitAlternatives], unknownBody)
	if slices.Contains(all, nil) {
		kept = append(kept, nil)
	}
	return kept
}

func joinExports(_, _ side[bool], _ string) bool {
	return true
}

func joinAliases(a, b side[model.Value], _ string) model.Value {
	switch {
	case !a.is:
		return b.value
	case !b.is:
		return a.value
	}
	return words.JoinValues(a.value, b.value)
}

func joinTraps(a, b side[*model.Argument], _ string) *model.Argument {
	switch {
	case !a.is:
		return b.value
	case !b.is || a.value == b.value:
		return a.value
	}
	return &model.Argument{Value: words.JoinValues(a.value.Value, b.value.Value), Span: a.value.Span}
}

func joinLinks(a, b side[string], _ string) string {
	if a.is {
		return a.value
	}
	return b.value
}

// onDiskAs is what stands on disk under the path, as nobody touched it.
func onDiskAs(path string) *fileState {
	return &fileState{disk: []string{path}}
}

// joinFileStates is all that a file may hold after either of two ways.
func joinFileStates(a, b *fileState) *fileState {
	texts := bothLists(a.texts, b.texts)
	disk := bothLists(a.disk, b.disk)
	joined := &fileState{
		texts:   texts[:min(len(texts), model.LimitAlternatives)],
		unknown: a.unknown || b.unknown || len(texts) > model.LimitAlternatives,
		made:    a.made || b.made || len(disk) > model.LimitAlternatives,
		disk:    disk[:min(len(disk), model.LimitAlternatives)],
		trusted: a.trusted || b.trusted,
	}
	if a.lines != nil && b.lines != nil && slices.Equal(a.lines, b.lines) {
		joined.lines = a.lines
	}
	return joined
}

// bothLists is what stands in one list or the other, each once.
func bothLists(a, b []string) []string {
	var both []string
	for _, list := range [][]string{a, b} {
		for _, one := range list {
			if !slices.Contains(both, one) {
				both = append(both, one)
			}
		}
	}
	return both
}

// joinFiles: a file that only one side has touched is on the other what it was on disk.
func joinFiles(a, b side[*fileState], path string) *fileState {
	if a.is && b.is {
		if a.value == b.value {
			return a.value
		}
		return joinFileStates(a.value, b.value)
	}
	untouched := &fileState{made: true}
	if strings.HasPrefix(path, "/") && !strings.HasSuffix(path, "/") {
		untouched = onDiskAs(path)
	}
	if a.is {
		return joinFileStates(a.value, untouched)
	}
	return joinFileStates(untouched, b.value)
}

func sameOrUnknown(left, right model.Value) model.Value {
	if words.SameValue(left, right) {
		return left
	}
	return model.UnknownWord
}

func joinPositional(left, right *positional) *positional {
	if left == right {
		return left
	}
	if left == nil || right == nil {
		return nil
	}
	same := func(a, b model.Argument) bool { return words.SameValue(a.Value, b.Value) }
	if !slices.EqualFunc(left.words, right.words, same) {
		return nil
	}
	return left
}
