// `cavra runtime go-rollback-drill-schedule`: how the drills stand, and a schedule to begin with. Implements spec/notices.md section 2.
// INVARIANT: it reads schedule and drill history, and nothing of notices.

import { bad, ok, parseTime, type Result } from "../../../base/index.js";
import { type DrillSchedule, MOST_INTERVAL_DAYS, readSchedule, SCHEDULE_SCHEMA, type ScheduleReport } from "../../../promotion/index.js";
import { EXIT, type ExitStatus } from "../../exit.js";
import { report, type Terminal } from "../../terminal.js";
import { type DrillOptions, readReport, schedulePath } from "../runtime/drills/schedule.js";
import { writeNew } from "./written.js";

export function drillSchedule(terminal: Terminal, options: DrillOptions): ExitStatus {
  const found = readReport(terminal, options);
  terminal.print(options.json ? `${JSON.stringify(found)}\n` : tell(terminal, found));
  return found.status === "needs_attention" ? EXIT.attention : EXIT.done;
}

function tell({ colours }: Terminal, { status, schedule_id, checks, next_due_at, owners }: ScheduleReport): string {
  const paint = status === "needs_attention" ? colours.red : status === "ready" ? colours.green : colours.yellow;
  const head = `${paint(status)}${schedule_id === "" ? "" : ` ${schedule_id}`}${next_due_at === "" ? "" : `, next due ${next_due_at}`}`;
  const lines = checks.map(({ id, status: how, code, message, hint }) => {
    const mark = how === "pass" ? colours.green("✓") : how === "fail" ? colours.red("✗") : colours.dim("·");
    return `${mark} ${id.padEnd(9)} ${message}${how === "pass" ? "" : ` (${code})`}${hint === "" ? "" : `\n            ${colours.dim(hint)}`}`;
  });
  return `${[head, ...lines, ...(owners.length === 0 ? [] : [`owners: ${owners.join(", ")}`])].join("\n")}\n`;
}

export interface ScheduleInit extends DrillOptions {
  readonly scheduleId?: string;
  readonly owner?: readonly string[];
  readonly intervalDays?: string;
  readonly dueSoonHours?: string;
  readonly nextDue?: string;
}

/** Writes a schedule where there is none. */
export function initSchedule(terminal: Terminal, options: ScheduleInit): ExitStatus {
  const json = options.json === true;
  const made = scheduleFrom(options);
  if (!made.ok) return report(terminal, made.problem, json);
  const path = schedulePath(terminal, options);
  const written = writeNew(path, `${JSON.stringify(made.value, null, 2)}\n`);
  if (!written.ok) return report(terminal, written.problem, json);
  terminal.print(json ? `${JSON.stringify({ path, schedule: made.value })}\n` : `wrote ${path}\n`);
  return EXIT.done;
}

function scheduleFrom({ scheduleId, owner, intervalDays, dueSoonHours, nextDue }: ScheduleInit): Result<DrillSchedule> {
  if (owner === undefined || owner.length === 0)
    return bad("owner_missing", "somebody must own the drills", { hint: "`--owner alice`, several times for several" });
  const days = wholeNumber(intervalDays ?? String(MOST_INTERVAL_DAYS), "interval-days");
  if (!days.ok) return days;
  const hours = wholeNumber(dueSoonHours ?? String(Math.min(24, 24 * days.value)), "due-soon-hours");
  if (!hours.ok) return hours;
  if (nextDue !== undefined && !parseTime(nextDue).ok)
    return bad("bad_time", `\`${nextDue}\` is no time`, { hint: "write it like `2026-11-30T17:00:00.000Z`" });
  const schedule = {
    schema_version: SCHEDULE_SCHEMA,
    schedule_id: scheduleId ?? "go-rollback-drills",
    enabled: true,
    interval_days: days.value,
    due_soon_hours: hours.value,
    next_due_at: nextDue ?? "",
    owners: owner,
  };
  return readSchedule(JSON.stringify(schedule));
}

function wholeNumber(text: string, option: string): Result<number> {
  return /^[1-9][0-9]{0,5}$/.test(text) ? ok(Number(text)) : bad("bad_number", `\`--${option}\` is a whole number from 1`);
}
