// How a drill went, computed from what was seen. Implements spec/drills.md 1.5 and 1.6. Pure; the only place that judges a drill.
// The temptation is to let whoever ran it say so: a runner that stops before it measured anything would then have found nothing wrong.

import { type Finding, found, ordered, passed } from "../documents/verdict.js";
import { DRILL_FAULTS } from "./faults.js";
import type { CallRow, Experiment, Histogram, Observations, Round, Steady } from "./observed.js";

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

export interface DrillVerdict {
  readonly verdict: "pass" | "fail" | "inconclusive";
  readonly findings: readonly Finding[];
  readonly measured: Measured;
}

export function drillVerdict(experiment: Experiment, seen: Observations): DrillVerdict {
  const measured = measure(experiment, seen);
  const wrong = [...failures(experiment, seen, measured), ...doubts(experiment, seen, measured)];
  const findings = wrong.length > 0 ? ordered(wrong) : [passed(`${measured.calls} calls, all answered as TypeScript answers them`)];
  const [{ verdict }] = findings as readonly [Finding];
  return { verdict: verdict === "pass" ? "pass" : verdict === "fail" ? "fail" : "inconclusive", findings, measured };
}

function measure({ fault }: Experiment, { rounds, before, after, codes }: Observations): Measured {
  const rows = rounds.flatMap(({ calls }) => calls);
  const firsts = rounds.map(firstAnswer).filter((us) => us >= 0);
  const demoted = rounds.map((round) => demotion(round, DRILL_FAULTS[fault].stays));
  const steady = (of: keyof Steady) => before[of] + after[of];
  return {
    rounds: rounds.length,
    calls: rows.length,
    in_flight: rounds.reduce((sum, round) => sum + round.calls.filter((row) => isOut(row, round.fault_us)).length, 0),
    wrong: rows.filter(isWrong).length + steady("wrong"),
    lost: rows.filter(isLost).length + steady("lost"),
    misrecorded: rows.filter((row) => isMisrecorded(row, codes)).length + steady("misrecorded"),
    first_p50_us: rank(firsts, 50),
    first_p99_us: rank(firsts, 99),
    first_most_us: rank(firsts, 100),
    demoted_p99_us: rank(demoted, 99),
    demoted_most_us: rank(demoted, 100),
  };
}

/** Where each stands in a row. */
const COLUMNS = { caller: 0, begun: 1, took: 2, answer: 3, expected: 4, backend: 5, code: 6, records: 7 } as const;

export function column(row: CallRow, name: keyof typeof COLUMNS): number {
  return row[COLUMNS[name]] ?? -1;
}

export function endedAt(row: CallRow): number {
  return column(row, "begun") + column(row, "took");
}

function isOut(row: CallRow, atUs: number): boolean {
  return column(row, "begun") <= atUs && endedAt(row) > atUs;
}

function isLost(row: CallRow): boolean {
  return column(row, "answer") < 0;
}

/** TypeScript by itself could not be asked: nobody knows what should have been answered. */
function isUnwatched(row: CallRow): boolean {
  return column(row, "expected") < 0;
}

function isWrong(row: CallRow): boolean {
  return !isLost(row) && !isUnwatched(row) && column(row, "answer") !== column(row, "expected");
}

/** What could not be put on record was refused, and is not on record. */
function isMisrecorded(row: CallRow, codes: readonly string[]): boolean {
  return column(row, "records") !== (codes[column(row, "code")] === UNRECORDABLE ? 0 : 1);
}

const UNRECORDABLE = "evidence_unavailable";

/** From the fault to the end of the first call that TypeScript answered; -1 where none did. */
export function firstAnswer({ calls, fault_us }: Round): number {
  const ends = calls.filter((row) => column(row, "backend") === 0 && endedAt(row) >= fault_us).map(endedAt);
  return ends.length === 0 ? -1 : Math.min(...ends) - fault_us;
}

/** From the fault to the end of the last call that Go answered, before TypeScript had all; where Go comes back by itself, before TypeScript's first. */
export function demotion(round: Round, stays: boolean): number {
  const { calls, fault_us } = round;
  const until = stays ? Number.MAX_SAFE_INTEGER : fault_us + Math.max(0, firstAnswer(round));
  const ends = calls.filter((row) => column(row, "backend") === 1).map(endedAt);
  return Math.max(0, ...ends.filter((end) => end >= fault_us && end <= until).map((end) => end - fault_us));
}

