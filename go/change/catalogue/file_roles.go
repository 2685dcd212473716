// File roles: what happens to the file that a word names. Implements spec/catalogue.md section 3, clauses 3.1 and 3.2.
// Twin of src/change/catalogue/file-roles.ts.

package catalogue

import (
	"slices"
	"strings"

	"cavra.dev/runtime/base"
	"cavra.dev/runtime/change/model"
)

func fileDeed(effect string, path model.Value, extent model.Extent, span base.Span) model.Deed {
	return model.Deed{Kind: "file", Effect: effect, Path: path, Extent: extent, Span: span}
}

func fileDeeds(use *Use, context *Context) []model.Deed {
	name, parameter := ParseRole(use.Role)
	argument := use.Argument
	path := Within(context.Folder, argument.Value)
	deed := func(effect string, at model.Value, extent model.Extent) model.Deed {
		return fileDeed(effect, at, extent, argument.Span)
	}
	switch name {
	case "read", "write":
		if isStandardStream(argument.Value) {
			return nil
		}
		return []model.Deed{deed(name, path, use.Extent)}
	case "key":
		if isStandardStream(argument.Value) {
			return nil
		}
		return []model.Deed{{Kind: "key", Path: path, Span: argument.Span}}
	case "modify":
		return []model.Deed{deed("read", path, use.Extent), deed("write", path, use.Extent)}
	case "delete":
		return []model.Deed{deed("delete", path, use.Extent)}
	case "move":
		return []model.Deed{deed("read", path, "tree"), deed("delete", path, "tree")}
	case "write_into":
		return writeInto(argument, use.Extent, context, use.From == "option")
	case "write_with":
		return []model.Deed{deed("write", Append(path, parameter), "exact")}
	case "write_without":
		return []model.Deed{deed("write", withoutSuffix(path), "exact")}
	case "link_target":
		return linkTarget(argument, context)
	case "files_from":
		names, each := *use, *use
		names.Role, names.Extent = "read", "exact"
		each.Role, each.Argument = parameter, model.Argument{Value: model.UnknownWords, Span: argument.Span}
		return append(fileDeeds(&names, context), fileDeeds(&each, context)...)
	case "url_base":
		return []model.Deed{deed("write", Within(context.Folder, urlBase(argument.Value)), "exact")}
	case "file_url":
		return fileURL(argument, context)
	case "mount":
		return mount(argument, context)
	case "mount_spec":
		return mountSpec(argument, context)
	}
	return nil
}

func isStandardStream(value model.Value) bool {
	return value.Kind == "text" && (value.Text == "-" || value.Text == "")
}

// LimitDestinations is words that say where sources go, of one command line; of more than these each is written as a whole, or the deeds would be as
// many as their product.
const LimitDestinations = 16

// writeInto: where sources go, spec/catalogue.md clause 3.1.
func writeInto(destination model.Argument, extent model.Extent, context *Context, isNamedFolder bool) []model.Deed {
	target := Within(context.Folder, destination.Value)
	write := func(path model.Value, how model.Extent) model.Deed {
		return fileDeed("write", path, how, destination.Span)
	}
	destinations := 0
	for i := range context.Uses {
		if context.Uses[i].Role == "write_into" {
			destinations++
		}
	}
	if destinations > LimitDestinations {
		return []model.Deed{write(target, extent), write(target, "contents")}
	}
	sources := sourcesOf(context)
	surelyFolder := isNamedFolder || len(sources) > 1 || isFolder(destination.Value, context)
	deeds := make([]model.Deed, 0, len(sources)+1)
	if !surelyFolder || len(sources) == 0 {
		deeds = append(deeds, write(target, extent))
	}
	for _, source := range sources {
		name, is := sourceBase(source)
		switch {
		case is:
			deeds = append(deeds, write(joinPath(target, name), extent))
		case extent == "exact":
			deeds = append(deeds, write(target, "exact"))
		default:
			deeds = append(deeds, write(target, "contents"))
		}
	}
	return deeds
}

