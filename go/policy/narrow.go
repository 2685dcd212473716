// The narrowest exceptions that would have let a judged action pass. Implements spec/policy.md 2.10. Twin of src/policy/narrow.ts.
// Pure: it proposes and decides nothing. The temptation is to widen a little, so that the next false alarm is spared too; that is for the person to write.

package policy

import (
	"slices"
	"strings"

	"cavra.dev/runtime/base"
	"cavra.dev/runtime/change/model"
)

// ClauseFor is what the effect says of itself, key by key; nil where that is too little or cannot be written as a glob.
func ClauseFor(effect *model.Effect, agent string) *Clause {
	clause := &Clause{Effect: []model.EffectKind{effect.Kind}, Place: []string{effect.Place}}
	if agent != "" && !setGlob(&clause.Agent, agent) || !addOwnKeys(clause, effect) {
		return nil
	}
	return clause
}

// addOwnKeys is false when one key cannot be written; keys without a value are left out.
func addOwnKeys(clause *Clause, effect *model.Effect) bool {
	switch effect.Kind {
	case "read", "write", "delete":
		clause.Extent = []string{effect.Extent}
		return effect.Extent != model.Unknown && setPathGlob(&clause.Path, effect)
	case "exec":
		if len(effect.Options) > 0 {
			clause.Options = slices.Sorted(slices.Values(effect.Options))
		}
		return setKnown(&clause.Program, effect.Program) && (effect.Subcommand == "" || setKnown(&clause.Subcommand, effect.Subcommand))
	case "git":
		clause.Force = []string{effect.Force}
		setUnknownIf(clause, effect.Ref)
		return setKnown(&clause.Operation, effect.Operation) && setSome(&clause.Ref, effect.Ref) && setSome(&clause.Remote, effect.Remote)
	case "network":
		clause.Direction, clause.Data = []string{effect.Direction}, []string{effect.Data}
		return setKnown(&clause.Host, effect.Host)
	case "operate":
		setUnknownIf(clause, effect.Target)
		return setKnown(&clause.System, effect.System) && setKnown(&clause.Operation, effect.Operation) && setSome(&clause.Target, effect.Target)
	case "call":
		return setKnown(&clause.Server, effect.Server) && setKnown(&clause.Tool, effect.Tool)
	}
	// Code that nobody can know is never the same code twice.
	return false
}

// A text that is spelt `unknown` meets no glob: the clause asks for the unknown itself.
func setUnknownIf(clause *Clause, text string) {
	if text == model.Unknown {
		unknown := true
		clause.Unknown = &unknown
	}
}

func setSome(globs *[]string, text string) bool {
	return text == "" || text == model.Unknown || setGlob(globs, text)
}

func setKnown(globs *[]string, text string) bool {
	return text != "" && text != model.Unknown && setGlob(globs, text)
}

func setGlob(globs *[]string, text string) bool {
	glob := escaped(text, special)
	*globs = []string{glob}
	_, problem := base.CompileTextGlob(glob, false)
	return problem == nil
}

const (
	special = `*?[]{}\,$~`
	// specialInPattern: of a pattern its own wildcards stay.
	specialInPattern = "{},$~"
)

// setPathGlob sets a glob that holds all that the effect takes and begins where it begins.
func setPathGlob(globs *[]string, effect *model.Effect) bool {
	if !strings.HasPrefix(effect.Target, "/") {
		return false
	}
	escapes := special
	if effect.Extent == "pattern" {
		escapes = specialInPattern
	}
	glob := strings.TrimRight(escaped(effect.Target, escapes), "/")
	// Everything below the machine's root is no narrow exception.
	if glob == "" {
		return false
	}
	if effect.Extent == "tree" || effect.Extent == "contents" {
		glob += "/**"
	}
	*globs = []string{glob}
	_, problem := base.CompileGlob(glob, false)
	return problem == nil
}

func escaped(text, special string) string {
	var written strings.Builder
	for i := 0; i < len(text); i++ {
		if strings.IndexByte(special, text[i]) >= 0 {
			written.WriteByte('\\')
		}
		written.WriteByte(text[i])
	}
	return written.String()
}
