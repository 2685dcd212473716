// What programs print, as far as it can be known before they run. Implements spec/catalogue.md section 9.
// Twin of src/change/catalogue/outputs.ts.
// It matters where output becomes words or code: `rm $(cat list)`, `echo … | sh`. In doubt it is a stream.

package catalogue

import (
	"slices"
	"strings"

	"cavra.dev/runtime/change/model"
)

var (
	streamOutput = model.Output{Kind: "stream"}
	// Text without a slash: numbers, dates, names of users and machines.
	plainOutput = model.Output{Kind: "lines", Globs: []string{"*"}}
)

func outputOf(name string, context *Context) model.Output {
	switch name {
	case "trusted_code":
		return model.Output{Kind: "trusted_code"}
	case "plain":
		return plainOutput
	case "count":
		if len(context.Located.Line.Operands) == 0 {
			return plainOutput
		}
	case "nothing":
		return model.Output{Kind: "text"}
	case "echo":
		return fromText(echoText(context.Call.Words))
	case "printf":
		if has(context, "variable") {
			return model.Output{Kind: "text"}
		}
		return fromText(formatted(context.Call.Words))
	case "cat":
		if len(context.Around.Meanings) == 0 {
			return passedOn(context)
		}
	case "stdin":
		return firstLines(context)
	case "grep":
		return matching(context)
	case "base64":
		if has(context, "decode") {
			return decoded(context, decodeBase64)
		}
	case "xxd":
		if has(context, "revert") && has(context, "plain") {
			return decoded(context, decodeHex)
		}
	case "tr":
		return translation(context)
	case "ls":
		return listing(context)
	case "paths":
		operands := context.Located.Line.Operands
		return belowPaths(valuesAt(operands[min(len(operands), 1):]))
	case "pwd":
		return fromValue(context.Call.Cwd)
	case "mktemp":
		return temporary(context)
	case "basename":
		return ofOne(context, func(path model.Value) model.Value {
			if name, is := BaseName(path); is {
				return name
			}
			return path
		})
	case "dirname":
		return ofOne(context, FolderOf)
	case "resolved":
		return resolved(context)
	case "located":
		return located(context)
	}
	return streamOutput
}

func has(context *Context, meaning string) bool {
	return context.Around.Meanings.Has(meaning)
}

func fromText(text string, known bool) model.Output {
	if !known {
		return streamOutput
	}
	return model.Output{Kind: "text", Text: text}
}

// passedOn is standard input as it came, when no file is named.
func passedOn(context *Context) model.Output {
	files := 0
	for i := range context.Uses {
		if use := &context.Uses[i]; use.Role == "read" {
			if files++; files > 1 || !isStandardStream(use.Argument.Value) {
				return streamOutput
			}
		}
	}
	stdin := &context.Call.Stdin
	switch stdin.Kind {
	case "text":
		return model.Output{Kind: "text", Text: stdin.Text}
	case "lines":
		return model.Output{Kind: "lines", Globs: stdin.Globs}
	}
	return streamOutput
}

// firstLines of programs that print some of the lines of their input, in some order: known lines stay lines of that form; known text is not cut up
// further.
func firstLines(context *Context) model.Output {
	if has(context, "count") {
		return streamOutput
	}
	input := passedOn(context)
	if input.Kind != "text" || context.Call.Name == "tee" || context.Call.Name == "sponge" {
		return input
	}
	var lines []string
	for line := range strings.SplitSeq(input.Text, "\n") {
		if line != "" {
			lines = append(lines, line)
		}
	}
	if len(lines) <= 1 && !has(context, "bytes") {
		return input
	}
	return linesOf(lines)
}

// linesOf: every line is one of these.
func linesOf(lines []string) model.Output {
	if len(lines) == 0 || len(lines) > LimitLines {
		return streamOutput
	}
	globs := make([]string, len(lines))
	for i, line := range lines {
		globs[i] = EscapeGlob(line)
	}
	return model.Output{Kind: "lines", Globs: globs}
}

// LimitLines: more lines than this are a stream.
const LimitLines = 200

func matching(context *Context) model.Output {
	if has(context, "count") {
		return plainOutput
	}
	if has(context, "files") || has(context, "names") {
		var paths []model.Value
		for i := range context.Uses {
			if use := &context.Uses[i]; use.From == "operand" && (use.Role == "read" || use.Role == "list") {
				paths = append(paths, use.Argument.Value)
			}
		}
		if len(paths) > 0 || context.Call.Stdin.Kind == "inherited" {
			return belowPaths(paths)
		}
		return streamOutput
	}
	if has(context, "matches") || has(context, "line_number") || has(context, "file_names") {
		return streamOutput
	}
	return firstLines(context)
}

// belowPaths are paths at or below the operands; without operands below the working folder.
func belowPaths(paths []model.Value) model.Output {
	if len(paths) == 0 {
		return model.Output{Kind: "lines", Globs: []string{"**"}}
	}
	globs := make([]string, 0, 2*len(paths))
	for _, path := range paths {
		if path.Kind == "unknown" {
			return streamOutput
		}
		glob := asGlob(path)
		globs = append(globs, glob, strings.TrimSuffix(glob, "/")+"/**")
	}
	return model.Output{Kind: "lines", Globs: globs}
}

var lsDecorations = []string{"long", "size", "inode", "classify", "context", "slashes", "quoted", "commas", "columns", "recursive"}

