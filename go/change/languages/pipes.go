// Opening a pipe where a file is opened: `open(F, "rm x |")` in perl, `open("|rm x")` in ruby. Implements spec/languages.md section 7.3.
// Twin of src/change/languages/pipes.ts.

package languages

import (
	"strings"

	"cavra.dev/runtime/base"
)

// perlOpen is `open(HANDLE, mode, path)` and `open(HANDLE, "mode path")` of perl; words are those after the handle.
func perlOpen(world *World, words []*Thing) {
	first := orUnknown(thingAt(words, 0))
	rest := words[min(1, len(words)):]
	mode, known := textOf(first)
	if len(rest) == 0 {
		if known {
			twoArguments(world, base.TrimASCII(mode))
		} else {
			unknownOpen(world, first)
		}
		return
	}
	name, _, _ := strings.Cut(mode, ":")
	name = base.TrimASCII(name)
	if name == "-|" || name == "|-" {
		if len(rest) == 1 {
			shellCode(world, rest[0], nil, nil)
		} else {
			wordsDeed(world, rest, surroundings{})
		}
		return
	}
	path := rest[0]
	if path.Kind == "record" || path == plainThing {
		return
	}
	writes := !known || strings.Contains(name, ">")
	if !writes || strings.Contains(name, "+") {
		fileDeed(world, "read", "exact", path)
	}
	if writes {
		fileDeed(world, "write", "exact", path)
	}
}

// unknownOpen: two arguments, the second unknown: its beginning may say what it is; else it may be a pipe.
func unknownOpen(world *World, thing *Thing) {
	prefix := ""
	if thing.Kind == "value" && thing.Value.Kind == "unknown" {
		prefix = thing.Value.Prefix
	}
	switch {
	case strings.HasPrefix(prefix, "<"):
		fileDeed(world, "read", "exact", unknownThing)
	case strings.HasPrefix(prefix, ">"):
		fileDeed(world, "write", "exact", unknownThing)
	default:
		emitUnknownCode(world, "shell")
	}
}

func twoArguments(world *World, text string) {
	if code, is := strings.CutPrefix(text, "|"); is {
		shellCode(world, textThing(base.TrimASCII(code)), nil, nil)
		return
	}
	if code, is := strings.CutSuffix(text, "|"); is {
		shellCode(world, textThing(base.TrimASCII(code)), nil, nil)
		return
	}
	rest := strings.TrimLeft(text, "+<>")
	mode := text[:len(text)-len(rest)]
	name := base.TrimASCII(rest)
	if strings.HasPrefix(rest, "&") || name == "-" {
		return
	}
	path := textThing(name)
	both := strings.Contains(mode, "+")
	writes := strings.Contains(mode, ">")
	if !writes || both {
		fileDeed(world, "read", "exact", path)
	}
	if writes || both {
		fileDeed(world, "write", "exact", path)
	}
}

// rubyPipe is true when a path of ruby is a pipe, which is then run.
func rubyPipe(world *World, thing *Thing) bool {
	text, _ := textOf(thing)
	code, is := strings.CutPrefix(text, "|")
	if world.language != "ruby" || !is {
		return false
	}
	shellCode(world, textThing(code), nil, nil)
	return true
}
