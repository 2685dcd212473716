// `cd`, `pushd`, `popd`: the working folder. Implements spec/change.md section 7.11. Twin of src/change/walk/builtins-folders.ts.
// That the folder exists is taken for granted; where it cannot be known, every later relative path is unknown.

package walk

import (
	"slices"
	"strings"

	"cavra.dev/runtime/change/model"
	"cavra.dev/runtime/change/words"
)

func changeFolder(call *namedCall) ran {
	options, operands := cutFolder(call.words)
	if len(operands) > 1 {
		return quiet
	}
	var operand *model.Value
	if len(operands) == 1 {
		operand = &operands[0].Value
	}
	move(destination(operand, call.frame), strings.Contains(options, "P"), call.frame)
	return quiet
}

func cutFolder(given []model.Argument) (options string, operands []model.Argument) {
	for i := range given {
		value := &given[i].Value
		if value.Kind != "text" || value.Text == "-" || !strings.HasPrefix(value.Text, "-") {
			return options, given[i:]
		}
		if value.Text == "--" {
			return options, given[i+1:]
		}
		options += value.Text[1:]
	}
	return options, nil
}

// destination of `cd` to the operand; nil where there is none.
func destination(operand *model.Value, frame *Frame) model.Value {
	now := frame.shell.now
	switch {
	case operand == nil:
		home := readVariable("HOME", frame)
		if home.Kind != "scalar" {
			return model.UnknownWord
		}
		return folderFrom(now.cwd, home.Value)
	case operand.Kind == "unknown":
		return model.UnknownWord
	case operand.Kind == "text" && operand.Text == "-":
		return now.previousCwd
	}
	// With CDPATH a relative name may lead anywhere.
	written := words.KnownPrefix(*operand)
	isPath := func(start string) bool { return strings.HasPrefix(written, start) }
	relative := !slices.ContainsFunc([]string{"/", "./", "../"}, isPath) && written != "." && written != ".."
	if relative && now.variables.has("CDPATH") {
		return model.UnknownWord
	}
	return folderFrom(now.cwd, *operand)
}

func move(to model.Value, physical bool, frame *Frame) {
	cwd := to
	if physical && to.Kind == "pattern" {
		cwd = model.UnknownWord
	}
	if to.Kind == "text" {
		real, is := knownPath(to.Text, frame, model.FollowAll)
		switch {
		case physical && is:
			cwd = model.Text(real)
		case physical:
			cwd = model.UnknownWord
		}
	}
	frame.shell.change(func(now *Shell) { now.cwd, now.previousCwd = cwd, now.cwd })
}

func pushFolder(call *namedCall) ran {
	frame := call.frame
	cwd, folders := frame.shell.now.cwd, frame.shell.now.folders
	isOperand := func(word model.Argument) bool {
		return word.Value != model.Text("-n") && word.Value != model.Text("--")
	}
	at := slices.IndexFunc(call.words, isOperand)
	if at < 0 {
		move(folders.topOr(model.UnknownWord), false, frame)
		frame.shell.change(func(now *Shell) { now.folders = &folderStack{cwd, folders.under()} })
		return quiet
	}
	operand := call.words[at].Value
	to := model.UnknownWord
	if rotates := strings.HasPrefix(operand.Text, "+") || strings.HasPrefix(operand.Text, "-"); !rotates {
		to = destination(&operand, frame)
	}
	move(to, false, frame)
	frame.shell.change(func(now *Shell) { now.folders = &folderStack{cwd, folders} })
	return quiet
}

func popFolder(call *namedCall) ran {
	frame := call.frame
	folders := frame.shell.now.folders
	if folders == nil {
		return quiet
	}
	to := model.UnknownWord
	if len(call.words) == 0 {
		to = folders.top
	}
	move(to, false, frame)
	frame.shell.change(func(now *Shell) { now.folders = folders.below })
	return quiet
}
