// Does one clause of a rule hold for one effect? Implements spec/policy.md sections 4.1 to 4.6. Twin of src/policy/clause.ts.
// A stance decides in which direction doubt falls: what protects takes the wide reading, what loosens the narrow one.

package policy

import (
	"slices"
	"strings"
	"sync"

	"cavra.dev/runtime/base"
	"cavra.dev/runtime/change/model"
)

// A stance says how a clause is read.
type stance byte

const (
	// protects: a set need only meet, letters match in either case.
	protects stance = iota
	// loosens: the whole set must be inside, letters match exactly.
	loosens
	// guards: as protects, and an unknown value meets every glob; it is the stance of an exception to a loosening rule.
	guards
)

// A stand is who acts and where, worked out once for all effects of a change; folders by their names.
type stand struct {
	subject    *Subject
	world      *base.World
	workspaces [][]string
	temporary  [][]string
}

// A sight is an effect with what is worked out once for all clauses.
type sight struct {
	effect      *model.Effect
	set         *fileSet
	unknown     bool
	inWorkspace within
	inTemp      within
	stand       *stand
}

// A lazyGlob is a text with its globs, compiled when they are first needed: most rules are never looked at in a process that judges one action.
type lazyGlob struct {
	text   string
	path   bool
	folded onceGlob
	exact  onceGlob
}

type onceGlob struct {
	once sync.Once
	glob *base.Glob
}

// A preparedClause is a clause in one shape whatever it asks for: nearly all that is asked of it is whether it asks.
type preparedClause struct {
	clause *Clause
	// asksPlain: it asks for words of a fixed list, booleans, or options of the effect itself.
	asksPlain bool
	// asksPath: it asks where a file lies.
	asksPath bool
	path     []*lazyGlob
	covers   []*lazyGlob
	texts    []textAsk
}

type textAsk struct {
	key   textKey
	globs []*lazyGlob
}

const defaultBranch = "${branch.default}"

func standOf(subject *Subject, world *base.World) *stand {
	return &stand{
		subject:    subject,
		world:      world,
		workspaces: namesOf([]string{subject.WorkspaceRoot}),
		temporary:  namesOf(subject.TempRoots),
	}
}

func namesOf(folders []string) [][]string {
	names := make([][]string, 0, len(folders))
	for _, folder := range folders {
		if folder != "" {
			names = append(names, base.NamesOf(folder).Exact)
		}
	}
	return names
}

func sightOf(effect *model.Effect, stand *stand) *sight {
	seen := &sight{effect: effect, unknown: isUnknown(effect), stand: stand}
	if isFile(effect.Kind) {
		seen.set = fileSetOf(effect)
	}
	if seen.set != nil {
		seen.inWorkspace = withinFolders(seen.set, stand.workspaces)
		seen.inTemp = inTemp(seen.set, seen.inWorkspace, stand)
	}
	return seen
}

// Scratch is what lies below a temporary folder and not in the workspace: a repository that was cloned into `/tmp` is no scratch.
func inTemp(set *fileSet, inWorkspace within, stand *stand) within {
	if inWorkspace == wholly {
		return not
	}
	found := withinFolders(set, stand.temporary)
	if found == wholly && inWorkspace == partly {
		return partly
	}
	return found
}

func isFile(kind model.EffectKind) bool {
	return kind == "read" || kind == "write" || kind == "delete"
}

// isUnknown is what `unknown: true` and `defaults.<kind>.unknown` ask for, kind by kind.
func isUnknown(effect *model.Effect) bool {
	switch effect.Kind {
	case "read", "write", "delete":
		return effect.Extent == model.Unknown || !strings.HasPrefix(effect.Target, "/")
	case "exec":
		return !effect.Known
	case "git":
		return effect.Operation == model.Unknown || effect.Ref == model.Unknown
	case "network":
		return effect.Host == model.Unknown
	case "operate":
		return effect.Target == model.Unknown
	case "call":
		return effect.Server == model.Unknown || effect.Tool == model.Unknown || effect.Capability == model.Unknown
	}
	return false
}

func prepareClause(clause *Clause) *preparedClause {
	prepared := &preparedClause{
		clause: clause,
		asksPlain: clause.Extent != nil || clause.Known != nil || clause.Harmless != nil || clause.Options != nil ||
			clause.Direction != nil || clause.Data != nil || clause.Force != nil || clause.Capability != nil,
		asksPath: clause.Path != nil || clause.Covers != nil || clause.InsideWorkspace != nil || clause.InTemp != nil,
		path:     lazyGlobs(clause.Path, true),
		covers:   lazyGlobs(clause.Covers, true),
	}
	for key := range textKeys {
		if globs := textKey(key).globs(clause); globs != nil {
			prepared.texts = append(prepared.texts, textAsk{textKey(key), lazyGlobs(globs, false)})
		}
	}
	return prepared
}

