// Where the small languages put their deeds. Implements spec/languages.md section 8. Twin of src/change/languages/sink.ts.
// Opaque deeds are said once for each reason, however often the code gives it.

package languages

import "cavra.dev/runtime/change/model"

// Sink is the deeds of one reading.
type Sink struct {
	context  *Context
	language model.Language
	deeds    []model.Deed
	opaque   map[[2]string]bool
	// work is steps that are left for searches over the same tokens.
	work int
}

// Limits of the small languages.
const (
	maxSinkWork  = 500_000
	maxSinkDeeds = 2_000
)

func sinkFor(language model.Language, context *Context) *Sink {
	return &Sink{context: context, language: language, opaque: map[[2]string]bool{}, work: maxSinkWork}
}

// work counts steps; false, and opaque, when there is none left.
func work(sink *Sink, steps int) bool {
	sink.work -= steps
	if sink.work >= 0 {
		return true
	}
	putOpaque(sink, "limit_exceeded", sink.language)
	return false
}

func put(sink *Sink, deed model.Deed) {
	if len(sink.deeds) < maxSinkDeeds {
		sink.deeds = append(sink.deeds, deed)
	} else {
		putOpaque(sink, "limit_exceeded", sink.language)
	}
}

func putOpaque(sink *Sink, reason, detail string) {
	key := [2]string{reason, detail}
	if sink.opaque[key] {
		return
	}
	sink.opaque[key] = true
	sink.deeds = append(sink.deeds, opaque(reason, detail, sink.context))
}

// putFile puts a file named by a text.
func putFile(sink *Sink, effect, path string) {
	if path != "" {
		putPath(sink, effect, model.Text(path))
	}
}

// putPath puts a file of which only the beginning is known, or nothing at all. In TypeScript this is putFile without a path.
func putPath(sink *Sink, effect string, path model.Value) {
	put(sink, model.Deed{Kind: "file", Effect: effect, Path: path, Extent: "exact", Span: sink.context.Span})
}

// putShell puts code for a shell; nil, unknown code, is opaque.
func putShell(sink *Sink, code *string, stdin *model.Stdin) {
	if code == nil {
		putOpaque(sink, "unknown_code", "shell")
	} else if *code != "" {
		putCode(sink, "shell", *code, stdin)
	}
}

func putCode(sink *Sink, language model.Language, code string, stdin *model.Stdin) {
	put(sink, model.Deed{
		Kind: "code", Language: language, Code: model.Text(code), Scope: childScope(stdin), Span: sink.context.Span,
	})
}

func putScript(sink *Sink, language model.Language, path string) {
	positional := []model.Argument{{Value: model.Text(path), Span: sink.context.Span}}
	put(sink, model.Deed{
		Kind: "script", Language: language, Path: model.Text(path), Positional: positional, Scope: childScope(nil), Span: sink.context.Span,
	})
}

func putOperation(sink *Sink, operation, target string) {
	put(sink, model.Deed{Kind: "operate", System: "database", Operation: operation, Target: model.Text(target), Span: sink.context.Span})
}

func childScope(stdin *model.Stdin) model.Scope {
	return model.Scope{Place: "child", Stdin: stdin}
}
