// `${ … }`. Implements spec/shell.md section 6.1.

package shell

import "cavra.dev/runtime/base"

// refusedParameter is why `${ … }` is none that can be read; "" when it is one.
type refusedParameter = string

// braced reads `${ … }`; the brace stands at open.
func (r *reader) braced(start, open int, within quoting) {
	if !r.enter() {
		r.swallowPart(start, limitExceeded)
		return
	}
	parts, words := r.partStack.height(), r.wordStack.height()
	outer := r.hasRefusedBraces
	r.hasRefusedBraces = false
	r.pass(open)
	part, refused := r.parameter(within)
	if refused == "" && !r.isSwallowed {
		if r.peek() != '}' || r.hasRefusedBraces {
			refused = syntaxError
		} else {
			r.pass(r.pos)
		}
	}
	r.hasRefusedBraces = outer
	r.leave()
	if refused == "" || r.isSwallowed {
		r.pushPart(start, part)
		return
	}
	r.partStack.drop(parts)
	r.wordStack.drop(words)
	end, ok := r.bracketEnd(open+1, bracesKind)
	if !ok {
		r.swallowPart(start, r.endReason())
		return
	}
	r.pass(end)
	r.unsupportedPart(start, refused)
}

// noteSeemingBraces: in `$${` bash sees the beginning of other braces.
func (r *reader) noteSeemingBraces() {
	c, at := r.after(r.pos)
	if next, _ := r.after(at); c == '$' && at == r.pos+1 && next == '{' {
		r.hasRefusedBraces = true
	}
}

// parameter reads what stands between the braces.
func (r *reader) parameter(within quoting) (Part, refusedParameter) {
	part := Part{Kind: Parameter}
	c := r.peek()
	switch {
	case c == '!':
		if next, _ := r.after(r.pos); next != '}' {
			return r.indices(part)
		}
	case c == '#':
		if next, _ := r.after(r.pos); next != '}' {
			return r.length(part)
		}
	}
	if !r.parameterName(&part) {
		return part, syntaxError
	}
	if r.isSwallowed {
		return part, ""
	}
	if is(c, beginsName) && r.peek() == '[' {
		if !r.subscript(&part) {
			return part, syntaxError
		}
		if r.isSwallowed {
			return part, ""
		}
	}
	return r.operator(part, within)
}

// parameterName reads a name, digits, or one special character.
func (r *reader) parameterName(part *Part) bool {
	c := r.peek()
	start := r.pos
	switch {
	case is(c, beginsName):
		name, last := r.nameAt(start)
		part.Name = name
		r.pass(last)
	case is(c, isDigit):
		end := start
		for end+1 < len(r.text) && is(r.text[end+1], isDigit) {
			end++
		}
		r.pass(end)
		part.Name = r.text[start : end+1]
		if next, at := r.after(end); is(next, isDigit) && at > end+1 {
			return false
		}
	case is(c, isParameter):
		r.pass(start)
		part.Name = r.text[start : start+1]
	default:
		return false
	}
	return true
}

// indices reads `${!name[@]}`; every other `${!…}` names a variable that cannot be known.
func (r *reader) indices(part Part) (Part, refusedParameter) {
	r.pass(r.pos)
	if !is(r.peek(), beginsName) || !r.parameterName(&part) || r.peek() != '[' {
		return part, indirectExpansion
	}
	c, at := r.after(r.pos)
	closing, closed := r.after(at)
	next, _ := r.after(closed)
	if c != '@' && c != '*' || closing != ']' || next != '}' {
		return part, indirectExpansion
	}
	parts := r.partStack.height()
	span := base.Span{Start: r.place(at), End: r.place(at + 1)}
	r.partStack.push(Part{Kind: Literal, Text: r.text[at : at+1], Span: span})
	r.words++
	part.Subscript = r.wordStack.keep(Word{Parts: r.partStack.take(parts), Span: span})
	part.Operator = "!indices"
	r.pass(closed)
	return part, ""
}

// length reads `${#name}`; no operator can follow.
func (r *reader) length(part Part) (Part, refusedParameter) {
	r.pass(r.pos)
	c := r.peek()
	if !r.parameterName(&part) {
		return part, syntaxError
	}
	if is(c, beginsName) && r.peek() == '[' && !r.subscript(&part) {
		return part, syntaxError
	}
	part.Operator = "#length"
	return part, ""
}