var sourceRoles = []model.Role{"read", "move", "link_target", "remote_source", "inner_source"}

func sourcesOf(context *Context) []*Use {
	var sources []*Use
	for i := range context.Uses {
		if use := &context.Uses[i]; use.From == "operand" && slices.Contains(sourceRoles, use.Role) {
			sources = append(sources, use)
		}
	}
	return sources
}

// sourceBase is the name under which a source stands in the folder it goes to; false for what is in it. `host:x` is `x` there; of `x/` the contents
// are sent.
func sourceBase(source *Use) (model.Value, bool) {
	value := source.Argument.Value
	if source.Role != "remote_source" && source.Role != "inner_source" {
		return BaseName(value)
	}
	written := KnownPrefix(value)
	if value.Kind == "text" && strings.HasSuffix(written, "/") {
		return model.Value{}, false
	}
	if colon := strings.LastIndexByte(written, ':'); colon >= 0 && !strings.Contains(written, "/") {
		return BaseName(DropPrefix(value, colon+1))
	}
	return BaseName(value)
}

// joinPath is a folder plus a last component.
func joinPath(folder, name model.Value) model.Value {
	switch {
	case folder.Kind == "unknown":
		return model.Value{Kind: "unknown", Prefix: folder.Prefix}
	case folder.Kind == "text":
		start := WithoutTrailingSlashes(folder.Text)
		if start != "/" {
			start += "/"
		}
		return Prepend(start, name)
	case name.Kind == "unknown":
		return model.UnknownWord
	}
	return Within(&folder, name)
}

func isFolder(value model.Value, context *Context) bool {
	if value.Kind != "text" {
		return value.Kind == "pattern" && strings.HasSuffix(value.Glob, "/")
	}
	path := value.Text
	if path == "." || path == ".." || strings.HasSuffix(path, "/") || strings.HasSuffix(path, "/.") || strings.HasSuffix(path, "/..") {
		return true
	}
	call := context.Call
	if path == call.WorkspaceRoot || path == call.Facts.Home || slices.Contains(call.Facts.TempRoots, path) {
		return true
	}
	if call.Cwd.Kind == "text" && path == call.Cwd.Text {
		return true
	}
	absolute := Within(&call.Cwd, Within(context.Folder, value))
	if absolute.Kind != "text" {
		return false
	}
	_, listed := call.Facts.Listings[absolute.Text]
	return listed
}

// withoutSuffix: `gunzip x.tar.gz` writes `x.tar`. A name without suffix gives something beside it that begins the same.
func withoutSuffix(path model.Value) model.Value {
	if path.Kind != "text" {
		return model.UnknownWord
	}
	if dot := strings.LastIndexByte(path.Text, '.'); dot > strings.LastIndexByte(path.Text, '/')+1 {
		return model.Text(path.Text[:dot])
	}
	return model.Value{Kind: "unknown", Prefix: path.Text}
}

// linkTarget: a relative link target is looked up from the folder of the link, a hard link's from the working folder; both are told.
func linkTarget(argument model.Argument, context *Context) []model.Deed {
	read := func(path model.Value) model.Deed { return fileDeed("read", path, "exact", argument.Span) }
	own := Within(context.Folder, argument.Value)
	destination := destinationOf(context)
	if destination == nil || strings.HasPrefix(KnownPrefix(argument.Value), "/") || !context.Around.Meanings.Has("symbolic") {
		return []model.Deed{read(own)}
	}
	folder := destination.Argument.Value
	if !isFolder(folder, context) {
		folder = FolderOf(folder)
	}
	seenFromLink := Within(context.Folder, Within(&folder, argument.Value))
	if seenFromLink.Kind == "text" && own.Kind == "text" && (seenFromLink.Text == own.Text || seenFromLink.Text == "./"+own.Text) {
		return []model.Deed{read(own)}
	}
	return []model.Deed{read(own), read(seenFromLink)}
}

