// A map that is copied only when one of its holders changes it, so that leaving and joining a branch costs nothing where nothing changed.
// Implements spec/change.md section 7.1. Twin of src/change/walk/table.ts.

package walk

import (
	"iter"

	"cavra.dev/runtime/base"
)

// table holds its entries in the order in which they were set. Every empty table of a new shell holds none at all: most of them stay so.
type table[V any] struct {
	entries *base.Ordered[V]
	shared  bool
}

func newTable[V any]() *table[V] {
	return &table[V]{shared: true}
}

// shareTable is a second holder of the same entries.
func shareTable[V any](t *table[V]) *table[V] {
	t.shared = true
	return &table[V]{entries: t.entries, shared: true}
}

func (t *table[V]) get(key string) (V, bool) {
	return t.entries.Get(key)
}

func (t *table[V]) has(key string) bool {
	return t.entries.Has(key)
}

func (t *table[V]) keys() []string {
	return t.entries.Keys()
}

// all is the entries in order; nobody changes the table meanwhile.
func (t *table[V]) all() iter.Seq2[string, V] {
	return t.entries.All()
}

func (t *table[V]) size() int {
	return t.entries.Len()
}

func (t *table[V]) set(key string, value V) {
	t.own().Set(key, value)
}

func (t *table[V]) remove(key string) {
	if t.has(key) {
		t.own().Delete(key)
	}
}

func (t *table[V]) own() *base.Ordered[V] {
	if t.shared {
		t.entries = t.entries.Clone()
		t.shared = false
	}
	return t.entries
}

// side is an entry of one of two tables, or that there is none.
type side[V any] struct {
	value V
	is    bool
}

func (t *table[V]) side(key string) side[V] {
	value, is := t.get(key)
	return side[V]{value, is}
}

// joinTables is what both tables may hold. join is given both sides, of which one at least is there.
func joinTables[V any](left, right *table[V], join func(a, b side[V], key string) V) *table[V] {
	if left.entries == right.entries {
		return shareTable(left)
	}
	joined := newTable[V]()
	for key, value := range left.all() {
		joined.set(key, join(side[V]{value, true}, right.side(key), key))
	}
	for key, value := range right.all() {
		if !left.has(key) {
			joined.set(key, join(side[V]{}, side[V]{value, true}, key))
		}
	}
	return joined
}
