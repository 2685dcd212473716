// How a command line is cut into options and operands, one table for each feature of the grammar. Proves spec/catalogue.md section 7. Twin of
// test/catalogue/command-line.test.ts.

package catalogue_test

import (
	"strconv"
	"strings"
	"testing"

	"cavra.dev/runtime/base"
	"cavra.dev/runtime/change/catalogue"
	"cavra.dev/runtime/change/model"
	"cavra.dev/runtime/internal/vectors"
)

// cutOptions has what is not a plain flag or value in Options.
func cutOptions() *model.OptionList {
	return catalogue.OptionsOf(&model.Program{
		Options: []*model.Option{
			{Names: []string{"--color"}, Arity: 1, Optional: true},
			{Names: []string{"-i"}, Arity: 1, Optional: true},
			{Names: []string{"-l"}, Arity: 1, Optional: true, Digits: true},
			{Names: []string{"--pair"}, Arity: 2},
			{Names: []string{"--code", "-c"}, Arity: 1, Last: true},
		},
		Flags:  "--recursive,-r,-R --force,-f --no-verify",
		Values: "--output,-o -TT if",
	})
}

// cut shows `name=value,value` for options (`!` taken back), `|`, operands; `?` marks unknown, `~` unlisted words.
func cut(line string, grammar model.Grammar) string {
	var words []model.Argument
	for i, word := range strings.Fields(line) {
		words = append(words, model.Argument{Value: valueOf(word), Span: base.Span{Start: i, End: i + 1}})
	}
	found := catalogue.CutCommandLine(&grammar, cutOptions(), words)
	var shown []string
	for _, option := range found.Options {
		text := option.Means
		if option.Negated {
			text = "!" + text
		}
		for i, value := range option.Values {
			text += []string{"=", ","}[min(i, 1)] + vectors.ShowValue(value.Value)
		}
		shown = append(shown, text)
	}
	shown = append(shown, "|")
	mark := func(sign string, words []model.Argument) {
		for _, word := range words {
			shown = append(shown, sign+vectors.ShowValue(word.Value))
		}
	}
	mark("", found.Operands)
	if found.Separator >= 0 {
		shown = append(shown, "--"+strconv.Itoa(found.Separator))
	}
	mark("~", found.Unlisted)
	mark("?", found.Unknown)
	return strings.Join(shown, " ")
}

// valueOf: `$X` is a hole, `*` makes a pattern.
func valueOf(word string) model.Value {
	if before, _, is := strings.Cut(word, "$"); is {
		return model.Value{Kind: "unknown", Prefix: before}
	}
	if strings.Contains(word, "*") {
		return model.Value{Kind: "pattern", Glob: word}
	}
	return model.Text(word)
}

type cutRow struct{ line, want string }

