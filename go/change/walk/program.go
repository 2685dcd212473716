// From the words of a command to what it runs: a function, an alias, a builtin, or a program. Implements spec/change.md section 7.7.
// Twin of src/change/walk/program.ts.
// A program that cannot be known is opaque; one that nobody has heard of is not: it runs, and nothing is invented about it.

package walk

import (
	"slices"
	"strings"

	"cavra.dev/runtime/base"
	"cavra.dev/runtime/change/catalogue"
	"cavra.dev/runtime/change/model"
	"cavra.dev/runtime/change/programs"
	"cavra.dev/runtime/change/words"
)

// walkWords walks a command from its words, span being the whole of it.
func walkWords(given []model.Argument, span base.Span, frame *Frame, manner manner) ran {
	if len(given) == 0 {
		return quiet
	}
	if len(frame.via) >= model.LimitCarriers {
		reachLimit(frame, span, "nesting")
		return unsure
	}
	if len(given) > model.LimitCommandWords {
		reachLimit(frame, span, "words")
		given = given[:model.LimitCommandWords]
	}
	if !model.Spend(frame.walk.budget, model.LimitProgramUnits+len(given)) {
		reachLimit(frame, span, "work")
		return unsure
	}
	first := &given[0]
	if first.Value.Kind != "text" {
		if ran, is := programSomewhere(first.Value, given, span, frame, manner); is {
			return ran
		}
		return unknownProgram(first, given, span, frame, manner)
	}
	name := first.Value.Text
	if name == "" {
		return ran{output: nothing, status: "nonzero"}
	}
	return withEnvironment(manner.environment, frame, func() ran { return walkNamed(name, given, span, frame, manner) })
}

func isProgram(name string, frame *Frame) bool {
	_, is := catalogue.LookupProgram(frame.walk.catalogue, name)
	return is
}

// programSomewhere: `"$JAVA_HOME/bin/java"`, `$(which node)`, the folder is open, the program is not. One that nobody knows stays opaque.
func programSomewhere(first model.Value, given []model.Argument, span base.Span, frame *Frame, manner manner) (ran, bool) {
	if first.Ends == "" || !isProgram(first.Ends, frame) {
		return ran{}, false
	}
	walkNext(first, given, span, frame, manner)
	run := func() ran { return walkProgram(first.Ends[1:], given, span, frame, model.Unknown) }
	return withEnvironment(manner.environment, frame, run), true
}

// unknownProgram: `$X a b`, nobody knows what runs. When `$X` may be no word at all, the next one is the program, and its danger is told
// too.
func unknownProgram(first *model.Argument, given []model.Argument, span base.Span, frame *Frame, manner manner) ran {
	emitOpaque(frame, first.Span, "unknown_program", "")
	walkNext(first.Value, given, span, frame, manner)
	return unsure
}

func walkNext(first model.Value, given []model.Argument, span base.Span, frame *Frame, manner manner) {
	vanishes := first.Kind == "unknown" && first.Many && first.Prefix == ""
	if !vanishes || len(given) < 2 || given[1].Value.Kind != "text" || !isProgram(given[1].Value.Text, frame) {
		return
	}
	before := frame.shell.now
	walkWords(given[1:], span, frame, manner)
	frame.shell.now = joinShells(before, frame.shell.now)
}

func walkNamed(name string, given []model.Argument, span base.Span, frame *Frame, manner manner) ran {
	call := &namedCall{name: name, words: given[1:], span: span, nameSpan: given[0].Span, frame: frame}
	if manner.functions {
		if bodies, is := frame.shell.now.functions.get(name); is {
			var other func() ran
			if slices.Contains(bodies, nil) {
				manner.functions = false
				other = func() ran { return walkNamed(name, given, span, frame, manner) }
			}
			return callFunction(bodies, call, other)
		}
		if alias, is := frame.shell.now.aliases.get(name); is {
			expandAlias(alias, call)
		}
	}
	if manner.builtins {
		if ran, is := walkBuiltin(call); is {
			return ran
		}
	}
	if isUnlikely(name) {
		return unlikelyProgram(name, &given[0], frame)
	}
	return walkProgram(name, given, span, frame, "")
}

// unlikelyProgram: written so, it is a mistake in quoting that means something else. What an expansion makes is looked for under that very
// name, and not found.
func unlikelyProgram(name string, first *model.Argument, frame *Frame) ran {
	if first.Expanded {
		emit(frame, first.Span, model.Effect{Kind: "exec", Program: name})
	} else {
		emitOpaque(frame, first.Span, "unlikely_program", "")
	}
	return unsure
}

// isUnlikely: no program is called so: a whole command line in quotes, an assignment that is none, an option. A path may hold blanks.
func isUnlikely(name string) bool {
	switch {
	case strings.HasPrefix(name, "-"):
		return name != "-" && name != "--"
	case strings.HasPrefix(name, "/") || strings.HasPrefix(name, "./") || strings.HasPrefix(name, "../"):
		return strings.HasSuffix(name, "/")
	}
	return strings.ContainsAny(name, "= \t\n")
}

