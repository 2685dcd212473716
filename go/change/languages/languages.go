// Code in other languages than the shell, to deeds. Implements spec/languages.md. Twin of src/change/languages/index.ts.
// It only says what the code would do; it never runs, resolves or judges anything.

// Package languages reads code in other languages than the shell.
package languages

import (
	"strings"
	"unicode/utf8"

	"cavra.dev/runtime/change/model"
)

// MaxCodeBytes of one code; a longer one is not read.
const MaxCodeBytes = 262_144

// ReadCode is the deeds of the code, in the order in which it is read. The positional words of the context are those after the code.
func ReadCode(language model.Language, code string, context *Context) []model.Deed {
	if len(code) > MaxCodeBytes {
		return []model.Deed{opaque("limit_exceeded", language, context)}
	}
	// No NUL and no half of a surrogate pair, which in bytes is no UTF-8: neither can reach a program as it stands here.
	if strings.IndexByte(code, 0) >= 0 || !utf8.ValidString(code) {
		return []model.Deed{opaque("unknown_code", language, context)}
	}
	switch language {
	case "python", "javascript", "perl", "ruby", "php":
		return readGeneral(language, code, context)
	case "awk":
		return readAwk(code, context)
	case "sed":
		return readSed(code, context)
	case "sql":
		return readSQL(code, context)
	case "redis":
		return readRedis(code, context)
	case "mongo":
		return readMongo(code, context)
	case "make":
		return readMake(code, context)
	}
	// The walk reads shell code itself; what comes here as shell, or in no language that is known, is not read.
	return []model.Deed{opaque("unknown_code", language, context)}
}

func opaque(reason, detail string, context *Context) model.Deed {
	return model.Deed{Kind: "opaque", Reason: reason, Detail: detail, Span: context.Span}
}
