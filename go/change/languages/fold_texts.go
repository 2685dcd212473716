// What is folded of one text: case, parts, replacement, slices. Implements spec/languages.md section 5.3. Twin of src/change/languages/fold.ts, from
// `textual` on.

package languages

import (
	"math/bits"
	"slices"
	"strings"
	"unicode/utf8"

	"cavra.dev/runtime/base"
)

func textual(name string, subject *Thing, rest []*Thing) *Thing {
	if isHidden(subject) {
		return hiddenThing
	}
	if name == "reverse" && subject.Kind == "list" {
		items := slices.Clone(subject.Items)
		slices.Reverse(items)
		return listThing(items)
	}
	if name == "slice" {
		return sliced(subject, rest)
	}
	if name == "substring" {
		return sliced(subject, ordered(rest))
	}
	text, known := textOf(subject)
	if !known {
		if name == "strip" && subject.Kind == "value" && subject.Value.Kind == "pattern" {
			return subject
		}
		return unknownThing
	}
	switch name {
	case "reverse":
		runes := []rune(text)
		slices.Reverse(runes)
		return textThing(string(runes))
	case "lower", "upper":
		return cased(name, text)
	case "strip":
		if len(rest) == 0 {
			return textThing(base.TrimASCII(text))
		}
	case "split":
		// How many parts there may be at most, and where the rest stays, is not looked at.
		if len(rest) <= 1 {
			return split(text, thingAt(rest, 0))
		}
	case "dirname":
		if len(rest) > 0 {
			return unknownThing
		}
		slash := strings.LastIndexByte(text, '/')
		if slash < 0 {
			return textThing(".")
		}
		return textThing(text[:max(1, slash)])
	case "basename":
		return withoutEnd(text[strings.LastIndexByte(text, '/')+1:], thingAt(rest, 0))
	case "number":
		if number, is := decimal(text); is {
			return numberThing(number)
		}
	}
	return edited(name, subject, text, rest)
}

// edited is what words, replacements and bases make of a known text.
func edited(name string, subject *Thing, text string, rest []*Thing) *Thing {
	switch name {
	case "shell_split":
		return shellWords(wordsASCII(text))
	case "replace":
		if len(rest) <= 2 {
			return replaced(text, rest)
		}
	case "replace_all", "replace_first", "translate":
		return plainlyReplaced(name, text, rest)
	case "to_string":
		switch {
		case len(rest) == 0:
			return subject
		case subject.Kind == "number":
			return hiddenThing
		}
		return codec(subject, rest)
	case "without_variables":
		if !strings.Contains(text, "$") {
			return textThing(text)
		}
	}
	return unknownThing
}

func cased(name, text string) *Thing {
	switch {
	case !isASCII(text):
		return unknownThing
	case name == "lower":
		return textThing(lowerASCII(text))
	}
	return textThing(base.UpperASCII(text))
}

