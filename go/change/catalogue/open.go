// Opens a compiled catalogue: each program is read when it is first asked for. Implements spec/catalogue.md clauses 1.5 and 2.1. No twin: TypeScript
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

// Check reads all of a compiled catalogue, and gives the first thing that is wrong with it.
func Check(whole *base.JSONValue) *base.Problem {
	reader := &shapeReader{}
	read := map[string]bool{}
	reader.object(whole, nil, func(key string, value *base.JSONValue, at *place) bool {
		read[key] = true
		switch key {
		case "schema_version":
			reader.word(value, at, Schema)
		case "programs":
			recordIn(reader, value, at, reader.program)
		case "aliases", "same":
			recordIn(reader, value, at, reader.filled)
		case "environment":
			recordIn(reader, value, at, reader.environmentVariable)
		case "mcp":
			listIn(reader, value, at, 0, reader.mcpTool)
		default:
			return false
		}
		return true
	})
	for _, name := range sectionNames {
		reader.need(read[name], nil, name)
	}
	return reader.problem
}

// OpenValue gives the catalogue that the value is. What is wrong with a program is found by Check, or when the program is asked for: whoever opens
// what Check has not seen must know it by its digest.
func OpenValue(whole *base.JSONValue) (*model.Catalogue, *base.Problem) {
	reader := &shapeReader{}
	sections := reader.sections(whole)
	if reader.problem != nil {
		return nil, reader.problem
	}
	catalogue := reader.small(sections)
	programs := recordIn(reader, sections["programs"], &place{key: "programs"}, asItIs)
	catalogue.Programs = remembered(func(name string) (*model.Program, bool) {
		value, is := programs.Get(name)
		if !is {
			return nil, false
		}
		return readProgram(value), true
	})
	return catalogue, reader.problem
}

// Open does the same with a text, of which the programs stay text until they are asked for: hundreds of thousands of bytes are then only looked over.
func Open(text []byte) (*model.Catalogue, *base.Problem) {
	members, problem := base.SplitObject(text)
	if problem != nil {
		return nil, problem
	}
	whole := &base.JSONValue{Kind: base.JSONObject}
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
		whole.Members = append(whole.Members, base.JSONMember{Key: member.Key, Value: *value})
	}
	catalogue, problem := OpenValue(whole)
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

// sections are all six, or a problem.
func (r *shapeReader) sections(whole *base.JSONValue) map[string]*base.JSONValue {
	sections := map[string]*base.JSONValue{}
	r.object(whole, nil, func(key string, value *base.JSONValue, at *place) bool {
		for _, name := range sectionNames {
			if name == key {
				sections[key] = value
				return true
			}
		}
		return false
	})
	for _, name := range sectionNames {
		r.need(sections[name] != nil, nil, name)
	}
	return sections
}

// small reads everything but the programs.
func (r *shapeReader) small(sections map[string]*base.JSONValue) *model.Catalogue {
	r.word(sections["schema_version"], &place{key: "schema_version"}, Schema)
	return &model.Catalogue{
		Aliases:     model.TableOf(recordIn(r, sections["aliases"], &place{key: "aliases"}, r.filled)),
		Same:        model.TableOf(recordIn(r, sections["same"], &place{key: "same"}, r.filled)),
		Environment: recordIn(r, sections["environment"], &place{key: "environment"}, r.environmentVariable),
		Mcp:         listIn(r, sections["mcp"], &place{key: "mcp"}, 0, r.mcpTool),
	}
}

func asItIs(value *base.JSONValue, _ *place) *base.JSONValue {
	return value
}

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
	reader := &shapeReader{}
	if program := reader.program(value, nil); reader.problem == nil {
		return program
	}
	return unreadable()
}

// SECURITY: a description that cannot be read is not left out, or what it says would not count at all; the program may then do anything.
func unreadable() *model.Program {
	return &model.Program{Effects: []model.EffectTemplate{{Kind: "opaque", Operation: "unknown_program"}}}
}
