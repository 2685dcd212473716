// What the line knows of files that it wrote itself, so that writing a script and then running it is seen. Implements spec/change.md
// section 7.9. Twin of src/change/walk/files.ts. A file that the line did not touch is what is on disk; one that it filled with unknown
// content is not code that anyone knows.

package walk

import (
	"slices"
	"strings"

	"cavra.dev/runtime/base"
	"cavra.dev/runtime/change/model"
	"cavra.dev/runtime/change/programs"
	"cavra.dev/runtime/change/words"
)

var (
	unknownContent = &fileState{unknown: true}
	madeContent    = &fileState{made: true}
)

// fileKey is the name under which the content of a target is kept: its path, with `/` at the end for all that is below a folder, with `*`
// at the beginning for whatever a pattern names. "" for what cannot be known.
func fileKey(file target, below bool) string {
	switch {
	case file.target == model.Unknown || file.device:
		return ""
	case file.extent == "pattern":
		return "*" + file.target
	case below && file.target != "":
		return file.target + "/"
	}
	return file.target
}

// fileAt is what is known of the file at a canonical path; nil when the line did not touch it.
func fileAt(path string, frame *Frame) *fileState {
	files := frame.shell.now.files
	if files.size() == 0 {
		return nil
	}
	if own, is := files.get(path); is {
		return own
	}
	for slash := strings.LastIndexByte(path, '/'); slash > 0; slash = strings.LastIndexByte(path[:slash], '/') {
		if around, is := files.get(path[:slash+1]); is {
			// What stands there may still be what stood there before.
			state := joinFileStates(around, onDiskAs(path))
			state.made = true
			return state
		}
	}
	var named *fileState
	for key, state := range files.all() {
		glob, isPattern := strings.CutPrefix(key, "*")
		if !isPattern || !mayName(glob, path, frame) {
			continue
		}
		if named == nil {
			named = onDiskAs(path)
		}
		named = joinFileStates(named, state)
	}
	return named
}

// mayName: matching is paid for; when nothing is left to pay with, the careful answer is yes.
func mayName(glob, path string, frame *Frame) bool {
	units := 1 + base.Utf16Length(glob)*base.Utf16Length(path)/4096
	return !model.Spend(frame.walk.budget, units) || model.MatchesGlob(glob, path)
}

// filesNamed is what may stand in a file of which a pattern is known; nil when the line touched none of them.
func filesNamed(glob string, frame *Frame) *fileState {
	var all *fileState
	for key, state := range frame.shell.now.files.all() {
		if key != "*"+glob && !mayName(glob, key, frame) {
			continue
		}
		if all != nil {
			state = joinFileStates(all, state)
		}
		all = state
	}
	return all
}

// putState keeps what is written to a file. What a pattern names is some file: what was said of it before still may be so.
func putState(key string, state *fileState, frame *Frame) {
	files := frame.shell.now.files
	if before, is := files.get(key); is && strings.HasPrefix(key, "*") {
		state = joinFileStates(before, state)
	}
	files.set(key, state)
}

// fillFile keeps what an output wrote to a file.
func fillFile(key string, output model.Output, isAppended bool, frame *Frame) {
	if isAppended {
		putState(key, appended(key, output, frame), frame)
	} else {
		putState(key, written(output), frame)
	}
}

func written(output model.Output) *fileState {
	state := &fileState{}
	switch output.Kind {
	case "text":
		state.texts = []string{output.Text}
	case "trusted_code":
		state.trusted = true
	case "lines":
		// No lines at all are known lines too.
		state.lines = append([]string{}, output.Globs...)
		state.unknown = true
	default:
		state.unknown = true
	}
	return state
}

