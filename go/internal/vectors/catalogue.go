// The cases of spec/vectors/catalogue and catalogue-data: calls from short command lines, deeds and outputs as short texts. Implements
// spec/catalogue.md section 11. Twin of test/catalogue/table.ts.

package vectors

import (
	"bytes"
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"

	"cavra.dev/runtime/base"
	"cavra.dev/runtime/change/model"
)

// A CatalogueCase is one command line and its reading.
type CatalogueCase struct {
	Head
	// Words, the program first.
	Words       []WireValue          `json:"words"`
	Environment map[string]WireValue `json:"environment"`
	Stdin       WireStdin            `json:"stdin"`
	Expect      CatalogueExpect      `json:"expect"`
}

// CatalogueExpect is a reading. Cases of catalogue-data say nothing of the output.
type CatalogueExpect struct {
	Deeds      []string `json:"deeds"`
	Subcommand string   `json:"subcommand"`
	Options    []string `json:"options"`
	Known      bool     `json:"known"`
	Harmless   bool     `json:"harmless"`
	Output     *string  `json:"output"`
}

// A WireValue is a text, `{pattern}` or `{unknown, many}`.
type WireValue struct {
	model.Value
}

// UnmarshalJSON reads one of the three.
func (w *WireValue) UnmarshalJSON(text []byte) error {
	if text[0] == '"' {
		w.Kind = "text"
		return json.Unmarshal(text, &w.Text)
	}
	var wire struct {
		Pattern *string `json:"pattern"`
		Unknown string  `json:"unknown"`
		Many    bool    `json:"many"`
	}
	if err := strictly(text, &wire); err != nil {
		return err
	}
	w.Value = model.Value{Kind: "unknown", Prefix: wire.Unknown, Many: wire.Many}
	if wire.Pattern != nil {
		w.Value = model.Value{Kind: "pattern", Glob: *wire.Pattern}
	}
	return nil
}

// A WireStdin is null for what is inherited, a text, or `{lines}`; in catalogue-data it is one of the words `inherited` and `stream`.
type WireStdin struct {
	Text  *string
	Lines []string
}

// UnmarshalJSON reads one of them.
func (w *WireStdin) UnmarshalJSON(text []byte) error {
	if text[0] == '"' {
		return json.Unmarshal(text, &w.Text)
	}
	var wire struct {
		Lines []string `json:"lines"`
	}
	err := strictly(text, &wire)
	w.Lines = wire.Lines
	return err
}

func strictly(text []byte, into any) error {
	decoder := json.NewDecoder(bytes.NewReader(text))
	decoder.DisallowUnknownFields()
	return decoder.Decode(into)
}

// Call is the call of a case of the area; name gives the canonical name of the program that a word runs. Spans count words, so that source order can be
// seen.
func (c *CatalogueCase) Call(area string, catalogue *model.Catalogue, name func(word string) string) *model.Call {
	words := make([]model.Argument, len(c.Words))
	for i, word := range c.Words {
		words[i] = model.Argument{Value: word.Value, Span: base.Span{Start: i, End: i + 1}}
	}
	call := &model.Call{
		Name: name(words[0].Value.Text), Words: words[1:], Span: base.Span{End: len(words)}, Stdin: c.stdin(area), Cwd: model.Text("/w"),
		Environment: &base.Ordered[model.Value]{}, Facts: catalogueFacts(), WorkspaceRoot: "/w", Catalogue: catalogue,
	}
	for _, variable := range slices.Sorted(maps.Keys(c.Environment)) {
		call.Environment.Set(variable, c.Environment[variable].Value)
	}
	return call
}

func (c *CatalogueCase) stdin(area string) model.Stdin {
	switch {
	case area == "catalogue-data" && *c.Stdin.Text == "stream":
		return model.Stdin{Kind: "stream"}
	case c.Stdin.Lines != nil:
		return model.Stdin{Kind: "lines", Globs: c.Stdin.Lines}
	case c.Stdin.Text == nil || area == "catalogue-data":
		return model.Stdin{Kind: "inherited"}
	}
	return model.Stdin{Kind: "text", Text: *c.Stdin.Text}
}

func catalogueFacts() *model.Facts {
	return &model.Facts{Home: "/home/u", TempRoots: []string{"/tmp"}, Listings: map[string][]string{"/w/folder": {}}}
}

