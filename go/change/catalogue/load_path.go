// Folders in which a program looks for code of its own accord, and prompts that a shell expands. Implements spec/catalogue.md clauses 3.7 and 3.8.
// Twin of src/change/catalogue/load-path.ts.
// Most folders are the project's or the system's. Only one that anybody may have filled is told: the walk says what it thinks of it.

package catalogue

import (
	"strings"

	"cavra.dev/runtime/change/model"
)

// A script deed for every part that lies in a temporary folder, or leads there by `..`; what only begins there cannot be known.
func loadPathDeeds(folders model.Argument, language model.Language, scope model.Scope, context *Context) []model.Deed {
	value, span := folders.Value, folders.Span
	deedOf := func(path model.Value) model.Deed {
		positional := []model.Argument{{Value: path, Span: span}}
		return model.Deed{Kind: "script", Language: language, Path: path, Positional: positional, Scope: scope, Span: span}
	}
	roots := context.Call.Facts.TempRoots
	known := KnownPrefix(value)
	if value.Kind == "pattern" {
		if isTemporary(known, roots) {
			return []model.Deed{deedOf(value)}
		}
		return nil
	}
	var deeds []model.Deed
	for rest, more := known, true; more; {
		var part string
		part, rest, more = strings.Cut(rest, ":")
		switch {
		case !isTemporary(part, roots):
		case !more && value.Kind != "text":
			deeds = append(deeds, model.Deed{Kind: "opaque", Reason: "unknown_code", Detail: language, Span: span})
		default:
			deeds = append(deeds, deedOf(model.Text(part)))
		}
	}
	return deeds
}

func isTemporary(path string, roots []string) bool {
	if !strings.HasPrefix(path, "/") {
		return false
	}
	if strings.Contains(path, "..") {
		return true
	}
	for _, root := range roots {
		if rest, is := strings.CutPrefix(path, root); is && (rest == "" || rest[0] == '/') {
			return true
		}
	}
	return false
}

// PromptDeeds: a shell expands a prompt as it does a here-document: only a substitution in it runs something.
func PromptDeeds(prompt model.Argument, scope model.Scope) []model.Deed {
	known := KnownPrefix(prompt.Value)
	if !strings.Contains(known, "$(") && !strings.Contains(known, "`") {
		return nil
	}
	code := prompt.Value
	if code.Kind == "text" {
		code = model.Text(PromptCode(known))
	}
	return []model.Deed{{Kind: "code", Language: "shell", Code: code, Scope: scope, Span: prompt.Span}}
}

// PromptCode is shell code that does what expanding the prompt does.
func PromptCode(prompt string) string {
	return ": <<PROMPT\n" + prompt + "\nPROMPT\n"
}
