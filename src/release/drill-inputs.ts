// What rehearsal, drill history and schedule come to on this machine. Implements spec/drills.md 3.3, 4.4 and 4.7, and spec/notices.md 2.3 as inputs of the gate.

import { ok, type Result } from "../base/index.js";
import {
  DRILL_DAYS,
  type DrillInput,
  type DrillSchedule,
  drillHistoryFindings,
  type Finding,
  factsOfDrills,
  found,
  type InputFound,
  isFault,
  NO_FACTS,
  type Objectives,
  type OpenGiven,
  passed,
  type RehearsalWanted,
  readSchedule,
  rehearsalFindings,
  type ScheduleReport,
  scheduleReport,
} from "../promotion/index.js";
import { readDrillFile } from "./drill-history.js";
import { readDocumentFile } from "./files.js";

/** What the rollback plan asks of a rehearsal; nothing where there is none that holds. */
export function askedBy(plan: { readonly faults: readonly string[]; readonly objectives: Objectives } | null): RehearsalWanted {
  return plan === null ? { faults: [], objectives: null } : { faults: plan.faults.filter(isFault), objectives: plan.objectives };
}

export function rehearsalInput(path: string, given: OpenGiven, asked: RehearsalWanted): DrillInput {
  return rehearsalFindings(readDocumentFile(path), given, asked);
}

export interface DrillInputs {
  readonly history: DrillInput;
  readonly schedule: InputFound;
}

/** The history that is named, else the state folder's own; of that one its newest line is remembered beside it. */
export function drillInputs(
  stateFolder: string,
  paths: { readonly drills: string; readonly schedule: string },
  given: OpenGiven,
): DrillInputs {
  const { bytes, head } = readDrillFile(stateFolder, paths.drills);
  const schedule = scheduleAt(paths.schedule);
  const days = schedule?.ok === true ? schedule.value.interval_days : DRILL_DAYS;
  const history = drillHistoryFindings(bytes, given, { days, head });
  return { history, schedule: scheduleInput(scheduleReport(schedule, ok({ ...NO_FACTS, ...factsOfDrills(history.drills) }), given.nowMs)) };
}

function scheduleAt(path: string): Result<DrillSchedule> | null {
  const bytes = readDocumentFile(path);
  return bytes === null ? null : readSchedule(bytes);
}

function scheduleInput({ status, code, checks, last_passed_at, stale_at }: ScheduleReport): InputFound {
  const told = checks.find((check) => check.code === code) ?? { message: code, hint: "" };
  const isWell = status === "ready" || status === "due_soon";
  return {
    findings: [isWell ? passed(told.message) : closed(status, code, told)],
    issued_at: isWell ? last_passed_at : "",
    ends_at: isWell ? stale_at : "",
  };
}

function closed(
  status: ScheduleReport["status"],
  code: string,
  { message, hint }: { readonly message: string; readonly hint: string },
): Finding {
  if (status === "not_configured") return found("missing", code, message, hint);
  if (code === "schedule_malformed" || code === "schedule_unreadable" || code === "history_unreadable")
    return found("malformed", code, message, hint);
  if (code === "drill_stale" || code === "drill_overdue") return found("stale", code, message, hint);
  if (code === "clock_suspect") return found("clock_suspect", code, message, hint);
  return found(code === "drill_never" ? "inconclusive" : "fail", code, message, hint);
}
