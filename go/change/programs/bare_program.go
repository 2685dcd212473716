// The catalogue's entry of the program that is called, for readers that use it for their options. Implements spec/catalogue.md section 10.
// Twin of src/change/programs/bare-program.ts. Here too stand the deeds that many readers make, which TypeScript writes as literals.

package programs

import (
	"cavra.dev/runtime/base"
	"cavra.dev/runtime/change/catalogue"
	"cavra.dev/runtime/change/model"
)

func bareProgram(call *model.Call) *model.Program {
	if program := catalogue.ProgramOf(call.Catalogue, call.Name); program != nil {
		return program
	}
	return &model.Program{}
}

func fileDeed(effect string, path model.Value, extent model.Extent, span base.Span) model.Deed {
	return model.Deed{Kind: "file", Effect: effect, Path: path, Extent: extent, Span: span}
}

func opaqueDeed(reason, detail string, span base.Span) model.Deed {
	return model.Deed{Kind: "opaque", Reason: reason, Detail: detail, Span: span}
}

func commandDeed(words []model.Argument, scope model.Scope, span base.Span) model.Deed {
	return model.Deed{Kind: "command", Words: words, Scope: scope, Span: span}
}

func codeDeed(language model.Language, code model.Value, scope model.Scope, span base.Span) model.Deed {
	return model.Deed{Kind: "code", Language: language, Code: code, Scope: scope, Span: span}
}

func pattern(glob string) model.Value {
	return model.Value{Kind: "pattern", Glob: glob}
}
