// Words and unquoted text. Implements spec/shell.md sections 3.2, 5.1 and 5.2.

package shell

import (
	"unicode/utf8"

	"cavra.dev/runtime/base"
)

// unquotedKind is the kind of unquoted text: where it ends, and what has a meaning in it.
type unquotedKind uint8

const (
	ofWord unquotedKind = iota
	// ofBraces goes on over blanks and operators up to `}`, ofPattern also to `/`.
	ofBraces
	ofPattern
	// ofRegularExpression is the right side of `=~`, ofGroup parentheses in it.
	ofRegularExpression
	ofGroup
)

// quoting is what stands around an expansion.
type quoting uint8

const (
	bare quoting = iota
	doubleQuoted
	hereDocument
)

// word reads the word that stands here.
func (r *reader) word() Word { return r.wordOfKind(ofWord) }

func (r *reader) wordOfKind(kind unquotedKind) Word {
	r.peek()
	start, parts := r.pos, r.partStack.height()
	if r.words >= MaxWords {
		r.swallowPart(start, limitExceeded)
		return r.wordOf(start, parts)
	}
	r.last = start
	if kind == ofRegularExpression {
		r.regularExpression()
	} else {
		r.unquoted(kind, bare)
	}
	return r.endedWord(start, parts)
}

// wordAfter reads a word that begins with an unsupported part up to a position.
func (r *reader) wordAfter(start, end int, reason string) Word {
	parts := r.partStack.height()
	r.pass(end)
	r.unsupportedPart(start, reason)
	r.unquoted(ofWord, bare)
	return r.endedWord(start, parts)
}

// unendedWord is one unsupported part that swallows the rest.
func (r *reader) unendedWord(start int) Word {
	parts := r.partStack.height()
	r.swallowPart(start, r.endReason())
	return r.wordOf(start, parts)
}

// endedWord makes the word, and adds the cut to it where it ends exactly there.
func (r *reader) endedWord(start, parts int) Word {
	if r.isCut && !r.isSwallowed && r.last == len(r.text) {
		r.swallowPart(r.last, r.endReason())
	}
	return r.wordOf(start, parts)
}

// wordOf makes a word of the parts since a height; it has one empty literal where there are none.
func (r *reader) wordOf(start, parts int) Word {
	r.words++
	if r.partStack.height() == parts {
		r.partStack.push(Part{Kind: Literal, Span: r.from(start)})
	}
	taken := r.partStack.take(parts)
	return Word{Parts: taken, Span: base.Span{Start: taken[0].Span.Start, End: taken[len(taken)-1].Span.End}}
}

// plain is text without a meaning that is being collected: a piece of the text, or several that a line continuation parted.
type plain struct {
	isOpen     bool
	start, end int
	joined     []byte
}

func (p *plain) add(text string, from, to int) {
	switch {
	case !p.isOpen:
		p.isOpen, p.start, p.joined = true, from, nil
	case p.joined != nil:
		p.joined = append(p.joined, text[from:to]...)
	case p.end != from:
		p.joined = append(append(make([]byte, 0, p.end-p.start+to-from+16), text[p.start:p.end]...), text[from:to]...)
	}
	p.end = to
}

// addEscaped adds the character after a backslash; the backslash has a place, but is no text.
func (p *plain) addEscaped(text string, at, to int) {
	if p.isOpen && p.joined == nil {
		p.joined = append(make([]byte, 0, p.end-p.start+16), text[p.start:p.end]...)
	}
	if !p.isOpen {
		p.isOpen, p.start, p.joined = true, at, make([]byte, 0, 16)
	}
	p.joined = append(p.joined, text[to-1:to]...)
	p.end = to
}

// flush makes what was collected a part.
func (r *reader) flush(p *plain, kind string) {
	if !p.isOpen {
		return
	}
	text := r.text[p.start:p.end]
	if p.joined != nil {
		text = string(p.joined)
	}
	p.isOpen = false
	r.partStack.push(Part{Kind: kind, Text: text, Span: base.Span{Start: r.place(p.start), End: r.place(p.end)}})
}

