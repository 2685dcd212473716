// Python, JavaScript, perl, ruby and PHP: code text to deeds. Implements spec/languages.md section 2. Twin of src/change/languages/general.ts.
// Total: every text gives deeds; what cannot be read, or is too much to read, is opaque beside what was read.

package languages

import (
	"slices"
	"strings"

	"cavra.dev/runtime/change/model"
)

// maxCodeDepth is how deep code inside code may stand, among expressions and operands.
const maxCodeDepth = 8

// readGeneral is the deeds of code in one of the five general languages.
func readGeneral(language General, code string, context *Context) []model.Deed {
	world := &World{
		language: language,
		table:    tableOf(language),
		context:  context,
		opaque:   map[[2]string]bool{},
		bindings: map[string]*binding{},
		pinned:   map[string]*Thing{},
		assigned: map[string]assignment{},
		steps:    maxSteps,
	}
	readInner(world, code)
	if world.exhausted {
		emitOpaque(world, "limit_exceeded", language)
	}
	return world.deeds
}

// readInner reads text as code of the same language in the same world, and gives the value of its expression, for `eval`.
func readInner(world *World, code string) *Thing {
	if world.language == "php" {
		code = phpCode(code)
	}
	tokens, scanned := scan(world.language, &world.table.Lexicon, code)
	if !scanned || !isPlausible(world.language, world.table, tokens) {
		emitUnknownCode(world, world.language)
		return unknownThing
	}
	if world.depth > maxCodeDepth {
		world.exhausted = true
		return unknownThing
	}
	survey(world.language, world.table, tokens, world.assigned)
	world.depth++
	cursor := &Cursor{tokens: tokens}
	whole := unknownThing
	if isSingle(tokens) {
		whole = expression(world, cursor)
	}
	for !isEnd(cursor) && spend(world) {
		before := cursor.at
		statements(world, cursor, false)
		if cursor.at == before || isOperator(peek(cursor), ")") {
			cursor.at++
		}
	}
	world.depth--
	return whole
}

// isSingle: one expression and nothing else: its value is what `eval` gives.
func isSingle(tokens []Token) bool {
	several := func(token Token) bool { return token.Kind == "newline" || isOperator(&token, ";") }
	if !slices.ContainsFunc(tokens, several) && tokenAt(tokens, 0).Kind != "name" {
		return true
	}
	return !slices.ContainsFunc(tokens, func(token Token) bool { return token.Kind != "name" && !isOperator(&token, ".") })
}

// phpCode: text outside `<?php … ?>` is printed as it is; without such a mark all of it is code.
func phpCode(text string) string {
	if !strings.Contains(text, "<?") {
		return text
	}
	var code strings.Builder
	for at := indexFrom(text, "<?", 0); at >= 0; {
		from := at + 2
		if startsAt(text, "<?php", at) {
			from = at + 5
		} else if startsAt(text, "<?=", at) {
			from = at + 3
		}
		end := indexFrom(text, "?>", from)
		if end < 0 {
			code.WriteString(text[from:] + ";\n")
			break
		}
		code.WriteString(text[from:end] + ";\n")
		at = indexFrom(text, "<?", end)
	}
	return code.String()
}
