// Reading a glob from text. Implements spec/policy.md section 3.2. Twin of src/base/glob-syntax.ts,
// whose braces are glob_braces.go.
// Total and bounded: what cannot be read is `bad_glob` with one plain sentence; a shell pattern always reads.

package base

import (
	"slices"
	"strconv"
	"strings"
)

// Limits of one glob.
const (
	MaxGlobBytes        = 1024
	MaxGlobAlternatives = 64
	MaxGlobComponents   = 64
	maxBraceDepth       = 8
)

var deep = Component{Kind: ComponentDeep}

const workspaceVariable = "${workspace}"

// CompileGlob compiles a path glob. `bad_glob` with what is wrong in it.
func CompileGlob(text string, fold bool) (*Glob, *Problem) {
	written, problem := expandBraces(text)
	if problem != nil {
		return nil, problem
	}
	glob := &Glob{Text: text, Fold: fold}
	for _, one := range written {
		alternative, wrong := pathAlternative(one, fold)
		if wrong != "" {
			return nil, badGlob(text, wrong)
		}
		glob.Alternatives = append(glob.Alternatives, alternative)
	}
	return glob, nil
}

// CompileTextGlob compiles a glob over a name that is no path (program, host, ref, server …): `*` crosses everything and `/` is an ordinary character.
func CompileTextGlob(text string, fold bool) (*Glob, *Problem) {
	written, problem := expandBraces(text)
	if problem != nil {
		return nil, problem
	}
	glob := &Glob{Text: text, Fold: fold}
	for _, one := range written {
		tokens, wrong := readTokens(one, reading{fold: fold})
		if wrong != "" {
			return nil, badGlob(text, wrong)
		}
		alternative := Alternative{Anchor: AnchorRoot, Components: []Component{asComponent(tokens, fold)}}
		glob.Alternatives = append(glob.Alternatives, alternative)
	}
	return glob, nil
}

// PatternComponents reads a shell pattern (an effect's target) or a plain absolute path into components. Never fails: what is no valid bracket is
// literal text.
func PatternComponents(pattern string) []Component {
	names := namesIn(pattern)
	components := make([]Component, len(names))
	for i, part := range names {
		if part == "**" {
			components[i] = deep
			continue
		}
		tokens, wrong := readTokens(part, reading{lenient: true, path: true})
		if wrong != "" {
			components[i] = Component{Kind: ComponentName, Text: part}
		} else {
			components[i] = asComponent(tokens, false)
		}
	}
	return components
}

func pathAlternative(text string, fold bool) (Alternative, string) {
	anchor, rest, wrong := readAnchor(text)
	if wrong != "" {
		return Alternative{}, wrong
	}
	alternative := Alternative{Anchor: anchor}
	if rest == nil {
		return alternative, ""
	}
	parts := strings.Split(*rest, "/")
	if len(parts) > MaxGlobComponents {
		return Alternative{}, "it has more than " + strconv.Itoa(MaxGlobComponents) + " components"
	}
	for _, part := range parts {
		component, wrong := readComponent(part, fold)
		if wrong != "" {
			return Alternative{}, wrong
		}
		alternative.Components = append(alternative.Components, component)
	}
	return alternative, ""
}

var namedAnchors = []struct {
	name   string
	anchor Anchor
}{{"~", AnchorHome}, {workspaceVariable, AnchorWorkspace}}

// readAnchor gives the anchor and what follows it (nil: nothing does, the anchor itself is meant), or what is wrong.
func readAnchor(text string) (anchor Anchor, rest *string, wrong string) {
	if text == "" {
		return "", nil, "it is empty"
	}
	if text == "/" {
		return AnchorRoot, nil, ""
	}
	if after, is := strings.CutPrefix(text, "/"); is {
		return AnchorRoot, &after, ""
	}
	for _, one := range namedAnchors {
		if text == one.name {
			return one.anchor, nil, ""
		}
		if after, is := strings.CutPrefix(text, one.name+"/"); is {
			return one.anchor, &after, ""
		}
	}
	if strings.HasPrefix(text, "~") {
		return "", nil, "`~` must be followed by `/`; write `\\~` for a name that begins with a tilde"
	}
	if strings.HasPrefix(text, "${") {
		return "", nil, "only `" + workspaceVariable + "` is known here, followed by `/`"
	}
	// A glob that begins with `**` floats: it means anywhere on the machine, not anywhere in the workspace.
	if text == "**" || strings.HasPrefix(text, "**/") {
		return AnchorRoot, &text, ""
	}
	return AnchorWorkspace, &text, ""
}

func readComponent(part string, fold bool) (Component, string) {
	switch {
	case part == "**":
		return deep, ""
	case part == "":
		return Component{}, "it has an empty component; a folder with all below it is written `folder/**`"
	case part == "." || part == "..":
		return Component{}, "`" + part + "` is no component of a canonical path"
	case strings.Contains(part, "**"):
		return Component{}, "`**` must stand alone between slashes"
	}
	tokens, wrong := readTokens(part, reading{fold: fold, path: true})
	if wrong != "" {
		return Component{}, wrong
	}
	return asComponent(tokens, fold), ""
}

