// What the gate is told of rehearsal and drill history. Implements spec/drills.md 3.3 and 4.7, and spec/promotion.md 2.3 and 2.4 for them.

import { formatTime } from "../../base/index.js";
import { DAY_MS, momentOf, type OpenGiven, openDocument } from "../documents/document.js";
import { unboundIn } from "../documents/subject.js";
import { type Finding, found, passed } from "../documents/verdict.js";
import type { FaultName } from "../plan/faults.js";
import { drillsIn, type KnownDrill, openDrills } from "./drills.js";
import { DRILL_DAYS } from "./events.js";
import { type HistoryHead, readHistory } from "./history.js";
import type { Objectives } from "./observed.js";
import { REHEARSAL, type Rehearsal } from "./rehearsal.js";
import { tally } from "./tally.js";
import { judged } from "./verdict.js";

/** As the gate takes it, and beside it what the evidence names. */
export interface DrillInput {
  readonly findings: readonly Finding[];
  readonly issued_at: string;
  readonly ends_at: string;
  readonly digest: string;
  readonly signers: readonly string[];
}

/** What the plan asks for: these faults, as fast as this; null where no plan says. */
export interface RehearsalWanted {
  readonly faults: readonly FaultName[];
  readonly objectives: Objectives | null;
}

export function rehearsalFindings(bytes: Uint8Array | null, given: OpenGiven, { faults, objectives }: RehearsalWanted): DrillInput {
  const { opened, findings, digest } = openDocument(REHEARSAL, bytes, given);
  if (opened === null) return { findings, issued_at: "", ends_at: "", digest, signers: [] };
  const { body, signers } = opened;
  const missing = faults
    .filter((fault) => !body.faults.includes(fault))
    .map((fault) => found("inconclusive", "fault_not_rehearsed", `\`${fault}\` was not rehearsed`, REHEARSAL.remedy));
  const slow = objectives === null ? [] : slowIn(body, objectives);
  const all = [...findings, ...missing, ...slow];
  const held = all.length > 0 ? all : [passed(`${body.drills.length} drills passed; it holds until ${body.expires_at}`)];
  return { findings: held, issued_at: body.issued_at, ends_at: body.expires_at, digest, signers };
}

/** Drills that passed by their own objectives and would not by the plan's. */
function slowIn({ drills }: Rehearsal, wanted: Objectives): readonly Finding[] {
  return drills.flatMap(({ experiment, observations }) => {
    const objectives = {
      first_answer_p99_ms: Math.min(wanted.first_answer_p99_ms, experiment.objectives.first_answer_p99_ms),
      full_demotion_ms: Math.min(wanted.full_demotion_ms, experiment.objectives.full_demotion_ms),
    };
    const counted = tally(experiment, observations);
    const [own, plans] = [judged(experiment, observations, counted), judged({ ...experiment, objectives }, observations, counted)];
    if (own.verdict !== "pass" || plans.verdict === "pass") return [];
    const why = plans.findings.map(({ code }) => code).join(", ");
    return [
      found(
        plans.verdict,
        plans.verdict === "fail" ? "drill_failed" : "drill_inconclusive",
        `\`${experiment.fault}\`, by the plan: ${why}`,
        REHEARSAL.remedy,
      ),
    ];
  });
}

/** Of a history also what is in it; no drills where it does not hold. */
export interface HistoryInput extends DrillInput {
  readonly drills: readonly KnownDrill[];
}

export interface HistoryWanted {
  /** The schedule's interval, where it is shorter than DRILL_DAYS. */
  readonly days: number;
  /** What is remembered of the newest line; null where nothing is. */
  readonly head: HistoryHead | null;
}

const AGAIN = "run `cavra runtime go-rollback-drills run --fault FAULT`";

export function drillHistoryFindings(bytes: Uint8Array | null, given: OpenGiven, wanted: HistoryWanted): HistoryInput {
  const { events, findings, digest } = readHistory(bytes, given, wanted.head);
  const signers = [...new Set(events.flatMap((event) => event.signers))];
  if (findings.length > 0) return { findings, issued_at: "", ends_at: "", digest, signers, drills: [] };
  const days = Math.min(wanted.days, DRILL_DAYS);
  const drills = drillsIn(events, given.nowMs);
  // Done in the mode that it is about; whichever fault: that each is rehearsed is another input's.
  const counted = drills.filter(({ verdict, mode }) => verdict === "pass" && mode === "promoted").slice(-1);
  const behind = given.clockBehind ? [found("clock_suspect", "clock_behind", "the clock is behind what this machine has seen")] : [];
  const open = openDrills(drills, given.nowMs, days);
  const gaps = counted.length === 0 ? [NOTHING] : [];
  const stale = counted.flatMap((drill) => staleOf(drill, given.nowMs, days));
  const bound = given.running;
  const other =
    bound === null ? [] : counted.flatMap(({ subject }) => unboundIn(subject, bound, ["runtime", "typescript", "go", "catalogue"], AGAIN));
  const all = [...behind, ...open, ...gaps, ...stale, ...other.slice(0, 1)];
  const ends = counted.map((drill) => endOf(drill, days)).sort();
  const failed = drills.filter(({ verdict }) => verdict === "fail").length;
  const unclear = drills.filter(({ verdict }) => verdict === "inconclusive").length;
  const well = passed(
    `${drills.length} drills, ${failed} that failed and ${unclear} that showed nothing answered for; it holds until ${ends[0] ?? ""}`,
  );
  return {
    findings: all.length > 0 ? all : [well],
    issued_at: counted.map(({ ended_at }) => ended_at).sort()[0] ?? "",
    ends_at: ends[0] ?? "",
    digest,
    signers,
    drills,
  };
}

const NOTHING = found("inconclusive", "nothing_drilled", "no drill has passed yet", AGAIN);

function staleOf(drill: KnownDrill, nowMs: number, days: number): readonly Finding[] {
  const end = endOf(drill, days);
  if (momentOf(end) > nowMs) return [];
  return [found("stale", "document_stale", `the drill of \`${drill.fault}\` ended at ${end}`, AGAIN)];
}

function endOf({ ended_at, expires_at }: KnownDrill, days: number): string {
  const end = formatTime(momentOf(ended_at) + days * DAY_MS);
  return end < expires_at ? end : expires_at;
}
