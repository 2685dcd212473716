// Functions whose result is known when their arguments are: the ways in which texts are put together or decoded. Implements spec/languages.md
// section 5.3. Twin of src/change/languages/fold.ts. Decoding something unknown gives hidden, because that is how code is kept from readers.

package languages

import (
	"slices"
	"strings"
	"unicode/utf8"
)

// fold is the result of the function on its receiver, which may be nil, and its arguments.
func fold(name string, self *Thing, args []*Thing) *Thing {
	subject, rest := self, args
	if self == nil || self.Kind == "plain" {
		subject = orUnknown(thingAt(args, 0))
		rest = args[min(1, len(args)):]
	}
	if subject.Kind == "choice" && len(subject.Items) <= maxChoices {
		results := make([]*Thing, 0, len(subject.Items))
		for _, one := range subject.Items {
			results = append(results, foldOne(name, one, rest))
		}
		return choiceThing(results)
	}
	return foldOne(name, subject, rest)
}

// thingAt is the thing at a place; nil where there is none.
func thingAt(things []*Thing, place int) *Thing {
	if place >= len(things) {
		return nil
	}
	return things[place]
}

func foldOne(name string, subject *Thing, rest []*Thing) *Thing {
	first := orUnknown(thingAt(rest, 0))
	switch name {
	case "same", "text":
		if isPath(subject) {
			return subject.Of
		}
		return subject
	case "chr":
		return characters(subject, rest)
	case "ord":
		return ordinal(subject)
	case "base64", "hex", "rot13":
		return decoded(name, subject)
	case "codec":
		return codec(subject, rest)
	case "join":
		return joinedBy(subject, first)
	case "join_commas":
		if len(rest) == 0 {
			return joinedBy(textThing(","), subject)
		}
		return joinedBy(first, subject)
	case "join_list":
		return joinedBy(orEmpty(rest), subject)
	case "concat":
		for _, one := range rest {
			subject = concat(subject, one)
		}
		return subject
	case "percent":
		return percent(subject, first)
	case "sprintf":
		return percent(subject, listThing(rest))
	case "format":
		return format(subject, rest)
	case "repeat":
		return repeated(subject, first)
	case "list":
		if subject.Kind == "list" {
			return subject
		}
		return listThing(slices.Concat([]*Thing{subject}, rest))
	case "glob":
		return globbed(subject)
	case "perl_join":
		return joinedBy(subject, listThing(rest))
	case "perl_reverse":
		if len(rest) == 0 {
			return textual("reverse", subject, nil)
		}
		all := slices.Concat([]*Thing{subject}, rest)
		slices.Reverse(all)
		return listThing(all)
	}
	return foldPacked(name, subject, rest, first)
}

func foldPacked(name string, subject *Thing, rest []*Thing, first *Thing) *Thing {
	switch name {
	case "pack":
		return packed(subject, rest)
	case "pack_list":
		if subject.Kind == "list" {
			return packed(first, subject.Items)
		}
		return hiddenThing
	case "unpack", "unpack1":
		if form, known := textOf(first); !known || !strings.HasPrefix(form, "m") {
			return hiddenThing
		}
		if name == "unpack" {
			return listThing([]*Thing{decoded("base64", subject)})
		}
		return decoded("base64", subject)
	case "php_join":
		if subject.Kind == "list" {
			return joinedBy(orEmpty(rest), subject)
		}
		return joinedBy(subject, first)
	case "php_split":
		if text, known := textOf(first); known && len(rest) < 2 {
			return split(text, subject)
		}
		return unknownThing
	case "php_replace":
		if text, known := textOf(orUnknown(thingAt(rest, 1))); known {
			return replaced(text, []*Thing{subject, first})
		}
		return unknownThing
	case "percent_decoded":
		return percentDecoded(subject)
	}
	return textual(name, subject, rest)
}

func orEmpty(rest []*Thing) *Thing {
	if len(rest) == 0 {
		return textThing("")
	}
	return rest[0]
}

// characters folds `chr(46)`, `String.fromCharCode(114, 109)`, `bytes([114, 109])`.
func characters(subject *Thing, rest []*Thing) *Thing {
	all := subject.Items
	if subject.Kind != "list" {
		all = slices.Concat([]*Thing{subject}, rest)
	}
	var out strings.Builder
	for _, one := range all {
		point, known := one.Number, one.Kind == "number"
		if !known {
			if text, is := textOf(one); is {
				point, known = decimal(text)
			}
		}
		if !known {
			if subject.Kind == "value" && subject.Value.Kind == "text" {
				return subject
			}
			return hiddenThing
		}
		out.WriteString(character(point))
	}
	return textThing(out.String())
}

// ordinal is the code of a text of one character that is one UTF-16 unit.
func ordinal(subject *Thing) *Thing {
	text, known := textOf(subject)
	char, size := utf8.DecodeRuneInString(text)
	if !known || text == "" || size != len(text) || char > 0xffff {
		return unknownThing
	}
	return numberThing(int64(char))
}

func decoded(name string, subject *Thing) *Thing {
	text, known := textOf(subject)
	if !known {
		return hiddenThing
	}
	switch name {
	case "base64":
		text, known = base64Text(text)
	case "hex":
		text, known = hexText(text)
	default:
		text = rot13(text)
	}
	if !known {
		return hiddenThing
	}
	return textThing(text)
}

