// What an expression is known to be: values, lists, names of functions, paths, files. Implements spec/languages.md section 5.
// Twin of src/change/languages/things.ts.
// Nothing here guesses: what is not known is unknown, and what was made by decoding something unknown stays hidden through every operation.

package languages

import (
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"cavra.dev/runtime/base"
	"cavra.dev/runtime/change/model"
)

// Thing is one of ten kinds; the comment of a field says whose it is. Nobody writes to a thing once it is made.
//
// `value`. `hidden`: a text that was made by a decoding function from something unknown. `number`. `list`. `choice`: one of the items, nobody knows
// which. `name`: a module, function or global by its full name. `object`: something with methods: a path, an open file, what a file contains.
// `method`. `record`: a mapping written out: options of a call, environment of a process. `plain`: nothing that could be a path or code: true, None,
// a function written here.
type Thing struct {
	Kind string
	// Value of `value`.
	Value model.Value
	// Number of `number`.
	Number int64
	// Items of `list` and `choice`.
	Items []*Thing
	// Name of `name` and `method`.
	Name string
	// Type of `object`, and Of what it is.
	Type string
	Of   *Thing
	// Self of `method`.
	Self *Thing
	// Entries of `record`, in the order in which they are written.
	Entries *base.Ordered[*Thing]
}

var (
	unknownThing = &Thing{Kind: "value", Value: model.UnknownWord}
	unknownMany  = &Thing{Kind: "value", Value: model.UnknownWords}
	hiddenThing  = &Thing{Kind: "hidden"}
	plainThing   = &Thing{Kind: "plain"}
)

const (
	// maxItems of a list that are kept; more of them are unknown.
	maxItems = 256
	// maxChoices that are kept.
	maxChoices = 32
	// maxFolded is the longest text that folding makes, in UTF-16 units.
	maxFolded = 16_384
)

func textThing(text string) *Thing {
	if isTooLong(text) {
		return hiddenThing
	}
	return valueThing(model.Text(text))
}

// isTooLong: a UTF-16 unit is at most three bytes, so that no text is counted that is longer than that.
func isTooLong(text string) bool {
	return len(text) > maxFolded && (len(text) > 3*maxFolded || base.Utf16Length(text) > maxFolded)
}

func valueThing(value model.Value) *Thing {
	return &Thing{Kind: "value", Value: value}
}

func prefixThing(prefix string) *Thing {
	return valueThing(model.Value{Kind: "unknown", Prefix: prefix})
}

func globThing(glob string) *Thing {
	return valueThing(model.Value{Kind: "pattern", Glob: glob})
}

func numberThing(number int64) *Thing {
	return &Thing{Kind: "number", Number: number}
}

func nameThing(name string) *Thing {
	return &Thing{Kind: "name", Name: name}
}

func objectThing(kind string, of *Thing) *Thing {
	return &Thing{Kind: "object", Type: kind, Of: of}
}

func methodThing(self *Thing, name string) *Thing {
	return &Thing{Kind: "method", Self: self, Name: name}
}

func listThing(items []*Thing) *Thing {
	if len(items) > maxItems {
		return unknownThing
	}
	return &Thing{Kind: "list", Items: items}
}

// choiceThing is one of the things; a single one is itself, too many are unknown.
func choiceThing(things []*Thing) *Thing {
	var flat []*Thing
	for _, thing := range things {
		flat = append(flat, alternatives(thing)...)
	}
	switch {
	case len(flat) == 0 || len(flat) > maxChoices:
		return unknownThing
	case len(flat) == 1:
		return flat[0]
	}
	return &Thing{Kind: "choice", Items: flat}
}

// textOf is the text of a thing where it is fixed.
func textOf(thing *Thing) (string, bool) {
	switch {
	case thing.Kind == "value":
		return thing.Value.Text, thing.Value.Kind == "text"
	case thing.Kind == "number":
		return strconv.FormatInt(thing.Number, 10), true
	case isPath(thing):
		return textOf(thing.Of)
	}
	return "", false
}

func isPath(thing *Thing) bool {
	return thing.Kind == "object" && thing.Type == "path"
}

// toValue is what a thing is as a word or a path. Hidden and everything without a text form are unknown; ask isHidden first.
func toValue(thing *Thing) model.Value {
	switch thing.Kind {
	case "value":
		return thing.Value
	case "number":
		return model.Text(strconv.FormatInt(thing.Number, 10))
	case "object":
		if thing.Type == "path" || thing.Type == "text" {
			return toValue(thing.Of)
		}
	}
	return model.UnknownWord
}

func isHidden(thing *Thing) bool {
	switch thing.Kind {
	case "hidden":
		return true
	case "object":
		return isHidden(thing.Of)
	}
	return thing.Kind == "choice" && slices.ContainsFunc(thing.Items, isHidden)
}

// alternatives are every thing that it may be.
func alternatives(thing *Thing) []*Thing {
	if thing.Kind == "choice" {
		return thing.Items
	}
	return []*Thing{thing}
}

// grownThing is what a thing may be where something is put behind it: a list goes on, and a text perhaps.
func grownThing(thing *Thing) *Thing {
	switch thing.Kind {
	case "choice":
		items := make([]*Thing, 0, len(thing.Items))
		for _, one := range thing.Items {
			items = append(items, grownThing(one))
		}
		return choiceThing(items)
	case "list":
		return listThing(slices.Concat(thing.Items, []*Thing{unknownMany}))
	case "value":
		return choiceThing([]*Thing{thing, concat(thing, unknownThing)})
	}
	return changedThing(thing)
}

