// From calls to what is written down of them: rows of those around a fault, counts of the others, and how long all took. Implements spec/drills.md 1.3.
// INVARIANT: no call that was made is left out: it is a row, or it is counted before or after. Calls that only warmed something up have no latency.

import type { CallRow, DrillAction, Experiment, Histogram, Observations, Round, Steady } from "../promotion/index.js";
import type { Call } from "./load.js";
import { type Recorded, recordedIn } from "./recorded.js";
import type { Scratch } from "./scratch.js";
import { expectedOf } from "./stage.js";

/** A round as it was run; all times by the clock that the processes of a boot share. */
export interface SeenRound {
  readonly faultUs: number;
  readonly watchedUs: number;
  readonly actions: readonly { readonly us: number; readonly action: Omit<DrillAction, "at_us"> }[];
  readonly calls: readonly Call[];
}

/** Everything that was seen so far: what breaks a drill off does not make it unseen. */
export interface Seen {
  readonly rounds: SeenRound[];
  /** Calls that warmed something up. */
  readonly other: Call[];
  readonly after: Call[];
  /** What TypeScript alone answers. */
  readonly expected: Map<Call, string>;
}

export function newSeen(): Seen {
  return { rounds: [], other: [], after: [], expected: new Map() };
}

type Written = Pick<Observations, "answers" | "codes" | "before" | "after" | "rounds" | "histogram">;

/** Looks up the fate of every call, and writes all of them down. */
export async function written(seen: Seen, scratch: Scratch | null, mode: Experiment["mode"]): Promise<Written> {
  const tables: Tables = { answers: [], codes: [""] };
  const recorded = scratch === null ? () => NOT_ON_RECORD : recordedIn(scratch.drilled.state, mode);
  const unasked = [...seen.rounds.flatMap(({ calls }) => calls), ...seen.other, ...seen.after].filter((call) => !seen.expected.has(call));
  const asked = scratch === null ? [] : await expectedOf(scratch, unasked);
  for (const [at, call] of unasked.entries()) seen.expected.set(call, asked[at] ?? "");
  const fateOf = (call: Call): Fate => ({ call, expected: seen.expected.get(call) ?? "", recorded: recorded(call.line) });
  const [before, after]: [Fate[], Fate[]] = [[], seen.after.map(fateOf)];
  const around: Fate[] = [];
  const rounds = seen.rounds.map((round): Round => {
    const fates = round.calls.map(fateOf);
    const rows = fates.filter(({ call }) => call.endedUs >= round.faultUs && call.begunUs <= round.watchedUs);
    before.push(...fates.filter(({ call }) => call.endedUs < round.faultUs));
    after.push(...fates.filter(({ call }) => call.begunUs > round.watchedUs));
    around.push(...rows);
    const beganUs = Math.min(round.faultUs, ...rows.map(({ call }) => call.begunUs), ...round.actions.map(({ us }) => us));
    return {
      fault_us: round.faultUs - beganUs,
      actions: round.actions.map(({ us, action }) => ({ at_us: us - beganUs, ...action })),
      calls: rows.map((fate) => rowOf(fate, beganUs, tables)),
    };
  });
  const histogram = histogramOf(before, around, after);
  return { ...tables, before: steadyOf([...seen.other.map(fateOf), ...before]), after: steadyOf(after), rounds, histogram };
}

const NOT_ON_RECORD: Recorded = { records: 0, backend: -1, code: "" };

/** A call with its fate. */
export interface Fate {
  readonly call: Call;
  readonly expected: string;
  readonly recorded: Recorded;
}

export const EDGES_US: readonly number[] = [
  500, 1_000, 2_000, 5_000, 10_000, 20_000, 50_000, 100_000, 200_000, 500_000, 1_000_000, 2_000_000, 5_000_000,
];

export function steadyOf(fates: readonly Fate[]): Steady {
  const count = (holds: (fate: Fate) => boolean) => fates.filter(holds).length;
  return {
    calls: fates.length,
    wrong: count(({ call, expected }) => call.answer !== "" && call.answer !== expected),
    lost: count(({ call }) => call.answer === ""),
    misrecorded: count((fate) => recordsOf(fate) !== (fate.call.unrecordable ? 0 : 1)),
    go: count(({ recorded, call }) => recorded.backend === 1 && !call.byItself),
  };
}

/** A caller that decided by itself has a record of its own; the authority may have one of the same call too (backend.md 8.4). */
function recordsOf({ call, recorded }: Fate): number {
  return call.byItself && recorded.records > 1 ? 1 : recorded.records;
}

export interface Tables {
  readonly answers: string[];
  readonly codes: string[];
}

/** Times from the round's beginning. */
export function rowOf(fate: Fate, beganUs: number, { answers, codes }: Tables): CallRow {
  const { call, expected, recorded } = fate;
  return [
    call.caller,
    call.begunUs - beganUs,
    call.endedUs - call.begunUs,
    call.answer === "" ? -1 : placeIn(answers, call.answer),
    expected === "" ? -1 : placeIn(answers, expected),
    call.byItself || call.unrecordable ? 0 : recorded.backend,
    placeIn(codes, call.unrecordable ? "evidence_unavailable" : call.byItself ? "by_itself" : recorded.code),
    recordsOf(fate),
  ];
}

function placeIn(list: string[], text: string): number {
  const at = list.indexOf(text);
  return at >= 0 ? at : list.push(text) - 1;
}

export function histogramOf(before: readonly Fate[], around: readonly Fate[], after: readonly Fate[]): Histogram {
  const columns = (fates: readonly Fate[]) => {
    const counts = Array.from({ length: EDGES_US.length + 1 }, () => 0);
    for (const { call } of fates) {
      const at = EDGES_US.findIndex((edge) => call.endedUs - call.begunUs <= edge);
      const column = at < 0 ? EDGES_US.length : at;
      counts[column] = (counts[column] ?? 0) + 1;
    }
    return counts;
  };
  return { edges_us: EDGES_US, before: columns(before), around: columns(around), after: columns(after) };
}
