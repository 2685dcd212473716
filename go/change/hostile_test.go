// Every action gives a change: hostile lines end, and give no more effects than the limit; no line gives two changes. Twin of
// test/change/hostile.test.ts.

package change_test

import (
	"bytes"
	"strings"
	"testing"
	"time"

	"cavra.dev/runtime/change"
	"cavra.dev/runtime/change/model"
)

func rounds(body string) string {
	return "for i in {1..64}; do for j in {1..64}; do for k in 1 2 3; do " + body + "; done; done; done"
}

func TestHostileLinesEnd(t *testing.T) {
	all := catalogueOfVectors(t)
	lines := map[string]string{
		"many variables, one by one unset":  rounds("declare A$i$j$k=") + "; " + rounds("unset A$i$j$k"),
		"many exported variables":           rounds("export A$i$j$k=x") + "; " + rounds("c"),
		"many files":                        rounds("cat > f$i$j$k") + "; " + rounds("rm f$i$j$k"),
		"a folder that grows":               rounds("pushd a$i") + "; " + rounds("popd"),
		"loops in loops":                    strings.Repeat("while c; do ", 200) + "rm x; " + strings.Repeat("done; ", 200),
		"functions that call each other":    "f() { g; g; }; g() { h; h; }; h() { f; f; }; f",
		"brackets that nothing closes":      "rm " + strings.Repeat("[[", 50_000),
		"braces in braces":                  "rm " + strings.Repeat("{", 1024) + "a" + strings.Repeat("}", 1024),
		"braces that multiply":              "rm " + strings.Repeat("{a,b}", 40),
		"a long name in arithmetic":         "for ((" + strings.Repeat("abc", 20_000) + ";;)); do c; done",
		"a value that doubles":              "A=x; " + strings.Repeat("A=$A$A; ", 60) + "rm $A",
		"carriers without end":              strings.Repeat("sudo ", 5_000) + "rm x",
		"code in code":                      strings.Repeat("eval ", 5_000) + "rm x",
		"a pattern that never quite ends":   "A=" + strings.Repeat("a", 1_900) + "; rm ${A//*a*a*a*b/x}",
		"thousands of substitutions":        "rm " + strings.Repeat("$(c)", 20_000),
		"thousands of traps":                strings.Repeat("trap 'rm x' S$RANDOM; ", 5_000),
		"parameters inside parameters":      "rm " + strings.Repeat("${a-", 400) + strings.Repeat("}", 400),
		"a line of nothing but backslashes": strings.Repeat(`\`, 100_000),
	}
	for name, line := range lines {
		started := time.Now()
		derivedBytes(t, line, all)
		if took := time.Since(started); took > 20*time.Second {
			t.Errorf("%s: %v", name, took)
		}
	}
}

// At the limit, and one beyond.
func TestTheFirstOfManyPathsAreAskedFor(t *testing.T) {
	for _, line := range []string{"cat {1..1024}", "cat {1..1024} more"} {
		action := model.Action{ActionType: "execute_command", Target: line, Cwd: "/srv/app", WorkspaceRoot: "/srv/app"}
		_, wants := change.DeriveWithWants(&action, factsOfVectors(), catalogueOfVectors(t))
		if count := len(wants.Paths); count != model.LimitWants || wants.Paths[count-1] != "/srv/app/1024" {
			t.Errorf("%s: %d paths", line, count)
		}
	}
}

func derivedBytes(t testing.TB, line string, all *model.Catalogue) []byte {
	t.Helper()
	action := model.Action{ActionType: "execute_command", Target: line, Cwd: "/srv/app", WorkspaceRoot: "/srv/app"}
	derived := change.Derive(&action, factsOfVectors(), all)
	// One more says that the limit was reached.
	if len(derived.Effects) > model.LimitEffects+1 {
		t.Errorf("%d effects", len(derived.Effects))
	}
	written, _ := model.AppendChange(nil, &derived)
	return written
}

func TestActionsOfNoKindChangeNothing(t *testing.T) {
	derived := change.Derive(&model.Action{ActionType: "", Target: "rm x"}, &model.Facts{}, catalogueOfVectors(t))
	if len(derived.Effects) != 0 {
		t.Errorf("%v", derived.Effects)
	}
}

func FuzzDerive(f *testing.F) {
	all := catalogueOfVectors(f)
	for _, seed := range []string{
		"f() { rm \"$@\"; }; f {a,b}*; trap 'cat $x' EXIT", "read -d x a <<< 'axb'; rm ${a%b}", "cd $(mktemp -d) && echo x > y && bash y",
		"ln -s a b; cp -r c b; . b/c", "while read -r L; do rm $L; done < <(cat f)", "case $x in [a-c]) local A=(1 2);; esac; unset 'A[0]'",
		"PATH=/tmp/b:$PATH; x=1 y 2>&1 >/dev/tcp/h/1 <&3", "\xff$'\\xff'é😀", "pushd a; popd +1; cd -; printf -vx %s \"${@:2}\"",
	} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, line string) {
		if first := derivedBytes(t, line, all); !bytes.Equal(first, derivedBytes(t, line, all)) {
			t.Error("two changes of one line")
		}
	})
}