// destinationOf is where a line's sources go, or nil.
func destinationOf(context *Context) *Use {
	for i := range context.Uses {
		if use := &context.Uses[i]; use.Role == "write_into" || use.From == "operand" && use.Role == "write" {
			return use
		}
	}
	return nil
}

// urlBase is the name under which a downloader keeps a URL: its last component without query and fragment, `index.html` when there is none.
func urlBase(url model.Value) model.Value {
	if url.Kind != "text" {
		return model.UnknownWord
	}
	rest := behindScheme(url.Text)
	if end := strings.IndexAny(rest, "?#"); end >= 0 {
		rest = rest[:end]
	}
	slash := strings.LastIndexByte(rest, '/')
	if slash < 0 || slash == len(rest)-1 {
		return model.Text("index.html")
	}
	return model.Text(rest[slash+1:])
}

func behindScheme(url string) string {
	if _, rest, is := strings.Cut(url, "://"); is {
		return rest
	}
	return url
}

func fileURL(argument model.Argument, context *Context) []model.Deed {
	prefix := KnownPrefix(argument.Value)
	for _, scheme := range []string{"file://", "fileb://"} {
		if strings.HasPrefix(prefix, scheme) {
			return []model.Deed{readDeed(withoutStart(argument, len(scheme)), "exact", context)}
		}
	}
	return nil
}

func withoutStart(argument model.Argument, count int) model.Argument {
	if argument.Value.Kind == "text" {
		return model.Argument{Value: model.Text(argument.Value.Text[count:]), Span: argument.Span}
	}
	return model.Argument{Value: model.UnknownWord, Span: argument.Span}
}

func readDeed(file model.Argument, extent model.Extent, context *Context) model.Deed {
	return fileDeed("read", Within(context.Folder, file.Value), extent, file.Span)
}

// mount: `host:inner[:options]`. Without a `/`, `.` or `~` at its beginning the first part names a volume.
func mount(argument model.Argument, context *Context) []model.Deed {
	prefix := KnownPrefix(argument.Value)
	host, rest, hasInner := strings.Cut(prefix, ":")
	if argument.Value.Kind != "text" {
		source := model.Text(host)
		if !hasInner {
			source = model.Value{Kind: "unknown", Prefix: prefix}
		}
		return mounted(source, false, argument.Span, context)
	}
	inner, rest, _ := strings.Cut(rest, ":")
	options, _, _ := strings.Cut(rest, ":")
	if inner == "" || !startsAsPath(host) {
		return nil
	}
	return mounted(model.Text(host), slices.Contains(strings.Split(options, ","), "ro"), argument.Span, context)
}

func startsAsPath(text string) bool {
	return text != "" && (text[0] == '/' || text[0] == '.' || text[0] == '~')
}

func mountSpec(argument model.Argument, context *Context) []model.Deed {
	if argument.Value.Kind != "text" {
		return mounted(model.UnknownWord, false, argument.Span, context)
	}
	fields := strings.Split(argument.Value.Text, ",")
	isSource := func(field string) bool {
		return strings.HasPrefix(field, "source=") || strings.HasPrefix(field, "src=")
	}
	source := slices.IndexFunc(fields, isSource)
	if source < 0 || !slices.Contains(fields, "type=bind") {
		return nil
	}
	_, path, _ := strings.Cut(fields[source], "=")
	readOnly := slices.ContainsFunc(fields, func(field string) bool {
		return field == "readonly" || field == "ro" || field == "readonly=true" || field == "ro=true"
	})
	return mounted(model.Text(path), readOnly, argument.Span, context)
}

func mounted(source model.Value, readOnly bool, span base.Span, context *Context) []model.Deed {
	path := Within(context.Folder, source)
	if readOnly {
		return []model.Deed{fileDeed("read", path, "tree", span)}
	}
	return []model.Deed{fileDeed("read", path, "tree", span), fileDeed("write", path, "tree", span)}
}
