// `[[ … ]]`. Implements spec/shell.md section 8.5.

package shell

const (
	unaryTests = "abcdefghkprstuwxznovGLNORS"
)

// testCommand reads a test, after its `[[`.
func (r *reader) testCommand(start int) Command {
	height := r.wordStack.height()
	ok := r.terms()
	if ok && !r.isSwallowed {
		word, end := r.reservedHere()
		ok = word == "]]"
		if ok {
			r.pass(end - 1)
		}
	}
	if !ok && !r.isSwallowed {
		r.wordStack.drop(height)
		if r.isTooDeep {
			return r.refused(start, limitExceeded)
		}
		return r.refused(start, r.refusal())
	}
	return Command{Kind: Test, Words: r.wordStack.take(height), Span: r.from(start)}
}

// terms reads terms joined by `&&` and `||`, or says that they are refused.
func (r *reader) terms() bool {
	for {
		if !r.term() {
			return false
		}
		if r.isSwallowed {
			return true
		}
		r.blanks()
		c := r.peek()
		next, at := r.after(r.pos)
		if c != next || c != '&' && c != '|' {
			return true
		}
		start := r.pos
		r.pass(at)
		r.testOperator(start, string([]byte{c, c}))
	}
}

// testOperator keeps an operator that was read as a word.
func (r *reader) testOperator(start int, text string) {
	parts := r.partStack.height()
	r.partStack.push(Part{Kind: Literal, Text: text, Span: r.from(start)})
	r.wordStack.push(r.wordOf(start, parts))
}

func (r *reader) term() bool {
	r.newlines()
	start := r.pos
	if r.peek() == '(' {
		return r.testGroup(start)
	}
	// At a cut it is a word like any other, which does not end there.
	if word, end := r.reservedHere(); word == "!" && !(r.isCut && end >= len(r.text)) {
		r.pass(end - 1)
		r.testOperator(start, "!")
		return r.term()
	}
	first, ok := r.operand(ofWord)
	if !ok || r.isSwallowed {
		return ok
	}
	if isUnary(&first) {
		if _, ok := r.operand(ofWord); !ok {
			return false
		}
		return r.endOfTerm()
	}
	operator, ok := r.binaryOperator()
	if !ok || operator == "" || r.isSwallowed {
		return ok
	}
	kind := ofWord
	if operator == "=~" {
		kind = ofRegularExpression
	}
	if _, ok := r.operand(kind); !ok {
		return false
	}
	return r.endOfTerm()
}

func (r *reader) endOfTerm() bool {
	if !r.isSwallowed {
		r.newlines()
	}
	return true
}

func (r *reader) testGroup(start int) bool {
	if !r.enter() {
		r.isTooDeep = true
		return false
	}
	defer r.leave()
	r.pass(start)
	r.testOperator(start, "(")
	if !r.terms() {
		return false
	}
	if r.isSwallowed {
		return true
	}
	r.blanks()
	if r.peek() != ')' {
		return false
	}
	end := r.pos
	r.pass(end)
	r.testOperator(end, ")")
	return r.endOfTerm()
}

// operand reads a word other than `]]`.
func (r *reader) operand(kind unquotedKind) (Word, bool) {
	r.blanksOnly()
	if kind == ofRegularExpression {
		if c := r.peek(); c != '(' && c != '|' && !r.beginsWord() {
			return Word{}, false
		}
	} else if !r.beginsWord() {
		return Word{}, false
	}
	if word, _ := r.reservedHere(); word == "]]" {
		return Word{}, false
	}
	if c := r.peek(); c == '{' || is(c, isDigit) {
		if _, ok := r.redirectHead(); ok {
			return Word{}, false
		}
	}
	word := r.wordOfKind(kind)
	r.wordStack.push(word)
	return word, true
}

func isUnary(word *Word) bool {
	if len(word.Parts) != 1 || word.Parts[0].Kind != Literal {
		return false
	}
	text := word.Parts[0].Text
	if len(text) != 2 || text[0] != '-' {
		return false
	}
	for i := range len(unaryTests) {
		if unaryTests[i] == text[1] {
			return true
		}
	}
	return false
}

// binaryOperator reads an operator, if one stands here; another word is refused.
func (r *reader) binaryOperator() (string, bool) {
	r.blanksOnly()
	start := r.pos
	if r.peek() == '#' {
		return "", false
	}
	if c := r.peek(); (c == '<' || c == '>') && r.breaksWord(r.pos) {
		start = r.pos
		if next, _ := r.after(start); next == '<' || next == '>' || next == '&' || next == '|' && c == '>' {
			return "", false
		}
		r.pass(start)
		text := r.text[start : start+1]
		r.testOperator(start, text)
		return text, true
	}
	if !r.beginsWord() {
		return "", true
	}
	if word, _ := r.reservedHere(); word == "]]" {
		return "", true
	}
	start = r.pos
	word, ok := r.operand(ofWord)
	if !ok || r.isSwallowed {
		return "", ok
	}
	if len(word.Parts) == 1 && word.Parts[0].Kind == Literal {
		switch text := word.Parts[0].Text; text {
		case "=", "==", "!=", "-nt", "-ot", "-ef", "-eq", "-ne", "-lt", "-le", "-gt", "-ge", "=~":
			return text, true
		}
	}
	// The refused token is this word, even where the text ends behind it.
	r.pos = start
	return "", false
}

// regularExpression reads the word after `=~`.
func (r *reader) regularExpression() {
	var p plain
	for !r.isSwallowed && r.pos < len(r.text) {
		c := r.text[r.pos]
		switch {
		case c == '|':
			p.add(r.text, r.pos, r.pos+1)
			r.pass(r.pos)
		case c == '(':
			r.flush(&p, Literal)
			r.expressionGroup()
		case is(c, breaks) && r.breaksWord(r.pos):
			r.flush(&p, Literal)
			return
		case is(c, inWordSpecial):
			r.special(&p, ofGroup, bare)
		default:
			p.add(r.text, r.pos, r.pos+1)
			r.pass(r.pos)
		}
	}
	r.flush(&p, Literal)
}

// expressionGroup reads `( … )` in a regular expression: bash finds its end by counting, so that it is a text of its own.
func (r *reader) expressionGroup() {
	start := r.pos
	end, ok := r.bracketEnd(start+1, patternKind)
	if !ok {
		r.swallowPart(start, r.endReason())
		return
	}
	inner := r.inside(start, end+1)
	inner.substitution = r.substitution
	inner.groupText()
	r.pass(end)
}

func (r *reader) groupText() {
	var p plain
	for !r.isSwallowed && r.pos < len(r.text) {
		i := r.pos
		c := r.text[i]
		switch {
		case is(c, breaks) && c != '|' && r.breaksWord(i):
			r.flush(&p, Literal)
			for i < len(r.text) && is(r.text[i], breaks) && r.text[i] != '|' && r.breaksWord(i) {
				i++
			}
			p.add(r.text, r.pos, i)
			r.pass(i - 1)
			r.flush(&p, Literal)
		case c != '|' && is(c, inWordSpecial):
			r.special(&p, ofGroup, bare)
		default:
			p.add(r.text, i, i+1)
			r.pass(i)
		}
	}
	r.flush(&p, Literal)
}
