// Whatever words come, every reader answers: no panic, the same answer twice, deeds in source order, and nothing of the call is changed.
// Twin of test/git/fuzz.test.ts. As a test it runs the seeds; `go test -fuzz FuzzReadProgram ./change/programs` looks for more.

package programs_test

import (
	"reflect"
	"slices"
	"strings"
	"testing"

	"cavra.dev/runtime/base"
	"cavra.dev/runtime/change/catalogue"
	"cavra.dev/runtime/change/model"
	"cavra.dev/runtime/change/programs"
)

var fuzzSeeds = []string{
	"git push -f origin +main :x a:b tag v1", "git -c alias.x=!y -C d x a", "git config --blob HEAD:.env a.b ~c",
	"git checkout ? -- *.md", "git apply -",
	"find / ( -name a -o -iname Ä* ) -exec rm {} + ! ! -delete ) ~-x", "fd -e a -e b x . -x rm {//}", "xargs -d , -n 2 -I% sh -c %",
	"parallel -S h {1} ::: a b :::+ c d",
	"env -S a\\_b -i X=1 sh", "su - root -c id", "runuser -u a -- b", "tar -C a -xf b -C c d ~", "patch -p1 a b",
	"tmux send-keys a Enter", "screen -X stuff a^M",
	"nobody knows -- rm -rf /", "GIT_CONFIG_COUNT=1 GIT_CONFIG_KEY_0=core.pager GIT_CONFIG_VALUE_0=x GIT_DIR=/tmp/r git log",
	"GIT_CONFIG_PARAMETERS='a.b'='c' git log",
	"NODE_OPTIONS=--require=/tmp/x npm i", "LD_PRELOAD=/tmp/a:b ls", "\xff \x00 \u2028", "",
}

// fuzzedCall parts a text at blanks: variables, the program, its words. `~x` is an unknown word that begins with x, `?` any number of them,
// `*` makes a pattern, and what follows a vertical bar is standard input.
func fuzzedCall(t *testing.T, text string) *model.Call {
	all := builtin(t)
	line, stdin, piped := strings.Cut(text, "|")
	call := &model.Call{
		Name: "git", Span: base.Span{End: len(line)}, Stdin: model.Stdin{Kind: "inherited"}, Cwd: model.Text("/w"), WorkspaceRoot: "/w",
		Catalogue:   all,
		Environment: &base.Ordered[model.Value]{}, Facts: &model.Facts{Home: "/home/u", TempRoots: []string{"/tmp"}},
	}
	if piped {
		call.Stdin = model.Stdin{Kind: "text", Text: stdin}
	}
	words := strings.Split(line, " ")
	for len(words) > 0 && strings.Contains(words[0], "=") {
		name, value, _ := strings.Cut(words[0], "=")
		call.Environment.Set(name, fuzzedValue(value))
		words = words[1:]
	}
	for i, word := range words {
		if i == 0 {
			call.Name = nameIn(all)(word)
			continue
		}
		call.Words = append(call.Words, model.Argument{Value: fuzzedValue(word), Span: base.Span{Start: i, End: i + 1}})
	}
	return call
}

func fuzzedValue(word string) model.Value {
	prefix, isUnknown := strings.CutPrefix(word, "~")
	switch {
	case isUnknown:
		return model.Value{Kind: "unknown", Prefix: prefix}
	case word == "?":
		return model.UnknownWords
	case strings.Contains(word, "*"):
		return model.Value{Kind: "pattern", Glob: word}
	}
	return model.Text(word)
}

func FuzzReadProgram(f *testing.F) {
	for _, seed := range fuzzSeeds {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		call := fuzzedCall(t, text)
		words := slices.Clone(call.Words)
		reading := programs.ReadProgram(call)
		if !reflect.DeepEqual(reading, programs.ReadProgram(call)) {
			t.Error("two readings")
		}
		if !slices.Equal(words, call.Words) {
			t.Error("the call is changed")
		}
		own := reading.Deeds
		if call.Environment.Len() > 0 || catalogue.ProgramOf(call.Catalogue, call.Name) == nil {
			return // what variables do stands before the line's deeds
		}
		if !slices.IsSortedFunc(own, func(a, b model.Deed) int { return a.Span.Start - b.Span.Start }) {
			t.Error("deeds are not in source order")
		}
	})
}
