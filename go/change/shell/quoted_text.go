// Text between quotes, in its five kinds. Implements spec/shell.md section 5.5.

package shell

// row is a row of the table in 5.5.
type row uint8

const (
	rowDouble row = iota
	rowHereDocument
	rowArithmetic
	rowSubscript
	rowOffset
	rowBraceDouble
	rowBraceHereDocument
	// rowPaired is rowBraceDouble between two single quotes, which alone end it.
	rowPaired
)

type rowRules struct {
	plain     string
	special   uint16
	protected string
	// refusesQuotes: `'` is an unsupported part, and so are `$'…'` and `$"…"`.
	refusesQuotes bool
}

var rows = [...]rowRules{
	rowDouble:            {plain: Quoted, special: inDoubleSpecial, protected: "$`\\\""},
	rowHereDocument:      {plain: Quoted, special: inHereDocumentSpecial, protected: "$`\\"},
	rowArithmetic:        {plain: Literal, special: inExpressionSpecial, protected: "$`\\\"", refusesQuotes: true},
	rowSubscript:         {plain: Literal, special: inExpressionSpecial, protected: "$`\\\"", refusesQuotes: true},
	rowOffset:            {plain: Literal, special: inExpressionSpecial, protected: "$`\\\"", refusesQuotes: true},
	rowBraceDouble:       {plain: Quoted, special: inBracesQuotedSpecial, protected: "$`\\\"}", refusesQuotes: true},
	rowBraceHereDocument: {plain: Quoted, special: inBracesQuotedSpecial, protected: "$`\\}", refusesQuotes: true},
	rowPaired:            {plain: Quoted, special: inBracesQuotedSpecial, protected: "$`\\\"}", refusesQuotes: true},
}

// depths is what the end of a text depends on: brackets in subscripts, parentheses and `?` in offsets.
type depths struct {
	brackets, parentheses, questions int
}

// quotedText reads parts up to where the text of this row ends; what ends it is left.
func (r *reader) quotedText(of row, within quoting) {
	rules := &rows[of]
	var p plain
	var depth depths
	for !r.isSwallowed {
		i := r.pos
		for i < len(r.text) && classes[r.text[i]]&rules.special == 0 {
			i++
		}
		if i > r.pos {
			p.add(r.text, r.pos, i)
			r.pass(i - 1)
		}
		if i == len(r.text) || r.endsQuoted(of, r.text[i], &depth) {
			break
		}
		if r.continues(i) {
			r.pos += 2
			continue
		}
		if r.text[i] == '\\' {
			r.backslash(&p, rules)
			continue
		}
		if !r.quotedSpecial(&p, of, within) {
			p.add(r.text, i, i+1)
			r.pass(i)
		}
	}
	r.flush(&p, rules.plain)
}

func (r *reader) endsQuoted(of row, c byte, depth *depths) bool {
	switch of {
	case rowDouble:
		return c == '"'
	case rowBraceDouble, rowBraceHereDocument:
		return c == '}'
	case rowSubscript:
		switch c {
		case '[':
			depth.brackets++
		case ']':
			depth.brackets--
			return depth.brackets < 0
		}
		return c == '}'
	case rowOffset:
		switch c {
		case '(':
			depth.parentheses++
		case ')':
			depth.parentheses = max(depth.parentheses-1, 0)
		case '?':
			if depth.parentheses == 0 {
				depth.questions++
			}
		case ':':
			if depth.parentheses > 0 {
				return false
			}
			depth.questions--
			return depth.questions < 0
		}
		return c == '}'
	}
	return false
}

// backslash takes the character that it protects, or both for text.
func (r *reader) backslash(p *plain, rules *rowRules) {
	i := r.pos
	if i+1 < len(r.text) {
		for j := 0; j < len(rules.protected); j++ {
			if rules.protected[j] == r.text[i+1] {
				p.addEscaped(r.text, i, i+2)
				r.pass(i + 1)
				return
			}
		}
	}
	p.add(r.text, i, i+1)
	r.pass(i)
	// The next character cannot begin anything: a backslash or a dollar would have been protected.
	if i+1 < len(r.text) {
		p.add(r.text, i+1, i+2)
		r.pass(i + 1)
	}
}

// quotedSpecial reads what the character begins, or says that it is text.
func (r *reader) quotedSpecial(p *plain, of row, within quoting) bool {
	rules := &rows[of]
	start := r.pos
	switch r.text[start] {
	case '`':
		r.flush(p, rules.plain)
		r.backticks(within)
		return true
	case '$':
		c, at := r.after(start)
		if rules.refusesQuotes && (c == '\'' || c == '"') {
			r.flush(p, rules.plain)
			r.refusedQuote(start, at)
			return true
		}
		if !r.beginsExpansion(false) {
			return false
		}
		r.flush(p, rules.plain)
		if of >= rowOffset {
			r.noteSeemingBraces()
		}
		r.expansion(within)
		return true
	case '"':
		if of == rowHereDocument {
			return false
		}
		r.flush(p, rules.plain)
		if of == rowBraceHereDocument {
			r.refusedQuote(start, start)
		} else {
			r.doubleQuotes(start, start)
		}
		return true
	case '\'':
		r.flush(p, rules.plain)
		if of == rowBraceDouble {
			r.pairedQuote()
		} else {
			r.refusedQuote(start, start)
		}
		return true
	case '<', '>':
		if c, _ := r.after(start); c == '(' {
			r.flush(p, rules.plain)
			r.swallowPart(start, syntaxError)
			return true
		}
	}
	return false
}

// refusedQuote covers a quote up to its partner.
func (r *reader) refusedQuote(start, quote int) {
	end, ok := r.quoteEnd(quote, quote > start)
	if !ok {
		r.swallowPart(start, r.endReason())
		return
	}
	r.pass(end)
	r.unsupportedPart(start, syntaxError)
}

// pairedQuote reads `'…'` in `"${a:-'…'}"`: bash looks for the partner, and then takes both for text.
func (r *reader) pairedQuote() {
	start := r.pos
	end, ok := r.quoteEnd(start, false)
	if !ok {
		r.swallowPart(start, r.endReason())
		return
	}
	r.pass(start)
	r.partStack.push(Part{Kind: Quoted, Text: "'", Span: r.from(start)})
	inner := r.inside(start+1, end)
	inner.substitution = r.substitution
	inner.quotedText(rowPaired, doubleQuoted)
	r.hasRefusedBraces = r.hasRefusedBraces || inner.hasRefusedBraces
	r.pass(end)
	r.partStack.push(Part{Kind: Quoted, Text: "'", Span: r.from(end)})
}