// codec folds `codecs.decode(x, "rot13")`, `Buffer.from(x, "base64")`, `x.encode("utf-8")`.
func codec(subject *Thing, rest []*Thing) *Thing {
	if len(rest) == 0 || rest[0].Kind == "plain" {
		if subject.Kind == "list" {
			return characters(subject, nil)
		}
		return subject
	}
	name, known := textOf(rest[0])
	if !known {
		return hiddenThing
	}
	switch strings.ReplaceAll(strings.ReplaceAll(lowerASCII(name), "_", ""), "-", "") {
	case "base64", "base64url":
		return decoded("base64", subject)
	case "hex", "hexcodec":
		return decoded("hex", subject)
	case "rot13", "rot 13":
		return decoded("rot13", subject)
	case "utf8", "ascii", "latin1", "binary", "utf16le", "ignore":
		return subject
	}
	return hiddenThing
}

func joinedBy(separator, list *Thing) *Thing {
	if list.Kind == "choice" {
		results := make([]*Thing, 0, len(list.Items))
		for _, one := range list.Items {
			results = append(results, joinedBy(separator, one))
		}
		return choiceThing(results)
	}
	if list.Kind != "list" {
		if isHidden(list) {
			return hiddenThing
		}
		_, isText := textOf(list)
		if mark, known := textOf(separator); isText && known && mark == "" {
			return list
		}
		return unknownThing
	}
	result := textThing("")
	for index, item := range list.Items {
		if index > 0 {
			item = concat(separator, item)
		}
		result = concat(result, item)
	}
	return result
}

// percent folds `"a %s" % x`, `"%s%s" % (a, b)`, `sprintf("%c", 46)`.
func percent(subject, given *Thing) *Thing {
	pattern, known := textOf(subject)
	if subject.Kind == "number" || !known {
		return hiddenOrUnknown(subject)
	}
	values := []*Thing{given}
	if given.Kind == "list" {
		values = given.Items
	}
	result := textThing("")
	used, plain := 0, 0
	for at := indexFrom(pattern, "%", 0); at >= 0; at = indexFrom(pattern, "%", plain) {
		result = concat(result, textThing(pattern[plain:at]))
		end := at + 1
		for isOneOf(byteAt(pattern, end), "-+ #0123456789.") {
			end++
		}
		letter := byteAt(pattern, end)
		plain = end + 1
		value := orUnknown(thingAt(values, used))
		switch {
		case letter == '%':
			result = concat(result, textThing("%"))
		case end > at+1 || !isOneOf(letter, "sdicv"):
			if isHidden(value) {
				return hiddenThing
			}
			return concat(result, unknownThing)
		default:
			if letter == 'c' && value.Kind == "number" {
				value = textThing(character(value.Number))
			}
			result = concat(result, value)
			used++
		}
	}
	return concat(result, textThing(pattern[min(plain, len(pattern)):]))
}

func hiddenOrUnknown(thing *Thing) *Thing {
	if isHidden(thing) {
		return hiddenThing
	}
	return unknownThing
}

// format folds `"{}{}".format(a, b)`, `"{0}".format(a)`.
func format(subject *Thing, values []*Thing) *Thing {
	pattern, known := textOf(subject)
	if !known {
		return hiddenOrUnknown(subject)
	}
	result := textThing("")
	next := int64(0)
	for at := 0; at < len(pattern); {
		open := indexFrom(pattern, "{", at)
		text := pattern[at:]
		if open >= 0 {
			text = pattern[at:open]
		}
		result = concat(result, textThing(strings.ReplaceAll(text, "}}", "}")))
		if open < 0 {
			break
		}
		if byteAt(pattern, open+1) == '{' {
			result = concat(result, textThing("{"))
			at = open + 2
			continue
		}
		close := indexFrom(pattern, "}", open)
		if close < 0 {
			return unknownThing
		}
		index, is := next, true
		if field := pattern[open+1 : close]; field != "" {
			index, is = decimal(field)
		}
		next++
		value := unknownThing
		if is && index >= 0 && index < int64(len(values)) {
			value = values[index]
		}
		result = concat(result, value)
		at = close + 1
	}
	return result
}

// packed folds `pack("H*", "726d")`, `pack("C*", 114, 109)`, `pack("A*", "rm")`.
func packed(template *Thing, values []*Thing) *Thing {
	form, _ := textOf(template)
	first := orUnknown(thingAt(values, 0))
	switch letter := byteAt(form, 0); {
	case letter == 'H':
		return decoded("hex", first)
	case isOneOf(letter, "CcUW"):
		return characters(listThing(values), nil)
	case isOneOf(letter, "aA") && len(values) == 1:
		return first
	}
	return hiddenThing
}

const hexDigits = "0123456789abcdef"

func percentDecoded(subject *Thing) *Thing {
	text, known := textOf(subject)
	if !known {
		return hiddenThing
	}
	var hex strings.Builder
	for at := 0; at < len(text); at++ {
		switch char := text[at]; {
		case char == '%' && at+2 < len(text):
			hex.WriteString(text[at+1 : at+3])
			at += 2
		case char < utf8.RuneSelf:
			hex.WriteByte(hexDigits[char>>4])
			hex.WriteByte(hexDigits[char&15])
		default:
			return hiddenThing
		}
	}
	return decoded("hex", textThing(hex.String()))
}
