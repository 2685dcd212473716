// Globs as sets of paths: do two meet, does one hold the other? Implements spec/policy.md sections 3.5 and 3.6. Twin of src/base/glob-sets.ts,
// the rest of which is glob_includes.go.
// Exact within MaxPairs steps of work; beyond that the answer is yes, so that nobody slips through.

package base

import "slices"

// MaxPairs is steps of work for one question.
const MaxPairs = 50_000

// Intersects is true when some path is in both.
func Intersects(left, right []Component, fold bool) bool {
	return walkTogether(left, right, fold, func(below, named bool) bool { return true })
}

// Meets is true when a glob that protects should see a set of paths: they share a path, and not merely because the glob floats. What a glob names
// after its first `**` must be named by the set too: `**` + `/.env` meets `cat .en?` and a tree at `x/.env`, not `rm -rf build` or `cat *`.
func Meets(glob, set []Component, fold bool) bool {
	floatsFrom := firstDeep(glob)
	if floatsFrom < 0 || !slices.ContainsFunc(glob[floatsFrom:], isNameOf) {
		return Intersects(glob, set, fold)
	}
	if floatsFrom == 0 && !isTooLong(glob, set) && slices.ContainsFunc(set, isNameOf) && !namesOne(glob, set, fold) {
		return false
	}
	return walkTogether(glob, set, fold, func(below, named bool) bool { return !below || named })
}

func firstDeep(components []Component) int {
	return slices.IndexFunc(components, func(component Component) bool { return component.Kind == ComponentDeep })
}

// Does any name of the set say what any name of the glob says? Where it floats as a whole, nothing meets without that.
func namesOne(glob, set []Component, fold bool) bool {
	for i := range glob {
		if !IsName(&glob[i]) {
			continue
		}
		for j := range set {
			if IsName(&set[j]) && ComponentsMeet(&glob[i], &set[j], fold) == MetNamed {
				return true
			}
		}
	}
	return false
}

func isTooLong(glob, set []Component) bool {
	return (len(glob)+1)*(len(set)+1)*4 > MaxPairs
}

// IsName is true for literal text or a wildcard component that says more than "some name".
func IsName(component *Component) bool {
	return component.Kind == ComponentName || component.Kind == ComponentWild && !component.Open
}

func isNameOf(component Component) bool {
	return IsName(&component)
}

// What a way through both lists has seen. seenBelow: a name of the set lies at or below the glob's first `**`. seenNamed: a name of the glob after its
// first `**` is named by the set.
const (
	seenBelow = 1
	seenNamed = 2
)

// walkTogether walks all ways to lay both lists over one path; true when one way reaches both ends and `accepts` it.
func walkTogether(glob, set []Component, fold bool, accepts func(below, named bool) bool) bool {
	if isTooLong(glob, set) {
		return true
	}
	fixed := sameBeginning(glob, set, fold)
	if fixed < 0 {
		return false
	}
	width := len(set) + 1
	floatsFrom := firstDeep(glob)
	visited := make([]bool, (len(glob)+1)*width*4)
	var work []int
	push := func(g, s, flags int) {
		state := (g*width+s)*4 + flags
		if !visited[state] {
			visited[state] = true
			work = append(work, state)
		}
	}
	push(fixed, fixed, 0)
	for len(work) > 0 {
		state := work[len(work)-1]
		work = work[:len(work)-1]
		flags, s, g := state%4, state/4%width, state/4/width
		if g == len(glob) && s == len(set) && accepts(flags&seenBelow > 0, flags&seenNamed > 0) {
			return true
		}
		oursDeep := g < len(glob) && glob[g].Kind == ComponentDeep
		theirsDeep := s < len(set) && set[s].Kind == ComponentDeep
		if oursDeep {
			push(g+1, s, flags)
		}
		if theirsDeep {
			push(g, s+1, flags)
		}
		if g == len(glob) || s == len(set) {
			continue
		}
		floating := floatsFrom >= 0 && g >= floatsFrom
		below := flags
		if floating && IsName(&set[s]) {
			below |= seenBelow
		}
		switch {
		case oursDeep && theirsDeep:
		case oursDeep:
			push(g, s+1, below)
		case theirsDeep:
			push(g+1, s, flags)
		default:
			met := ComponentsMeet(&glob[g], &set[s], fold)
			if met == MetNamed && floating {
				below |= seenNamed
			}
			if met != MetNo {
				push(g+1, s+1, below)
			}
		}
	}
	return false
}

// sameBeginning is how many names both begin with; -1 where two names differ, which settles most questions.
func sameBeginning(glob, set []Component, fold bool) int {
	for at := 0; ; at++ {
		if at >= len(glob) || at >= len(set) || glob[at].Kind != ComponentName || set[at].Kind != ComponentName {
			return at
		}
		theirs := set[at].Text
		if fold {
			theirs = FoldASCII(theirs)
		}
		if glob[at].Text != theirs {
			return -1
		}
	}
}

// Met is how two components meet.
type Met byte

