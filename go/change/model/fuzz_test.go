// Hostile texts for paths and shell patterns: nothing panics or hangs, and what comes out is in the one spelling. `go test -fuzz NAME ./change/model`.

package model_test

import (
	"strings"
	"testing"

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
		model.MatchesGlob(glob, text)
		escaped := model.EscapeGlob(text)
		if model.HasActive(escaped) || model.UnescapeGlob(escaped) != text || model.GlobPrefix(escaped) != text {
			t.Fatalf("%q is escaped as %q", text, escaped)
		}
		if len(text) < 1000 && strings.ToValidUTF8(text, "") == text && !model.MatchesGlob(escaped, text) {
			t.Fatalf("%q does not match itself", text)
		}
	})
}
