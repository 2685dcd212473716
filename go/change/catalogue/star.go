// Names with one star, as conditions and sub-command names have them. Implements spec/catalogue.md clause 2.5 and section 4.
// Twin of src/change/catalogue/star.ts.
// One star only: the whole of it is a comparison of two ends, and nobody has to know how a glob is matched.

package catalogue

import "strings"

// starMatches: `*` stands for any text, also none. A name without it stands for itself.
func starMatches(name, text string) bool {
	before, after, hasStar := strings.Cut(name, "*")
	if !hasStar {
		return name == text
	}
	return len(text) >= len(name)-1 && strings.HasPrefix(text, before) && strings.HasSuffix(text, after)
}
