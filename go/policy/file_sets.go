// The set of paths that a file effect stands for, and how rules look at it. Implements spec/policy.md section 4. Twin of src/policy/file-sets.ts.
// A tree is not its root: the temptation is to match the root alone, and `rm -rf ~/.config` would then miss what lies below it.

package policy

import (
	"slices"
	"strings"

	"cavra.dev/runtime/base"
	"cavra.dev/runtime/change/model"
)

// A fileSet has names for one exact path only, which needs nothing else. named are the components as written; may is all that the effect may touch,
// sure all that it names. sample is one of the paths in sure: a glob that does not match it does not hold the set, which is sooner seen than the whole
// question.
type fileSet struct {
	extent model.Extent
	names  *base.PathNames
	sample *base.PathNames
	named  []base.Component
	may    []base.Component
	sure   []base.Component
}

var (
	deep    = base.Component{Kind: base.ComponentDeep}
	anyName = base.Component{Kind: base.ComponentWild, Tokens: []base.Token{{Kind: base.TokenStar}}, Open: true}
)

// fileSetOf is nil when the target is unknown.
func fileSetOf(effect *model.Effect) *fileSet {
	extent, target := effect.Extent, effect.Target
	if extent == model.Unknown || !strings.HasPrefix(target, "/") {
		return nil
	}
	switch extent {
	case "exact":
		return &fileSet{extent: extent, names: base.NamesOf(target)}
	case "contents":
		named := base.LiteralComponents(target, false)
		below := append(slices.Clip(named), anyName)
		all := append(slices.Clip(below), deep)
		return &fileSet{extent: extent, sample: samplePath(below), named: named, may: all, sure: all}
	case "pattern":
		// What a pattern names may be folders, and the effect may reach below them.
		named := base.PatternComponents(target)
		return &fileSet{extent: extent, sample: samplePath(named), named: named, may: append(slices.Clip(named), deep), sure: named}
	}
	named := base.LiteralComponents(target, false)
	tree := append(slices.Clip(named), deep)
	return &fileSet{extent: extent, sample: samplePath(named), named: named, may: tree, sure: tree}
}

// samplePath is a path that the components match, of characters that no glob is likely to ask for; nil when none is easily found. `**` stands for no
// name here.
func samplePath(components []base.Component) *base.PathNames {
	sample := &base.PathNames{}
	for _, component := range components {
		if component.Kind == base.ComponentDeep {
			continue
		}
		name := component.Text
		if component.Kind == base.ComponentWild {
			var written strings.Builder
			for _, token := range component.Tokens {
				switch token.Kind {
				case base.TokenSet:
					return nil
				case base.TokenChar:
					written.WriteRune(token.Code)
				default:
					written.WriteByte(unlikely)
				}
			}
			name = written.String()
		}
		sample.Exact = append(sample.Exact, name)
		sample.Folded = append(sample.Folded, base.FoldASCII(name))
	}
	return sample
}

const unlikely = '\x01'

// globMeets: a protecting glob sees what the effect may touch.
func globMeets(glob *base.Glob, set *fileSet, world *base.World) bool {
	if set.names != nil {
		return base.MatchGlob(glob, set.names, world)
	}
	for _, path := range everyReading(glob, world) {
		if base.Meets(path, set.may, glob.Fold) {
			return true
		}
	}
	return false
}

// globHolds: a loosening glob must hold all that the effect names. Alternatives are tried one by one: two halves do not make a whole.
func globHolds(glob *base.Glob, set *fileSet, world *base.World) bool {
	if set.names != nil {
		return base.MatchGlob(glob, set.names, world)
	}
	if set.sample != nil && !base.MatchGlob(glob, set.sample, world) {
		return false
	}
	for _, path := range everyReading(glob, world) {
		if base.Includes(path, set.sure, glob.Fold) {
			return true
		}
	}
	return false
}

// globCovered is true when the effect takes all that lies below some folder that the glob matches: `rm -rf .`, `rm -rf ./*`, `rm -rf ..` for the
// workspace.
func globCovered(glob *base.Glob, set *fileSet, world *base.World) bool {
	if set.names != nil {
		return false
	}
	top := append(slices.Clip(withoutOpenEnd(set)), deep)
	for _, path := range everyReading(glob, world) {
		if base.Intersects(path, top, glob.Fold) {
			return true
		}
	}
	return false
}

// `/srv/app/*` names everything in `/srv/app`, so it takes what a tree there would take.
func withoutOpenEnd(set *fileSet) []base.Component {
	if set.extent != "pattern" {
		return set.named
	}
	end := len(set.named)
	for end > 0 {
		last := &set.named[end-1]
		if last.Kind == base.ComponentName || last.Kind == base.ComponentWild && !last.Open {
			break
		}
		end--
	}
	return set.named[:end]
}

func everyReading(glob *base.Glob, world *base.World) [][]base.Component {
	if known, has := world.Readings[glob]; has {
		return known
	}
	var readings [][]base.Component
	for i := range glob.Alternatives {
		alternative := &glob.Alternatives[i]
		for _, start := range base.BasesOf(alternative.Anchor, glob.Fold, world) {
			readings = append(readings, slices.Concat(start, alternative.Components))
		}
	}
	world.Readings[glob] = readings
	return readings
}

// within says how much of a set lies in a folder.
type within byte

const (
	not within = iota
	partly
	wholly
)

// withinFolders says how much of the set lies strictly below one of the folders, given by their names; the folders themselves do not count.
func withinFolders(set *fileSet, roots [][]string) within {
	best := not
	for _, root := range roots {
		one := not
		if set.names == nil {
			one = withinRoot(set, root)
		} else if isBelow(set.names.Exact, root) {
			one = wholly
		}
		best = max(best, one)
	}
	return best
}

func isBelow(names, root []string) bool {
	return len(names) > len(root) && slices.Equal(names[:len(root)], root)
}

func withinRoot(set *fileSet, root []string) within {
	literal := true
	for i, name := range root {
		if i >= len(set.named) {
			return partly
		}
		switch component := &set.named[i]; component.Kind {
		case base.ComponentDeep:
			return partly
		case base.ComponentWild:
			literal = false
		default:
			if component.Text != name {
				return not
			}
		}
	}
	if literal && (len(set.named) > len(root) || set.extent == "contents") {
		return wholly
	}
	return partly
}
