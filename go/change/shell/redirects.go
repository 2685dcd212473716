// Redirects. Implements spec/shell.md sections 7.1 and 7.2.

package shell

const largestDescriptor = 2_147_483_647

// redirectHead is what stands before a redirect's operator.
type redirectHead struct {
	fd       int
	variable string
	// at is the position of the operator.
	at int
}

// redirect reads a redirect, if one stands here.
func (r *reader) redirect() bool {
	head, ok := r.redirectHead()
	if !ok {
		return false
	}
	start := r.pos
	r.pos = head.at
	redirect := Redirect{Fd: head.fd, Variable: head.variable, Operator: r.redirectOperator()}
	height := r.redirectStack.height()
	switch redirect.Operator {
	case "<<", "<<-":
		r.noteHereDocument()
		redirect.Target = r.delimiter(redirect.Operator == "<<-")
	default:
		redirect.Target = r.wordStack.keep(r.target(redirect.Operator))
	}
	r.redirectStack.drop(height)
	redirect.Span = r.from(start)
	r.redirectStack.push(redirect)
	return true
}

// redirectHead looks for a redirect without reading it.
func (r *reader) redirectHead() (redirectHead, bool) {
	head := redirectHead{fd: -1}
	c := r.peek()
	head.at = r.pos
	switch {
	case c == '&':
		next, _ := r.after(r.pos)
		return head, next == '>'
	case c == '<' || c == '>':
		return head, r.breaksWord(r.pos)
	case is(c, isDigit):
		return r.gluedNumber()
	case c == '{':
		return r.gluedVariable()
	}
	return head, false
}

// gluedNumber looks for digits glued to a redirect.
func (r *reader) gluedNumber() (redirectHead, bool) {
	value := 0
	c, at := r.text[r.pos], r.pos
	for is(c, isDigit) {
		if value <= largestDescriptor {
			value = value*10 + int(c-'0')
		}
		c, at = r.after(at)
	}
	isGlued := (c == '<' || c == '>') && r.breaksWord(at) && value <= largestDescriptor
	return redirectHead{fd: value, at: at}, isGlued
}

// gluedVariable looks for `{name}` or `{name[key]}` glued to a redirect.
func (r *reader) gluedVariable() (redirectHead, bool) {
	c, at := r.after(r.pos)
	if !is(c, beginsName) {
		return redirectHead{}, false
	}
	name, last := r.nameAt(at)
	c, at = r.after(last)
	if c == '[' {
		key := []byte{'['}
		c, at = r.after(at)
		for is(c, inName) || c == '@' || c == '*' {
			key = append(key, c)
			c, at = r.after(at)
		}
		if c != ']' || len(key) == 1 {
			return redirectHead{}, false
		}
		name += string(append(key, ']'))
		c, at = r.after(at)
	}
	if c != '}' {
		return redirectHead{}, false
	}
	c, at = r.after(at)
	return redirectHead{fd: -1, variable: name, at: at}, (c == '<' || c == '>') && r.breaksWord(at)
}

// redirectOperator reads the longest operator.
func (r *reader) redirectOperator() string {
	first := r.peek()
	r.pass(r.pos)
	second, at := r.after(r.last - 1)
	operator := ""
	switch {
	case first == '&':
		r.pass(at)
		if third, next := r.after(at); third == '>' {
			r.pass(next)
			return "&>>"
		}
		return "&>"
	case first == '>':
		switch second {
		case '>':
			operator = ">>"
		case '|':
			operator = ">|"
		case '&':
			operator = ">&"
		default:
			return ">"
		}
	default:
		switch second {
		case '<':
			operator = "<<"
		case '>':
			operator = "<>"
		case '&':
			operator = "<&"
		default:
			return "<"
		}
	}
	r.pass(at)
	if operator == "<<" {
		third, next := r.after(at)
		switch third {
		case '-':
			operator = "<<-"
			r.pass(next)
		case '<':
			operator = "<<<"
			r.pass(next)
		}
	}
	return operator
}

// target reads the word after an operator other than that of a here-document.
func (r *reader) target(operator string) Word {
	duplicates := operator == "<&" || operator == ">&"
	if word, ok := r.noTarget(duplicates); ok {
		return word
	}
	if duplicates && r.peek() == '-' {
		start, parts := r.pos, r.partStack.height()
		r.pass(start)
		r.partStack.push(Part{Kind: Literal, Text: "-", Span: r.from(start)})
		return r.wordOf(start, parts)
	}
	return r.word()
}

// noTarget is the unsupported target where no word can begin.
func (r *reader) noTarget(duplicates bool) (Word, bool) {
	r.blanksOnly()
	parts := r.partStack.height()
	if !r.beginsWord() {
		start := r.pos
		reason := syntaxError
		if r.isCut && r.peek() == 0 {
			reason = invalidText
		}
		r.swallowPart(start, reason)
		return r.wordOf(start, parts), true
	}
	if c := r.peek(); c == '{' || !duplicates && is(c, isDigit) {
		if _, ok := r.redirectHead(); ok {
			start := r.pos
			r.swallowPart(start, gluedRedirect)
			return r.wordOf(start, parts), true
		}
	}
	return Word{}, false
}
