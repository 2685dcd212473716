// What a call gives, by the result of its entry. Implements spec/languages.md section 4.1. Twin of src/change/languages/calls.ts, from `resultOf` on.

package languages

import "strings"

func resultOf(world *World, result string, self *Thing, args *Arguments) *Thing {
	first := args.first()
	if name, is := strings.CutPrefix(result, "fold:"); is {
		return folded(world, name, self, args.Positional)
	}
	if name, is := strings.CutPrefix(result, "name:"); is {
		return nameThing(name)
	}
	switch result {
	case "", "unknown":
		return unknownThing
	case "plain":
		return plainThing
	case "first":
		return first
	case "self":
		return self
	case "vars":
		if len(args.Positional) > 0 {
			return first
		}
		return nameThing("")
	case "hidden":
		return hiddenThing
	case "module":
		return moduleNamed(world, first)
	case "attribute":
		return attributeOf(world, first, orUnknown(args.at(1)))
	case "evaluated":
		last := len(world.evaluated) - 1
		if last < 0 {
			return unknownThing
		}
		thing := world.evaluated[last]
		world.evaluated = world.evaluated[:last]
		return thing
	case "called":
		return invoke(world, first, argumentsOf(args.from(1)...))
	case "sent":
		if name, known := textOf(first); known {
			return invoke(world, nameOf(world, name), argumentsOf(args.from(1)...))
		}
		return unknownThing
	case "mapped":
		return mapped(world, first, orUnknown(args.at(1)))
	case "input_text":
		if world.context.Stdin.Kind == "text" {
			return textThing(world.context.Stdin.Text)
		}
		return unknownThing
	}
	return placeResult(world, result, self, args)
}

// placeResult: the results that are paths, lists of them, and other objects.
func placeResult(world *World, result string, self *Thing, args *Arguments) *Thing {
	first := args.first()
	switch result {
	case "here":
		return objectThing("path", textThing("."))
	case "home":
		return environmentValue(world, "HOME")
	case "home_path":
		return objectThing("path", environmentValue(world, "HOME"))
	case "expanded":
		return expanded(world, first)
	case "expanded_path":
		return objectThing("path", expanded(world, unwrapped(self)))
	case "argument":
		return shifted(world)
	case "list_first":
		return itemAt(self, 0)
	case "environment_variable":
		if len(args.Positional) == 0 {
			return objectThing("environment", unknownThing)
		}
		name, _ := textOf(first)
		return environmentValue(world, name)
	case "children":
		return listThing([]*Thing{objectThing("path", joinPaths(unwrapped(self), anyName))})
	case "self_module":
		return moduleNamed(world, self)
	case "path":
		return objectThing("path", joinedPath(args.Positional))
	case "joined":
		return joinedPath(args.Positional)
	case "below":
		return objectThing("path", joinPaths(unwrapped(self), unwrapped(first)))
	case "paths", "paths_below", "names":
		if self.Kind == "plain" {
			self = unknownThing
		}
		return listing(result, unwrapped(self), unwrapped(first))
	case "walked":
		return walked(unwrapped(first))
	case "contents":
		if self.Kind == "object" {
			first = self
		}
		return objectThing("contents", unwrapped(first))
	}
	if len(args.Positional) == 0 {
		first = self
	}
	return objectThing(result, unwrapped(first))
}

func joinedPath(parts []*Thing) *Thing {
	if len(parts) == 0 {
		return unknownThing
	}
	path := unwrapped(parts[0])
	for _, part := range parts[1:] {
		path = joinPaths(path, unwrapped(part))
	}
	return path
}

var anyName = globThing("*")

// walked: `os.walk` gives a folder at or below the one that it gets, with the names in it.
func walked(folder *Thing) *Thing {
	names := listThing([]*Thing{anyName})
	return listThing([]*Thing{listThing([]*Thing{joinPaths(folder, globThing("**")), names, names})})
}

// shifted: `shift` takes the first word that is left: any of them outside of blocks; inside of one it may be a parameter of a function.
func shifted(world *World) *Thing {
	words := positionalThings(world)
	words = words[min(1, len(words)):]
	if world.block > 0 {
		words = append(words, unknownThing)
	}
	return choiceThing(words)
}

// expanded is `~` and `~/…` at the beginning of a path.
func expanded(world *World, path *Thing) *Thing {
	text, known := textOf(path)
	if !known || text != "~" && !strings.HasPrefix(text, "~/") {
		return path
	}
	return concat(environmentValue(world, "HOME"), textThing(text[1:]))
}

func nameOf(world *World, name string) *Thing {
	return nameThing(canonicalName(world, name))
}

func moduleNamed(world *World, module *Thing) *Thing {
	name, known := textOf(module)
	if !known {
		return unknownThing
	}
	return nameOf(world, name)
}

func attributeOf(world *World, thing, attribute *Thing) *Thing {
	name, known := textOf(attribute)
	switch {
	case !known:
		emitUnknownCode(world, world.language)
		return unknownThing
	case thing.Kind == "name" && thing.Name == "":
		return nameOf(world, name)
	case thing.Kind == "name":
		return nameOf(world, thing.Name+"."+name)
	}
	return methodThing(thing, name)
}

// mapped: in `map(f, list)` f is called once for every item that is known.
func mapped(world *World, callee, over *Thing) *Thing {
	if over.Kind != "list" {
		invoke(world, callee, argumentsOf(unknownThing))
		return unknownThing
	}
	results := make([]*Thing, 0, len(over.Items))
	for _, item := range over.Items {
		results = append(results, invoke(world, callee, argumentsOf(item)))
	}
	return listThing(results)
}
