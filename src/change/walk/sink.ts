// Where effects gather: in the order in which the walk meets them, each once, no more than the limit. Implements spec/change.md sections 1.3 and 10.
// Twin of go/change/walk/sink.go.
// What was seen before a limit stays; the limit itself becomes an opaque effect, so that it is never silence.

import type { Span } from "../../base/span.js";
import type { Effect } from "../model.js";
import { LIMITS } from "../words/index.js";
import type { Frame, Sink } from "./frame.js";

type Bare<E> = E extends Effect ? Omit<E, "span" | "via" | "place"> : never;
/** An effect without what the frame adds. */
export type EffectBody = Bare<Effect>;

export function newSink(): Sink {
  return { effects: [], seen: new Set(), limited: false };
}

/** Adds an effect, unless an equal one (but for the span) is there. */
export function emit(frame: Frame, span: Span, body: EffectBody): void {
  const { sink } = frame.walk;
  if (sink.effects.length >= LIMITS.effects) {
    reachLimit(frame, span, "effects");
    return;
  }
  // Measured: four times as fast as a spread with more fields behind it, and this is the one object that every effect costs.
  const effect = Object.assign({}, body, { span: frame.carrier ?? span, via: frame.via, place: frame.place }) as Effect;
  const key = keyOf(effect);
  if (sink.seen.has(key)) return;
  sink.seen.add(key);
  sink.effects.push(effect);
}

/** Everything but the span. Each text stands behind its length, so that no text can imitate the border of two. */
function keyOf(effect: Effect): string {
  const carried = `${effect.place} ${listed(effect.via)}${effect.kind}`;
  switch (effect.kind) {
    case "read":
    case "write":
    case "delete":
      return carried + effect.extent + sized(effect.target);
    case "exec": {
      const known = `${effect.known} ${effect.harmless} `;
      return carried + known + sized(effect.program) + sized(effect.path) + sized(effect.subcommand) + listed(effect.options);
    }
    case "git":
      return carried + effect.force + sized(effect.operation) + sized(effect.ref) + sized(effect.remote);
    case "network":
      return carried + effect.direction + effect.data + sized(effect.host) + sized(effect.url);
    case "operate":
      return carried + sized(effect.system) + sized(effect.operation) + sized(effect.target);
    case "call":
      return carried + sized(effect.server) + sized(effect.tool) + sized(effect.capability);
    case "opaque":
      return carried + sized(effect.reason) + sized(effect.detail);
  }
}

function sized(text: string): string {
  return `${text.length}:${text}`;
}

function listed(texts: readonly string[]): string {
  let key = `${texts.length};`;
  for (const text of texts) key += sized(text);
  return key;
}

export function emitOpaque(frame: Frame, span: Span, reason: string, detail: string): void {
  emit(frame, span, { kind: "opaque", reason, detail });
}

/** Reports once that the rest of the action was not looked at. */
export function reachLimit(frame: Frame, span: Span, detail: string): void {
  const { sink } = frame.walk;
  if (sink.limited) return;
  sink.limited = true;
  sink.effects.push({
    kind: "opaque",
    reason: "limit_exceeded",
    detail,
    span: frame.carrier ?? span,
    via: frame.via,
    place: frame.place,
  });
}
