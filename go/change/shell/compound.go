// Compound commands other than tests. Implements spec/shell.md sections 8.4 and 8.5.

package shell

import "strings"

// enclosed reads a list up to `)` or `}`.
func (r *reader) enclosed(start int, kind string, until stop) Command {
	body := r.scriptStack.keep(r.list(until))
	r.passStop()
	return Command{Kind: kind, Body: body, Span: r.from(start)}
}

// passStop passes the word or parenthesis that ended a list, and gives it.
func (r *reader) passStop() string {
	if r.isSwallowed {
		return ""
	}
	if r.peek() == ')' {
		r.pass(r.pos)
		return ")"
	}
	word, end := r.reserved()
	r.pass(end - 1)
	return word
}

// doubleParenthesis reads `(( … ))`, or a subshell that begins with a subshell.
func (r *reader) doubleParenthesis(start, second int) Command {
	inner, ok := r.bracketEnd(second+1, arithmeticKind)
	if !ok {
		return r.refused(start, r.endReason())
	}
	if !r.enter() {
		return r.refused(start, limitExceeded)
	}
	defer r.leave()
	c, end := r.after(inner)
	if c == ')' {
		word := r.expressionWord(second+1, inner)
		r.pass(end)
		return Command{Kind: Arithmetic, Expression: r.wordStack.keep(word), Span: r.from(start)}
	}
	r.pass(start)
	return r.enclosed(start, Subshell, atParenthesis)
}

func (r *reader) ifCommand(start int) Command {
	command := Command{Kind: If}
	for {
		clause := Clause{Condition: r.condition()}
		r.passStop()
		clause.Body = r.listOrNothing(atClauseEnd)
		command.Clauses = append(command.Clauses, clause)
		word := r.passStop()
		if word == "elif" {
			continue
		}
		if word == "else" {
			command.Otherwise = r.scriptStack.keep(r.list(atFi))
			r.passStop()
		}
		command.Span = r.from(start)
		return command
	}
}

func (r *reader) condition() Script {
	if r.substitution != nil {
		r.substitution.conditions++
		defer func(s *substitution) { s.conditions-- }(r.substitution)
	}
	return r.list(atThen)
}

// listOrNothing is an empty list where the rest was swallowed before it.
func (r *reader) listOrNothing(until stop) Script {
	if r.isSwallowed {
		return r.script(r.itemStack.height())
	}
	return r.list(until)
}

func (r *reader) loop(start int, kind string) Command {
	condition := r.scriptStack.keep(r.list(atDo))
	r.passStop()
	body := r.scriptStack.keep(r.listOrNothing(atDone))
	r.passStop()
	return Command{Kind: kind, Condition: condition, Body: body, Span: r.from(start)}
}

// forCommand reads `for` and `select`, after the keyword.
func (r *reader) forCommand(start int, isSelect bool) Command {
	command := r.forHead(start, isSelect)
	if command.Kind == Unsupported {
		return command
	}
	command.Span = r.from(start)
	if isSelect {
		return Command{Kind: Unsupported, Reason: selectLoop, Span: command.Span}
	}
	if command.Kind == For && !isName(command.Variable) {
		return Command{Kind: Unsupported, Reason: syntaxError, Span: command.Span}
	}
	return command
}

func (r *reader) forHead(start int, isSelect bool) Command {
	r.blanksOnly()
	if c := r.peek(); c == '(' && !isSelect {
		if next, at := r.after(r.pos); next == '(' {
			return r.arithmeticFor(start, at)
		}
	}
	if !r.beginsWord() {
		return r.refused(start, r.refusal())
	}
	command := Command{Kind: For, Variable: r.loopVariable()}
	if r.isSwallowed {
		return r.refused(start, headReason(isSelect, syntaxError))
	}
	r.blanks()
	isDirect := r.peek() != ';' && r.peek() != '\n'
	newlines := r.newlines()
	switch word, end := r.reservedHere(); {
	case word == "in":
		r.pass(end - 1)
		isDirect = false
		if !r.values(&command) {
			break
		}
	case r.peek() == ';' && newlines == 0:
		r.pos++
		r.newlines()
	}
	if r.isSwallowed {
		return command
	}
	if !r.loopBody(&command, isDirect) {
		return r.refused(start, r.refusal())
	}
	return command
}

// headReason: what swallows the rest inside of a `select` is the reason of the select.
func headReason(isSelect bool, otherwise string) string {
	if isSelect {
		return selectLoop
	}
	return otherwise
}

func (r *reader) reservedHere() (string, int) {
	if !is(r.peek(), beginsReserved) {
		return "", 0
	}
	return r.reserved()
}

// loopVariable is the text of a word that is one literal, or "".
func (r *reader) loopVariable() string {
	word := r.word()
	if len(word.Parts) == 1 && word.Parts[0].Kind == Literal {
		return word.Parts[0].Text
	}
	return ""
}

