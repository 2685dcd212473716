// Reads the arguments of a call, with and without brackets. Implements spec/languages.md section 6.4. Twin of src/change/languages/argument-lists.ts.

package languages

import (
	"slices"

	"cavra.dev/runtime/base"
)

// parseArguments reads `( … )`. The callee is what is called: the function given to `list.forEach` is read with its parameter bound.
func parseArguments(world *World, cursor *Cursor, callee *Thing) *Arguments {
	args := &Arguments{Named: &base.Ordered[*Thing]{}}
	if world.language == "python" {
		if generated := comprehension(world, cursor); generated != nil {
			return argumentsOf(generated)
		}
	}
	cursor.at++
	for !isEnd(cursor) && !isOperator(peek(cursor), ")") && spend(world) {
		token := peek(cursor)
		if token.Kind == "newline" || isOperator(token, ",") || isOperator(token, ";") {
			cursor.at++
			continue
		}
		argument(world, cursor, callee, args)
	}
	accept(cursor, ")")
	return args
}

var (
	bareEnds  = wordsASCII("if unless while until for foreach or and do rescue then else end")
	bareMarks = wordsASCII(") ] } ; || && | ? :")
)

// parseBareArguments reads arguments up to the end of the statement: `system "a", "b" if $x`.
func parseBareArguments(world *World, cursor *Cursor, callee *Thing) *Arguments {
	args := &Arguments{Named: &base.Ordered[*Thing]{}}
	for !isEnd(cursor) && spend(world) {
		token := peek(cursor)
		if token.Kind == "newline" || token.Kind == "name" && slices.Contains(bareEnds, token.Text) ||
			token.Kind == "operator" && slices.Contains(bareMarks, token.Text) {
			break
		}
		argument(world, cursor, callee, args)
		// `exec { "rm" } "x"` and `print { $fh } "x"` in perl: no comma stands behind the block.
		if world.language == "perl" && len(args.Positional) == 1 && args.Positional[0].Kind == "record" {
			continue
		}
		if !accept(cursor, ",") && !accept(cursor, "=>") {
			break
		}
		skipNewlines(cursor)
	}
	return args
}

func argument(world *World, cursor *Cursor, callee *Thing, args *Arguments) {
	before := cursor.at
	if spreadArgument(world, cursor, args) || namedArgument(world, cursor, args) {
		return
	}
	thing := iterated(world, cursor, callee)
	if thing == nil {
		thing = expression(world, cursor)
	}
	items, is := itemsPerhaps(thing)
	switch {
	case cursor.at == before:
		cursor.at++
	case is && world.language == "perl":
		args.Positional = append(args.Positional, items...)
	default:
		args.Positional = append(args.Positional, thing)
	}
}

// spreadArgument reads `*list`, `**options`, `...list`.
func spreadArgument(world *World, cursor *Cursor, args *Arguments) bool {
	token := peek(cursor)
	if !isOperator(token, "*") && !isOperator(token, "**") && !isOperator(token, "...") {
		return false
	}
	cursor.at++
	thing := expression(world, cursor)
	items, is := itemsPerhaps(thing)
	switch {
	case is:
		args.Positional = append(args.Positional, items...)
	case thing.Kind == "record":
		for name, value := range thing.Entries.All() {
			args.Named.Set(name, value)
		}
	default:
		args.Open = true
		if !isOperator(token, "**") {
			args.Positional = append(args.Positional, unknownMany)
		}
	}
	return true
}

// namedArgument reads `name=value` (python), `name: value` (ruby, PHP), `name => value` (perl, ruby).
func namedArgument(world *World, cursor *Cursor, args *Arguments) bool {
	token, mark := peek(cursor), peekAhead(cursor, 1)
	language := world.language
	if token.Kind != "name" && token.Kind != "string" {
		return false
	}
	assigns := language == "python" && token.Kind == "name" && isOperator(mark, "=")
	labels := (language == "ruby" || language == "php" && token.Kind == "name") && isOperator(mark, ":")
	arrows := (language == "ruby" || language == "perl") && isOperator(mark, "=>")
	if !assigns && !labels && !arrows {
		return false
	}
	cursor.at += 2
	skipNewlines(cursor)
	args.Named.Set(argumentName(token), expression(world, cursor))
	return true
}

func argumentName(token *Token) string {
	if token.Kind == "name" {
		return token.Text
	}
	return firstText(token)
}

// firstText is the text that a string begins with; "" where it begins with code.
func firstText(token *Token) string {
	if len(token.Parts) == 0 {
		return ""
	}
	return token.Parts[0].Text
}
