// What the vectors do not say of the Go side: the compiled form is read strictly, and a program when it is first asked for. Proves spec/catalogue.md
// clauses 1.5 and 2.1.

package catalogue_test

import (
	"reflect"
	"strings"
	"sync"
	"testing"

	"cavra.dev/runtime/base"
	"cavra.dev/runtime/change/catalogue"
	"cavra.dev/runtime/change/model"
	"cavra.dev/runtime/generated"
)

func builtin(t testing.TB) *model.Catalogue {
	t.Helper()
	opened, problem := catalogue.Builtin()
	if problem != nil {
		t.Fatalf("%s: %s", problem.Code, problem.Message)
	}
	return opened
}

func parsed(t testing.TB, text string) *base.JSONValue {
	t.Helper()
	value, problem := base.ParseJSON([]byte(text), base.DefaultJSONLimits)
	if problem != nil {
		t.Fatalf("%s: %s", problem.Code, text)
	}
	return value
}

func TestTheCatalogueThatShipsIsReadToTheEnd(t *testing.T) {
	if _, problem := catalogue.Read(parsed(t, string(generated.Catalogue))); problem != nil {
		t.Errorf("%s: %s", problem.Code, problem.Message)
	}
}

// Each stands in the place of %.
func TestTheCompiledFormIsReadStrictly(t *testing.T) {
	const whole = `{"schema_version":"cavra.catalogue.v1","programs":{"p":%},"aliases":{},"same":{},"environment":{},"mcp":[]}`
	table := map[string]string{
		`{}`:                           "",
		`{"extra":1}`:                  "/programs/p/extra",
		`{"Harmless":true}`:            "/programs/p/Harmless",
		`{"harmless":false}`:           "/programs/p/harmless",
		`[]`:                           "/programs/p",
		`{"flags":""}`:                 "/programs/p/flags",
		`{"options":[{}]}`:             "/programs/p/options/0",
		`{"options":[{"names":[]}]}`:   "/programs/p/options/0/names",
		`{"options":[{"names":[""]}]}`: "/programs/p/options/0/names/0",
		`{"options":[{"names":["-a"],"arity":0}]}`:                     "/programs/p/options/0/arity",
		`{"options":[{"names":["-a"],"arity":1.5}]}`:                   "/programs/p/options/0/arity",
		`{"options":[{"names":["-a"],"arity":1e9}]}`:                   "/programs/p/options/0/arity",
		`{"options":[{"names":["-a"],"roles":["data","code:cobol"]}]}`: "/programs/p/options/0/roles/1",
		`{"options":[{"names":["-a"],"keys":{"x~/y":"no"}}]}`:          "/programs/p/options/0/keys/x~0~1y",
		`{"options":[{"names":["-a"],"when":[]}]}`:                     "/programs/p/options/0/when",
		`{"operands":[{"take":"one"}]}`:                                "/programs/p/operands/0",
		`{"operands":[{"role":"read","take":"rest"}]}`:                 "/programs/p/operands/0/take",
		`{"operands":{"role":"read"}}`:                                 "/programs/p/operands",
		`{"effects":[{"system":"host"}]}`:                              "/programs/p/effects/0",
		`{"effects":[{"kind":"exec"}]}`:                                "/programs/p/effects/0/kind",
		`{"stdin":[{"role":"code:shell","tree":"always"}]}`:            "/programs/p/stdin/0/tree",
		`{"grammar":{"long":"double"}}`:                                "/programs/p/grammar/long",
		`{"subcommands":{"a":{"subcommands":{"":{"x":1}}}}}`:           "/programs/p/subcommands/a/subcommands//x",
		`{"subcommand_same":{"a":1}}`:                                  "/programs/p/subcommand_same/a",
	}
	for program, want := range table {
		text := strings.Replace(whole, "%", program, 1)
		whole, problem := catalogue.Read(parsed(t, text))
		if want == "" && problem != nil || want != "" && (problem == nil || problem.Code != "catalogue_malformed" || problem.At != want) {
			t.Errorf("%s: %+v, not %s", program, problem, want)
		}
		opened, refused := catalogue.Open([]byte(text))
		if refused != nil {
			t.Fatalf("%s: %+v", text, refused)
		}
		found, is := opened.Programs("p")
		if isOpaque := is && len(found.Effects) == 1 && found.Effects[0].Kind == "opaque"; !is || isOpaque != (want != "") {
			t.Errorf("%s is read as %+v", program, found)
		}
		if want != "" {
			continue
		}
		if same, is := whole.Programs("p"); !is || !reflect.DeepEqual(same, found) {
			t.Errorf("%s is %+v, and as text %+v", program, same, found)
		}
	}
}

