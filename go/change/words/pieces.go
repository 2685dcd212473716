// A field under construction: known text, holes and globs side by side, and the value that they make together.
// Implements spec/change.md sections 5.2 and 5.3. Twin of src/change/words/pieces.ts.
// Nothing is ever guessed: a hole that might hold a `/` makes the field unknown.

package words

import (
	"slices"
	"strings"
	"unicode/utf8"

	"cavra.dev/runtime/change/model"
)

// piece is `text`, `hole` or `glob`.
type piece struct {
	kind string
	// text of `text`; quoted text is never a glob.
	text   string
	quoted bool
	// flat hole: some text that holds neither `/` nor a blank and is not empty. many: any number of words.
	flat    bool
	many    bool
	derived bool
	trusted bool
	ends    string
	// glob of `glob`: some text that matches it.
	glob   string
	random bool
	names  bool
}

type field []piece

var flatHole = piece{kind: "hole", flat: true}

// piecesOf is the pieces that a value puts into a field. Unquoted, an unknown value may be any number of words.
func piecesOf(value model.Value, quoted bool) []piece {
	switch value.Kind {
	case "text":
		return []piece{{kind: "text", text: value.Text, quoted: quoted}}
	case "pattern":
		return []piece{{kind: "glob", glob: value.Glob, random: value.Random, names: value.Names}}
	}
	hole := piece{kind: "hole", many: !quoted || value.Many, derived: value.Derived, trusted: value.Trusted, ends: value.Ends}
	if value.Prefix == "" {
		return []piece{hole}
	}
	return []piece{{kind: "text", text: value.Prefix, quoted: quoted}, hole}
}

// fieldValue is the value of a finished field. globbing is false where the shell does not expand file names.
func fieldValue(field field, globbing bool, budget *model.Budget) model.Value {
	if plain, is := plainText(field, globbing); is {
		if model.SpendText(budget, plain) {
			return model.Text(plain)
		}
		return model.UnknownWord
	}
	var glob strings.Builder
	for i := range field {
		one := &field[i]
		if one.kind == "hole" && !one.flat {
			return unknownField(model.GlobPrefix(glob.String()), field)
		}
		part := pieceGlob(one, globbing)
		// `x` before `**` would change what `**` means, so such a field is known by its beginning only.
		if one.kind == "glob" && strings.Contains(part, "**") && !standsAlone(field, i) {
			return unknownField(model.GlobPrefix(glob.String()), field)
		}
		glob.WriteString(part)
	}
	if !model.SpendText(budget, glob.String()) {
		return model.UnknownWord
	}
	value := model.Value{Kind: "pattern", Glob: glob.String(), Random: true}
	for i := range field {
		one := &field[i]
		value.Random = value.Random && (one.kind == "text" && (one.quoted || !globbing) || one.kind == "glob" && one.random)
		value.Names = value.Names || one.kind == "glob" && one.names
	}
	return value
}

// OneOf is one of the names that a glob stands for: the variable of a loop, `$1`.
func OneOf(value model.Value) model.Value {
	value.Names = false
	return value
}

// MayBeMany is any number of words: a list that nobody knows, or the file names that a glob stands for.
func MayBeMany(value model.Value) bool {
	return value.Kind == "unknown" && value.Many || value.Kind == "pattern" && value.Names
}

// plainText is the text of a field in which nothing is open.
func plainText(field field, globbing bool) (string, bool) {
	if len(field) == 1 && field[0].kind == "text" && (!globbing || field[0].quoted) {
		return field[0].text, true
	}
	var plain strings.Builder
	for i := range field {
		one := &field[i]
		if one.kind != "text" {
			return "", false
		}
		if globbing && !one.quoted && strings.ContainsAny(one.text, "*?[") {
			if model.HasActive(fieldGlob(field)) {
				return "", false
			}
			globbing = false
		}
		plain.WriteString(one.text)
	}
	return plain.String(), true
}

// fieldGlob is the glob that a field of texts stands for.
func fieldGlob(field field) string {
	var glob strings.Builder
	for i := range field {
		glob.WriteString(pieceGlob(&field[i], true))
	}
	return glob.String()
}

