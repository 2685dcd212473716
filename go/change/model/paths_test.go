// Paths have one spelling; spec/change.md section 4. The vectors of change say what becomes of them in effects.

package model_test

import (
	"slices"
	"strconv"
	"strings"
	"testing"

	"cavra.dev/runtime/change/model"
)

const nowhere = "(unknown)"

func known(path string, is bool) string {
	if !is {
		return nowhere
	}
	return path
}

func TestAPathHasOneSpelling(t *testing.T) {
	links := map[string]string{"/srv/app/link": "/etc", "/srv/app/up": "..", "/a": "/b", "/b": "/a", "/dev/fd": "/x", "/proc/self": "/x", "/srv/app/*": "/y"}
	cwd := "/srv/app"
	table := []struct {
		path   string
		follow model.Follow
		want   string
	}{
		{"x", model.FollowAll, "/srv/app/x"},
		{"", model.FollowAll, nowhere},
		{"./a//b/.", model.FollowAll, "/srv/app/a/b"},
		{"../../../../etc", model.FollowAll, "/etc"},
		{"/", model.FollowAll, "/"},
		{"a\x00b", model.FollowAll, nowhere},
		{"link/passwd", model.FollowAll, "/etc/passwd"},
		{"link", model.FollowAll, "/etc"},
		{"link", model.FollowParents, "/srv/app/link"},
		{"link/", model.FollowParents, "/etc"},
		{"link/..", model.FollowAll, "/"},
		{"up/x", model.FollowAll, "/srv/x"},
		{"/a/x", model.FollowAll, nowhere},
		{"*", model.FollowAll, "/y"},
		{`C:\Windows\x`, model.FollowAll, "/C:/Windows/x"},
		{`\x`, model.FollowAll, "/x"},
		{`a\x`, model.FollowAll, `/srv/app/a\x`},
		{"c:", model.FollowAll, "/c:"},
		{"c:x", model.FollowAll, "/srv/app/c:x"},
		{"/proc/self/cwd/x", model.FollowAll, "/srv/app/x"},
		{"/proc/1/root/etc", model.FollowAll, "/etc"},
		{"/proc/1/cwd", model.FollowAll, nowhere},
		{"/proc/self/task/1/cwd", model.FollowAll, nowhere},
		{"/proc/self/fd/3", model.FollowAll, "/dev/fd/3"},
		{"/dev/fd/3", model.FollowAll, "/dev/fd/3"},
		{strings.Repeat("/a", model.PathBytes/2), model.FollowParents, strings.Repeat("/a", model.PathBytes/2)},
		{strings.Repeat("/a", model.PathBytes/2) + "/", model.FollowAll, nowhere},
	}
	view := model.PathView{Cwd: &cwd, Link: func(path string) (string, bool) { to, is := links[path]; return to, is }}
	delete(links, "/a/a")
	for _, row := range table {
		if strings.HasPrefix(row.path, "/a/a") {
			view.Link = func(string) (string, bool) { return "", false }
		}
		if got := known(model.CanonicalPath(row.path, view, row.follow)); got != row.want {
			t.Errorf("%.60q, %s: %.60q, not %.60q", row.path, row.follow, got, row.want)
		}
	}
}

func TestLinksAreFollowedFortyTimes(t *testing.T) {
	for links, want := range map[int]string{model.LimitLinkSteps: "/40", model.LimitLinkSteps + 1: nowhere} {
		view := model.PathView{Link: func(path string) (string, bool) {
			at, err := strconv.Atoi(path[1:])
			return "/" + strconv.Itoa(at+1), err == nil && at < links
		}}
		if got := known(model.CanonicalPath("/0", view, model.FollowAll)); got != want {
			t.Errorf("%d links: %s", links, got)
		}
	}
}

func TestPatternsKeepWhatIsActive(t *testing.T) {
	cwd := "/srv/[a]"
	links := map[string]string{"/srv/[a]/l*": "/t*"}
	view := model.PathView{Cwd: &cwd, Link: func(path string) (string, bool) { to, is := links[path]; return to, is }}
	table := map[string]string{
		"*.txt":            `/srv/\[a\]/*.txt`,
		`l\*/x?`:           `/t\*/x?`,
		"*/../b":           `/srv/\[a\]/b`,
		"**/../b":          nowhere,
		`C:\\a\\*`:         "/C:/a/*",
		"/proc/*/cwd/x":    `/srv/\[a\]/x`,
		"/proc/[0-9]*/fd/": "/dev/fd",
	}
	for glob, want := range table {
		if got := known(model.CanonicalGlob(glob, view, model.FollowAll)); got != want {
			t.Errorf("%s: %s, not %s", glob, got, want)
		}
	}
}

func TestThePathsToLookUpStandBeforeEachWayUp(t *testing.T) {
	cwd := "/srv/app"
	if got := model.PathsToLookUp("a/../b/../c", &cwd); !slices.Equal(got, []string{"/srv/app/a", "/srv/app/b", "/srv/app/c"}) {
		t.Errorf("%q", got)
	}
	if got := model.PathsToLookUp("/proc/self/x", nil); len(got) != 0 {
		t.Errorf("%q", got)
	}
}

func TestShellPatternsMatchWholeTexts(t *testing.T) {
	table := []struct {
		glob, text string
		want       bool
	}{
		{"", "", true}, {"*", "", true}, {"?", "", false}, {"a*c", "abbc", true}, {"a*c", "abcb", false}, {"*/x", "a/b/x", true}, {"?", "😀", true},
		{"[a-c]", "b", true}, {"[!a-c]", "b", false}, {"[^a]", "b", true}, {"[]]", "]", true}, {"[", "[", true}, {"[a", "[a", true},
		{"[[:digit:]]", "5", true}, {"[[:nobody:]]", "n", false}, {"[[::]]", ":", false}, {"[[=e=]]", "x", true}, {"[[.x.]]", "y", true},
		{"[z-a]", "m", false}, {`\*`, "*", true}, {`\*`, "a", false}, {`a\`, `a\`, true}, {"[a-]", "-", true}, {"***", "abc", true},
		{"[[:space:]]", "\v", true}, {"[[:upper:]]", "É", false},
	}
	for _, row := range table {
		if got := model.MatchesGlob(row.glob, row.text); got != row.want {
			t.Errorf("%q over %q: %v", row.glob, row.text, got)
		}
	}
}

func TestAPairThatIsTooLargeMatches(t *testing.T) {
	// Units of UTF-16 on both sides: 2,000 times 2,000 are looked at, one more is not.
	glob := strings.Repeat("b", 1998) + "*b"
	for text, want := range map[string]bool{strings.Repeat("😀", 1000): false, strings.Repeat("😀", 1000) + "a": true} {
		if got := model.MatchesGlob(glob, text); got != want {
			t.Errorf("%d bytes: %v", len(text), got)
		}
	}
}

func TestABudgetIsSpentToTheLastUnit(t *testing.T) {
	budget := model.NewBudget()
	if !model.Spend(budget, model.LimitWorkUnits) || model.IsSpent(budget) || model.Spend(budget, 1) || !model.IsSpent(budget) {
		t.Error("units")
	}
	budget = model.NewBudget()
	if !model.SpendText(budget, strings.Repeat("x", model.LimitValueBytes)) || model.SpendText(budget, strings.Repeat("x", model.LimitValueBytes+1)) {
		t.Error("a text")
	}
}
