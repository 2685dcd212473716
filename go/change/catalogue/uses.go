// Gives every word of a cut line its role: options by the catalogue, operands by filling the slots in order. Implements spec/catalogue.md sections
// 2.3, 2.4 and 8.2. Twin of src/change/catalogue/uses.ts.

package catalogue

import (
	"slices"
	"strings"

	"cavra.dev/runtime/base"
	"cavra.dev/runtime/change/model"
)

// Use is one word in one role.
type Use struct {
	Role     model.Role
	Argument model.Argument
	// Following are the operands after it, for `command`, `shell_words`, `words` and `module`.
	Following []model.Argument
	Extent    model.Extent
	// Place `same`, `child` or `elsewhere`.
	Place string
	// From `option` or `operand`.
	From string
	// Inject is the option's; nil where it has none.
	Inject []string
}

func usesOf(line *CutLine, slots []model.Slot, around *Circumstances) []Use {
	var uses []Use
	for i := range line.Options {
		uses = optionUses(uses, &line.Options[i], line, around)
	}
	return operandUses(uses, line.Operands, slots, around)
}

func optionUses(uses []Use, one *CutOption, line *CutLine, around *Circumstances) []Use {
	option := one.Option
	if one.Negated || len(one.Values) == 0 || !applies(option.When, option.Unless, around) {
		return uses
	}
	extent := extentOf(option.Tree, around)
	add := func(role model.Role, argument model.Argument) {
		var following []model.Argument
		if takesFollowing(role) {
			following = operandsBehind(line, one.At)
		}
		uses = append(uses, Use{
			Role: role, Argument: argument, Following: following, Extent: extent, Place: "child", From: "option", Inject: option.Inject,
		})
	}
	for i, argument := range one.Values {
		switch {
		case isOrdinary(argument.Value, option.Ordinary):
		case option.Keys != nil:
			keyedUses(argument, option.Keys, add)
		case i < len(option.Roles) && option.Roles[i] != "data":
			add(option.Roles[i], argument)
		}
	}
	return uses
}

func operandsBehind(line *CutLine, at int) []model.Argument {
	var following []model.Argument
	for i, operand := range line.Operands {
		if line.OperandsAt[i] > at {
			following = append(following, operand)
		}
	}
	return following
}

// keyedUses: `key=value` or `key value`. A key that cannot be known may be any of the listed ones, in an order that does not hang on how the catalogue
// is written.
func keyedUses(argument model.Argument, keys *base.Ordered[model.Role], add func(role model.Role, argument model.Argument)) {
	prefix := KnownPrefix(argument.Value)
	end := strings.IndexAny(prefix, "= ")
	if end >= 0 {
		if role, is := keys.Get(base.FoldASCII(prefix[:end])); is {
			add(role, behind(argument, end+1))
		}
		return
	}
	if argument.Value.Kind == "text" {
		return
	}
	folded := base.FoldASCII(prefix)
	for _, key := range base.SortedByBytes(keys.Keys()) {
		if strings.HasPrefix(key, folded) {
			role, _ := keys.Get(key)
			add(role, model.Argument{Value: model.UnknownWord, Span: argument.Span})
		}
	}
}

func operandUses(uses []Use, operands []model.Argument, slots []model.Slot, around *Circumstances) []Use {
	left := operands
	for i := range slots {
		slot := &slots[i]
		if !applies(slot.When, slot.Unless, around) {
			continue
		}
		taken := takenBy(slot, left)
		extent := extentOf(slot.Tree, around)
		place := slot.Place
		if place == "" {
			place = "child"
		}
		for j, argument := range taken {
			use := Use{Role: slot.Role, Argument: argument, Extent: extent, Place: place, From: "operand"}
			// Only for roles that ask for it.
			if takesFollowing(slot.Role) && slot.Take != "last" {
				use.Following = left[j+1:]
			}
			uses = append(uses, use)
			if takesFollowing(slot.Role) {
				break
			}
		}
		if slot.Take == "every" || slot.Take == "last" {
			continue
		}
		// A word that may be many words, or none, is everything from its slot on. `NAME=$x` is taken for one: nobody passes a command in it.
		open := -1
		if slot.Take != "assignments" {
			open = slices.IndexFunc(taken, isOpen)
		}
		if open < 0 {
			open = len(taken)
		}
		left = left[open:]
	}
	return uses
}

func takesFollowing(role model.Role) bool {
	return role == "command" || role == "shell_words" || role == "module" || strings.HasPrefix(role, "words:")
}

// takenBy gives the beginning of what is left, or of `last` its end.
func takenBy(slot *model.Slot, left []model.Argument) []model.Argument {
	switch slot.Take {
	case "one":
		return left[:min(len(left), 1)]
	case "last":
		return left[max(len(left)-1, 0):]
	case "all_but_last":
		if len(left) <= 1 || isOpen(left[len(left)-1]) {
			return left
		}
		return left[:len(left)-1]
	case "assignments":
		end := slices.IndexFunc(left, func(argument model.Argument) bool { return !IsAssignment(argument) })
		if end < 0 {
			return left
		}
		return left[:end]
	}
	return left
}

func isOpen(argument model.Argument) bool {
	return argument.Value.Kind == "unknown" && argument.Value.Many
}

// IsAssignment: the programs that take assignments (env, sudo) accept any text before the `=`.
func IsAssignment(argument model.Argument) bool {
	return strings.IndexByte(KnownPrefix(argument.Value), '=') > 0
}
