// What a campaign counts: cases, disagreements and unsafe ones, for each stratum and in all, and what its generator reached. Implements spec/parity.md section 4.

import { sortedByBytes } from "../base/index.js";
import type { Judgement } from "../policy/index.js";
import type { StratumRow } from "../promotion/index.js";
import type { Case } from "./cases/index.js";

export interface Count {
  readonly cases: number;
  readonly mismatches: number;
  readonly unsafe: number;
}

/** Dimension → name → counts; plain data, so that it goes between threads and into files. */
export type Strata = Record<string, Record<string, [cases: number, mismatches: number, unsafe: number]>>;

export interface Tally {
  readonly all: [cases: number, mismatches: number, unsafe: number];
  hostile: number;
  /** Judgements without canonical form, where only the refusal was compared. */
  refused: number;
  readonly strata: Strata;
}

export const DIMENSIONS = ["action", "family", "size", "verdict", "severity", "effect", "rulings", "pair", "construct", "entry"] as const;

export function newTally(): Tally {
  const strata: Strata = Object.create(null);
  for (const dimension of DIMENSIONS) strata[dimension] = Object.create(null);
  return { all: [0, 0, 0], hostile: 0, refused: 0, strata };
}

/** `outcome`: 0 agreed, 1 disagreed, 2 disagreed and unsafe. */
export function count(tally: Tally, one: Case, judgement: Judgement, outcome: 0 | 1 | 2): void {
  add(tally.all, outcome);
  if (one.hostile) tally.hostile++;
  const { strata } = tally;
  const at = (dimension: (typeof DIMENSIONS)[number], name: string) => {
    const names = strata[dimension] ?? {};
    const known = names[name];
    if (known === undefined) names[name] = [1, outcome > 0 ? 1 : 0, outcome > 1 ? 1 : 0];
    else add(known, outcome);
  };
  at("action", one.evaluation.action.action_type);
  at("family", one.family);
  at("size", sizeOf(one.evaluation.action));
  at("verdict", judgement.verdict);
  at("severity", judgement.severity);
  at("effect", judgement.effects[0]?.kind ?? "none");
  at("rulings", shapeOf(judgement));
  for (const pair of pairsOf(judgement)) at("pair", pair);
  for (const construct of new Set(one.constructs)) at("construct", construct);
  for (const entry of new Set(one.entries)) at("entry", entry);
}

/** Bytes of target and arguments, as the smallest of these that holds them. */
const SIZES = [16, 32, 64, 128, 256, 1_024, 4_096] as const;

function sizeOf({ target, arguments: more }: Case["evaluation"]["action"]): string {
  const bytes = Buffer.byteLength(target) + Buffer.byteLength(more);
  const most = SIZES.find((size) => bytes <= size);
  return most === undefined ? "more" : `to ${String(most).padStart(4, "0")}`;
}

function add(counts: [number, number, number], outcome: 0 | 1 | 2): void {
  counts[0]++;
  if (outcome > 0) counts[1]++;
  if (outcome > 1) counts[2]++;
}

/** None, one, two and many rulings, and the most rules that spoke of one effect. */
function shapeOf({ rulings }: Judgement): string {
  let most = 0;
  for (const { rules } of rulings) if (rules.length > most) most = rules.length;
  return `${few(rulings.length)} effects, ${few(most)} rules`;
}

function few(number: number): string {
  return number < 3 ? (["no", "one", "two"][number] ?? "") : "many";
}

/** Of four verdicts beside each other, the same one twice included. */
export const VERDICT_PAIRS = 10;

/** Which two verdicts stood beside each other in one judgement. */
function pairsOf({ rulings }: Judgement): readonly string[] {
  if (rulings.length < 2) return [];
  const verdicts = [...new Set(rulings.map(({ verdict }) => verdict))].sort();
  if (verdicts.length === 1) return [`${verdicts[0]} ${verdicts[0]}`];
  return verdicts.flatMap((first, i) => verdicts.slice(i + 1).map((second) => `${first} ${second}`));
}

export function merge(into: Tally, from: Tally): void {
  addAll(into.all, from.all);
  into.hostile += from.hostile;
  into.refused += from.refused;
  for (const [dimension, names] of Object.entries(from.strata)) {
    const known = into.strata[dimension] ?? {};
    into.strata[dimension] = known;
    for (const [name, counts] of Object.entries(names)) {
      const there = known[name];
      if (there === undefined) known[name] = [...counts];
      else addAll(there, counts);
    }
  }
}

function addAll(into: [number, number, number], from: readonly [number, number, number]): void {
  into[0] += from[0];
  into[1] += from[1];
  into[2] += from[2];
}

/** Rows of all strata but the catalogue's entries, which coverage counts. */
export function strataRows({ strata }: Tally): readonly StratumRow[] {
  return DIMENSIONS.filter((dimension) => dimension !== "entry").flatMap((dimension) => {
    const names = strata[dimension] ?? {};
    return sortedByBytes(Object.keys(names)).map((name) => {
      const [cases = 0, mismatches = 0, unsafe = 0] = names[name] ?? [];
      return { dimension, name, cases, mismatches, unsafe };
    });
  });
}
