// The state of one reading: bindings, deeds, working folder, environment, and the work that is left. Implements spec/languages.md section 6.
// Twin of src/change/languages/world.ts. One world lives as long as one call of ReadCode; nothing of it outlives the call.
// The readers that call each other in a circle stand in one package here, and need no engine that knows them all.

package languages

import (
	"slices"

	"cavra.dev/runtime/base"
	"cavra.dev/runtime/change/model"
)

// Context is what code finds where it runs.
type Context struct {
	// Positional is the words after the code.
	Positional []model.Argument
	Stdin      model.Stdin
	Span       base.Span
	// Environment is the variables that are known to be in the environment of the code (`HOME`).
	Environment *base.Ordered[model.Value]
}

// Limits of one reading, of the general languages.
const (
	maxSteps       = 200_000
	maxDepth       = 96
	maxEnvironment = 64
	maxDeeds       = 2_000
)

// World is the state of one reading.
type World struct {
	language General
	table    *LanguageTable
	context  *Context
	deeds    []model.Deed
	opaque   map[[2]string]bool
	bindings map[string]*binding
	// pinned are variables of the comprehension or block that is read just now; they hide all others.
	pinned   map[string]*Thing
	assigned map[string]assignment
	// open are modules whose names were all imported (`from os import *`).
	open        []string
	environment []model.Variable
	// evaluated are results of code that was read for an argument, for the call to give.
	evaluated []*Thing
	// cwd is nil where the code has not moved.
	cwd   *Thing
	steps int
	depth int
	// block is how many blocks, loops and functions stand around the place that is read.
	block int
	// exhausted: a limit was met: what was read so far stands, and the rest is opaque.
	exhausted bool
}

// binding is what a name was given last, and everything that it was given so far.
type binding struct {
	last *Thing
	all  []*Thing
}

// assignment is how often a name is given a value, and whether always in a plain statement outside every block.
type assignment struct {
	count    int
	straight bool
	// grown: something is put behind what it holds.
	grown bool
	// changed: what it holds is changed in any other way.
	changed bool
}

// Cursor is a place among tokens.
type Cursor struct {
	tokens []Token
	at     int
	// untupled: before this place no list of names begins that is assigned to.
	untupled int
}

// spend counts one step of work; false when there is none left, and the reading ends as opaque.
func spend(world *World) bool {
	if world.steps > 0 {
		world.steps--
		return true
	}
	world.exhausted = true
	return false
}

// charge counts the work on texts: one step for every 16 UTF-16 units.
func charge(world *World, things ...*Thing) {
	for _, thing := range things {
		switch {
		case thing.Kind == "value" && thing.Value.Kind == "text":
			world.steps -= base.Utf16Length(thing.Value.Text) >> 4
		case thing.Kind == "list":
			world.steps -= len(thing.Items)
		case thing.Kind == "choice":
			world.steps -= len(thing.Items)
			for _, one := range thing.Items {
				if one.Kind == "list" {
					world.steps -= len(one.Items)
				}
			}
		}
	}
}

// setEnvironment sets a variable for everything that is started from here on.
func setEnvironment(world *World, name string, value model.Value) {
	if len(world.environment) >= maxEnvironment {
		world.exhausted = true
	} else {
		world.environment = append(world.environment, model.Variable{Name: name, Value: value})
	}
}

func emit(world *World, deed model.Deed) {
	if len(world.deeds) >= maxDeeds {
		world.exhausted = true
	} else {
		world.deeds = append(world.deeds, deed)
	}
}

// emitOpaque says once that code in a language cannot be known.
func emitOpaque(world *World, reason, detail string) {
	key := [2]string{reason, detail}
	if world.opaque[key] {
		return
	}
	world.opaque[key] = true
	// SECURITY: beyond maxDeeds too. The temptation is emit: two thousand harmless deeds would then hide that there are more.
	world.deeds = append(world.deeds, opaque(reason, detail, world.context))
}

func emitUnknownCode(world *World, language model.Language) {
	emitOpaque(world, "unknown_code", language)
}

// environmentValue is what an environment variable is known to hold.
func environmentValue(world *World, name string) *Thing {
	for i := len(world.environment) - 1; i >= 0; i-- {
		if world.environment[i].Name == name {
			return valueThing(world.environment[i].Value)
		}
	}
	if value, known := world.context.Environment.Get(name); known {
		return valueThing(value)
	}
	return unknownThing
}

func scopeHere(world *World) model.Scope {
	scope := model.Scope{Place: "child", Environment: slices.Clone(world.environment)}
	if world.cwd != nil {
		cwd := toValue(world.cwd)
		scope.Cwd = &cwd
	}
	return scope
}

// lookUp is the value of a name at this place, or nil when nothing here ever gives it one.
func lookUp(world *World, name string) *Thing {
	assigned := world.assigned[name]
	thing := world.pinned[name]
	if thing == nil {
		thing = given(world, name, assigned)
	}
	if thing != nil && assigned.grown {
		thing = grownThing(thing)
	}
	if thing != nil && assigned.changed {
		thing = changedThing(thing)
	}
	return thing
}

func given(world *World, name string, assigned assignment) *Thing {
	bound := world.bindings[name]
	if assigned.count == 0 {
		if bound == nil {
			return nil
		}
		return bound.last
	}
	if assigned.count == 1 || assigned.straight && world.block == 0 {
		if bound == nil {
			return unknownThing
		}
		return bound.last
	}
	// Given in several places: it may be any of them, and what is given further down is not known yet.
	var all []*Thing
	if bound != nil {
		all = bound.all
	}
	if len(all) < assigned.count {
		all = append(slices.Clip(all), unknownThing)
	}
	return choiceThing(all)
}

func bind(world *World, name string, thing *Thing) {
	bound := world.bindings[name]
	if bound == nil {
		world.bindings[name] = &binding{last: thing, all: []*Thing{thing}}
		return
	}
	bound.last = thing
	if len(bound.all) > maxChoices {
		return
	}
	again := thing.Kind == "name" &&
		slices.ContainsFunc(bound.all, func(one *Thing) bool { return one.Kind == "name" && one.Name == thing.Name })
	if again {
		thing = plainThing
	}
	bound.all = append(bound.all, thing)
}

// peek is the token at the cursor; noToken behind the last one.
func peek(cursor *Cursor) *Token {
	return peekAhead(cursor, 0)
}

func peekAhead(cursor *Cursor, ahead int) *Token {
	return tokenAt(cursor.tokens, cursor.at+ahead)
}

func tokenAt(tokens []Token, at int) *Token {
	if at < 0 || at >= len(tokens) {
		return &noToken
	}
	return &tokens[at]
}

// isEnd is true where no token is left.
func isEnd(cursor *Cursor) bool {
	return cursor.at >= len(cursor.tokens)
}

func skipNewlines(cursor *Cursor) {
	for peek(cursor).Kind == "newline" {
		cursor.at++
	}
}

func isOperator(token *Token, text string) bool {
	return token.Kind == "operator" && token.Text == text
}

func isName(token *Token, text string) bool {
	return token.Kind == "name" && token.Text == text
}

// accept moves on over an operator when it stands here.
func accept(cursor *Cursor, text string) bool {
	if !isOperator(peek(cursor), text) {
		return false
	}
	cursor.at++
	return true
}
