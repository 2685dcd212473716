// Hostile texts for paths and shell patterns: what comes out is in the one spelling, and patterns match as a slow second
// reading of them says. `go test -fuzz NAME ./change/model`.

package model_test

import (
	"slices"
	"strings"
	"testing"
	"unicode"
	"unicode/utf8"

	"cavra.dev/runtime/change/model"
)

func FuzzCanonicalPath(f *testing.F) {
	for _, one := range [][3]string{{"a/../b", "/srv", "/srv/b"}, {`C:\x`, "/", "/etc"}, {"/proc/self/cwd/x", "/p", "../y"}, {"**/..", "/[a]", "*"}} {
		f.Add(one[0], one[1], one[2])
	}
	f.Fuzz(func(t *testing.T, path, cwd, link string) {
		links := 0
		view := model.PathView{Cwd: &cwd, Link: func(string) (string, bool) {
			links++
			return link, links%3 == 1
		}}
		for _, follow := range []model.Follow{model.FollowAll, model.FollowParents} {
			canonical, known := model.CanonicalPath(path, view, follow)
			if known && (!strings.HasPrefix(canonical, "/") || len(canonical) > 1 && strings.HasSuffix(canonical, "/") || hasLooseComponent(canonical)) {
				t.Fatalf("%q became %q", path, canonical)
			}
			model.CanonicalGlob(path, view, follow)
		}
		if logical, known := model.LogicalPath(path, &cwd); known {
			if again, _ := model.LogicalPath(logical, nil); again != logical && len(logical) <= model.PathBytes && !strings.Contains(cwd, "\x00") {
				t.Fatalf("%q became %q, and that %q", path, logical, again)
			}
		}
		model.LogicalGlob(path)
		if asked := model.PathsToLookUp(path, &cwd); len(asked) > model.LimitLinkSteps+1 {
			t.Fatalf("%d paths", len(asked))
		}
	})
}

func hasLooseComponent(path string) bool {
	for component := range strings.SplitSeq(path[1:], "/") {
		if component == "." || component == ".." || component == "" && path != "/" {
			return true
		}
	}
	return false
}

func FuzzShellPattern(f *testing.F) {
	for _, pair := range [][2]string{{"*.[ch]", "a.c"}, {"[[:alpha:]-z]", "q"}, {`\`, `\`}, {"[!]]", "]"}, {"[[.a.]", "[a"}, {"**?", "😀"}} {
		f.Add(pair[0], pair[1])
	}
	f.Fuzz(func(t *testing.T, glob, text string) {
		is := model.MatchesGlob(glob, text)
		if len(glob) < 100 && len(text) < 100 && strings.Count(glob, "*") < 6 &&
			utf8.ValidString(glob) && utf8.ValidString(text) && is != slowPattern([]rune(glob), []rune(text)) {
			t.Fatalf("%q against %q: %v", glob, text, is)
		}
		escaped := model.EscapeGlob(text)
		if model.HasActive(escaped) || model.UnescapeGlob(escaped) != text || model.GlobPrefix(escaped) != text {
			t.Fatalf("%q is escaped as %q", text, escaped)
		}
		if len(text) < 1000 && strings.ToValidUTF8(text, "") == text && !model.MatchesGlob(escaped, text) {
			t.Fatalf("%q does not match itself", text)
		}
	})
}

// slowPattern is spec/change.md 5.6 from the text, by trying everything.
func slowPattern(glob, text []rune) bool {
	if len(glob) == 0 {
		return len(text) == 0
	}
	if glob[0] == '*' {
		return slowPattern(glob[1:], text) || len(text) > 0 && slowPattern(glob, text[1:])
	}
	if len(text) == 0 {
		return false
	}
	is, end := glob[0] == text[0], 1
	switch {
	case glob[0] == '?':
		is = true
	case glob[0] == '\\' && len(glob) > 1:
		is, end = glob[1] == text[0], 2
	case glob[0] == '[':
		if members, behind := slowBracket(glob); behind > 0 {
			is, end = members(text[0]), behind
		}
	}
	return is && slowPattern(glob[end:], text[1:])
}

// slowBracket is what the bracket at the beginning holds, and where it ends; 0 where it never does.
func slowBracket(glob []rune) (func(rune) bool, int) {
	at := 1
	negated := at < len(glob) && (glob[at] == '!' || glob[at] == '^')
	if negated {
		at++
	}
	var holders []func(rune) bool
	character := func() rune {
		if glob[at] == '\\' && at+1 < len(glob) {
			at++
		}
		at++
		return glob[at-1]
	}
	for first := true; at < len(glob); first = false {
		if glob[at] == ']' && !first {
			return func(code rune) bool {
				return slices.ContainsFunc(holders, func(holds func(rune) bool) bool { return holds(code) }) != negated
			}, at + 1
		}
		if holds, behind := slowNamed(glob, at); behind > 0 {
			holders = append(holders, holds)
			at = behind
			continue
		}
		from := character()
		to := from
		if at+1 < len(glob) && glob[at] == '-' && glob[at+1] != ']' {
			at++
			to = character()
		}
		holders = append(holders, func(code rune) bool { return from <= code && code <= to })
	}
	return nil, 0
}

var slowNames = map[string]func(rune) bool{
	"ascii": func(rune) bool { return true }, "digit": unicode.IsDigit, "upper": unicode.IsUpper, "lower": unicode.IsLower, "alpha": unicode.IsLetter,
	"alnum": isAlnum, "word": func(code rune) bool { return isAlnum(code) || code == '_' }, "space": unicode.IsSpace,
	"blank": func(code rune) bool { return code == ' ' || code == '\t' }, "cntrl": unicode.IsControl,
	"punct":  func(code rune) bool { return unicode.IsPunct(code) || unicode.IsSymbol(code) },
	"xdigit": func(code rune) bool { return unicode.Is(unicode.ASCII_Hex_Digit, code) },
}

func isAlnum(code rune) bool { return unicode.IsLetter(code) || unicode.IsDigit(code) }

// slowNamed is `[:name:]`, `[=c=]` or `[.name.]`. `print` and `graph` reach beyond ASCII.
func slowNamed(glob []rune, at int) (func(rune) bool, int) {
	rest := string(glob[at:])
	anything := func(rune) bool { return true }
	if strings.HasPrefix(rest, "[=") {
		if len(glob) > at+4 && string(glob[at+3:at+5]) == "=]" {
			return anything, at + 5
		}
		return nil, 0
	}
	if !strings.HasPrefix(rest, "[:") && !strings.HasPrefix(rest, "[.") {
		return nil, 0
	}
	name, _, closed := strings.Cut(rest[2:], rest[1:2]+"]")
	behind := at + 4 + len([]rune(name))
	switch {
	case !closed:
		return nil, 0
	case rest[1] == '.':
		return anything, behind
	case name == "print":
		return func(code rune) bool { return code >= ' ' && code != 0x7f }, behind
	case name == "graph":
		return func(code rune) bool { return code > ' ' && code != 0x7f }, behind
	}
	return func(code rune) bool { holds := slowNames[name]; return holds != nil && code < 0x80 && holds(code) }, behind
}
