// Reads a clause as a compiled policy has it. Implements spec/policy.md sections 2.4 and 6. Twin of src/policy/read-clause.ts, which reads what people
// write; here every key is a list or a flag already.

package policy

import "cavra.dev/runtime/base"

var (
	placeWords      = []string{"here", "elsewhere"}
	extentWords     = []string{"exact", "tree", "contents", "pattern", "unknown"}
	directionWords  = []string{"receive", "send"}
	dataWords       = []string{"none", "literal", "derived", "unknown"}
	forceWords      = []string{"none", "lease", "force"}
	capabilityWords = []string{"read", "write", "execute", "network", "unknown"}
)

func (r *shapeReader) clause(value *base.JSONValue, at *base.Place) (clause Clause) {
	r.object(value, at, 1, func(key string, value *base.JSONValue, at *base.Place) bool {
		if words, of := clause.words(key); of != nil {
			*of = base.ListIn(r.ShapeReader, value, at, 1, func(value *base.JSONValue, at *base.Place) string { return r.Word(value, at, words...) })
			return true
		}
		if texts := clause.globs(key); texts != nil {
			*texts = base.ListIn(r.ShapeReader, value, at, 1, r.Filled)
			return true
		}
		if flag := clause.flag(key); flag != nil {
			*flag = r.flag(value, at)
			return true
		}
		return false
	})
	if clause.Effect == nil {
		r.Refuse(at, "lacks `effect`")
	}
	return clause
}

// words is where the words of a key stand, and which may.
func (c *Clause) words(key string) ([]string, *[]string) {
	switch key {
	case "effect":
		return EffectKinds, &c.Effect
	case "place":
		return placeWords, &c.Place
	case "extent":
		return extentWords, &c.Extent
	case "direction":
		return directionWords, &c.Direction
	case "data":
		return dataWords, &c.Data
	case "force":
		return forceWords, &c.Force
	case "capability":
		return capabilityWords, &c.Capability
	}
	return nil, nil
}

// globs is where the globs of a key stand, or the meanings of `options`.
func (c *Clause) globs(key string) *[]string {
	switch key {
	case "via":
		return &c.Via
	case "agent":
		return &c.Agent
	case "user":
		return &c.User
	case "path":
		return &c.Path
	case "covers":
		return &c.Covers
	case "program":
		return &c.Program
	case "subcommand":
		return &c.Subcommand
	case "options":
		return &c.Options
	case "host":
		return &c.Host
	case "operation":
		return &c.Operation
	case "ref":
		return &c.Ref
	case "remote":
		return &c.Remote
	case "system":
		return &c.System
	case "target":
		return &c.Target
	case "server":
		return &c.Server
	case "tool":
		return &c.Tool
	case "reason":
		return &c.Reason
	case "detail":
		return &c.Detail
	}
	return nil
}

func (c *Clause) flag(key string) **bool {
	switch key {
	case "unknown":
		return &c.Unknown
	case "inside_workspace":
		return &c.InsideWorkspace
	case "in_temp":
		return &c.InTemp
	case "known":
		return &c.Known
	case "harmless":
		return &c.Harmless
	}
	return nil
}