func lazyGlobs(texts []string, path bool) []*lazyGlob {
	globs := make([]*lazyGlob, len(texts))
	for i, text := range texts {
		globs[i] = &lazyGlob{text: text, path: path}
	}
	return globs
}

func clauseHolds(prepared *preparedClause, seen *sight, stance stance) bool {
	clause := prepared.clause
	if !slices.Contains(clause.Effect, seen.effect.Kind) {
		return false
	}
	if clause.Unknown != nil && *clause.Unknown != seen.unknown {
		return false
	}
	if clause.Place != nil && !slices.Contains(clause.Place, seen.effect.Place) {
		return false
	}
	if prepared.asksPlain && !plainHolds(clause, seen.effect) {
		return false
	}
	for i := range prepared.texts {
		if !prepared.texts[i].holds(seen, stance) {
			return false
		}
	}
	return !prepared.asksPath || fileHolds(prepared, seen, stance)
}

// plainHolds looks at the keys whose values are words of a fixed list, booleans, or options.
func plainHolds(clause *Clause, effect *model.Effect) bool {
	switch effect.Kind {
	case "read", "write", "delete":
		return oneOf(clause.Extent, effect.Extent)
	case "exec":
		return (clause.Known == nil || *clause.Known == effect.Known) &&
			(clause.Harmless == nil || *clause.Harmless == effect.Harmless) &&
			!slices.ContainsFunc(clause.Options, func(option string) bool { return !slices.Contains(effect.Options, option) })
	case "network":
		return oneOf(clause.Direction, effect.Direction) && oneOf(clause.Data, effect.Data)
	case "git":
		return oneOf(clause.Force, effect.Force)
	case "call":
		return oneOf(clause.Capability, effect.Capability)
	}
	return true
}

func oneOf(words []string, word string) bool {
	return words == nil || slices.Contains(words, word)
}

func (ask *textAsk) holds(seen *sight, stance stance) bool {
	if ask.key == keyVia {
		return slices.ContainsFunc(seen.effect.Via, func(carrier string) bool { return textHolds(carrier, ask.globs, stance, seen) })
	}
	text, has := ask.key.of(seen.effect, seen.stand.subject)
	return has && textHolds(text, ask.globs, stance, seen)
}

func textHolds(text string, globs []*lazyGlob, stance stance, seen *sight) bool {
	if text == model.Unknown {
		return stance == guards
	}
	for _, glob := range globs {
		if glob.text == defaultBranch {
			if isDefaultBranch(text, seen.stand.subject) {
				return true
			}
		} else if base.MatchTextGlob(glob.compiled(stance != loosens), text) {
			return true
		}
	}
	return false
}

func isDefaultBranch(ref string, subject *Subject) bool {
	return subject.DefaultBranch != "" && ref == subject.DefaultBranch
}

func fileHolds(prepared *preparedClause, seen *sight, stance stance) bool {
	clause, set, world := prepared.clause, seen.set, seen.stand.world
	if set == nil {
		return stance == guards
	}
	if clause.InsideWorkspace != nil && !withinHolds(seen.inWorkspace, *clause.InsideWorkspace, stance) {
		return false
	}
	if clause.InTemp != nil && !withinHolds(seen.inTemp, *clause.InTemp, stance) {
		return false
	}
	fold := stance != loosens
	covered := func(glob *lazyGlob) bool { return globCovered(glob.compiled(fold), set, world) }
	if clause.Covers != nil && !slices.ContainsFunc(prepared.covers, covered) {
		return false
	}
	if clause.Path == nil {
		return true
	}
	if stance == loosens {
		return slices.ContainsFunc(prepared.path, func(glob *lazyGlob) bool { return globHolds(glob.compiled(false), set, world) })
	}
	return slices.ContainsFunc(prepared.path, func(glob *lazyGlob) bool { return globMeets(glob.compiled(true), set, world) })
}

func withinHolds(found within, wanted bool, stance stance) bool {
	if found == partly {
		return stance != loosens
	}
	return (found == wholly) == wanted
}

var matchesNothing = &base.Glob{}

// compiled compiles at first use. A compiled policy was checked when it was made; one that was not and has a bad glob matches nothing here.
func (g *lazyGlob) compiled(fold bool) *base.Glob {
	slot := &g.exact
	if fold {
		slot = &g.folded
	}
	slot.once.Do(func() {
		glob, problem := compileEither(g.text, g.path, fold)
		if problem != nil {
			glob = matchesNothing
		}
		slot.glob = glob
	})
	return slot.glob
}

func compileEither(text string, path, fold bool) (*base.Glob, *base.Problem) {
	if path {
		return base.CompileGlob(text, fold)
	}
	return base.CompileTextGlob(text, fold)
}
