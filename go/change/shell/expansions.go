// What `$` begins, and arithmetic. Implements spec/shell.md sections 6.1 to 6.3.

package shell

// beginsExpansion: the `$` that stands here begins something; quotes only where they are read.
func (r *reader) beginsExpansion(quotes bool) bool {
	c, _ := r.after(r.pos)
	if is(c, inName|isParameter) || c == '(' || c == '{' || c == '[' {
		return true
	}
	return quotes && (c == '\'' || c == '"')
}

// expansion reads what the `$` that stands here begins.
func (r *reader) expansion(within quoting) {
	start := r.pos
	c, at := r.after(start)
	switch {
	case is(c, beginsName):
		name, last := r.nameAt(at)
		r.pass(last)
		r.pushPart(start, Part{Kind: Parameter, Name: name})
	case c == '(':
		r.dollarParenthesis(start, at)
	case c == '{':
		r.braced(start, at, within)
	case c == '[':
		r.squareArithmetic(start, at)
	case c == '\'':
		r.ansiQuotes(start, at)
	case c == '"':
		r.doubleQuotes(start, at)
	default:
		r.pass(at)
		r.pushPart(start, Part{Kind: Parameter, Name: r.text[at : at+1]})
	}
}

// dollarParenthesis reads `$(( … ))` or `$( … )`.
func (r *reader) dollarParenthesis(start, open int) {
	c, second := r.after(open)
	if c != '(' {
		r.inPlace(start, open, Part{Kind: CommandSubstitution})
		return
	}
	end, ok := r.bracketEnd(open+1, arithmeticKind)
	if !ok {
		r.swallowPart(start, r.endReason())
		return
	}
	if r.isArithmetic(second, end) {
		r.arithmeticPart(start, second+1, end-1, end)
		return
	}
	r.countedSubstitution(start, second, end)
}

// isArithmetic: the text before the outer parenthesis at end closes the inner one at second, and no parenthesis between them closes
// before it opens. Quotes are passed; one without a partner goes to the end.
func (r *reader) isArithmetic(second, end int) bool {
	inner := end - 1
	if inner <= second || r.text[inner] != ')' {
		return false
	}
	depth := 0
	for i := second + 1; i < inner; i++ {
		switch r.text[i] {
		case '\\':
			i++
		case '\'', '"':
			partner, ok := r.quoteEnd(i, false)
			if !ok {
				partner = inner
			}
			i = partner
		case '(':
			depth++
		case ')':
			depth--
			if depth < 0 {
				return false
			}
		}
	}
	return depth == 0
}

func (r *reader) squareArithmetic(start, open int) {
	end, ok := r.bracketEnd(open+1, squareKind)
	if !ok {
		r.swallowPart(start, r.endReason())
		return
	}
	r.arithmeticPart(start, open+1, end, end)
}

// arithmeticPart reads the text between two positions, and goes on behind the last bracket.
func (r *reader) arithmeticPart(start, from, to, last int) {
	parts := r.partStack.height()
	r.expressionParts(from, to)
	r.pass(last)
	r.pushPart(start, Part{Kind: Arithmetic, Parts: r.partStack.take(parts)})
}

// expressionParts reads a piece of the text as arithmetic, a text of its own.
func (r *reader) expressionParts(from, to int) {
	inner := r.inside(from, to)
	inner.quotedText(rowArithmetic, doubleQuoted)
}

// expressionWord is a piece of the text as a word of arithmetic.
func (r *reader) expressionWord(from, to int) Word {
	parts := r.partStack.height()
	inner := r.inside(from, to)
	inner.quotedText(rowArithmetic, doubleQuoted)
	inner.isSwallowed = false
	inner.last = to
	return inner.wordOf(from, parts)
}
