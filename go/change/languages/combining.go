// What an operator makes of two operands: texts put together, numbers reckoned with, choices. Implements spec/languages.md sections 5.3 and 6.6.
// Twin of src/change/languages/combining.ts.

package languages

import "slices"

// eitherOperators give either of their operands.
var eitherOperators = wordsASCII("|| or ?? && and // ?:")

// combine is the value of `left operator right`.
func combine(world *World, operator string, left, right *Thing) *Thing {
	language := world.language
	if slices.Contains(eitherOperators, operator) && !(operator == "//" && language != "perl") {
		return choiceThing([]*Thing{left, right})
	}
	text := operator == "." || operator == "+" && language != "perl" && language != "php"
	numbers := left.Kind == "number" && right.Kind == "number"
	switch {
	case numbers:
		return arithmetic(operator, left.Number, right.Number)
	case text:
		return concat(left, right)
	case operator == "/" && (slices.ContainsFunc(alternatives(left), isPath) || slices.ContainsFunc(alternatives(right), isPath)):
		return objectThing("path", joinPaths(left, right))
	case operator == "%" && (language == "python" || language == "ruby"):
		return folded(world, "percent", left, []*Thing{right})
	case operator == "x" || operator == "*" && (language == "python" || language == "ruby"):
		return folded(world, "repeat", left, []*Thing{right})
	case operator == "<<":
		// `list << function` in ruby hands it on; a comparison gives nothing away.
		letGo(world, right)
		if language == "ruby" {
			return appended(left, right)
		}
	// Bits of texts are a text, as are captures and ranges: none of them is known, and none is plain.
	case operator == "/" || operator == "*" || operator == "%" || slices.Contains(makesText[language], operator):
		return unknownThing
	}
	return plainThing
}

var makesText = map[General][]string{
	"perl": wordsASCII("=~ | & ^ .. ..."),
	"ruby": wordsASCII(".. ... | &"),
	"php":  wordsASCII("| & ^"),
}

// appended is `s << x` in ruby: the text with another behind it, the list with one more item.
func appended(left, right *Thing) *Thing {
	switch {
	case left.Kind == "choice":
		items := make([]*Thing, 0, len(left.Items))
		for _, one := range left.Items {
			items = append(items, appended(one, right))
		}
		return choiceThing(items)
	case left.Kind == "list":
		return listThing(slices.Concat(left.Items, []*Thing{right}))
	case left.Kind == "value" || isHidden(left):
		return concat(left, right)
	}
	return left
}

// arithmetic on whole numbers; bits are those of 32.
func arithmetic(operator string, left, right int64) *Thing {
	result := int64(0)
	switch operator {
	case "+":
		result = left + right
	case "-":
		result = left - right
	case "*":
		return product(left, right)
	case "^":
		result = int64(int32(left) ^ int32(right))
	case "|":
		result = int64(int32(left) | int32(right))
	case "&":
		result = int64(int32(left) & int32(right))
	default:
		return unknownThing
	}
	if result > maxSafeNumber || result < -maxSafeNumber {
		return unknownThing
	}
	return numberThing(result)
}
