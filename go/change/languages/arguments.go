// The arguments of a call, as they are known. Implements spec/languages.md section 6.4. Twin of src/change/languages/arguments.ts.

package languages

import "cavra.dev/runtime/base"

// Arguments of a call. Open says that further arguments may be there, nobody knows which. Named are in the order in which they are written.
type Arguments struct {
	Positional []*Thing
	Named      *base.Ordered[*Thing]
	Open       bool
}

func argumentsOf(positional ...*Thing) *Arguments {
	return &Arguments{Positional: positional}
}

// at is the positional argument at a place; nil where there is none.
func (a *Arguments) at(place int) *Thing {
	if place < 0 || place >= len(a.Positional) {
		return nil
	}
	return a.Positional[place]
}

// first is the first positional argument, unknown where there is none.
func (a *Arguments) first() *Thing {
	return orUnknown(a.at(0))
}

// from is the positional arguments from a place on.
func (a *Arguments) from(place int) []*Thing {
	return a.Positional[min(max(place, 0), len(a.Positional)):]
}

// named is the argument of a name; nil where there is none.
func (a *Arguments) named(name string) *Thing {
	thing, _ := a.Named.Get(name)
	return thing
}

func orUnknown(thing *Thing) *Thing {
	if thing == nil {
		return unknownThing
	}
	return thing
}
