// Finds the option that a name on a command line means. Implements spec/catalogue.md clauses 7.2 and 7.3. Twin of
// src/change/catalogue/command-line.ts, its second half.

package catalogue

import (
	"strings"

	"cavra.dev/runtime/change/model"
)

func (c *cutter) find(name string) *model.Option {
	return c.known.ByName[name]
}

// findLetter: `+x` is its own option where the catalogue lists it, else `-x` taken back.
func (c *cutter) findLetter(sign, letter string) (option *model.Option, negated bool) {
	own := c.find(sign + letter)
	if own != nil || sign == "-" {
		return own, false
	}
	return c.find("-" + letter), true
}

// findLong gives nil where no option has the name.
func (c *cutter) findLong(name string) (option *model.Option, negated bool) {
	if option, negated = c.findExact(name); option != nil {
		return option, negated
	}
	if c.grammar.Long != "" && strings.HasPrefix(name, "--") {
		return c.findExact(name[1:])
	}
	if !c.grammar.Abbreviate || !strings.HasPrefix(name, "--") {
		return nil, false
	}
	for _, one := range c.known.All {
		for _, long := range one.Names {
			if !strings.HasPrefix(long, "--") {
				continue
			}
			plain := strings.HasPrefix(long, name)
			undone := c.grammar.Negate && strings.HasPrefix(undoneName(long), name)
			if !plain && !undone {
				continue
			}
			// One option in one sense; two of one canonical name are the same to whoever writes it.
			if plain && undone || option != nil && (option.Names[0] != one.Names[0] || negated != undone) {
				return nil, false
			}
			if option == nil {
				option, negated = one, undone
			}
		}
	}
	return option, negated
}

func (c *cutter) findExact(name string) (option *model.Option, negated bool) {
	if own := c.find(name); own != nil {
		return own, false
	}
	if !c.grammar.Negate || !strings.HasPrefix(name, "--") {
		return nil, false
	}
	undone := c.find(undoneName(name))
	return undone, undone != nil
}

// undoneName is the long name that takes another one back.
func undoneName(long string) string {
	if rest, is := strings.CutPrefix(long, "--no-"); is {
		return "--" + rest
	}
	return "--no-" + long[2:]
}
