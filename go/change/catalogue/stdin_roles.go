// What a program does with its standard input. Implements spec/catalogue.md clauses 2.6 and 8.4.
// Twin of src/change/catalogue/stdin-roles.ts.

package catalogue

import "cavra.dev/runtime/change/model"

// stdinUse is nil when the program does nothing with its standard input.
func stdinUse(context *Context) *model.StdinUse {
	uses := context.Located.Program.Stdin
	for i := range uses {
		if applies(uses[i].When, uses[i].Unless, &context.Around) {
			return &uses[i]
		}
	}
	return nil
}

func stdinDeeds(context *Context) []model.Deed {
	use := stdinUse(context)
	if use == nil {
		return nil
	}
	name, language := ParseRole(use.Role)
	if name != "code" || !IsLanguage(language) {
		return nil
	}
	place := use.Place
	if place == "" {
		place = "child"
	}
	call := context.Call
	positional := positionalWords(context, []model.Argument{{Value: model.Text(call.Name), Span: call.Span}})
	return StdinCode(language, positional, ScopeOf(place, context, nil), context, call.Span)
}
