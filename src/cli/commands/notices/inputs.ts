// What the commands over drills and notices read: the schedule, the routes, what is known of drills. Implements spec/notices.md 2.1, 2.2 and 3.1.
// It reads and never writes. A file that is not there is null; one that cannot be read is a problem, and no reason to be silent.

import type { Result } from "../../../base/index.js";
import type { TrustDocument } from "../../../evidence/index.js";
import {
  countAcknowledgement,
  type DrillFacts,
  NO_FACTS,
  ROUTES_BYTES,
  type Routing,
  readRouting,
  routingFor,
  type ScheduleReport,
  scheduleReport,
} from "../../../promotion/index.js";
import { type AckCounter, SYSTEM_CLOCK } from "../../../store/index.js";
import type { Terminal } from "../../terminal.js";
import { currentTrust } from "../keys/access.js";
import { type DrillOptions, pathOf, readFile, scheduleAndFacts } from "../runtime/drills/schedule.js";

export interface NoticeOptions extends DrillOptions {
  readonly routesPath?: string;
}

export interface DrillInputs {
  readonly nowMs: number;
  readonly report: ScheduleReport;
  readonly facts: DrillFacts;
  readonly routing: Routing;
}

export function readInputs(terminal: Terminal, options: NoticeOptions): DrillInputs {
  const nowMs = SYSTEM_CLOCK.nowMs();
  const { schedule, facts } = scheduleAndFacts(terminal, options, nowMs);
  const report = scheduleReport(schedule, facts, nowMs);
  const routing = routingFor(routesHere(terminal, options), report.owners);
  return { nowMs, report, facts: facts.ok ? facts.value : NO_FACTS, routing };
}

/** Null where there is no file. Problems: `routes_malformed`, `routes_unreadable`. */
export function routesHere(terminal: Terminal, options: NoticeOptions): Result<Routing> | null {
  return readFile(routesPath(terminal, options), ROUTES_BYTES, "routes_unreadable", readRouting);
}

export function routesPath(terminal: Terminal, { routesPath: given }: NoticeOptions): string {
  return pathOf(terminal, given, "CAVRA_GO_ROLLBACK_DRILL_ROUTES", "rollback-drill-routes.json");
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
