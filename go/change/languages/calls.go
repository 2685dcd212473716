// What calling a thing does: the table's entry for it, its roles in order. Implements spec/languages.md section 7. Twin of src/change/languages/calls.ts.
// A function that is handed on without being called is treated as called with unknown arguments: whoever gets it may call it.

package languages

import (
	"slices"
	"strings"
)

// invoke calls a thing and gives its result.
func invoke(world *World, thing *Thing, args *Arguments) *Thing {
	if !spend(world) {
		return unknownThing
	}
	switch thing.Kind {
	case "choice":
		results := make([]*Thing, 0, len(thing.Items))
		for _, one := range thing.Items {
			results = append(results, invoke(world, one, args))
		}
		return choiceThing(results)
	case "name":
		return invokeName(world, thing.Name, args)
	case "method":
		return invokeMethod(world, thing.Self, thing.Name, args)
	case "value":
		return invokeValue(world, thing, args)
	case "hidden":
		emitUnknownCode(world, world.language)
		return unknownThing
	}
	handAllOn(world, args)
	if thing.Kind == "plain" {
		return plainThing
	}
	return unknownThing
}

// invokeValue: in PHP a text is the name of the function it is called as; what text is not known can name any.
func invokeValue(world *World, thing *Thing, args *Arguments) *Thing {
	name, known := textOf(thing)
	if known && (world.language == "php" || world.language == "perl") {
		return invokeName(world, canonicalName(world, name), args)
	}
	if world.language == "php" {
		emitUnknownCode(world, world.language)
	}
	handAllOn(world, args)
	return unknownThing
}

func invokeName(world *World, name string, args *Arguments) *Thing {
	if entry := functionEntry(world, name); entry != nil {
		return apply(world, entry, plainThing, args)
	}
	stem, method := "", name
	dot := strings.LastIndexByte(name, '.')
	if dot >= 0 {
		stem, method = name[:dot], name[dot+1:]
	}
	if rerouted := indirect(world, stem, method, args); rerouted != nil {
		return rerouted
	}
	if loose := entryIn(world, "any", method); dot >= 0 && loose != nil {
		return apply(world, loose, unknownThing, args)
	}
	handAllOn(world, args)
	return unknownThing
}

// indirect: `exec.call(null, x)`, `exec.apply(null, [x])`, `exec.bind(null)` in JavaScript; `.call(x)` and `.to_proc` in ruby. Nil for anything else.
func indirect(world *World, stem, method string, args *Arguments) *Thing {
	if !slices.Contains([]string{"call", "apply", "bind", "to_proc"}, method) || functionEntry(world, stem) == nil {
		return nil
	}
	callee := nameThing(stem)
	switch {
	case method == "bind" || method == "to_proc":
		if len(args.Positional) > 1 {
			return invoke(world, callee, &Arguments{Positional: args.from(1), Named: args.Named, Open: true})
		}
		return callee
	case world.language == "ruby":
		return invoke(world, callee, args)
	case method == "call":
		return invoke(world, callee, &Arguments{Positional: args.from(1), Named: args.Named, Open: args.Open})
	}
	if list := args.at(1); list != nil && list.Kind == "list" {
		return invoke(world, callee, &Arguments{Positional: list.Items, Named: args.Named, Open: args.Open})
	}
	return invoke(world, callee, &Arguments{Open: true})
}

func invokeMethod(world *World, self *Thing, name string, args *Arguments) *Thing {
	if self.Kind == "choice" {
		results := make([]*Thing, 0, len(self.Items))
		for _, one := range self.Items {
			results = append(results, invokeMethod(world, one, name, args))
		}
		return choiceThing(results)
	}
	entry := methodEntry(world, self, name)
	if entry == nil {
		handAllOn(world, args)
		if isHidden(self) {
			return self
		}
		return unknownThing
	}
	return apply(world, entry, self, args)
}

