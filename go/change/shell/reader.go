// The place where reading stands, and what every part of the reader needs: the next character, places, limits, and refusing.
// Implements spec/shell.md sections 1.2, 1.4, 4.2 and 9.2.

package shell

import "cavra.dev/runtime/base"

// work is what one call of ReadShell has used so far, and the pieces of the tree that are not yet placed. Readers inside readers share it.
type work struct {
	words    int
	parts    int
	commands int
	nesting  int
	reread   int
	// rereadFrom are the places from which characters were counted in reread, each with its kind.
	rereadFrom map[bracketKey]bool
	// The nesting or the reread limit was passed: whatever has no end now has none because of it.
	exceeded bool

	partStack       stack[Part]
	wordStack       stack[Word]
	redirectStack   stack[Redirect]
	assignmentStack stack[Assignment]
	commandStack    stack[Command]
	stderrStack     stack[bool]
	restStack       stack[AndOr]
	itemStack       stack[ListItem]
	scriptStack     stack[Script]
	room            room
}

// room is enough for most commands, so that their stacks never grow.
type room struct {
	parts    [8]Part
	words    [8]Word
	commands [2]Command
	items    [2]ListItem
}

func newWork() *work {
	w := &work{}
	w.partStack.live, w.partStack.first = w.room.parts[:0], 4
	w.wordStack.live, w.wordStack.first = w.room.words[:0], 4
	w.commandStack.live = w.room.commands[:0]
	w.itemStack.live = w.room.items[:0]
	return w
}

// reader reads one text. `$( … )` is read by the same reader, since what is refused in it is refused for the whole text; backticks,
// here-document bodies and arithmetic have readers of their own.
type reader struct {
	*work
	// text ends where reading ends. It may begin before the reader's first character.
	text string
	// places[i] is where text[i] came from; nil when that is i.
	places []int32
	pos    int
	// last is the end of the last character that was read and is no blank, comment or continuation.
	last int
	// swallowedTo is the place where what swallows the rest ends.
	swallowedTo int
	// isCut: the text ends at a character that no text can hold.
	isCut bool
	// isSwallowed: nothing is left to read, and every open construct closes without complaint.
	isSwallowed bool
	// pending are the here-documents of this line, and substitution what is known about the innermost substitution.
	pending      []*pendingDocument
	substitution *substitution
	// hasRefusedBraces: the innermost `${` holds `$${`.
	hasRefusedBraces bool
	// isTooDeep: parentheses in a test were.
	isTooDeep bool
	// bareCompound: the last command was a compound command without redirects.
	bareCompound bool
	// ends remembers brackets that were found with substitutions in them, so that those are not read again each time.
	ends map[bracketKey]bracketEnd
}

func (r *reader) place(i int) int {
	if r.places == nil {
		return i
	}
	return int(r.places[i])
}

// from is the span from a position to the end of what was read last.
func (r *reader) from(start int) base.Span {
	return base.Span{Start: r.place(start), End: r.end()}
}

func (r *reader) end() int {
	if r.isSwallowed {
		return r.swallowedTo
	}
	return r.place(r.last)
}

// inside is a reader of its own for a piece of this text.
func (r *reader) inside(from, to int) reader {
	return reader{work: r.work, text: r.text[:to], places: r.places, pos: from, last: from, swallowedTo: r.place(to)}
}

// peek passes line continuations and gives the next character, or 0 at the end. No text holds a NUL.
func (r *reader) peek() byte {
	for r.pos < len(r.text) {
		if c := r.text[r.pos]; c != '\\' || !r.continues(r.pos) {
			return c
		}
		r.pos += 2
	}
	return 0
}

// continues: a line continuation stands at i.
func (r *reader) continues(i int) bool {
	return i+1 < len(r.text) && r.text[i] == '\\' && r.text[i+1] == '\n'
}

// after gives the character that follows the one at i, line continuations passed, and its position.
func (r *reader) after(i int) (byte, int) {
	i++
	for r.continues(i) {
		i += 2
	}
	if i < len(r.text) {
		return r.text[i], i
	}
	return 0, i
}

// pass goes on behind the character at i.
func (r *reader) pass(i int) {
	r.pos = i + 1
	r.last = r.pos
}

func (r *reader) blanks() {
	for {
		c := r.peek()
		if c == ' ' || c == '\t' {
			r.pos++
			continue
		}
		if c != '#' {
			return
		}
		for r.pos < len(r.text) && r.text[r.pos] != '\n' {
			r.pos++
		}
		return
	}
}

// blanksOnly leaves a comment where it is.
func (r *reader) blanksOnly() {
	for c := r.peek(); c == ' ' || c == '\t'; c = r.peek() {
		r.pos++
	}
}

// newlines passes newlines, blanks and comments, reads the here-documents that wait, and counts the newlines.
func (r *reader) newlines() int {
	count := 0
	for {
		r.blanks()
		if r.peek() != '\n' {
			return count
		}
		count++
		r.pos++
		if len(r.pending) > 0 {
			r.readBodies()
		}
	}
}

// enter goes one level deeper, or says that this would be too deep.
func (r *reader) enter() bool {
	if r.nesting >= MaxNestingLevels {
		r.exceeded = true
		return false
	}
	r.nesting++
	return true
}

func (r *reader) leave() { r.nesting-- }

func (r *reader) rereadsTooMuch() bool { return r.reread > MaxRereadCharacters }

// countReread counts the characters between two positions, not the bytes; false when they are too many. What is looked through from one place
// counts once: how often that happens differs from reader to reader.
func (r *reader) countReread(from, to int, kind bracketKind) bool {
	key := bracketKey{r.place(from), kind}
	if !r.rereadFrom[key] {
		if r.rereadFrom == nil {
			r.rereadFrom = map[bracketKey]bool{}
		}
		r.rereadFrom[key] = true
		for i := from; i < to; i++ {
			if r.text[i]&0xc0 != 0x80 {
				r.reread++
			}
		}
	}
	if r.rereadsTooMuch() {
		r.exceeded = true
	}
	return !r.rereadsTooMuch()
}

// endReason is why something has no end.
func (r *reader) endReason() string {
	switch {
	case r.exceeded:
		return limitExceeded
	case r.isCut:
		return invalidText
	}
	return unterminated
}

// refusal is the reason for the token that stands here.
func (r *reader) refusal() string {
	if r.peek() == 0 {
		return r.endReason()
	}
	return syntaxError
}

// swallow leaves nothing to read, and gives the span from a position on.
func (r *reader) swallow(start int) base.Span {
	span := base.Span{Start: r.place(start), End: r.swallowedTo}
	r.isSwallowed = true
	r.pos = len(r.text)
	r.last = r.pos
	return span
}

// refused is an unsupported command from a position on that swallows the rest.
func (r *reader) refused(start int, reason string) Command {
	return Command{Kind: Unsupported, Reason: reason, Span: r.swallow(start)}
}

// swallowPart is an unsupported part from a position on that swallows the rest.
func (r *reader) swallowPart(start int, reason string) {
	r.partStack.push(Part{Kind: Unsupported, Reason: reason, Span: r.swallow(start)})
}

// pushPart adds a part that is no plain text, or an unsupported one in its place where there are too many.
func (r *reader) pushPart(start int, part Part) {
	if r.parts >= MaxParts {
		r.swallowPart(start, limitExceeded)
		return
	}
	r.parts++
	part.Span = r.from(start)
	r.partStack.push(part)
}

// unsupportedPart covers what was read since a position.
func (r *reader) unsupportedPart(start int, reason string) {
	r.pushPart(start, Part{Kind: Unsupported, Reason: reason})
}
