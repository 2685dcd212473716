// Words as a shell expands them, with the shell around them given as a table. The vectors of change say what becomes of them in effects;
// here stand limits at and one beyond, and totality.

package words

import (
	"strings"
	"testing"

	"cavra.dev/runtime/base"
	"cavra.dev/runtime/change/model"
	"cavra.dev/runtime/change/shell"
)

// around is a shell of a few variables, in which every other one is unknown.
type around struct {
	budget    *model.Budget
	variables map[string]Variable
	listings  map[string][]string
	opaque    []string
}

func newAround() *around {
	return &around{budget: model.NewBudget(), variables: map[string]Variable{"IFS": Scalar(model.Text(" \t\n"))}}
}

func (a *around) Budget() *model.Budget { return a.budget }

func (a *around) Variable(name string) Variable {
	if one, is := a.variables[name]; is {
		return one
	}
	return Scalar(model.UnknownWords)
}

func (a *around) Assign(name string, variable Variable) { a.variables[name] = variable }

func (a *around) Positional() ([]model.Value, bool) {
	return []model.Value{model.Text("sh"), model.Text("p"), model.Text("q r")}, true
}

func (a *around) Cwd() model.Value { return model.Text("/srv/app") }

func (a *around) Listing(folder string) ([]string, bool) {
	names, is := a.listings[folder]
	return names, is
}

func (a *around) Substitute(*shell.Script, base.Span) model.Output {
	return model.Output{Kind: "text", Text: "a b\n"}
}

func (a *around) Process(string, *shell.Script, base.Span) string { return "/dev/fd/63" }

func (a *around) Opaque(reason, detail string, _ base.Span) {
	a.opaque = append(a.opaque, reason+" "+detail)
}

// wordsOf is the words of a command line's only command.
func wordsOf(t testing.TB, line string) []shell.Word {
	t.Helper()
	script := shell.ReadShell(line)
	if len(script.Items) != 1 || len(script.Items[0].First.Commands) != 1 || script.Items[0].First.Commands[0].Kind != shell.Simple {
		t.Fatalf("%q is no simple command", line)
	}
	return script.Items[0].First.Commands[0].Words
}

func shown(given []model.Argument) string {
	var all []string
	for _, one := range given {
		switch value := one.Value; value.Kind {
		case "text":
			all = append(all, "<"+value.Text+">")
		case "pattern":
			all = append(all, "<"+value.Glob+">~")
		default:
			all = append(all, "<"+value.Prefix+">?")
		}
	}
	return strings.Join(all, " ")
}

func TestWordsAreExpandedAsAShellDoes(t *testing.T) {
	table := map[string]string{
		`a 'b c' "d e" f\ g`:              "<a> <b c> <d e> <f g>",
		`{a,b}{1..3}`:                     "<a1> <a2> <a3> <b1> <b2> <b3>",
		`{08..10} {c..a} {3..1..2}`:       "<08> <09> <10> <c> <b> <a> <3> <1>",
		`{a}b,c} {} x{,}`:                 "<a}b> <c> <{}> <x> <x>",
		`{~,$A}/x`:                        "</home/dev/x> <v> <w/x>",
		`$A "$A" x$A`:                     "<v> <w> <v w> <xv> <w>",
		`"$@" $* "$*"`:                    "<p> <q r> <p> <q> <r> <p q r>",
		`${A%w} ${A#v} ${A/v/[&]}`:        "<v> <w> <[v]> <w>",
		`"${A^^}" "${A:1}" ${#A}`:         "<V W> < w> <3>",
		`"${L[@]}" ${L[-1]} ${#L[@]}`:     "<1> <2> <2> <2>",
		`${D:-x "y z"} ${A:+"$@"}`:        "<x> <y z> <p> <q r>",
		`$((1 + 2 * 3)) $((N++)) $((N))`:  "<7> <1> <2>",
		`$(x) "$(x)"`:                     "<a> <b> <a b>",
		`*.ts \*.ts '*'`:                  "<a.ts> <b.ts> <*.ts> <*>",
		`src/* q/* *.none https://x/?a`:   "<src/*>~ <q/*>~ <*.none> <https://x/?a>",
		`$U "$U/x" a"$U"`:                 "<>? <>? <a>?",
		`$$ x$$y`:                         "<*>~ <x*y>~",
		`~/a a:~/b`:                       "</home/dev/a> <a:~/b>",
		`${F%?} "${F:1:1}" "${F/é/e}"`:    "<é😀> <😀> <e😀z>",
		`<(x)`:                            "</dev/fd/63>",
		`"$S"'x'$S$E`:                     "<v wxv> <w>",
		`${A/%/x} ${A//[vw]/} "${A//v/}"`: "<v> <wx> < w>",
	}
	for line, want := range table {
		context := newAround()
		for name, value := range map[string]string{"A": "v w", "S": "v w", "E": "", "N": "1", "HOME": "/home/dev", "F": "é😀z"} {
			context.variables[name] = Scalar(model.Text(value))
		}
		context.variables["D"] = Unset
		context.variables["L"] = Array([]model.Value{model.Text("1"), model.Text("2")})
		context.variables["$"] = Scalar(model.Value{Kind: "pattern", Glob: "*", Random: true})
		context.listings = map[string][]string{"/srv/app": {"b.ts", "a.ts", ".c.ts", "src"}}
		if got := shown(EvaluateWords(wordsOf(t, line), context)); got != want {
			t.Errorf("%s\n got %s\nwant %s", line, got, want)
		}
	}
}

