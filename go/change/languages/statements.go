// Statements that are more than an expression: imports, declarations, loops. Implements spec/languages.md section 6.7.
// Twin of src/change/languages/statements.ts.
// What is not listed here is read as expressions with keywords between them, so that an unknown statement hides nothing.

package languages

import "slices"

// statements reads statements up to a closing bracket that belongs to somebody else, or only one of them.
func statements(world *World, cursor *Cursor, one bool) {
	for !isEnd(cursor) && spend(world) {
		token := peek(cursor)
		if turn(token) < 0 {
			return
		}
		if token.Kind == "newline" || isOperator(token, ";") || isOperator(token, ",") {
			cursor.at++
			continue
		}
		if world.language == "python" && token.Indent >= 0 {
			world.block = 0
			if token.Indent > 0 || slices.Contains(compoundWords, token.Text) {
				world.block = 1
			}
		}
		before := cursor.at
		if !special(world, cursor) && !tupled(world, cursor) {
			// What decorates a function is called with it.
			decorates := world.language == "python" && isOperator(token, "@")
			thing := expression(world, cursor)
			if decorates {
				handOn(world, thing)
			}
		}
		if cursor.at == before {
			cursor.at++
		}
		if one {
			return
		}
	}
}

func tupled(world *World, cursor *Cursor) bool {
	return (world.language == "python" || world.language == "ruby") && tupleAssignment(world, cursor)
}

func special(world *World, cursor *Cursor) bool {
	if peek(cursor).Kind != "name" {
		return false
	}
	switch world.language {
	case "python":
		return pythonStatement(world, cursor)
	case "javascript":
		return javascriptStatement(world, cursor)
	case "perl":
		return perlStatement(world, cursor)
	case "ruby":
		return rubyStatement(world, cursor)
	}
	return phpStatement(world, cursor)
}
