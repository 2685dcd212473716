// Commands that code starts: a text for a shell, or words. Implements spec/languages.md section 7.4. Twin of src/change/languages/roles.ts, of its
// roles `popen`, `process`, `command` and `exec_list`.

package languages

import (
	"slices"
	"strings"
)

// popen: a list is the words of a command, a text is for a shell.
func popen(world *World, at *place, thing *Thing) {
	for _, one := range alternatives(thing) {
		if one.Kind == "list" {
			wordsDeed(world, withoutRecords(one.Items), surroundingsOf(at.args))
		} else {
			shellCode(world, one, nil, cwdOf(at.args))
		}
	}
}

func withoutRecords(things []*Thing) []*Thing {
	var kept []*Thing
	for _, thing := range things {
		if thing.Kind != "record" {
			kept = append(kept, thing)
		}
	}
	return kept
}

// processRun: `subprocess.run(["ls", x])`, `run("ls", shell=True)`, `spawn("ls", ["-l"], {shell: true})`.
func processRun(world *World, at *place, thing *Thing) {
	shell := isOn(option(at.args, "shell"))
	following := at.args.at(at.index + 1)
	for _, one := range alternatives(thing) {
		switch {
		case shell:
			shellCode(world, joinedWords(one, following), inputOf(at.args), cwdOf(at.args))
		case one.Kind == "list":
			wordsDeed(world, one.Items, surroundingsOf(at.args))
		default:
			words := []*Thing{one}
			switch {
			case following == nil:
			case following.Kind == "list":
				words = append(words, following.Items...)
			case following.Kind != "record" && world.language != "python" && !isFunction(following):
				words = append(words, unknownMany)
			}
			wordsDeed(world, words, surroundingsOf(at.args))
		}
	}
}

func isFunction(thing *Thing) bool {
	return thing.Kind == "plain" || thing.Kind == "number"
}

// joinedWords: a shell gets the first item of a list as its code, or the words joined by blanks where the language joins them.
func joinedWords(thing, following *Thing) *Thing {
	words := []*Thing{thing}
	if thing.Kind == "list" {
		words = thing.Items[:min(1, len(thing.Items))]
	}
	if following != nil && following.Kind == "list" {
		words = slices.Concat(words, following.Items)
	}
	texts := make([]string, 0, len(words))
	for _, word := range words {
		text, known := textOf(word)
		if !known {
			return unknownThing
		}
		texts = append(texts, text)
	}
	return textThing(strings.Join(texts, " "))
}

// commandRun: `system("ls -l")` is for a shell, `system("ls", "-l")` is not.
func commandRun(world *World, args *Arguments, positional []*Thing) {
	scoped := &Arguments{Positional: positional, Named: args.Named}
	words := withoutRecords(positional)
	// `exec { $program } "argv0", …` in perl runs what the block gives.
	if world.language == "perl" && len(words) < len(positional) {
		emitUnknownCode(world, world.language)
	}
	if len(words) == 0 {
		return
	}
	first := words[0]
	switch {
	case len(words) == 1 && first.Kind == "list" && world.language != "ruby":
		wordsDeed(world, first.Items, surroundingsOf(scoped))
	case len(words) == 1 && first.Kind == "list":
		wordsDeed(world, first.Items[:min(1, len(first.Items))], surroundingsOf(scoped))
	case len(words) == 1:
		shellCode(world, first, nil, cwdOf(scoped))
	default:
		// `system(["ls", "argv0"], "-l")` in ruby names the program and what it is told to be called.
		if first.Kind == "list" {
			first = orUnknown(thingAt(first.Items, 0))
		}
		wordsDeed(world, slices.Concat([]*Thing{first}, words[1:]), surroundingsOf(scoped))
	}
}

// executed: `execv(path, [argv0, …])`, `execl(path, argv0, …)`: the first word after the path is only what the program is told to be called.
func executed(world *World, at *place, thing *Thing) {
	rest := at.args.from(at.index + 1)
	words := []*Thing{thing}
	if len(rest) > 0 {
		list := rest[0]
		_, isText := textOf(list)
		switch {
		case list.Kind == "list":
			words = append(words, list.Items[min(1, len(list.Items)):]...)
		case len(rest) > 1 || isText:
			words = append(words, rest[1:]...)
		default:
			words = append(words, unknownMany)
		}
	}
	wordsDeed(world, words, surroundingsOf(at.args))
}

// surroundings is what a call says of the place where a command runs; nil for what it does not say.
type surroundings struct {
	cwd         *Thing
	input       *Thing
	environment *Thing
}

func surroundingsOf(args *Arguments) surroundings {
	return surroundings{cwdOf(args), inputOf(args), option(args, "env")}
}

func cwdOf(args *Arguments) *Thing {
	if cwd := option(args, "cwd"); cwd != nil {
		return cwd
	}
	return option(args, "chdir")
}

func inputOf(args *Arguments) *Thing {
	return option(args, "input")
}
