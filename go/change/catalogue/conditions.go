// Decides the conditions of slots, effects and standard input. Implements spec/catalogue.md section 4.
// Twin of src/change/catalogue/conditions.ts.
// Where a value cannot be known, a condition holds in `when` and does not hold in `unless`: the danger stays.

package catalogue

import (
	"slices"
	"strings"

	"cavra.dev/runtime/change/model"
)

// Meanings is a set of meanings. Nobody walks over it but to sort it.
type Meanings map[string]struct{}

// Has is true for a meaning that was given and not taken back.
func (m Meanings) Has(meaning string) bool {
	_, is := m[meaning]
	return is
}

// Circumstances is what conditions are decided on.
type Circumstances struct {
	Meanings Meanings
	Options  []CutOption
	Operands []model.Argument
	Piped    bool
	// Undecided: a word that is surely an option cannot be known (`-$X`).
	Undecided bool
}

func circumstances(line *CutLine, stdin *model.Stdin) Circumstances {
	undecided := slices.ContainsFunc(line.Unknown, func(word model.Argument) bool { return strings.HasPrefix(KnownPrefix(word.Value), "-") })
	return Circumstances{
		Meanings: MeaningsOf(line.Options), Options: line.Options, Operands: line.Operands, Piped: stdin.Kind != "inherited", Undecided: undecided,
	}
}

// MeaningsOf are the meanings given and not taken back, in the order of the line.
func MeaningsOf(options []CutOption) Meanings {
	if len(options) == 0 {
		return nil
	}
	meanings := make(Meanings, len(options))
	for i := range options {
		one := &options[i]
		if one.Negated {
			delete(meanings, one.Means)
			continue
		}
		meanings[one.Means] = struct{}{}
		for _, cleared := range one.Option.Clears {
			delete(meanings, cleared)
		}
	}
	delete(meanings, "")
	return meanings
}

func applies(when, unless []string, around *Circumstances) bool {
	for _, condition := range when {
		if !holds(condition, around, true) {
			return false
		}
	}
	for _, condition := range unless {
		if holds(condition, around, false) {
			return false
		}
	}
	return true
}

// holds: unknownHolds says what a comparison with a value that cannot be known comes to.
func holds(condition string, around *Circumstances, unknownHolds bool) bool {
	for rest, more := condition, true; more; {
		var atom string
		atom, rest, more = strings.Cut(rest, "|")
		if atomHolds(atom, around, unknownHolds) {
			return true
		}
	}
	return false
}

// extentOf says how much of a file is meant: a tree "always", or when the condition holds, or may hold because an option cannot be known.
func extentOf(tree model.Tree, around *Circumstances) model.Extent {
	switch {
	case tree == "":
		return "exact"
	case tree == "contents":
		return "contents"
	case tree == "always" || around.Undecided || holds(tree, around, true):
		return "tree"
	}
	return "exact"
}

func atomHolds(atom string, around *Circumstances, unknownHolds bool) bool {
	if name, wanted, compares := strings.Cut(atom, "="); compares {
		return comparisonHolds(name, wanted, around, unknownHolds)
	}
	if around.Meanings.Has(atom) {
		return true
	}
	switch atom {
	case "operand":
		return len(around.Operands) > 0
	case "assignment":
		return slices.ContainsFunc(around.Operands, func(one model.Argument) bool { return strings.Contains(KnownPrefix(one.Value), "=") })
	case "unknown":
		return slices.ContainsFunc(around.Operands, func(one model.Argument) bool { return one.Value.Kind != "text" })
	case "operands":
		return len(around.Operands) > 1
	case "piped":
		return around.Piped
	}
	return false
}

func comparisonHolds(name, wanted string, around *Circumstances, unknownHolds bool) bool {
	values := valuesOf(name, around)
	if rest, onlyLast := strings.CutPrefix(wanted, "="); onlyLast {
		return comparisonOf(values[max(len(values)-1, 0):], name, rest, unknownHolds)
	}
	return comparisonOf(values, name, wanted, unknownHolds)
}

func valuesOf(name string, around *Circumstances) []model.Argument {
	operands := around.Operands
	switch name {
	case "operand":
		return operands
	case "first":
		return operands[:min(len(operands), 1)]
	case "last":
		return operands[max(len(operands)-1, 0):]
	}
	var values []model.Argument
	for i := range around.Options {
		if one := &around.Options[i]; one.Means == name && !one.Negated {
			values = append(values, one.Values...)
		}
	}
	return values
}

func comparisonOf(given []model.Argument, name, wanted string, unknownHolds bool) bool {
	start, _, _ := strings.Cut(wanted, "*")
	return slices.ContainsFunc(given, func(one model.Argument) bool {
		if one.Value.Kind == "text" {
			return starMatches(wanted, one.Value.Text)
		}
		if !unknownHolds {
			return false
		}
		prefix := KnownPrefix(one.Value)
		return name != "operand" && (strings.HasPrefix(start, prefix) || strings.HasPrefix(prefix, start))
	})
}
