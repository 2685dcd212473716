// Command and process substitutions, and backticks. Implements spec/shell.md section 6.2 and the end of 6.3.

package shell

import (
	"strings"

	"cavra.dev/runtime/base"
)

// substitution is what must be known about the innermost `$( … )`, because bash 5.2 prints its tree and reads that again.
type substitution struct {
	// hasHereDocument: an operator was read in it.
	hasHereDocument bool
	// isReprinted: bash prints it wrongly.
	isReprinted bool
	// conditions that are open.
	conditions int
}

// noteItem: an item begins.
func (r *reader) noteItem(afterSemicolon bool) {
	if s := r.substitution; s != nil && afterSemicolon && s.hasHereDocument {
		s.isReprinted = true
	}
}

// noteBackground: an item ended with `&`.
func (r *reader) noteBackground() {
	if s := r.substitution; s != nil && s.hasHereDocument {
		s.isReprinted = true
	}
}

// noteAndOr: `&&` or `||` was read.
func (r *reader) noteAndOr(isLate bool) {
	if s := r.substitution; s != nil && s.hasHereDocument && isLate {
		s.isReprinted = true
	}
}

// noteHereDocument: a here-document operator was read.
func (r *reader) noteHereDocument() {
	if s := r.substitution; s != nil {
		s.hasHereDocument = true
		if s.conditions > 0 {
			s.isReprinted = true
		}
	}
}

func (r *reader) processSubstitution(start, open int, within quoting) {
	direction := r.text[start : start+1]
	if within == hereDocument {
		r.inPlace(start, open, Part{Kind: Unsupported, Reason: syntaxError})
		return
	}
	r.inPlace(start, open, Part{Kind: ProcessSubstitution, Direction: direction})
}

// inPlace reads a substitution whose parenthesis stands at open.
func (r *reader) inPlace(start, open int, part Part) {
	if !r.enter() {
		r.swallowPart(start, limitExceeded)
		return
	}
	pending, outer, bareCompound := r.pending, r.substitution, r.bareCompound
	r.pending, r.substitution = nil, &substitution{}
	r.pass(open)
	body := r.list(atSubstitutionEnd)
	isOpen := !r.isSwallowed && r.fetchesBodies()
	if !r.isSwallowed && !isOpen {
		r.forgetBodies()
		if r.substitution.isReprinted {
			r.addReprinted(&body)
		}
		r.pass(r.pos)
	}
	r.pending, r.substitution, r.bareCompound = pending, outer, bareCompound
	r.leave()
	if isOpen {
		r.swallowPart(start, r.endReason())
		return
	}
	if part.Kind != Unsupported {
		part.Body = r.scriptStack.keep(body)
	}
	r.pushPart(start, part)
}

// fetchesBodies: here-documents still wait where a substitution ends, and bash would fetch their bodies from a later line.
func (r *reader) fetchesBodies() bool {
	return len(r.pending) > 0 && strings.IndexByte(r.text[r.pos:], '\n') >= 0
}

// addReprinted adds an unsupported command before the parenthesis.
func (r *reader) addReprinted(body *Script) {
	here := r.place(r.pos)
	span := base.Span{Start: here, End: here}
	height := r.itemStack.height()
	r.itemStack.live = append(r.itemStack.live, body.Items...)
	r.itemStack.push(r.itemOf(Command{Kind: Unsupported, Reason: reprintedHereDocument, Span: span}))
	*body = r.script(height)
}

// countedSubstitution reads a substitution whose end was found by counting; its text begins with the second parenthesis.
func (r *reader) countedSubstitution(start, from, end int) {
	if !r.enter() {
		r.swallowPart(start, limitExceeded)
		return
	}
	inner := r.inside(from, end)
	body := inner.wholeText()
	r.leave()
	r.pass(end)
	r.pushPart(start, Part{Kind: CommandSubstitution, Body: r.scriptStack.keep(body)})
}

// backticks reads from one backtick to the next; their text is a text of its own.
func (r *reader) backticks(within quoting) {
	start := r.pos
	end, ok := r.backtickEnd(start)
	to := end + 1
	if !ok {
		to = len(r.text)
	}
	if !r.countReread(start+1, to, backtickKind) || !ok {
		r.swallowPart(start, r.endReason())
		return
	}
	inner := r.unescaped(start+1, end, within == doubleQuoted)
	body := inner.wholeText()
	r.pass(end)
	r.pushPart(start, Part{Kind: CommandSubstitution, Body: r.scriptStack.keep(body)})
}

// unescaped is the text of backticks without its line continuations and protecting backslashes.
func (r *reader) unescaped(from, to int, quotes bool) reader {
	inner := r.inside(from, to)
	if strings.IndexByte(inner.text[from:], '\\') < 0 {
		return inner
	}
	var made derived
	for i := from; i < to; i++ {
		if r.text[i] == '\\' && i+1 < to {
			switch c := r.text[i+1]; {
			case c == '\n':
				i++
				continue
			case c == '`', c == '\\', c == '$', quotes && c == '"':
				made.add(r, i+1, r.place(i+1))
				i++
				continue
			}
		}
		made.add(r, i, r.place(i))
	}
	return made.reader(&inner, r.place(to))
}

// derived is a text made of characters of another, each with the place that it came from.
type derived struct {
	text   []byte
	places []int32
}

func (d *derived) add(r *reader, i, place int) {
	d.text = append(d.text, r.text[i])
	d.places = append(d.places, int32(place))
}

// reader makes a reader of the derived text in place of one of the original.
func (d *derived) reader(original *reader, end int) reader {
	made := *original
	made.text = string(d.text)
	made.places = append(d.places, int32(end))
	made.pos, made.last = 0, 0
	made.ends = nil
	return made
}
