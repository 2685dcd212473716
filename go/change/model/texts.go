// Every text of an effect, for who must look at or change all of them. Implements spec/redaction.md section 1.1 for effects. No twin: in TypeScript an
// effect is its own JSON value. INVARIANT: these are the texts that canonical.go writes, in its order.

package model

// EachText gives the key of each text, its place in the list or -1, and the text itself, which may be changed.
func EachText(effect *Effect, visit func(key string, item int, text *string)) {
	one := func(key string, text *string) { visit(key, -1, text) }
	many := func(key string, texts []string) {
		for i := range texts {
			visit(key, i, &texts[i])
		}
	}
	switch effect.Kind {
	case "exec":
		one("kind", &effect.Kind)
		many("options", effect.Options)
		one("path", &effect.Path)
		one("place", &effect.Place)
		one("program", &effect.Program)
		one("subcommand", &effect.Subcommand)
	case "git":
		one("force", &effect.Force)
		one("kind", &effect.Kind)
		one("operation", &effect.Operation)
		one("place", &effect.Place)
		one("ref", &effect.Ref)
		one("remote", &effect.Remote)
	case "network":
		one("data", &effect.Data)
		one("direction", &effect.Direction)
		one("host", &effect.Host)
		one("kind", &effect.Kind)
		one("place", &effect.Place)
		one("url", &effect.URL)
	case "operate":
		one("kind", &effect.Kind)
		one("operation", &effect.Operation)
		one("place", &effect.Place)
		one("system", &effect.System)
		one("target", &effect.Target)
	case "call":
		one("capability", &effect.Capability)
		one("kind", &effect.Kind)
		one("place", &effect.Place)
		one("server", &effect.Server)
		one("tool", &effect.Tool)
	case "opaque":
		one("detail", &effect.Detail)
		one("kind", &effect.Kind)
		one("place", &effect.Place)
		one("reason", &effect.Reason)
	default: // a file
		one("extent", &effect.Extent)
		one("kind", &effect.Kind)
		one("place", &effect.Place)
		one("target", &effect.Target)
	}
	many("via", effect.Via)
}
