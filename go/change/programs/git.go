// Reads a git command line: global options, injected configuration, alias, sub-command, meaning. Implements spec/git.md section 1.
// Twin of src/change/programs/git.ts.
// Total. Options and sub-commands are data (spec/catalogue/git.yaml); only what a sub-command means is code.

package programs

import (
	"slices"

	"cavra.dev/runtime/base"
	"cavra.dev/runtime/change/catalogue"
	"cavra.dev/runtime/change/model"
)

func readGit(call *model.Call) model.Reading {
	reading := readStep(call, 0)
	slices.SortStableFunc(reading.Deeds, func(a, b model.Deed) int { return a.Span.Start - b.Span.Start })
	return reading
}

// readWith is a reading of a line that is known and harmless, of which only the deeds are told.
func readWith(deeds []model.Deed) model.Reading {
	return model.Reading{Deeds: deeds, Known: true, Harmless: true, Output: model.Output{Kind: "stream"}}
}

func readStep(call *model.Call, step int) model.Reading {
	program := catalogue.ProgramOf(call.Catalogue, "git")
	if program == nil {
		return model.Reading{Output: model.Output{Kind: "stream"}}
	}
	grammar := grammarOf(program)
	grammar.OptionsEnd = "first_operand"
	globals := catalogue.CutCommandLine(&grammar, catalogue.OptionsOf(program), call.Words)
	config := injectedConfig(call, &globals)
	around := globalDeeds(call, &globals, config)
	isHelp := func(option catalogue.CutOption) bool { return option.Means == "help" || option.Means == "version" }
	switch {
	case slices.ContainsFunc(globals.Options, isHelp):
		return readWith(around)
	case len(globals.Operands) == 0 && len(globals.Unknown) == 0:
		return readWith(around)
	case len(globals.Unknown) > 0 || globals.Operands[0].Value.Kind != "text":
		return unknownSubcommand(call, around)
	}
	line := gitLine{call: call, globals: globals, config: config.entries, place: placeOf(call, &globals), cut: globals, program: program}
	if !findSubcommand(&line) {
		return readOther(&line, around, step)
	}
	return readSubcommand(&line, around)
}

// grammarOf is a copy of a program's grammar, or the default one.
func grammarOf(program *model.Program) model.Grammar {
	if program.Grammar == nil {
		return model.Grammar{}
	}
	return *program.Grammar
}

// unknownSubcommand: `git $x`, any sub-command, so nobody knows.
func unknownSubcommand(call *model.Call, around []model.Deed) model.Reading {
	reading := readWith(append(around, opaqueDeed("unknown_subcommand", "git", call.Span)))
	reading.Subcommand = "unknown"
	reading.Harmless = false
	return reading
}

// readOther: a sub-command that the catalogue does not have, an alias that the line defines or a program that it does not know.
func readOther(line *gitLine, around []model.Deed, step int) model.Reading {
	call := line.call
	at := line.globals.OperandsAt[0]
	word := call.Words[at]
	alias := aliasOf(&aliasUse{
		config: line.config, place: &line.place, name: word.Value.Text, word: word, before: call.Words[:at], after: call.Words[at+1:],
	})
	reading := readWith(around)
	reading.Subcommand = word.Value.Text
	reading.Harmless = false
	switch {
	case alias == nil:
		reading.Options = writtenOptions(call, at)
		reading.Known = false
		return reading
	case alias.words == nil:
		reading.Deeds = append(reading.Deeds, alias.deed)
		return reading
	case step >= maxAliasSteps:
		return unknownSubcommand(call, around)
	}
	next := *call
	next.Words = alias.words
	return readStep(&next, step+1)
}

func writtenOptions(call *model.Call, at int) []string {
	cut := catalogue.CutCommandLine(&model.Grammar{}, &model.OptionList{}, call.Words[at+1:])
	names := make([]string, 0, len(cut.Options))
	for _, option := range cut.Options {
		names = append(names, option.Option.Names[0])
	}
	return base.SortedByBytes(names)
}