/** The smallest value that so many of a hundred do not exceed; -1 of none. */
export function rank(values: readonly number[], percent: number): number {
  const sorted = [...values].sort((left, right) => left - right);
  return sorted[Math.max(0, Math.ceil((sorted.length * percent) / 100) - 1)] ?? -1;
}

function failures(experiment: Experiment, { after, broken_off, histogram }: Observations, measured: Measured): readonly Finding[] {
  const { fault, objectives } = experiment;
  const { wrong, lost, misrecorded, first_p99_us, demoted_p99_us } = measured;
  const fails = (holds: boolean, code: string, message: string) => (holds ? [found("fail", code, message)] : []);
  const first = firstObjective(experiment);
  const late = first_p99_us > first && !isBusy(experiment, histogram);
  const demoted = objectives.full_demotion_ms * 1_000;
  return [
    ...fails(wrong > 0, "answer_wrong", `${wrong} calls were answered otherwise than TypeScript answers them`),
    ...fails(lost > 0, "answer_lost", `${lost} calls were not answered`),
    ...fails(misrecorded > 0, "answer_misrecorded", `${misrecorded} calls are not on record exactly once`),
    ...fails(late, "first_answer_late", `TypeScript's first answer came after ${first_p99_us} µs, not within ${first}`),
    ...fails(demoted_p99_us > demoted, "demotion_late", `Go answered for ${demoted_p99_us} µs more, not for at most ${demoted}`),
    ...fails(
      broken_off === "" && after.calls > 0 && after.go === 0,
      "not_restored",
      `after \`${fault}\` was undone Go answered none of ${after.calls} calls`,
    ),
  ];
}

/** Whoever is silent is noticed when a deadline is over. */
function firstObjective({ fault, objectives, deadline_ms }: Experiment): number {
  return (objectives.first_answer_p99_ms + (DRILL_FAULTS[fault].silent === true ? deadline_ms : 0)) * 1_000;
}

/** More than one in ten calls took longer than the objective when nothing was wrong yet: on this machine, now, it says nothing about the fault. */
function isBusy({ objectives }: Experiment, { edges_us, before }: Histogram): boolean {
  const [all, quick] = before.reduce(
    ([all, quick], count, at) => [
      all + count,
      quick + ((edges_us[at] ?? Number.MAX_SAFE_INTEGER) <= objectives.first_answer_p99_ms * 1_000 ? count : 0),
    ],
    [0, 0],
  );
  return all > 0 && (all - quick) * 10 > all;
}

function doubts(experiment: Experiment, seen: Observations, { in_flight, calls, first_p99_us }: Measured): readonly Finding[] {
  const { fault, rounds } = experiment;
  const busy = first_p99_us > firstObjective(experiment) && isBusy(experiment, seen.histogram);
  const doubt = (holds: boolean, code: string, message: string) => (holds ? [found("inconclusive", code, message)] : []);
  const { codes } = DRILL_FAULTS[fault];
  const unseen = seen.rounds.filter((round) => firstAnswer(round) < 0).length;
  const told = seen.rounds.some((round) => round.calls.some((row) => codes.includes(seen.codes[column(row, "code")] ?? "")));
  const unwatched = seen.rounds.reduce((sum, round) => sum + round.calls.filter(isUnwatched).length, 0);
  return [
    ...doubt(seen.broken_off !== "", "broken_off", `it was broken off: ${seen.broken_off.slice(0, 200)}`),
    ...doubt(calls === 0, "nothing_measured", "no call was measured"),
    ...doubt(seen.rounds.length < rounds, "rounds_missing", `${seen.rounds.length} of ${rounds} rounds were run`),
    ...doubt(seen.before.go === 0, "not_steady", "Go answered nothing before the fault: there was nothing to take over from"),
    ...doubt(seen.after.calls === 0, "not_looked_after", "nothing was asked after the fault was undone"),
    ...doubt(in_flight === 0, "nothing_in_flight", "no call was out when the fault came"),
    ...doubt(unwatched > 0, "not_watched", `of ${unwatched} calls nobody knows what TypeScript answers`),
    ...doubt(unseen > 0, "no_first_answer", `in ${unseen} rounds TypeScript answered no call`),
    ...doubt(busy, "machine_busy", `the first answer came after ${first_p99_us} µs; here calls took as long before the fault`),
    ...doubt(!told, "fault_not_seen", `no call fell back by \`${codes.join("` or `")}\`: the fault may never have come`),
  ];
}
