// What becomes of one notice: delivered, or one of four outcomes. Implements spec/notices.md 4.2 and 4.3.
// INVARIANT: what is critical is deduplicated only against what was sent, waits for its delivery, or a person acknowledged; nothing else stops it.

import { formatTime } from "../../base/index.js";
import { type Presence, presenceAt } from "./calendars.js";
import { type Condition, DELIVERY_MS, type Decided, HELD_MS, type HeldCause, type Memory, NEVER_HELD, type ThreadMemory } from "./model.js";
import type { Routing } from "./routes.js";
import type { Resolved } from "./tree.js";
import { isMeant, type Occurrence, occurrencesAt } from "./windows.js";

const MINUTE_MS = 60_000;
/** A critical notice is said again after so many minutes at the latest. */
export const CRITICAL_REPEAT_MINUTES = 1_440;

/** One moment of one routing: what covers it, who works, and what this plan has decided so far. */
export interface Moment {
  readonly nowMs: number;
  readonly routing: Routing;
  readonly memory: Memory;
  readonly occurrences: readonly Occurrence[];
  readonly presence: (owner: string) => Presence;
  /** Of this plan: `key`, owner and provider of all notices before. */
  readonly targets: Set<string>;
  /** Of this plan: how many counted notices each route delivers. */
  readonly delivered: Map<string, number>;
}

export function openMoment(routing: Routing, memory: Memory, nowMs: number): Moment {
  const known = new Map<string, Presence>();
  const presence = (owner: string): Presence => {
    const calendar = routing.owners.get(owner)?.calendar ?? null;
    const found = known.get(owner) ?? (calendar === null ? ({ kind: "working" } as const) : presenceAt(calendar, nowMs));
    known.set(owner, found);
    return found;
  };
  const occurrences = occurrencesAt(routing.windows, nowMs);
  return { nowMs, routing, memory, occurrences, presence, targets: new Set(), delivered: new Map() };
}

/** One step of the decision, for explaining: what was asked, and whether it stopped the notice. */
export interface Step {
  readonly step: string;
  readonly stops: boolean;
  readonly because: string;
}

export interface Decision {
  /** Null: it is delivered. */
  readonly decided: Decided | null;
  readonly steps: readonly Step[];
}

/** Decides, and remembers within the plan. */
export function decide(condition: Condition, route: Resolved, moment: Moment): Decision {
  const steps: Step[] = [];
  const decided = firstThatFits(condition, route, moment, steps);
  moment.targets.add(targetOf(condition, route));
  if (decided === null && isCounted(condition)) moment.delivered.set(route.id, (moment.delivered.get(route.id) ?? 0) + 1);
  return { decided, steps };
}

function targetOf({ key }: Condition, { settings }: Resolved): string {
  return `${settings.owner}\n${settings.provider}\n${key}`;
}

/** Does it count for the limits of its route? */
export function isCounted({ category, level }: Pick<Condition, "category" | "level">): boolean {
  return level !== "critical" && category !== "digest" && category !== "escalation";
}

function firstThatFits(condition: Condition, route: Resolved, moment: Moment, steps: Step[]): Decided | null {
  const thread = moment.memory.thread(route.id, condition.key);
  const repeated = deduplicate(condition, route, thread, moment, steps);
  if (repeated !== null) return repeated;
  if (NEVER_HELD.includes(condition.category)) {
    steps.push({ step: "critical", stops: false, because: `nothing holds a notice of the category ${condition.category} back` });
    return null;
  }
  const heldMs = thread.heldSinceMs === null ? 0 : moment.nowMs - thread.heldSinceMs;
  if (heldMs >= HELD_MS) {
    steps.push({ step: "held_long_enough", stops: false, because: "it has been held back for 14 days" });
    return null;
  }
  const latestMs = (thread.heldSinceMs ?? moment.nowMs) + HELD_MS;
  return (
    suppress(condition, route, moment, latestMs, steps) ??
    defer(route, moment, latestMs, steps) ??
    limit(condition, route, moment, latestMs, steps)
  );
}

function held(outcome: Decided["outcome"], cause: HeldCause, author: string, untilMs: number | null, window = ""): Decided {
  return { outcome, cause, author, until: untilMs === null ? "" : formatTime(untilMs), window };
}

