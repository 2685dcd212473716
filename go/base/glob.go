// Globs and matching one path or name against them. Implements spec/policy.md sections 3.1 and 3.3. Twin of src/base/glob.ts.
// No regular expressions and no backtracking over more than the last star: the cost is bounded by glob length times text length.

package base

import (
	"strings"
	"unicode/utf8"
)

// TokenKind tells tokens apart.
type TokenKind byte

// The kinds of tokens.
const (
	TokenChar TokenKind = iota
	TokenAny
	TokenStar
	TokenSet
)

// Token is one step inside a component. With `fold`, Code is lower-case ASCII.
type Token struct {
	Kind    TokenKind
	Code    rune
	Negated bool
	Ranges  [][2]rune
}

// ComponentKind tells components apart.
type ComponentKind byte

// The kinds of components.
const (
	// ComponentDeep is `**`.
	ComponentDeep ComponentKind = iota
	// ComponentName is literal text.
	ComponentName
	// ComponentWild has wildcards.
	ComponentWild
)

// Component is what stands between two slashes of a glob.
type Component struct {
	Kind ComponentKind
	// Text of a name.
	Text string
	// Tokens of a wild one.
	Tokens []Token
	// Open: a wild one has nothing but `*` and `?`.
	Open bool
}

// Anchor is where a glob begins: `root`, `home` or `workspace`.
type Anchor string

// The anchors.
const (
	AnchorRoot      Anchor = "root"
	AnchorHome      Anchor = "home"
	AnchorWorkspace Anchor = "workspace"
)

// Alternative is one way to read a glob after its `{a,b}` are written out. A text glob has one component and the anchor `root`.
type Alternative struct {
	Anchor     Anchor
	Components []Component
}

// Glob is a glob that has been read. Globs are told apart by their address.
type Glob struct {
	Text string
	// Fold: ASCII letters match in either case.
	Fold         bool
	Alternatives []Alternative
}

// Bases is what an anchor stands for: each base is a list of components, several bases are several possibilities, and none matches nothing.
type Bases struct {
	Home      [][]Component
	Workspace [][]Component
}

// World is the bases as globs with and without `fold` see them. It is of one request, and is not shared between goroutines.
type World struct {
	Exact  Bases
	Folded Bases
	// Readings is what globs are here with their anchors written out, remembered for as long as the world is.
	Readings map[*Glob][][]Component
}

// PathNames is the names of one absolute canonical path, as written and in lower case.
type PathNames struct {
	Exact  []string
	Folded []string
}

// MatchGlob is true when the path matches.
func MatchGlob(glob *Glob, path *PathNames, world *World) bool {
	names := path.Exact
	if glob.Fold {
		names = path.Folded
	}
	for i := range glob.Alternatives {
		alternative := &glob.Alternatives[i]
		for _, base := range BasesOf(alternative.Anchor, glob.Fold, world) {
			if matchBase(base, names, glob.Fold) && matchNames(alternative.Components, names, len(base), glob.Fold) {
				return true
			}
		}
	}
	return false
}

// MatchTextGlob is true when the text matches a text glob.
func MatchTextGlob(glob *Glob, text string) bool {
	subject := text
	if glob.Fold {
		subject = FoldASCII(text)
	}
	for i := range glob.Alternatives {
		components := glob.Alternatives[i].Components
		if len(components) > 0 && MatchComponent(&components[0], subject, glob.Fold) {
			return true
		}
	}
	return false
}

// FoldASCII lower-cases A to Z and nothing else: no other script's rules are the same in two languages.
func FoldASCII(text string) string {
	for i := 0; i < len(text); i++ {
		if text[i] < 'A' || text[i] > 'Z' {
			continue
		}
		folded := []byte(text)
		for ; i < len(folded); i++ {
			if folded[i] >= 'A' && folded[i] <= 'Z' {
				folded[i] += 'a' - 'A'
			}
		}
		return string(folded)
	}
	return text
}

// MakeWorld takes home and workspace as absolute canonical paths, "" when unknown. An unknown home stands for every usual home where a glob protects
// (`fold`) and for none where it loosens: both are the safe direction.
func MakeWorld(home, workspace string) *World {
	world := &World{
		Exact:    Bases{Home: basesAt(home, false), Workspace: basesAt(workspace, false)},
		Folded:   Bases{Home: usualHomes, Workspace: basesAt(workspace, true)},
		Readings: map[*Glob][][]Component{},
	}
	if home != "" {
		world.Folded.Home = basesAt(home, true)
	}
	return world
}

func basesAt(path string, fold bool) [][]Component {
	if path == "" {
		return nil
	}
	return [][]Component{LiteralComponents(path, fold)}
}

