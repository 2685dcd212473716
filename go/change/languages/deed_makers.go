// Makes deeds from what is known of their targets. Implements spec/languages.md section 7.2. Twin of src/change/languages/deed-makers.ts.
// A target with several possible values gives one deed for each; one that was decoded from something unknown is opaque.

package languages

import (
	"slices"
	"strings"

	"cavra.dev/runtime/base"
	"cavra.dev/runtime/change/model"
)

var urlSchemes = []string{"http://", "https://", "ftp://", "ftps://"}

// fileDeed says a file deed for every path that the thing may be.
func fileDeed(world *World, effect string, extent model.Extent, thing *Thing) {
	for _, one := range alternatives(thing) {
		if one.Kind == "list" {
			for _, item := range one.Items {
				fileDeed(world, effect, extent, item)
			}
			continue
		}
		// A number is an open file, and what is plain is no path at all.
		if one.Kind == "number" || one.Kind == "plain" || one.Kind == "record" && one.Entries.Len() > 0 {
			continue
		}
		if isHidden(one) {
			emitUnknownCode(world, world.language)
			continue
		}
		text, known := textOf(one)
		switch {
		case known && (text == "" || slices.Contains(streams, text)):
		case known && isURL(text):
			direction := "send"
			if effect == "read" {
				direction = "receive"
			}
			urlDeed(world, one, direction, nil)
		default:
			emit(world, model.Deed{Kind: "file", Effect: effect, Path: pathHere(world, one), Extent: extent, Span: world.context.Span})
		}
	}
}

// pathHere: a path of a `file:` URL is its path; a relative path stands below the folder that the code has moved to.
func pathHere(world *World, thing *Thing) model.Value {
	if text, known := textOf(thing); known {
		if path, is := strings.CutPrefix(text, "file://"); is {
			thing = valueThing(model.Text(path))
		}
	}
	if world.cwd != nil {
		thing = joinPaths(world.cwd, thing)
	}
	return toValue(thing)
}

var streams = []string{
	"/dev/stdin",
	"/dev/stdout",
	"/dev/stderr",
	"/dev/null",
	"php://stdin",
	"php://stdout",
	"php://stderr",
	"php://output",
	"php://input",
	"php://memory",
	"php://temp",
}

// isURL: `http`, `https` and `ftp` addresses, which some languages open like files.
func isURL(text string) bool {
	lower := lowerASCII(text[:min(8, len(text))])
	return slices.ContainsFunc(urlSchemes, func(scheme string) bool { return strings.HasPrefix(lower, scheme) })
}

// shellCode is code for a shell. Input and cwd may be nil.
func shellCode(world *World, thing, input, cwd *Thing) {
	for _, one := range alternatives(thing) {
		text, known := textOf(one)
		switch {
		case known:
			code := model.Text(text)
			scope := scopeAt(world, cwd, input)
			emit(world, model.Deed{Kind: "code", Language: "shell", Code: code, Scope: scope, Span: world.context.Span})
		case one.Kind == "object" && one.Type == "contents":
			scriptDeed(world, "shell", one.Of)
		default:
			emitUnknownCode(world, "shell")
		}
	}
}

// scopeAt is the scope here, in another folder where one is given, with an input of its own where one is given.
func scopeAt(world *World, cwd, input *Thing) model.Scope {
	scope := scopeHere(world)
	if cwd != nil {
		folder := toValue(cwd)
		scope.Cwd = &folder
	}
	if input != nil {
		scope.Stdin = &model.Stdin{Kind: "stream", Span: world.context.Span}
		if text, known := textOf(input); known {
			scope.Stdin = &model.Stdin{Kind: "text", Text: text, Span: world.context.Span}
		}
	}
	return scope
}

// sqlCode is a statement for a database; what is not known is a query like any other.
func sqlCode(world *World, thing *Thing) {
	for _, one := range alternatives(thing) {
		text, known := textOf(one)
		if !known && one.Kind == "value" && one.Value.Kind == "unknown" {
			text = one.Value.Prefix
		}
		if !slices.Contains(sqlVerbs, firstWord(text)) {
			continue
		}
		emit(world, model.Deed{
			Kind: "code", Language: "sql", Code: model.Text(text), Scope: scopeHere(world), Span: world.context.Span,
		})
	}
}

