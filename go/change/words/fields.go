// From the parts of one word to fields: tilde, parameters, substitutions, splitting. Implements spec/change.md sections 5.2, 5.5, 5.9 and
// 5.10. Twin of the second half of src/change/words/expand.ts.

package words

import (
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"cavra.dev/runtime/change/model"
	"cavra.dev/runtime/change/shell"
)

// mode says where a word stands. split: a command's word. ofBraces: one that braces made, which is no assignment. entire: one field, tilde after `:`
// too. argument: one field, tilde at its beginning only.
type mode int

const (
	split mode = iota
	ofBraces
	entire
	argument
)

type builder struct {
	context Context
	mode    mode
	// made: braces made the word: it is no assignment.
	made bool
	// splits: single values are split at IFS.
	splits  bool
	fields  []field
	current field
	// isOpen: there is a field under construction, perhaps an empty one.
	isOpen bool
}

func fieldsOf(word *shell.Word, context Context, mode mode) []field {
	isMade := mode == ofBraces
	if isMade {
		mode = split
	}
	b := &builder{context: context, mode: mode, made: isMade, splits: mode == split && isSplit(word, context), isOpen: mode != split}
	for i := range word.Parts {
		part := &word.Parts[i]
		if !model.Spend(context.Budget(), 1) {
			continue
		}
		if part.Kind == shell.Literal {
			b.addLiteral(part.Text, i == 0, i == len(word.Parts)-1)
		} else {
			b.addPart(part, false)
		}
	}
	b.endField()
	if !model.Spend(context.Budget(), len(b.fields)) {
		return nil
	}
	return b.fields
}

// firstField is the only field of a word that is not split.
func firstField(word *shell.Word, context Context, mode mode) field {
	if fields := fieldsOf(word, context, mode); len(fields) > 0 {
		return fields[0]
	}
	return nil
}

// isSplit: bash forgets at a `$` that begins nothing what it has expanded so far: `$x$` is one word, `$x$/$y` is split throughout.
func isSplit(word *shell.Word, context Context) bool {
	alone := -1
	for i := range word.Parts {
		part := &word.Parts[i]
		if part.Kind == shell.Literal && strings.Contains(part.Text, "$") {
			alone = i
		}
	}
	if alone < 0 {
		return true
	}
	again := func(part shell.Part) bool {
		return part.Kind == shell.Parameter || part.Kind == shell.CommandSubstitution || part.Kind == shell.Arithmetic
	}
	return slices.ContainsFunc(word.Parts[alone:], again) || becomesList(word.Parts, false, context)
}

func becomesList(parts []shell.Part, quoted bool, context Context) bool {
	return slices.ContainsFunc(parts, func(part shell.Part) bool {
		switch {
		case part.Kind == shell.Double:
			return becomesList(part.Parts, true, context)
		case part.Kind != shell.Parameter:
			return false
		case isList(&part, quoted):
			return true
		}
		taken := takenWord(&part, context)
		return taken != nil && becomesList(taken.Parts, quoted, context)
	})
}

func (b *builder) addLiteral(literal string, first, last bool) {
	rest := literal
	inAssignment := b.mode == entire
	// A tilde counts at the beginning of a word, and in what looks like an assignment also after its `=` and after every `:`.
	if first && b.mode == split && !b.made {
		if equals := assignmentEnd(literal); equals >= 0 {
			b.addText(literal[:equals], false)
			rest = literal[equals:]
			inAssignment = true
		}
	}
	for tilde := first; ; tilde = true {
		colon := -1
		if inAssignment {
			colon = strings.IndexByte(rest, ':')
		}
		piece := rest
		if colon >= 0 {
			piece = rest[:colon+1]
		}
		if tilde && strings.HasPrefix(piece, "~") {
			b.addTilde(piece, last && colon < 0)
		} else if piece != "" {
			b.addText(piece, false)
		}
		if colon < 0 {
			return
		}
		rest = rest[colon+1:]
	}
}

// assignmentEnd is where the value begins in `name=value`, else -1.
func assignmentEnd(literal string) int {
	equals := strings.IndexByte(literal, '=')
	if equals <= 0 {
		return -1
	}
	name := strings.TrimSuffix(literal[:equals], "+")
	for i := 0; i < len(name); i++ {
		if !isNameCharacter(name[i]) {
			return -1
		}
	}
	if !isName(name) {
		return -1
	}
	return equals + 1
}

func (b *builder) addTilde(piece string, ends bool) {
	stop := strings.IndexAny(piece, "/:")
	if stop < 0 && !ends {
		b.addText(piece, false)
		return
	}
	user := piece[1:]
	if stop >= 0 {
		user = piece[1:stop]
	}
	value := model.UnknownWord
	if name, is := tildeVariables[user]; is {
		if variable := b.context.Variable(name); variable.Kind == "scalar" {
			value = variable.Value
		}
	}
	b.add(piecesOf(value, true)...)
	// `~/x` with a home of `/` is `/x`, not `//x`; canonical paths do not care.
	if after := piece[1+len(user):]; after != "" {
		b.addText(after, false)
	}
}

var tildeVariables = map[string]string{"": "HOME", "+": "PWD", "-": "OLDPWD"}

