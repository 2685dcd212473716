// How a drill went, computed from what was seen. Implements spec/drills.md 1.6. Pure; the only place that judges a drill.
// The temptation is to let whoever ran it say so: a runner that stops before it measured anything would then have found nothing wrong.

import { type Finding, found, ordered, passed } from "../documents/verdict.js";
import { DRILL_FAULTS } from "./faults.js";
import type { Experiment, Histogram, Observations } from "./observed.js";
import { type Measured, type Tally, tally } from "./tally.js";

export interface DrillVerdict {
  readonly verdict: "pass" | "fail" | "inconclusive";
  readonly findings: readonly Finding[];
  readonly measured: Measured;
}

export function drillVerdict(experiment: Experiment, seen: Observations): DrillVerdict {
  return judged(experiment, seen, tally(experiment, seen));
}

/** The same of what was counted before: objectives change nothing of that. */
export function judged(experiment: Experiment, seen: Observations, counted: Tally): DrillVerdict {
  const { measured } = counted;
  const wrong = [...failures(experiment, seen, measured), ...doubts(experiment, seen, counted)];
  const findings = wrong.length > 0 ? ordered(wrong) : [passed(`${measured.calls} calls, all answered as TypeScript answers them`)];
  const [{ verdict }] = findings as readonly [Finding];
  return { verdict: verdict === "pass" ? "pass" : verdict === "fail" ? "fail" : "inconclusive", findings, measured };
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

function doubts(experiment: Experiment, seen: Observations, { measured, unwatched, unseen, told }: Tally): readonly Finding[] {
  const { fault, rounds } = experiment;
  const { in_flight, calls, first_p99_us } = measured;
  const busy = first_p99_us > firstObjective(experiment) && isBusy(experiment, seen.histogram);
  const doubt = (holds: boolean, code: string, message: string) => (holds ? [found("inconclusive", code, message)] : []);
  const { codes } = DRILL_FAULTS[fault];
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