// NamesOf a path, as written and in lower case.
func NamesOf(path string) *PathNames {
	exact := namesIn(path)
	folded := FoldASCII(path)
	if folded == path {
		return &PathNames{Exact: exact, Folded: exact}
	}
	return &PathNames{Exact: exact, Folded: namesIn(folded)}
}

func namesIn(path string) []string {
	var names []string
	for from := 0; from < len(path); {
		end := strings.IndexByte(path[from:], '/')
		if end < 0 {
			end = len(path)
		} else {
			end += from
		}
		if end > from {
			names = append(names, path[from:end])
		}
		from = end + 1
	}
	return names
}

// LiteralComponents is the components of a path that is no glob.
func LiteralComponents(path string, fold bool) []Component {
	names := namesIn(path)
	components := make([]Component, len(names))
	for i, name := range names {
		components[i] = Component{Kind: ComponentName, Text: name}
		if fold {
			components[i].Text = FoldASCII(name)
		}
	}
	return components
}

// BasesOf an anchor.
func BasesOf(anchor Anchor, fold bool, world *World) [][]Component {
	if anchor == AnchorRoot {
		return rootBase
	}
	bases := &world.Exact
	if fold {
		bases = &world.Folded
	}
	if anchor == AnchorHome {
		return bases.Home
	}
	return bases.Workspace
}

// MatchComponent is true when a component matches one name.
func MatchComponent(component *Component, text string, fold bool) bool {
	switch component.Kind {
	case ComponentDeep:
		return true
	case ComponentName:
		return component.Text == text
	}
	return matchTokens(component.Tokens, text, fold)
}

func tokenMatches(token *Token, code rune, fold bool) bool {
	switch token.Kind {
	case TokenChar:
		if fold {
			code = foldCode(code)
		}
		return token.Code == code
	case TokenSet:
		return inRanges(token.Ranges, code, fold) != token.Negated
	}
	return true
}

var (
	rootBase   = [][]Component{{}}
	anyName    = Component{Kind: ComponentWild, Tokens: []Token{{Kind: TokenStar}}, Open: true}
	usualHomes = [][]Component{
		{{Kind: ComponentName, Text: "root"}},
		{{Kind: ComponentName, Text: "home"}, anyName},
		{{Kind: ComponentName, Text: "users"}, anyName},
	}
)

func matchBase(base []Component, names []string, fold bool) bool {
	if len(names) < len(base) {
		return false
	}
	for i := range base {
		if !MatchComponent(&base[i], names[i], fold) {
			return false
		}
	}
	return true
}

// The two-pointer star trick: only the last `**` is ever widened again, which is enough because components match independently.
func matchNames(components []Component, names []string, from int, fold bool) bool {
	c, n := 0, from
	star, starName := -1, from
	for n < len(names) {
		switch {
		case c < len(components) && components[c].Kind == ComponentDeep:
			star = c
			starName = n
			c++
		case c < len(components) && MatchComponent(&components[c], names[n], fold):
			c++
			n++
		case star >= 0:
			c = star + 1
			starName++
			n = starName
		default:
			return false
		}
	}
	for c < len(components) && components[c].Kind == ComponentDeep {
		c++
	}
	return c == len(components)
}

func matchTokens(tokens []Token, text string, fold bool) bool {
	t, i := 0, 0
	star, starAt := -1, 0
	for i < len(text) {
		code, size := utf8.DecodeRuneInString(text[i:])
		switch {
		case t < len(tokens) && tokens[t].Kind == TokenStar:
			star = t
			starAt = i
			t++
		case t < len(tokens) && tokenMatches(&tokens[t], code, fold):
			t++
			i += size
		case star >= 0:
			t = star + 1
			_, skipped := utf8.DecodeRuneInString(text[starAt:])
			starAt += skipped
			i = starAt
		default:
			return false
		}
	}
	for t < len(tokens) && tokens[t].Kind == TokenStar {
		t++
	}
	return t == len(tokens)
}

func inRanges(ranges [][2]rune, code rune, fold bool) bool {
	other := code
	if fold {
		other = flipCase(code)
	}
	for _, limits := range ranges {
		if code >= limits[0] && code <= limits[1] || other >= limits[0] && other <= limits[1] {
			return true
		}
	}
	return false
}

func foldCode(code rune) rune {
	if code >= 'A' && code <= 'Z' {
		return code + 32
	}
	return code
}

func flipCase(code rune) rune {
	switch {
	case code >= 'A' && code <= 'Z':
		return code + 32
	case code >= 'a' && code <= 'z':
		return code - 32
	}
	return code
}
