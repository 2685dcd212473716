// What holds for every text: a tree comes back, the same each time, its places lie in each other and in order, none lies outside the text, and
// another reader that accepts it sees the same words. Twin of test/shell/properties.test.ts; `go test -fuzz FuzzReadShell` looks for texts of its own, from those of the vectors.

package shell

import (
	"strings"
	"testing"
)

func FuzzReadShell(f *testing.F) {
	for _, one := range readVectors(f) {
		if text := one.text(f); len(text) < 4096 {
			f.Add(text)
		}
	}
	f.Fuzz(func(t *testing.T, text string) {
		script := ReadShell(text)
		if wrong := checkPlaces(text, script); wrong != "" {
			t.Fatalf("%q: %s", text, wrong)
		}
		for _, place := range UnsupportedPlaces(script) {
			if place.Span.Start < 0 || place.Span.Start > place.Span.End || place.Span.End > len(text) {
				t.Fatalf("%q: %v lies outside", text, place)
			}
		}
		if first, second := render(script, "spans"), render(ReadShell(text), "spans"); first != second {
			t.Fatalf("%q is read as\n%s\nand as\n%s", text, first, second)
		}
		if wrong := differenceOfWords(text); wrong != "" {
			t.Fatalf("%q: %s", text, wrong)
		}
	})
}

// hostilePieces fill a quarter of a megabyte: each must come back soon, with places inside the text.
var hostilePieces = []string{
	"(", ")", "{", "}", "`", "'", `"`, "$", `\`, "<", ">", "&", "|", ";", "#", "!", "[", "]", "*", "?", "@", "=", "~", "\n", "\r", "é",
	"$(", "${", "$((", "((", "( (", "$[", "<(", ">(", "@(", `"$(`, `"${a-`, "${a:-", "${a~$(", "${!a$(", "${a[$(", "a=(", "a[$(", "a=([",
	"((a) ", "$((a) $(", "((a) $(", "${a[$((a) $(", "[[ a =~ ($(", `"${x:-'$((`, "a=([$((a) `", "a;", "a|", "a&&", "! ", "time ",
	"if a; then ", "case a in a) ", "for a in b; do ", "f() { ", "[[ ( ", "coproc ", "select a in b; do ", "function a ", "\\\n", "a\\\n",
	"''", `""`, "`a`", "\"`", "`\\", "$(a)", "$(a$(b)c)", "${a/$(b)/c}", `"${a:-'`, "<<E ", "<<E\nE\n", "<<E\n$(<<E\n", "$(a <<E\n", "2>&1 ",
	"`$(\"${(", "\xed\xa0\x80", "\x00", "a[1]=",
}

func TestHostileTexts(t *testing.T) {
	for _, piece := range hostilePieces {
		text := strings.Repeat(piece, MaxTextBytes/4/len(piece))
		for _, place := range UnsupportedPlaces(ReadShell(text)) {
			if place.Span.Start > place.Span.End || place.Span.End > len(text) {
				t.Errorf("%q: %v", piece, place)
			}
		}
	}
}

// Reading each level twice would take 2^40 steps.
func TestReadsWhatIsInEachOtherOnce(t *testing.T) {
	for _, open := range []string{"$((a) $(b ", "((a) $(b ", "${a[$(b ", "coproc X { $(b "} {
		closers := ""
		for i := len(open) - 1; i >= 0; i-- {
			if at := strings.IndexByte("([{", open[i]); at >= 0 {
				closers += ")]}"[at:at+1] + " "
			}
		}
		if len(UnsupportedPlaces(ReadShell(strings.Repeat(open, 40)+strings.Repeat(closers, 40)))) == 0 {
			t.Errorf("%q is accepted", open)
		}
	}
}

func nested(opening, closing string, levels int) string {
	return strings.Repeat(opening, levels) + "a" + strings.Repeat(closing, levels)
}

func TestLimits(t *testing.T) {
	cases := []struct{ name, at, beyond string }{
		{"commands", strings.Repeat("!\n", MaxCommands), strings.Repeat("!\n", MaxCommands+1)},
		{"parts", `"` + strings.Repeat("$a", MaxParts-1) + `"`, `"` + strings.Repeat("$a", MaxParts) + `"`},
		{"nested substitutions", nested("$(", ")", MaxNestingLevels), nested("$(", ")", MaxNestingLevels+1)},
		{"nested braces", nested("${a:-", "}", MaxNestingLevels), nested("${a:-", "}", MaxNestingLevels+1)},
		{"nested groups", nested("{ ", "; }", MaxNestingLevels), nested("{ ", "; }", MaxNestingLevels+1)},
		{"nested tests", "[[ " + nested("( ", " )", MaxNestingLevels-1) + " ]]", "[[ " + nested("( ", " )", MaxNestingLevels) + " ]]"},
	}
	for _, one := range cases {
		if places := UnsupportedPlaces(ReadShell(one.at)); len(places) != 0 {
			t.Errorf("%s at the limit: %v", one.name, places)
		}
		if places := UnsupportedPlaces(ReadShell(one.beyond)); len(places) == 0 || places[0].Reason != limitExceeded {
			t.Errorf("%s beyond the limit: %v", one.name, places)
		}
	}
}
