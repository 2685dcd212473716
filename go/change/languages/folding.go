// Folding that is paid for: long texts cost steps, so that no code can make the reader copy texts without end. Implements spec/languages.md
// section 6.8. Twin of src/change/languages/folding.ts.

package languages

// folded is the result of a function on known texts; unknown when the work for it is used up. The receiver may be nil.
func folded(world *World, name string, self *Thing, args []*Thing) *Thing {
	if self != nil {
		charge(world, self)
	}
	charge(world, args...)
	if !spend(world) {
		return unknownThing
	}
	return fold(name, self, args)
}
