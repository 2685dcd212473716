// Functions and blocks that are read once for every item they get. Implements spec/languages.md section 6.4. Twin of
// src/change/languages/argument-lists.ts, from `iterated` on.

package languages

import (
	"slices"
	"strings"
)

var iterators = wordsASCII("forEach map filter flatMap some every")

// iterated: in `list.forEach(x => …)` the function is read once for every item that is known. Nil where no such function stands.
func iterated(world *World, cursor *Cursor, callee *Thing) *Thing {
	if world.language != "javascript" {
		return nil
	}
	if module, is := strings.CutSuffix(callee.Name, ".then"); is && callee.Kind == "name" {
		return awaited(world, cursor, module)
	}
	if callee.Kind != "method" || !slices.Contains(iterators, callee.Name) {
		return nil
	}
	parameter := arrowParameter(cursor)
	if parameter == "" {
		return nil
	}
	return eachItem(world, cursor, parameter, callee.Self)
}

// parameter is a name, and the key of the mapping that it takes; "" for the whole.
type parameter struct {
	key  string
	name string
}

// awaited: in `import("fs").then(({ unlinkSync, rm: r }) => …)` the parameter is the module.
func awaited(world *World, cursor *Cursor, module string) *Thing {
	var names []parameter
	whole := arrowParameter(cursor)
	if whole != "" {
		names = []parameter{{name: whole}}
	} else {
		names = destructured(cursor)
	}
	if len(names) == 0 {
		return nil
	}
	restore := savePinned(world, names)
	for _, one := range names {
		thing := nameThing(module)
		if one.key != "" {
			thing = memberOf(world, thing, one.key)
		}
		world.pinned[one.name] = thing
	}
	// The parameters themselves are passed over: to read `{ unlinkSync }` as a mapping would hand the function on.
	for whole == "" && !isEnd(cursor) && !isOperator(peek(cursor), "=>") {
		cursor.at++
	}
	result := expression(world, cursor)
	restore()
	return result
}

// savePinned gives what puts the names back to what they are now, the first name first.
func savePinned(world *World, names []parameter) func() {
	before := make([]*Thing, len(names))
	for index, one := range names {
		before[index] = world.pinned[one.name]
	}
	return func() {
		for index, one := range names {
			if before[index] == nil {
				delete(world.pinned, one.name)
			} else {
				world.pinned[one.name] = before[index]
			}
		}
	}
}

// destructured are the names in `({ a, b: c }) =>`.
func destructured(cursor *Cursor) []parameter {
	if !isOperator(peek(cursor), "(") || !isOperator(peekAhead(cursor, 1), "{") {
		return nil
	}
	var names []parameter
	for at := 2; !isOperator(peekAhead(cursor, at), "}"); at++ {
		token := peekAhead(cursor, at)
		if token.Kind == "" {
			return nil
		}
		if token.Kind != "name" {
			continue
		}
		one := parameter{token.Text, token.Text}
		if isOperator(peekAhead(cursor, at+1), ":") && peekAhead(cursor, at+2).Kind != "" {
			at += 2
			one.name = peekAhead(cursor, at).Text
		}
		names = append(names, one)
	}
	return names
}

// arrowParameter is the name in `x =>`, `(x) =>`, `(x, i) =>`, `async x =>`, `function (x)`; "" where none stands.
func arrowParameter(cursor *Cursor) string {
	at := 0
	for isName(peekAhead(cursor, at), "async") || isName(peekAhead(cursor, at), "function") {
		at++
	}
	token, next := peekAhead(cursor, at), peekAhead(cursor, at+1)
	if token.Kind == "name" && isOperator(next, "=>") {
		return token.Text
	}
	after := peekAhead(cursor, at+2)
	if isOperator(token, "(") && next.Kind == "name" && (isOperator(after, ")") || isOperator(after, ",")) {
		return next.Text
	}
	return ""
}

// eachItem reads what stands here once for every item of `over`, with the name bound to the item; once with an unknown item where they are not known.
func eachItem(world *World, cursor *Cursor, name string, over *Thing) *Thing {
	items, known := []*Thing{elementOf(world, over)}, over.Kind == "list"
	if known {
		items = over.Items
	}
	start := cursor.at
	restore := savePinned(world, []parameter{{name: name}})
	var results []*Thing
	for _, item := range items {
		cursor.at = start
		world.pinned[name] = item
		results = append(results, expression(world, cursor))
		if !spend(world) {
			break
		}
	}
	if len(items) == 0 {
		expression(world, cursor)
	}
	restore()
	if !known {
		return unknownThing
	}
	return listThing(results)
}

// rubyBlock reads `{ |x| … }` and `do |x| … end` behind a call in ruby; the block is read with its first parameter bound.
func rubyBlock(world *World, cursor *Cursor, callee *Thing) bool {
	brace := isOperator(peek(cursor), "{")
	if world.language != "ruby" || !brace && !isName(peek(cursor), "do") {
		return false
	}
	var names []parameter
	at := 1
	if isOperator(peekAhead(cursor, at), "|") {
		for at = 2; cursor.at+at < len(cursor.tokens) && !isOperator(peekAhead(cursor, at), "|"); at++ {
			if token := peekAhead(cursor, at); token.Kind == "name" {
				names = append(names, parameter{name: token.Text})
			}
		}
		at++
	}
	over := unknownThing
	if callee.Kind == "method" {
		over = elementOf(world, callee.Self)
	}
	restore := savePinned(world, names)
	for index, one := range names {
		world.pinned[one.name] = unknownThing
		if index == 0 {
			world.pinned[one.name] = over
		}
	}
	cursor.at += at
	world.block++
	for !isEnd(cursor) && !isOperator(peek(cursor), "}") && !(isName(peek(cursor), "end") && !brace) && spend(world) {
		before := cursor.at
		statements(world, cursor, true)
		if cursor.at == before {
			cursor.at++
		}
	}
	world.block--
	if !isEnd(cursor) {
		cursor.at++
	}
	restore()
	return true
}
