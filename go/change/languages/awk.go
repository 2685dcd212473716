// awk programs: the files that they read and write, and the commands that they run. Implements spec/languages.md section 10.
// Twin of src/change/languages/awk.ts.
// Only the places where awk leaves its own world are read (system, pipes, redirections, getline, @load); all else is arithmetic on lines.

package languages

import (
	"slices"
	"strings"

	"cavra.dev/runtime/base"
	"cavra.dev/runtime/change/model"
)

// awkProgram is one program, and the work that is left for it.
type awkProgram struct {
	tokens []awkToken
	sink   *Sink
	// fixed are the names that are given one fixed text in the whole program.
	fixed map[string]string
	work  int
	depth int
}

const (
	// maxAwkWork is the steps over tokens that one program may take.
	maxAwkWork = 1_000_000
	// maxAwkDepth is the brackets inside each other that an expression may have.
	maxAwkDepth = 96
)

// noAwkToken stands where there is no token: it is of no kind.
var noAwkToken awkToken

// awkFolded is what an expression is known to be: its text, or the beginning of it.
type awkFolded struct {
	// text is nil where it is not known.
	text   *string
	prefix string
	next   int
}

// readAwk is the deeds of an awk program.
func readAwk(code string, context *Context) []model.Deed {
	sink := sinkFor("awk", context)
	tokens, read := scanAwk(code)
	if !read {
		putOpaque(sink, "unknown_code", "awk")
		return sink.deeds
	}
	program := &awkProgram{tokens: tokens, sink: sink, fixed: fixedNames(tokens), work: maxAwkWork}
	for at := 0; at < len(tokens) && program.work > 0; at++ {
		program.visit(at)
	}
	if program.work <= 0 {
		putOpaque(sink, "limit_exceeded", "awk")
	}
	return sink.deeds
}

// spend counts one step; false when there is none left. It goes on counting below zero, as the other twin does.
func (p *awkProgram) spend() bool {
	p.work--
	return p.work >= 0
}

func (p *awkProgram) token(at int) *awkToken {
	return awkTokenAt(p.tokens, at)
}

func awkTokenAt(tokens []awkToken, at int) *awkToken {
	if at < 0 || at >= len(tokens) {
		return &noAwkToken
	}
	return &tokens[at]
}

func (p *awkProgram) visit(at int) {
	token := p.token(at)
	switch {
	case token.isName("system") && p.token(at+1).is("("):
		putShell(p.sink, p.fold(at+2).text, nil)
	case token.isName("print") || token.isName("printf"):
		p.printed(at)
	case token.is("|") || token.is("|&"):
		p.piped(at)
	case token.isName("getline"):
		p.getline(at)
	case token.is("@"):
		p.directive(at)
	// A file that is put among the operands is read.
	case token.isName("ARGV") && p.token(at+1).is("["):
		p.operandSet(at)
	}
}

// printed reads `print x > "file"`, `print x | "command"`: only outside brackets is `>` a redirection.
func (p *awkProgram) printed(from int) {
	depth := 0
	for at := from + 1; at < len(p.tokens) && p.spend(); at++ {
		token := p.token(at)
		if depth == 0 && (token.kind == "newline" || token.is(";") || token.is("}")) {
			return
		}
		if token.is("(") || token.is("[") {
			depth++
		} else if token.is(")") || token.is("]") {
			depth--
		}
		if depth < 0 {
			return
		}
		if depth > 0 {
			continue
		}
		if token.is(">") || token.is(">>") {
			p.written(p.fold(at + 1))
			return
		}
		if token.is("|") || token.is("|&") {
			command := p.fold(at + 1).text
			// `|&` goes to a command, or to a connection.
			if command == nil || !strings.HasPrefix(*command, "/inet") || !awkSpecial(p.sink, *command) {
				putShell(p.sink, command, p.outputOf(from, at))
			}
			return
		}
	}
}

