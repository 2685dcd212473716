// What follows an operand: members, calls, subscripts. Implements spec/languages.md section 6. Twin of src/change/languages/expressions.ts, from
// `postfix` on.

package languages

import "slices"

func postfix(world *World, cursor *Cursor, thing *Thing) *Thing {
	for spend(world) {
		before := cursor.at
		if chainContinues(cursor) {
			skipNewlines(cursor)
		}
		next := following(world, cursor, thing)
		if next == nil {
			cursor.at = before
			if isOperator(peek(cursor), "++") || isOperator(peek(cursor), "--") {
				cursor.at++
			}
			return setVariable(world, cursor, thing)
		}
		thing = next
	}
	return thing
}

// following is the member, call or subscript that stands next; nil where none does.
func following(world *World, cursor *Cursor, thing *Thing) *Thing {
	for _, read := range []func(*World, *Cursor, *Thing) *Thing{member, called, subscript, withoutBrackets} {
		if next := read(world, cursor, thing); next != nil {
			return next
		}
	}
	return nil
}

// setVariable: `process.env.HOME` is what it holds, where that is known and nothing is put into it here.
func setVariable(world *World, cursor *Cursor, thing *Thing) *Thing {
	if thing.Kind != "object" || thing.Type != "environment_variable" {
		return thing
	}
	if next := peek(cursor); next.Kind == "operator" && slices.Contains(assignmentOperators, next.Text) {
		return thing
	}
	name, _ := textOf(thing.Of)
	value := environmentValue(world, name)
	if _, known := textOf(value); !known {
		return thing
	}
	return value
}

// chainContinues: `.then(…)` on a line of its own.
func chainContinues(cursor *Cursor) bool {
	at := cursor.at
	for tokenAt(cursor.tokens, at).Kind == "newline" {
		at++
	}
	token := tokenAt(cursor.tokens, at)
	return at > cursor.at && token.Kind == "operator" && slices.Contains([]string{".", "?.", "->", "&."}, token.Text)
}

func called(world *World, cursor *Cursor, thing *Thing) *Thing {
	token := peek(cursor)
	if token.Kind == "string" && world.language == "javascript" && cursor.at > 0 && !token.Gap {
		return tagged(world, cursor, thing)
	}
	if !isOperator(token, "(") || cursor.at > 0 && !callable(cursor) {
		return nil
	}
	return invoke(world, thing, parseArguments(world, cursor, thing))
}

// tagged: String.raw`…`, and $`…` which runs a command.
func tagged(world *World, cursor *Cursor, thing *Thing) *Thing {
	if thing.Kind != "name" {
		return nil
	}
	text := stringLiteral(world, cursor)
	if name := thing.Name + "``"; functionEntry(world, name) != nil {
		thing = nameThing(name)
	}
	return invoke(world, thing, argumentsOf(text))
}

// callable: a bracket calls what stands right before it; `return (x)` and `if (x)` call nothing.
func callable(cursor *Cursor) bool {
	last := tokenAt(cursor.tokens, cursor.at-1)
	switch last.Kind {
	case "", "newline", "number":
		return false
	case "operator":
		return slices.Contains([]string{")", "]", "}", "->", "?.", ".", "&."}, last.Text)
	}
	return true
}
