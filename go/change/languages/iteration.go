// What a loop over a thing gives, and the lists that globs and folders stand for. Implements spec/languages.md section 5.4.
// Twin of src/change/languages/iteration.ts.

package languages

import (
	"strings"

	"cavra.dev/runtime/change/model"
)

// elementOf is one item of a thing: any of the known ones, a line of standard input, or unknown.
func elementOf(world *World, thing *Thing) *Thing {
	items, is := itemsPerhaps(thing)
	switch {
	case is && len(items) > 0:
		return choiceThing(items)
	case thing.Kind == "hidden":
		return thing
	case thing.Kind != "object" || thing.Type != "stdin":
		return unknownThing
	}
	stdin := world.context.Stdin
	var lines []*Thing
	switch stdin.Kind {
	case "lines":
		for _, glob := range stdin.Globs {
			lines = append(lines, globThing(glob))
		}
	case "text":
		for line := range strings.SplitSeq(stdin.Text, "\n") {
			if line != "" {
				lines = append(lines, valueThing(model.Text(line)))
			}
		}
	}
	return choiceThing(lines)
}

// listing is the list of paths that a glob or a folder stands for: `paths` of a glob, `paths_below` a glob in a folder, `names` in a folder.
func listing(kind string, self, first *Thing) *Thing {
	if kind == "names" {
		return listThing([]*Thing{globThing("*")})
	}
	glob, known := textOf(first)
	folder, isFolder := textOf(self)
	if !known || kind == "paths_below" && !isFolder {
		return objectThing("paths", unknownThing)
	}
	if kind == "paths_below" && folder != "" {
		glob = escapeGlob(strings.TrimSuffix(folder, "/")) + "/" + glob
	}
	return listThing([]*Thing{objectThing("path", globThing(glob))})
}
