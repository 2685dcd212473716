// Runs a file of code: `bash x.sh`, `source x`, `./x`. Implements spec/change.md section 7.10. Twin of src/change/walk/script-file.ts.
// A script on disk is read and run, and is not opaque: that it runs is told, and whoever reviews scripts reviews files. What the line has
// just downloaded, or written with content that cannot be known, is opaque, and so is what lies in a temporary folder where nobody reviews
// anything.

package walk

import (
	"slices"
	"strings"

	"cavra.dev/runtime/base"
	"cavra.dev/runtime/change/model"
	"cavra.dev/runtime/change/programs"
)

// run is a file of code that is about to run. direct: by its own name, so that its first line says what it is. byName: found by its bare
// name in the PATH that the line has set.
type run struct {
	language   model.Language
	path       string
	direct     bool
	byName     bool
	positional []model.Argument
	span       base.Span
}

// walkScriptFile walks a file of code in the frame's own shell.
func walkScriptFile(language model.Language, path model.Value, positional []model.Argument, span base.Span, frame *Frame) ran {
	file := fileTarget(path, "exact", frame, model.FollowAll)
	switch {
	case file.extent == "unknown":
		return unknownScript(language, positional, span, frame)
	case file.target == "":
		return unsure
	case file.target == "/dev/stdin" || file.target == "/dev/fd/0":
		return walkCode(language, inputCode(&frame.input.stdin), positional, span, frame)
	}
	if !file.device {
		emit(frame, span, model.Effect{Kind: "read", Target: file.target, Extent: file.extent})
	}
	if program, is := programs.ProgramOfFile(frame.walk.catalogue, file.target, language); is {
		ran := runAsProgram(program, positional, span, frame)
		if fileAt(file.target, frame) == nil {
			return ran
		}
	}
	run := run{language: language, path: file.target, positional: positional, span: span}
	if file.extent == "pattern" {
		// Files of the line that the pattern may name count; the others are scripts on disk.
		runState(orOnDisk(filesNamed(file.target, frame), file.target), &run, frame)
		return unsure
	}
	state := fileAt(file.target, frame)
	if state == nil && isDevice(file.target) {
		state = unknownContent
	}
	return runState(orOnDisk(state, file.target), &run, frame)
}

func orOnDisk(state *fileState, path string) *fileState {
	if state == nil {
		return onDiskAs(path)
	}
	return state
}

// unknownScript: elsewhere the working folder is never known; there a script whose word is known is one like any other of that place.
func unknownScript(language model.Language, positional []model.Argument, span base.Span, frame *Frame) ran {
	if frame.place != "elsewhere" || len(positional) == 0 || positional[0].Value.Kind != "text" {
		emitOpaque(frame, span, "unknown_code", language)
		return unsure
	}
	program, is := programs.ProgramOfFile(frame.walk.catalogue, positional[0].Value.Text, language)
	if !is {
		return unsure
	}
	return runAsProgram(program, positional, span, frame)
}

// runAsProgram: without words it may be loaded by code that gives it words which nobody sees.
func runAsProgram(program string, positional []model.Argument, span base.Span, frame *Frame) ran {
	name := model.Argument{Value: model.Text(program), Span: span}
	given := []model.Argument{{Value: model.UnknownWords, Span: span}}
	if len(positional) > 0 {
		name.Span = positional[0].Span
	}
	if len(positional) > 1 {
		given = positional[1:]
	}
	return walkWords(append([]model.Argument{name}, given...), span, frame, manner{})
}

// inputCode is standard input as code.
func inputCode(stdin *model.Stdin) model.Value {
	if stdin.Kind == "text" {
		return model.Text(stdin.Text)
	}
	return model.UnknownWord
}

// runFile runs a program that was called by a path: perhaps the line wrote it, perhaps it is a script. nil where nothing of it is known.
func runFile(path string, known bool, given []model.Argument, span base.Span, frame *Frame, program string) *ran {
	at := span
	byName := false
	if len(given) > 0 {
		at = given[0].Span
		byName = given[0].Value.Kind == "text" && !strings.Contains(given[0].Value.Text, "/")
	}
	if path == model.Unknown {
		if !known {
			emitOpaque(frame, at, "unknown_program", "")
		}
		return nil
	}
	state := fileAt(path, frame)
	if state == nil && known && !byName {
		return nil
	}
	if !known || state == nil {
		emit(frame, at, model.Effect{Kind: "read", Target: path, Extent: "exact"})
	}
	run := run{language: "unknown", path: path, direct: true, byName: byName, positional: given, span: at}
	ran := runState(orOnDisk(state, path), &run, frame.carrying(program))
	return &ran
}