// walkProgram runs a program of that name; at is where it lies, "" where the name says it.
func walkProgram(name string, given []model.Argument, span base.Span, frame *Frame, at string) ran {
	found, isKnown := catalogue.LookupProgram(frame.walk.catalogue, name)
	program := found.Name
	if !isKnown {
		program = catalogue.ProgramName(name)
	}
	path := at
	if at == "" && strings.Contains(name, "/") {
		path = model.Unknown
		if known, is := knownPath(name, frame, model.FollowAll); is {
			path = known
		}
	}
	if at == "" && strings.HasPrefix(path, "/") {
		if behind := programBehind(name, path, program, !isKnown, frame); behind != "" {
			return walkProgram(behind, given, span, frame, path)
		}
	}
	reading := readCall(program, given[1:], span, frame)
	if program == "git" && reading.Subcommand == "checkout" {
		wantListing(frame)
	}
	emit(frame, given[0].Span, model.Effect{
		Kind: "exec", Program: program, Path: path, Subcommand: reading.Subcommand, Options: reading.Options, Known: reading.Known,
		Harmless: reading.Harmless,
	})
	written := path
	if path == "" {
		written = writtenOnPath(name, frame)
	}
	var own *ran
	if written != "" {
		own = runFile(written, reading.Known, given, span, frame, program)
	}
	inner := walkDeeds(program, &reading, span, frame)
	noteWrites(program, &reading, frame)
	output := printed(program, given[1:], &reading, frame)
	if output.Kind == "stream" && passesOn(program, &reading) {
		switch {
		case inner != nil:
			output = inner.output
		case own != nil:
			output = own.output
		}
	}
	return ran{output: output, status: statusOf(program)}
}

// walkDeeds walks the deeds of a program, and gives what the one that runs something came to; nil where none does.
func walkDeeds(program string, reading *model.Reading, span base.Span, frame *Frame) *ran {
	var inner *ran
	carried := frame
	if len(reading.Deeds) > 0 {
		carried = frame.carrying(program)
	}
	for i := range reading.Deeds {
		deed := &reading.Deeds[i]
		if !model.Spend(frame.walk.budget, 1) {
			reachLimit(frame, span, "work")
			break
		}
		if !runs(deed) {
			walkBareDeed(deed, carried)
			continue
		}
		one := walkDeed(deed, program, frame)
		if inner != nil {
			one = unsure
		}
		inner = &one
	}
	return inner
}

func runs(deed *model.Deed) bool {
	return deed.Kind == "command" || deed.Kind == "code" || deed.Kind == "script"
}

// programBehind is what a copy (`cp /bin/rm x; ./x`) or a link stands for, where the line made it, or where nobody knows the name it has
// here.
func programBehind(name, path, program string, isStrange bool, frame *Frame) string {
	now := frame.shell.now
	isLinked := false
	if now.links.size() > 0 {
		known, is := knownPath(name, frame, model.FollowParents)
		isLinked = !is || known != path
	}
	var sources []string
	if now.files.size() > 0 {
		if state := fileAt(path, frame); state != nil {
			sources = slices.Clone(state.disk)
		}
	}
	if isLinked || isStrange {
		sources = append(sources, path)
	}
	for _, source := range sources {
		if one := source[strings.LastIndexByte(source, '/')+1:]; one != program && isProgram(one, frame) {
			return one
		}
	}
	return ""
}

// wantListing: whether `git checkout x` means a branch or a file is for the working folder to say.
func wantListing(frame *Frame) {
	if cwd := frame.shell.now.cwd; frame.place == "here" && cwd.Kind == "text" {
		frame.walk.wants.folders.want(cwd.Text)
	}
}

func readCall(program string, given []model.Argument, span base.Span, frame *Frame) model.Reading {
	walk := frame.walk
	environment := environmentOf(frame)
	call := model.Call{
		Name:        program,
		Words:       given,
		Span:        span,
		Stdin:       frame.input.stdin,
		Cwd:         frame.shell.now.cwd,
		Environment: environment,
		Inherits:    environment == walk.inherited,
		Facts:       walk.factsElsewhere,
		Catalogue:   walk.catalogue,
	}
	if frame.place == "here" {
		call.Facts = walk.facts
		call.WorkspaceRoot = walk.workspaceRoot
	}
	return programs.ReadProgram(&call)
}

// repeaters are programs that run their command more than once, so that what it prints is not what they print.
var repeaters = []string{"find", "xargs", "parallel", "watch", "seq", "fd", "entr"}

func passesOn(program string, reading *model.Reading) bool {
	running := 0
	for i := range reading.Deeds {
		if runs(&reading.Deeds[i]) {
			running++
		}
	}
	return running <= 1 && !slices.Contains(repeaters, program)
}

var succeeding = []string{"true", ":", "echo", "printf", "mkdir", "touch", "sleep"}

func statusOf(program string) status {
	switch {
	case program == "false":
		return "nonzero"
	case slices.Contains(succeeding, program):
		return "zero"
	}
	return "either"
}

// withEnvironment sets the variables for as long as the command runs.
func withEnvironment(environment []model.Variable, frame *Frame, walk func() ran) ran {
	if len(environment) == 0 {
		return walk()
	}
	before := &base.Ordered[*cell]{}
	for _, variable := range environment {
		if was, is := frame.shell.now.variables.get(variable.Name); is {
			before.Set(variable.Name, &was)
		} else {
			before.Set(variable.Name, nil)
		}
	}
	for _, variable := range environment {
		setExported(variable.Name, words.Scalar(variable.Value), true, frame)
	}
	ran := walk()
	putBack(before, frame)
	return ran
}
