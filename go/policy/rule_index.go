// Finds the few clauses that could hold for an effect, so that cost follows the effects and not the number of rules.
// Implements spec/policy.md section 5.6, where only the result is law: an index may offer too many clauses, never too few.
// Twin of src/policy/rule-index.ts.

package policy

import (
	"slices"
	"strings"

	"cavra.dev/runtime/base"
	"cavra.dev/runtime/change/model"
)

// A ruleIndex holds the clauses that name one effect kind. anyway are those that no key can be found for.
type ruleIndex struct {
	entries int
	anyway  []*entry
	// keyed: by the first of indexKeys that a clause gives in plain letters, and those letters.
	keyed map[indexKey]map[string][]*entry
	// covering: clauses that only trees and patterns can meet.
	covering []*entry
	paths    *pathIndex
}

func emptyIndex() *ruleIndex {
	return &ruleIndex{keyed: map[indexKey]map[string][]*entry{}, paths: emptyPathIndex()}
}

func addToIndex(index *ruleIndex, isFileKind bool, one *entry) {
	prepared := one.clause
	switch {
	case isFileKind && len(prepared.path) > 0:
		for _, glob := range prepared.path {
			addPath(index.paths, glob.compiled(true), one)
		}
	case isFileKind && len(prepared.covers) > 0:
		index.covering = append(index.covering, one)
	case isFileKind || !addKeyed(index, one):
		index.anyway = append(index.anyway, one)
	}
}

// candidates may name one twice where the effect is no file's.
func candidates(index *ruleIndex, seen *sight) []*entry {
	effect, set := seen.effect, seen.set
	if !isFile(effect.Kind) {
		return keyedEntries(index, effect)
	}
	if set == nil || index.entries == len(index.anyway) {
		return index.anyway
	}
	found := newEntrySet(index.entries)
	found.addAll(index.anyway)
	if set.names == nil {
		found.addAll(index.covering)
	}
	takePaths(index.paths, set, seen.stand.world, found)
	return found.list
}

// An entrySet is entries of one index, each once.
type entrySet struct {
	list   []*entry
	marked marks
}

func newEntrySet(entries int) *entrySet {
	return &entrySet{marked: newMarks(entries)}
}

func (s *entrySet) addAll(entries []*entry) {
	for _, one := range entries {
		if !s.marked.has(one.number) {
			s.marked.set(one.number)
			s.list = append(s.list, one)
		}
	}
}

// marks are numbers from 0 on, a bit each; nil has none.
type marks []uint64

func newMarks(numbers int) marks {
	return make(marks, (numbers+63)/64)
}

func (m marks) has(number int) bool {
	return m != nil && m[number/64]&(1<<(number%64)) != 0
}

func (m marks) set(number int) {
	m[number/64] |= 1 << (number % 64)
}

// An indexKey is a text key that clauses are found by.
type indexKey = textKey

// hostsBelow is the key of `*.example.org`, found by `example.org`.
const hostsBelow indexKey = textKeys

var indexKeys = []indexKey{keyProgram, keyTool, keyTarget, keyHost, keyRef, keyServer, keySystem, keyOperation, keyReason, keyDetail}

// addKeyed is false when no key of the clause is given in plain letters throughout.
func addKeyed(index *ruleIndex, one *entry) bool {
	for _, name := range indexKeys {
		texts := name.globs(one.clause.clause)
		if texts == nil || slices.ContainsFunc(texts, func(text string) bool { return !isPlain(text, name) }) {
			continue
		}
		for _, text := range texts {
			key := name
			if below, is := strings.CutPrefix(text, "*."); is && name == keyHost {
				key, text = hostsBelow, below
			}
			index.addUnder(key, base.FoldASCII(text), one)
		}
		return true
	}
	return false
}

func (index *ruleIndex) addUnder(key indexKey, text string, one *entry) {
	texts := index.keyed[key]
	if texts == nil {
		texts = map[string][]*entry{}
		index.keyed[key] = texts
	}
	if entries := texts[text]; len(entries) == 0 || entries[len(entries)-1] != one {
		texts[text] = append(entries, one)
	}
}

func isPlain(text string, name indexKey) bool {
	if text == defaultBranch {
		return false
	}
	if name == keyHost {
		text = strings.TrimPrefix(text, "*.")
	}
	return !strings.ContainsAny(text, `*?[\{}`)
}

func keyedEntries(index *ruleIndex, effect *model.Effect) []*entry {
	if len(index.keyed) == 0 {
		return index.anyway
	}
	switch effect.Kind {
	case "exec":
		return joined(index.anyway, index.under(keyProgram, effect.Program))
	case "git":
		return joined(index.anyway, index.under(keyRef, effect.Ref), index.under(keyOperation, effect.Operation))
	case "network":
		found := joined(index.anyway, index.under(keyHost, effect.Host))
		for dot := strings.IndexByte(effect.Host, '.'); dot >= 0; {
			found = joined(found, index.under(hostsBelow, effect.Host[dot+1:]))
			next := strings.IndexByte(effect.Host[dot+1:], '.')
			if next < 0 {
				break
			}
			dot += 1 + next
		}
		return found
	case "operate":
		return joined(index.anyway, index.under(keyTarget, effect.Target), index.under(keySystem, effect.System),
			index.under(keyOperation, effect.Operation))
	case "call":
		return joined(index.anyway, index.under(keyTool, effect.Tool), index.under(keyServer, effect.Server))
	}
	return joined(index.anyway, index.under(keyReason, effect.Reason), index.under(keyDetail, effect.Detail))
}

func (index *ruleIndex) under(name indexKey, text string) []*entry {
	texts := index.keyed[name]
	if texts == nil {
		return nil
	}
	return texts[base.FoldASCII(text)]
}

// joined makes a list of its own only where two lists have something in them.
func joined(lists ...[]*entry) []*entry {
	var found []*entry
	own := false
	for _, list := range lists {
		switch {
		case len(list) == 0:
		case len(found) == 0:
			found = list
		case own:
			found = append(found, list...)
		default:
			found, own = slices.Concat(found, list), true
		}
	}
	return found
}
