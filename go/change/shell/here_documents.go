// Here-documents. Implements spec/shell.md section 7.3.

package shell

import (
	"strings"

	"cavra.dev/runtime/base"
)

// pendingDocument waits for its body.
type pendingDocument struct {
	delimiter string
	isQuoted  bool
	stripsTab bool
	target    *Word
}

// delimiter reads what stands after `<<`, and gives the target; until the body is read, it is unsupported.
func (r *reader) delimiter(stripsTabs bool) *Word {
	if word, ok := r.noTarget(false); ok {
		return r.wordStack.keep(word)
	}
	start := r.pos
	if len(r.pending) >= MaxPendingHereDocuments {
		parts := r.partStack.height()
		r.swallowPart(start, limitExceeded)
		return r.wordStack.keep(r.wordOf(start, parts))
	}
	height, words, counted := r.partStack.height(), r.words, r.parts
	word := r.word()
	if r.isSwallowed {
		return r.wordStack.keep(word)
	}
	r.words, r.parts = words, counted
	document := &pendingDocument{stripsTab: stripsTabs}
	var text []byte
	reason := r.delimiterText(word.Parts, &text, document)
	if reason == "" && len(text) == 0 && r.substitution != nil {
		reason = syntaxError
	}
	if reason != "" {
		r.swallowPart(start, reason)
		return r.wordStack.keep(r.wordOf(start, height))
	}
	document.delimiter = string(text)
	r.partStack.push(Part{Kind: Unsupported, Reason: unterminated, Span: r.from(start)})
	document.target = r.wordStack.keep(r.wordOf(start, height))
	r.pending = append(r.pending, document)
	return document.target
}

// delimiterText takes the quotes off; nothing in a delimiter is expanded.
func (r *reader) delimiterText(parts []Part, text *[]byte, document *pendingDocument) string {
	for i := range parts {
		part := &parts[i]
		switch part.Kind {
		case Literal:
			*text = append(*text, part.Text...)
		case Quoted:
			document.isQuoted = true
			*text = append(*text, part.Text...)
		case Double:
			document.isQuoted = true
			if reason := r.delimiterText(part.Parts, text, document); reason != "" {
				return reason
			}
		case Parameter:
			if part.Span.End-part.Span.Start != len(part.Name)+1 {
				return syntaxError
			}
			*text = append(append(*text, '$'), part.Name...)
		default:
			return syntaxError
		}
	}
	return ""
}

// readBodies reads the bodies of the here-documents that wait, behind a newline.
func (r *reader) readBodies() {
	pending := r.pending
	r.pending = r.pending[:0]
	for _, document := range pending {
		if !r.isSwallowed {
			r.readBody(document)
		}
	}
}

// forgetBodies: no line comes any more, so that the bodies are empty; unless the rest of the line was swallowed.
func (r *reader) forgetBodies() {
	if r.isSwallowed {
		return
	}
	for _, document := range r.pending {
		r.fill(document, r.pos, r.pos, nil)
	}
	r.pending = nil
}

// readBody reads lines up to the one that ends the body.
func (r *reader) readBody(document *pendingDocument) {
	start := r.pos
	var body derived
	isChanged := false
	end := len(r.text)
	for r.pos < len(r.text) {
		line := r.line(document)
		if line.endsBody {
			end = line.start
			break
		}
		if line.isChanged && !isChanged {
			isChanged = true
			for i := start; i < line.start; i++ {
				body.add(r, i, r.place(i))
			}
		}
		if isChanged {
			body.text = append(body.text, line.made.text...)
			body.places = append(body.places, line.made.places...)
		}
	}
	if !r.countReread(start, r.pos, bodyKind) {
		r.exceedBody(document, start)
		return
	}
	r.fill(document, start, end, pick(isChanged, &body))
}

// exceedBody gives up: the body is one unsupported part that swallows the rest.
func (r *reader) exceedBody(document *pendingDocument, start int) {
	parts := r.partStack.height()
	r.swallowPart(start, limitExceeded)
	*document.target = r.wordOf(start, parts)
}

func pick(isChanged bool, body *derived) *derived {
	if isChanged {
		return body
	}
	return nil
}

// bodyLine is a line of a body, continued ones joined.
type bodyLine struct {
	start     int
	made      derived
	isChanged bool
	endsBody  bool
}

// line reads the next line, and goes on behind it; or behind the delimiter, if that ends a substitution's line.
func (r *reader) line(document *pendingDocument) bodyLine {
	line := bodyLine{start: r.pos}
	for i := r.pos; ; i++ {
		if i == len(r.text) {
			r.pos = i
			line.made.text = append(line.made.text, '\n')
			line.made.places = append(line.made.places, int32(r.place(i)))
			line.isChanged = true
			break
		}
		if !document.isQuoted && r.text[i] == '\\' && i+1 < len(r.text) {
			if r.text[i+1] == '\n' {
				i++
				line.isChanged = true
				continue
			}
			line.made.add(r, i, r.place(i))
			i++
		}
		line.made.add(r, i, r.place(i))
		if r.text[i] == '\n' {
			r.pos = i + 1
			break
		}
	}
	r.endOf(&line, document)
	return line
}

// endOf strips tabs, and finds out whether the line ends the body.
func (r *reader) endOf(line *bodyLine, document *pendingDocument) {
	text := line.made.text[:len(line.made.text)-1]
	if document.stripsTab && string(text) != document.delimiter {
		tabs := 0
		for tabs < len(text) && text[tabs] == '\t' {
			tabs++
		}
		if tabs > 0 {
			line.isChanged = true
			line.made = derived{line.made.text[tabs:], line.made.places[tabs:]}
			text = text[tabs:]
		}
	}
	if string(text) == document.delimiter {
		line.endsBody = true
		return
	}
	length := len(document.delimiter)
	if r.substitution == nil || !strings.HasPrefix(string(text), document.delimiter) || strings.IndexByte(string(text[length:]), ')') < 0 {
		return
	}
	line.endsBody = true
	for r.place(r.pos) != int(line.made.places[length]) {
		r.pos--
	}
}

// fill makes the body of a here-document its target.
func (r *reader) fill(document *pendingDocument, from, to int, changed *derived) {
	inner := r.inside(from, to)
	if changed != nil {
		inner = changed.reader(&inner, r.place(to))
	}
	inner.last = inner.pos
	height := r.partStack.height()
	span := base.Span{Start: r.place(from), End: r.place(to)}
	text := inner.text[inner.pos:]
	if !document.isQuoted && text != "" {
		inner.quotedText(rowHereDocument, hereDocument)
	}
	if r.partStack.height() == height {
		r.partStack.push(Part{Kind: Quoted, Text: text, Span: span})
	}
	*document.target = Word{Parts: r.partStack.take(height), Span: span}
}
