// A plan: all that holds now, on every route that it concerns, with what becomes of each. Implements spec/notices.md sections 4 and 6.4.
// Total, and linear in conditions times routes. It remembers nothing: the past comes in, and what was decided goes out to be kept.

import { compareBytes, type Problem, type Result } from "../../base/index.js";
import type { DrillFacts, ScheduleReport } from "../schedule/index.js";
import { conditionsOf, digestOf } from "./conditions.js";
import { decide, type Moment, openMoment } from "./decide.js";
import type { Condition, EndedOccurrence, Memory, OpenThread, PlannedNotice } from "./model.js";
import type { Routing } from "./routes.js";
import { allRoutes, builtInRouting, type Resolved, wayOf } from "./tree.js";

const MINUTE_MS = 60_000;
/** Of one plan. */
export const PLAN_NOTICES = 20_000;

export interface Planned {
  readonly notices: readonly PlannedNotice[];
  /** What was told and could not be used: routes, windows, calendars. */
  readonly problems: readonly Problem[];
}

export interface PlanGiven {
  readonly report: ScheduleReport;
  readonly facts: DrillFacts;
  readonly routing: Routing;
  readonly memory: Memory;
  readonly nowMs: number;
}

/** The routing to plan with: the file's, or the built-in one with the reason as its problem. Null is: there is no file. */
export function routingFor(read: Result<Routing> | null, owners: readonly string[]): Routing {
  if (read?.ok) return read.value;
  const missing = {
    code: "routes_missing",
    message: "there are no routes",
    hint: "`cavra runtime go-rollback-drill-routes init` writes some",
  };
  const problem = read === null ? missing : read.problem;
  return { ...builtInRouting(owners), problems: [problem] };
}

/** All conditions and digests. */
export function planNotices({ report, facts, routing, memory, nowMs }: PlanGiven): Planned {
  const moment = openMoment(routing, memory, nowMs);
  const routes = allRoutes(routing.root);
  const ways = conditionsOf(report, facts, nowMs).flatMap((condition) =>
    wayOf(condition, routing.root).taken.map((route) => ({ condition, route })),
  );
  const digests = [...memory.ended(nowMs)].sort(byOccurrence).map((ended) => ({
    condition: digestOf(ended),
    // A route that is gone is the root: what was hidden is told to somebody.
    route: routes.get(ended.route) ?? rootOf(routing, routes),
  }));
  return placed([...ways, ...digests], moment);
}

/** Of every open thread each level whose time has come. */
export function planEscalations({ routing, memory, nowMs }: Pick<PlanGiven, "routing" | "memory" | "nowMs">): Planned {
  const moment = openMoment(routing, memory, nowMs);
  const routes = allRoutes(routing.root);
  const due = [...memory.open(nowMs)].sort(byThread).flatMap((thread) => {
    const route = routes.get(thread.route);
    return route === undefined ? [] : dueLevels(thread, route, nowMs).map((level) => escalated(thread, route, level, routing));
  });
  return placed(due, moment);
}

interface Placed {
  readonly condition: Condition;
  readonly route: Resolved;
}

function placed(places: readonly Placed[], moment: Moment): Planned {
  const notices = kept(places).map(({ condition, route }): PlannedNotice => {
    const { owner, provider, ackMinutes } = route.settings;
    const { decided } = decide(condition, route, moment);
    return { ...condition, route: route.id, owner, provider, ackMinutes, decided };
  });
  const more = places.length - notices.length;
  const tooMany = { code: "plan_too_large", message: `${more} notices did not fit into one plan`, hint: "fewer routes that go on" };
  return { notices, problems: more > 0 ? [...moment.routing.problems, tooMany] : moment.routing.problems };
}

/** What is critical has its place in any case before what is not. */
function kept(places: readonly Placed[]): readonly Placed[] {
  if (places.length <= PLAN_NOTICES) return places;
  const isCritical = ({ condition }: Placed) => condition.level === "critical";
  return [...places.filter(isCritical), ...places.filter((place) => !isCritical(place))].slice(0, PLAN_NOTICES);
}

function rootOf({ root }: Routing, routes: ReadonlyMap<string, Resolved>): Resolved {
  const found = routes.get(root.id);
  if (found === undefined) throw new Error("the root is a route");
  return found;
}

function byOccurrence(a: EndedOccurrence, b: EndedOccurrence): number {
  return compareBytes(a.window, b.window) || compareBytes(a.endsAt, b.endsAt) || compareBytes(a.route, b.route);
}

function byThread(a: OpenThread, b: OpenThread): number {
  return compareBytes(a.route, b.route) || compareBytes(a.key, b.key);
}

/** From 1; each only once. A notice that failed has nobody who could have answered: its first level is due at once. */
export function dueLevels(
  { sinceMs, failed, levelsDone }: OpenThread,
  { settings, escalation }: Resolved,
  nowMs: number,
): readonly number[] {
  if (settings.ackMinutes === 0) return [];
  const firstMs = sinceMs + (failed ? 0 : settings.ackMinutes * MINUTE_MS);
  return escalation.flatMap((_, i) => {
    const dueMs = firstMs + i * settings.ackMinutes * MINUTE_MS;
    return dueMs <= nowMs && !levelsDone.includes(i + 1) ? [i + 1] : [];
  });
}

function escalated(thread: OpenThread, route: Resolved, level: number, { owners }: Routing): Placed {
  const owner = route.escalation[level - 1] ?? route.settings.owner;
  const provider = owners.get(owner)?.provider || route.settings.provider;
  const why = thread.failed ? "could not be delivered" : `was not acknowledged within ${route.settings.ackMinutes} minutes`;
  return {
    condition: {
      category: "escalation",
      level: thread.level,
      schedule: thread.schedule,
      key: `escalation:${level}:${thread.planId}:${thread.key}`,
      summary: `${thread.key} on the route ${route.id} (plan ${thread.planId}, owner ${route.settings.owner}) ${why}`,
    },
    route: { ...route, settings: { ...route.settings, owner, provider } },
  };
}