// outputOf is what is printed into the pipe, where all of it is fixed.
func (p *awkProgram) outputOf(from, to int) *model.Stdin {
	span := p.sink.context.Span
	whole := p.fold(from + 1)
	if p.token(from).text != "print" || whole.next != to || whole.text == nil {
		return &model.Stdin{Kind: "stream", Span: span}
	}
	return &model.Stdin{Kind: "text", Text: *whole.text + "\n", Span: span}
}

func (p *awkProgram) written(target awkFolded) {
	if target.text == nil || !awkSpecial(p.sink, *target.text) {
		p.putFolded("write", target)
	}
}

func (p *awkProgram) putFolded(effect string, file awkFolded) {
	if file.text == nil {
		putPath(p.sink, effect, model.Value{Kind: "unknown", Prefix: file.prefix})
	} else {
		putFile(p.sink, effect, *file.text)
	}
}

// awkSpecial: `/dev/stdout` is no file, `/inet/tcp/0/host/80` is a connection.
func awkSpecial(sink *Sink, path string) bool {
	switch path {
	case "-", "/dev/null", "/dev/stdout", "/dev/stderr", "/dev/stdin":
		return true
	}
	if strings.HasPrefix(path, "/dev/fd/") {
		return true
	}
	if !strings.HasPrefix(path, "/inet") {
		return false
	}
	host := ""
	if parts := strings.SplitN(path, "/", 6); len(parts) > 4 {
		host = parts[4]
	}
	put(sink, model.Deed{Kind: "network", Destination: model.Text(host), Direction: "send", Data: "unknown", Span: sink.context.Span})
	return true
}

// piped reads `"command" | getline`: what stands before the pipe is run.
func (p *awkProgram) piped(at int) {
	if !p.token(at + 1).isName("getline") {
		return
	}
	from, depth := at, 0
	for from > 0 && p.spend() {
		before := p.token(from - 1)
		if before.kind == "newline" {
			break
		}
		if before.is(")") || before.is("]") {
			depth++
		} else if before.is("(") || before.is("[") {
			depth--
		}
		if depth < 0 || depth == 0 && before.kind == "operator" && !slices.Contains(awkBrackets, before.text) {
			break
		}
		from--
	}
	found := p.fold(from)
	if found.next != at {
		found.text = nil
	}
	putShell(p.sink, found.text, nil)
}

var awkBrackets = []string{"(", ")", "[", "]", "$"}

// getline reads `getline < "file"`, `getline line < "file"`.
func (p *awkProgram) getline(at int) {
	next := at + 1
	if p.token(next).is("$") {
		next++
	}
	if p.token(next).kind == "name" {
		next++
	}
	if p.token(next).is("[") {
		next = p.closing(next) + 1
	}
	if !p.token(next).is("<") {
		return
	}
	p.read(p.fold(next + 1))
}

func (p *awkProgram) read(file awkFolded) {
	if file.text == nil || !awkSpecial(p.sink, *file.text) {
		p.putFolded("read", file)
	}
}

func (p *awkProgram) directive(at int) {
	word, file := p.token(at+1), p.token(at+2)
	switch {
	case word.isName("include") && file.kind == "string":
		putScript(p.sink, "awk", file.text)
	case word.isName("namespace"):
	default:
		// `@load` brings in machine code, `@name(…)` calls a function that is named while the program runs.
		putOpaque(p.sink, "unknown_code", "awk")
	}
}

func (p *awkProgram) operandSet(at int) {
	end := p.closing(at + 1)
	if p.token(end + 1).is("=") {
		p.read(p.fold(end + 2))
	}
}

// awkUnknowing are the operators whose results are not known: `a + b`, `a ? b : c` and the like.
var awkUnknowing = []string{"+", "-", "*", "/", "%", "^", "?", "~", "!~", "==", "="}