func TestArithmeticIsThatOfC(t *testing.T) {
	table := map[string]string{
		"": "0", "1+2*3": "7", "-7/2": "-3", "-7%3": "-1", "7%-3": "1", "2**10": "1024", "2**53-1": "?",
		"9007199254740991": "9007199254740991", "9007199254740991+1": "?", "9007199254740992": "?", "~9007199254740991": "?",
		"1<<52": "4503599627370496", "1<<53": "?", "-1>>62": "-1", "1>>63": "?", "010": "8", "08": "?", "0x1F": "31", "0x": "?",
		"1/0": "?", "1%0": "?", "2**-1": "?", "1?2:3": "2", "0?2:3": "3", "(1,2)": "2", "x=5,x++,x": "6", "++x+x": "2", "!x": "1",
		"1&&0||1": "1", "5&3|8^1": "9", "2147483648&1": "?", "1==1": "1", "3>=4": "0", "(": "?", "1 2": "?", "a[0]": "?", "é": "?",
		"3**3**2": "19683", "0**0": "1", "(-1)**9007199254740991": "-1", "94906265*94906265": "9007199136250225",
		"1234567890123456": "1234567890123456", "12345678901234567": "?", "x=9,x>>=1": "4", "1,": "?",
	}
	for text, want := range table {
		context := newAround()
		context.variables["x"] = Unset
		value := EvaluateExpression([]shell.Part{{Kind: shell.Quoted, Text: text}}, base.Span{}, context)
		got := "?"
		if value.Known {
			got = model.Text(formatted(value)).Text
		}
		if got != want {
			t.Errorf("%s: %s, not %s", text, got, want)
		}
	}
}

func formatted(value Number) string {
	numbers := variableNumbers{context: newAround()}
	numbers.set("n", value)
	return numbers.context.Variable("n").Value.Text
}

func TestArithmeticStopsAtItsLimits(t *testing.T) {
	deep := func(n int) string { return strings.Repeat("(", n) + "1" + strings.Repeat(")", n) }
	long := func(n int) string { return strings.Repeat("1+", n/2) + "1" }
	for text, want := range map[string]bool{deep(31): true, deep(32): false, long(511): true, long(513): false} {
		if got := evaluateArithmetic(text, variableNumbers{context: newAround()}); got.Known != want {
			t.Errorf("%d tokens: %v", len(text), got)
		}
	}
}

func TestBracesMakeOneThousandAndTwentyFourWords(t *testing.T) {
	for line, want := range map[string]int{"{1..1024}": 1024, "{a,b}{1..512}": 1024, "{1..1025}": 1, "{a,b}{1..513}": 1} {
		context := newAround()
		given := EvaluateWords(wordsOf(t, "x"+line), context)
		if len(given) != want || (want == 1) != (len(context.opaque) == 1) {
			t.Errorf("%s: %d words, %q", line, len(given), context.opaque)
		}
	}
}

func TestAValueHoldsItsLimit(t *testing.T) {
	for size, want := range map[int]string{model.LimitValueBytes: "text", model.LimitValueBytes + 1: "unknown"} {
		context := newAround()
		left := model.Text(strings.Repeat("x", size-1))
		if got := ConcatValues(left, model.Text("y"), context.budget); got.Kind != want {
			t.Errorf("%d bytes: %s", size, got.Kind)
		}
	}
}

func TestValuesJoinToWhatCoversBoth(t *testing.T) {
	table := []struct{ left, right, want model.Value }{
		{model.Text("a.ts"), model.Text("b.ts"), model.Value{Kind: "pattern", Glob: "*.ts"}},
		{model.Text("ab"), model.Text("abc"), model.Value{Kind: "pattern", Glob: "ab*"}},
		{model.Text(".a"), model.Text("b"), model.UnknownWord},
		{model.Text("a/b"), model.Text("a/c"), model.Value{Kind: "unknown", Prefix: "a/"}},
		{model.Text("é"), model.Text("è"), model.Value{Kind: "pattern", Glob: "*"}},
		{model.Text("x😀"), model.Text("x😁"), model.Value{Kind: "pattern", Glob: "x*"}},
		{model.Text(""), model.Text("a"), model.UnknownWord},
		{model.UnknownWords, model.Text("a"), model.UnknownWords},
	}
	for _, row := range table {
		if got := JoinValues(row.left, row.right); got != row.want {
			t.Errorf("%v and %v: %v, not %v", row.left, row.right, got, row.want)
		}
	}
}

func FuzzWordsAreTotal(f *testing.F) {
	for _, seed := range []string{"{a,b}$x", "${A/#a/b}", "$((1+(2)))", "[a-[:x:]]*", "~/{1..3}\\", "${A%\\}", "\xff${A#\xff}"} {
		f.Add(seed, "a\xffé😀")
	}
	f.Fuzz(func(t *testing.T, line, value string) {
		context := newAround()
		context.variables["A"] = Scalar(model.Text(value))
		context.variables["G"] = Scalar(model.Value{Kind: "pattern", Glob: value})
		script := shell.ReadShell(line)
		for _, item := range script.Items {
			for _, command := range item.First.Commands {
				first := EvaluateWords(command.Words, context)
				if len(first) > 0 && first[0].Value.Kind == "" {
					t.Error("a value of no kind")
				}
			}
		}
		editPattern(value, "%", line, "x")
		editPattern(value, "/", line, "x")
		editPattern(value, "#", line, "x")
	})
}
