// Where effects gather: in the order in which the walk meets them, each once, no more than the limit. Implements spec/change.md sections
// 1.3 and 10. Twin of src/change/walk/sink.ts. What was seen before a limit stays; the limit itself becomes an opaque effect, so that it is
// never silence.

package walk

import (
	"strconv"

	"cavra.dev/runtime/base"
	"cavra.dev/runtime/change/model"
)

// emit adds an effect, unless an equal one (but for the span) is there. Span, Via and Place are the frame's.
func emit(frame *Frame, span base.Span, effect model.Effect) {
	sink := &frame.walk.sink
	if len(sink.effects) >= model.LimitEffects {
		reachLimit(frame, span, "effects")
		return
	}
	effect.Span, effect.Via, effect.Place = frame.spanOr(span), frame.via, frame.place
	key := string(appendKey(make([]byte, 0, 128), &effect))
	if sink.seen[key] {
		return
	}
	sink.seen[key] = true
	sink.effects = append(sink.effects, effect)
}

// appendKey writes everything but the span. Each text stands behind its length, so that no text can imitate the border of two. A field that
// is not of the effect's kind is empty in all effects of that kind.
func appendKey(key []byte, effect *model.Effect) []byte {
	for _, text := range []string{
		effect.Kind, effect.Place, effect.Extent, effect.Target, effect.Program, effect.Path, effect.Subcommand, effect.Operation,
		effect.Ref, effect.Remote, effect.Force, effect.Host, effect.URL, effect.Direction, effect.Data, effect.System, effect.Server,
		effect.Tool, effect.Capability, effect.Reason, effect.Detail,
	} {
		key = appendSized(key, text)
	}
	key = strconv.AppendBool(key, effect.Known)
	key = strconv.AppendBool(key, effect.Harmless)
	return appendListed(appendListed(key, effect.Via), effect.Options)
}

func appendSized(key []byte, text string) []byte {
	key = strconv.AppendInt(key, int64(len(text)), 10)
	return append(append(key, ':'), text...)
}

func appendListed(key []byte, texts []string) []byte {
	key = append(strconv.AppendInt(key, int64(len(texts)), 10), ';')
	for _, text := range texts {
		key = appendSized(key, text)
	}
	return key
}

func emitOpaque(frame *Frame, span base.Span, reason, detail string) {
	emit(frame, span, model.Effect{Kind: "opaque", Reason: reason, Detail: detail})
}

// reachLimit reports once that the rest of the action was not looked at.
func reachLimit(frame *Frame, span base.Span, detail string) {
	sink := &frame.walk.sink
	if sink.limited {
		return
	}
	sink.limited = true
	sink.effects = append(sink.effects, model.Effect{
		Kind: "opaque", Reason: "limit_exceeded", Detail: detail, Span: frame.spanOr(span), Via: frame.via, Place: frame.place,
	})
}
