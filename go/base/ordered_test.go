// Keys keep their order, also where many of them are deleted and set again.

package base_test

import (
	"slices"
	"strconv"
	"testing"

	"cavra.dev/runtime/base"
)

func TestKeysKeepTheirOrder(t *testing.T) {
	var o base.Ordered[int]
	for i := range 20 {
		o.Set(strconv.Itoa(i), i)
	}
	given := o.Keys()
	for i := range 20 {
		if i%2 == 0 {
			o.Delete(strconv.Itoa(i))
		}
	}
	o.Delete("2")
	o.Set("4", 400)
	o.Set("1", 100)
	if want := []string{"1", "3", "5", "7", "9", "11", "13", "15", "17", "19", "4"}; !slices.Equal(o.Keys(), want) || o.Len() != len(want) {
		t.Errorf("%q, %d", o.Keys(), o.Len())
	}
	if given[0] != "0" || len(given) != 20 {
		t.Error("keys that were given away have changed")
	}
	clone := o.Clone()
	clone.Delete("1")
	clone.Set("x", 1)
	if one, is := o.Get("1"); !is || one != 100 || o.Has("x") {
		t.Error("the clone is seen by the other")
	}
	sum := 0
	for key, value := range clone.All() {
		sum += value
		if again, _ := clone.Get(key); again != value {
			t.Errorf("%s: %d", key, value)
		}
	}
	if sum != 3+5+7+9+11+13+15+17+19+400+1 {
		t.Error(sum)
	}
}

func TestNothingIsEmpty(t *testing.T) {
	var none *base.Ordered[int]
	if none.Has("a") || none.Len() != 0 || len(none.Keys()) != 0 || none.Clone().Len() != 0 {
		t.Error("a nil one")
	}
	for range none.All() {
		t.Error("a nil one")
	}
}
