// When rollback drills are due and who owns them: the schedule's file. Implements spec/notices.md 2.1.
// The temptation is an interval as long as somebody likes: a drill is stale after seven days whatever a schedule says.

import { bad, formatTime, ok, parseJson, type Result } from "../../base/index.js";
import { blame, flagAt, listAt, momentAt, nameAt, objectAt, type Reading, wholeAt, wordAt } from "../fields.js";

export const SCHEDULE_SCHEMA = "cavra.go-backend-rollback-drill-schedule.v1";
export const SCHEDULE_BYTES = 65_536;
export const MOST_INTERVAL_DAYS = 7;
export const SCHEDULE_OWNERS = 16;
export const HOUR_MS = 3_600_000;
export const DAY_MS = 86_400_000;

export interface DrillSchedule {
  readonly schema_version: typeof SCHEDULE_SCHEMA;
  readonly schedule_id: string;
  readonly enabled: boolean;
  readonly interval_days: number;
  readonly due_soon_hours: number;
  /** "" for none. It brings the next drill forward, and never puts it off. */
  readonly next_due_at: string;
  readonly owners: readonly string[];
}

const KEYS = ["schema_version", "schedule_id", "enabled", "interval_days", "due_soon_hours", "next_due_at", "owners"];

/** Problem: `schedule_malformed`. */
export function readSchedule(text: string | Uint8Array): Result<DrillSchedule> {
  const parsed = parseJson(text, { sizeBytes: SCHEDULE_BYTES, depth: 3 });
  if (!parsed.ok) return malformed(parsed.problem.message);
  const reading: Reading = { fault: "" };
  const value = objectAt(reading, parsed.value, "it", { required: KEYS });
  const interval_days = wholeAt(reading, value.interval_days, "interval_days", 1, MOST_INTERVAL_DAYS);
  const owners = listAt(reading, value.owners, "owners", { least: 1, most: SCHEDULE_OWNERS }, (item, at) => nameAt(reading, item, at));
  if (new Set(owners).size !== owners.length) blame(reading, "owners has a name twice");
  const schedule: DrillSchedule = {
    schema_version: wordAt(reading, value.schema_version, "schema_version", [SCHEDULE_SCHEMA]),
    schedule_id: nameAt(reading, value.schedule_id, "schedule_id"),
    enabled: flagAt(reading, value.enabled, "enabled"),
    interval_days,
    due_soon_hours: wholeAt(reading, value.due_soon_hours, "due_soon_hours", 1, 24 * interval_days),
    next_due_at: momentAt(reading, value.next_due_at, "next_due_at"),
    owners,
  };
  return reading.fault === "" ? ok(schedule) : malformed(reading.fault);
}

function malformed<T>(message: string): Result<T> {
  return bad("schedule_malformed", `this is no drill schedule: ${message}`, {
    hint: "`cavra runtime go-rollback-drill-schedule init` writes one",
  });
}

/** Times as texts, "" where there is none. */
export interface DueTimes {
  /** When the gate stops taking the last drill that passed. */
  readonly stale_at: string;
  /** Never after `stale_at`. */
  readonly next_due_at: string;
  readonly due_soon_at: string;
}

/** Implements spec/notices.md 2.3. INVARIANT: `next_due_at` of the result is at most the last passed drill plus the interval. */
export function dueTimes(schedule: DrillSchedule, lastPassedMs: number, ownDateMs: number | null): DueTimes {
  const staleMs = lastPassedMs + schedule.interval_days * DAY_MS;
  // A date that the last drill has met asks for nothing more.
  const nextMs = ownDateMs !== null && ownDateMs > lastPassedMs && ownDateMs < staleMs ? ownDateMs : staleMs;
  return {
    stale_at: formatTime(staleMs),
    next_due_at: formatTime(nextMs),
    due_soon_at: formatTime(nextMs - schedule.due_soon_hours * HOUR_MS),
  };
}
