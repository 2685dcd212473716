// What an argument is to the function that gets it, turned into deeds. Implements spec/languages.md section 7.
// Twin of src/change/languages/roles.ts.
// An unknown path stays a deed with an unknown path; unknown code is opaque. Nothing here judges what a path or a command means.

package languages

import (
	"slices"
	"strings"

	"cavra.dev/runtime/base"
	"cavra.dev/runtime/change/model"
)

// place is one argument of one call: its entry, its role, all arguments, and which it is (-1 for the receiver).
type place struct {
	entry *Entry
	role  string
	args  *Arguments
	index int
}

// perform does to the thing what its role says.
func perform(world *World, at *place, thing *Thing) {
	if !spend(world) || fileRole(world, at, thing) || codeRole(world, at, thing) {
		return
	}
	switch at.role {
	case "send", "receive":
		urlDeed(world, thing, at.role, dataOf(at))
	case "url":
		urlDeed(world, thing, sends(at.args), dataOf(at))
	case "url_known":
		if text, _ := textOf(thing); isURL(text) {
			urlDeed(world, thing, "receive", nil)
		}
	case "host":
		hostDeed(world, thing)
	case "callback":
		callback(world, at, thing)
	case "chdir":
		if world.cwd != nil {
			thing = joinPaths(world.cwd, thing)
		}
		world.cwd = thing
	case "setenv":
		name, _ := textOf(thing)
		setEnvironment(world, name, wordValue(orUnknown(at.args.at(at.index+1))))
	case "putenv":
		putenv(world, thing)
	case "dump":
		environmentDump(world)
	case "opaque":
		emitUnknownCode(world, world.language)
	case "skip", "mode":
	default:
		handOn(world, thing)
	}
}

func fileRole(world *World, at *place, thing *Thing) bool {
	switch at.role {
	case "read", "write", "delete":
		fileDeed(world, at.role, "exact", thing)
	case "read_tree":
		fileDeed(world, "read", "tree", thing)
	case "write_tree":
		fileDeed(world, "write", "tree", thing)
	case "delete_tree":
		fileDeed(world, "delete", "tree", thing)
	case "delete_contents":
		fileDeed(world, "delete", "contents", thing)
	case "delete_maybe_tree":
		extent := "exact"
		if isOn(option(at.args, "recursive")) {
			extent = "tree"
		}
		fileDeed(world, "delete", extent, thing)
	case "move":
		fileDeed(world, "read", "tree", thing)
		fileDeed(world, "delete", "tree", thing)
	case "open":
		opened(world, at, thing)
	case "perl_open":
		if at.index == 1 {
			perlOpen(world, at.args.from(1))
		}
	default:
		return false
	}
	return true
}

func codeRole(world *World, at *place, thing *Thing) bool {
	switch at.role {
	case "shell":
		shellCode(world, thing, inputOf(at.args), nil)
	case "sql":
		sqlCode(world, thing)
	case "code":
		evaluate(world, thing)
	case "code_text":
		if _, known := textOf(thing); known {
			evaluate(world, thing)
		} else if thing.Kind == "value" && thing.Value.Kind != "unknown" {
			emitUnknownCode(world, world.language)
		}
	case "script":
		scriptDeed(world, world.language, thing)
	case "require":
		required(world, thing)
	case "process":
		processRun(world, at, thing)
	case "command":
		commandRun(world, at.args, at.args.Positional[sliceStart(at.index, len(at.args.Positional)):])
	case "popen":
		popen(world, at, thing)
	case "load":
		loaded(world, thing)
	case "exec_list":
		if at.index >= 0 {
			executed(world, at, thing)
		}
	default:
		return false
	}
	return true
}

// sliceStart is where a slice begins: a negative place counts from the end.
func sliceStart(place, count int) int {
	return int(clamped(int64(place), count))
}

