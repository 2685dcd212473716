// The expression of find as a tree: tests narrow the paths, actions act on what is left. Implements spec/catalogue.md clause 10.1.
// Twin of src/change/programs/find-expression.ts.
// It only reads the words; find.go says what the actions ask for.

package programs

import (
	"slices"
	"strings"
	"unicode/utf8"

	"cavra.dev/runtime/base"
	"cavra.dev/runtime/change/catalogue"
	"cavra.dev/runtime/change/model"
)

// maxFindNesting: parentheses deeper than this are not followed: the paths inside them are not narrowed.
const maxFindNesting = 32

// maxFindPaths is alternatives of one place; more narrow nothing. Roots times them are the paths that an action is told for.
const maxFindPaths = 256

// maxFindActions is actions of one line; those beyond are told as one that cannot be known.
const maxFindActions = 32

// narrowing is globs below a root of which one matches every path that reaches this place; nil: any path at or below the root.
// `**` + `/name` from `-name`, a path from `-path`.
type narrowing []string

type findAction struct {
	// name without dashes: `delete`, `exec`, `fprint`.
	name string
	// words of exec and its kin are the command, else the arguments.
	words     []model.Argument
	span      base.Span
	narrowing narrowing
}

type findExpression struct {
	actions []findAction
	// printed is what a bare `find` prints; nil when the line has an action that prints something else.
	printed narrowing
	// unknown are words in the place of a test or action that cannot be known.
	unknown []model.Argument
	// unlisted: a test stands on the line that is not listed.
	unlisted bool
	min, max int
	// tests is true when a test stands on the line: then the root itself may not be among what is found (`-type f`).
	tests bool
}

var (
	findCommands     = []string{"exec", "execdir", "ok", "okdir"}
	testsWithoutWord = strings.Split("daystart depth d follow help ignore_readdir_race noignore_readdir_race mount noleaf nowarn version"+
		" warn xdev empty executable false nogroup nouser readable true writable a and X E x s", " ")
	testsWithWord = strings.Split("maxdepth mindepth regextype files0-from amin anewer atime cmin cnewer ctime fstype gid group ilname"+
		" iname inum ipath iregex iwholename links lname mmin mtime name newer path perm regex samefile size type uid used user wholename xtype"+
		" context flags acl newermt newerat newerct newerBt newermm Bmin Btime Bnewer since", " ")
	testsOfFiles      = []string{"empty", "executable", "nogroup", "nouser", "readable", "writable", "false"}
	wordsThatTestNone = []string{"maxdepth", "mindepth", "regextype", "files0-from"}
)

// findActionWords is how many words an action takes that is no command; false for what is no action.
func findActionWords(name string) (int, bool) {
	switch name {
	case "delete", "print", "print0", "ls", "quit", "prune":
		return 0, true
	case "fprint", "fprint0", "fls", "printf":
		return 1, true
	case "fprintf":
		return 2, true
	}
	return 0, false
}

type findParser struct {
	findExpression
	words []model.Argument
	next  int
}

func parseFindExpression(words []model.Argument) *findExpression {
	parser := &findParser{words: words, findExpression: findExpression{max: -1}}
	parser.printed = parser.parseOr(0)
	// A stray `)` ends the inner loop only; what follows it is read all the same.
	for parser.next < len(words) {
		parser.next++
		parser.parseOr(0)
	}
	return &parser.findExpression
}

// parseOr reads alternatives joined by `-o` or `,`: a path passes one of them.
func (p *findParser) parseOr(depth int) narrowing {
	all := p.parseAnd(depth)
	for {
		if word := p.word(); word != "-o" && word != "-or" && word != "," {
			return all
		}
		p.next++
		one := p.parseAnd(depth)
		if all == nil || one == nil || len(all)+len(one) > maxFindPaths {
			all = nil
		} else {
			all = append(all, one...)
		}
	}
}

// parseAnd reads tests in a row: each later one sees only what the earlier ones let through, so the first that narrows holds for all.
func (p *findParser) parseAnd(depth int) narrowing {
	var found narrowing
	for p.next < len(p.words) {
		if word := p.word(); word == ")" || word == "-o" || word == "-or" || word == "," {
			break
		}
		one := p.parseOne(depth, found)
		if found == nil {
			found = slices.Clip(one)
		}
	}
	return found
}

func (p *findParser) parseOne(depth int, before narrowing) narrowing {
	negated := false
	for p.next < len(p.words) {
		argument := p.words[p.next]
		p.next++
		if argument.Value.Kind != "text" {
			p.unknown = append(p.unknown, argument)
			return nil
		}
		if word := argument.Value.Text; word == "!" || word == "-not" {
			negated = true
			continue
		}
		narrowed := p.parsePrimary(depth, argument, before)
		if negated {
			return nil
		}
		return narrowed
	}
	return nil
}

func (p *findParser) parsePrimary(depth int, argument model.Argument, before narrowing) narrowing {
	word := argument.Value.Text
	if word == "(" {
		return p.parseGroup(depth, before)
	}
	name := strings.TrimPrefix(word, "-")
	if slices.Contains(findCommands, name) {
		return p.parseCommand(name, argument, before)
	}
	if count, is := findActionWords(name); is {
		return p.addAction(name, p.take(count), argument, before)
	}
	return p.parseTest(name, argument, before)
}

