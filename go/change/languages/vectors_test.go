// Runs spec/vectors/languages/: one piece of code a file, its deeds as texts (spec/languages.md section 15). Proves spec/languages.md.
// Twin of test/vectors/languages.test.ts and test/languages/show.ts.

package languages

import (
	"maps"
	"slices"
	"strings"
	"testing"

	"cavra.dev/runtime/base"
	"cavra.dev/runtime/change/model"
	"cavra.dev/runtime/internal/vectors"
)

type languageCase struct {
	vectors.Head
	Language    string            `json:"language"`
	Code        string            `json:"code"`
	Positional  []string          `json:"positional"`
	Stdin       *string           `json:"stdin"`
	Environment map[string]string `json:"environment"`
	Expect      []string          `json:"expect"`
}

var caseSpan = base.Span{Start: 3, End: 9}

func TestLanguageVectors(t *testing.T) {
	vectors.Run(t, "languages", func(t *testing.T, one languageCase) {
		deeds := ReadCode(one.Language, one.Code, one.context())
		shown := make([]string, len(deeds))
		for i := range deeds {
			shown[i] = showDeed(&deeds[i])
		}
		if !slices.Equal(shown, one.Expect) {
			t.Errorf("deeds\n%s\nnot\n%s", strings.Join(shown, "\n"), strings.Join(one.Expect, "\n"))
		}
	})
}

func (c *languageCase) context() *Context {
	context := &Context{Stdin: model.Stdin{Kind: "inherited"}, Span: caseSpan, Environment: &base.Ordered[model.Value]{}}
	for _, text := range c.Positional {
		context.Positional = append(context.Positional, model.Argument{Value: model.Text(text), Span: caseSpan})
	}
	if c.Stdin != nil {
		context.Stdin = model.Stdin{Kind: "text", Text: *c.Stdin, Span: caseSpan}
	}
	for _, name := range slices.Sorted(maps.Keys(c.Environment)) {
		context.Environment.Set(name, model.Text(c.Environment[name]))
	}
	return context
}

func showDeed(deed *model.Deed) string {
	switch deed.Kind {
	case "file":
		shown := deed.Effect + " " + showValue(deed.Path)
		if deed.Extent != "exact" {
			shown += " " + deed.Extent
		}
		return shown
	case "code":
		return "code:" + deed.Language + " " + showValue(deed.Code) + showScope(&deed.Scope)
	case "script":
		return "script:" + deed.Language + " " + showValue(deed.Path) + showScope(&deed.Scope)
	case "command":
		words := make([]string, len(deed.Words))
		for i, word := range deed.Words {
			words[i] = showValue(word.Value)
		}
		return "command " + strings.Join(words, " ") + showScope(&deed.Scope)
	case "network":
		return deed.Direction + " " + showValue(deed.Destination) + " " + deed.Data
	case "operate":
		return "operate " + deed.System + " " + deed.Operation + " " + showValue(deed.Target)
	}
	if deed.Detail == "" {
		return deed.Kind + " " + deed.Reason
	}
	return deed.Kind + " " + deed.Reason + " " + deed.Detail
}

func showScope(scope *model.Scope) string {
	shown := ""
	if scope.Cwd != nil {
		shown = " in " + showValue(*scope.Cwd)
	}
	for _, variable := range scope.Environment {
		shown += " " + variable.Name + "=" + showValue(variable.Value)
	}
	if scope.Stdin != nil {
		shown += " <" + scope.Stdin.Kind
	}
	return shown
}

func showValue(value model.Value) string {
	switch {
	case value.Kind == "text":
		return "'" + value.Text + "'"
	case value.Kind == "pattern":
		return "~" + value.Glob
	}
	shown := "?"
	if value.Prefix != "" {
		shown = "'" + value.Prefix + "'?"
	}
	if value.Many {
		shown += "*"
	}
	return shown
}
