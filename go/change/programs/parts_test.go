// The small readers inside the programs' readers: quoted configuration, aliases, refspecs, magic, addresses, patches, and texts split into
// words.
// Twin of test/git/parts.test.ts.

package programs

import (
	"slices"
	"strconv"
	"strings"
	"testing"

	"cavra.dev/runtime/base"
	"cavra.dev/runtime/change/catalogue"
	"cavra.dev/runtime/change/model"
)

func configOf(variables map[string]string) string {
	call := &model.Call{Environment: &base.Ordered[model.Value]{}}
	for name, value := range variables {
		call.Environment.Set(name, model.Text(value))
	}
	config := injectedConfig(call, &catalogue.CutLine{})
	var shown []string
	for _, entry := range config.entries {
		value := "true"
		if entry.value != nil {
			value = strconv.Quote(entry.value.Text)
		}
		shown = append(shown, entry.key+"="+value)
	}
	if config.unreadable {
		shown = append(shown, "unreadable")
	}
	return strings.Join(shown, " ")
}

func TestInjectedConfigurationIsRead(t *testing.T) {
	table := map[string]string{
		`'a.b=c'`: `a.b="c"`, `'a.b'='c'`: `a.b="c"`, `'a.b'=`: `a.b=""`, `'a.b'`: `a.b=true`, "  'a.b=c'\t'd.e=f' ": `a.b="c" d.e="f"`,
		`'a.b=it'\''s'`: `a.b="it's"`, `'a.b=c''d.e=f'`: `a.b="c" unreadable`, `'a.b=c`: "unreadable", "a.b=c": "unreadable",
		`'nosection=c'`: "unreadable", `'A.B.C'='x' `: `a.B.c="x"`,
	}
	for parameters, want := range table {
		if got := configOf(map[string]string{"GIT_CONFIG_PARAMETERS": parameters}); got != want {
			t.Errorf("%s is %s, not %s", parameters, got, want)
		}
	}
	for _, text := range []string{"", "!git", "it's", "''!!", "a b\n"} {
		if got := configOf(map[string]string{"GIT_CONFIG_PARAMETERS": "'a.b'=" + quoted(text)}); got != "a.b="+strconv.Quote(text) {
			t.Errorf("%q is read back as %s", text, got)
		}
	}
}

func TestPairsAreCountedUpToTheLimitAndNotBeyond(t *testing.T) {
	pairs := func(count int) map[string]string {
		variables := map[string]string{"GIT_CONFIG_COUNT": strconv.Itoa(count)}
		for i := range count {
			variables["GIT_CONFIG_KEY_"+strconv.Itoa(i)] = "a.b"
			variables["GIT_CONFIG_VALUE_"+strconv.Itoa(i)] = "c"
		}
		return variables
	}
	if got := configOf(pairs(maxConfigEntries)); strings.Count(got, "a.b") != maxConfigEntries || strings.Contains(got, "unreadable") {
		t.Errorf("at the limit: %s", got)
	}
	counts := map[string]string{"": "", "0": "", "101": "unreadable", "1x": "unreadable", "0001": "unreadable", "1": "unreadable"}
	for count, want := range counts {
		if got := configOf(map[string]string{"GIT_CONFIG_COUNT": count}); got != want {
			t.Errorf("a count of %q: %s", count, got)
		}
	}
}

func TestKeysAreMadeNormal(t *testing.T) {
	table := map[string]string{
		"Core.FsMonitor": "core.fsmonitor", "A.Sub.Section.B": "a.Sub.Section.b", "\u212aA.Ñ.\u212aB": "\u212aa.Ñ.\u212ab",
		"a": "", ".b": "", "a.": "",
	}
	for written, want := range table {
		if got, isKey := normalKey(written); got != want || isKey != (want != "") {
			t.Errorf("%s: %q", written, got)
		}
	}
}

// splits shows words parted by bars, and what cannot be split as "-".
func splits(words []string, known bool) string {
	if !known {
		return "-"
	}
	return strings.Join(words, "|")
}

