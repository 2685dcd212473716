// Looks for inputs that break a property: changes known inputs at random, and keeps those that reach code which none reached before.
// Coverage comes from V8 itself, block by block. What is kept depends on it, so a finding is kept as its input and not as a seed.

import { type Dice, diceOf } from "../test/dice.js";
import type { Coverage } from "./coverage.js";
import { mutated } from "./mutate.js";

/** What is fuzzed: where to start, what to put in, and what must hold. */
export interface Target {
  readonly name: string;
  readonly seeds: () => readonly string[];
  /** Tokens that mutations put in, besides single characters. */
  readonly pieces: readonly string[];
  /** In UTF-16 units. */
  readonly maxLength: number;
  /** Throws when a property does not hold. */
  readonly check: (input: string) => void;
  /** An oracle that is slow to ask is asked for many inputs at once: those that break a property, with the reason. */
  readonly checkAll?: (inputs: readonly string[]) => readonly Finding[];
}

export interface Finding {
  readonly input: string;
  readonly message: string;
}

export interface Tally {
  readonly runs: number;
  readonly corpus: number;
  readonly blocks: number;
  readonly findings: readonly Finding[];
}

export interface Campaign {
  readonly seed: number;
  /** Asked before every batch. */
  readonly isOver: (runs: number) => boolean;
  /** Null looks blindly: a short run of a test has no use for it. */
  readonly coverage: Coverage | null;
  readonly onBatch: (tally: Tally, batch: readonly string[]) => void;
}

const BATCH = 200;
/** Whatever takes more of the processor is a finding, however right its answer. */
const SLOW_MS = 2_000;
/** With so many different findings there is enough to mend. */
const FINDINGS = 20;

export function fuzz(target: Target, campaign: Campaign): Tally {
  const dice = diceOf(campaign.seed);
  const corpus = target.seeds().map((seed) => seed.slice(0, target.maxLength));
  const findings = new Map<string, Finding>();
  let runs = 0;
  const tally = (): Tally => ({ runs, corpus: corpus.length, blocks: campaign.coverage?.size ?? 0, findings: [...findings.values()] });
  const run = (batch: readonly string[]) => {
    campaign.onBatch(tally(), batch);
    for (const found of findingsIn(target, batch)) if (!findings.has(kindOf(found))) findings.set(kindOf(found), found);
    runs += batch.length;
  };
  for (let at = 0; at < corpus.length; at += BATCH) run(corpus.slice(at, at + BATCH));
  campaign.coverage?.addNew();
  while (!campaign.isOver(runs) && findings.size < FINDINGS) {
    const batch = nextBatch(dice, corpus, target);
    run(batch);
    if (campaign.coverage !== null) corpus.push(...leading(target, batch, campaign.coverage));
  }
  return { ...tally(), findings: [...findings.values()].map((found) => smaller(target, found)) };
}

function nextBatch(dice: Dice, corpus: readonly string[], target: Target): readonly string[] {
  return Array.from({ length: BATCH }, () => mutated(dice, corpus, target.pieces).slice(0, target.maxLength));
}

/** The inputs of a batch that reach new blocks. Only where the whole batch did is each one run again by itself. */
function leading(target: Target, batch: readonly string[], coverage: Coverage): readonly string[] {
  if (!coverage.hasNew()) return [];
  return batch.filter((input) => {
    brokenBy(target, input);
    return coverage.addNew();
  });
}

function findingsIn(target: Target, batch: readonly string[]): readonly Finding[] {
  const each = batch.flatMap((input) => {
    const message = brokenBy(target, input);
    return message === null ? [] : [{ input, message }];
  });
  return [...each, ...(target.checkAll?.(batch) ?? [])];
}

function brokenBy(target: Target, input: string): string | null {
  const started = process.cpuUsage();
  try {
    target.check(input);
  } catch (thrown) {
    return thrown instanceof Error ? thrown.message : String(thrown);
  }
  return process.cpuUsage(started).user / 1000 > SLOW_MS ? "slow" : null;
}

/** Two findings are one where their messages differ in what they quote only. */
function kindOf({ message }: Finding): string {
  return message.replaceAll(/"(\\.|[^"\\])*"|\d+/g, "_").slice(0, 120);
}

/** The finding with everything left out that it does not need. */
function smaller(target: Target, found: Finding): Finding {
  const again = (input: string) => findingsIn(target, [input]).find((one) => kindOf(one) === kindOf(found));
  let least = again(found.input);
  if (least === undefined) return found;
  for (let size = Math.ceil(least.input.length / 2); size > 0; size = size === 1 ? 0 : Math.ceil(size / 2)) {
    for (let at = 0; at < least.input.length; ) {
      const without = again(least.input.slice(0, at) + least.input.slice(at + size));
      if (without === undefined) at += size;
      else least = without;
    }
  }
  return least;
}
