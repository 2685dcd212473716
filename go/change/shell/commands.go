// Which command stands here. Implements spec/shell.md sections 8.1, 8.3 and 8.4.

package shell

// position is where a command stands; it decides what `time` and `!` are.
type position uint8

const (
	beginning position = iota
	pipedSameLine
	pipedElsewhere
)

func afterPipe(withErrors bool, newlines int) position {
	if newlines == 0 || newlines == 1 && !withErrors {
		return pipedSameLine
	}
	return pipedElsewhere
}

func (r *reader) command(where position) Command {
	r.bareCompound = false
	start := r.pos
	if !r.countCommand() {
		return r.refused(start, limitExceeded)
	}
	c := r.peek()
	start = r.pos
	if c == '(' {
		return r.compound("(")
	}
	if is(c, beginsReserved) {
		word, end := r.reserved()
		switch word {
		case "":
		case "time":
			if where != pipedSameLine {
				return r.refused(start, syntaxError)
			}
		case "function":
			return r.functionKeyword(end)
		case "coproc":
			return r.coproc(end)
		default:
			return r.compound(word)
		}
	}
	return r.simple()
}

// beginsCompound gives the word that begins the compound command that stands here, or "".
func (r *reader) beginsCompound() string {
	c := r.peek()
	if c == '(' {
		return "("
	}
	if is(c, beginsReserved) {
		switch word, _ := r.reserved(); word {
		case "if", "case", "for", "select", "while", "until", "{", "[[":
			return word
		}
	}
	return ""
}

// compound reads a compound command with its redirects, or refuses the reserved word.
func (r *reader) compound(word string) Command {
	start := r.pos
	command := r.compoundBody(word)
	if r.isSwallowed {
		return command
	}
	r.redirects(&command)
	command.Span = r.from(start)
	r.bareCompound = len(command.Redirects) == 0
	if command.Kind == Unsupported {
		command.Redirects = nil
	}
	return command
}

func (r *reader) compoundBody(word string) Command {
	start := r.pos
	switch word {
	case "(", "{", "if", "while", "until", "for", "select", "case", "[[":
	default:
		return r.refused(start, r.refusal())
	}
	if word == "(" {
		if c, at := r.after(r.pos); c == '(' {
			return r.doubleParenthesis(start, at)
		}
	}
	if !r.enter() {
		return r.refused(start, limitExceeded)
	}
	defer r.leave()
	if word == "(" {
		r.pass(start)
		return r.enclosed(start, Subshell, atParenthesis)
	}
	_, end := r.reserved()
	r.pass(end - 1)
	switch word {
	case "{":
		return r.enclosed(start, Group, atBrace)
	case "if":
		return r.ifCommand(start)
	case "while":
		return r.loop(start, While)
	case "until":
		return r.loop(start, Until)
	case "for", "select":
		return r.forCommand(start, word == "select")
	case "case":
		return r.caseCommand(start)
	}
	return r.testCommand(start)
}

// redirects reads what follows a compound command.
func (r *reader) redirects(command *Command) {
	height := r.redirectStack.height()
	for !r.isSwallowed {
		r.blanks()
		if !r.redirect() {
			break
		}
	}
	command.Redirects = r.redirectStack.take(height)
}

// functionKeyword reads `function name`, after its keyword.
func (r *reader) functionKeyword(end int) Command {
	start := r.pos
	r.pass(end - 1)
	r.blanksOnly()
	if !r.beginsWord() {
		return r.refused(start, r.refusal())
	}
	name := r.word()
	if r.isSwallowed {
		return r.functionOf(start, name, start)
	}
	r.blanks()
	if r.peek() == '(' {
		if at, ok := r.emptyParentheses(); ok {
			r.pass(at)
		}
	}
	return r.functionOf(start, name, start)
}

// emptyParentheses: `( )` stands here; and where it ends.
func (r *reader) emptyParentheses() (int, bool) {
	c, at := r.after(r.pos)
	for c == ' ' || c == '\t' {
		c, at = r.after(at)
	}
	return at, c == ')'
}

// functionOf reads a function's body, after its name and parentheses.
func (r *reader) functionOf(start int, name Word, refusedFrom int) Command {
	if r.isSwallowed {
		return Command{Kind: Unsupported, Reason: r.endReason(), Span: r.from(start)}
	}
	r.newlines()
	word := r.beginsCompound()
	if word == "" {
		return r.refused(refusedFrom, r.refusal())
	}
	if !r.countCommand() {
		return r.refused(refusedFrom, limitExceeded)
	}
	body := r.compound(word)
	if len(name.Parts) != 1 || name.Parts[0].Kind != Literal {
		return Command{Kind: Unsupported, Reason: syntaxError, Span: r.from(start)}
	}
	command := Command{Kind: Function, Name: name.Parts[0].Text, Redirects: body.Redirects, Span: r.from(start)}
	body.Redirects = nil
	command.Function = r.commandStack.keep(body)
	return command
}

