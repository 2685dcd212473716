// Finds a program by the word that runs it. Implements spec/catalogue.md clause 2.1. Twin of src/change/catalogue/lookup.ts.

package catalogue

import (
	"strings"

	"cavra.dev/runtime/base"
	"cavra.dev/runtime/change/model"
)

var endings = []string{".exe", ".cmd", ".bat", ".com"}

// Found is a program under its canonical name.
type Found struct {
	Name    string
	Program *model.Program
}

// LookupProgram gives the program that the word runs; false when the catalogue does not have it.
func LookupProgram(catalogue *model.Catalogue, word string) (Found, bool) {
	name := ProgramName(word)
	if found, is := named(catalogue, name); is {
		return found, true
	}
	if found, is := versioned(catalogue, name); is {
		return found, true
	}
	return ofPackage(catalogue, name)
}

// ofPackage: `npx cavra@latest`, a package with its version.
func ofPackage(catalogue *model.Catalogue, name string) (Found, bool) {
	at := strings.LastIndexByte(name, '@')
	if at <= 0 {
		return Found{}, false
	}
	return named(catalogue, name[:at])
}

// ProgramName is the name by which a program that the catalogue does not have is called: the last component, lower case, without `.exe`.
func ProgramName(word string) string {
	name := base.FoldASCII(word[strings.LastIndexAny(word, `/\`)+1:])
	for _, ending := range endings {
		if strings.HasSuffix(name, ending) && len(name) > len(ending) {
			return name[:len(name)-len(ending)]
		}
	}
	return name
}

// ProgramOf is the description of a program by its canonical name; nil when there is none.
func ProgramOf(catalogue *model.Catalogue, name string) *model.Program {
	return Described(catalogue.Programs, catalogue.Same, name)
}

// Described is the description under that name, its own or the one that it shares; nil when there is none.
func Described(programs model.Table[*model.Program], same model.Table[string], name string) *model.Program {
	if own, is := EntryOf(programs, name); is {
		return own
	}
	shared, is := EntryOf(same, name)
	if !is {
		return nil
	}
	program, _ := EntryOf(programs, shared)
	return program
}

// EntryOf asks a table, also one that is not there.
func EntryOf[T any](table model.Table[T], name string) (T, bool) {
	if table == nil {
		var none T
		return none, false
	}
	return table(name)
}

func named(catalogue *model.Catalogue, name string) (Found, bool) {
	canonical, is := EntryOf(catalogue.Aliases, name)
	if !is {
		canonical = name
	}
	program := ProgramOf(catalogue, canonical)
	return Found{Name: canonical, Program: program}, program != nil
}

func versioned(catalogue *model.Catalogue, name string) (Found, bool) {
	end := len(name)
	for end > 0 && (name[end-1] == '.' || name[end-1] >= '0' && name[end-1] <= '9') {
		end--
	}
	if end == len(name) || end == 0 {
		return Found{}, false
	}
	found, is := named(catalogue, strings.TrimSuffix(name[:end], "-"))
	return found, is && found.Program.Versioned
}