// The ways to meet.
const (
	MetNo Met = iota
	Meet
	MetNamed
)

// ComponentsMeet says whether two components share a name, and whether the set's says something of what the glob's says.
func ComponentsMeet(glob, set *Component, fold bool) Met {
	if glob.Kind == ComponentDeep || set.Kind == ComponentDeep {
		return Meet
	}
	if set.Kind != ComponentName {
		return tokensMeet(tokensOf(glob), set.Tokens, fold)
	}
	text := set.Text
	if fold {
		text = FoldASCII(text)
	}
	switch {
	case !MatchComponent(glob, text, fold):
		return MetNo
	case IsName(glob):
		return MetNamed
	}
	return Meet
}

func tokensOf(component *Component) []Token {
	if component.Kind == ComponentWild {
		return component.Tokens
	}
	tokens := make([]Token, 0, len(component.Text))
	for _, code := range component.Text {
		tokens = append(tokens, Token{Kind: TokenChar, Code: code})
	}
	return tokens
}

func tokensMeet(glob, set []Token, fold bool) Met {
	width := len(set) + 1
	if (len(glob)+1)*width*2 > MaxPairs {
		return MetNamed
	}
	telling := tellingTokens(glob)
	visited := make([]bool, (len(glob)+1)*width*2)
	var work []int
	push := func(g, s, named int) {
		state := (g*width+s)*2 + named
		if !visited[state] {
			visited[state] = true
			work = append(work, state)
		}
	}
	met := MetNo
	push(0, 0, 0)
	for len(work) > 0 {
		state := work[len(work)-1]
		work = work[:len(work)-1]
		named, s, g := state%2, state/2%width, state/2/width
		if g == len(glob) && s == len(set) {
			if named == 1 {
				return MetNamed
			}
			met = Meet
		}
		if g < len(glob) && glob[g].Kind == TokenStar {
			push(g+1, s, named)
		}
		if s < len(set) && set[s].Kind == TokenStar {
			push(g, s+1, named)
		}
		if g == len(glob) || s == len(set) || !tokensShare(&glob[g], &set[s], fold) {
			continue
		}
		if glob[g].Kind == TokenChar && set[s].Kind == TokenChar && (telling[g] || g == 0 && s == 0) {
			named = 1
		}
		if glob[g].Kind != TokenStar {
			g++
		}
		if set[s].Kind != TokenStar {
			s++
		}
		push(g, s, named)
	}
	return met
}

// What tells a name from others is its stem: `credentials` of `credentials.json`, so that `*.json` is not taken for it. A name that is
// all extension (`*.pem`) or that begins with its only dot (`.env`) is told by all of it. Dots, dashes and underscores tell nothing.
func tellingTokens(tokens []Token) []bool {
	dot := -1
	for i := 1; i < len(tokens); i++ {
		if tokens[i].Kind == TokenChar && tokens[i].Code == '.' {
			dot = i
		}
	}
	letters, stem := make([]bool, len(tokens)), make([]bool, len(tokens))
	for i, token := range tokens {
		letters[i] = token.Kind == TokenChar && token.Code != '.' && token.Code != '-' && token.Code != '_'
		stem[i] = letters[i] && (dot < 0 || i < dot)
	}
	if slices.Contains(stem, true) {
		return stem
	}
	return letters
}

// tokensShare is true when one character fits both. Both may be ranges, so the ends of the ranges and their neighbours are tried: nothing changes
// between.
func tokensShare(left, right *Token, fold bool) bool {
	if left.Kind == TokenStar || left.Kind == TokenAny {
		if right.Kind != TokenSet {
			return true
		}
		return slices.ContainsFunc(boundaries([]Token{*right}, false), func(code rune) bool { return tokenMatches(right, code, false) })
	}
	if right.Kind == TokenStar || right.Kind == TokenAny {
		return tokensShare(right, left, fold)
	}
	if right.Kind == TokenChar {
		return tokenMatches(left, right.Code, fold)
	}
	return slices.ContainsFunc(boundaries([]Token{*left, *right}, fold), func(code rune) bool {
		return code != '/' && tokenMatches(left, code, fold) && tokenMatches(right, code, false)
	})
}

const lastCode = 0x10ffff

// boundaries is one code point of every class of code points that the tokens tell apart, ascending.
func boundaries(tokens []Token, fold bool) []rune {
	points := []rune{0, '/', '/' + 1}
	add := func(low, high rune) {
		points = append(points, low)
		if high < lastCode {
			points = append(points, high+1)
		}
	}
	// INVARIANT: with `fold`, letters are told apart one by one, because a range may cover half of the alphabet.
	if fold {
		for i := rune(0); i < 26; i++ {
			add('A'+i, 'A'+i)
			add('a'+i, 'a'+i)
		}
	}
	for _, token := range tokens {
		if token.Kind == TokenChar {
			add(token.Code, token.Code)
		}
		for _, limits := range token.Ranges {
			add(limits[0], limits[1])
		}
	}
	slices.Sort(points)
	return slices.Compact(points)
}
