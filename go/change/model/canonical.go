// Effects and changes as canonical JSON, written straight to bytes. Implements spec/change.md section 3 in the form of spec/record.md section 1.
// No twin: in TypeScript an effect is its own JSON value. INVARIANT: the keys of a kind are those of src/change/model.ts, in their order.

package model

import (
	"strconv"

	"cavra.dev/runtime/base"
)

// AppendChange writes `{"effects":[…]}`. The code is "", or that of spec/record.md section 1 that refuses a text.
func AppendChange(dst []byte, change *Change) ([]byte, string) {
	dst = append(dst, `{"effects":`...)
	dst, code := AppendEffects(dst, change.Effects)
	return append(dst, '}'), code
}

// AppendEffects writes a list of effects.
func AppendEffects(dst []byte, effects []Effect) ([]byte, string) {
	w := &effectWriter{dst: append(dst, '[')}
	for i := range effects {
		if i > 0 {
			w.dst = append(w.dst, ',')
		}
		w.effect(&effects[i])
	}
	return append(w.dst, ']'), w.code
}

// AppendEffect writes one effect.
func AppendEffect(dst []byte, effect *Effect) ([]byte, string) {
	w := &effectWriter{dst: dst}
	w.effect(effect)
	return w.dst, w.code
}

type effectWriter struct {
	dst  []byte
	code string
}

func (w *effectWriter) effect(effect *Effect) {
	w.dst = append(w.dst, '{')
	switch effect.Kind {
	case "exec":
		w.flag("harmless", effect.Harmless)
		w.text("kind", effect.Kind)
		w.flag("known", effect.Known)
		w.list("options", effect.Options)
		w.text("path", effect.Path)
		w.text("place", effect.Place)
		w.text("program", effect.Program)
		w.span(effect.Span)
		w.text("subcommand", effect.Subcommand)
	case "git":
		w.text("force", effect.Force)
		w.text("kind", effect.Kind)
		w.text("operation", effect.Operation)
		w.text("place", effect.Place)
		w.text("ref", effect.Ref)
		w.text("remote", effect.Remote)
		w.span(effect.Span)
	case "network":
		w.text("data", effect.Data)
		w.text("direction", effect.Direction)
		w.text("host", effect.Host)
		w.text("kind", effect.Kind)
		w.text("place", effect.Place)
		w.span(effect.Span)
		w.text("url", effect.URL)
	case "operate":
		w.text("kind", effect.Kind)
		w.text("operation", effect.Operation)
		w.text("place", effect.Place)
		w.span(effect.Span)
		w.text("system", effect.System)
		w.text("target", effect.Target)
	case "call":
		w.text("capability", effect.Capability)
		w.text("kind", effect.Kind)
		w.text("place", effect.Place)
		w.text("server", effect.Server)
		w.span(effect.Span)
		w.text("tool", effect.Tool)
	case "opaque":
		w.text("detail", effect.Detail)
		w.text("kind", effect.Kind)
		w.text("place", effect.Place)
		w.text("reason", effect.Reason)
		w.span(effect.Span)
	default: // a file
		w.text("extent", effect.Extent)
		w.text("kind", effect.Kind)
		w.text("place", effect.Place)
		w.span(effect.Span)
		w.text("target", effect.Target)
	}
	w.list("via", effect.Via)
	w.dst = append(w.dst, '}')
}

func (w *effectWriter) key(key string) {
	if w.dst[len(w.dst)-1] != '{' {
		w.dst = append(w.dst, ',')
	}
	w.dst = append(w.dst, '"')
	w.dst = append(w.dst, key...)
	w.dst = append(w.dst, '"', ':')
}

func (w *effectWriter) flag(key string, value bool) {
	w.key(key)
	w.dst = strconv.AppendBool(w.dst, value)
}

func (w *effectWriter) text(key, value string) {
	w.key(key)
	w.quote(value)
}

func (w *effectWriter) quote(value string) {
	dst, code := base.AppendString(w.dst, value)
	if code != "" && w.code == "" {
		w.code = code
	}
	w.dst = dst
}

func (w *effectWriter) list(key string, values []string) {
	w.key(key)
	w.dst = append(w.dst, '[')
	for i, value := range values {
		if i > 0 {
			w.dst = append(w.dst, ',')
		}
		w.quote(value)
	}
	w.dst = append(w.dst, ']')
}

func (w *effectWriter) span(span base.Span) {
	w.dst = append(w.dst, `,"span":{"end":`...)
	w.dst = strconv.AppendInt(w.dst, int64(span.End), 10)
	w.dst = append(w.dst, `,"start":`...)
	w.dst = strconv.AppendInt(w.dst, int64(span.Start), 10)
	w.dst = append(w.dst, '}')
}