// subscript reads `[…]` after a name.
func (r *reader) subscript(part *Part) bool {
	open := r.pos
	r.pass(open)
	parts := r.partStack.height()
	from := r.pos
	r.quotedText(rowSubscript, doubleQuoted)
	if !r.isSwallowed && (r.peek() != ']' || r.partStack.height() == parts) {
		r.partStack.drop(parts)
		return false
	}
	part.Subscript = r.wordStack.keep(r.wordOf(from, parts))
	if !r.isSwallowed {
		r.pass(r.pos)
	}
	return true
}

// operator reads an operator and its arguments.
func (r *reader) operator(part Part, within quoting) (Part, refusedParameter) {
	c := r.peek()
	if c == 0 || c == '}' {
		return part, ""
	}
	start := r.pos
	second := byte(0)
	if start+1 < len(r.text) {
		second = r.text[start+1]
	}
	length := 1
	switch c {
	case ':':
		if second == '-' || second == '=' || second == '?' || second == '+' {
			length = 2
		} else {
			return r.offsets(part)
		}
	case '-', '=', '?', '+':
	case '#', '%', '^', ',':
		if second == c {
			length = 2
		}
	case '/':
		if second == '/' || second == '#' || second == '%' {
			length = 2
		}
	case '@':
		return part, transformingExpansion
	default:
		return part, syntaxError
	}
	part.Operator = r.text[start : start+length]
	r.pass(start + length - 1)
	return r.arguments(part, c, within)
}

// arguments reads the arguments of an operator other than `:`.
func (r *reader) arguments(part Part, c byte, within quoting) (Part, refusedParameter) {
	height := r.wordStack.height()
	switch c {
	case '^', ',':
		if r.peek() != '}' {
			r.wordStack.push(r.bracesWord(ofBraces, within))
		}
	case '#', '%':
		r.wordStack.push(r.bracesWord(ofBraces, within))
	case '/':
		r.wordStack.push(r.patternWord(part.Operator == "//", within))
		if !r.isSwallowed && r.peek() == '/' {
			r.pass(r.pos)
			r.wordStack.push(r.bracesWord(ofBraces, within))
		}
	default:
		switch within {
		case bare:
			r.wordStack.push(r.bracesWord(ofBraces, within))
		case doubleQuoted:
			r.wordStack.push(r.quotedWord(rowBraceDouble, within))
		default:
			r.wordStack.push(r.quotedWord(rowBraceHereDocument, within))
		}
	}
	part.Arguments = r.wordStack.take(height)
	return part, ""
}

// offsets reads an offset and perhaps a length.
func (r *reader) offsets(part Part) (Part, refusedParameter) {
	part.Operator = ":"
	r.pass(r.pos)
	height, start := r.wordStack.height(), r.pos
	if r.peek() == '}' {
		return part, syntaxError
	}
	// An empty offset stands where the operator ends, whatever line continuations are behind it.
	r.pos = start
	r.wordStack.push(r.quotedWord(rowOffset, doubleQuoted))
	if !r.isSwallowed && r.peek() == ':' {
		r.pass(r.pos)
		r.wordStack.push(r.quotedWord(rowOffset, doubleQuoted))
	}
	part.Arguments = r.wordStack.take(height)
	return part, ""
}

// bracesWord reads unquoted text that goes on to `}`, or to `/`.
func (r *reader) bracesWord(kind unquotedKind, within quoting) Word {
	start, parts := r.pos, r.partStack.height()
	r.last = start
	r.unquoted(kind, within)
	return r.wordOf(start, parts)
}

// patternWord reads the pattern of `/`; after `//` a slash is its first character.
func (r *reader) patternWord(takesSlash bool, within quoting) Word {
	start, parts := r.pos, r.partStack.height()
	r.last = start
	if takesSlash && r.peek() == '/' {
		slash := r.pos
		r.pass(slash)
		var p plain
		p.add(r.text, slash, slash+1)
		r.unquotedOn(&p, ofPattern, within)
	} else {
		r.unquoted(ofPattern, within)
	}
	return r.wordOf(start, parts)
}

func (r *reader) quotedWord(of row, within quoting) Word {
	start, parts := r.pos, r.partStack.height()
	r.last = start
	r.quotedText(of, within)
	return r.wordOf(start, parts)
}