// fold is the text of the strings, numbers and fixed names that stand side by side from a place on.
func (p *awkProgram) fold(from int) awkFolded {
	var out strings.Builder
	known, prefix, units := true, "", 0
	at := from
	for p.spend() {
		token := p.token(at)
		if token.kind == "" || token.kind == "newline" || token.kind == "operator" && !token.is("(") && !token.is("$") {
			break
		}
		piece, next := p.piece(token, at)
		if known && piece != nil {
			units += base.Utf16Length(*piece)
		}
		if known && (piece == nil || units > maxFolded) {
			known, prefix = false, out.String()
		}
		if known {
			out.WriteString(*piece)
		}
		at = next
	}
	if operator := p.token(at); operator.kind == "operator" && slices.Contains(awkUnknowing, operator.text) {
		known = false
	}
	if at == from || !known {
		return awkFolded{prefix: prefix, next: at}
	}
	text := out.String()
	return awkFolded{text: &text, prefix: prefix, next: at}
}

// piece is the text of the token at a place, with the brackets that belong to it, and where the next one stands; nil where it is not known.
func (p *awkProgram) piece(token *awkToken, at int) (*string, int) {
	next := at + 1
	switch {
	case token.kind == "string" || token.kind == "number":
		return &token.text, next
	case token.kind == "name":
		if p.token(next).is("(") || p.token(next).is("[") {
			return nil, p.closing(next) + 1
		}
		if text, fixed := p.fixed[token.text]; fixed {
			return &text, next
		}
		return nil, next
	case token.is("("):
		return p.bracketed(at)
	case token.is("$") && p.token(next).is("("):
		return nil, p.closing(next) + 1
	case token.is("$"):
		return nil, next + 1
	}
	return nil, next // a pattern
}

// bracketed is the text between brackets. Where they stand too deep inside each other, no work is left for the program.
func (p *awkProgram) bracketed(at int) (*string, int) {
	if p.depth >= maxAwkDepth {
		p.work = 0
		return nil, at + 1
	}
	p.depth++
	inner := p.fold(at + 1)
	p.depth--
	end := p.closing(at)
	if inner.next != end {
		inner.text = nil
	}
	return inner.text, end + 1
}

func (p *awkProgram) closing(from int) int {
	depth := 0
	for at := from; at < len(p.tokens) && p.spend(); at++ {
		token := p.token(at)
		if token.is("(") || token.is("[") || token.is("{") {
			depth++
		} else if token.is(")") || token.is("]") || token.is("}") {
			depth--
			if depth == 0 {
				return at
			}
		}
	}
	return len(p.tokens)
}

var (
	awkAssigning = []string{"=", "+=", "-=", "*=", "/=", "%=", "^=", "++", "--"}
	awkReading   = []string{"getline", "in", "for", "function", "func"}
)

// fixedNames are those of `c = "text"` where nothing else ever changes `c`.
func fixedNames(tokens []awkToken) map[string]string {
	given := map[string]int{}
	names := map[string]string{}
	// Between `function` and what ends its head every name is a parameter.
	inHead := false
	for at := range tokens {
		token := &tokens[at]
		if token.kind == "newline" || token.is("{") || token.is(";") {
			inHead = false
		}
		if token.kind != "name" {
			continue
		}
		isParameter := inHead
		inHead = inHead || token.text == "function" || token.text == "func"
		before, next := awkTokenAt(tokens, at-1), awkTokenAt(tokens, at+1)
		assigns := next.kind == "operator" && slices.Contains(awkAssigning, next.text)
		read := before.kind == "name" && slices.Contains(awkReading, before.text)
		counted := before.is("++") || before.is("--")
		// `sub(/x/, "y", c)`, `split(x, c)` change the variable that they are given.
		changed := before.is(",") && next.is(")")
		if !assigns && !read && !counted && !isParameter && !changed {
			continue
		}
		given[token.text]++
		value, after := awkTokenAt(tokens, at+2), awkTokenAt(tokens, at+3)
		ends := after.kind == "" || after.kind == "newline" || after.is(";") || after.is("}") || after.is(")")
		if given[token.text] == 1 && next.is("=") && value.kind == "string" && ends && !read {
			names[token.text] = value.text
		} else {
			delete(names, token.text)
		}
	}
	return names
}

func (t *awkToken) is(text string) bool {
	return t.kind == "operator" && t.text == text
}

func (t *awkToken) isName(text string) bool {
	return t.kind == "name" && t.text == text
}
