// What holds now and should be known: of the schedule, and of what happened under promotion. Implements spec/notices.md 4.1.

import { compareBytes, parseTime } from "../../base/index.js";
import type { DrillFacts, ScheduleReport } from "../schedule/index.js";
import { type Category, type Condition, type EndedOccurrence, HELD_MS } from "./model.js";
import { LEVEL_OF } from "./tree.js";

/** Of one category. */
export const MOST_CONDITIONS = 1_000;

type FromSchedule = Exclude<Category, "escalation" | "digest">;

/** In the table's order, then by key. `facts` are NO_FACTS where they cannot be read. */
export function conditionsOf(report: ScheduleReport, facts: DrillFacts, nowMs: number): readonly Condition[] {
  const make = (category: FromSchedule, subject: string, summary: string): Condition => ({
    category,
    level: LEVEL_OF[category],
    schedule: report.schedule_id,
    key: `${category}:${subject}`,
    summary,
  });
  const isAsked = report.status !== "disabled" && report.status !== "not_configured";
  const failed = facts.failed.map(({ fault, at }) =>
    make("drill_failed", fault, `the drill \`${fault}\` failed at ${at} and nothing resolved it`),
  );
  const demotions = newest(facts.demotions, nowMs).map(({ id, at, cause }) => make("demotion", id, `Go was taken back at ${at}: ${cause}`));
  const mismatches = newest(facts.mismatches, nowMs).map(({ id, at }) =>
    make("mismatch", id, `both engines answered differently at ${at}`),
  );
  return [
    ...(isAsked ? dueConditions(report, make) : []),
    ...(isAsked ? byKey(failed).slice(0, MOST_CONDITIONS) : []),
    ...byKey(demotions),
    ...byKey(mismatches),
  ];
}

type Make = (category: FromSchedule, subject: string, summary: string) => Condition;

function dueConditions({ code, checks, next_due_at, stale_at }: ScheduleReport, make: Make): readonly Condition[] {
  const message = (id: string) => checks.find((check) => check.id === id)?.message ?? "";
  switch (code) {
    case "schedule_malformed":
    case "schedule_unreadable":
      return [make("stale_critical", code, message("schedule"))];
    case "history_unreadable":
    case "clock_suspect":
      return [make("stale_critical", code, message("history"))];
    default:
      return dueCondition(checks.find((check) => check.id === "due")?.code ?? "", { next_due_at, stale_at }, message("due"), make);
  }
}

/** The check of the due date, which also says it where a failed drill stands before it in the report. */
function dueCondition(
  code: string,
  { next_due_at, stale_at }: Pick<ScheduleReport, "next_due_at" | "stale_at">,
  message: string,
  make: Make,
): readonly Condition[] {
  switch (code) {
    case "drill_never":
      return [make("stale_critical", code, message)];
    case "drill_stale":
      return [make("stale_critical", stale_at, message)];
    case "drill_overdue":
      return [make("overdue", next_due_at, message)];
    case "drill_due_soon":
      return [make("due_soon", next_due_at, message)];
    default:
      return [];
  }
}

/** Of the last 14 days; what is dated after now is as new as can be. */
function newest<T extends { readonly at: string }>(events: readonly T[], nowMs: number): readonly T[] {
  const recent = events.filter(({ at }) => {
    const moment = parseTime(at);
    // A date that cannot be read is no reason to be silent.
    return !moment.ok || moment.value > nowMs - HELD_MS;
  });
  return [...recent].sort((a, b) => compareBytes(b.at, a.at)).slice(0, MOST_CONDITIONS);
}

function byKey(conditions: readonly Condition[]): readonly Condition[] {
  return [...conditions].sort((a, b) => compareBytes(a.key, b.key));
}

/** How many hidden keys a digest names. */
const NAMED = 20;

/** What a window hid on one route, told once when it has ended. */
export function digestOf({ window, endsAt, route, schedule, hidden }: EndedOccurrence): Condition {
  const count = hidden.reduce((sum, one) => sum + one.count, 0);
  const named = hidden.slice(0, NAMED).map((one) => `${one.key} (${one.count} ×)`);
  const more = hidden.length > NAMED ? `, and ${hidden.length - NAMED} more` : "";
  return {
    category: "digest",
    level: LEVEL_OF.digest,
    schedule,
    key: `digest:${window}:${endsAt}:${route}`,
    summary: `the window ${window} ended at ${endsAt} and hid ${count} ${count === 1 ? "notice" : "notices"}: ${named.join(", ")}${more}`,
  };
}
