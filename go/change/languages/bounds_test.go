// The small languages are bounded: texts that grow stop at their limits, and hostile ones end soon. Twin of test/languages/bounds.test.ts, of its part
// for them.

package languages

import (
	"strings"
	"testing"
)

func shownDeeds(language, code string) []string {
	var shown []string
	one := languageCase{}
	for _, deed := range ReadCode(language, code, one.context()) {
		shown = append(shown, showDeed(&deed))
	}
	return shown
}

func TestTextsGrowToTheirLongestAndNoFurther(t *testing.T) {
	awk := func(words string) string {
		return `BEGIN { c = "` + strings.Repeat("x", 128) + `"; system(` + words + `) }`
	}
	lines := "a = " + strings.Repeat("é", 4_096) + "\nall:\n\t" + strings.Repeat("$a", 64)
	for _, one := range []struct{ language, code, want string }{
		{"awk", awk(strings.Repeat("c ", 128)), "code:shell '" + strings.Repeat("x", 16_384) + "'"},
		{"awk", awk(strings.Repeat("c ", 128) + `"x"`), "opaque unknown_code shell"},
		{"make", lines, "code:shell '" + strings.Repeat("é", 262_144) + "'"},
		{"make", lines + "$a", "opaque limit_exceeded make; opaque unknown_code make"},
	} {
		if shown := strings.Join(shownDeeds(one.language, one.code), "; "); shown != one.want {
			t.Errorf("%s gives %.80s, not %.80s", one.language, shown, one.want)
		}
	}
}

func TestHostileSQLEndsSoon(t *testing.T) {
	for _, one := range [][2]string{{"COPY ", "FROM "}, {"SELECT ", "INTO "}, {"x ", "(DELETE) "}, {"", "PREPARE a AS "}, {"SELECT ", "dblink("}} {
		if deeds := shownDeeds("sql", one[0]+strings.Repeat(one[1], 9_000)+"'x'"); len(deeds) > maxSinkDeeds+1 {
			t.Errorf("%s gives %d deeds", one[1], len(deeds))
		}
	}
}