// Check compares a reading with what the case expects.
func (c *CatalogueCase) Check(t *testing.T, reading model.Reading) {
	t.Helper()
	deeds := make([]string, len(reading.Deeds))
	for i := range reading.Deeds {
		deeds[i] = ShowDeed(&reading.Deeds[i])
	}
	want := c.Expect
	if !slices.Equal(deeds, want.Deeds) {
		t.Errorf("deeds\n%s\nnot\n%s", strings.Join(deeds, "\n"), strings.Join(want.Deeds, "\n"))
	}
	if !slices.Equal(reading.Options, want.Options) {
		t.Errorf("options %q, not %q", reading.Options, want.Options)
	}
	if reading.Subcommand != want.Subcommand || reading.Known != want.Known || reading.Harmless != want.Harmless {
		t.Errorf("subcommand %q, known %v, harmless %v, not %q, %v, %v",
			reading.Subcommand, reading.Known, reading.Harmless, want.Subcommand, want.Known, want.Harmless)
	}
	if want.Output != nil && ShowOutput(&reading.Output) != *want.Output {
		t.Errorf("output %s, not %s", ShowOutput(&reading.Output), *want.Output)
	}
}

// ShowValue is a value as a short text.
func ShowValue(value model.Value) string {
	switch {
	case value.Kind == "pattern":
		return "~" + value.Glob
	case value.Kind == "unknown" && value.Many:
		return value.Prefix + "$@"
	case value.Kind == "unknown":
		return value.Prefix + "$"
	case value.Text == "" || strings.ContainsAny(value.Text, " \t\n\v\f\r\u00a0\ufeff\u2028\u2029"):
		return quoted(value.Text)
	}
	return value.Text
}

func quoted(text string) string {
	written, _ := base.AppendString(nil, text)
	return string(written)
}

func showWords(words []model.Argument) string {
	shown := make([]string, len(words))
	for i, word := range words {
		shown[i] = ShowValue(word.Value)
	}
	return strings.Join(shown, " ")
}

// ShowDeed is a deed as a short text.
func ShowDeed(deed *model.Deed) string {
	switch deed.Kind {
	case "file":
		shown := deed.Effect + " " + ShowValue(deed.Path)
		if deed.Extent != "exact" {
			shown += " " + deed.Extent
		}
		return shown
	case "key":
		return "key " + ShowValue(deed.Path)
	case "code", "script":
		what := deed.Code
		if deed.Kind == "script" {
			what = deed.Path
		}
		shown := deed.Kind + ":" + deed.Language + " " + ShowValue(what)
		if len(deed.Positional) > 0 {
			shown += " [" + showWords(deed.Positional) + "]"
		}
		return shown + showScope(&deed.Scope)
	case "command":
		return "command " + showWords(deed.Words) + showScope(&deed.Scope)
	case "git":
		return strings.Join([]string{"git", deed.Operation, ShowValue(deed.Ref), ShowValue(deed.Remote), deed.Force}, " ")
	case "network":
		return strings.Join([]string{deed.Direction, ShowValue(deed.Destination), deed.Data}, " ")
	case "operate":
		return strings.Join([]string{"operate", deed.System, deed.Operation, ShowValue(deed.Target)}, " ")
	case "opaque":
		return strings.TrimSuffix("opaque "+deed.Reason+" "+deed.Detail, " ")
	}
	return fmt.Sprintf("a deed of no kind: %+v", deed)
}

func showScope(scope *model.Scope) string {
	shown := ""
	if scope.Place != "child" {
		shown += " @" + scope.Place
	}
	if scope.Cwd != nil {
		shown += " in " + ShowValue(*scope.Cwd)
	}
	for _, variable := range scope.Environment {
		shown += " " + variable.Name + "=" + ShowValue(variable.Value)
	}
	if scope.Stdin != nil {
		shown += " <" + scope.Stdin.Kind
	}
	return shown
}

// ShowOutput is an output as a short text.
func ShowOutput(output *model.Output) string {
	switch output.Kind {
	case "text":
		return "text " + quoted(output.Text)
	case "lines":
		return "lines " + strings.Join(output.Globs, " ")
	}
	return output.Kind
}
