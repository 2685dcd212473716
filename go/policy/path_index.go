// The index of path globs: one map for exact paths, a tree of names for sets. Implements spec/policy.md section 5.6. Twin of src/policy/path-index.ts.
// INVARIANT: whatever globMeets or globHolds would accept is offered. Too many offers cost time; one too few would let an action pass.
// Maps are walked over only where the order in which entries are found cannot show.

package policy

import (
	"slices"
	"strings"
	"unicode/utf8"

	"cavra.dev/runtime/base"
)

type pathIndex struct {
	// For exact paths: by the longest name of a glob, else by the extension of its last component, else exactOthers.
	exactNames      map[string][]*entry
	exactExtensions map[string][]*entry
	exactOthers     []*entry
	// For sets: the fixed beginnings of globs, by anchor.
	beginnings map[base.Anchor]*pathNode
	// For sets: what globs name after their first `**`; and those names by their extension and by their first character.
	floating    map[string][]*entry
	byExtension map[string][]string
	byHead      map[string][]string
	extensions  map[string][]*entry
	// wild: floating wildcards without an extension: few, and offered to every set.
	wild []*entry
}

type pathNode struct {
	children map[string]*pathNode
	// ends: globs that end here.
	ends []*entry
	// open: globs that go on from here with a wildcard, or with `**` and no name after it.
	open []*entry
	// floats: globs that go on with `**` and a name: a set that goes on with names of its own meets them through floating only.
	floats []*entry
}

func emptyPathIndex() *pathIndex {
	return &pathIndex{
		exactNames:      map[string][]*entry{},
		exactExtensions: map[string][]*entry{},
		beginnings:      map[base.Anchor]*pathNode{base.AnchorRoot: {}, base.AnchorHome: {}, base.AnchorWorkspace: {}},
		floating:        map[string][]*entry{},
		byExtension:     map[string][]string{},
		byHead:          map[string][]string{},
		extensions:      map[string][]*entry{},
	}
}

func addPath(index *pathIndex, glob *base.Glob, one *entry) {
	for i := range glob.Alternatives {
		alternative := &glob.Alternatives[i]
		addExact(index, alternative, one)
		names := floatingNames(alternative)
		addBeginning(index.beginnings[alternative.Anchor], alternative, len(names) > 0, one)
		for _, name := range names {
			addFloating(index, name, one)
		}
	}
}

func takePaths(index *pathIndex, set *fileSet, world *base.World, found *entrySet) {
	if set.names != nil {
		takeExact(index, set.names.Folded, found)
		return
	}
	found.addAll(index.wild)
	enter(index.beginnings[base.AnchorRoot], nil, set.named, found)
	for _, start := range world.Folded.Home {
		enter(index.beginnings[base.AnchorHome], start, set.named, found)
	}
	for _, start := range world.Folded.Workspace {
		enter(index.beginnings[base.AnchorWorkspace], start, set.named, found)
	}
	for i := range set.named {
		takeFloating(index, &set.named[i], found)
	}
}

// --- exact paths: they have every name of a glob that matches, so any one of its names is a key ---

func addExact(index *pathIndex, alternative *base.Alternative, one *entry) {
	longest, extension := "", ""
	for i := range alternative.Components {
		component := &alternative.Components[i]
		if component.Kind == base.ComponentName && len(component.Text) >= len(longest) {
			longest = component.Text
		}
		extension = literalExtension(component)
	}
	switch {
	case longest != "":
		add(index.exactNames, longest, one)
	case extension != "":
		add(index.exactExtensions, extension, one)
	default:
		index.exactOthers = append(index.exactOthers, one)
	}
}

func takeExact(index *pathIndex, path []string, found *entrySet) {
	found.addAll(index.exactOthers)
	last := ""
	for _, name := range path {
		found.addAll(index.exactNames[name])
		last = name
	}
	found.addAll(index.exactExtensions[extensionOf(last)])
}

// --- sets, from above or from below: the tree of fixed beginnings ---

func addBeginning(start *pathNode, alternative *base.Alternative, hasFloating bool, one *entry) {
	node := start
	for i := range alternative.Components {
		component := &alternative.Components[i]
		if component.Kind != base.ComponentName {
			if component.Kind == base.ComponentDeep && hasFloating {
				node.floats = append(node.floats, one)
			} else {
				node.open = append(node.open, one)
			}
			return
		}
		child := node.children[component.Text]
		if child == nil {
			child = &pathNode{}
			if node.children == nil {
				node.children = map[string]*pathNode{}
			}
			node.children[component.Text] = child
		}
		node = child
	}
	node.ends = append(node.ends, one)
}

