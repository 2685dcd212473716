// Plain text, and values that run nothing although their role would say so. Implements spec/catalogue.md clauses 2.7 and 2.8.
// Twin of src/change/catalogue/ordinary.ts.
// Only what is known to the last letter can be ordinary.

package catalogue

import (
	"slices"
	"strings"

	"cavra.dev/runtime/change/model"
)

// isOrdinary, clause 2.8: one of the values that are written every day (`+G` of less, `set number` of vim).
func isOrdinary(value model.Value, ordinary []string) bool {
	if len(ordinary) == 0 || value.Kind != "text" || !isPlainText(value.Text) {
		return false
	}
	return slices.ContainsFunc(ordinary, func(one string) bool {
		if one == "#" {
			return allDigits(value.Text)
		}
		return starMatches(one, value.Text)
	})
}

func allDigits(known string) bool {
	for i := 0; i < len(known); i++ {
		if known[i] < '0' || known[i] > '9' {
			return false
		}
	}
	return true
}

// isPlainText: neither quotes nor anything that a shell or an editor would take for the end of a command.
func isPlainText(known string) bool {
	for i := 0; i < len(known); i++ {
		if !isPlainByte(known[i]) {
			return false
		}
	}
	return true
}

func isPlainByte(unit byte) bool {
	return unit >= 'a' && unit <= 'z' || unit >= 'A' && unit <= 'Z' || unit >= '0' && unit <= '9' || strings.IndexByte(" -_./:=+,@~%", unit) >= 0
}