func TestWhatIsWrongOutsideTheProgramsIsFoundAtOnce(t *testing.T) {
	table := map[string]string{
		`{"schema_version":"cavra.catalogue.v2","programs":{},"aliases":{},"same":{},"environment":{},"mcp":[]}`:                 "/schema_version",
		`{"schema_version":"cavra.catalogue.v1","programs":{},"aliases":{},"same":{},"environment":{}}`:                          "",
		`{"schema_version":"cavra.catalogue.v1","programs":{},"aliases":{},"same":{},"environment":{},"mcp":[],"more":1}`:        "/more",
		`{"schema_version":"cavra.catalogue.v1","programs":{},"aliases":{"a":""},"same":{},"environment":{},"mcp":[]}`:           "/aliases/a",
		`{"schema_version":"cavra.catalogue.v1","programs":{},"aliases":{},"same":[],"environment":{},"mcp":[]}`:                 "/same",
		`{"schema_version":"cavra.catalogue.v1","programs":{},"aliases":{},"same":{},"environment":{"A":{}},"mcp":[]}`:           "/environment/A",
		`{"schema_version":"cavra.catalogue.v1","programs":{},"aliases":{},"same":{},"environment":{},"mcp":[{"server":["a"]}]}`: "/mcp/0",
	}
	for text, want := range table {
		_, fromText := catalogue.Open([]byte(text))
		_, fromValue := catalogue.Read(parsed(t, text))
		for _, problem := range []*base.Problem{fromText, fromValue} {
			if problem == nil || problem.Code != "catalogue_malformed" || problem.At != want {
				t.Errorf("%s: %+v, not %s", text, problem, want)
			}
		}
	}
	broken := map[string]string{`{"programs":{`: "json_unexpected_end", `{"programs":[]}`: "json_unexpected_character", `7`: "json_unexpected_character"}
	for text, want := range broken {
		if _, problem := catalogue.Open([]byte(text)); problem == nil || problem.Code != want {
			t.Errorf("%s: %+v, not %s", text, problem, want)
		}
	}
}

func TestAProgramIsReadOnceAlsoForSeveralWhoAskAtOnce(t *testing.T) {
	opened, problem := catalogue.Open(generated.Catalogue)
	if problem != nil {
		t.Fatal(problem)
	}
	var all sync.WaitGroup
	found := make([]*model.OptionList, 8)
	for i := range found {
		all.Go(func() { found[i] = catalogue.OptionsOf(catalogue.ProgramOf(opened, "git")) })
	}
	all.Wait()
	for _, one := range found {
		if one == nil || one != found[0] {
			t.Fatal("two lists of one program's options")
		}
	}
	if _, is := opened.Programs("no-such-program"); is {
		t.Error("what nobody described is there")
	}
}

func TestProgramsAreFoundByTheWordThatRunsThem(t *testing.T) {
	table := map[string]string{
		"rm": "rm", "/bin/RM": "rm", `C:\Windows\rm.EXE`: "rm", "vi": "vi", "python3.11": "python", "clang-15": "clang", "podman": "docker", "rm2": "", ".exe": "", "": "",
		"cavra@latest": "cavra", "@": "", "rm@": "rm", "1.2": "", "рм": "",
	}
	for word, want := range table {
		found, is := catalogue.LookupProgram(builtin(t), word)
		if is != (want != "") || is && found.Name != want {
			t.Errorf("%q is %q", word, found.Name)
		}
	}
}