func runState(state *fileState, run *run, frame *Frame) ran {
	codes := make([]string, 0, len(state.disk))
	strange := false
	for _, path := range state.disk {
		code, is := onDisk(path, frame)
		if is {
			codes = append(codes, code)
		}
		strange = strange || !is && isStrange(path, run, frame)
	}
	if state.unknown || !state.made && strange || state.trusted && !isSourced(frame) {
		detail := run.language
		if detail == "unknown" {
			detail = ""
		}
		emitOpaque(frame, run.span, "unknown_code", detail)
	}
	var last *ran
	for _, code := range state.texts {
		if ran := runText(code, run, frame); ran != nil {
			last = ran
		}
	}
	fromDisk := frame.with(func(inner *Frame) { inner.fromDisk = true })
	for _, code := range codes {
		if ran := runText(code, run, fromDisk); ran != nil {
			last = ran
		}
	}
	sure := !state.unknown && !state.made && !state.trusted && len(state.disk) == 0
	switch {
	case sure && len(state.texts) == 0:
		return ran{output: nothing, status: "either"}
	case sure && len(state.texts) == 1 && last != nil:
		return *last
	}
	return unsure
}

// isSourced: only what `source` and `eval` read in the shell itself is what such a program prints its code for.
func isSourced(frame *Frame) bool {
	return frame.carriedBy() == "source" || frame.carriedBy() == "."
}

// isStrange: code on disk that is nobody's: a script in a temporary folder, a library that is neither the workspace's nor the system's.
func isStrange(path string, run *run, frame *Frame) bool {
	if frame.place == "elsewhere" {
		return false
	}
	if isLibrary(path) {
		ours := func(folder string) bool { return isBelow(path, folder) }
		return !run.direct && !ours(frame.walk.workspaceRoot) && !slices.ContainsFunc(system, ours)
	}
	return isScratch(path, frame) && (!run.direct || run.byName || byEnding[endingOf(path)] != "")
}

var system = []string{"/usr", "/lib", "/lib32", "/lib64", "/opt", "/nix", "/System", "/Library"}

func isLibrary(path string) bool {
	for _, ending := range []string{".so", ".dylib", ".dll"} {
		if strings.HasSuffix(path, ending) {
			return true
		}
	}
	return strings.Contains(path[strings.LastIndexByte(path, '/')+1:], ".so.")
}

func runText(code string, run *run, frame *Frame) *ran {
	language := run.language
	if language == "unknown" {
		language = languageOf(code, run)
	}
	if language == "" {
		return nil
	}
	ran := walkCode(language, model.Text(code), run.positional, run.span, frame)
	return &ran
}

func onDisk(path string, frame *Frame) (string, bool) {
	if frame.place == "elsewhere" {
		return "", false
	}
	frame.walk.wants.scripts.want(path)
	code, is := frame.walk.facts.Scripts[path]
	return code, is
}

var byEnding = map[string]model.Language{
	"sh":   "shell",
	"bash": "shell",
	"zsh":  "shell",
	"py":   "python",
	"js":   "javascript",
	"mjs":  "javascript",
	"cjs":  "javascript",
	"pl":   "perl",
	"rb":   "ruby",
	"php":  "php",
}

var byInterpreter = []struct {
	name     string
	language model.Language
}{
	{"python", "python"}, {"node", "javascript"}, {"deno", "javascript"}, {"bun", "javascript"}, {"perl", "perl"}, {"ruby", "ruby"},
	{"php", "php"}, {"awk", "awk"}, {"gawk", "awk"}, {"sed", "sed"}, {"make", "make"},
}

// languageOf is the language of a script that is run by its path; "" for a binary, or an interpreter that is not known. A kernel leaves the
// rest to the shell.
func languageOf(code string, run *run) model.Language {
	if strings.IndexByte(code, 0) >= 0 {
		return ""
	}
	if first, is := strings.CutPrefix(code, "#!"); is {
		return interpretedBy(interpreterIn(upTo(first, "\n")))
	}
	if language := byEnding[endingOf(run.path)]; language != "" || !run.direct {
		return language
	}
	return "shell"
}

func interpreterIn(line string) string {
	for _, word := range strings.Split(line, " ") {
		name := word[strings.LastIndexByte(word, '/')+1:]
		if word != "" && name != "env" && !strings.HasPrefix(name, "-") {
			return name
		}
	}
	return ""
}

func interpretedBy(interpreter string) model.Language {
	for _, one := range byInterpreter {
		if strings.HasPrefix(interpreter, one.name) {
			return one.language
		}
	}
	if strings.HasSuffix(interpreter, "sh") {
		return "shell"
	}
	return ""
}

func endingOf(path string) string {
	name := path[strings.LastIndexByte(path, '/')+1:]
	return name[strings.LastIndexByte(name, '.')+1:]
}
