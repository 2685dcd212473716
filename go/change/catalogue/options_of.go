// All options of a program, the packed ones unpacked. Implements spec/catalogue.md clause 2.3. Twin of src/change/catalogue/options-of.ts.
// INVARIANT: a program has one list for good, also where two requests ask at once, because options are told apart by their address.

package catalogue

import (
	"slices"
	"strings"

	"cavra.dev/runtime/change/model"
)

// OptionsOf gives those with more to say first, then the flags, then those with one value.
func OptionsOf(program *model.Program) *model.OptionList {
	if known := program.Memory.Own.Load(); known != nil {
		return known
	}
	program.Memory.Own.CompareAndSwap(nil, listOf(unpackedOptions(program), nil))
	return program.Memory.Own.Load()
}

// optionsBelow gives the options of a program before those of the programs above it.
func optionsBelow(program *model.Program, above *model.OptionList) *model.OptionList {
	own := OptionsOf(program)
	if len(own.All) == 0 {
		return above
	}
	if known := program.Memory.Joined.Load(); known != nil && known.Above == above {
		return known
	}
	list := listOf(slices.Concat(own.All, above.All), above)
	program.Memory.Joined.Store(list)
	return list
}

// listOf finds the option of each name; of several the first.
func listOf(options []*model.Option, above *model.OptionList) *model.OptionList {
	byName := make(map[string]*model.Option, 2*len(options))
	for _, option := range options {
		for _, name := range option.Names {
			if _, known := byName[name]; !known {
				byName[name] = option
			}
		}
	}
	return &model.OptionList{All: options, ByName: byName, Above: above}
}

func unpackedOptions(program *model.Program) []*model.Option {
	options := slices.Clone(program.Options)
	options = unpacked(options, program.Flags, 0)
	return unpacked(options, program.Values, 1)
}

func unpacked(options []*model.Option, names string, arity int) []*model.Option {
	if names == "" {
		return options
	}
	made := make([]model.Option, strings.Count(names, " ")+1)
	for i := range made {
		one, rest, _ := strings.Cut(names, " ")
		made[i] = model.Option{Names: strings.Split(one, ","), Arity: arity}
		options = append(options, &made[i])
		names = rest
	}
	return options
}
