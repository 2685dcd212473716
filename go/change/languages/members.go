// `a.b`, `a->b`, `a::b`: members of modules, objects and unknown things. Implements spec/languages.md section 6.5.
// Twin of src/change/languages/members.ts.

package languages

import (
	"slices"
	"strings"

	"cavra.dev/runtime/base"
	"cavra.dev/runtime/change/model"
)

// maxName is the longest full name that is kept, in UTF-16 units: nothing in any table is as long.
const maxName = 256

// member is the member that is named after this thing, or nil when none is.
func member(world *World, cursor *Cursor, thing *Thing) *Thing {
	token := peek(cursor)
	if token.Kind != "operator" || !slices.Contains(memberOperators[world.language], token.Text) {
		return nil
	}
	ahead := 1
	for peekAhead(cursor, ahead).Kind == "newline" {
		ahead++
	}
	name := peekAhead(cursor, ahead)
	if name.Kind == "name" {
		cursor.at += ahead + 1
		return memberOf(world, calledBare(world, thing), name.Text)
	}
	// `->[0]`, `->{x}`, `->(…)`, `?.(`: the subscript or call itself is read next.
	if isOperator(name, "[") || isOperator(name, "{") || isOperator(name, "(") {
		cursor.at++
		skipNewlines(cursor)
		return thing
	}
	// `$object->$method(…)`: any method at all.
	if name.Kind == "variable" && token.Text != "." {
		cursor.at += ahead + 1
		if world.language == "php" {
			return unknownThing
		}
		return plainThing
	}
	return nil
}

// calledBare: in ruby and perl a method that is named without brackets is called: `list.first.unpack1("m")`, `Agent->new->get($url)`.
func calledBare(world *World, thing *Thing) *Thing {
	if world.language != "ruby" && world.language != "perl" {
		return thing
	}
	var entry *Entry
	if thing.Kind == "method" || thing.Kind == "name" && strings.Contains(thing.Name, ".") {
		entry = calleeEntry(world, thing)
	}
	if entry == nil {
		return thing
	}
	return invoke(world, thing, argumentsOf())
}

var memberOperators = map[General][]string{
	"python":     {"."},
	"javascript": {".", "?."},
	"ruby":       {".", "&.", "::"},
	"perl":       {"->"},
	"php":        {"->", "?->", "::"},
}

func memberOf(world *World, thing *Thing, name string) *Thing {
	if slices.Contains(world.table.Hiding, "."+name) {
		emitUnknownCode(world, world.language)
	}
	switch {
	case thing.Kind == "name" && base.Utf16Length(thing.Name) > maxName:
		return unknownThing
	case thing.Kind == "choice":
		items := make([]*Thing, 0, len(thing.Items))
		for _, one := range thing.Items {
			items = append(items, memberOf(world, one, name))
		}
		return &Thing{Kind: "choice", Items: items}
	case thing.Kind == "name" && (name == "__dict__" || name == "to_proc"):
		return thing
	case thing.Kind == "name" && thing.Name == "":
		if bound := lookUp(world, name); bound != nil {
			return bound
		}
		return resolved(world, name)
	case thing.Kind == "name":
		return resolved(world, thing.Name+"."+name)
	case thing.Kind == "record":
		if entry, is := thing.Entries.Get(name); is {
			return entry
		}
		return methodThing(thing, name)
	}
	entry := methodEntry(world, thing, name)
	if entry == nil && thing.Kind == "object" && thing.Type == "environment" {
		return objectThing("environment_variable", valueThing(model.Text(name)))
	}
	if entry != nil {
		if property, is := strings.CutPrefix(entry.Result, "property:"); is {
			return objectThing("path", folded(world, property, thing, nil))
		}
	}
	return methodThing(thing, name)
}

// resolved is what a full name is: a value of the table, or the name itself.
func resolved(world *World, name string) *Thing {
	full := canonicalName(world, name)
	if slices.Contains(world.table.Hiding, full) {
		emitUnknownCode(world, world.language)
	}
	if what, is := world.table.Values[full]; is {
		return valueNamed(world, what)
	}
	return nameThing(full)
}

func valueNamed(world *World, what string) *Thing {
	if name, is := strings.CutPrefix(what, "name:"); is {
		return nameThing(name)
	}
	if text, is := strings.CutPrefix(what, "text:"); is {
		return valueThing(model.Text(text))
	}
	switch what {
	case "plain":
		return plainThing
	case "unknown":
		return unknownThing
	case "arguments_node":
		return nodeArguments(world)
	case "arguments", "arguments_behind":
		words := positionalThings(world)
		if what == "arguments_behind" {
			words = words[min(1, len(words)):]
		}
		return &Thing{Kind: "list", Items: words}
	}
	return objectThing(what, unknownThing)
}

func positionalThings(world *World) []*Thing {
	words := make([]*Thing, 0, len(world.context.Positional))
	for _, argument := range world.context.Positional {
		words = append(words, valueThing(argument.Value))
	}
	return words
}

// nodeArguments: `process.argv` begins with node, and goes on with the script where there is one: then everything behind it stands one place further.
func nodeArguments(world *World) *Thing {
	words := positionalThings(world)
	var items []*Thing
	for index, word := range words {
		if index >= 2 {
			word = choiceThing([]*Thing{word, words[index-1]})
		}
		items = append(items, word)
	}
	if len(words) > 0 {
		items = append(items, words[len(words)-1])
	}
	return &Thing{Kind: "list", Items: items}
}
