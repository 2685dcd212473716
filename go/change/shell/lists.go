// Lists, and-or lists and pipelines. Implements spec/shell.md sections 8.6 to 8.8.

package shell

import "cavra.dev/runtime/base"

// stop is what ends a list.
type stop uint8

const (
	atEnd stop = iota
	atParenthesis
	atSubstitutionEnd
	atBranchEnd
	atBrace
	atThen
	atDo
	atDone
	atClauseEnd
	atFi
)

func (s stop) mayBeEmpty() bool { return s == atEnd || s == atSubstitutionEnd || s == atBranchEnd }

// list reads items up to what ends it, which is left to be read.
func (r *reader) list(until stop) Script {
	height := r.itemStack.height()
	afterSemicolon := false
	for {
		r.newlines()
		c := r.peek()
		if c == 0 && until == atEnd {
			break
		}
		if r.stopsHere(until, c, true) && (until.mayBeEmpty() || r.itemStack.height() > height) {
			break
		}
		r.noteItem(afterSemicolon)
		item := r.item()
		if !r.isSwallowed {
			afterSemicolon = r.separator(&item)
		}
		r.itemStack.push(item)
		if r.isSwallowed {
			break
		}
		r.blanks()
		c = r.peek()
		if afterSemicolon || item.Background || c == '\n' {
			continue
		}
		if c == 0 && until == atEnd || r.stopsHere(until, c, r.bareCompound) {
			break
		}
		r.itemStack.push(r.refusedItem(r.pos, r.refusal()))
		break
	}
	if until == atEnd && r.isCut && !r.isSwallowed {
		r.itemStack.push(r.refusedItem(len(r.text), r.endReason()))
	}
	return r.script(height)
}

// script is the items since a height of the stack; an empty list stands where reading stands.
func (r *reader) script(height int) Script {
	items := r.itemStack.take(height)
	if len(items) == 0 {
		end := r.place(r.pos)
		if r.isSwallowed {
			end = r.swallowedTo
		}
		return Script{Span: base.Span{Start: end, End: end}}
	}
	return Script{Items: items, Span: base.Span{Start: items[0].Span.Start, End: items[len(items)-1].Span.End}}
}

// stopsHere: what ends the list stands here. A reserved word counts only where one is read.
func (r *reader) stopsHere(until stop, c byte, reserved bool) bool {
	switch until {
	case atParenthesis, atSubstitutionEnd:
		return c == ')'
	case atBranchEnd:
		if c == ';' {
			next, _ := r.after(r.pos)
			return next == ';' || next == '&'
		}
	case atEnd:
		return false
	}
	if !reserved || !is(c, beginsReserved) {
		return false
	}
	word, _ := r.reserved()
	switch until {
	case atBranchEnd:
		return word == "esac"
	case atBrace:
		return word == "}"
	case atThen:
		return word == "then"
	case atDo:
		return word == "do"
	case atDone:
		return word == "done"
	case atClauseEnd:
		return word == "fi" || word == "elif" || word == "else"
	case atFi:
		return word == "fi"
	}
	return false
}

// separator passes `;` or `&`, and says whether it was `;`.
func (r *reader) separator(item *ListItem) bool {
	r.blanks()
	c := r.peek()
	if c != ';' && c != '&' {
		return false
	}
	next, _ := r.after(r.pos)
	if c == '&' {
		item.Background = true
		r.noteBackground()
		r.pass(r.pos)
		item.Span.End = r.end()
		return false
	}
	if next == ';' || next == '&' {
		return false
	}
	r.pos++
	return true
}

func (r *reader) refusedItem(start int, reason string) ListItem {
	return r.itemOf(r.refused(start, reason))
}

func (r *reader) itemOf(command Command) ListItem {
	return ListItem{First: r.pipelineOf(command), Span: command.Span}
}

func (r *reader) pipelineOf(command Command) Pipeline {
	height := r.commandStack.height()
	r.commandStack.push(command)
	return Pipeline{Commands: r.commandStack.take(height), Span: command.Span}
}

func (r *reader) item() ListItem {
	item := ListItem{First: r.pipeline()}
	height := r.restStack.height()
	for !r.isSwallowed {
		r.blanks()
		c := r.peek()
		if c != '&' && c != '|' {
			break
		}
		next, at := r.after(r.pos)
		if next != c {
			break
		}
		r.noteAndOr(r.restStack.height() > height || len(item.First.Commands) > 1)
		r.pass(at)
		r.newlines()
		operator := "&&"
		if c == '|' {
			operator = "||"
		}
		r.restStack.push(AndOr{Operator: operator, Pipeline: r.pipeline()})
	}
	item.Rest = r.restStack.take(height)
	item.Span = item.First.Span
	if len(item.Rest) > 0 {
		item.Span.End = item.Rest[len(item.Rest)-1].Pipeline.Span.End
	}
	return item
}

func (r *reader) pipeline() Pipeline {
	start := r.pos
	pipeline := Pipeline{}
	isEmpty := r.prefixes(&pipeline)
	height, pipes := r.commandStack.height(), r.stderrStack.height()
	if isEmpty {
		r.commandStack.push(r.emptyCommand())
	} else {
		r.commandStack.push(r.command(beginning))
	}
	for !r.isSwallowed && !isEmpty {
		r.blanks()
		if r.peek() != '|' {
			break
		}
		next, at := r.after(r.pos)
		if next == '|' {
			break
		}
		r.bareCompound = false
		if next == '&' {
			r.pass(at)
		} else {
			r.pass(r.pos)
		}
		r.stderrStack.push(next == '&')
		r.commandStack.push(r.command(afterPipe(next == '&', r.newlines())))
	}
	pipeline.Commands = r.commandStack.take(height)
	pipeline.Stderr = r.stderrStack.take(pipes)
	pipeline.Span = base.Span{Start: r.place(start), End: pipeline.Commands[len(pipeline.Commands)-1].Span.End}
	return pipeline
}

// prefixes passes every `!` and `time`, and says whether an empty command stands after them.
func (r *reader) prefixes(pipeline *Pipeline) bool {
	for {
		if !is(r.peek(), beginsReserved) {
			return false
		}
		word, end := r.reserved()
		switch word {
		case "!":
			pipeline.Negated = !pipeline.Negated
			r.pass(end - 1)
		case "time":
			pipeline.Timed = true
			r.pass(end - 1)
			r.timeOptions()
		default:
			return false
		}
		r.blanks()
		switch r.peek() {
		case 0, '\n':
			return true
		case ';':
			next, _ := r.after(r.pos)
			return next != ';' && next != '&'
		}
	}
}

// timeOptions passes `-p`, `--`, or both.
func (r *reader) timeOptions() {
	for _, option := range [2]byte{'p', '-'} {
		r.blanks()
		if r.peek() != '-' {
			return
		}
		c, at := r.after(r.pos)
		if c != option {
			continue
		}
		if _, next := r.after(at); next >= len(r.text) || r.breaksWord(next) {
			r.pass(at)
		}
	}
}

// emptyCommand stands for nothing after a lone `!` or `time`.
func (r *reader) emptyCommand() Command {
	if !r.countCommand() {
		return r.refused(r.pos, limitExceeded)
	}
	r.last = r.pos
	end := r.end()
	return Command{Kind: Simple, Span: base.Span{Start: end, End: end}}
}

func (r *reader) countCommand() bool {
	r.commands++
	return r.commands <= MaxCommands
}
