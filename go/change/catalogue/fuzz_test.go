// Fuzzes the reader of the compiled form and the interpreter over it: any program that is read, and any words for it, give a reading, the same twice.

package catalogue_test

import (
	"reflect"
	"strings"
	"testing"

	"cavra.dev/runtime/base"
	"cavra.dev/runtime/change/catalogue"
	"cavra.dev/runtime/change/model"
)

func FuzzACatalogueAndALine(f *testing.F) {
	f.Add(`{"flags":"-a","options":[{"names":["-o"],"arity":1,"roles":["write_into"]}],"operands":[{"role":"read"}]}`, "-o\x00~b*\x00$c\x00--")
	f.Add(`{"grammar":{"plus":true,"abbreviate":true,"negate":true},"values":"--ab","stdin":[{"role":"code:shell"}],"output":"printf"}`, "--no-a\x00+x\x00%b")
	f.Add(`{"subcommands":{"a*":{"output":"tr","effects":[{"kind":"operate","target":"$option:x$*"}]}},"output":"mktemp"}`, "ab\x00a-z\x00A-Z")
	f.Fuzz(func(t *testing.T, program, line string) {
		text := []byte(`{"schema_version":"cavra.catalogue.v1","programs":{"p":` + program + `},"aliases":{},"same":{},"environment":{},"mcp":[]}`)
		opened, problem := catalogue.Open(text)
		whole, refused := base.ParseJSON(text, base.DefaultJSONLimits)
		if problem != nil {
			if refused != nil {
				return
			}
			if _, wrong := catalogue.Read(whole); wrong == nil {
				t.Fatalf("%s is a catalogue, and is not opened: %s", text, problem.Message)
			}
			return
		}
		found, is := opened.Programs("p")
		if !is {
			t.Fatalf("%s has no p", text)
		}
		call := callOf(opened, line)
		first, again := catalogue.InterpretProgram(found, call), catalogue.InterpretProgram(found, call)
		if !reflect.DeepEqual(first, again) {
			t.Fatalf("%s reads %q in two ways", text, line)
		}
	})
}

func FuzzALineOfTheCatalogueThatShips(f *testing.F) {
	f.Add("rm", "-rf\x00x")
	f.Add("echo", "-e\x00\\x41\\c")
	f.Add("docker", "run\x00-v\x00/a:/b:ro")
	f.Fuzz(func(t *testing.T, word, line string) {
		opened := builtin(t)
		if found, is := catalogue.LookupProgram(opened, word); is {
			catalogue.InterpretProgram(found.Program, callOf(opened, line))
		}
	})
}

// callOf parts the line at NUL: `~` begins a pattern, `$` an unknown word, `@` one of any count.
func callOf(opened *model.Catalogue, line string) *model.Call {
	call := &model.Call{
		Name: "p", Stdin: model.Stdin{Kind: "text", Text: line}, Cwd: model.Text("/w"), Facts: &model.Facts{TempRoots: []string{"/tmp"}},
		WorkspaceRoot: "/w", Catalogue: opened,
	}
	for i, word := range strings.Split(line, "\x00") {
		value := model.Text(word)
		switch {
		case strings.HasPrefix(word, "~"):
			value = model.Value{Kind: "pattern", Glob: word[1:]}
		case strings.HasPrefix(word, "$"):
			value = model.Value{Kind: "unknown", Prefix: word[1:], Derived: true}
		case strings.HasPrefix(word, "@"):
			value = model.Value{Kind: "unknown", Prefix: word[1:], Many: true}
		}
		call.Words = append(call.Words, model.Argument{Value: value, Span: base.Span{Start: i, End: i + 1}})
	}
	return call
}
