// Looks for the end of brackets, as bash does before it looks inside. Implements spec/shell.md section 5.6.

package shell

// bracketKind is a row of the table in 5.6.
type bracketKind uint8

const (
	bracesKind bracketKind = iota
	subscriptKind
	arithmeticKind
	squareKind
	patternKind
	// Backticks and bodies of here-documents are no brackets, and are counted like them.
	backtickKind
	bodyKind
)

var brackets = [...]struct {
	open, close byte
	counts      bool
	// dollar: `$(`, `${` and `$[` are passed as a whole, angles: `<(` and `>(`.
	parentheses, braces, angles bool
}{
	bracesKind:     {open: '{', close: '}', parentheses: true, braces: true, angles: true},
	subscriptKind:  {open: '[', close: ']', counts: true, parentheses: true, braces: true, angles: true},
	arithmeticKind: {open: '(', close: ')', counts: true, parentheses: true},
	squareKind:     {open: '[', close: ']', counts: true, parentheses: true},
	patternKind:    {open: '(', close: ')', counts: true},
}

type bracketKey struct {
	from int
	kind bracketKind
}

type bracketEnd struct {
	end int
	ok  bool
}

// bracketEnd gives the position of the closing bracket, looking from the character after the opening one.
func (r *reader) bracketEnd(from int, kind bracketKind) (int, bool) {
	if r.rereadsTooMuch() {
		return 0, false
	}
	key := bracketKey{from, kind}
	if known, ok := r.ends[key]; ok {
		return known.end, known.ok
	}
	if !r.enter() {
		return 0, false
	}
	search := search{reader: r, pos: from}
	end, ok := search.bracket(kind)
	r.leave()
	to := end + 1
	if !ok {
		to = len(r.text)
	}
	ok = r.countReread(from, to, kind) && ok
	if search.substitutions {
		if r.ends == nil {
			r.ends = map[bracketKey]bracketEnd{}
		}
		r.ends[key] = bracketEnd{end, ok}
	}
	return end, ok
}

// search is a look for an end; it moves nothing in the reader.
type search struct {
	*reader
	pos int
	// substitutions: some were read in full.
	substitutions bool
}

func (s *search) bracket(kind bracketKind) (int, bool) {
	rules := &brackets[kind]
	depth := 1
	dollar, angle := false, false
	for s.pos < len(s.text) {
		i := s.pos
		c := s.text[i]
		if !is(c, inBracketsSpecial) {
			s.pos++
			dollar, angle = false, false
			continue
		}
		if s.continues(i) {
			s.pos += 2
			continue
		}
		wasDollar, wasAngle := dollar, angle
		dollar, angle = c == '$' && !wasDollar, (c == '<' || c == '>') && !wasAngle
		s.pos++
		ok := true
		switch {
		case c == '\\':
			s.pos++
		case c == '\'' || c == '"' || c == '`':
			ok = s.quote(i, wasDollar)
		case wasDollar && c == '(' && rules.parentheses, wasAngle && c == '(' && rules.angles:
			ok = s.parenthesis(i)
		case wasDollar && c == '{' && rules.braces:
			ok = s.nested(bracesKind)
		case wasDollar && c == '[' && rules.braces:
			ok = s.nested(squareKind)
		case c == rules.open && rules.counts:
			depth++
		case c == rules.close:
			depth--
			if depth == 0 {
				return i, true
			}
		}
		if !ok {
			return 0, false
		}
	}
	s.pos = min(s.pos, len(s.text))
	return 0, false
}

// nested passes brackets inside brackets; the opening one was passed.
func (s *search) nested(kind bracketKind) bool {
	if !s.enter() {
		return false
	}
	_, ok := s.bracket(kind)
	s.leave()
	return ok
}

// parenthesis passes a substitution in full, or arithmetic; `(` stands at open.
func (s *search) parenthesis(open int) bool {
	if c, _ := s.after(open); c == '(' {
		return s.nested(arithmeticKind)
	}
	if !s.enter() {
		return false
	}
	defer s.leave()
	s.substitutions = true
	words, parts, commands := s.words, s.parts, s.commands
	r := *s.reader
	r.pos = open + 1
	r.last = r.pos
	r.pending = nil
	r.substitution = &substitution{}
	r.list(atSubstitutionEnd)
	s.reader.ends = r.ends
	s.words, s.parts, s.commands = words, parts, commands
	if r.isSwallowed || r.fetchesBodies() {
		return false
	}
	s.pos = r.pos + 1
	return true
}

// quote passes a quote that stands at i up to its partner.
func (s *search) quote(i int, afterDollar bool) bool {
	switch s.text[i] {
	case '\'':
		end, ok := s.quoteEnd(i, afterDollar)
		s.pos = end + 1
		return ok
	case '`':
		end, ok := s.backtickEnd(i)
		s.pos = end + 1
		return ok
	}
	return s.doubleQuotes()
}

// doubleQuotes passes `"…"` behind its first quote.
func (s *search) doubleQuotes() bool {
	if !s.enter() {
		return false
	}
	defer s.leave()
	dollar := false
	for s.pos < len(s.text) {
		i := s.pos
		c := s.text[i]
		wasDollar := dollar
		dollar = c == '$' && !wasDollar
		s.pos++
		ok := true
		switch {
		case c == '\\':
			s.pos++
		case c == '"':
			return true
		case c == '`':
			ok = s.quote(i, false)
		case wasDollar && c == '(':
			ok = s.parenthesis(i)
		case wasDollar && c == '{':
			ok = s.nested(bracesKind)
		case wasDollar && c == '[':
			ok = s.nested(squareKind)
		}
		if !ok {
			return false
		}
	}
	return false
}

// quoteEnd gives the position of a quote's partner.
func (r *reader) quoteEnd(quote int, afterDollar bool) (int, bool) {
	if r.text[quote] == '"' {
		search := search{reader: r, pos: quote + 1}
		ok := search.doubleQuotes()
		return search.pos - 1, ok
	}
	if afterDollar {
		return r.ansiEnd(quote)
	}
	for i := quote + 1; i < len(r.text); i++ {
		if r.text[i] == '\'' {
			return i, true
		}
	}
	return 0, false
}

// backtickEnd gives the position of the next backtick that has no backslash before it.
func (r *reader) backtickEnd(open int) (int, bool) {
	for i := open + 1; i < len(r.text); i++ {
		switch r.text[i] {
		case '\\':
			i++
		case '`':
			return i, true
		}
	}
	return 0, false
}