// unquoted reads parts of unquoted text up to where it ends.
func (r *reader) unquoted(kind unquotedKind, within quoting) {
	var p plain
	r.unquotedOn(&p, kind, within)
}

// unquotedOn goes on with text that has begun.
func (r *reader) unquotedOn(p *plain, kind unquotedKind, within quoting) {
	special := inWordSpecial
	if kind != ofWord {
		special = inBracesSpecial
	}
	for !r.isSwallowed {
		i := r.pos
		for i < len(r.text) && classes[r.text[i]]&special == 0 {
			i++
		}
		if i > r.pos {
			p.add(r.text, r.pos, i)
			r.pass(i - 1)
		}
		if i == len(r.text) || r.endsUnquoted(kind, i) {
			break
		}
		r.special(p, kind, within)
	}
	r.flush(p, Literal)
}

func (r *reader) endsUnquoted(kind unquotedKind, i int) bool {
	c := r.text[i]
	switch kind {
	case ofWord:
		return is(c, breaks) && r.breaksWord(i)
	case ofPattern:
		return c == '}' || c == '/'
	}
	return c == '}'
}

// special reads what a special character begins, or takes it for text.
func (r *reader) special(p *plain, kind unquotedKind, within quoting) {
	start := r.pos
	if r.continues(start) {
		r.pos += 2
		return
	}
	switch r.text[start] {
	case '\\':
		r.flush(p, Literal)
		r.escape()
		return
	case '\'':
		r.flush(p, Literal)
		r.singleQuotes(start, start)
		return
	case '"':
		r.flush(p, Literal)
		r.doubleQuotes(start, start)
		return
	case '`':
		r.flush(p, Literal)
		r.backticks(bare)
		return
	case '$':
		if r.beginsExpansion(true) {
			r.flush(p, Literal)
			if kind == ofBraces || kind == ofPattern {
				r.noteSeemingBraces()
			}
			r.expansion(bare)
			return
		}
	case '<', '>':
		if c, at := r.after(start); c == '(' {
			r.flush(p, Literal)
			r.processSubstitution(start, at, within)
			return
		}
	case '\r':
		r.flush(p, Literal)
		r.pass(start)
		r.unsupportedPart(start, carriageReturn)
		return
	case '?', '*', '+', '@', '!':
		if kind == ofWord && r.globOrHistory(p) {
			return
		}
	}
	p.add(r.text, start, start+1)
	r.pass(start)
}

// escape reads a backslash and the character after it.
func (r *reader) escape() {
	start := r.pos
	if start+1 == len(r.text) {
		r.pass(start)
		r.partStack.push(Part{Kind: Quoted, Text: `\`, Span: r.from(start)})
		return
	}
	_, size := utf8.DecodeRuneInString(r.text[start+1:])
	r.pass(start + size)
	r.partStack.push(Part{Kind: Quoted, Text: r.text[start+1 : start+1+size], Span: r.from(start)})
}

// globOrHistory reads an extended glob or a history expansion.
func (r *reader) globOrHistory(p *plain) bool {
	start := r.pos
	c, at := r.after(start)
	if c == '(' {
		r.flush(p, Literal)
		end, ok := r.bracketEnd(at+1, patternKind)
		if !ok {
			r.swallowPart(start, r.endReason())
			return true
		}
		r.pass(end)
		r.unsupportedPart(start, extendedGlob)
		return true
	}
	if r.text[start] != '!' {
		return false
	}
	end, ok := r.historyEnd(c, at)
	if !ok {
		return false
	}
	r.flush(p, Literal)
	r.pass(end)
	r.unsupportedPart(start, historyExpansion)
	return true
}

// historyEnd gives the last character of a history expansion whose `!` is followed by c.
func (r *reader) historyEnd(c byte, at int) (int, bool) {
	switch c {
	case '!':
		return at, true
	case '-':
		end := at
		for next, i := r.after(at); is(next, isDigit); next, i = r.after(i) {
			end = i
		}
		return end, end > at
	case '$':
		next, _ := r.after(at)
		return at, !is(next, inName) && next != '(' && next != '{'
	}
	return 0, false
}
