// Code in other languages than the shell, to deeds. Implements spec/languages.md. Twin of src/change/languages/index.ts.
// It only says what the code would do; it never runs, resolves or judges anything.
// For now it is the door alone, and answers as for a language that nobody can read: the readers replace what stands in ReadCode.

// Package languages reads code in other languages than the shell.
package languages

import (
	"strings"

	"cavra.dev/runtime/base"
	"cavra.dev/runtime/change/model"
)

// MaxCodeBytes of one code; a longer one is not read.
const MaxCodeBytes = 262_144

// Context is what code finds where it runs.
type Context struct {
	// Positional is the words after the code.
	Positional []model.Argument
	Stdin      model.Stdin
	Span       base.Span
	// Environment is the variables that are known to be in the environment of the code (`HOME`).
	Environment *base.Ordered[model.Value]
}

// ReadCode is the deeds of the code, in the order in which it is read.
func ReadCode(language model.Language, code string, context *Context) []model.Deed {
	if len(code) > MaxCodeBytes {
		return []model.Deed{opaque("limit_exceeded", language, context)}
	}
	if strings.IndexByte(code, 0) >= 0 {
		return []model.Deed{opaque("unknown_code", language, context)}
	}
	return []model.Deed{opaque("unknown_code", language, context)}
}

func opaque(reason, detail string, context *Context) model.Deed {
	return model.Deed{Kind: "opaque", Reason: reason, Detail: detail, Span: context.Span}
}