func (b *builder) addPart(part *shell.Part, quoted bool) {
	switch part.Kind {
	case shell.Literal, shell.Quoted:
		b.addText(part.Text, true)
	case shell.Double:
		if len(part.Parts) == 0 {
			b.addText("", true)
		}
		for i := range part.Parts {
			if model.Spend(b.context.Budget(), 1) {
				b.addPart(&part.Parts[i], true)
			}
		}
	case shell.Parameter:
		var word *shell.Word
		if b.mode == split {
			word = takenWord(part, b.context)
		}
		if word == nil {
			b.addExpansion(expandParameter(part, b.context), quoted)
		} else {
			b.addTaken(word, quoted)
		}
	case shell.CommandSubstitution:
		b.addOutput(b.context.Substitute(part.Body, part.Span), quoted)
	case shell.ProcessSubstitution:
		b.addText(b.context.Process(part.Direction, part.Body, part.Span), true)
	case shell.Arithmetic:
		if value := EvaluateExpression(part.Parts, part.Span, b.context); value.Known {
			b.addText(strconv.FormatInt(value.Value, 10), true)
		} else {
			b.add(flatHole)
		}
	default:
		b.context.Opaque("unsupported_syntax", part.Reason, part.Span)
		b.addValue(model.UnknownWords, quoted)
	}
}

// addTaken adds the word of `${x:-w}` where it stands for the whole: what is quoted in it stays one word (`${1+"$@"}`).
func (b *builder) addTaken(word *shell.Word, quoted bool) {
	if ifs, isKnown := b.ifs(); !quoted && mayBeGlued(word, ifs, isKnown) {
		// What it runs is seen all the same.
		fieldsOf(word, b.context, argument)
		b.add(piece{kind: "hole", many: true})
		return
	}
	for i := range word.Parts {
		part := &word.Parts[i]
		switch {
		case !model.Spend(b.context.Budget(), 1):
		case quoted || part.Kind != shell.Literal:
			b.addPart(part, quoted)
		case i == 0 && strings.HasPrefix(part.Text, "~"):
			b.addLiteral(part.Text, true, len(word.Parts) == 1)
		case b.splits:
			b.addSplit(part.Text)
		default:
			b.addText(part.Text, false)
		}
	}
}

func (b *builder) addExpansion(expansion expansion, quoted bool) {
	if !expansion.isList {
		b.addValue(expansion.value, quoted)
		return
	}
	values := listValues(expansion, b.context)
	if quoted && (expansion.star || b.mode != split) {
		separator := " "
		if expansion.star {
			separator = b.firstOfIfs()
		}
		b.addText("", true)
		for i, value := range values {
			if i > 0 {
				b.addText(separator, true)
			}
			b.addValue(value, true)
		}
		return
	}
	for i, value := range values {
		switch {
		case i > 0 && b.mode != split:
			b.addText(" ", true)
		case i > 0:
			b.endField()
		}
		b.addValue(value, quoted)
	}
}

func (b *builder) addValue(value model.Value, quoted bool) {
	unsplit := quoted || !b.splits
	if value.Kind == "text" && !unsplit {
		b.addSplit(value.Text)
		return
	}
	// In a whole field an unquoted expansion is one word, but a pattern in it (`case`, `${x#$p}`) still is one.
	for _, one := range piecesOf(value, unsplit) {
		if one.kind == "text" && !quoted {
			one.quoted = false
		}
		b.add(one)
	}
}

func (b *builder) addOutput(output model.Output, quoted bool) {
	derived := model.Value{Kind: "unknown", Derived: true}
	switch output.Kind {
	case "text":
		b.addValue(model.Text(withoutLastNewlines(output.Text)), quoted)
		return
	case "lines":
		if !quoted && b.splits {
			for i, glob := range output.Globs {
				if i > 0 {
					b.endField()
				}
				b.add(piecesOf(model.Value{Kind: "pattern", Glob: glob, Random: output.Random}, true)...)
			}
			return
		}
		if len(output.Globs) == 1 {
			b.addValue(model.Value{Kind: "pattern", Glob: output.Globs[0], Random: output.Random}, true)
			return
		}
	case "trusted_code":
		derived.Trusted = true
	case "stream":
		derived.Ends = output.Ends
	}
	b.addValue(derived, quoted)
}

func withoutLastNewlines(output string) string {
	return strings.ReplaceAll(strings.TrimRight(output, "\n"), "\x00", "")
}

// addSplit splits an unquoted expansion at the characters of IFS: runs of blanks part words, every other character ends one.
func (b *builder) addSplit(known string) {
	ifs, isKnown := b.ifs()
	if !isKnown {
		b.add(piece{kind: "hole", many: true})
		return
	}
	from := 0
	flush := func(to int) {
		if to > from {
			b.addText(known[from:to], false)
		}
	}
	for at := 0; at < len(known); {
		character, size := utf8.DecodeRuneInString(known[at:])
		if !strings.ContainsRune(ifs, character) {
			at += size
			continue
		}
		flush(at)
		at += size
		from = at
		b.isOpen = b.isOpen || !strings.ContainsRune(" \t\n", character)
		if b.isOpen && !model.Spend(b.context.Budget(), 1) {
			return
		}
		b.endField()
	}
	flush(len(known))
}

func (b *builder) ifs() (string, bool) {
	variable := b.context.Variable("IFS")
	if variable.Kind == "unset" {
		return " \t\n", true
	}
	return variable.Value.Text, variable.Kind == "scalar" && variable.Value.Kind == "text"
}

func (b *builder) firstOfIfs() string {
	ifs, isKnown := b.ifs()
	if !isKnown {
		return " "
	}
	_, size := utf8.DecodeRuneInString(ifs)
	return ifs[:size]
}

func (b *builder) addText(text string, quoted bool) {
	b.add(piece{kind: "text", text: text, quoted: quoted})
}

func (b *builder) add(pieces ...piece) {
	b.isOpen = true
	b.current = append(b.current, pieces...)
}

func (b *builder) endField() {
	if b.isOpen {
		b.fields = append(b.fields, b.current)
	}
	b.current = nil
	b.isOpen = false
}
