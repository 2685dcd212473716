// The work counters that bound every derivation. Implements spec/change.md section 10. Twin of src/change/words/budget.ts; it stands with the contracts
// because paths need it. INVARIANT: nothing here reads a clock. The temptation is a timer; two engines would then disagree on a busy machine.

package model

// Every limit of words and walk, with its unit in its name.
const (
	// LimitWorkUnits is units of work: spec/change.md section 10 says what costs how many.
	LimitWorkUnits = 200_000
	// LimitProgramUnits is what running a program, function or builtin costs.
	LimitProgramUnits = 8
	// LimitCommandWords is words of one command.
	LimitCommandWords = 8_192
	// LimitProducedBytes is UTF-8 bytes of text that evaluation may produce in all.
	LimitProducedBytes = 4_194_304
	// LimitValueBytes is UTF-8 bytes of one value; a longer one is unknown.
	LimitValueBytes = 262_144
	// LimitBraceWords is words that braces may make of one word.
	LimitBraceWords = 1_024
	// LimitMatchCells is UTF-16 units of text times those of the pattern in one `${x#p}`, `case` or glob match.
	LimitMatchCells = 4_000_000
	// LimitGlobNames is names that one glob may be compared with.
	LimitGlobNames = 16_384
	// LimitUnrolledValues is values of one loop for which the body is walked one by one.
	LimitUnrolledValues = 64
	// LimitCodeDepth is code inside code.
	LimitCodeDepth = 10
	// LimitCarriers is programs that carry one another: `sudo env nice …`.
	LimitCarriers = 24
	// LimitCallDepth is functions inside functions.
	LimitCallDepth = 10
	// LimitEffects is effects of one action.
	LimitEffects = 2_000
	// LimitAlternatives is possible contents of one file, and possible bodies of one function, that are kept apart.
	LimitAlternatives = 4
	// LimitPathFolders is folders of PATH that are looked through.
	LimitPathFolders = 64
	// LimitLinkSteps is links followed while one path is resolved.
	LimitLinkSteps = 40
	// LimitWants is paths, folders or scripts that the caller is asked to look up.
	LimitWants = 1_024
)

// Budget is what is left of the work of one derivation.
type Budget struct {
	WorkUnits     int
	ProducedBytes int
}

// NewBudget is a whole budget.
func NewBudget() *Budget {
	return &Budget{WorkUnits: LimitWorkUnits, ProducedBytes: LimitProducedBytes}
}

// Spend takes units from the budget; false once it is spent.
func Spend(budget *Budget, units int) bool {
	budget.WorkUnits -= units
	return budget.WorkUnits >= 0 && budget.ProducedBytes >= 0
}

// SpendText takes the bytes of a produced text; false when the text is too long to be kept or the budget is spent.
func SpendText(budget *Budget, text string) bool {
	budget.ProducedBytes -= len(text)
	return len(text) <= LimitValueBytes && budget.ProducedBytes >= 0
}

// IsSpent is true when nothing is left.
func IsSpent(budget *Budget) bool {
	return budget.WorkUnits < 0 || budget.ProducedBytes < 0
}