func enter(start *pathNode, fixed, named []base.Component, found *entrySet) {
	for i := range fixed {
		if i >= len(named) || named[i].Kind == base.ComponentDeep {
			takeBelow(start, found)
			return
		}
		if base.ComponentsMeet(&fixed[i], &named[i], true) == base.MetNo {
			return
		}
	}
	descend(start, named, len(fixed), found)
}

func descend(node *pathNode, named []base.Component, at int, found *entrySet) {
	found.addAll(node.open)
	// A set may end above its own beginning's end: then nothing of it is left.
	rest := named[min(at, len(named)):]
	if !slices.ContainsFunc(rest, func(component base.Component) bool { return base.IsName(&component) }) {
		found.addAll(node.floats)
	}
	if len(rest) == 0 || rest[0].Kind == base.ComponentDeep {
		takeBelow(node, found)
		return
	}
	component := &rest[0]
	if component.Kind == base.ComponentName {
		if child := node.children[base.FoldASCII(component.Text)]; child != nil {
			descend(child, named, at+1, found)
		}
		return
	}
	extension := literalExtension(component)
	for name, child := range node.children {
		if strings.HasSuffix(name, extension) && meetsName(name, component) {
			descend(child, named, at+1, found)
		}
	}
}

func takeBelow(node *pathNode, found *entrySet) {
	for work := []*pathNode{node}; len(work) > 0; {
		next := work[len(work)-1]
		work = work[:len(work)-1]
		found.addAll(next.ends)
		found.addAll(next.open)
		found.addAll(next.floats)
		for _, child := range next.children {
			work = append(work, child)
		}
	}
}

// --- sets, through a name that floats ---

func floatingNames(alternative *base.Alternative) []*base.Component {
	var names []*base.Component
	floats := false
	for i := range alternative.Components {
		component := &alternative.Components[i]
		floats = floats || component.Kind == base.ComponentDeep
		if floats && base.IsName(component) {
			names = append(names, component)
		}
	}
	return names
}

func addFloating(index *pathIndex, name *base.Component, one *entry) {
	extension := literalExtension(name)
	switch {
	case name.Kind == base.ComponentName:
		if _, known := index.floating[name.Text]; !known {
			index.byExtension[extension] = append(index.byExtension[extension], name.Text)
			head := headOf(name.Text)
			index.byHead[head] = append(index.byHead[head], name.Text)
		}
		add(index.floating, name.Text, one)
	case extension != "":
		add(index.extensions, extension, one)
	default:
		index.wild = append(index.wild, one)
	}
}

func takeFloating(index *pathIndex, component *base.Component, found *entrySet) {
	if component.Kind == base.ComponentName {
		name := base.FoldASCII(component.Text)
		found.addAll(index.floating[name])
		found.addAll(index.extensions[extensionOf(name)])
		return
	}
	if component.Kind != base.ComponentWild || !base.IsName(component) {
		return
	}
	extension := literalExtension(component)
	if extension != "" {
		found.addAll(index.extensions[extension])
	} else {
		for _, entries := range index.extensions {
			found.addAll(entries)
		}
	}
	take := func(name string) {
		if meetsName(name, component) {
			found.addAll(index.floating[name])
		}
	}
	first := &component.Tokens[0]
	switch {
	case extension != "":
		for _, name := range index.byExtension[extension] {
			take(name)
		}
	case first.Kind == base.TokenChar:
		for _, name := range index.byHead[base.FoldASCII(string(first.Code))] {
			take(name)
		}
	default:
		for name := range index.floating {
			take(name)
		}
	}
}

// --- names ---

func meetsName(name string, component *base.Component) bool {
	return base.ComponentsMeet(&base.Component{Kind: base.ComponentName, Text: name}, component, true) != base.MetNo
}

func headOf(name string) string {
	_, size := utf8.DecodeRuneInString(name)
	return name[:size]
}

// extensionOf is from the last dot on; "" without one.
func extensionOf(name string) string {
	dot := strings.LastIndexByte(name, '.')
	if dot < 0 {
		return ""
	}
	return name[dot:]
}

// literalExtension is the extension that every name has which matches the component, in lower case; "" when there is none.
func literalExtension(component *base.Component) string {
	switch component.Kind {
	case base.ComponentDeep:
		return ""
	case base.ComponentName:
		return extensionOf(component.Text)
	}
	tail := ""
	for i := len(component.Tokens) - 1; i >= 0 && component.Tokens[i].Kind == base.TokenChar; i-- {
		tail = string(component.Tokens[i].Code) + tail
		if component.Tokens[i].Code == '.' {
			return base.FoldASCII(tail)
		}
	}
	return ""
}

func add(entries map[string][]*entry, key string, one *entry) {
	entries[key] = append(entries[key], one)
}