// opened: in `open(path, mode)` the mode says what is done; a mode nobody knows may do all of it.
func opened(world *World, at *place, thing *Thing) {
	if rubyPipe(world, thing) {
		return
	}
	mode := at.args.at(slices.IndexFunc(at.entry.Parameters, func(parameter Parameter) bool { return parameter.Role == "mode" }))
	for _, name := range []string{"mode", "flag"} {
		if mode == nil {
			mode = option(at.args, name)
		}
	}
	modes := []*Thing{textThing("r")}
	if mode != nil {
		modes = alternatives(mode)
	}
	for _, one := range modes {
		text, known := "r", true
		if one.Kind != "number" && one.Kind != "plain" && one.Kind != "record" {
			text, known = textOf(one)
		}
		writes := !known || strings.ContainsAny(text, "wax+c")
		if !known || !writes || strings.Contains(text, "r") {
			fileDeed(world, "read", "exact", thing)
		}
		if writes {
			fileDeed(world, "write", "exact", thing)
		}
	}
}

func evaluate(world *World, thing *Thing) {
	for _, one := range alternatives(thing) {
		text, known := textOf(one)
		stdin := world.context.Stdin
		switch {
		case known:
			world.evaluated = append(world.evaluated, readInner(world, text))
		case isInput(one) && stdin.Kind == "text":
			world.evaluated = append(world.evaluated, readInner(world, stdin.Text))
		case one.Kind == "object" && one.Type == "contents" && !isInput(one):
			scriptDeed(world, world.language, one.Of)
		case one.Kind != "plain" && one.Kind != "number" && one.Kind != "record":
			emitUnknownCode(world, world.language)
		}
	}
}

// isInput: standard input, or what is read from descriptor 0.
func isInput(thing *Thing) bool {
	return thing.Kind == "object" && (thing.Type == "stdin" || thing.Type == "contents" && thing.Of.Kind == "number")
}

// required: `require('./x.json')` reads, `require('./x.js')` runs; a package is installed code.
func required(world *World, thing *Thing) {
	for _, one := range alternatives(thing) {
		text, known := textOf(one)
		switch {
		case !known:
			emitUnknownCode(world, world.language)
		case strings.HasSuffix(text, ".json"):
			fileDeed(world, "read", "exact", one)
		case strings.HasPrefix(text, "./") || strings.HasPrefix(text, "../") || strings.HasPrefix(text, "/"):
			scriptDeed(world, world.language, one)
		}
	}
}

// loaded: `require "x.pl"`, `load "x.rb"` run a file; a bare name is installed code.
func loaded(world *World, thing *Thing) {
	for _, one := range alternatives(thing) {
		if one.Kind != "name" && one.Kind != "number" {
			scriptDeed(world, world.language, one)
		}
	}
}

func callback(world *World, at *place, thing *Thing) {
	callee := thing
	if name, known := textOf(thing); known {
		callee = nameThing(name)
	}
	if callee.Kind == "name" || callee.Kind == "method" {
		invoke(world, callee, &Arguments{Positional: at.args.from(at.index + 1), Open: true})
	}
}

func putenv(world *World, thing *Thing) {
	text, _ := textOf(thing)
	if name, value, is := strings.Cut(text, "="); is {
		setEnvironment(world, name, model.Text(value))
	}
}

// option is an option by name: a named argument, or a key of a mapping among the arguments; nil where it is not given.
func option(args *Arguments, name string) *Thing {
	if named := args.named(name); named != nil {
		return named
	}
	for _, thing := range args.Positional {
		if thing.Kind != "record" {
			continue
		}
		if given, is := thing.Entries.Get(name); is {
			return given
		}
	}
	return nil
}

func isOn(thing *Thing) bool {
	return thing != nil && thing.Kind != "plain" && (thing.Kind != "number" || thing.Number != 0)
}

func wordValue(thing *Thing) model.Value {
	if text, known := textOf(thing); known {
		return model.Text(text)
	}
	return model.UnknownWord
}

var sendingOptions = []string{"data", "json", "files", "body", "form", "multipart"}

func sends(args *Arguments) string {
	method := option(args, "method")
	if method != nil {
		if verb, known := textOf(method); known && slices.Contains([]string{"GET", "HEAD", "OPTIONS"}, base.UpperASCII(verb)) {
			return "receive"
		}
		return "send"
	}
	if slices.ContainsFunc(sendingOptions, func(name string) bool { return option(args, name) != nil }) {
		return "send"
	}
	return "receive"
}

func dataOf(at *place) *Thing {
	for _, name := range sendingOptions {
		if thing := option(at.args, name); thing != nil {
			return thing
		}
	}
	if next := at.args.at(at.index + 1); next != nil && next.Kind != "record" {
		return next
	}
	return nil
}