// shellWords are those of `shlex.split(x)` up to the first one with a quote, which may be one with those that follow.
func shellWords(words []string) *Thing {
	quoted := slices.IndexFunc(words, func(word string) bool { return strings.ContainsAny(word, `'"\`) })
	if quoted < 0 {
		return textsThing(words)
	}
	if quoted == 0 {
		return unknownThing
	}
	return concat(textsThing(words[:quoted]), listThing([]*Thing{unknownMany}))
}

// withoutEnd: `basename(x, ".txt")`; `.*` is any ending in ruby.
func withoutEnd(name string, end *Thing) *Thing {
	if end == nil {
		return textThing(name)
	}
	mark, known := textOf(end)
	if !known || strings.Contains(mark, "*") {
		return unknownThing
	}
	if name == mark {
		return textThing(name)
	}
	return textThing(strings.TrimSuffix(name, mark))
}

// plainlyReplaced: what a replacement with `$` (JavaScript) or `\` (ruby) means is not undone, nor sets and ranges of characters.
func plainlyReplaced(name, text string, rest []*Thing) *Thing {
	from, isFrom := textOf(orUnknown(thingAt(rest, 0)))
	to, isTo := textOf(orUnknown(thingAt(rest, 1)))
	if !isFrom || !isTo || from == "" || strings.ContainsAny(to, `$\`) {
		return hiddenThing
	}
	if name == "translate" && (base.Utf16Length(from) != 1 || base.Utf16Length(to) != 1 || strings.ContainsAny(from, `^-\`)) {
		return hiddenThing
	}
	if name == "replace_first" {
		return textThing(strings.Replace(text, from, to, 1))
	}
	return replaced(text, rest)
}

// ordered: `x.substring(a, b)`: what is below 0 is 0, and the smaller one stands first.
func ordered(places []*Thing) []*Thing {
	clamped := make([]*Thing, 0, len(places))
	for _, thing := range places {
		if thing.Kind == "number" && thing.Number < 0 {
			thing = numberThing(0)
		}
		clamped = append(clamped, thing)
	}
	if from, to := numberAt(clamped, 0), numberAt(clamped, 1); from != nil && to != nil && *from > *to {
		return []*Thing{clamped[1], clamped[0]}
	}
	return clamped
}

func isASCII(text string) bool {
	for i := 0; i < len(text); i++ {
		if text[i] >= utf8.RuneSelf {
			return false
		}
	}
	return true
}

// split takes nil for blanks as what parts the words.
func split(text string, separator *Thing) *Thing {
	var words []string
	if separator == nil {
		words = wordsASCII(text)
	} else {
		mark, known := textOf(separator)
		if !known {
			return unknownThing
		}
		words = strings.SplitN(text, mark, maxItems+1)
	}
	return textsThing(words)
}

func textsThing(texts []string) *Thing {
	items := make([]*Thing, 0, len(texts))
	for _, text := range texts {
		items = append(items, textThing(text))
	}
	return listThing(items)
}

func replaced(text string, rest []*Thing) *Thing {
	from, isFrom := textOf(orUnknown(thingAt(rest, 0)))
	to, isTo := textOf(orUnknown(thingAt(rest, 1)))
	if !isFrom || !isTo || from == "" {
		return hiddenThing
	}
	// The result is not made where it would surely be too long.
	fromUnits, toUnits := base.Utf16Length(from), base.Utf16Length(to)
	if toUnits > fromUnits && (base.Utf16Length(text)+fromUnits-1)/fromUnits*toUnits > maxFolded*4 {
		return hiddenThing
	}
	return textThing(strings.ReplaceAll(text, from, to))
}

// sliced folds `x[a:b:c]`, `x.slice(a, b)`, `x.substr(a, n)`.
func sliced(subject *Thing, rest []*Thing) *Thing {
	for _, thing := range rest {
		if thing.Kind != "number" && thing.Kind != "plain" {
			if subject.Kind == "value" && subject.Value.Kind == "text" {
				return hiddenThing
			}
			return unknownThing
		}
	}
	text, isText := textOf(subject)
	if !isText && subject.Kind != "list" {
		if toValue(subject).Kind == "unknown" && !isHidden(subject) {
			return unknownThing
		}
		return hiddenThing
	}
	from, to, step := numberAt(rest, 0), numberAt(rest, 1), numberAt(rest, 2)
	switch {
	case step != nil && *step == 0:
		return unknownThing
	case isText:
		return textThing(string(chosen([]rune(text), from, to, step)))
	}
	return listThing(chosen(subject.Items, from, to, step))
}

// chosen is every step-th of the items from one place up to another, or down to it.
func chosen[T any](items []T, from, to, step *int64) []T {
	stride := int64(1)
	if step != nil {
		stride = *step
	}
	kept := items
	if stride > 0 {
		kept = forwards(items, from, to)
	} else {
		kept = backwards(items, from, to)
		stride = -stride
	}
	if stride == 1 {
		return kept
	}
	var every []T
	for index := int64(0); index < int64(len(kept)); index += stride {
		every = append(every, kept[index])
	}
	return every
}

// numberAt is the number at a place; nil where none stands there.
func numberAt(things []*Thing, place int) *int64 {
	if thing := thingAt(things, place); thing != nil && thing.Kind == "number" {
		return &thing.Number
	}
	return nil
}

// forwards is the items from one place up to another; a negative place counts from the end.
func forwards[T any](items []T, from, to *int64) []T {
	begin, end := int64(0), int64(len(items))
	if from != nil {
		begin = clamped(*from, len(items))
	}
	if to != nil {
		end = clamped(*to, len(items))
	}
	return items[begin:max(begin, end)]
}

func clamped(place int64, count int) int64 {
	if place < 0 {
		place += int64(count)
	}
	return min(max(place, 0), int64(count))
}

func backwards[T any](items []T, from, to *int64) []T {
	count := int64(len(items))
	at := func(place int64) int64 {
		if place < 0 {
			return count + place
		}
		return place
	}
	start, stop := count-1, int64(-1)
	if from != nil {
		start = max(-1, min(at(*from), count-1))
	}
	if to != nil {
		stop = max(-1, at(*to))
	}
	begin, end := stop+1, start+1
	chosen := slices.Clone(forwards(items, &begin, &end))
	slices.Reverse(chosen)
	return chosen
}

// product is unknown beyond the numbers that are reckoned with.
func product(left, right int64) *Thing {
	high, low := bits.Mul64(uint64(max(left, -left)), uint64(max(right, -right)))
	if high != 0 || low > maxSafeNumber {
		return unknownThing
	}
	return numberThing(left * right)
}

func repeated(subject, times *Thing) *Thing {
	if subject.Kind == "number" && times.Kind == "number" {
		return product(subject.Number, times.Number)
	}
	text, known := textOf(subject)
	if !known || times.Kind != "number" {
		return hiddenOrUnknown(subject)
	}
	count := max(0, times.Number)
	if units := int64(base.Utf16Length(text)); units > 0 && count > maxFolded/units {
		return hiddenThing
	}
	if text == "" {
		return textThing("")
	}
	return textThing(strings.Repeat(text, int(count)))
}

func globbed(subject *Thing) *Thing {
	if text, known := textOf(subject); known {
		return globThing(text)
	}
	if subject.Kind == "value" && subject.Value.Kind == "pattern" {
		return subject
	}
	return unknownThing
}
