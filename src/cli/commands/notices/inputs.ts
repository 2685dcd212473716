// What the commands over drills and notices read: the schedule, the routes, what is known of drills. Implements spec/notices.md 2.1, 2.2 and 3.1.
// It reads and never writes. A file that is not there is null; one that cannot be read is a problem, and no reason to be silent.

import { readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { bad, type Result } from "../../../base/index.js";
import type { TrustDocument } from "../../../evidence/index.js";
import {
  countAcknowledgement,
  type DrillFacts,
  type DrillSchedule,
  NO_FACTS,
  ROUTES_BYTES,
  type Routing,
  readRouting,
  readSchedule,
  routingFor,
  SCHEDULE_BYTES,
  type ScheduleReport,
  scheduleReport,
} from "../../../promotion/index.js";
import { type AckCounter, configDir, SYSTEM_CLOCK } from "../../../store/index.js";
import type { Terminal } from "../../terminal.js";
import { currentTrust } from "../keys/access.js";
import { drillFacts } from "./facts.js";

export interface DrillOptions {
  readonly rollbackDrillSchedulePath?: string;
  readonly rollbackDrillHistoryPath?: string;
  readonly routesPath?: string;
  readonly json?: boolean;
}

export interface DrillInputs {
  readonly nowMs: number;
  readonly report: ScheduleReport;
  readonly facts: DrillFacts;
  readonly routing: Routing;
}

export function readInputs(terminal: Terminal, options: DrillOptions): DrillInputs {
  const nowMs = SYSTEM_CLOCK.nowMs();
  const { schedule, facts } = scheduleAndFacts(terminal, options, nowMs);
  const report = scheduleReport(schedule, facts, nowMs);
  const routing = routingFor(routesHere(terminal, options), report.owners);
  return { nowMs, report, facts: facts.ok ? facts.value : NO_FACTS, routing };
}

/** For the report alone: the routes are not even opened. */
export function readReport(terminal: Terminal, options: DrillOptions): ScheduleReport {
  const nowMs = SYSTEM_CLOCK.nowMs();
  const { schedule, facts } = scheduleAndFacts(terminal, options, nowMs);
  return scheduleReport(schedule, facts, nowMs);
}

function scheduleAndFacts(terminal: Terminal, options: DrillOptions, nowMs: number) {
  const schedule = readFile(schedulePath(terminal, options), SCHEDULE_BYTES, "schedule_unreadable", readSchedule);
  return { schedule, facts: drillFacts(terminal, historyPath(terminal, options), nowMs) } satisfies {
    schedule: Result<DrillSchedule> | null;
    facts: Result<DrillFacts>;
  };
}

/** Null where there is no file. Problems: `routes_malformed`, `routes_unreadable`. */
export function routesHere(terminal: Terminal, options: DrillOptions): Result<Routing> | null {
  return readFile(routesPath(terminal, options), ROUTES_BYTES, "routes_unreadable", readRouting);
}

export function schedulePath(terminal: Terminal, { rollbackDrillSchedulePath }: DrillOptions): string {
  return pathOf(terminal, rollbackDrillSchedulePath, "CAVRA_GO_ROLLBACK_DRILL_SCHEDULE", "rollback-drill-schedule.json");
}

export function routesPath(terminal: Terminal, { routesPath: given }: DrillOptions): string {
  return pathOf(terminal, given, "CAVRA_GO_ROLLBACK_DRILL_ROUTES", "rollback-drill-routes.json");
}

function pathOf({ env, cwd }: Terminal, flag: string | undefined, variable: string, name: string): string {
  const given = flag ?? env[variable] ?? "";
  return given === "" ? join(configDir(env), name) : resolve(cwd, given);
}

/** "" for the one in the state folder. */
function historyPath({ env, cwd }: Terminal, { rollbackDrillHistoryPath }: DrillOptions): string {
  const given = rollbackDrillHistoryPath ?? env.CAVRA_GO_ROLLBACK_DRILL_HISTORY ?? "";
  return given === "" ? "" : resolve(cwd, given);
}

function readFile<T>(path: string, mostBytes: number, code: string, read: (bytes: Uint8Array) => Result<T>): Result<T> | null {
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

/** Acknowledgements are verified anew whenever they are counted; without a trust document only a terminal's word counts. */
export function ackCounter(terminal: Terminal, nowMs: number): AckCounter {
  let trust: TrustDocument | null | undefined;
  return (ack) => {
    if (trust === undefined) trust = trustOrNull(terminal);
    return countAcknowledgement(ack, ack.subject, trust, nowMs).ok;
  };
}

function trustOrNull(terminal: Terminal): TrustDocument | null {
  try {
    const trust = currentTrust(terminal);
    return trust.ok ? trust.value : null;
  } catch {
    return null;
  }
}