func TestTextsAreSplitAsEachProgramDoes(t *testing.T) {
	table := []struct {
		split func(source string) string
		cases map[string]string
	}{
		{func(source string) string { return splits(splitAlias(source)) }, map[string]string{
			"reset --hard": "reset|--hard", "  a\t'b c' \"d e\"f g\\ h ": "a|b c|d ef|g h", "a ''": "a|", `a '\'`: `a|\`, "a 'b": "-",
			`a \`: "-", "é\u00a0è": "é\u00a0è",
		}},
		{func(source string) string { return splits(splitForXargs(source, false)) }, map[string]string{
			"a b\nc\t'd e'": "a|b|c|d e", "'a\nb'": "-", `a\ b "`: "-", `\`: `\`, "''": "", "a\u00a0b": "a\u00a0b",
		}},
		{func(source string) string { return splits(splitForXargs(source, true)) }, map[string]string{"  a b \n\tc": "a b |c",
			"'a'b\\\nc": "ab\nc"}},
		{func(source string) string { return splits(splitForEnv(source)) }, map[string]string{
			`a\_b "c\_d" 'e\_f' '\'\\'`: `a|b|c d|e\_f|'\`, `A='x y' b # c`: "A=x y|b", `a#b\cd e`: "a#b",
			`\f\n\r\t\v\#\$\\\"\'`: "\f\n\r\t\v#$\\\"'",
			"$x":                   "-", "'$x'": "$x", `\x`: "-", `\`: "-", `"a`: "-", `"\c"`: "-", "": "",
		}},
		{func(source string) string { return strings.Join(splitAt(source, ""), "|") }, map[string]string{"a😀é": "a|😀|é", "": ""}},
		{func(source string) string { return strings.Join(splitAt(source, "é"), "|") }, map[string]string{"aébé": "a|b", "é": ""}},
	}
	for i, one := range table {
		for source, want := range one.cases {
			if got := one.split(source); got != want {
				t.Errorf("%d: %q is %q, not %q", i, source, got, want)
			}
		}
	}
}

func TestRefspecsAndMagicAreRead(t *testing.T) {
	specs := map[string]refspec{
		"main": {source: "main"}, "+main": {force: true, source: "main"}, "+a:b": {force: true, parted: true, source: "a", target: "b"},
		":b": {parted: true, target: "b"}, ":": {parted: true}, "a:": {parted: true, source: "a"}, "": {},
	}
	for written, want := range specs {
		if got := readRefspec(written); got != want {
			t.Errorf("%q: %+v", written, got)
		}
	}
	magic := map[string]string{
		":/": "top>", ":!x": "exclude>x", ":^/x": "exclude,top>x", ":(top,exclude)x": "top,exclude>x", ":": ">", ":(top": ">:(top",
		"x": ">x", ":!:x": "exclude>x",
	}
	for written, want := range magic {
		if words, rest := readMagic(written); strings.Join(words, ",")+">"+rest != want {
			t.Errorf("%q: %q, %q", written, words, rest)
		}
	}
}

func TestPathsAreToldFromRefsWhereTheirSpellingDoes(t *testing.T) {
	is := func(what string, does func(string) bool, want bool, words ...string) {
		for _, word := range words {
			if does(word) != want {
				t.Errorf("%q %s: not %v", word, what, want)
			}
		}
	}
	is("is surely a path", isSurelyPath, true, ".", "..", "./a", "/a", "a/", "*.md", ":x", ".env", "a/.b", "a b")
	is("is surely a path", isSurelyPath, false, "main", "feature/x", "v1.2", "a.txt", "HEAD~1", "-", "")
	is("looks like a file", looksLikeFile, true, "a.txt", "src/a.ts", "x.y.md", "a.Xäöüßé")
	is("looks like a file", looksLikeFile, false, "v1.2", "release-1.0", "main", ".env", "a.", "a.toolongending",
		"a.\u212a", "a.xäöüßéé", "a.ä")
	is("looks like a branch", looksLikeBranch, true, "feature/x.y", "fix/a.\u212at")
	is("looks like a branch", looksLikeBranch, false, "feature/a.KT", "src/x.y", "feature")
}

