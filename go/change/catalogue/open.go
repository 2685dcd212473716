// Reads a compiled catalogue, or opens its text: then each program is read when it is first asked for. Implements spec/catalogue.md clauses 1.5 and 2.1. No twin: TypeScript
// opens a form of its own (src/change/catalogue/packed.ts), which is made when the installation is built.
// INVARIANT: what is found is what the whole catalogue holds under that name, and two who ask get the same program, also at the same time.

package catalogue

import (
	"sync"

	"cavra.dev/runtime/base"
	"cavra.dev/runtime/change/model"
)

// Schema is the one that is read.
const Schema = "cavra.catalogue.v1"

// Read gives the catalogue that the value is, all of it read, or the first thing that is wrong with it.
func Read(whole *base.JSONValue) (*model.Catalogue, *base.Problem) {
	reader := newShapeReader()
	catalogue := &model.Catalogue{}
	read := map[string]bool{}
	reader.Object(whole, nil, func(key string, value *base.JSONValue, at *base.Place) bool {
		read[key] = true
		switch key {
		case "programs":
			catalogue.Programs = model.TableOf(base.RecordIn(reader.ShapeReader, value, at, reader.program))
		default:
			return reader.section(catalogue, key, value, at)
		}
		return true
	})
	for _, name := range sectionNames {
		reader.need(read[name], nil, name)
	}
	if reader.Problem != nil {
		return nil, reader.Problem
	}
	return catalogue, nil
}

// section reads one that is not the programs.
func (r *shapeReader) section(catalogue *model.Catalogue, key string, value *base.JSONValue, at *base.Place) bool {
	switch key {
	case "schema_version":
		r.Word(value, at, Schema)
	case "aliases":
		catalogue.Aliases = model.TableOf(base.RecordIn(r.ShapeReader, value, at, r.Filled))
	case "same":
		catalogue.Same = model.TableOf(base.RecordIn(r.ShapeReader, value, at, r.Filled))
	case "environment":
		catalogue.Environment = base.RecordIn(r.ShapeReader, value, at, r.environmentVariable)
	case "mcp":
		catalogue.Mcp = base.ListIn(r.ShapeReader, value, at, 0, r.mcpTool)
	default:
		return false
	}
	return true
}

// Open does the same with a text, of which the programs stay text until they are asked for: hundreds of thousands of bytes are then only looked over.
// What is wrong with a program is found when it is asked for: whoever opens what Read has not read must know it by its digest.
func Open(text []byte) (*model.Catalogue, *base.Problem) {
	members, problem := base.SplitObject(text)
	if problem != nil {
		return nil, problem
	}
	small := &base.JSONValue{Kind: base.JSONObject}
	programs := map[string][]byte{}
	for _, member := range members {
		value := &base.JSONValue{Kind: base.JSONObject}
		if member.Key == "programs" {
			programs, problem = rawPrograms(member.Raw)
		} else {
			value, problem = base.ParseJSON(member.Raw, base.DefaultJSONLimits)
		}
		if problem != nil {
			return nil, problem
		}
		small.Members = append(small.Members, base.JSONMember{Key: member.Key, Value: *value})
	}
	catalogue, problem := Read(small)
	if problem != nil {
		return nil, problem
	}
	catalogue.Programs = remembered(func(name string) (*model.Program, bool) {
		text, is := programs[name]
		if !is {
			return nil, false
		}
		value, problem := base.ParseJSON(text, base.DefaultJSONLimits)
		if problem != nil {
			return unreadable(), true
		}
		return readProgram(value), true
	})
	return catalogue, nil
}

func rawPrograms(text []byte) (map[string][]byte, *base.Problem) {
	members, problem := base.SplitObject(text)
	if problem != nil {
		return nil, problem
	}
	programs := make(map[string][]byte, len(members))
	for _, member := range members {
		programs[member.Key] = member.Raw
	}
	return programs, nil
}

var sectionNames = []string{"schema_version", "programs", "aliases", "same", "environment", "mcp"}

// remembered keeps what was found. Only what is there is kept: names that nobody described come from whoever asks, and have no end.
func remembered(find model.Table[*model.Program]) model.Table[*model.Program] {
	var mutex sync.Mutex
	known := map[string]*model.Program{}
	return func(name string) (*model.Program, bool) {
		mutex.Lock()
		defer mutex.Unlock()
		program, is := known[name]
		if is {
			return program, true
		}
		if program, is = find(name); is {
			known[name] = program
		}
		return program, is
	}
}

func readProgram(value *base.JSONValue) *model.Program {
	reader := newShapeReader()
	if program := reader.program(value, nil); reader.Problem == nil {
		return program
	}
	return unreadable()
}

// SECURITY: a description that cannot be read is not left out, or what it says would not count at all; the program may then do anything.
func unreadable() *model.Program {
	return &model.Program{Effects: []model.EffectTemplate{{Kind: "opaque", Operation: "unknown_program"}}}
}
