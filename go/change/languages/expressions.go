// Reads expressions and gives what each is known to be; the calls in them become deeds on the way. Implements spec/languages.md section 6.
// Twin of src/change/languages/expressions.ts. Tolerant: a token that begins no expression is passed over, but nothing inside any bracket, string or
// block is ever skipped.

package languages

import "slices"

// expression reads one expression, assignments included.
func expression(world *World, cursor *Cursor) *Thing {
	if !spend(world) || world.depth >= maxDepth {
		return giveUp(world, cursor)
	}
	world.depth++
	start := cursor.at
	left := ternary(world, cursor)
	result := assign(world, cursor, start, left)
	if result == nil {
		result = arrow(world, cursor)
	}
	if result == nil {
		result = left
	}
	world.depth--
	return result
}

func giveUp(world *World, cursor *Cursor) *Thing {
	world.exhausted = true
	cursor.at = len(cursor.tokens)
	return unknownThing
}

// arrow reads the rest of `x => …`, `(a, b) => { … }` in JavaScript, `fn($x) => …` in PHP; nil where no arrow stands.
func arrow(world *World, cursor *Cursor) *Thing {
	if world.language != "javascript" && world.language != "php" || !accept(cursor, "=>") {
		return nil
	}
	world.block++
	if isOperator(peek(cursor), "{") {
		braces(world, cursor)
	} else {
		letGo(world, expression(world, cursor))
	}
	world.block--
	return plainThing
}

func ternary(world *World, cursor *Cursor) *Thing {
	left := binary(world, cursor, 1)
	if world.language == "python" {
		return conditional(world, cursor, left)
	}
	if !accept(cursor, "?") {
		return left
	}
	skipNewlines(cursor)
	first := left
	if !isOperator(peek(cursor), ":") {
		first = expression(world, cursor)
	}
	skipNewlines(cursor)
	if !accept(cursor, ":") {
		return choiceThing([]*Thing{left, first})
	}
	skipNewlines(cursor)
	return choiceThing([]*Thing{first, expression(world, cursor)})
}

func conditional(world *World, cursor *Cursor, left *Thing) *Thing {
	if !isName(peek(cursor), "if") || !elseFollows(world, cursor) {
		return left
	}
	cursor.at++
	binary(world, cursor, 1)
	if !isName(peek(cursor), "else") {
		return left
	}
	cursor.at++
	return choiceThing([]*Thing{left, expression(world, cursor)})
}

// maxElseTokens is how far the `else` of a conditional expression is looked for; beyond that nobody knows its value.
const maxElseTokens = 400

// elseFollows: `x if y else z` and not the `if` of a comprehension.
func elseFollows(world *World, cursor *Cursor) bool {
	depth := 0
	for at := cursor.at; at < len(cursor.tokens); at++ {
		if at-cursor.at >= maxElseTokens {
			world.exhausted = true
			return false
		}
		token := &cursor.tokens[at]
		depth += turn(token)
		if depth < 0 || depth == 0 && (token.Kind == "newline" || isName(token, "for")) {
			return false
		}
		if depth == 0 && isName(token, "else") {
			return true
		}
	}
	return false
}

var (
	otherOperators = wordsASCII("== != === !== < > <= >= <=> =~ !~ | & ^ << >> >>> ** .. ... @ ~~")
	wordOperators  = wordsASCII("in is instanceof eq ne lt gt le ge cmp xor isa")
)

// levelOf is how strongly an operator binds: 1 either-or, 2 comparisons and all others, 3 sums, 4 products; 0 for what is none.
func levelOf(world *World, token *Token) int {
	text := token.Text
	perl := world.language == "perl"
	if token.Kind == "name" {
		switch {
		case text == "or" || text == "and":
			return 1
		case text == "x" && perl:
			return 4
		case slices.Contains(wordOperators, text):
			return 2
		}
		return 0
	}
	if token.Kind != "operator" {
		return 0
	}
	switch text {
	case "//":
		if perl {
			return 1
		}
		return 4
	case "+", "-":
		return 3
	case ".":
		if perl || world.language == "php" {
			return 3
		}
		return 0
	case "*", "/", "%", "x":
		return 4
	}
	switch {
	case slices.Contains(eitherOperators, text):
		return 1
	case slices.Contains(otherOperators, text):
		return 2
	}
	return 0
}