func pieceGlob(one *piece, globbing bool) string {
	switch {
	case one.kind == "hole":
		return "*"
	case one.kind == "glob":
		return one.glob
	case one.quoted || !globbing:
		return model.EscapeGlob(one.text)
	}
	return strings.ReplaceAll(one.text, `\`, `\\`)
}

// standsAlone: no `**` at an end of the glob touches what stands beside it.
func standsAlone(field field, at int) bool {
	glob := field[at].glob
	before := at == 0 || !strings.HasPrefix(glob, "**") || field[at-1].kind == "text" && strings.HasSuffix(field[at-1].text, "/")
	after := at+1 == len(field) || !strings.HasSuffix(glob, "**") || field[at+1].kind == "text" && strings.HasPrefix(field[at+1].text, "/")
	return before && after
}

func unknownField(prefix string, field field) model.Value {
	value := model.Value{Kind: "unknown", Prefix: prefix, Ends: endOf(field)}
	for i := range field {
		if field[i].kind == "hole" {
			value.Many = value.Many || field[i].many
			value.Derived = value.Derived || field[i].derived
		}
	}
	value.Trusted = len(field) == 1 && field[0].trusted
	return value
}

// endOf is what the field surely ends in, from the last `/` on. Nothing where what a program printed may come apart into several words.
func endOf(field field) string {
	last := &field[len(field)-1]
	if last.kind == "hole" {
		return last.ends
	}
	comesApart := func(one piece) bool { return one.kind == "hole" && one.derived && one.many }
	if last.kind != "text" || slices.ContainsFunc(field, comesApart) {
		return ""
	}
	ends := last.text[max(0, strings.LastIndexByte(last.text, '/')):]
	active := !last.quoted && strings.ContainsAny(ends, "*?[")
	if !strings.HasPrefix(ends, "/") || len(ends) == 1 || active {
		return ""
	}
	return ends
}

// ConcatValues is one text after the other.
func ConcatValues(left, right model.Value, budget *model.Budget) model.Value {
	return fieldValue(slices.Concat(piecesOf(left, true), piecesOf(right, true)), false, budget)
}

// JoinValues is a value that covers both: what a variable may hold after either branch.
func JoinValues(left, right model.Value) model.Value {
	if SameValue(left, right) {
		if MayBeMany(right) {
			return right
		}
		return left
	}
	a, isFlatA := flatEndsOf(left)
	b, isFlatB := flatEndsOf(right)
	if isFlatA && isFlatB {
		prefix := commonPrefix(a.prefix, b.prefix)
		suffix := commonSuffix(a.behind(prefix), b.behind(prefix))
		dotted := prefix == "" && (strings.HasPrefix(a.prefix, ".") || strings.HasPrefix(b.prefix, "."))
		if !dotted {
			glob := model.EscapeGlob(prefix) + "*" + model.EscapeGlob(suffix)
			return model.Value{Kind: "pattern", Glob: glob, Names: MayBeMany(left) || MayBeMany(right)}
		}
	}
	return model.Value{
		Kind:    "unknown",
		Prefix:  commonPrefix(KnownPrefix(left), KnownPrefix(right)),
		Many:    left.Many || left.Kind != "unknown" && right.Many,
		Derived: left.Derived || right.Derived,
	}
}

// flatEnds is beginning and end of a value that could be a flat hole: a text, or text around one `*`. overlaps: both ends are the same
// text.
type flatEnds struct {
	prefix   string
	suffix   string
	overlaps bool
}

// behind is the end that is left once the common beginning is taken.
func (ends flatEnds) behind(prefix string) string {
	if ends.overlaps {
		return ends.suffix[len(prefix):]
	}
	return ends.suffix
}

func flatEndsOf(value model.Value) (flatEnds, bool) {
	switch value.Kind {
	case "text":
		return flatEnds{value.Text, value.Text, true}, isFlat(value.Text)
	case "unknown":
		return flatEnds{}, false
	}
	prefix := model.GlobPrefix(value.Glob)
	rest := value.Glob[min(len(model.EscapeGlob(prefix)), len(value.Glob)):]
	if !strings.HasPrefix(rest, "*") || model.HasActive(rest[1:]) || !isFlat(value.Glob) {
		return flatEnds{}, false
	}
	return flatEnds{prefix: prefix, suffix: model.UnescapeGlob(rest[1:])}, true
}

// SameValue is true for values that say the same; of patterns, also where one stands for all names and the other for one.
func SameValue(left, right model.Value) bool {
	left.Names, right.Names = false, false
	return left == right
}

// KnownPrefix is the text that every possible value begins with.
func KnownPrefix(value model.Value) string {
	switch value.Kind {
	case "text":
		return value.Text
	case "pattern":
		return model.GlobPrefix(value.Glob)
	}
	return value.Prefix
}

// isFlat: neither empty nor with a `/` or white space, safe to stand for one component of a path.
func isFlat(text string) bool {
	return text != "" && !strings.ContainsAny(text, "/ \t\n")
}

// commonPrefix and commonSuffix count in characters: a part of one would be no text.
func commonPrefix(left, right string) string {
	n := 0
	for n < len(left) {
		_, size := utf8.DecodeRuneInString(left[n:])
		if !strings.HasPrefix(right[n:], left[n:n+size]) {
			break
		}
		n += size
	}
	return left[:n]
}

func commonSuffix(left, right string) string {
	a, b := []rune(left), []rune(right)
	n := 0
	for n < len(a) && n < len(b) && a[len(a)-1-n] == b[len(b)-1-n] {
		n++
	}
	return string(a[len(a)-n:])
}
