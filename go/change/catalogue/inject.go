// Options and variables that make a program run code that is not its own. Implements spec/catalogue.md clause 2.7.
// Twin of src/change/catalogue/inject.ts.
// What the code does is told beside it: this says only that a program became somebody else's.

package catalogue

import (
	"slices"
	"strings"

	"cavra.dev/runtime/change/model"
)

// InjectedDeeds tells that the program of that name was made to run what is not its own. Of a use it looks at role, argument and inject alone.
func InjectedDeeds(use *Use, name string) []model.Deed {
	if use.Inject == nil || !RunsSomething(use.Role) || isPlain(use.Argument.Value, use.Inject) {
		return nil
	}
	return []model.Deed{{Kind: "operate", System: "program", Operation: "inject_code", Target: model.Text(name), Span: use.Argument.Span}}
}

// IsOrdinaryProgram: a program of which nobody needs to be told: what `sort --compress-program=gzip` gives to gzip is sort's own.
func IsOrdinaryProgram(use *Use) bool {
	return use.Role == "program" && use.Inject != nil && isPlain(use.Argument.Value, use.Inject)
}

var programFolders = []string{"/usr/bin/", "/bin/", "/usr/local/bin/"}

// isPlain: one of the ordinary programs with plain words, what people write every day.
func isPlain(value model.Value, ordinary []string) bool {
	if value.Kind != "text" || !isPlainText(value.Text) {
		return false
	}
	program, _, _ := strings.Cut(strings.Trim(value.Text, " "), " ")
	if program == "" {
		return true
	}
	for _, folder := range programFolders {
		if name, is := strings.CutPrefix(program, folder); is {
			return slices.Contains(ordinary, name)
		}
	}
	return slices.Contains(ordinary, program)
}