var sqlVerbs = wordsASCII("select insert update delete drop truncate alter create grant revoke replace merge copy with pragma attach vacuum call " +
	"exec execute begin commit set do")

func firstWord(text string) string {
	text = lowerASCII(cutUnits(base.TrimStartASCII(text), 14))
	at := 0
	for at < len(text) && at <= 12 && text[at] >= 'a' && text[at] <= 'z' {
		at++
	}
	return text[:at]
}

// scriptDeed is a file that is run as code.
func scriptDeed(world *World, language model.Language, thing *Thing) {
	for _, one := range alternatives(thing) {
		text, _ := textOf(one)
		if isHidden(one) || toValue(one).Kind == "unknown" || isURL(text) {
			emitUnknownCode(world, language)
			continue
		}
		positional := []model.Argument{{Value: toValue(one), Span: world.context.Span}}
		emit(world, model.Deed{
			Kind: "script", Language: language, Path: pathHere(world, one), Positional: positional, Scope: scopeHere(world), Span: world.context.Span,
		})
	}
}

// wordsDeed is a command from its words.
func wordsDeed(world *World, things []*Thing, around surroundings) {
	if len(things) == 0 {
		return
	}
	hidden := slices.ContainsFunc(things, isHidden)
	program := things[0]
	if hidden || wordOf(program).Kind != "text" {
		switch {
		case program.Kind == "object" && program.Type == "interpreter":
		case hidden:
			emitOpaque(world, "unknown_code", world.language)
		default:
			emitOpaque(world, "unknown_program", "")
		}
		return
	}
	words := make([]model.Argument, 0, len(things))
	for _, thing := range things {
		words = append(words, model.Argument{Value: wordOf(thing), Span: world.context.Span})
	}
	scope := scopeAt(world, around.cwd, around.input)
	if around.environment != nil && around.environment.Kind == "record" {
		for name, value := range around.environment.Entries.All() {
			scope.Environment = append(scope.Environment, model.Variable{Name: name, Value: toValue(value)})
		}
	}
	emit(world, model.Deed{Kind: "command", Words: words, Scope: scope, Span: world.context.Span})
}

func wordOf(thing *Thing) model.Value {
	if thing.Kind == "choice" {
		return model.UnknownWord
	}
	return toValue(thing)
}

// urlDeed: a URL is reached; data is what goes with it, or nil.
func urlDeed(world *World, thing *Thing, direction string, data *Thing) {
	for _, one := range alternatives(thing) {
		if isHidden(one) {
			emitUnknownCode(world, world.language)
			continue
		}
		source := "none"
		if direction == "send" {
			source = sourceOf(data)
		}
		emit(world, model.Deed{
			Kind: "network", Destination: toValue(unwrapped(one)), Direction: direction, Data: source, Span: world.context.Span,
		})
	}
}

func sourceOf(data *Thing) string {
	if data == nil {
		return "none"
	}
	if _, known := textOf(data); known {
		return "literal"
	}
	if data.Kind == "object" && (data.Type == "contents" || data.Type == "file" || data.Type == "environment") {
		return "derived"
	}
	return "unknown"
}

// hostDeed is a connection to a host, from `host` or `(host, port)`.
func hostDeed(world *World, thing *Thing) {
	host := thing
	switch thing.Kind {
	case "list":
		host = thingAt(thing.Items, 0)
	case "record":
		host, _ = thing.Entries.Get("host")
	}
	if host == nil || host.Kind == "number" || host.Kind == "plain" {
		return
	}
	emit(world, model.Deed{Kind: "network", Destination: toValue(host), Direction: "send", Data: "unknown", Span: world.context.Span})
}

// environmentDump: all environment variables are given away: what `/proc/self/environ` holds is read.
func environmentDump(world *World) {
	emit(world, model.Deed{
		Kind: "file", Effect: "read", Path: model.Text("/proc/self/environ"), Extent: "exact", Span: world.context.Span,
	})
}