var cutTables = []struct {
	feature string
	grammar model.Grammar
	rows    []cutRow
}{
	{"GNU permutation and the end of options", model.Grammar{}, []cutRow{
		{"a -r b --force", "recursive force | a b"},
		{"-r -- -f a -- b", "recursive | -f a -- b --0"},
		{"a -- b", "| a b --1"},
		{"- -r", "recursive | -"},
		{"", "|"},
	}},
	{"clusters and values", model.Grammar{}, []cutRow{
		{"-rf a", "recursive force | a"},
		{"-rofile a", "recursive output=file | a"},
		{"-ro file a", "recursive output=file | a"},
		{"-o=file a", "output=file | a"},
		{"-o", "output |"},
		{"-i.bak a", "i=.bak | a"},
		{"-i a", "i | a"},
		{"-l012r a", "l=012 recursive | a"},
		{"-lr a", "l recursive | a"},
		{"-TT x a", "TT=x | a"},
		{"-rxf a", "recursive x force | a ~-rxf"},
	}},
	{"long options", model.Grammar{}, []cutRow{
		{"--output=x a", "output=x | a"},
		{"--output x a", "output=x | a"},
		{"--output= a", `output="" | a`},
		{"--color a", "color | a"},
		{"--color=auto a", "color=auto | a"},
		{"--pair a b c", "pair=a,b | c"},
		{"--pair=a b c", "pair=a,b | c"},
		{"--force=x a", "force | a ~--force=x"},
		{"--rec a", "rec | a ~--rec"},
		{"--nope=1 a", "nope | a ~--nope=1"},
	}},
	{"abbreviations", model.Grammar{Abbreviate: true}, []cutRow{
		{"--rec a", "recursive | a"},
		{"--out=x", "output=x |"},
		{"--co x", "co | x ~--co"},
		{"--colo=x", "color=x |"},
		{"--f", "force |"},
	}},
	{"negation", model.Grammar{Negate: true, Abbreviate: true}, []cutRow{
		{"--force --no-force a", "force !force | a"},
		{"--no-f a", "!force | a"},
		{"--no-verify", "no_verify |"},
		{"--verify", "!no_verify |"},
		{"--no-output x", "!output | x"},
	}},
	{"one dash for long names", model.Grammar{Long: "single"}, []cutRow{
		{"-TT=x a", "TT=x | a"},
		{"--TT x a", "TT=x | a"},
		{"-rf a", "rf | a ~-rf"},
	}},
	{"the end of options at an operand", model.Grammar{OptionsEnd: "first_operand"}, []cutRow{
		{"-r a -f", "recursive | a -f"},
		{"-r -- a -- -f", "recursive | a -- -f --0"},
		{"-c x -f", "code=x | -f"},
	}},
	{"the end of options at the second operand", model.Grammar{OptionsEnd: "second_operand"}, []cutRow{
		{"-r a -f b -r", "recursive force | a b -r"},
	}},
	{"key and value", model.Grammar{KeyValue: true}, []cutRow{
		{"if=a of=b", "if=a | of=b"},
		{"if=$X", "if=$ |"},
	}},
	{"leading cluster", model.Grammar{LeadingCluster: true}, []cutRow{
		{"rof x a", "recursive output=x force | a"},
		{"-r of", "recursive | of"},
	}},
	{"plus and numbers", model.Grammar{Plus: true, Number: true}, []cutRow{
		{"-r +r a", "recursive !recursive | a"},
		{"-12 a", "number=12 | a"},
	}},
	{"options that are not listed and take a value", model.Grammar{Unlisted: "value"}, []cutRow{
		{"--bucket b --dry --x=1 a", "bucket=b dry x=1 | a ~--bucket ~--dry ~--x=1"},
		{"-gname a", "g=name | a ~-gname"},
	}},
	{"words that are not known", model.Grammar{}, []cutRow{
		{"-r$X a", "recursive | a ?-r$"},
		{"-o$X a", "output=$ | a"},
		{"--output=x$Y a", "output=x$ | a"},
		{"--out$X a", "| a ?--out$"},
		{"$X a", "| $ a ?$"},
		{"-- $X", "| $ --0"},
		{"a$X", "| a$"},
		{"*.c -r", "recursive | ~*.c ?~*.c"},
	}},
}

func TestCuttingACommandLine(t *testing.T) {
	for _, table := range cutTables {
		for _, row := range table.rows {
			if got := cut(row.line, table.grammar); got != row.want {
				t.Errorf("%s: %q is cut as %q, not %q", table.feature, row.line, got, row.want)
			}
		}
	}
}

func TestOfSeveralOptionsOfOneNameTheFirstCounts(t *testing.T) {
	list := catalogue.OptionsOf(&model.Program{
		Options: []*model.Option{{Names: []string{"--name"}, Means: "inner"}, {Names: []string{"--name", "-n"}, Means: "outer"}},
	})
	for _, word := range []string{"--name", "--na"} {
		found := catalogue.CutCommandLine(&model.Grammar{Abbreviate: true}, list, []model.Argument{{Value: model.Text(word)}})
		if len(found.Options) != 1 || found.Options[0].Means != "inner" {
			t.Errorf("%s: %+v", word, found.Options)
		}
	}
}
