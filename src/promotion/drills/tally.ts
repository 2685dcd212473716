// What was seen of a drill, counted: no word yet about how it went. Implements spec/drills.md 1.5. Pure.
// The gate counts every call of every drill anew each time it is asked, so a row is looked at once, by place.

import { DRILL_FAULTS } from "./faults.js";
import type { CallRow, Experiment, Observations, Round, Steady } from "./observed.js";

/** What was measured; times in microseconds, -1 where there was nothing to measure. */
export interface Measured {
  readonly rounds: number;
  /** Calls that were out when the fault came, or were made while it was watched. */
  readonly calls: number;
  readonly in_flight: number;
  readonly wrong: number;
  readonly lost: number;
  readonly misrecorded: number;
  /** Of all rounds, from the fault to the first answer of TypeScript. */
  readonly first_p50_us: number;
  readonly first_p99_us: number;
  readonly first_most_us: number;
  /** … and to the last answer of Go before TypeScript had all. */
  readonly demoted_p99_us: number;
  readonly demoted_most_us: number;
}

/** What is told of a drill, and beside it what only its verdict asks for. */
export interface Tally {
  readonly measured: Measured;
  /** Calls of which nobody knows what TypeScript answers: by itself it could not be asked. */
  readonly unwatched: number;
  /** Rounds in which TypeScript answered nothing. */
  readonly unseen: number;
  /** A call fell back by a code of the fault. */
  readonly told: boolean;
}

const UNRECORDABLE = "evidence_unavailable";

export function tally({ fault }: Experiment, { rounds, before, after, codes }: Observations): Tally {
  const { codes: own, stays } = DRILL_FAULTS[fault];
  // What could not be put on record was refused, and is not on record.
  const records = codes.map((code) => (code === UNRECORDABLE ? 0 : 1));
  const told = codes.map((code) => own.includes(code));
  const seen = { calls: 0, in_flight: 0, wrong: 0, lost: 0, misrecorded: 0, unwatched: 0, told: false };
  for (const { calls, fault_us } of rounds) {
    seen.calls += calls.length;
    for (const row of calls) {
      const call = callOf(row);
      const { begun, took, answer, expected } = call;
      if (begun <= fault_us && begun + took > fault_us) seen.in_flight++;
      if (answer < 0) seen.lost++;
      else if (expected >= 0 && answer !== expected) seen.wrong++;
      if (expected < 0) seen.unwatched++;
      if (call.records !== (records[call.code] ?? 1)) seen.misrecorded++;
      seen.told ||= told[call.code] === true;
    }
  }
  const firsts = rounds.map(firstAnswer);
  const answered = firsts.filter((us) => us >= 0);
  const demoted = rounds.map((round, at) => demotion(round, stays ? null : (firsts[at] ?? -1)));
  const steady = (of: keyof Steady) => before[of] + after[of];
  const measured = {
    rounds: rounds.length,
    calls: seen.calls,
    in_flight: seen.in_flight,
    wrong: seen.wrong + steady("wrong"),
    lost: seen.lost + steady("lost"),
    misrecorded: seen.misrecorded + steady("misrecorded"),
    first_p50_us: rank(answered, 50),
    first_p99_us: rank(answered, 99),
    first_most_us: rank(answered, 100),
    demoted_p99_us: rank(demoted, 99),
    demoted_most_us: rank(demoted, 100),
  };
  return { measured, unwatched: seen.unwatched, unseen: rounds.length - answered.length, told: seen.told };
}

interface Call {
  readonly begun: number;
  readonly took: number;
  readonly answer: number;
  readonly expected: number;
  readonly backend: number;
  readonly code: number;
  readonly records: number;
}

/** A row by its names. By place, not taken apart as a list: that asks an iterator eight times. */
export function callOf(row: CallRow): Call {
  return {
    begun: row[1] ?? -1,
    took: row[2] ?? -1,
    answer: row[3] ?? -1,
    expected: row[4] ?? -1,
    backend: row[5] ?? -1,
    code: row[6] ?? -1,
    records: row[7] ?? -1,
  };
}

/** From the fault to the end of the first call that TypeScript answered; -1 where none did. */
export function firstAnswer({ calls, fault_us }: Round): number {
  let first = Number.POSITIVE_INFINITY;
  for (const row of calls) {
    const { begun, took, backend } = callOf(row);
    if (backend === 0 && begun + took >= fault_us && begun + took < first) first = begun + took;
  }
  return first === Number.POSITIVE_INFINITY ? -1 : first - fault_us;
}

/** From the fault to the end of the last call that Go answered before TypeScript's first answer; where Go stays away (null), of the last of all. */
function demotion({ calls, fault_us }: Round, first: number | null): number {
  const until = first === null ? Number.MAX_SAFE_INTEGER : fault_us + Math.max(0, first);
  let last = fault_us;
  for (const row of calls) {
    const { begun, took, backend } = callOf(row);
    if (backend === 1 && begun + took <= until && begun + took > last) last = begun + took;
  }
  return last - fault_us;
}

/** The smallest value that so many of a hundred do not exceed; -1 of none. */
function rank(values: readonly number[], percent: number): number {
  const sorted = [...values].sort((left, right) => left - right);
  return sorted[Math.max(0, Math.ceil((sorted.length * percent) / 100) - 1)] ?? -1;
}
