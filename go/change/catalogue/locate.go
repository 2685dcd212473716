// Finds the sub-command of a command line and cuts the rest of its words. Implements spec/catalogue.md clauses 2.5 and 7.1.
// Twin of src/change/catalogue/locate.ts.

package catalogue

import (
	"strings"

	"cavra.dev/runtime/base"
	"cavra.dev/runtime/change/model"
)

// Located is a program with its sub-command found and its words cut.
type Located struct {
	Program *model.Program
	// Subcommands are the canonical names of the sub-commands, outermost first.
	Subcommands []string
	// UnknownSubcommand is the word in the place of a sub-command that cannot be known, or nil.
	UnknownSubcommand *model.Argument
	Options           *model.OptionList
	Line              CutLine
}

// Locate follows the sub-commands, then cuts what is left with the options of all of them.
func Locate(program *model.Program, words []model.Argument) *Located {
	located := &Located{Program: program, Options: OptionsOf(program)}
	rest := words
	var before []CutOption
	for located.Program.Subcommands.Len() > 0 {
		current := located.Program
		head := CutCommandLine(untilFirstOperand(current.Grammar), located.Options, rest)
		if len(head.Operands) == 0 {
			break
		}
		word := head.Operands[0]
		before = append(before, head.Options...)
		rest = head.Operands[1:]
		if word.Value.Kind != "text" {
			located.UnknownSubcommand = &word
			break
		}
		name := canonicalName(current, word.Value.Text)
		located.Subcommands = append(located.Subcommands, name)
		located.Program = subcommandNamed(current, name)
		if located.Program == nil {
			located.Program = &model.Program{Grammar: current.Grammar}
		}
		located.Options = optionsBelow(located.Program, located.Options)
		if grammar := located.Program.Grammar; grammar != nil && grammar.KeepName {
			rest = head.Operands
		}
	}
	grammar := located.Program.Grammar
	if grammar == nil {
		grammar = &noGrammar
	}
	located.Line = CutCommandLine(grammar, located.Options, rest)
	if len(before) > 0 {
		located.Line.Options = append(before, located.Line.Options...)
	}
	return located
}

var noGrammar model.Grammar

func untilFirstOperand(grammar *model.Grammar) *model.Grammar {
	if grammar == nil {
		return &model.Grammar{OptionsEnd: "first_operand"}
	}
	if grammar.OptionsEnd == "first_operand" {
		return grammar
	}
	until := *grammar
	until.OptionsEnd = "first_operand"
	return &until
}

func canonicalName(program *model.Program, name string) string {
	if canonical, is := program.SubcommandAliases.Get(name); is {
		return canonical
	}
	return name
}

// subcommandNamed is the entry of that name, else of the glob that says most about it (`delete-*` before `*`). A glob holds one `*`.
func subcommandNamed(program *model.Program, name string) *model.Program {
	subcommands, same := program.Subcommands.Get, program.SubcommandSame.Get
	if exact := Described(subcommands, same, name); exact != nil {
		return exact
	}
	best, found := "", false
	for _, keys := range [][]string{program.Subcommands.Keys(), program.SubcommandSame.Keys()} {
		for _, key := range keys {
			if strings.Contains(key, "*") && starMatches(key, name) && (!found || isBetterGlob(key, best)) {
				best, found = key, true
			}
		}
	}
	if !found {
		return nil
	}
	return Described(subcommands, same, best)
}

func isBetterGlob(glob, than string) bool {
	length, other := base.Utf16Length(glob), base.Utf16Length(than)
	if length == other {
		return base.CompareBytes(glob, than) < 0
	}
	return length > other
}
