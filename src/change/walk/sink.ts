// Where effects gather: in the order in which the walk meets them, each once, no more than the limit. Implements spec/change.md sections 1.3 and 10. Twin of go/sink.go.
// What was seen before a limit stays; the limit itself becomes an opaque effect, so that it is never silence.

import type { Span } from "../../base/span.js";
import type { Effect } from "../model.js";
import { LIMITS } from "../words/index.js";
import type { Frame } from "./frame.js";

type Bare<E> = E extends Effect ? Omit<E, "span" | "via" | "place"> : never;
/** An effect without what the frame adds. */
export type EffectBody = Bare<Effect>;

export interface Sink {
  readonly effects: Effect[];
  readonly seen: Set<string>;
  /** True once a limit was reported. */
  limited: boolean;
}

/** What the caller could look up to know more. */
export interface WantList {
  readonly paths: Set<string>;
  readonly folders: Set<string>;
  readonly scripts: Set<string>;
  git: boolean;
}

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
  const effect = { ...body, span: frame.carrier ?? span, via: frame.via, place: frame.place } as Effect;
  const key = JSON.stringify([body, frame.via, frame.place]);
  if (sink.seen.has(key)) return;
  sink.seen.add(key);
  sink.effects.push(effect);
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
