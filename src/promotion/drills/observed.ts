// What a drill sets out to do, and what was seen while it did: raw numbers, and no word about how it went. Implements spec/drills.md 1.1 and 1.3.
// INVARIANT: nothing here is a verdict. Who runs a drill writes down what happened; who reads it judges (verdict.ts).

import type { Shape } from "../../base/index.js";
import { FAULTS, type FaultName } from "../plan/faults.js";

export const DRILL_MODES = ["enforce", "promoted"] as const;
/** Limits of one drill: callers, rounds, calls that are written down, texts of an action. */
export const DRILL_CALLERS = 64;
export const DRILL_ROUNDS = 10_000;
export const DRILL_CALLS = 100_000;
export const DRILL_OUTPUT = 2_000;

export interface Objectives {
  /** From the fault to the first answer of TypeScript, in 99 of 100 rounds. */
  readonly first_answer_p99_ms: number;
  /** From the fault to the last answer of Go before TypeScript has all, in 99 of 100 rounds. */
  readonly full_demotion_ms: number;
}

/** Verbatim what is done: somebody else can do the same again. */
export interface Experiment {
  readonly fault: FaultName;
  /** What stands in for what cannot be done as it is; "" where nothing does. */
  readonly stand_in: string;
  readonly mode: (typeof DRILL_MODES)[number];
  /** What the callers ask, one after the other; `#` stands for a word that no other call has. */
  readonly lines: readonly string[];
  readonly callers: number;
  readonly pause_us: number;
  readonly deadline_ms: number;
  readonly before_ms: number;
  readonly watch_ms: number;
  readonly rounds: number;
  readonly objectives: Objectives;
}

/** A stretch without a fault: what was asked, and what became of it. */
export interface Steady {
  readonly calls: number;
  /** Answered otherwise than TypeScript answers. */
  readonly wrong: number;
  readonly lost: number;
  /** On record more than once, or never. */
  readonly misrecorded: number;
  /** Answers that were Go's. */
  readonly go: number;
}

/** One thing that was done, and what came back. Times are microseconds since the round began. */
export interface DrillAction {
  readonly at_us: number;
  readonly name: string;
  readonly output: string;
}

/**
 * A call that was out while the fault was: caller, begun_us, took_us, answer, expected, backend, code, records. `answer` and `expected` are places in
 * `answers` (-1: none came), `backend` 0 TypeScript, 1 Go, -1 unknown; `code` a place in `codes`; `records` how often it is on record.
 */
export type CallRow = readonly number[];
export const CALL_COLUMNS = 8;

export interface Round {
  readonly fault_us: number;
  readonly actions: readonly DrillAction[];
  readonly calls: readonly CallRow[];
}

export interface Histogram {
  /** Upper ends of the first columns, in microseconds; the last column has what took longer. */
  readonly edges_us: readonly number[];
  readonly before: readonly number[];
  readonly around: readonly number[];
  readonly after: readonly number[];
}

export interface Observations {
  readonly begun_at: string;
  readonly ended_at: string;
  /** "" where it came to its end; else why it did not. */
  readonly broken_off: string;
  readonly machine: string;
  /** SHA-256 of answers, what differs from call to call taken out. */
  readonly answers: readonly string[];
  /** Fallback codes; the first is "". */
  readonly codes: readonly string[];
  readonly before: Steady;
  readonly after: Steady;
  readonly rounds: readonly Round[];
  readonly histogram: Histogram;
}

export const EXPERIMENT: Shape = {
  before_ms: "count",
  callers: "count",
  deadline_ms: "count",
  fault: { $oneOf: FAULTS },
  lines: ["text"],
  mode: { $oneOf: DRILL_MODES },
  objectives: { full_demotion_ms: "count", first_answer_p99_ms: "count" },
  pause_us: "count",
  rounds: "count",
  stand_in: "text",
  watch_ms: "count",
};

const STEADY: Shape = { calls: "count", go: "count", lost: "count", misrecorded: "count", wrong: "count" };

export const OBSERVATIONS: Shape = {
  after: STEADY,
  answers: ["digest"],
  before: STEADY,
  begun_at: "time",
  broken_off: "text",
  codes: ["text"],
  ended_at: "time",
  histogram: { after: ["count"], around: ["count"], before: ["count"], edges_us: ["count"] },
  machine: "text",
  rounds: [{ actions: [{ at_us: "count", name: "text", output: "text" }], calls: [["number"]], fault_us: "count" }],
};

/** What the form of an experiment cannot say; "" for one that is whole. */
export function experimentFault({ callers, rounds, lines, deadline_ms, objectives }: Experiment): string {
  if (callers < 1 || callers > DRILL_CALLERS) return `an experiment has 1 to ${DRILL_CALLERS} callers`;
  if (rounds < 1 || rounds > DRILL_ROUNDS) return `an experiment has 1 to ${DRILL_ROUNDS} rounds`;
  if (lines.length < 1 || lines.length > 64) return "an experiment asks 1 to 64 lines";
  if (deadline_ms < 1 || deadline_ms > 60_000) return "a deadline is from 1 to 60000 ms";
  return objectives.first_answer_p99_ms < 1 || objectives.full_demotion_ms < 1 ? "an objective is at least 1 ms" : "";
}

/** What the form of observations cannot say; "" for those that are whole. */
export function observedFault({ rounds }: Experiment, seen: Observations): string {
  const { answers, codes, histogram } = seen;
  if (seen.rounds.length > rounds) return "there are more rounds than the experiment has";
  if (codes[0] !== "") return "the first code is not the empty one";
  if (seen.begun_at > seen.ended_at) return "it ended before it began";
  const columns = histogram.edges_us.length + 1;
  if (![histogram.before, histogram.around, histogram.after].every(({ length }) => length === columns))
    return "a histogram has other columns";
  if (!histogram.edges_us.every((edge, at) => at === 0 || edge > (histogram.edges_us[at - 1] ?? 0))) return "the columns do not ascend";
  if (seen.rounds.reduce((sum, { calls }) => sum + calls.length, 0) > DRILL_CALLS) return `more than ${DRILL_CALLS} calls are written down`;
  const long = seen.rounds.some(({ actions }) => actions.some(({ output }) => output.length > DRILL_OUTPUT));
  if (long) return `an action says more than ${DRILL_OUTPUT} characters`;
  const bent = seen.rounds.some(({ calls }) => calls.some((row) => !isCall(row, answers.length, codes.length)));
  return bent ? "a call's row has another form" : "";
}

function isCall(row: CallRow, answers: number, codes: number): boolean {
  const [caller = -1, begun = -1, took = -1, answer = -2, expected = -2, backend = -2, code = -1, records = -1] = row;
  if (row.length !== CALL_COLUMNS || Math.min(caller, begun, took, code, records) < 0) return false;
  return answer < answers && expected < answers && backend <= 1 && code < codes;
}
