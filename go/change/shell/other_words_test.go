// The reader's words against those of mvdan.cc/sh: where both accept a text, both see the same programs and arguments in the same places, at any depth.

package shell

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"

	"mvdan.cc/sh/v3/syntax"

	"cavra.dev/runtime/base"
)

// differing is what may stand in a text that both accept and read differently, each for its own reason; a text with all of one row is not compared.
var differing = []struct {
	holds []string
	why   string
}{
	{[]string{"\\\n"}, "places around a line continuation are told differently"},
	{[]string{"\r"}, "a return before a newline vanishes in the other reader"},
	{[]string{"`"}, "places in backticks are told differently"},
	{[]string{"(("}, "two subshells are an arithmetic command that fails to the other reader"},
	{[]string{"["}, "subscripts and tests are read earlier or later"},
	{[]string{"<<"}, "a body's end, and what follows on its operator's line, are told differently"},
	{[]string{"time"}, "`--` is a program, and behind a pipe `time` a reserved word, to the other reader"},
	{[]string{"coproc"}, "a simple command behind it is a name to the other reader"},
	{[]string{"${", "'"}, "what stands between quotes in a quoted parameter's word is text to the other reader"},
	{[]string{"${", "("}, "a process substitution in a parameter's word is text to the other reader"},
	{[]string{">&", "-"}, "what is glued to a descriptor that is closed is its target to the other reader"},
	{[]string{"<&", "-"}, "the same"},
}

func isComparable(text string) bool {
	for _, one := range differing {
		if !slices.ContainsFunc(one.holds, func(piece string) bool { return !strings.Contains(text, piece) }) {
			return false
		}
	}
	// A number too large for a descriptor is one to the other reader.
	digits := 0
	for _, character := range text {
		if digits++; character < '0' || character > '9' {
			digits = 0
		}
		if digits == 10 {
			return false
		}
	}
	return true
}

// differenceOfWords is "" where both readers see the same words of simple commands, or one of them refuses the text.
func differenceOfWords(text string) string {
	if !isComparable(text) {
		return ""
	}
	script := ReadShell(text)
	if len(UnsupportedPlaces(script)) > 0 {
		return ""
	}
	file, err := syntax.NewParser(syntax.Variant(syntax.LangBash)).Parse(strings.NewReader(text), "")
	if err != nil {
		return ""
	}
	theirs := otherWords(file)
	ours := wordPlaces{}
	ours.script(&script)
	for _, place := range slices.SortedFunc(maps.Keys(ours), compareSpans) {
		if !theirs[place] {
			return fmt.Sprintf("only here a word: %q at %v", text[place.Start:place.End], place)
		}
	}
	for _, place := range slices.SortedFunc(maps.Keys(theirs), compareSpans) {
		if !ours[place] {
			return fmt.Sprintf("only there a word: %q at %v", text[place.Start:place.End], place)
		}
	}
	return ""
}

func compareSpans(left, right base.Span) int {
	if left.Start != right.Start {
		return left.Start - right.Start
	}
	return left.End - right.End
}

// otherDeclares are the programs whose arguments are assignments to the other reader.
var otherDeclares = []string{"declare", "local", "export", "readonly", "typeset", "nameref", "let"}

func otherWords(file *syntax.File) wordPlaces {
	places := wordPlaces{}
	syntax.Walk(file, func(node syntax.Node) bool {
		call, is := node.(*syntax.CallExpr)
		if !is {
			return true
		}
		for _, word := range call.Args {
			places[base.Span{Start: int(word.Pos().Offset()), End: int(word.End().Offset())}] = true
		}
		return true
	})
	return places
}

// wordPlaces are the places of the words of all simple commands.
type wordPlaces map[base.Span]bool

func (p wordPlaces) script(script *Script) {
	for i := range script.Items {
		item := &script.Items[i]
		p.commands(item.First.Commands)
		for j := range item.Rest {
			p.commands(item.Rest[j].Pipeline.Commands)
		}
	}
}

func (p wordPlaces) commands(commands []Command) {
	for i := range commands {
		p.command(&commands[i])
	}
}

func (p wordPlaces) command(command *Command) {
	declares := false
	if command.Kind == Simple && len(command.Words) > 0 {
		first := command.Words[0].Parts[0]
		declares = len(command.Words[0].Parts) == 1 && first.Kind == Literal && slices.Contains(otherDeclares, first.Text)
	}
	for i := range command.Words {
		if command.Kind == Simple && !declares {
			p[command.Words[i].Span] = true
		}
	}
	for _, word := range command.wordsInside() {
		p.parts(word.Parts)
	}
	for i := range command.Assignments {
		assignment := &command.Assignments[i]
		if assignment.Value != nil {
			p.parts(assignment.Value.Parts)
		}
		for j := range assignment.Elements {
			p.parts(assignment.Elements[j].Parts)
		}
	}
	for i := range command.Redirects {
		p.parts(command.Redirects[i].Target.Parts)
	}
	for _, body := range command.bodies() {
		p.script(body)
	}
	if command.Function != nil {
		p.command(command.Function)
	}
}

func (p wordPlaces) parts(parts []Part) {
	for i := range parts {
		part := &parts[i]
		p.parts(part.Parts)
		if part.Body != nil {
			p.script(part.Body)
		}
		for j := range part.Arguments {
			p.parts(part.Arguments[j].Parts)
		}
	}
}

func TestAnotherReaderSeesTheSameWords(t *testing.T) {
	compared := 0
	for _, text := range oracleTexts(t) {
		if isComparable(text) {
			compared++
		}
		if wrong := differenceOfWords(text); wrong != "" {
			t.Errorf("%q: %s", text, wrong)
		}
	}
	if compared < 2_000 {
		t.Errorf("only %d texts are compared", compared)
	}
}
