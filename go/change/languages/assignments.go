// Assignments: of one name, of several at once, of members and subscripts. Implements spec/languages.md section 6.6.
// Twin of src/change/languages/assignments.ts.

package languages

import (
	"slices"
	"strings"
)

// assign is the value of the assignment whose left side was just read from `start` on; nil when none stands here.
func assign(world *World, cursor *Cursor, start int, left *Thing) *Thing {
	operator := peek(cursor)
	if operator.Kind != "operator" || !slices.Contains(assignmentOperators, operator.Text) {
		return nil
	}
	targets := cursor.tokens[start:cursor.at]
	cursor.at++
	skipNewlines(cursor)
	right := expression(world, cursor)
	value := assignedValue(world, operator.Text, left, right)
	names, isNames := targetNames(targets)
	switch {
	case !isNames:
		toPlace(world, left, value)
	case len(names) == 1 && !slices.ContainsFunc(targets, func(token Token) bool { return token.Kind == "operator" }):
		if names[0].list {
			bind(world, names[0].name, asList(value))
		} else {
			bind(world, names[0].name, value)
		}
	default:
		bindEach(world, names, value)
	}
	return value
}

func assignedValue(world *World, operator string, left, right *Thing) *Thing {
	switch operator {
	case "=", ":=":
		return right
	case "+=", ".=":
		return concat(left, right)
	case "x=", "*=":
		return folded(world, "repeat", left, []*Thing{right})
	case "||=", "??=", "//=", "&&=":
		return &Thing{Kind: "choice", Items: []*Thing{left, right}}
	}
	return unknownThing
}

func asList(value *Thing) *Thing {
	if value.Kind == "list" || value.Kind == "object" {
		return value
	}
	return &Thing{Kind: "list", Items: []*Thing{value}}
}

// target is a name that is given a value.
type target struct {
	name string
	// list: `@name` in perl takes everything.
	list bool
	// key that it takes from a mapping, or "" for its place.
	key string
}

var declarators = wordsASCII("my our local const let var static state export global")

// targetNames are the names that are given values; false when the left side is a member or a subscript.
func targetNames(tokens []Token) ([]target, bool) {
	var rest []Token
	for _, token := range tokens {
		if token.Kind != "newline" && !(token.Kind == "name" && slices.Contains(declarators, token.Text)) {
			rest = append(rest, token)
		}
	}
	first := tokenAt(rest, 0)
	if len(rest) == 1 && (first.Kind == "name" || first.Kind == "variable") {
		list := strings.HasPrefix(first.Text, "@") && first.Kind == "variable" && len(rest) == len(tokens)-1
		return []target{{name: first.Text, list: list}}, true
	}
	if turn(first) <= 0 {
		return nil, false
	}
	var targets []target
	for at := 1; at < len(rest)-1; at++ {
		token := &rest[at]
		if token.Kind == "operator" && strings.Contains(",*...", token.Text) {
			continue
		}
		if token.Kind != "name" && token.Kind != "variable" {
			return targets, first.Text == "{" || first.Text == "["
		}
		one := target{name: token.Text, list: strings.HasPrefix(token.Text, "@")}
		if first.Text == "{" {
			one.key = token.Text
		}
		if isOperator(&rest[at+1], ":") && at+2 < len(rest) {
			one.name = rest[at+2].Text
			at += 2
		}
		targets = append(targets, one)
	}
	return targets, true
}

func bindEach(world *World, targets []target, value *Thing) {
	for index, one := range targets {
		part := unknownThing
		switch {
		case one.key != "":
			part = keyOf(world, value, one.key)
		case value.Kind == "list" && one.list:
			part = &Thing{Kind: "list", Items: value.Items[min(index, len(value.Items)):]}
		case value.Kind == "list":
			part = itemAt(value, int64(index))
		}
		bind(world, one.name, part)
	}
}

func keyOf(world *World, value *Thing, key string) *Thing {
	switch value.Kind {
	case "name", "object":
		return memberOf(world, value, key)
	case "record":
		entry, _ := value.Entries.Get(key)
		return orUnknown(entry)
	}
	return unknownThing
}

// toPlace: `os.environ["X"] = "…"` changes what every process started below gets; a function that is put anywhere may be called from there.
func toPlace(world *World, left, value *Thing) {
	if left.Kind == "object" && left.Type == "environment_variable" {
		name, _ := textOf(left.Of)
		setEnvironment(world, name, toValue(value))
		return
	}
	handOn(world, value)
}

// tupleAssignment reads `a, b = 1, 2` (python, ruby) from the cursor on; false when no such assignment stands here.
func tupleAssignment(world *World, cursor *Cursor) bool {
	// A list that ends in no `=` was looked through already from an earlier name in it: not again from each of its names.
	if cursor.at < cursor.untupled || world.table.Lexicon.Keywords[peek(cursor).Text] {
		return false
	}
	var names []string
	at := 0
	for ; ; at += 2 {
		name, mark := peekAhead(cursor, at), peekAhead(cursor, at+1)
		named := name.Kind == "name" || name.Kind == "variable"
		if !named || !isOperator(mark, ",") && !isOperator(mark, "=") {
			cursor.untupled = cursor.at + at
			return false
		}
		names = append(names, name.Text)
		if mark.Text == "=" {
			break
		}
	}
	if len(names) < 2 {
		return false
	}
	cursor.at += at + 2
	var values []*Thing
	for {
		values = append(values, expression(world, cursor))
		if !accept(cursor, ",") {
			break
		}
	}
	var items []*Thing
	switch {
	case len(values) == 1 && values[0].Kind == "list":
		items = values[0].Items
	case len(values) == len(names):
		items = values
	}
	for index, name := range names {
		bind(world, name, orUnknown(thingAt(items, index)))
	}
	if len(items) == 0 {
		for _, value := range values {
			letGo(world, value)
		}
	}
	return true
}
