// Imports, definitions and loops of python and JavaScript. Implements spec/languages.md section 6.7. Twin of src/change/languages/declarations.ts.
// Each function is true when it read a statement, or its beginning; the rest is then read like any other text.

package languages

import (
	"slices"
	"strings"

	"cavra.dev/runtime/change/model"
)

func pythonStatement(world *World, cursor *Cursor) bool {
	switch peek(cursor).Text {
	case "import":
		return pythonImport(world, cursor)
	case "from":
		return pythonFrom(world, cursor)
	case "def", "class":
		return definition(world, cursor)
	case "for":
		return pythonFor(world, cursor)
	case "with":
		return pythonWith(world, cursor)
	case "global", "nonlocal":
		return skipStatement(cursor)
	}
	return false
}

// pythonImport reads `import a.b as c, d`.
func pythonImport(world *World, cursor *Cursor) bool {
	cursor.at++
	for {
		module := dotted(cursor)
		if module == "" {
			return true
		}
		top, _, below := strings.Cut(module, ".")
		if slices.Contains(world.table.Hiding, module) {
			emitUnknownCode(world, world.language)
		}
		switch {
		case isName(peek(cursor), "as"):
			bind(world, peekAhead(cursor, 1).Text, nameThing(canonicalName(world, module)))
			cursor.at += 2
		case below:
			bind(world, top, nameThing(top))
		default:
			bind(world, top, nameThing(canonicalName(world, top)))
		}
		if !accept(cursor, ",") {
			return true
		}
	}
}

// pythonFrom reads `from a.b import c as d, e`, `from a import *`.
func pythonFrom(world *World, cursor *Cursor) bool {
	cursor.at++
	module := dotted(cursor)
	if !isName(peek(cursor), "import") {
		return true
	}
	cursor.at++
	if accept(cursor, "*") {
		world.open = append(world.open, canonicalName(world, module))
		return true
	}
	if strings.HasPrefix(module, ".") {
		module = "." + module
	}
	bracket := accept(cursor, "(")
	for !isEnd(cursor) && spend(world) {
		if bracket {
			skipNewlines(cursor)
		}
		name := peek(cursor)
		if name.Kind != "name" {
			break
		}
		cursor.at++
		local := name.Text
		if isName(peek(cursor), "as") {
			if alias := peekAhead(cursor, 1).Text; alias != "" {
				local = alias
				cursor.at += 2
			}
		}
		bind(world, local, resolved(world, module+"."+name.Text))
		if !accept(cursor, ",") {
			break
		}
	}
	if bracket {
		skipNewlines(cursor)
		accept(cursor, ")")
	}
	return true
}

func dotted(cursor *Cursor) string {
	name := ""
	for token := peek(cursor); token.Kind != ""; token = peek(cursor) {
		joins := isOperator(token, ".") || isOperator(token, "...")
		word := token.Kind == "name" && token.Text != "import" && token.Text != "as"
		if !joins && !(word && (name == "" || strings.HasSuffix(name, "."))) {
			break
		}
		name += token.Text
		cursor.at++
	}
	return name
}

// definition: the name is defined here, whatever it means elsewhere; parameters and body are read as they stand.
func definition(world *World, cursor *Cursor) bool {
	name := peekAhead(cursor, 1)
	if name.Kind != "name" {
		return false
	}
	bind(world, name.Text, plainThing)
	cursor.at += 2
	return true
}

func pythonFor(world *World, cursor *Cursor) bool {
	var names []string
	ahead := 1
	flat := true
	for ; peekAhead(cursor, ahead).Kind != "" && !isName(peekAhead(cursor, ahead), "in"); ahead++ {
		token := peekAhead(cursor, ahead)
		switch {
		case token.Kind == "newline":
			return false
		case token.Kind == "name":
			names = append(names, token.Text)
		case token.Text != ",":
			flat = false
		}
	}
	cursor.at += ahead + 1
	over := expression(world, cursor)
	element := elementOf(world, over)
	for index, name := range names {
		item := unknownThing
		if len(names) == 1 {
			item = element
		} else if flat && element.Kind == "list" {
			item = itemAt(element, int64(index))
		}
		bind(world, name, item)
	}
	return true
}

// pythonWith reads `with open(p) as f, g() as h:`.
func pythonWith(world *World, cursor *Cursor) bool {
	cursor.at++
	accept(cursor, "(")
	for !isEnd(cursor) && spend(world) {
		before := cursor.at
		thing := expression(world, cursor)
		if isName(peek(cursor), "as") && peekAhead(cursor, 1).Kind == "name" {
			bind(world, peekAhead(cursor, 1).Text, thing)
			cursor.at += 2
		}
		skipNewlines(cursor)
		if !accept(cursor, ",") || cursor.at == before {
			break
		}
		skipNewlines(cursor)
	}
	return true
}

func skipStatement(cursor *Cursor) bool {
	for !isEnd(cursor) && peek(cursor).Kind != "newline" && !isOperator(peek(cursor), ";") {
		cursor.at++
	}
	return true
}

func javascriptStatement(world *World, cursor *Cursor) bool {
	switch peek(cursor).Text {
	case "import":
		next := peekAhead(cursor, 1)
		return !isOperator(next, "(") && !isOperator(next, ".") && javascriptImport(world, cursor)
	case "function", "class":
		return definition(world, cursor)
	case "for":
		return javascriptFor(world, cursor)
	}
	return false
}

// imported is a name here, and what it is called in its module; "" for the module itself.
type imported struct {
	local string
	name  string
}

// javascriptImport reads `import fs, {a as b} from "fs"`, `import * as fs from "fs"`, `import "x"`.
func javascriptImport(world *World, cursor *Cursor) bool {
	cursor.at++
	var names []imported
	for ; !isEnd(cursor) && peek(cursor).Kind != "string" && spend(world); cursor.at++ {
		token := peek(cursor)
		if token.Kind != "name" || token.Text == "from" || token.Text == "as" || token.Text == "type" {
			continue
		}
		previous := tokenAt(cursor.tokens, cursor.at-1)
		one := imported{local: token.Text}
		switch {
		case isName(previous, "as"):
			if before := tokenAt(cursor.tokens, cursor.at-2); !isOperator(before, "*") {
				one.name = before.Text
			}
		case isName(peekAhead(cursor, 1), "as"):
			continue
		case isOperator(previous, "{") || isOperator(previous, ","):
			one.name = token.Text
		}
		names = append(names, one)
	}
	module := firstText(peek(cursor))
	for _, one := range names {
		full := module
		if one.name != "" && one.name != "default" {
			full = module + "." + one.name
		}
		bind(world, one.local, resolved(world, full))
	}
	// The path itself is read as a call of `require` is.
	invoke(world, nameThing("require"), argumentsOf(valueThing(model.Text(module))))
	cursor.at++
	return true
}

// javascriptFor reads `for (const x of list)`.
func javascriptFor(world *World, cursor *Cursor) bool {
	ahead := 1
	if isName(peekAhead(cursor, 1), "await") {
		ahead = 2
	}
	if !isOperator(peekAhead(cursor, ahead), "(") {
		return false
	}
	ahead++
	if isDeclared(peekAhead(cursor, ahead).Text) {
		ahead++
	}
	name, word := peekAhead(cursor, ahead), peekAhead(cursor, ahead+1)
	if name.Kind != "name" || !isName(word, "of") && !isName(word, "in") {
		return false
	}
	cursor.at += ahead + 2
	over := expression(world, cursor)
	element := unknownThing
	if word.Text == "of" {
		element = elementOf(world, over)
	}
	bind(world, name.Text, element)
	accept(cursor, ")")
	return true
}
