// Assignments and arrays. Implements spec/shell.md section 8.2.

package shell

// assignmentHead is `name=`, `name+=`, or either after `name[…]`, before its value is read.
type assignmentHead struct {
	name string
	// open and closed are the places of the brackets; open is 0 without them.
	open, closed int
	append       bool
	// end is the position of `=`.
	end int
}

// assignmentHead looks for an assignment without reading it. Without one, end is 0, and closed says whether there are brackets.
func (r *reader) assignmentHead() (assignmentHead, bool) {
	if !is(r.peek(), beginsName) {
		return assignmentHead{}, true
	}
	name, last := r.nameAt(r.pos)
	head := assignmentHead{name: name}
	c, at := r.after(last)
	if c == '[' {
		head.open = at
		closed, ok := r.bracketEnd(at+1, subscriptKind)
		if !ok {
			return head, false
		}
		head.closed = closed
		c, at = r.after(closed)
	}
	if c == '+' {
		head.append = true
		c, at = r.after(at)
	}
	if c == '=' {
		head.end = at
	}
	return head, true
}

// leading reads what stands before the program or is it: an assignment, or a word. It says which.
func (r *reader) leading() (Word, bool) {
	start := r.pos
	head, ok := r.assignmentHead()
	switch {
	case !ok:
		return r.unendedWord(start), false
	case head.end > 0:
		r.pass(head.end)
		r.assignmentStack.push(r.assigned(start, head))
		return Word{}, true
	case head.closed > 0 && r.holdsBreaking(head.open+1, head.closed):
		return r.wordAfter(start, head.closed, subscriptedDeclaration), false
	}
	return r.word(), false
}

// declaredArray reads `name=( … )` among the arguments of a declaration.
func (r *reader) declaredArray() bool {
	if !is(r.peek(), beginsName) {
		return false
	}
	start := r.pos
	name, last := r.nameAt(r.pos)
	head := assignmentHead{name: name}
	c, at := r.after(last)
	if c == '+' {
		head.append = true
		c, at = r.after(at)
	}
	if c != '=' {
		return false
	}
	if open, _ := r.after(at); open != '(' {
		return false
	}
	r.pass(at)
	r.assignmentStack.push(r.assigned(start, head))
	return true
}

// beginsSubscripted: a name and `[` stand here.
func (r *reader) beginsSubscripted() bool {
	if !is(r.peek(), beginsName) {
		return false
	}
	_, last := r.nameAt(r.pos)
	c, _ := r.after(last)
	return c == '['
}

func (r *reader) holdsBreaking(from, to int) bool {
	for i := from; i < to; i++ {
		// A backslash takes the next character with it; a line continuation is nothing.
		if r.text[i] == '\\' {
			i++
			if i < to && r.text[i] == '\n' {
				continue
			}
		}
		if i < to && is(r.text[i], breaks) {
			return true
		}
	}
	return false
}

// nameAt gives the name that begins at i, and the position of its last character.
func (r *reader) nameAt(i int) (string, int) {
	last := i
	isWhole := true
	var joined []byte
	for next := i; ; {
		c, at := r.after(next)
		if !is(c, inName) {
			break
		}
		if at != next+1 && isWhole {
			isWhole = false
			joined = append(joined, r.text[i:next+1]...)
		}
		if !isWhole {
			joined = append(joined, c)
		}
		next, last = at, at
	}
	if isWhole {
		return r.text[i : last+1], last
	}
	return string(joined), last
}

// assigned reads the value, after the `=`.
func (r *reader) assigned(start int, head assignmentHead) Assignment {
	assignment := Assignment{Name: head.name, Append: head.append}
	if head.open > 0 {
		assignment.Subscript = r.wordStack.keep(r.expressionWord(head.open+1, head.closed))
	}
	c := r.peek()
	switch {
	case c == '(':
		r.array(&assignment)
	case r.wordGoesOn():
		assignment.Value = r.wordStack.keep(r.word())
	}
	assignment.Span = r.from(start)
	return assignment
}

// wordGoesOn: a character of a word stands here, `#` included.
func (r *reader) wordGoesOn() bool {
	return r.peek() != 0 && !r.breaksWord(r.pos)
}

// beginsWord: a word can begin here.
func (r *reader) beginsWord() bool { return r.wordGoesOn() && r.peek() != '#' }

// array reads `( … )` after `=`.
func (r *reader) array(assignment *Assignment) {
	start := r.pos
	r.pass(r.pos)
	height, parts := r.wordStack.height(), r.partStack.height()
	for !r.isSwallowed {
		r.newlines()
		if r.peek() == ')' {
			break
		}
		from := r.pos
		if !r.beginsWord() {
			r.refusedArray(assignment, start, height, r.refusal())
			return
		}
		word := r.element()
		if r.substitution != nil && hasBackslash(r.text[from:r.last]) {
			r.refusedArray(assignment, start, height, syntaxError)
			return
		}
		r.wordStack.push(word)
	}
	isGlued := false
	if !r.isSwallowed {
		r.pass(r.pos)
		isGlued = r.wordGoesOn()
	}
	if isGlued {
		r.word()
	}
	if isGlued || assignment.Subscript != nil {
		r.wordStack.drop(height)
		r.unsupportedPart(start, syntaxError)
		assignment.Value = r.wordStack.keep(r.wordOf(start, parts))
		return
	}
	assignment.Elements = r.wordStack.take(height)
	assignment.IsArray = true
}

func (r *reader) refusedArray(assignment *Assignment, start, height int, reason string) {
	r.wordStack.drop(height)
	parts := r.partStack.height()
	r.swallowPart(start, reason)
	assignment.Value = r.wordStack.keep(r.wordOf(start, parts))
}

func hasBackslash(text string) bool {
	for i := 0; i < len(text); i++ {
		if text[i] == '\\' {
			return true
		}
	}
	return false
}

// element reads one element of an array; a `[key]=` at its beginning is unsupported.
func (r *reader) element() Word {
	if r.peek() != '[' {
		return r.word()
	}
	start := r.pos
	closed, ok := r.bracketEnd(start+1, subscriptKind)
	if !ok {
		return r.unendedWord(start)
	}
	c, at := r.after(closed)
	if c == '+' {
		c, at = r.after(at)
	}
	if c == '=' {
		return r.wordAfter(start, at, subscriptedDeclaration)
	}
	if r.holdsBreaking(start+1, closed) {
		return r.wordAfter(start, closed, subscriptedDeclaration)
	}
	return r.word()
}