// coproc reads `coproc`, after its keyword.
func (r *reader) coproc(end int) Command {
	start := r.pos
	r.pass(end - 1)
	r.blanksOnly()
	from := r.pos
	var command Command
	isNamed := false
	if !r.countCommand() {
		return r.refused(start, limitExceeded)
	}
	if word := r.beginsCompound(); word != "" {
		command = r.compound(word)
	} else {
		word, _ := r.reservedHere()
		if _, ok := r.redirectHead(); word != "" || !ok && !r.beginsWord() {
			return r.refused(start, r.refusal())
		}
		command, isNamed = r.simpleOrNamed(true)
	}
	if r.isSwallowed || isNamed {
		return Command{Kind: Unsupported, Reason: coprocess, Redirects: nil, Span: r.from(start)}
	}
	span := r.from(from)
	height := r.itemStack.height()
	r.itemStack.push(ListItem{First: r.pipelineOf(command), Background: true, Span: span})
	body := r.scriptStack.keep(r.script(height))
	return Command{Kind: Subshell, Body: body, Span: r.from(start)}
}

func (r *reader) simple() Command {
	command, _ := r.simpleOrNamed(false)
	return command
}

// simpleOrNamed reads a simple command or a function; or, after `coproc`, a word and a compound command.
func (r *reader) simpleOrNamed(afterCoproc bool) (Command, bool) {
	start := r.pos
	assignments, words, redirects := r.assignmentStack.height(), r.wordStack.height(), r.redirectStack.height()
	declares := declaresNothing
	for !r.isSwallowed {
		r.blanks()
		if r.redirect() {
			if r.wordStack.height() > words {
				declares.arrays = false
			}
			continue
		}
		if !r.beginsWord() {
			break
		}
		if r.wordStack.height() == words {
			isFirst := r.assignmentStack.height() == assignments && r.redirectStack.height() == redirects
			if afterCoproc && isFirst && r.namesCoproc() {
				command := r.compound("(")
				return command, true
			}
			word, isAssignment := r.leading()
			if isAssignment && afterCoproc && isFirst && !r.isSwallowed {
				if command, ok := r.afterFirstWord(start, word, true); ok {
					r.assignmentStack.drop(assignments)
					return command, true
				}
			}
			if isAssignment {
				continue
			}
			r.wordStack.push(word)
			if r.isSwallowed {
				break
			}
			declares = declarationOf(word)
			if isFirst {
				if command, ok := r.afterFirstWord(start, word, afterCoproc); ok {
					r.wordStack.drop(words)
					return command, afterCoproc
				}
			}
			continue
		}
		r.argument(declares)
	}
	command := Command{Kind: Simple}
	command.Assignments = r.assignmentStack.take(assignments)
	command.Words = r.wordStack.take(words)
	command.Redirects = r.redirectStack.take(redirects)
	if command.Assignments == nil && command.Words == nil && command.Redirects == nil {
		return r.refused(start, r.refusal()), false
	}
	command.Span = r.from(start)
	return command, false
}

// afterFirstWord reads a function's rest, or the compound command of a named coprocess.
func (r *reader) afterFirstWord(start int, word Word, afterCoproc bool) (Command, bool) {
	r.blanks()
	if afterCoproc {
		begins := r.beginsCompound()
		if begins == "" {
			return Command{}, false
		}
		return r.compound(begins), true
	}
	if r.peek() != '(' {
		return Command{}, false
	}
	at, ok := r.emptyParentheses()
	if !ok {
		return Command{}, false
	}
	r.pass(at)
	return r.functionOf(start, word, start), true
}

// argument reads a word after the program, or an array that is declared.
func (r *reader) argument(declares declaration) {
	if declares.arrays && r.declaredArray() {
		return
	}
	start := r.pos
	isSubscripted := declares.subscripts && r.beginsSubscripted()
	word := r.word()
	if isSubscripted {
		height := r.partStack.height()
		r.unsupportedPart(start, subscriptedDeclaration)
		word.Parts = r.partStack.take(height)
	}
	r.wordStack.push(word)
}

// declaration is what the arguments of a program may be.
type declaration struct {
	arrays     bool
	subscripts bool
}

var declaresNothing = declaration{}

func declarationOf(program Word) declaration {
	if len(program.Parts) != 1 || program.Parts[0].Kind != Literal {
		return declaresNothing
	}
	switch program.Parts[0].Text {
	case "declare", "export", "local", "readonly", "typeset":
		return declaration{arrays: true, subscripts: true}
	case "alias", "eval", "let":
		return declaration{arrays: true}
	}
	return declaresNothing
}

// namesCoproc passes `name=` before `(`, which after `coproc` is a word before a compound command.
func (r *reader) namesCoproc() bool {
	head, ok := r.assignmentHead()
	if !ok || head.end == 0 {
		return false
	}
	c, at := r.after(head.end)
	if c != '(' {
		return false
	}
	r.pos = at
	return true
}