// appended: what is added to a file on disk is known even where the rest is not: it is looked at when the file runs.
func appended(key string, output model.Output, frame *Frame) *fileState {
	var before *fileState
	if strings.HasPrefix(key, "*") {
		before, _ = frame.shell.now.files.get(key)
	} else {
		before = fileAt(key, frame)
	}
	if output.Kind != "text" {
		after := fileState{}
		if before != nil {
			after = *before
		}
		after.unknown, after.lines = true, nil
		return &after
	}
	if before == nil {
		after := onDiskAs(key)
		after.texts = []string{output.Text}
		return after
	}
	after := *before
	after.lines = nil
	after.texts = nil
	for _, known := range before.texts {
		if len(known)+len(output.Text) <= model.LimitValueBytes {
			after.texts = append(after.texts, known+output.Text)
		}
	}
	after.unknown = before.unknown || len(after.texts) < len(before.texts)
	if len(before.texts) == 0 {
		after.texts = []string{output.Text}
	}
	return &after
}

// passedInput is standard input as what it prints when it is passed on.
func passedInput(frame *Frame) model.Output {
	stdin := &frame.input.stdin
	switch stdin.Kind {
	case "text":
		return model.Output{Kind: "text", Text: stdin.Text}
	case "lines":
		return model.Output{Kind: "lines", Globs: stdin.Globs}
	}
	return stream
}

// onlyText is the only text that the file can hold; false when there may be others.
func onlyText(state *fileState) (string, bool) {
	if state == nil || len(state.texts) != 1 || state.unknown || state.made || state.trusted || len(state.disk) > 0 {
		return "", false
	}
	return state.texts[0], true
}

// printed is what a program prints where only the walk knows it: the files that `cat` shows, the input that `tee` passes on.
func printed(program string, given []model.Argument, reading *model.Reading, frame *Frame) model.Output {
	if reading.Output.Kind != "stream" {
		return reading.Output
	}
	if programs.ContentOf(frame.walk.catalogue, program, reading.Subcommand) == "input" {
		return passedInput(frame)
	}
	if program != "cat" {
		return reading.Output
	}
	if len(given) == 0 {
		return passedInput(frame)
	}
	var whole strings.Builder
	for i := range given {
		var state *fileState
		if value := &given[i].Value; value.Kind == "text" {
			state = stateOf(value.Text, frame)
		}
		only, is := onlyText(state)
		if !is {
			return reading.Output
		}
		whole.WriteString(only)
	}
	if whole.Len() > model.LimitValueBytes {
		return reading.Output
	}
	return model.Output{Kind: "text", Text: whole.String()}
}

// writtenOnPath is the file of this name in a folder of a PATH that the line has set, when the line wrote it, or when it lies in a
// temporary folder.
func writtenOnPath(name string, frame *Frame) string {
	path, is := frame.shell.now.variables.get("PATH")
	if !is || path.variable.Kind != "scalar" {
		return ""
	}
	// Of `/tmp/b:$PATH` the folders before the unknown part are known.
	known := words.KnownPrefix(path.variable.Value)
	if path.variable.Value.Kind != "text" {
		known = known[:max(0, strings.LastIndexByte(known, ':'))]
		if known == "" {
			return ""
		}
	}
	files := frame.shell.now.files
	folders := strings.Split(known, ":")
	for _, folder := range folders[:min(len(folders), model.LimitPathFolders)] {
		if folder == "" {
			folder = "."
		}
		place := folder + "/" + name
		if files.size() == 0 && !isScratch(place, frame) {
			continue
		}
		if file, is := knownPath(place, frame, model.FollowAll); is && (files.has(file) || liesInScratch(file, name, frame)) {
			return file
		}
	}
	return ""
}

func liesInScratch(file, name string, frame *Frame) bool {
	if !isScratch(file, frame) {
		return false
	}
	folder := file[:max(0, strings.LastIndexByte(file, '/'))]
	frame.walk.wants.folders.want(folder)
	return slices.Contains(frame.walk.facts.Listings[folder], name)
}

func stateOf(path string, frame *Frame) *fileState {
	canonical, is := knownPath(path, frame, model.FollowAll)
	if !is {
		return nil
	}
	return fileAt(canonical, frame)
}
