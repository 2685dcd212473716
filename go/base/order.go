// The one order of strings: by UTF-8 bytes, which is the order of code points. Implements spec/change.md section 1. Twin of src/base/order.ts.
// Go's own order of strings is this order; the names are kept so that twins read alike.

package base

import (
	"slices"
	"strings"
)

// CompareBytes is negative, zero or positive as left stands before, at or behind right.
func CompareBytes(left, right string) int {
	return strings.Compare(left, right)
}

// SortedByBytes is the values in order, each once, in a slice of its own.
func SortedByBytes(values []string) []string {
	sorted := slices.Clone(values)
	slices.Sort(sorted)
	return slices.Compact(sorted)
}