func isName(text string) bool {
	for i := 0; i < len(text); i++ {
		if !is(text[i], inName) {
			return false
		}
	}
	return text != "" && is(text[0], beginsName)
}

// values reads the words after `in`, and what ends them.
func (r *reader) values(command *Command) bool {
	height := r.wordStack.height()
	command.HasValues = true
	for !r.isSwallowed {
		r.blanks()
		c := r.peek()
		if c == ';' {
			next, _ := r.after(r.pos)
			if next != ';' && next != '&' {
				r.pos++
				r.newlines()
				break
			}
		}
		if c == '\n' {
			r.newlines()
			break
		}
		if !r.beginsWord() {
			r.wordStack.push(r.refusedWord())
			break
		}
		r.wordStack.push(r.word())
	}
	command.Values = r.wordStack.take(height)
	if r.isSwallowed {
		empty := r.scriptStack.keep(r.script(r.itemStack.height()))
		command.Body = empty
	}
	return !r.isSwallowed
}

// refusedWord is one unsupported part from the token that stands here.
func (r *reader) refusedWord() Word {
	start, parts := r.pos, r.partStack.height()
	r.swallowPart(start, r.refusal())
	return r.wordOf(start, parts)
}

// loopBody reads `do … done` or `{ … }`.
func (r *reader) loopBody(command *Command, isDirect bool) bool {
	word, end := r.reservedHere()
	until := atDone
	switch {
	case word == "do":
	case word == "{" && !isDirect:
		until = atBrace
	default:
		return false
	}
	r.pass(end - 1)
	command.Body = r.scriptStack.keep(r.list(until))
	r.passStop()
	return true
}

// arithmeticFor reads `for (( … ))`, behind `for`.
func (r *reader) arithmeticFor(start, second int) Command {
	inner, ok := r.bracketEnd(second+1, arithmeticKind)
	if !ok {
		return r.refused(start, r.endReason())
	}
	c, end := r.after(inner)
	if c != ')' {
		return r.refused(start, syntaxError)
	}
	word := r.expressionWord(second+1, inner)
	if !isThreefold(word.Parts) {
		return r.refused(start, syntaxError)
	}
	command := Command{Kind: ArithmeticFor, Expression: r.wordStack.keep(word)}
	r.pass(end)
	r.blanks()
	if r.peek() == ';' {
		r.pos++
	}
	r.newlines()
	if !r.loopBody(&command, false) {
		return r.refused(start, r.refusal())
	}
	return command
}

// isThreefold: the literal text holds exactly two semicolons.
func isThreefold(parts []Part) bool {
	semicolons := 0
	for i := range parts {
		if parts[i].Kind == Literal {
			semicolons += strings.Count(parts[i].Text, ";")
		}
	}
	return semicolons == 2
}

func (r *reader) caseCommand(start int) Command {
	r.blanksOnly()
	if !r.beginsWord() {
		return r.refused(start, r.refusal())
	}
	command := Command{Kind: Case, Subject: r.wordStack.keep(r.word())}
	if !r.isSwallowed {
		r.newlines()
		word, end := r.reservedHere()
		if word != "in" {
			return r.refused(start, r.refusal())
		}
		r.pass(end - 1)
	}
	for !r.isSwallowed {
		r.newlines()
		if word, end := r.reservedHere(); word == "esac" {
			r.pass(end - 1)
			break
		}
		command.Branches = append(command.Branches, r.branch())
	}
	command.Span = r.from(start)
	return command
}

func (r *reader) branch() Branch {
	branch := Branch{Ends: ";;"}
	height := r.wordStack.height()
	if r.peek() == '(' {
		r.pass(r.pos)
	}
	for !r.isSwallowed {
		r.blanksOnly()
		if !r.beginsWord() {
			r.wordStack.push(r.refusedWord())
			break
		}
		r.wordStack.push(r.word())
		if r.isSwallowed {
			break
		}
		r.blanksOnly()
		c := r.peek()
		if c == ')' {
			r.pass(r.pos)
			break
		}
		next, _ := r.after(r.pos)
		if c != '|' || next == '|' || next == '&' {
			r.wordStack.push(r.refusedWord())
			break
		}
		r.pass(r.pos)
	}
	branch.Patterns = r.wordStack.take(height)
	branch.Body = r.listOrNothing(atBranchEnd)
	if !r.isSwallowed && r.peek() == ';' {
		branch.Ends = r.branchEnd()
	}
	return branch
}

func (r *reader) branchEnd() string {
	c, at := r.after(r.pos)
	r.pass(at)
	if c == '&' {
		return ";&"
	}
	if next, third := r.after(at); next == '&' {
		r.pass(third)
		return ";;&"
	}
	return ";;"
}
