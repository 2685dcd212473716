// Counts, before anything is read, how often each name is given a value and where. Implements spec/languages.md section 6.1.
// Twin of src/change/languages/survey.ts.
// A name that is given one value is that value everywhere below; one that is given several in blocks may be any of them.

package languages

import (
	"slices"
	"strings"
)

var (
	compoundWords  = wordsASCII("for while if elif else try except finally with def class async match case")
	declaringWords = wordsASCII("for foreach def function class sub as import catch except lambda nonlocal")
	memberMarks    = wordsASCII(". -> ?. :: &.")
)

// survey adds what the tokens assign to assigned.
func survey(language General, table *LanguageTable, tokens []Token, assigned map[string]assignment) {
	changes(language, table, tokens, func(name string, grown bool) { alter(assigned, name, grown) })
	depth := 0
	blocked := false
	for at := range tokens {
		token := &tokens[at]
		if language == "python" && token.Indent >= 0 {
			blocked = token.Indent > 0 || slices.Contains(compoundWords, token.Text)
		}
		depth += turn(token)
		for _, part := range token.Parts {
			if part.Kind == "code" {
				survey(language, table, part.Tokens, assigned)
			}
		}
		if token.Kind != "name" && token.Kind != "variable" {
			continue
		}
		if binds(language, table, tokens, at, depth) {
			count(assigned, token.Text, depth == 0 && !blocked && isStraight(language, table, tokens, at))
		}
	}
}

func count(assigned map[string]assignment, name string, straight bool) {
	known := assigned[name]
	known.straight = (known.count == 0 || known.straight) && straight
	known.count++
	assigned[name] = known
}

func alter(assigned map[string]assignment, name string, grown bool) {
	known := assigned[name]
	known.grown = known.grown || grown
	known.changed = known.changed || !grown
	assigned[name] = known
}

func binds(language General, table *LanguageTable, tokens []Token, at, depth int) bool {
	token := &tokens[at]
	if table.Lexicon.Keywords[token.Text] {
		return false
	}
	previous, next := tokenAt(tokens, at-1), tokenAt(tokens, at+1)
	after := ""
	if previous.Kind == "name" {
		after = previous.Text
	}
	if slices.Contains(declaringWords, after) && declares(language, after) {
		return true
	}
	if (isName(next, "of") || isName(next, "in")) && isDeclared(after) && language == "javascript" {
		return true
	}
	if previous.Kind == "operator" && slices.Contains(memberMarks, previous.Text) || next.Kind != "operator" {
		return false
	}
	// `f(name=value)` names an argument.
	if language == "python" && next.Text == "=" && depth > 0 {
		return false
	}
	return slices.Contains(assignmentOperators, next.Text) || inTargets(table, tokens, at, depth)
}

func declares(language General, word string) bool {
	switch word {
	case "as":
		return language != "perl"
	case "import":
		return language == "python" || language == "javascript"
	case "except", "lambda":
		return language == "python"
	}
	return true
}

// maxTargetTokens is how far the end of a list of targets is looked for.
const maxTargetTokens = 64

func isDeclared(word string) bool {
	return word == "const" || word == "let" || word == "var"
}

// inTargets: `a, b = …`, `[a, b] = …`, `my ($a, $b) = …`, `const {a, b: c} = …`, `|a, b|`.
func inTargets(table *LanguageTable, tokens []Token, at, depth int) bool {
	inner := 0
	operand := true
	for ahead := at + 1; ahead < len(tokens); ahead++ {
		// So many side by side may well be targets, and what is given once too often is only known less.
		if ahead-at >= maxTargetTokens {
			return true
		}
		token := &tokens[ahead]
		switch token.Kind {
		case "name", "variable", "string":
			// Two operands side by side are no list of targets.
			if operand || table.Lexicon.Keywords[token.Text] {
				return false
			}
			operand = true
			continue
		case "operator":
		default:
			return false
		}
		opens := strings.Contains("([{", token.Text)
		if operand && opens {
			return false
		}
		operand = false
		switch {
		case token.Text == "=":
			// The list of targets has ended: outside of brackets, or behind the bracket that holds this name.
			if depth == 0 {
				return ahead > at+1 && inner == 0
			}
			return ahead > at+1 && inner < 0
		case opens:
			inner++
		case strings.Contains(")]}", token.Text):
			inner--
			if inner < -depth {
				return false
			}
			operand = true
		case token.Text == "," || token.Text == "*" || token.Text == "..." || token.Text == ":" && inner+depth > 0:
		default:
			return false
		}
	}
	return false
}

// isStraight: a plain statement: nothing stands before the name in it, so that nothing decides whether it is done.
func isStraight(language General, table *LanguageTable, tokens []Token, at int) bool {
	if language != "python" && language != "javascript" {
		return false
	}
	if next := tokenAt(tokens, at+1); !isOperator(next, "=") && !isOperator(next, "+=") {
		return false
	}
	previous := tokenAt(tokens, at-1)
	switch previous.Kind {
	case "", "newline":
		return true
	case "operator":
		return previous.Text == ";"
	}
	return previous.Kind == "name" && isDeclared(previous.Text) && table.Lexicon.Keywords[previous.Text]
}