function deduplicate(
  condition: Condition,
  route: Resolved,
  { inDelivery, acknowledged, sentMs }: ThreadMemory,
  { nowMs, routing, targets }: Moment,
  steps: Step[],
): Decided | null {
  const repeatMinutes =
    condition.level === "critical" ? Math.min(route.settings.repeatMinutes, CRITICAL_REPEAT_MINUTES) : route.settings.repeatMinutes;
  const repeatMs = repeatMinutes * MINUTE_MS;
  // A clock that went back must not make a repetition of what has never been said again.
  const isRecent = (ms: number | null): ms is number => ms !== null && nowMs < ms + repeatMs && ms <= nowMs + repeatMs;
  const say = (cause: HeldCause, stops: boolean, because: string) => steps.push({ step: cause, stops, because });
  if (targets.has(targetOf(condition, route))) {
    say("same_target", true, `this plan tells ${route.settings.owner} the same through ${route.settings.provider} already`);
    return held("deduplicated", "same_target", routing.author, null);
  }
  if (inDelivery) {
    say("in_delivery", true, "the same notice waits for its delivery");
    return held("deduplicated", "in_delivery", routing.author, nowMs + DELIVERY_MS);
  }
  if (acknowledged !== null && isRecent(acknowledged.atMs)) {
    say("acknowledged", true, `${acknowledged.person} acknowledged it at ${formatTime(acknowledged.atMs)}`);
    return held("deduplicated", "acknowledged", acknowledged.person, acknowledged.atMs + repeatMs);
  }
  if (isRecent(sentMs)) {
    say("already_sent", true, `it was sent at ${formatTime(sentMs)} and is said again after ${repeatMinutes} minutes`);
    return held("deduplicated", "already_sent", routing.author, sentMs + repeatMs);
  }
  say("already_sent", false, sentMs === null ? "it was not sent on this route" : "it was sent long enough ago");
  return null;
}

function suppress(condition: Condition, route: Resolved, { occurrences }: Moment, latestMs: number, steps: Step[]): Decided | null {
  for (const occurrence of occurrences) {
    const stops = condition.category !== "digest" && isMeant(occurrence, route.id, condition.category);
    const because = stops
      ? occurrence.reason
      : condition.category === "digest"
        ? "no window hides a digest"
        : "it is for other routes or categories";
    steps.push({ step: `window ${occurrence.window}`, stops, because });
    if (!stops) continue;
    const decided = held("suppressed", "maintenance_window", occurrence.author, latestMs, occurrence.window);
    return occurrence.endsAt < decided.until ? { ...decided, until: occurrence.endsAt } : decided;
  }
  if (occurrences.length === 0) steps.push({ step: "windows", stops: false, because: "no window covers this moment" });
  return null;
}

function defer({ settings: { owner } }: Resolved, { nowMs, presence }: Moment, latestMs: number, steps: Step[]): Decided | null {
  const found = presence(owner);
  if (found.kind === "working" || found.untilMs === null) {
    const because = found.kind === "working" ? `${owner} is there` : `${owner} is not there for 14 days, so nobody would be told`;
    steps.push({ step: "calendar", stops: false, because });
    return null;
  }
  const untilMs = Math.min(found.untilMs, latestMs);
  if (untilMs <= nowMs) return null;
  steps.push({ step: "calendar", stops: true, because: `${owner} is there again at ${formatTime(found.untilMs)}` });
  return held("deferred", found.cause, owner, untilMs);
}

function limit(condition: Condition, route: Resolved, moment: Moment, latestMs: number, steps: Step[]): Decided | null {
  const { rateLimit } = route.settings;
  if (rateLimit === null || !isCounted(condition)) {
    steps.push({ step: "rate_limit", stops: false, because: rateLimit === null ? "the route has no limit" : "it is not counted" });
    return null;
  }
  const spanMs = rateLimit.minutes * MINUTE_MS;
  const before = moment.memory.counted(route.id, moment.nowMs - spanMs + 1);
  const now = moment.delivered.get(route.id) ?? 0;
  const stops = before.length + now >= rateLimit.count;
  steps.push({ step: "rate_limit", stops, because: `${before.length + now} of ${rateLimit.count} within ${rateLimit.minutes} minutes` });
  if (!stops) return null;
  // When so many have become old that there is room for one.
  const nthMs = before[before.length + now - rateLimit.count] ?? moment.nowMs;
  const untilMs = Math.min(nthMs + spanMs, moment.nowMs + spanMs, latestMs);
  return held("rate_limited", "rate_limit", moment.routing.author, Math.max(untilMs, moment.nowMs + 1));
}
