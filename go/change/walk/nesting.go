// Walking something in a shell of its own, and coming back. Implements spec/change.md section 7.3. Twin of src/change/walk/nesting.ts.
// Variables and folder of the inner shell are gone afterwards; files and links that it made are still there.

package walk

import (
	"slices"

	"cavra.dev/runtime/change/catalogue"
	"cavra.dev/runtime/change/model"
	"cavra.dev/runtime/change/words"
)

// inSubshell walks in a copy of the shell, as `( … )`, `$( … )` and each part of a pipeline have.
func inSubshell(frame *Frame, walk func(inner *Frame) ran) ran {
	now := copyShell(frame.shell.now)
	now.traps = newTable[*model.Argument]()
	inner := frame.with(func(inner *Frame) {
		inner.shell = &holder{now}
		inner.exits = exits{}
	})
	return leaving(frame, inner, walk)
}

// inScope is where the code or command of a deed runs.
func inScope(scope *model.Scope, program string, frame *Frame, walk func(inner *Frame) ran) ran {
	around := frame.carrying(program)
	if scope.Stdin != nil {
		around.input = inputOf(*scope.Stdin)
	}
	if scope.Place == "elsewhere" {
		return elsewhere(scope, around, walk)
	}
	if scope.Place == "same" && scope.Cwd == nil && len(scope.Environment) == 0 {
		return walk(around)
	}
	child := childShell
	if scope.Place == "same" {
		child = copyShell
	}
	inner := around.with(func(inner *Frame) {
		inner.shell = &holder{child(frame.shell.now)}
		inner.locals = nil
		inner.exits = exits{}
	})
	settle(scope, inner)
	return leaving(frame, inner, walk)
}

func elsewhere(scope *model.Scope, frame *Frame, walk func(inner *Frame) ran) ran {
	inner := frame.with(func(inner *Frame) {
		inner.shell = &holder{newShell(model.UnknownWord)}
		inner.place = "elsewhere"
		inner.locals = nil
		inner.exits = exits{}
	})
	if home := frame.walk.facts.Home; home != "" {
		setExported("HOME", words.Scalar(model.Text(home)), true, inner)
	}
	settle(scope, inner)
	ran := walk(inner)
	runTraps(inner)
	return ran
}

func settle(scope *model.Scope, inner *Frame) {
	if scope.Cwd != nil {
		inner.shell.change(func(now *Shell) { now.cwd = folderFrom(now.cwd, *scope.Cwd) })
	}
	for _, variable := range scope.Environment {
		setExported(variable.Name, words.Scalar(variable.Value), true, inner)
	}
}

func leaving(frame, inner *Frame, walk func(inner *Frame) ran) ran {
	ran := walk(inner)
	runTraps(inner)
	keepFiles(frame.shell, inner.shell.now)
	return ran
}

func keepFiles(holder *holder, from *Shell) {
	if holder.now.files.entries == from.files.entries && holder.now.links.entries == from.links.entries {
		return
	}
	holder.change(func(now *Shell) {
		now.files = shareTable(from.files)
		now.links = shareTable(from.links)
	})
}

// runTraps runs what `trap` has left for the end of the shell. It sees the shell as it is then.
func runTraps(frame *Frame) {
	traps := frame.shell.now.traps
	if traps.size() == 0 {
		return
	}
	frame.shell.change(func(now *Shell) { now.traps = newTable[*model.Argument]() })
	var done []*model.Argument
	for _, signal := range traps.keys() {
		code, _ := traps.get(signal)
		if slices.Contains(done, code) {
			continue
		}
		done = append(done, code)
		walkCode("shell", code.Value, nil, code.Span, frame.carrying("trap"))
	}
}

// folderFrom is the folder that `cd` to a path leads to.
func folderFrom(cwd, path model.Value) model.Value {
	switch {
	case path.Kind == "text" && path.Text == "":
		return cwd
	case path.Kind == "pattern" || path.Kind == "text" && cwd.Kind == "pattern":
		return folderGlob(catalogue.Within(&cwd, path))
	case path.Kind != "text":
		return model.UnknownWord
	}
	var from *string
	if cwd.Kind == "text" {
		from = &cwd.Text
	}
	if folder, is := model.LogicalPath(path.Text, from); is {
		return model.Text(folder)
	}
	return model.UnknownWord
}

func folderGlob(path model.Value) model.Value {
	switch path.Kind {
	case "text":
		if folder, is := model.LogicalPath(path.Text, nil); is {
			return model.Text(folder)
		}
		return path
	case "unknown":
		return model.UnknownWord
	}
	glob, is := model.LogicalGlob(path.Glob)
	switch {
	case !is:
		return model.UnknownWord
	case model.HasActive(glob):
		return model.Value{Kind: "pattern", Glob: glob}
	}
	return model.Text(model.UnescapeGlob(glob))
}
