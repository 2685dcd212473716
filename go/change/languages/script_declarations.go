// Imports, definitions and loops of perl, ruby and PHP. Implements spec/languages.md section 6.7. Twin of src/change/languages/declarations.ts, from
// `perlStatement` on.

package languages

func perlStatement(world *World, cursor *Cursor) bool {
	switch peek(cursor).Text {
	case "use", "no", "package":
		return perlUse(world, cursor)
	case "sub":
		return definition(world, cursor)
	case "for", "foreach":
		return perlFor(world, cursor)
	}
	return false
}

// perlUse reads `use POSIX;`, `use File::Path qw(rmtree);`: names are known without it; `use lib` and `use if` only change where modules come from.
func perlUse(world *World, cursor *Cursor) bool {
	cursor.at++
	if peek(cursor).Kind == "name" {
		cursor.at++
	}
	for !isEnd(cursor) && !isOperator(peek(cursor), ";") && !isOperator(peek(cursor), "}") && peek(cursor).Kind != "newline" {
		before := cursor.at
		expression(world, cursor)
		if cursor.at == before {
			cursor.at++
		}
	}
	return true
}

func perlFor(world *World, cursor *Cursor) bool {
	ahead := 1
	if word := peekAhead(cursor, ahead).Text; word == "my" || word == "our" {
		ahead++
	}
	name := "$_"
	if token := peekAhead(cursor, ahead); token.Kind == "variable" {
		name = token.Text
	}
	if name != "$_" {
		ahead++
	}
	if !isOperator(peekAhead(cursor, ahead), "(") {
		return false
	}
	cursor.at += ahead
	over := operand(world, cursor)
	element := elementOf(world, asItems(over))
	if name == "$_" {
		world.pinned["$_"] = element
	} else {
		bind(world, name, element)
	}
	return true
}

// asItems is a list as it is, and anything else the only item of one.
func asItems(thing *Thing) *Thing {
	if thing.Kind == "list" {
		return thing
	}
	return &Thing{Kind: "list", Items: []*Thing{thing}}
}

func rubyStatement(world *World, cursor *Cursor) bool {
	switch peek(cursor).Text {
	case "def", "class", "module":
		return definition(world, cursor)
	case "for":
		return pythonFor(world, cursor)
	}
	return false
}

// phpStatement reads `foreach (list as $k => $v)` too.
func phpStatement(world *World, cursor *Cursor) bool {
	switch peek(cursor).Text {
	case "use", "namespace":
		return skipStatement(cursor)
	case "function", "class":
		return definition(world, cursor)
	case "foreach":
		return isOperator(peekAhead(cursor, 1), "(") && phpForeach(world, cursor)
	}
	return false
}

func phpForeach(world *World, cursor *Cursor) bool {
	cursor.at += 2
	over := expression(world, cursor)
	var names []string
	for ; !isEnd(cursor) && !isOperator(peek(cursor), ")"); cursor.at++ {
		if token := peek(cursor); token.Kind == "variable" {
			names = append(names, token.Text)
		}
	}
	for index, name := range names {
		item := unknownThing
		if index == len(names)-1 {
			item = elementOf(world, over)
		}
		bind(world, name, item)
	}
	cursor.at++
	return true
}
