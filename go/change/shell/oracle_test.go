// The reader against another: what the grammar accepts, mvdan.cc/sh accepts too, but for its known errors, each listed with its reason.
// The texts are the vectors, the development corpus, and that changed from a fixed seed. Twin of test/shell/oracles.test.ts.

package shell

import (
	"math/rand/v2"
	"strings"
	"testing"

	"mvdan.cc/sh/v3/syntax"
)

// knownErrors are what mvdan.cc/sh says where it is wrong.
var knownErrors = []struct{ says, why string }{
	{"cannot form a statement alone", "`!` alone is a command"},
	{"unclosed here-document", "bash warns, and runs it"},
	{"`[` must be followed by an expression", "`b[]` is a program"},
	{"array element values must be words", "`a=(=)` has an element"},
	{"`((` must be followed by an expression", "`(())` is 0"},
	{"`(` must be followed by an expression", "`((())&a)` is two subshells"},
	{"`$((` must be followed by an expression", "`$(())` is 0"},
	{"without matching `((` with `))`", "`((1) )` is two subshells"},
	{"inline variables cannot be arrays", "`a=() b` is accepted"},
	{"must be followed by a statement list", "after a redirect `until` is a program"},
	{"not a valid arithmetic operator", "arithmetic is read when it is evaluated"},
	{"must be followed by an expression", "arithmetic is read when it is evaluated"},
	{"must follow an expression", "arithmetic is read when it is evaluated"},
	{"must follow a name", "arithmetic is read when it is evaluated"},
	{"ternary operator missing", "arithmetic is read when it is evaluated"},
	{"reached EOF without matching `[`", "`a=[` is a word"},
	{"reached `)` without matching `$((` with `))`", "`$((a); (b))` is a substitution"},
	{"a command can only contain words and redirects; encountered `(`", "a line continuation may stand in `$(`"},
	{"`&` can only immediately follow a statement", "a line continuation may stand in `&&`"},
	{"`|` must be followed by a statement", "a line continuation may stand in `||`"},
	{"statements must be separated by &, ; or a newline", "in `export>2 o` the 2 is the redirect's target"},
	{"`function foo(` must be followed by `)`", "in `function f (a)` the parentheses are the body"},
	{"expansions not allowed in heredoc words", "nothing in a delimiter is expanded"},
	{"not a valid parameter expansion operator", "a line continuation may stand in `${ }`"},
	{"cannot negate a command multiple times", "`! !` is accepted"},
	{"`!` can only be used in full statements", "`time !` is accepted"},
	{"reached `)` without matching `${` with `}`", "an offset is read when it is evaluated"},
	{"can only be used in an `if`", "after a redirect `then` is a program"},
	{"not a valid test operator", "a group of a regular expression may hold blanks"},
	{"must be followed by `;`", "arithmetic is read when it is evaluated"},
	{"`[x]` must be followed by `=`", "`[k]` is an element"},
	{"reached `)` without matching `[` with `]`", "a subscript is read when it is evaluated"},
	{"`a[b]` must be followed by `=`", "`a[b]` is a program"},
	{"invalid var name", "a name is checked when it is declared"},
	{"reached `(` without matching `[` with `]`", "a subscript is read when it is evaluated"},
}

func TestAnotherReaderAcceptsWhatTheGrammarAccepts(t *testing.T) {
	accepted, refused := 0, 0
	for _, text := range oracleTexts(t) {
		if len(UnsupportedPlaces(ReadShell(text))) > 0 {
			continue
		}
		accepted++
		parser := syntax.NewParser(syntax.Variant(syntax.LangBash))
		_, err := parser.Parse(strings.NewReader(text), "")
		if err == nil {
			continue
		}
		refused++
		if !isKnownError(err.Error()) {
			t.Errorf("%q: %v", text, err)
		}
	}
	if accepted < 2_000 || refused > accepted/10 {
		t.Errorf("%d texts are accepted, and %d of them refused", accepted, refused)
	}
}

func isKnownError(message string) bool {
	for _, known := range knownErrors {
		if strings.Contains(message, known.says) {
			return true
		}
	}
	return false
}

func oracleTexts(t *testing.T) []string {
	corpus := readCorpus(t)
	texts := corpus
	for _, one := range readVectors(t) {
		if text := one.text(t); len(text) < 1_000 {
			texts = append(texts, text)
		}
	}
	dice := rand.New(rand.NewPCG(41, 1))
	for range 4_000 {
		text := corpus[dice.IntN(len(corpus))]
		for range 1 + dice.IntN(2) {
			at := dice.IntN(len(text) + 1)
			end := min(len(text), at+dice.IntN(3))
			other := corpus[dice.IntN(len(corpus))]
			from := dice.IntN(len(other) + 1)
			text = text[:at] + other[from:min(len(other), from+dice.IntN(6))] + text[end:]
		}
		texts = append(texts, text)
	}
	return texts
}
