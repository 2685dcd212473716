// Hostile texts in every language: nothing panics or hangs, the same text gives the same deeds, and each has the span that was given.
// `go test -fuzz FuzzReadCode ./change/languages`. Twin of test/languages/bounds.test.ts, of its part for all languages.

package languages

import (
	"reflect"
	"strings"
	"testing"
	"time"

	"cavra.dev/runtime/change/model"
)

var allLanguages = []model.Language{"python", "javascript", "perl", "ruby", "php", "awk", "sed", "sql", "redis", "mongo", "make", "shell", "unknown"}

// hostile are pieces that hurt when there are many of them.
var hostile = []string{
	"(", "[", "{", "a.", "a(", "$a[", `"$a["`, "`${", `"#{`, "<", "<<A\n", "/[", "s/[", `\`, "'", "x='a'*99;", "lambda:", "[x for x in ", "delete(",
	"load_file(", "print ", "$(a ", "=>", "$$", `"a"|getline;`, "`${=/[", "a,", "x if ", "-", "a[", "f(", "x,y=", "import a\n", "é", "😀", "\u00a0", "\n",
}

func TestHostileTextsEndSoon(t *testing.T) {
	for _, language := range allLanguages {
		for _, piece := range hostile {
			begin := time.Now()
			deeds := shownDeeds(language, strings.Repeat(piece, 12_000/len(piece)))
			if took := time.Since(begin); len(deeds) > maxDeeds+4 || took > 20*time.Second {
				t.Errorf("%d deeds of %q in %s after %s", len(deeds), piece, language, took)
			}
		}
	}
}

func TestHarmlessLinesChangeNoDeedBesideThem(t *testing.T) {
	harmless := "x = 1\nprint('a')\ny = [i for i in range(3)]\n# os.remove('z')\ndef f(a):\n    return a\n"
	for _, code := range []string{"import os\nos.remove('q')\n" + harmless, "import os\n" + harmless + "os.remove('q')", harmless + "import os; os.remove('q')"} {
		if shown := strings.Join(shownDeeds("python", code), "; "); shown != "delete 'q'" {
			t.Errorf("%q gives %s", code, shown)
		}
	}
}

func FuzzReadCode(f *testing.F) {
	for index := range allLanguages {
		for _, piece := range hostile {
			f.Add(byte(index), piece+piece+"x")
		}
	}
	for index, code := range []string{
		"import os; os.system(f'rm {x!r:>{10}}')", "require('fs').unlinkSync(`a${b}`)", "system { $x } qw(a b); s/a/unlink(1)/e; print <<~E;\n  a\nE\n",
		"`rm #{x}`; %w[a b].each { |f| File.delete f }", "<?php array_map('unlink', glob(\"*.$x\")); ?>",
	} {
		f.Add(byte(index), code)
	}
	f.Fuzz(func(t *testing.T, index byte, code string) {
		language := allLanguages[int(index)%len(allLanguages)]
		one := languageCase{Positional: []string{"-c", "a b"}, Environment: map[string]string{"HOME": "/home/u"}}
		deeds := ReadCode(language, code, one.context())
		for i := range deeds {
			if deeds[i].Span != caseSpan {
				t.Fatalf("%s of %q stands at %v", showDeed(&deeds[i]), code, deeds[i].Span)
			}
		}
		if again := ReadCode(language, code, one.context()); !reflect.DeepEqual(again, deeds) {
			t.Fatalf("%q in %s gives other deeds the second time", code, language)
		}
	})
}
