// How the drills stand: one of the seed's statuses, its code, and a check for each thing that was looked at. Implements spec/notices.md 2.3 and 2.4.
// INVARIANT: no notice, outcome, window or acknowledgement comes in here. What was held back changes nothing that is due.

import { formatTime, type Problem, parseTime, type Result } from "../../base/index.js";
import type { DrillFacts } from "./drill-facts.js";
import { type DrillSchedule, type DueTimes, dueTimes } from "./schedule.js";

export const SCHEDULE_REPORT_SCHEMA = "cavra.go-backend-rollback-drill-schedule-report.v1";
/** A clock may be so far behind the one that dated a drill. */
export const SCHEDULE_SKEW_MS = 300_000;

export type ScheduleStatus = "ready" | "due_soon" | "needs_attention" | "disabled" | "not_configured";

export const SCHEDULE_CODES = [
  "schedule_missing",
  "schedule_malformed",
  "schedule_unreadable",
  "schedule_disabled",
  "history_unreadable",
  "clock_suspect",
  "drill_failed",
  "drill_never",
  "drill_stale",
  "drill_overdue",
  "drill_due_soon",
  "drill_current",
] as const;
export type ScheduleCode = (typeof SCHEDULE_CODES)[number];

export interface ScheduleCheck {
  readonly id: "schedule" | "history" | "failures" | "due";
  readonly status: "pass" | "fail" | "skipped";
  readonly code: string;
  readonly message: string;
  readonly hint: string;
}

export interface ScheduleReport {
  readonly schema_version: typeof SCHEDULE_REPORT_SCHEMA;
  readonly status: ScheduleStatus;
  readonly code: ScheduleCode;
  readonly schedule_id: string;
  readonly owners: readonly string[];
  readonly last_passed_at: string;
  readonly next_due_at: string;
  readonly due_soon_at: string;
  readonly stale_at: string;
  readonly checks: readonly ScheduleCheck[];
}

/** `schedule` is null where there is no file. */
export function scheduleReport(schedule: Result<DrillSchedule> | null, facts: Result<DrillFacts>, nowMs: number): ScheduleReport {
  if (schedule === null) return without("not_configured", "schedule_missing", notConfigured);
  if (!schedule.ok) {
    const code = schedule.problem.code === "schedule_unreadable" ? "schedule_unreadable" : "schedule_malformed";
    return without("needs_attention", code, failed("schedule", code, schedule.problem));
  }
  const known = { schedule_id: schedule.value.schedule_id, owners: schedule.value.owners };
  if (!schedule.value.enabled) return { ...without("disabled", "schedule_disabled", disabled), ...known };
  const first = passed("schedule", "schedule_read", `a drill every ${days(schedule.value.interval_days)}`);
  if (!facts.ok) {
    const checks = [first, failed("history", "history_unreadable", facts.problem), skipped("failures"), skipped("due")];
    return { ...nothing, ...known, status: "needs_attention", code: "history_unreadable", checks };
  }
  return { ...judged(schedule.value, facts.value, nowMs, first), ...known };
}

const nothing = {
  schema_version: SCHEDULE_REPORT_SCHEMA,
  schedule_id: "",
  owners: [],
  last_passed_at: "",
  next_due_at: "",
  due_soon_at: "",
  stale_at: "",
} as const;

function without(status: ScheduleStatus, code: ScheduleCode, check: ScheduleCheck): ScheduleReport {
  return { ...nothing, status, code, checks: [check, skipped("history"), skipped("failures"), skipped("due")] };
}

function judged(schedule: DrillSchedule, facts: DrillFacts, nowMs: number, first: ScheduleCheck): ScheduleReport {
  const { last_passed_at } = facts;
  const lastMs = momentOf(last_passed_at);
  const times: DueTimes =
    lastMs === null
      ? { stale_at: "", next_due_at: formatTime(nowMs), due_soon_at: "" }
      : dueTimes(schedule, lastMs, momentOf(schedule.next_due_at));
  const history = historyCheck(lastMs, nowMs);
  const failures = failuresCheck(facts);
  const due = dueCheck(times, lastMs, nowMs);
  const checks = [first, history, failures, due];
  const worst = checks.find(({ status }) => status === "fail") ?? due;
  const code = SCHEDULE_CODES.find((one) => one === worst.code) ?? "drill_never";
  const status = worst.status === "fail" ? "needs_attention" : code === "drill_due_soon" ? "due_soon" : "ready";
  return { ...nothing, status, code, last_passed_at, ...times, checks };
}

function historyCheck(lastMs: number | null, nowMs: number): ScheduleCheck {
  if (lastMs !== null && lastMs > nowMs + SCHEDULE_SKEW_MS)
    return failed("history", "clock_suspect", { message: "the last drill that passed is dated after now", hint: "set the clock right" });
  return passed("history", "history_read", lastMs === null ? "no drill has passed yet" : `a drill passed at ${formatTime(lastMs)}`);
}

function failuresCheck({ failed: faults }: DrillFacts): ScheduleCheck {
  if (faults.length === 0) return passed("failures", "no_failures", "no failed drill waits for its resolution");
  const names = faults.slice(0, 5).map(({ fault }) => fault);
  const more = faults.length > names.length ? ` and ${faults.length - names.length} more` : "";
  return failed("failures", "drill_failed", {
    message: `drills failed and nothing resolved them: ${names.join(", ")}${more}`,
    hint: "mend it, resolve it by name, and run the same fault again",
  });
}

function dueCheck({ stale_at, next_due_at, due_soon_at }: DueTimes, lastMs: number | null, nowMs: number): ScheduleCheck {
  const now = formatTime(nowMs);
  const hint = "run `cavra runtime go-rollback-drills run`";
  if (lastMs === null) return failed("due", "drill_never", { message: "no drill has passed", hint });
  if (stale_at <= now) return failed("due", "drill_stale", { message: `the last drill went stale at ${stale_at}`, hint });
  if (next_due_at <= now) return failed("due", "drill_overdue", { message: `a drill was due at ${next_due_at}`, hint });
  if (due_soon_at <= now) return { ...passed("due", "drill_due_soon", `the next drill is due at ${next_due_at}`), hint };
  return passed("due", "drill_current", `the next drill is due at ${next_due_at}`);
}

const notConfigured: ScheduleCheck = {
  id: "schedule",
  status: "skipped",
  code: "schedule_missing",
  message: "there is no drill schedule",
  hint: "`cavra runtime go-rollback-drill-schedule init --owner NAME` writes one",
};
const disabled: ScheduleCheck = {
  id: "schedule",
  status: "fail",
  code: "schedule_disabled",
  message: "the schedule is disabled",
  hint: "set `enabled`",
};

function passed(id: ScheduleCheck["id"], code: string, message: string): ScheduleCheck {
  return { id, status: "pass", code, message, hint: "" };
}

function failed(id: ScheduleCheck["id"], code: string, { message, hint = "" }: Pick<Problem, "message" | "hint">): ScheduleCheck {
  return { id, status: "fail", code, message, hint };
}

function skipped(id: ScheduleCheck["id"]): ScheduleCheck {
  return { id, status: "skipped", code: "not_looked_at", message: "the check before it did not pass", hint: "" };
}

function momentOf(time: string): number | null {
  const moment = parseTime(time);
  return moment.ok ? moment.value : null;
}

function days(count: number): string {
  return count === 1 ? "day" : `${count} days`;
}
