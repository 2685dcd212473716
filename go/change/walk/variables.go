// Reading and setting shell variables, the special ones included. Implements spec/change.md section 5.5. Twin of
// src/change/walk/variables.ts. A variable that neither the line nor a fact has set is unknown, never empty: the surroundings may have set
// it.

package walk

import (
	"slices"
	"strconv"

	"cavra.dev/runtime/base"
	"cavra.dev/runtime/change/model"
	"cavra.dev/runtime/change/words"
)

var (
	flat   = words.Scalar(model.Value{Kind: "pattern", Glob: "*"})
	number = words.Scalar(model.Value{Kind: "pattern", Glob: "*", Random: true})
	// flatNames are names that a login gives: neither `/` nor blanks in them.
	flatNames = []string{"!", "-", "USER", "LOGNAME", "HOSTNAME"}
	numbers   = []string{"?", "$", "RANDOM", "SECONDS", "LINENO", "PPID", "UID", "EUID", "BASHPID", "EPOCHSECONDS", "SRANDOM"}
)

func readVariable(name string, frame *Frame) words.Variable {
	now := frame.shell.now
	if cell, is := now.variables.get(name); is {
		return cell.variable
	}
	switch name {
	case "#":
		return countOf(now.positional)
	case "PWD":
		return words.Scalar(now.cwd)
	case "OLDPWD":
		return words.Scalar(now.previousCwd)
	case "IFS":
		return words.Scalar(model.Text(" \t\n"))
	}
	if slices.Contains(numbers, name) {
		return number
	}
	isFlat := slices.Contains(flatNames, name)
	if frame.place == "here" {
		facts := frame.walk.facts
		if fact, is := facts.Environment.Get(name); is {
			return words.Scalar(model.Text(fact))
		}
		if name == "HOME" && facts.Home != "" {
			return words.Scalar(model.Text(facts.Home))
		}
		if name == "TMPDIR" && len(facts.TempRoots) > 0 {
			return words.Scalar(model.Text(facts.TempRoots[0]))
		}
	}
	if isFlat {
		return flat
	}
	return anything
}

// countOf is `$#`.
func countOf(positional *positional) words.Variable {
	several := func(word model.Argument) bool { return words.MayBeMany(word.Value) }
	if positional == nil || slices.ContainsFunc(positional.words, several) {
		return number
	}
	return words.Scalar(model.Text(strconv.Itoa(max(0, len(positional.words)-1))))
}

// setVariable sets a variable of the frame's shell; what was exported stays exported, and one value for an array is its first.
func setVariable(name string, variable words.Variable, frame *Frame) {
	was, is := frame.shell.now.variables.get(name)
	inherited := !is && frame.place == "here" && frame.walk.facts.Environment.Has(name)
	setExported(name, variable, was.exported || inherited, frame)
}

// setExported says beside the value whether the variable is exported.
func setExported(name string, variable words.Variable, exported bool, frame *Frame) {
	variables := frame.shell.now.variables
	if size := variables.size(); variables.shared && size > 0 {
		model.Spend(frame.walk.budget, 1+size/8)
	}
	was, is := variables.get(name)
	switch {
	case was.bound:
		variable = anything
	case is:
		variable = intoArray(was.variable, variable)
	}
	variables.set(name, cell{variable, exported, was.bound})
}

// bindVariable: from here on nobody knows what the variable holds after an assignment.
func bindVariable(name string, frame *Frame) {
	variables := frame.shell.now.variables
	was, is := variables.get(name)
	if !is {
		was.variable = readVariable(name, frame)
	}
	was.bound = true
	variables.set(name, was)
}

func intoArray(was, now words.Variable) words.Variable {
	if was.Kind != "array" || now.Kind != "scalar" {
		return now
	}
	// What is not known may be many words, or meant for another element.
	if now.Value.Kind == "unknown" || words.MayBeMany(now.Value) {
		return anything
	}
	return words.Array(append([]model.Value{now.Value}, was.Values[min(1, len(was.Values)):]...))
}

// rememberLocal keeps what a variable was before `local`, so that the end of the function puts it back.
func rememberLocal(name string, frame *Frame) {
	if frame.locals == nil || frame.locals.Has(name) {
		return
	}
	var before *cell
	if was, is := frame.shell.now.variables.get(name); is {
		before = &was
	}
	frame.locals.Set(name, before)
}

// putBack is the end of what hid the variables.
func putBack(hidden *base.Ordered[*cell], frame *Frame) {
	for name, before := range hidden.All() {
		if before != nil {
			frame.shell.now.variables.set(name, *before)
		} else {
			frame.shell.now.variables.remove(name)
		}
	}
}

// environmentOf is what a process started here finds in its environment, as far as it is known.
func environmentOf(frame *Frame) *base.Ordered[model.Value] {
	inherited := frame.walk.inherited
	if frame.place != "here" {
		inherited = &base.Ordered[model.Value]{}
	}
	environment := inherited
	for name, one := range frame.shell.now.variables.all() {
		if !one.exported {
			continue
		}
		if environment == inherited {
			environment = inherited.Clone()
		}
		if value, is := cellValue(one); is {
			environment.Set(name, value)
		} else {
			environment.Delete(name)
		}
	}
	return environment
}

func cellValue(one cell) (model.Value, bool) {
	switch {
	case one.variable.Kind == "scalar":
		return one.variable.Value, true
	case one.variable.Kind == "array" && len(one.variable.Values) > 0:
		return one.variable.Values[0], true
	}
	return model.Value{}, false
}
