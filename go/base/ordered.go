// An object whose keys are data, in the order in which they were set. No twin: TypeScript's records keep their order by themselves, Go's maps have none.

package base

import "slices"

// Ordered is a map that remembers the order of its keys. A nil *Ordered is empty and may be read.
type Ordered[T any] struct {
	keys   []string
	values map[string]T
}

// Get gives the value of a key, and whether there is one.
func (o *Ordered[T]) Get(key string) (T, bool) {
	if o == nil {
		var none T
		return none, false
	}
	value, found := o.values[key]
	return value, found
}

// Has is true when the key has been set.
func (o *Ordered[T]) Has(key string) bool {
	_, found := o.Get(key)
	return found
}

// Set gives a key its value; a key that is known keeps its place.
func (o *Ordered[T]) Set(key string, value T) {
	if o.values == nil {
		o.values = map[string]T{}
	}
	if _, known := o.values[key]; !known {
		o.keys = append(o.keys, key)
	}
	o.values[key] = value
}

// Delete takes a key out.
func (o *Ordered[T]) Delete(key string) {
	if !o.Has(key) {
		return
	}
	delete(o.values, key)
	o.keys = slices.DeleteFunc(slices.Clone(o.keys), func(known string) bool { return known == key })
}

// Keys in the order in which they were first set. Nobody writes to them.
func (o *Ordered[T]) Keys() []string {
	if o == nil {
		return nil
	}
	return o.keys
}

// Len is how many keys there are.
func (o *Ordered[T]) Len() int {
	return len(o.Keys())
}

// Clone is a copy that can be set without the other seeing it.
func (o *Ordered[T]) Clone() *Ordered[T] {
	clone := &Ordered[T]{keys: slices.Clone(o.Keys()), values: make(map[string]T, o.Len())}
	for _, key := range clone.keys {
		clone.values[key] = o.values[key]
	}
	return clone
}