func TestAddressesAreTold(t *testing.T) {
	table := map[string]string{
		"origin": "name", "https://x.example/y": "url", "git@x:y": "url", "x:y": "url", "/x:y": "folder", "./x:y": "folder",
		"file:///x":     "folder",
		"ext::sh -c id": "helper", "https::x": "helper", "a/b": "name", "A::b": "url", "a/b::c": "name", "..": "folder",
	}
	for written, want := range table {
		if got := addressOf(model.Text(written), "name").kind; got != want {
			t.Errorf("%s is a %s, not a %s", written, got, want)
		}
	}
	folders := map[string]string{"https://x.example/a/b.git/": "b", "host:b.git": "b", "/srv/b/.git": "b", "..": "", "/": "", ".git": ""}
	for written, want := range folders {
		if got := cloneFolder(model.Text(written)); got.Text != want || (got.Kind == "text") != (want != "") {
			t.Errorf("a clone of %s goes to %+v", written, got)
		}
	}
}

func TestPatchesNameTheirFiles(t *testing.T) {
	table := map[string]string{
		"--- a/x/y\n+++ b/x/y\n@@ -1 +1 @@\n-a\n+b\n":                      "write x/y",
		"--- a/x\n+++ /dev/null\n":                                         "delete x",
		"--- /dev/null\n+++ b/x\t2020\n":                                   "write x",
		"diff --git a/x b/y\nrename from x\nrename to y\n":                 "delete x; write y",
		"diff --git a/bin b/bin\nold mode 100644\n":                        "write bin",
		"diff --git a/ü b/ü \t\nold mode\n":                                "write ü",
		"diff --git ü/😀 é/😀\n":                                             "write 😀",
		"diff --git a/x b c/x b\n":                                         "write x b",
		"--- \"a/\\303\"\n+++ \"b/\\303\"\n":                               "-",
		"+++ x\n":                                                          "-",
		"no patch at all":                                                  "",
		"--- a/x\r\n+++ b/x\r\n":                                           "write x",
		strings.Repeat("--- a/x\n+++ b/x\n", maxPatchedFiles+1):            "write x",
		"--- a/x\u00a0\n+++ b/x\u00a0\ncopy from b/x\ncopy to d/\u00a0e\n": "write x\u00a0; write d/\u00a0e",
	}
	for patch, want := range table {
		files, known := filesOf(patch)
		var shown []string
		for _, file := range files {
			shown = append(shown, file.effect+" "+file.path)
		}
		if got := strings.Join(shown, "; "); known != (want != "-") || known && got != want {
			t.Errorf("%.40q: %q", patch, got)
		}
	}
	var many strings.Builder
	for i := range maxPatchedFiles {
		many.WriteString("--- a/f" + strconv.Itoa(i) + "\n+++ b/f" + strconv.Itoa(i) + "\n")
	}
	if files, known := filesOf(many.String()); !known || len(files) != maxPatchedFiles {
		t.Errorf("%d files at the limit", len(files))
	}
	if _, known := filesOf(many.String() + "+++ b/one-more\n"); known {
		t.Error("one file beyond the limit is told")
	}
}

func TestNamesAreMatchedInEitherCaseOfASCII(t *testing.T) {
	table := map[string]string{"a*.B1": "[aA]*.[bB]1", "Äx": "?[xX]", "[aä]b": "*[bB]", "😀": "?", "": "", "@[`{": "@\\[`{",
		"*[a]*": "*", `\a\[b]\*`: `[aA]\[[bB]]\*`, "[]a]x[!b]": "*", "a]": "[aA]]", "x[ab": `[xX]\[[aA][bB]`, `\`: `\`}
	for glob, want := range table {
		if got := anyCase(glob); got != want {
			t.Errorf("%s: %s, not %s", glob, got, want)
		}
	}
}

func TestWhatOnlyLooksHasNoMeaningInTheTable(t *testing.T) {
	onlyLook := []string{"status", "rev-parse", "ls-files", "describe", "merge-base", "rev-list", "stash list", "remote", "constructor", ""}
	for _, name := range onlyLook {
		if meaningOf(name) != nil {
			t.Errorf("git %s has a meaning", name)
		}
	}
	if meaningOf("commit") == nil || !slices.Equal(codeVariables[:1], []codeVariable{{"GIT_SSH_COMMAND", "shell", "network"}}) {
		t.Error("the tables are empty")
	}
}