// methodEntry is the entry of a method for a receiver: of its type, else of any; nil where there is none.
func methodEntry(world *World, self *Thing, name string) *Entry {
	kind := typeOf(self)
	if entry := entryIn(world, kind, name); entry != nil || kind == "text" || kind == "list" {
		return entry
	}
	if entry := entryIn(world, "any", name); entry != nil {
		return entry
	}
	return entryIn(world, "text", name)
}

func typeOf(thing *Thing) string {
	switch {
	case thing.Kind == "object":
		return thing.Type
	case thing.Kind == "list" || thing.Kind == "record":
		return thing.Kind
	case thing.Kind == "value" && thing.Value.Kind != "unknown":
		return "text"
	}
	return "any"
}

func entryIn(world *World, kind, method string) *Entry {
	return world.table.Methods[kind][method]
}

// functionEntry is the entry of a function by its full name, or of a part of it that stands for everything below (`ctypes.*`); nil where none is.
func functionEntry(world *World, name string) *Entry {
	functions := world.table.Functions
	key := name
	if world.language == "php" {
		key = lowerASCII(name)
	}
	if entry := functions[key]; entry != nil {
		return entry
	}
	for dot := strings.LastIndexByte(key, '.'); dot > 0; dot = strings.LastIndexByte(key[:dot], '.') {
		if entry := functions[key[:dot]+".*"]; entry != nil {
			return entry
		}
	}
	return nil
}

// calleeEntry is the entry of what is named: a function, or a method of a receiver; nil for anything else.
func calleeEntry(world *World, thing *Thing) *Entry {
	switch thing.Kind {
	case "name":
		return functionEntry(world, thing.Name)
	case "method":
		return methodEntry(world, thing.Self, thing.Name)
	}
	return nil
}

// canonicalName is the full name that a name stands for: `node:fs.rmSync` → `fs.rmSync`.
func canonicalName(world *World, name string) string {
	for range 4 {
		next := renamed(world, name)
		if next == name {
			return name
		}
		name = next
	}
	return name
}

func renamed(world *World, name string) string {
	for end := len(name); end > 0; end = strings.LastIndexByte(name[:end], '.') {
		stem, is := world.table.Renames[name[:end]]
		switch {
		case !is:
			continue
		case stem == "" && end < len(name):
			return name[end+1:]
		}
		return stem + name[end:]
	}
	return name
}

func apply(world *World, entry *Entry, self *Thing, args *Arguments) *Thing {
	if entry.Self != "" {
		perform(world, &place{entry, entry.Self, args, -1}, self)
	}
	for index, parameter := range entry.Parameters {
		thing := args.at(index)
		if thing == nil && parameter.Name != "" {
			thing = args.named(parameter.Name)
		}
		if thing == nil && args.Open {
			thing = unknownThing
		}
		if thing != nil {
			perform(world, &place{entry, parameter.Role, args, index}, thing)
		}
	}
	count := len(entry.Parameters)
	for index := count; index < len(args.Positional); index++ {
		if entry.Rest && count > 0 {
			perform(world, &place{entry, entry.Parameters[count-1].Role, args, index}, args.Positional[index])
		} else {
			letGo(world, args.Positional[index])
		}
	}
	for _, thing := range args.Named.All() {
		letGo(world, thing)
	}
	return resultOf(world, entry.Result, self, args)
}

func handAllOn(world *World, args *Arguments) {
	for _, thing := range args.Positional {
		handOn(world, thing)
	}
	for _, thing := range args.Named.All() {
		handOn(world, thing)
	}
}

// handOn: a thing is given to something that may do anything with it: functions are called, the environment is shown.
func handOn(world *World, thing *Thing) {
	if thing.Kind == "object" && thing.Type == "environment" {
		environmentDump(world)
	}
	letGo(world, thing)
}

// letGo is what happens when a thing is handed on: a function that the table knows may be called with anything.
func letGo(world *World, thing *Thing) {
	for _, one := range alternatives(thing) {
		entry := calleeEntry(world, one)
		if entry == nil || !spend(world) {
			continue
		}
		self := plainThing
		if one.Kind == "method" {
			self = one.Self
		}
		apply(world, entry, self, &Arguments{Open: true})
	}
}
