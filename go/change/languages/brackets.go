// Round, square and curly brackets: groups, lists, mappings, blocks, comprehensions. Implements spec/languages.md section 6.3.
// Twin of src/change/languages/brackets.ts. A block and a mapping are read by the same loop, so that no brace can hide what stands in it.

package languages

import (
	"maps"

	"cavra.dev/runtime/base"
)

// group reads `( … )`: one thing is itself, several are a list, none is an empty list.
func group(world *World, cursor *Cursor) *Thing {
	cursor.at++
	var items []*Thing
	commas := 0
	for !isEnd(cursor) && !isOperator(peek(cursor), ")") && spend(world) {
		token := peek(cursor)
		if token.Kind == "newline" || isOperator(token, ",") || isOperator(token, ";") || isOperator(token, "=>") {
			if token.Kind != "newline" {
				commas++
			}
			cursor.at++
			continue
		}
		before := cursor.at
		items = append(items, expression(world, cursor))
		if cursor.at == before {
			cursor.at++
		}
	}
	accept(cursor, ")")
	if len(items) == 1 && commas == 0 {
		return items[0]
	}
	// The comma of JavaScript gives what stands last: `(0, eval)("…")`.
	if world.language == "javascript" && len(items) > 0 {
		last := len(items) - 1
		letAllGo(world, items[:last])
		return items[last]
	}
	letAllGo(world, items)
	if world.language != "perl" {
		return listThing(items)
	}
	var flat []*Thing
	for _, item := range items {
		if item.Kind == "list" {
			flat = append(flat, item.Items...)
		} else {
			flat = append(flat, item)
		}
	}
	return listThing(flat)
}

func letAllGo(world *World, items []*Thing) {
	for _, item := range items {
		letGo(world, item)
	}
}

// listLiteral reads `[ … ]` and `array( … )`.
func listLiteral(world *World, cursor *Cursor) *Thing {
	cursor.at++
	var items []*Thing
	for !isEnd(cursor) && !isOperator(peek(cursor), "]") && spend(world) {
		token := peek(cursor)
		if token.Kind == "newline" || isOperator(token, ",") || isOperator(token, "=>") {
			cursor.at++
			continue
		}
		before := cursor.at
		spread := isOperator(token, "*") || isOperator(token, "...")
		item := expression(world, cursor)
		switch {
		case cursor.at == before:
			cursor.at++
		case spread && item.Kind == "list":
			items = append(items, item.Items...)
		case spread:
			items = append(items, unknownMany)
		default:
			items = append(items, item)
		}
	}
	accept(cursor, "]")
	letAllGo(world, items)
	return listThing(items)
}

// braces reads `{ … }`: a mapping where keys stand in it, else a block.
func braces(world *World, cursor *Cursor) *Thing {
	cursor.at++
	world.block++
	entries := &base.Ordered[*Thing]{}
	for !isEnd(cursor) && !isOperator(peek(cursor), "}") && spend(world) {
		token := peek(cursor)
		if token.Kind == "newline" || isOperator(token, ",") || isOperator(token, ";") {
			cursor.at++
			continue
		}
		before := cursor.at
		if !mappingEntry(world, cursor, entries) {
			statements(world, cursor, true)
		}
		if cursor.at == before {
			cursor.at++
		}
	}
	accept(cursor, "}")
	world.block--
	return &Thing{Kind: "record", Entries: entries}
}

// mappingEntry reads `key: value`, `"key": value`, `key => value`, and `key` alone in JavaScript.
func mappingEntry(world *World, cursor *Cursor, entries *base.Ordered[*Thing]) bool {
	token, mark := peek(cursor), peekAhead(cursor, 1)
	key := token.Text
	switch token.Kind {
	case "name", "number":
	case "string":
		if key = ""; len(token.Parts) == 1 {
			key = firstText(token)
		}
	default:
		return false
	}
	if isOperator(mark, ":") || isOperator(mark, "=>") {
		cursor.at += 2
		skipNewlines(cursor)
		value := expression(world, cursor)
		letGo(world, value)
		entries.Set(key, value)
		return true
	}
	if world.language != "javascript" || token.Kind != "name" || !isOperator(mark, ",") && !isOperator(mark, "}") {
		return false
	}
	cursor.at++
	value := orUnknown(lookUp(world, key))
	letGo(world, value)
	entries.Set(key, value)
	return true
}

// comprehension reads a comprehension or generator of python, once for every item where the items are known; nil when none stands here.
func comprehension(world *World, cursor *Cursor) *Thing {
	if world.language != "python" {
		return nil
	}
	clause := clauseBegins(cursor)
	if clause < 0 {
		return nil
	}
	curly := isOperator(peek(cursor), "{")
	element := cursor.at + 1
	saved := maps.Clone(world.pinned)
	cursor.at = clause
	loops := clauses(world, cursor)
	end := cursor.at
	known := len(loops) == 1 && loops[0].over.Kind == "list" && len(loops[0].names) == 1
	items := []*Thing{nil}
	if known {
		items = loops[0].over.Items[:min(maxItems, len(loops[0].over.Items))]
	}
	var results []*Thing
	for _, item := range items {
		if item != nil {
			world.pinned[loops[0].names[0]] = item
		}
		cursor.at = element
		result := expression(world, cursor)
		results = append(results, result)
		letGo(world, result)
		if curly && accept(cursor, ":") {
			letGo(world, expression(world, cursor))
		}
	}
	cursor.at = end + 1
	world.pinned = saved
	if !known {
		return unknownThing
	}
	return listThing(results)
}

func clauseBegins(cursor *Cursor) int {
	depth := 0
	for at := cursor.at; at < len(cursor.tokens); at++ {
		token := &cursor.tokens[at]
		if token.Kind == "operator" {
			if depth += turn(token); depth == 0 {
				return -1
			}
			continue
		}
		if depth == 1 && isName(token, "for") {
			if isName(tokenAt(cursor.tokens, at-1), "async") {
				return at - 1
			}
			return at
		}
	}
	return -1
}

// loop is one `for … in …` of a comprehension.
type loop struct {
	names []string
	over  *Thing
}

// clauses reads `for a, b in x if y for …` up to the closing bracket.
func clauses(world *World, cursor *Cursor) []loop {
	var loops []loop
	for !isEnd(cursor) && turn(peek(cursor)) >= 0 && spend(world) {
		token := peek(cursor)
		cursor.at++
		if isName(token, "if") {
			expression(world, cursor)
		}
		if !isName(token, "for") {
			continue
		}
		var names []string
		for !isEnd(cursor) && !isName(peek(cursor), "in") {
			if name := peek(cursor); name.Kind == "name" {
				names = append(names, name.Text)
			}
			cursor.at++
		}
		cursor.at++
		over := expression(world, cursor)
		for _, name := range names {
			world.pinned[name] = unknownThing
			if len(names) == 1 {
				world.pinned[name] = elementOf(world, over)
			}
		}
		loops = append(loops, loop{names, over})
	}
	return loops
}