func asComponent(tokens []Token, fold bool) Component {
	if slices.ContainsFunc(tokens, func(token Token) bool { return token.Kind != TokenChar }) {
		closed := slices.ContainsFunc(tokens, func(token Token) bool { return token.Kind != TokenStar && token.Kind != TokenAny })
		return Component{Kind: ComponentWild, Tokens: tokens, Open: !closed}
	}
	var text strings.Builder
	for _, token := range tokens {
		text.WriteRune(token.Code)
	}
	if fold {
		return Component{Kind: ComponentName, Text: FoldASCII(text.String())}
	}
	return Component{Kind: ComponentName, Text: text.String()}
}

type reading struct {
	fold bool
	// Shell patterns: `[^a]` negates, `[[:alpha:]]` and `[z-a]` are any character, an unclosed bracket is text. Globs of policies refuse all four.
	lenient bool
	path    bool
}

// readTokens gives the tokens, or what is wrong.
func readTokens(part string, how reading) ([]Token, string) {
	chars := []rune(part)
	tokens := make([]Token, 0, len(chars))
	for i := 0; i < len(chars); i++ {
		switch char := chars[i]; char {
		case '*':
			if len(tokens) == 0 || tokens[len(tokens)-1].Kind != TokenStar {
				tokens = append(tokens, Token{Kind: TokenStar})
			}
		case '?':
			tokens = append(tokens, Token{Kind: TokenAny})
		case '[':
			set, end, wrong := readSet(chars, i, how)
			if wrong == "" {
				tokens = append(tokens, set)
				i = end
			} else if how.lenient {
				tokens = append(tokens, charToken(char, how.fold))
			} else {
				return nil, wrong
			}
		case '\\':
			if i+1 < len(chars) {
				i++
			} else if !how.lenient {
				return nil, "it ends in a backslash"
			}
			tokens = append(tokens, charToken(chars[i], how.fold))
		default:
			tokens = append(tokens, charToken(char, how.fold))
		}
	}
	return tokens, ""
}

func charToken(char rune, fold bool) Token {
	if fold {
		char = foldCode(char)
	}
	return Token{Kind: TokenChar, Code: char}
}

func readSet(chars []rune, start int, how reading) (set Token, end int, wrong string) {
	i := start + 1
	caret := i < len(chars) && chars[i] == '^'
	if caret && !how.lenient {
		return Token{}, 0, "a bracket is negated with `!`, not with `^`"
	}
	negated := caret || i < len(chars) && chars[i] == '!'
	if negated {
		i++
	}
	var ranges [][2]rune
	// A named class is wider than one can say here without tables that two languages would have to share, and shells do not agree on a range
	// that runs backwards: with either the bracket may be any character.
	isAny := false
	for first := true; i < len(chars); first = false {
		if chars[i] == ']' && !first {
			if isAny {
				return Token{Kind: TokenAny}, i, ""
			}
			return Token{Kind: TokenSet, Negated: negated, Ranges: ranges}, i, ""
		}
		if !how.lenient && chars[i] == '[' && i+1 < len(chars) && (chars[i+1] == ':' || chars[i+1] == '=' || chars[i+1] == '.') {
			return Token{}, 0, "named classes such as `[:alpha:]` are not part of globs"
		}
		if how.lenient {
			if behind := behindNamedClass(chars, i); behind > 0 {
				isAny = true
				i = behind
				continue
			}
		}
		low, next := setMember(chars, i)
		i = next
		high := low
		if i+1 < len(chars) && chars[i] == '-' && chars[i+1] != ']' {
			high, i = setMember(chars, i+1)
		}
		if high < low && !how.lenient {
			return Token{}, 0, "a range in brackets runs backwards"
		}
		isAny = isAny || high < low
		if how.path && low == '/' && high == '/' {
			return Token{}, 0, "a bracket cannot hold `/`"
		}
		ranges = append(ranges, [2]rune{low, high})
	}
	return Token{}, 0, "a bracket is not closed"
}

// behindNamedClass is where `[:name:]`, `[=c=]` or `[.name.]` ends that begins at `at`; 0 when none does, and the bracket is an ordinary member.
func behindNamedClass(chars []rune, at int) int {
	if chars[at] != '[' || at+1 >= len(chars) {
		return 0
	}
	mark := chars[at+1]
	if mark == '=' {
		if at+4 < len(chars) && chars[at+3] == '=' && chars[at+4] == ']' {
			return at + 5
		}
		return 0
	}
	if mark != ':' && mark != '.' {
		return 0
	}
	for i := at + 2; i+1 < len(chars); i++ {
		if chars[i] == mark && chars[i+1] == ']' {
			return i + 2
		}
	}
	return 0
}

func setMember(chars []rune, at int) (code rune, next int) {
	if chars[at] == '\\' && at+1 < len(chars) {
		return chars[at+1], at + 2
	}
	return chars[at], at + 1
}

func badGlob(glob, what string) *Problem {
	return Bad("bad_glob", "glob `"+glob+"` cannot be read: "+what)
}