// changedThing is what a thing may be where it is changed: itself, or nobody knows what. What cannot be changed (a module, a path) stays what it is.
func changedThing(thing *Thing) *Thing {
	switch {
	case thing.Kind == "record":
		entries := &base.Ordered[*Thing]{}
		for key, one := range thing.Entries.All() {
			entries.Set(key, changedThing(one))
		}
		return &Thing{Kind: "record", Entries: entries}
	case thing.Kind == "choice" && slices.ContainsFunc(thing.Items, isChangeable):
		return choiceThing(append(slices.Clip(thing.Items), unknownThing))
	case isChangeable(thing):
		return choiceThing([]*Thing{thing, unknownThing})
	}
	return thing
}

func isChangeable(thing *Thing) bool {
	return thing.Kind == "value" || thing.Kind == "number" || thing.Kind == "list"
}

// itemsPerhaps are the items of a list, or of one that is perhaps another: then any item may be unknown, and any number may follow. False for all else.
func itemsPerhaps(thing *Thing) ([]*Thing, bool) {
	if thing.Kind == "list" {
		return thing.Items, true
	}
	if thing.Kind != "choice" {
		return nil, false
	}
	var lists []*Thing
	length := 0
	for _, one := range thing.Items {
		if one.Kind == "list" {
			lists = append(lists, one)
			length = max(length, len(one.Items))
		}
	}
	if len(lists) == 0 {
		return nil, false
	}
	items := make([]*Thing, 0, length+1)
	for at := range length {
		var any []*Thing
		for _, one := range lists {
			if at < len(one.Items) {
				any = append(any, one.Items[at])
			}
		}
		items = append(items, choiceThing(append(any, unknownThing)))
	}
	return append(items, unknownMany), true
}

// concat is the text of left followed by the text of right.
func concat(left, right *Thing) *Thing {
	if left.Kind == "list" && right.Kind == "list" {
		return listThing(slices.Concat(left.Items, right.Items))
	}
	if isHidden(left) || isHidden(right) {
		return hiddenThing
	}
	if left.Kind == "choice" || right.Kind == "choice" {
		var all []*Thing
		for _, one := range alternatives(left) {
			for _, other := range alternatives(right) {
				all = append(all, concat(one, other))
			}
		}
		return choiceThing(all)
	}
	a, b := toValue(left), toValue(right)
	switch {
	case a.Kind == "unknown":
		return prefixThing(a.Prefix)
	case a.Kind == "text" && b.Kind == "text":
		return textThing(a.Text + b.Text)
	case b.Kind == "unknown" && a.Kind == "text":
		return prefixThing(a.Text + b.Prefix)
	case b.Kind == "unknown":
		return unknownThing
	}
	return globThing(globOf(a) + globOf(b))
}

func globOf(value model.Value) string {
	switch value.Kind {
	case "text":
		return escapeGlob(value.Text)
	case "pattern":
		return value.Glob
	}
	return "**"
}

func escapeGlob(text string) string {
	var out strings.Builder
	for i := 0; i < len(text); i++ {
		if isOneOf(text[i], `*?[]\{}`) {
			out.WriteByte('\\')
		}
		out.WriteByte(text[i])
	}
	return out.String()
}

// joinPaths is a path below a folder; an absolute second part replaces the first.
func joinPaths(folder, below *Thing) *Thing {
	if after, is := textOf(below); is && strings.HasPrefix(after, "/") {
		return below
	}
	before, known := textOf(folder)
	if known && before == "" {
		return below
	}
	if !known && toValue(folder).Kind == "unknown" && isPlainUnknown(folder) {
		return unknownThing
	}
	if known && strings.HasSuffix(before, "/") {
		return concat(folder, below)
	}
	return concat(concat(unwrapped(folder), textThing("/")), below)
}

// unwrapped is what an object is of; any other thing is itself. (asText in TypeScript, and in calls.ts.)
func unwrapped(thing *Thing) *Thing {
	if thing.Kind == "object" {
		return thing.Of
	}
	return thing
}

func isPlainUnknown(thing *Thing) bool {
	value := toValue(thing)
	return value.Kind == "unknown" && value.Prefix == "" && !isHidden(thing)
}

// itemAt is what stands at a place of a list, counted from the end when negative.
func itemAt(thing *Thing, index int64) *Thing {
	if thing.Kind == "list" {
		return placeIn(thing.Items, index)
	}
	text, is := textOf(thing)
	switch {
	case is && !isTooLong(text):
		return textThing(characterAt(text, index))
	case is || thing.Kind == "hidden":
		return hiddenThing
	}
	return unknownThing
}

func placeIn(items []*Thing, index int64) *Thing {
	count := int64(len(items))
	if index < 0 {
		index += count
	}
	if index < 0 || index >= count {
		return unknownThing
	}
	return items[index]
}

// characterAt is the character at a place of a text, "" where there is none. It goes only as far as the place.
func characterAt(text string, index int64) string {
	if index < -int64(len(text)) || index >= int64(len(text)) {
		return ""
	}
	for ; index < -1; index++ {
		_, size := utf8.DecodeLastRuneInString(text)
		text = text[:len(text)-size]
	}
	if index == -1 {
		_, size := utf8.DecodeLastRuneInString(text)
		return text[len(text)-size:]
	}
	for ; index > 0; index-- {
		_, size := utf8.DecodeRuneInString(text)
		text = text[size:]
	}
	_, size := utf8.DecodeRuneInString(text)
	return text[:size]
}
