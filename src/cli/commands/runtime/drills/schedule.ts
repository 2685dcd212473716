// The schedule of drills and what is known of them, as this host has it: what says when the next one is due. Implements spec/notices.md 2.1 and 2.2.
// INVARIANT: it opens no routes and no notices: who is told, or is not, changes nothing of what is due (2.5).

import { readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { bad, type Result } from "../../../../base/index.js";
import {
  type DrillFacts,
  type DrillSchedule,
  readSchedule,
  SCHEDULE_BYTES,
  type ScheduleReport,
  scheduleReport,
} from "../../../../promotion/index.js";
import { configDir, SYSTEM_CLOCK } from "../../../../store/index.js";
import type { Terminal } from "../../../terminal.js";
import { drillFacts } from "./facts.js";

export interface DrillOptions {
  readonly rollbackDrillSchedulePath?: string;
  readonly rollbackDrillHistoryPath?: string;
  readonly json?: boolean;
}

export function readReport(terminal: Terminal, options: DrillOptions): ScheduleReport {
  const nowMs = SYSTEM_CLOCK.nowMs();
  const { schedule, facts } = scheduleAndFacts(terminal, options, nowMs);
  return scheduleReport(schedule, facts, nowMs);
}

/** Null for no schedule. */
export function scheduleAndFacts(terminal: Terminal, options: DrillOptions, nowMs: number) {
  const schedule = readFile(schedulePath(terminal, options), SCHEDULE_BYTES, "schedule_unreadable", readSchedule);
  return { schedule, facts: drillFacts(terminal, historyPath(terminal, options), nowMs) } satisfies {
    schedule: Result<DrillSchedule> | null;
    facts: Result<DrillFacts>;
  };
}

export function schedulePath(terminal: Terminal, { rollbackDrillSchedulePath }: DrillOptions): string {
  return pathOf(terminal, rollbackDrillSchedulePath, "CAVRA_GO_ROLLBACK_DRILL_SCHEDULE", "rollback-drill-schedule.json");
}

/** The flag, else the variable, else the name in the configuration folder. */
export function pathOf({ env, cwd }: Terminal, flag: string | undefined, variable: string, name: string): string {
  const given = flag ?? env[variable] ?? "";
  return given === "" ? join(configDir(env), name) : resolve(cwd, given);
}

/** "" for the one in the state folder. */
function historyPath({ env, cwd }: Terminal, { rollbackDrillHistoryPath }: DrillOptions): string {
  const given = rollbackDrillHistoryPath ?? env.CAVRA_GO_ROLLBACK_DRILL_HISTORY ?? "";
  return given === "" ? "" : resolve(cwd, given);
}

/** Null where there is no file; a problem has its path. */
export function readFile<T>(path: string, mostBytes: number, code: string, read: (bytes: Uint8Array) => Result<T>): Result<T> | null {
  let bytes: Uint8Array;
  try {
    bytes = readFileSync(path);
  } catch (error) {
    const { code: why } = error as NodeJS.ErrnoException;
    if (why === "ENOENT") return null;
    return bad(code, `\`${path}\` cannot be read (${why ?? "unknown"})`, { hint: "make it readable for this account" });
  }
  // What is longer is refused by the reader; it needs not be kept whole for that.
  const found = read(bytes.length > mostBytes ? bytes.subarray(0, mostBytes + 1) : bytes);
  return found.ok ? found : { ok: false, problem: { ...found.problem, at: path } };
}
