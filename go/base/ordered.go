// An object whose keys are data, in the order in which they were set. No twin: TypeScript's records and maps keep their order by
// themselves, Go's maps have none.

package base

import (
	"iter"
	"maps"
	"slices"
)

// Ordered is a map that remembers the order of its keys. A nil *Ordered is empty and may be read. Several may read one at a time from which
// nothing was deleted.
type Ordered[T any] struct {
	keys   []string
	values []T
	// places of the keys in both lists. A key at another place than its own was deleted, and stands there until the next compact.
	places map[string]int
}

// Get gives the value of a key, and whether there is one.
func (o *Ordered[T]) Get(key string) (T, bool) {
	if o != nil {
		if at, found := o.places[key]; found {
			return o.values[at], true
		}
	}
	var none T
	return none, false
}

// Has is true when the key has been set.
func (o *Ordered[T]) Has(key string) bool {
	_, found := o.Get(key)
	return found
}

// Set gives a key its value; a key that is known keeps its place.
func (o *Ordered[T]) Set(key string, value T) {
	if at, known := o.places[key]; known {
		o.values[at] = value
		return
	}
	if o.places == nil {
		o.places = map[string]int{}
	}
	o.places[key] = len(o.keys)
	o.keys = append(o.keys, key)
	o.values = append(o.values, value)
}

// Delete takes a key out. The temptation is to close the gap at once: who deletes many keys would then pay for their number twice over.
func (o *Ordered[T]) Delete(key string) {
	if !o.Has(key) {
		return
	}
	delete(o.places, key)
	if len(o.keys) > 2*len(o.places)+8 {
		o.compact()
	}
}

// compact makes new lists without what was deleted. Lists that were given away stay as they are.
func (o *Ordered[T]) compact() {
	if o == nil || len(o.keys) == len(o.places) {
		return
	}
	keys, values := make([]string, 0, len(o.places)), make([]T, 0, len(o.places))
	for i, key := range o.keys {
		if at, known := o.places[key]; known && at == i {
			o.places[key] = len(keys)
			keys, values = append(keys, key), append(values, o.values[i])
		}
	}
	o.keys, o.values = keys, values
}

// Keys in the order in which they were first set. Nobody writes to them.
func (o *Ordered[T]) Keys() []string {
	if o == nil {
		return nil
	}
	o.compact()
	return o.keys
}

// All is the keys and their values, in order. Nobody sets or deletes meanwhile.
func (o *Ordered[T]) All() iter.Seq2[string, T] {
	return func(yield func(string, T) bool) {
		for i, key := range o.Keys() {
			if !yield(key, o.values[i]) {
				return
			}
		}
	}
}

// Len is how many keys there are.
func (o *Ordered[T]) Len() int {
	if o == nil {
		return 0
	}
	return len(o.places)
}

// Clone is a copy that can be set without the other seeing it.
func (o *Ordered[T]) Clone() *Ordered[T] {
	if o.Len() == 0 {
		return &Ordered[T]{places: map[string]int{}}
	}
	o.compact()
	return &Ordered[T]{keys: slices.Clone(o.keys), values: slices.Clone(o.values), places: maps.Clone(o.places)}
}
