// A routing, a schedule and drills as the tests of notices use them.

import type { DrillFacts, DrillSchedule, ScheduleReport } from "../../../src/promotion/index.js";
import { type Routing, readRouting, readSchedule, scheduleReport } from "../../../src/promotion/index.js";

/** Tuesday, 3 November 2026, 12:00 UTC. */
export const NOON_MS = Date.UTC(2026, 10, 3, 12);
export const MINUTE_MS = 60_000;
export const HOUR_MS = 3_600_000;
export const DAY_MS = 86_400_000;

export const NO_FACTS: DrillFacts = { last_passed_at: "", failed: [], demotions: [], mismatches: [] };

export function schedule(over: Partial<DrillSchedule> = {}): DrillSchedule {
  const given = {
    schema_version: "cavra.go-backend-rollback-drill-schedule.v1",
    schedule_id: "go-drills",
    enabled: true,
    interval_days: 7,
    due_soon_hours: 24,
    next_due_at: "",
    owners: ["alice"],
    ...over,
  };
  const read = readSchedule(JSON.stringify(given));
  if (!read.ok) throw new Error(read.problem.message);
  return read.value;
}

export function timeOf(ms: number): string {
  return new Date(ms).toISOString();
}

export function facts(over: Partial<DrillFacts> = {}): DrillFacts {
  return { ...NO_FACTS, ...over };
}

export function reportAt(nowMs: number, known: DrillFacts, over: Partial<DrillSchedule> = {}): ScheduleReport {
  return scheduleReport({ ok: true, value: schedule(over) }, { ok: true, value: known }, nowMs);
}

export type Json = Readonly<Record<string, unknown>>;

/** The text of a file of routes: `ops` with alice, escalated to bob, both reachable always, on the screen. */
export function routesText({ route = {}, ...over }: Json & { readonly route?: Json } = {}): string {
  return JSON.stringify({
    schema_version: "cavra.go-backend-rollback-drill-routes.v1",
    author: "carol",
    providers: { screen: { kind: "stdout" }, other: { kind: "stdout" } },
    owners: { alice: { person: "Alice", accounts: ["alice"] }, bob: { provider: "other" }, carol: {} },
    route: { id: "ops", owner: "alice", provider: "screen", ...route },
    windows: [],
    ...over,
  });
}

export function routing(over: Parameters<typeof routesText>[0] = {}): Routing {
  const read = readRouting(routesText(over));
  if (!read.ok) throw new Error(read.problem.message);
  return read.value;
}