// findSubcommand finds the sub-command and, where it has its own (`stash drop`), the inner one; false when the catalogue does not have it.
// The line comes with git itself as its program and the globals as its cut.
func findSubcommand(line *gitLine) bool {
	found := false
	for {
		cut := &line.cut
		// INVARIANT: git's own `--` before the sub-command is the only one that a sub-command may follow.
		if len(cut.OperandsAt) == 0 || found && cut.Separator == 0 {
			return found
		}
		at := cut.OperandsAt[0]
		word := line.call.Words[line.first+at]
		canonical, known := canonicalName(line.program, word.Value)
		if !known {
			return found
		}
		var before []catalogue.CutOption
		if found {
			before = cutBefore(cut, at)
			line.name += " " + canonical
			line.span.End = word.Span.End
		} else {
			line.name = canonical
			line.span = word.Span
		}
		inner, _ := line.program.Subcommands.Get(canonical)
		line.program = inner
		if line.program == nil {
			line.program = &model.Program{}
		}
		line.first += at + 1
		grammar := grammarOf(line.program)
		line.cut = catalogue.CutCommandLine(&grammar, catalogue.OptionsOf(line.program), line.call.Words[line.first:])
		line.before = len(before)
		line.cut.Options = append(before, line.cut.Options...)
		found = true
	}
}

// cutBefore: `git notes --ref=x add`, options of the outer sub-command hold for the inner one.
func cutBefore(cut *catalogue.CutLine, at int) []catalogue.CutOption {
	var before []catalogue.CutOption
	for _, option := range cut.Options {
		if option.At < at {
			before = append(before, option)
		}
	}
	return before
}

func canonicalName(program *model.Program, written model.Value) (string, bool) {
	if written.Kind != "text" {
		return "", false
	}
	if program.Subcommands.Has(written.Text) {
		return written.Text, true
	}
	return program.SubcommandAliases.Get(written.Text)
}

func readSubcommand(line *gitLine, around []model.Deed) model.Reading {
	var options []string
	for _, option := range line.cut.Options {
		if !option.Negated {
			options = append(options, option.Means)
		}
	}
	reading := model.Reading{Subcommand: line.name, Options: base.SortedByBytes(options), Known: true}
	if asksForHelp(line) {
		reading.Deeds = append(around, openedByOptions(line)...)
		reading.Harmless = true
		reading.Output = model.Output{Kind: "stream"}
		return reading
	}
	isStrange := grammarOf(line.program).Unlisted != "flag" && len(line.cut.Unlisted) > 0
	reading.Deeds = append(around, lineDeeds(line)...)
	reading.Harmless = line.program.Harmless && !isStrange
	reading.Output = gitOutputOf(line)
	return reading
}

// asksForHelp: `--help`, or `-h` where it is no option of the sub-command: git prints how it is used and does nothing.
func asksForHelp(line *gitLine) bool {
	if len(line.cut.Unlisted) == 0 {
		return false
	}
	// SECURITY: some sub-commands take everything behind their first operand for operands: `git config core.pager x --help` sets it.
	end := len(line.call.Words)
	if len(line.cut.OperandsAt) > 0 && slices.Contains(stopsAtOperand, line.name) {
		end = line.cut.OperandsAt[0]
	}
	listed := catalogue.OptionsOf(line.program).All
	// Words are told apart by where they stand: out of one expansion come equal words with equal spans.
	return slices.ContainsFunc(line.cut.Options[line.before:], func(option catalogue.CutOption) bool {
		return option.At < end && isHelp(line.call.Words[line.first+option.At].Value) && !slices.Contains(listed, option.Option)
	})
}

var stopsAtOperand = []string{"config", "ls-remote", "fetch-pack"}

func isHelp(value model.Value) bool {
	return value.Text == "-h" || value.Text == "--help"
}
