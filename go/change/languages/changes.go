// Names whose value is changed where it stands, without being given a new one: `s << x`, `a.push(x)`, `$s =~ s/a/b/`, `a[0] = x`.
// Implements spec/languages.md section 6.1. Twin of src/change/languages/changes.ts. It looks at tokens only; what a name holds is seen in world.go.

package languages

import (
	"slices"
	"strings"
)

var (
	// assignmentOperators give a value to what stands before them.
	assignmentOperators = wordsASCII("= := += -= *= /= .= %= ||= &&= ??= |= &= ^= **= //= <<= >>= x=")
	// changedMarks: the `.` of perl and PHP puts texts together.
	changedMarks = wordsASCII("-> ?. :: &. ?->")
	ownWords     = wordsASCII("my our local state")
)

// changeReader is told for each change the name, and whether something is only put behind what it holds.
type changeReader struct {
	language General
	table    *LanguageTable
	tokens   []Token
	// partners: for each closing bracket the place of the one that it closes; else -1.
	partners []int
	changed  func(name string, grown bool)
}

// changes finds the changes that the tokens write out; each token is looked at a few times, whatever stands around it.
func changes(language General, table *LanguageTable, tokens []Token, changed func(name string, grown bool)) {
	reader := &changeReader{language, table, tokens, partnersOf(tokens), changed}
	for at := range tokens {
		switch token := &tokens[at]; {
		case token.Kind == "operator":
			reader.byOperator(at, token.Text)
		case token.Kind == "name":
			reader.byName(at, token.Text)
		case token.Kind == "pattern" && token.Text != "":
			reader.byPattern(at)
		}
	}
}

func partnersOf(tokens []Token) []int {
	var open []int
	partners := make([]int, len(tokens))
	for at := range tokens {
		partners[at] = -1
		switch turn(&tokens[at]) {
		case 1:
			open = append(open, at)
		case -1:
			if len(open) > 0 {
				partners[at] = open[len(open)-1]
				open = open[:len(open)-1]
			}
		}
	}
	return partners
}

func (reader *changeReader) byOperator(at int, text string) {
	language, tokens := reader.language, reader.tokens
	before := tokenAt(tokens, at-1)
	switch {
	case slices.Contains(assignmentOperators, text):
		switch {
		case isOperator(before, "]") || isOperator(before, "}") || reader.isMember(at-1):
			reader.say(at-1, language == "php" && isOperator(tokenAt(tokens, at-2), "["))
		// `substr($s, 0, 1) = "x"`
		case language == "perl" && isOperator(before, ")") && reader.isCall(at-1):
			reader.sayInside(at - 1)
		case language == "perl" && text == "=" && isName(before, "x"):
			reader.say(at-2, false)
		}
	case text == "<<" && language == "ruby":
		reader.say(at-1, true)
	case (text == "++" || text == "--") && language != "python" && language != "ruby":
		reader.say(at-1, false)
		reader.sayBehind(at+1, false)
	case language == "perl" && text == `\`:
		reader.sayBehind(at+1, false)
	// `&$x` behind an operator is the variable itself, not its bits.
	case language == "php" && text == "&" && before.Kind == "operator" && turn(before) != -1:
		reader.sayBehind(at+1, false)
	}
}

// byName: `s.gsub!(…)`, `a.push(x)`, `push @a, x`, `del a[0]`.
func (reader *changeReader) byName(at int, text string) {
	loud := reader.language == "ruby" && strings.HasSuffix(text, "!")
	grown := slices.Contains(reader.table.Growing, text)
	if !grown && !loud && !slices.Contains(reader.table.Changing, text) {
		return
	}
	if reader.isMember(at) {
		reader.say(at-2, grown && !loud)
	} else if !loud {
		reader.sayBehind(at+1, grown)
	}
}

// byPattern: `$s =~ s/a/b/`, `($t = $s) =~ tr/a/b/`, and `s/a/b/` alone, which changes `$_`.
func (reader *changeReader) byPattern(at int) {
	mark := tokenAt(reader.tokens, at-1)
	switch {
	case !isOperator(mark, "=~") && !isOperator(mark, "!~"):
		reader.changed("$_", false)
	case isOperator(tokenAt(reader.tokens, at-2), ")"):
		reader.sayInside(at - 2)
	default:
		reader.say(at-2, false)
	}
}

// say tells the name with which the operand that ends at a place begins: `a` of `a.b[0].c`.
func (reader *changeReader) say(end int, grown bool) {
	for at := end; at >= 0; {
		token := tokenAt(reader.tokens, at)
		switch {
		case isOperator(token, "->"):
			at--
		case isOperator(token, "]") || isOperator(token, "}") && reader.language == "perl":
			at = reader.partners[at] - 1
		case token.Kind != "name" && token.Kind != "variable":
			return
		case reader.isMember(at):
			at -= 2
		default:
			if !reader.table.Lexicon.Keywords[token.Text] {
				reader.changed(reader.nameAt(at), grown)
			}
			return
		}
	}
}

// sayBehind tells the variable that is handed to what stands before it: `chop $s`, `push(@a, …)`, `chomp(my $s = …)`.
func (reader *changeReader) sayBehind(from int, grown bool) {
	at := from
	if isOperator(tokenAt(reader.tokens, from), "(") {
		at++
	}
	if own := tokenAt(reader.tokens, at); own.Kind == "name" && slices.Contains(ownWords, own.Text) {
		at++
	}
	token := tokenAt(reader.tokens, at)
	if (token.Kind == "name" || token.Kind == "variable") && !reader.table.Lexicon.Keywords[token.Text] {
		reader.changed(reader.nameAt(at), grown)
	}
}

func (reader *changeReader) sayInside(close int) {
	open := reader.partners[close]
	if open < 0 {
		return
	}
	for at := open + 1; at < close; at++ {
		if reader.tokens[at].Kind == "variable" {
			reader.changed(reader.nameAt(at), false)
		}
	}
}

func (reader *changeReader) isCall(close int) bool {
	name := tokenAt(reader.tokens, reader.partners[close]-1)
	return name.Kind == "name" && !reader.table.Lexicon.Keywords[name.Text]
}

// nameAt: an element of `@a` is written `$a[0]` in perl, one of `%h` `$h{x}`.
func (reader *changeReader) nameAt(at int) string {
	name, next := reader.tokens[at].Text, tokenAt(reader.tokens, at+1)
	stem, scalar := strings.CutPrefix(name, "$")
	switch {
	case reader.language != "perl" || !scalar || next.Gap:
		return name
	case isOperator(next, "["):
		return "@" + stem
	case isOperator(next, "{"):
		return "%" + stem
	}
	return name
}

func (reader *changeReader) isMember(at int) bool {
	mark := tokenAt(reader.tokens, at-1)
	if tokenAt(reader.tokens, at).Kind != "name" || mark.Kind != "operator" {
		return false
	}
	return slices.Contains(changedMarks, mark.Text) || mark.Text == "." && reader.language != "perl" && reader.language != "php"
}