// parseGroup: actions inside see what stood before the parenthesis too, so it is the narrowing where the inside has none.
func (p *findParser) parseGroup(depth int, before narrowing) narrowing {
	if depth >= maxFindNesting {
		return nil
	}
	first := len(p.actions)
	inside := p.parseOr(depth + 1)
	if p.word() == ")" {
		p.next++
	}
	if before != nil {
		for i := first; i < len(p.actions); i++ {
			p.actions[i].narrowing = before
		}
	}
	return inside
}

func (p *findParser) parseTest(name string, argument model.Argument, before narrowing) narrowing {
	if slices.Contains(testsWithoutWord, name) || len(name) == 2 && name[0] == 'O' && name[1] >= '0' && name[1] <= '9' {
		p.tests = p.tests || slices.Contains(testsOfFiles, name)
		return nil
	}
	if !slices.Contains(testsWithWord, name) {
		p.unlisted = true
		return nil
	}
	taken := p.take(1)
	if len(taken) == 0 {
		return nil
	}
	p.tests = p.tests || !slices.Contains(wordsThatTestNone, name)
	value := taken[0].Value
	switch {
	case name == "files0-from":
		return p.addAction(name, taken, argument, before)
	case value.Kind == "pattern" && name == "name":
		return narrowing{"**/" + value.Glob}
	case value.Kind != "text":
		return nil
	}
	switch name {
	case "mindepth":
		p.min, _ = base.WholeNumber(value.Text)
	case "maxdepth":
		p.max = -1
		if depth, known := base.WholeNumber(value.Text); known {
			p.max = depth
		}
	case "name":
		return nameGlob(value.Text)
	case "iname":
		return nameGlob(anyCase(value.Text))
	case "path", "wholename":
		return pathGlob(value.Text)
	}
	return nil
}

// nameGlob: in a name `*` cannot meet a slash, so find's globs are ours.
func nameGlob(glob string) narrowing {
	if glob == "" || strings.Contains(glob, "/") {
		return nil
	}
	return narrowing{"**/" + glob}
}

// anyCase: letters of ASCII in either case.
func anyCase(glob string) string {
	var all strings.Builder
	last := strings.LastIndexByte(glob, ']')
	star := false
	for i := 0; i < len(glob); {
		_, size := utf8.DecodeRuneInString(glob[i:])
		isBracket := glob[i] == '[' && last > i
		wasStar := star
		star = isBracket || glob[i] == '*'
		switch {
		case star && !wasStar:
			all.WriteByte('*')
		case star:
		case glob[i] == '[':
			all.WriteString(`\[`)
		case glob[i] == '\\' && i+1 < len(glob):
			i++
			_, size = utf8.DecodeRuneInString(glob[i:])
			inAnyCase(&all, glob[i:i+size], `\`)
		default:
			inAnyCase(&all, glob[i:i+size], "")
		}
		i += size
		if isBracket {
			i = last + 1
		}
	}
	return all.String()
}

// inAnyCase: which letters of other scripts are one in two cases is the locale's to say; and in brackets, what a range with a letter holds.
func inAnyCase(all *strings.Builder, character, escape string) {
	lower := character[0] | 0x20
	switch {
	case len(character) > 1:
		all.WriteByte('?')
	case lower < 'a' || lower > 'z':
		all.WriteString(escape + character)
	default:
		all.Write([]byte{'[', lower, lower &^ 0x20, ']'})
	}
}

// pathGlob: find's `*` crosses slashes; only paths without a glob, and all that is below one, can be said in ours. An absolute glob stands
// for itself.
func pathGlob(glob string) narrowing {
	path, below := strings.CutSuffix(glob, "/*")
	if path == "" || strings.ContainsAny(path, `*?[\`) {
		return nil
	}
	if below {
		return narrowing{"=" + catalogue.EscapeGlob(path) + "/**"}
	}
	return narrowing{"=" + catalogue.EscapeGlob(path)}
}

// parseCommand: `… ;` or `… {} +`. Without its end find refuses to run; then all words are taken.
func (p *findParser) parseCommand(name string, argument model.Argument, before narrowing) narrowing {
	first := p.next
	for ; p.next < len(p.words); p.next++ {
		word := p.word()
		isEnd := word == ";" || word == "+" && p.next > first && catalogue.KnownPrefix(p.words[p.next-1].Value) == "{}"
		if isEnd {
			p.next++
			return p.addAction(name, p.words[first:p.next-1], argument, before)
		}
	}
	return p.addAction(name, p.words[first:], argument, before)
}

func (p *findParser) addAction(name string, words []model.Argument, argument model.Argument, before narrowing) narrowing {
	p.actions = append(p.actions, findAction{name: name, words: words, span: argument.Span, narrowing: before})
	return nil
}

func (p *findParser) take(count int) []model.Argument {
	taken := p.words[p.next:min(len(p.words), p.next+count)]
	p.next += len(taken)
	return taken
}

// word is the text of the next word; "" when it is not known, or there is none.
func (p *findParser) word() string {
	if p.next >= len(p.words) {
		return ""
	}
	return p.words[p.next].Value.Text
}
