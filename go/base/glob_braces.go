// The braces of a glob, written out before it is read. Implements spec/policy.md section 3.2. Twin of src/base/glob-syntax.ts, its second half.

package base

import (
	"slices"
	"strconv"
)

// expandBraces gives all texts that `{a,b}` stand for, nested ones included, in source order.
func expandBraces(text string) ([]string, *Problem) {
	if text == "" {
		return nil, badGlob(text, "it is empty")
	}
	if len(text) > MaxGlobBytes {
		return nil, badGlob(string([]rune(text[:160])[:40]), "it is longer than "+strconv.Itoa(MaxGlobBytes)+" bytes")
	}
	state := &braces{chars: []rune(text)}
	all := state.sequence(0)
	if state.problem != "" {
		return nil, badGlob(text, state.problem)
	}
	return all, nil
}

type braces struct {
	chars   []rune
	at      int
	problem string
}

func (b *braces) sequence(depth int) []string {
	results := []string{""}
	for b.at < len(b.chars) && b.problem == "" {
		char := b.chars[b.at]
		if depth > 0 && (char == ',' || char == '}') {
			return results
		}
		switch {
		case char == '}':
			return b.fail("`}` closes no `{`; write `\\}`")
		case char == '{' && (b.at == 0 || b.chars[b.at-1] != '$'):
			results = b.product(results, b.group(depth))
		default:
			results = b.product(results, []string{b.nextPiece()})
		}
	}
	if depth > 0 {
		return b.fail("`{` is not closed; write `\\{` for the character")
	}
	return results
}

// An escape, a variable `${…}` and a bracket are pieces: braces and commas inside them are not looked at.
func (b *braces) nextPiece() string {
	start := b.at
	b.at++
	switch {
	case b.chars[start] == '\\' && b.at < len(b.chars):
		b.at++
	case b.chars[start] == '$' && b.at < len(b.chars) && b.chars[b.at] == '{':
		if length := slices.Index(b.chars[start:], '}'); length < 0 {
			b.fail("`${` is not closed")
		} else {
			b.at = start + length + 1
		}
	case b.chars[start] == '[':
		if _, end, wrong := readSet(b.chars, start, reading{}); wrong == "" {
			b.at = end + 1
		}
	}
	return string(b.chars[start:b.at])
}

func (b *braces) group(depth int) []string {
	if depth >= maxBraceDepth {
		return b.fail("braces are nested deeper than " + strconv.Itoa(maxBraceDepth))
	}
	var all []string
	for {
		b.at++
		all = append(all, b.sequence(depth+1)...)
		if b.problem != "" || b.at >= len(b.chars) || b.chars[b.at] != ',' {
			break
		}
	}
	b.at++
	return all
}

func (b *braces) product(left, right []string) []string {
	if len(left)*len(right) > MaxGlobAlternatives {
		return b.fail("its braces stand for more than " + strconv.Itoa(MaxGlobAlternatives) + " globs")
	}
	all := make([]string, 0, len(left)*len(right))
	for _, head := range left {
		for _, tail := range right {
			all = append(all, head+tail)
		}
	}
	return all
}

func (b *braces) fail(problem string) []string {
	if b.problem == "" {
		b.problem = problem
	}
	return nil
}