func binary(world *World, cursor *Cursor, level int) *Thing {
	if level > 4 {
		return operand(world, cursor)
	}
	left := binary(world, cursor, level+1)
	for spend(world) {
		before := cursor.at
		// An operator at the beginning of a line goes on with the line before, except where newlines end statements.
		if !world.table.Lexicon.NewlinesEndStatements {
			skipNewlines(cursor)
		}
		token := peek(cursor)
		if levelOf(world, token) != level {
			cursor.at = before
			return left
		}
		cursor.at++
		skipNewlines(cursor)
		right := binary(world, cursor, level+1)
		left = combine(world, token.Text, left, right)
	}
	return left
}

var prefixOperators = wordsASCII(`- + ! ~ ++ -- \ & * ** ... @ $ % < !! && : ::`)

// operand reads one operand with the signs before it and everything that follows it.
func operand(world *World, cursor *Cursor) *Thing {
	if !spend(world) || world.depth >= maxDepth {
		return giveUp(world, cursor)
	}
	world.depth++
	thing := unknownThing
	if token := peek(cursor); token.Kind == "operator" && slices.Contains(prefixOperators, token.Text) {
		thing = signed(world, cursor, token.Text)
	} else {
		thing = postfix(world, cursor, primary(world, cursor))
	}
	world.depth--
	return thing
}

func signed(world *World, cursor *Cursor, sign string) *Thing {
	cursor.at++
	thing := operand(world, cursor)
	switch {
	case sign == "-" && thing.Kind == "number":
		return numberThing(-thing.Number)
	case sign == "!" || sign == "~":
		return plainThing
	}
	return thing
}

func primary(world *World, cursor *Cursor) *Thing {
	token := peek(cursor)
	if token.Kind == "" || !spend(world) {
		return unknownThing
	}
	switch token.Kind {
	case "string":
		return stringLiteral(world, cursor)
	case "variable":
		return variable(world, cursor)
	case "name":
		return named(world, cursor)
	case "operator":
		return bracket(world, cursor, token.Text)
	case "newline":
		return unknownThing
	}
	cursor.at++
	switch token.Kind {
	case "command":
		shellCode(world, joined(world, token.Parts), nil, nil)
	case "words":
		return splitWords(joined(world, token.Parts))
	case "glob":
		if len(token.Parts) > 0 {
			return listThing([]*Thing{folded(world, "glob", nil, []*Thing{joined(world, token.Parts)})})
		}
	case "pattern":
		joined(world, token.Parts)
		return plainThing
	case "hidden":
		emitUnknownCode(world, world.language)
	case "number":
		if value, is := literal(token.Text); is {
			return numberThing(value)
		}
		return plainThing
	}
	return unknownThing
}

func bracket(world *World, cursor *Cursor, text string) *Thing {
	if text != "(" && text != "[" && text != "{" {
		return unknownThing
	}
	if thing := comprehension(world, cursor); thing != nil {
		return thing
	}
	switch text {
	case "(":
		return group(world, cursor)
	case "[":
		return listLiteral(world, cursor)
	}
	return braces(world, cursor)
}

func stringLiteral(world *World, cursor *Cursor) *Thing {
	thing := textThing("")
	for token := peek(cursor); token.Kind == "string"; token = peek(cursor) {
		cursor.at++
		thing = concat(thing, joined(world, token.Parts))
		if world.language != "python" && world.language != "ruby" {
			break
		}
	}
	return thing
}

// joined is the text of a string with its holes filled.
func joined(world *World, parts []Part) *Thing {
	thing := textThing("")
	for _, part := range parts {
		if part.Kind == "text" {
			thing = concat(thing, textThing(part.Text))
			continue
		}
		inner := holeValue(world, part.Tokens)
		handOn(world, inner)
		thing = concat(thing, inner)
	}
	return thing
}

func holeValue(world *World, tokens []Token) *Thing {
	cursor := &Cursor{tokens: tokens}
	last := unknownThing
	count := 0
	for !isEnd(cursor) && spend(world) {
		before := cursor.at
		if peek(cursor).Kind == "newline" || isOperator(peek(cursor), ";") {
			cursor.at++
			continue
		}
		last = expression(world, cursor)
		count++
		if cursor.at == before {
			cursor.at++
		}
	}
	switch {
	case count != 1:
		return unknownThing
	case last.Kind == "list" && len(last.Items) == 1:
		return last.Items[0]
	}
	return last
}

func splitWords(thing *Thing) *Thing {
	text, known := textOf(thing)
	if !known {
		return listThing([]*Thing{unknownThing})
	}
	return textsThing(wordsASCII(text))
}