// listing: names in a folder come without the folder; operands of `ls -d` and globs come as they are.
func listing(context *Context) model.Output {
	if slices.ContainsFunc(lsDecorations, context.Around.Meanings.Has) {
		return streamOutput
	}
	operands := context.Located.Line.Operands
	globs := make([]string, 0, len(operands)+1)
	for _, operand := range operands {
		if operand.Value.Kind == "unknown" {
			return streamOutput
		}
		globs = append(globs, asGlob(operand.Value))
	}
	isOther := func(glob string) bool { return !isOfFiles(glob) }
	if !has(context, "directory") && (len(operands) == 0 || slices.ContainsFunc(globs, isOther)) {
		globs = append(globs, "*")
	}
	return model.Output{Kind: "lines", Globs: globs}
}

// isOfFiles: `*.log`: a pattern whose names end in an extension of letters. A folder may be called so, and is then listed; nobody lists folders so.
func isOfFiles(glob string) bool {
	name := glob[strings.LastIndexByte(glob, '/')+1:]
	dot := strings.LastIndexByte(name, '.')
	if !strings.HasPrefix(name, "*") || dot <= 0 {
		return false
	}
	extension := name[dot+1:]
	letters := 0
	for letters < len(extension) && isASCIILetter(extension[letters]) {
		letters++
	}
	return letters > 0 && len(extension) <= 6 && allDigits(extension[letters:])
}

func isASCIILetter(unit byte) bool {
	return unit >= 'a' && unit <= 'z' || unit >= 'A' && unit <= 'Z'
}

func decoded(context *Context, decode func(source string) (string, bool)) model.Output {
	input := passedOn(context)
	if input.Kind != "text" {
		return streamOutput
	}
	return fromText(decode(input.Text))
}

func translation(context *Context) model.Output {
	stdin := &context.Call.Stdin
	operands := context.Located.Line.Operands
	if stdin.Kind != "text" || len(operands) == 0 || operands[0].Value.Kind != "text" {
		return streamOutput
	}
	deletes := has(context, "delete")
	isSimple := len(context.Around.Meanings) == 0 || len(context.Around.Meanings) == 1 && deletes
	if !isSimple || len(operands) > 1 && operands[1].Value.Kind != "text" {
		return streamOutput
	}
	var to *string
	if len(operands) > 1 {
		to = &operands[1].Value.Text
	}
	return fromText(translated(stdin.Text, operands[0].Value.Text, to, deletes))
}

// temporary is a new name in the temporary folder, or by the template: the last `X` in it are any characters. `-t` and `--tmpdir` put the template
// into a folder.
func temporary(context *Context) model.Output {
	operands := context.Located.Line.Operands
	glob := "tmp.*"
	if len(operands) > 0 {
		template := operands[0].Value
		if template.Kind != "text" {
			return streamOutput
		}
		glob = templateGlob(template.Text)
		if !has(context, "tmpdir") && !has(context, "t") {
			return model.Output{Kind: "lines", Globs: []string{glob}, Random: true}
		}
	}
	folder := temporaryFolder(context)
	output := fromValue(Within(&folder, model.Value{Kind: "pattern", Glob: glob}))
	output.Random = output.Kind == "lines" && folder.Kind == "text"
	return output
}

func temporaryFolder(context *Context) model.Value {
	options := context.Located.Line.Options
	for i := len(options) - 1; i >= 0; i-- {
		if options[i].Means != "tmpdir" {
			continue
		}
		if len(options[i].Values) > 0 {
			return options[i].Values[0].Value
		}
		break
	}
	if folder, is := context.Call.Environment.Get("TMPDIR"); is {
		return folder
	}
	if roots := context.Call.Facts.TempRoots; len(roots) > 0 {
		return model.Text(roots[0])
	}
	return model.UnknownWord
}

func templateGlob(template string) string {
	end := strings.LastIndexByte(template, 'X') + 1
	if end == 0 {
		return EscapeGlob(template) + "*"
	}
	start := end
	for start > 0 && template[start-1] == 'X' {
		start--
	}
	return EscapeGlob(template[:start]) + "*" + EscapeGlob(template[end:])
}

func ofOne(context *Context, part func(path model.Value) model.Value) model.Output {
	operands := context.Located.Line.Operands
	if len(operands) != 1 || len(context.Around.Meanings) > 0 {
		return streamOutput
	}
	return fromValue(part(operands[0].Value))
}

func fromValue(value model.Value) model.Output {
	switch value.Kind {
	case "text":
		return model.Output{Kind: "text", Text: value.Text + "\n"}
	case "pattern":
		return model.Output{Kind: "lines", Globs: []string{value.Glob}}
	}
	return streamOutput
}

// located: `which node`, `command -v node`: some path that ends in the name.
func located(context *Context) model.Output {
	operands := context.Located.Line.Operands
	if context.Call.Name != "which" && !has(context, "look_up") || len(operands) != 1 {
		return streamOutput
	}
	name, known := KnownText(operands[0].Value)
	if !known || name == "" || strings.Contains(name, "/") {
		return streamOutput
	}
	return model.Output{Kind: "stream", Ends: "/" + name}
}

// resolved: `realpath x`, `readlink -f x`: the path itself, as far as links are not known here. The walk resolves what comes of it.
func resolved(context *Context) model.Output {
	operands := context.Located.Line.Operands
	if len(operands) != 1 || has(context, "relative_to") || context.Call.Name == "readlink" && !has(context, "canonical") {
		return streamOutput
	}
	return fromValue(Within(&context.Call.Cwd, operands[0].Value))
}
