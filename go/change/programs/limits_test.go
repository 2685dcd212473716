// Lines that would be told as the product of their parts: each limit of the special readers at it and one beyond, and none of them in more
// than moments.
// Twin of test/catalogue/limits.test.ts.

package programs_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"cavra.dev/runtime/base"
	"cavra.dev/runtime/change/model"
	"cavra.dev/runtime/change/programs"
	"cavra.dev/runtime/internal/vectors"
)

// callOf is the call of a line of known words, parted by blanks.
func callOf(t testing.TB, line string) *model.Call {
	t.Helper()
	all := builtin(t)
	written := strings.Fields(line)
	call := &model.Call{
		Name: nameIn(all)(written[0]), Span: base.Span{End: len(written)}, Stdin: model.Stdin{Kind: "inherited"}, Cwd: model.Text("/w"),
		Environment: &base.Ordered[model.Value]{}, Facts: &model.Facts{Home: "/home/u", TempRoots: []string{"/tmp"}}, WorkspaceRoot: "/w",
		Catalogue: all,
	}
	for i, word := range written[1:] {
		call.Words = append(call.Words, model.Argument{Value: model.Text(word), Span: base.Span{Start: i + 1, End: i + 2}})
	}
	return call
}

func deedsOf(call *model.Call) []string {
	deeds := programs.ReadProgram(call).Deeds
	shown := make([]string, len(deeds))
	for i := range deeds {
		shown[i] = vectors.ShowDeed(&deeds[i])
	}
	return shown
}

func names(count int) string {
	alternatives := make([]string, count)
	for i := range alternatives {
		alternatives[i] = fmt.Sprintf("-name n%d", i)
	}
	return "( " + strings.Join(alternatives, " -o ") + " ) "
}

func TestEachLimitIsToldUpToAndNotBeyond(t *testing.T) {
	// The line is made for the limit and for one more.
	table := []struct {
		limit  int
		line   func(count int) string
		beyond string
	}{
		{256, func(count int) string { return "find a " + names(count) + "-delete" }, "delete a tree"},
		{32, func(count int) string { return "find a" + strings.Repeat(" -delete", count) }, "opaque limit_exceeded find"},
		{256, func(count int) string { return "fd x" + strings.Repeat(" a", count) + " -x rm" }, "command rm $"},
		{16, func(count int) string { return "parallel rm" + strings.Repeat(" ::: a", count) }, "command rm $"},
		{2047, func(count int) string { return "parallel x" + strings.Repeat(" {}", count) + " ::: a b" },
			"command x" + strings.Repeat(" $", 2048)},
		{64, func(count int) string { return "git fetch --multiple" + strings.Repeat(" a", count) }, "receive $ none"},
	}
	for _, one := range table {
		if line := one.line(one.limit); slices.Contains(deedsOf(callOf(t, line)), one.beyond) {
			t.Errorf("%.60s… is beyond its limit", line)
		}
		if line := one.line(one.limit + 1); !slices.Contains(deedsOf(callOf(t, line)), one.beyond) {
			t.Errorf("%.60s… is not beyond its limit", line)
		}
	}
}

func TestManyFoldersNegationsAndRefspecsAreReadInTimeThatGrowsWithTheWords(t *testing.T) {
	table := map[string]int{
		"tar c" + strings.Repeat(" -C a b", 2_000):               2_000,
		"find ." + strings.Repeat(" !", 50_000) + " -delete":     1,
		"git fetch origin" + strings.Repeat(" a:b -f", 20_000):   20_001,
		"git submodule foreach" + strings.Repeat(" x", 100_000):  1,
		"git add" + strings.Repeat(" --force f g", 30_000):       60_001,
		"git -c" + strings.Repeat(" core.pager=./x -c", 30_000):  1,
		"git config" + strings.Repeat(" --global x.y z", 30_000): 2,
	}
	for line, want := range table {
		if deeds := deedsOf(callOf(t, line)); len(deeds) != want {
			t.Errorf("%.40s… gives %d deeds, not %d", line, len(deeds), want)
		}
	}
}

func TestAPatchOfAMillionBytesIsRead(t *testing.T) {
	call := callOf(t, "git apply")
	call.Stdin = model.Stdin{Kind: "text", Text: strings.Repeat("--- a/x\n+++ b/x\n", 62_500)}
	if deeds := deedsOf(call); !slices.Equal(deeds, []string{"write x"}) {
		t.Errorf("%q", deeds)
	}
}

func TestLongChainsOfAliasesAreGivenUp(t *testing.T) {
	chain := func(length int) *model.Call {
		var line strings.Builder
		line.WriteString("git")
		for i := range length - 1 {
			fmt.Fprintf(&line, " -c alias.a%d=a%d", i, i+1)
		}
		fmt.Fprintf(&line, " -c alias.a%d=gc a0", length-1)
		return callOf(t, line.String())
	}
	for length, want := range map[int]string{1: "gc", 10: "gc", 11: "unknown", 60: "unknown"} {
		if got := programs.ReadProgram(chain(length)).Subcommand; got != want {
			t.Errorf("a chain of %d gives %q, not %q", length, got, want)
		}
	}
}
