// Names, variables, subscripts, and calls without brackets. Implements spec/languages.md section 6.2. Twin of src/change/languages/operands.ts.

package languages

import (
	"slices"
	"strings"
)

var prefixWords = wordsASCII("not await new typeof delete void yield return throw raise my our local state const let var async export default static " +
	"assert del echo defined ref scalar go in of is and or else elsif then when case do begin ensure try finally print puts p")

// named reads a name: a keyword, a value of the table, a variable, or the name of something.
func named(world *World, cursor *Cursor) *Thing {
	text := peek(cursor).Text
	cursor.at++
	if world.language == "php" {
		text = strings.TrimPrefix(text, `\`)
	}
	if world.table.Lexicon.Keywords[text] {
		return keyword(world, cursor, text)
	}
	if bound := lookUp(world, text); bound != nil {
		return bound
	}
	for _, module := range world.open {
		if functionEntry(world, module+"."+text) != nil {
			return resolved(world, module+"."+text)
		}
	}
	return resolved(world, text)
}

func keyword(world *World, cursor *Cursor, text string) *Thing {
	switch {
	case text == "True" || text == "true":
		return numberThing(1)
	case text == "False" || text == "false":
		return numberThing(0)
	case text == "lambda":
		return lambda(world, cursor)
	case text == "import" && world.language == "javascript":
		return nameThing("import")
	case text == "do" && world.language == "perl" && peek(cursor).Kind == "string":
		scriptDeed(world, "perl", operand(world, cursor))
		return unknownThing
	}
	if next := peek(cursor).Kind; !slices.Contains(prefixWords, text) || next == "" || next == "newline" {
		return plainThing
	}
	thing := operand(world, cursor)
	// What is returned may be called by whoever gets it.
	if text == "return" || text == "yield" {
		letGo(world, thing)
	}
	return thing
}

// lambda reads `lambda a, b=1: body`.
func lambda(world *World, cursor *Cursor) *Thing {
	for !isEnd(cursor) && !isOperator(peek(cursor), ":") && peek(cursor).Kind != "newline" && spend(world) {
		before := cursor.at
		if accept(cursor, "=") {
			expression(world, cursor)
		}
		if cursor.at == before {
			cursor.at++
		}
	}
	if accept(cursor, ":") {
		world.block++
		letGo(world, expression(world, cursor))
		world.block--
	}
	return plainThing
}

// variable reads `$name`, `@name`, `$name[0]` (an element of `@name` in perl).
func variable(world *World, cursor *Cursor) *Thing {
	token := peek(cursor)
	cursor.at++
	name := token.Text
	next := peek(cursor)
	if stem, is := strings.CutPrefix(name, "$"); is && world.language == "perl" && !next.Gap {
		if isOperator(next, "[") {
			name = "@" + stem
		} else if isOperator(next, "{") {
			name = "%" + stem
		}
	}
	if bound := lookUp(world, name); bound != nil {
		return bound
	}
	thing := resolved(world, name)
	// The whole environment: `keys %ENV`, `each %ENV`.
	if token.Text == "%ENV" && !isOperator(next, "=") {
		handOn(world, thing)
	}
	if thing.Kind == "name" {
		return unknownThing
	}
	return thing
}

// subscript reads `a[…]`, and `a{…}` in perl; nil when no subscript follows.
func subscript(world *World, cursor *Cursor, thing *Thing) *Thing {
	token, previous := peek(cursor), tokenAt(cursor.tokens, cursor.at-1)
	if token.Kind != "operator" || previous.Kind == "" {
		return nil
	}
	close := "}"
	switch token.Text {
	case "[":
		close = "]"
	case "{":
		element := previous.Kind == "variable" || isOperator(previous, "->") || isOperator(previous, "}")
		if world.language != "perl" || token.Gap || !element {
			return nil
		}
	default:
		return nil
	}
	if token.Gap && !gapAllowed(world, previous) {
		return nil
	}
	if previous.Kind == "name" && world.table.Lexicon.Keywords[previous.Text] {
		return nil
	}
	cursor.at++
	keys := subscriptKeys(world, cursor, close)
	chosen := chosenBy(world, thing, keys)
	// A member that is named while the program runs, and then called, can be any function.
	if world.language == "javascript" && isOperator(peek(cursor), "(") && slices.ContainsFunc(keys, isMade) {
		emitUnknownCode(world, world.language)
	}
	return chosen
}

// gapAllowed: in ruby and perl a bracket behind a name and a blank begins an argument; behind a text or a bracket it chooses from it.
func gapAllowed(world *World, previous *Token) bool {
	if world.language == "ruby" {
		return previous.Kind == "string" || isOperator(previous, ")")
	}
	return world.language != "perl" || isOperator(previous, ")")
}

// isMade: a key that was put together or decoded from something unknown; a plain unknown one is how tables of handlers are used.
func isMade(key *Thing) bool {
	return key != nil && (isHidden(key) || key.Kind == "value" && key.Value.Kind == "unknown" && key.Value.Prefix != "")
}

// subscriptKeys are the parts between `:`; nil for an empty one.
func subscriptKeys(world *World, cursor *Cursor, close string) []*Thing {
	keys := []*Thing{nil}
	word := peek(cursor)
	if close == "}" && (word.Kind == "name" || word.Kind == "string") && isOperator(peekAhead(cursor, 1), "}") {
		cursor.at += 2
		return []*Thing{textThing(argumentName(word))}
	}
	var several []*Thing
	commas := 0
	for !isEnd(cursor) && !isOperator(peek(cursor), close) && spend(world) {
		before := cursor.at
		switch {
		case accept(cursor, ":"):
			keys = append(keys, nil)
		case accept(cursor, "::"):
			keys = append(keys, nil, nil)
		case accept(cursor, ","):
			commas++
		case peek(cursor).Kind != "newline":
			key := expression(world, cursor)
			keys[len(keys)-1] = key
			several = append(several, key)
		}
		if cursor.at == before {
			cursor.at++
		}
	}
	accept(cursor, close)
	// The temptation is to take the last one: `"rm -rf /"[0, 6]` would be what stands at its sixth place.
	if commas > 0 {
		return []*Thing{listThing(several)}
	}
	return keys
}

func chosenBy(world *World, thing *Thing, keys []*Thing) *Thing {
	if len(keys) > 1 {
		places := make([]*Thing, 0, len(keys))
		for _, one := range keys {
			if one == nil {
				one = plainThing
			}
			places = append(places, one)
		}
		return folded(world, "slice", thing, places)
	}
	if thing.Kind == "choice" {
		items := make([]*Thing, 0, len(thing.Items))
		for _, one := range thing.Items {
			items = append(items, chosenBy(world, one, keys))
		}
		return &Thing{Kind: "choice", Items: items}
	}
	key := keys[0]
	if key == nil {
		return unknownThing
	}
	if key.Kind == "number" {
		if key.Number < 0 && world.language == "javascript" {
			return unknownThing
		}
		return itemAt(thing, key.Number)
	}
	// `Dir["*.log", "*.tmp"]`
	if thing.Kind == "name" && functionEntry(world, thing.Name+".[]") != nil {
		several := []*Thing{key}
		if key.Kind == "list" {
			several = key.Items
		}
		chosen := listThing(nil)
		for _, one := range several {
			chosen = concat(chosen, invoke(world, nameThing(thing.Name+".[]"), argumentsOf(one)))
		}
		return chosen
	}
	if key.Kind == "list" {
		if thing.Kind == "list" {
			return choiceThing(append(slices.Clip(thing.Items), unknownThing))
		}
		return hiddenOrUnknown(thing)
	}
	if name, known := textOf(key); known {
		return memberBy(world, thing, name)
	}
	switch {
	case thing.Kind == "object" && thing.Type == "environment":
		return objectThing("environment_variable", key)
	case thing.Kind == "name" && (thing.Name == "" || knownModule(world, thing.Name)):
		emitUnknownCode(world, world.language)
	case thing.Kind == "list":
		return choiceThing(append(slices.Clip(thing.Items), unknownThing))
	case thing.Kind == "hidden":
		return thing
	}
	return unknownThing
}

// memberBy is what a subscript that is a text chooses. Only in JavaScript is a subscript the same as a member.
func memberBy(world *World, thing *Thing, name string) *Thing {
	if world.language != "javascript" && (thing.Kind == "value" || thing.Kind == "plain" || thing.Kind == "method") {
		return unknownThing
	}
	if thing.Kind == "record" {
		entry, _ := thing.Entries.Get(name)
		return orUnknown(entry)
	}
	return memberOf(world, thing, name)
}

func knownModule(world *World, name string) bool {
	for known, entry := range world.table.Functions {
		if !strings.HasPrefix(known, name+".") {
			continue
		}
		does := func(parameter Parameter) bool { return parameter.Role != "" && parameter.Role != "skip" }
		if entry.Self != "" || slices.ContainsFunc(entry.Parameters, does) {
			return true
		}
	}
	return false
}

// withoutBrackets reads `system "x"`, `FileUtils.rm_rf "x"`, `unlink` alone; and the block behind a call in ruby. Nil where nothing of it stands.
func withoutBrackets(world *World, cursor *Cursor, thing *Thing) *Thing {
	previous := tokenAt(cursor.tokens, cursor.at-1)
	if rubyBlock(world, cursor, thing) {
		return unknownThing
	}
	if previous.Kind != "name" || !mayStandBare(world, previous.Text) {
		return nil
	}
	entry := calleeEntry(world, thing)
	if entry == nil {
		return nil
	}
	if beginsArgument(world, peek(cursor), peekAhead(cursor, 1)) {
		return invoke(world, thing, parseBareArguments(world, cursor, thing))
	}
	if world.language == "python" || world.language == "php" {
		return nil
	}
	// `unlink;` works on `$_`.
	if world.language == "perl" && thing.Kind == "name" && len(entry.Parameters) > 0 && entry.Parameters[0].Role != "" {
		return invoke(world, thing, argumentsOf(orUnknown(lookUp(world, "$_"))))
	}
	return invoke(world, thing, argumentsOf())
}

func mayStandBare(world *World, name string) bool {
	return world.language == "perl" || world.language == "ruby" || slices.Contains(world.table.Bare, name)
}

var argumentWords = wordsASCII("my our new not local lambda")

func beginsArgument(world *World, token, after *Token) bool {
	switch token.Kind {
	case "", "newline":
		return false
	case "name":
		return !world.table.Lexicon.Keywords[token.Text] || slices.Contains(argumentWords, token.Text)
	case "operator":
	default:
		return true
	}
	switch token.Text {
	case "[":
		return token.Gap
	case "{":
		return token.Gap && world.language != "ruby"
	case "-", "*", "&", "::":
		return token.Gap && after.Kind != "" && !after.Gap
	case `\`, "->", "@", "$":
		return true
	}
	return false
}
