// The door of the program readers: a call goes in, what it asks for comes out. Implements spec/catalogue.md sections 8 and 10.
// Twin of src/change/programs/index.ts.

// Package programs reads the command lines of programs: those with a grammar of their own in code, all others by the catalogue.
package programs

import (
	"strings"

	"cavra.dev/runtime/base"
	"cavra.dev/runtime/change/catalogue"
	"cavra.dev/runtime/change/model"
)

// special are the readers in code, by the `special` of the catalogue.
var special = map[string]model.Reader{
	"env":      readEnv,
	"fd":       readFd,
	"find":     readFind,
	"git":      readGit,
	"parallel": readParallel,
	"patch":    readPatch,
	"su":       readSu,
	"tar":      readTar,
	"terminal": readTerminal,
	"xargs":    readXargs,
}

// ReadProgram says what running the program asks for. call.Name is the canonical name that catalogue.LookupProgram gave, or any other for a
// program that is not known.
func ReadProgram(call *model.Call) model.Reading {
	program := catalogue.ProgramOf(call.Catalogue, call.Name)
	if program == nil {
		bare := unknownReading(call)
		bare.Deeds = append(variableDeeds(call, &bare), carried(call)...)
		return bare
	}
	reader := special[program.Special]
	if reader == nil {
		reader = func(one *model.Call) model.Reading { return catalogue.InterpretProgram(program, one) }
	}
	if call.Inherits {
		return reader(call)
	}
	reading := reader(withOptionVariables(call))
	if variables := variableDeeds(call, &reading); len(variables) > 0 {
		reading.Deeds = append(variables, reading.Deeds...)
	}
	return reading
}

// unknownReading is of a program that the catalogue does not have: nothing is invented, its options are named as they are written.
func unknownReading(call *model.Call) model.Reading {
	var names []string
	for _, word := range call.Words {
		written := catalogue.KnownPrefix(word.Value)
		if strings.HasPrefix(written, "-") && len(written) > 1 {
			name, _, _ := strings.Cut(written, "=")
			names = append(names, name)
		}
	}
	return model.Reading{Options: base.SortedByBytes(names), Output: model.Output{Kind: "stream"}}
}

// ContentOf is where what the program (or its sub-command) writes comes from, as the catalogue says it; "" when its deeds say it.
func ContentOf(known *model.Catalogue, name, subcommand string) model.Content {
	program := catalogue.ProgramOf(known, name)
	if program == nil {
		return ""
	}
	if subcommand != "" {
		inner := catalogue.Described(model.TableOf(program.Subcommands), model.TableOf(program.SubcommandSame), subcommand)
		if inner != nil && inner.Content != "" {
			return inner.Content
		}
	}
	return program.Content
}

// ProgramOfFile: `node …/cavra.cjs`, `php artisan`, the program of which the file is another name, by its last one, two or three
// components; false for every other file. To a shell a file whose name has no `.` is one's own script, whatever it is called.
func ProgramOfFile(known *model.Catalogue, path string, language model.Language) (string, bool) {
	components := strings.Split(path, "/")
	name := components[len(components)-1]
	toInterpreter := language != "shell" && language != "unknown"
	if !toInterpreter && !strings.Contains(name, ".") {
		return "", false
	}
	if toInterpreter && catalogue.ProgramOf(known, name) != nil {
		return name, true
	}
	for _, count := range []int{1, 2, 3} {
		end := strings.Join(components[max(0, len(components)-count):], "/")
		if found, is := catalogue.EntryOf(known.Aliases, end); is {
			return found, true
		}
	}
	return "", false
}
