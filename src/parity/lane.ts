// One lane of a campaign: makes cases, asks the second engine for all of a batch, judges them itself meanwhile, and compares. Implements spec/parity.md 3.1.
// INVARIANT: every case that was asked is compared, or the lane fails; nothing is skipped in silence.

import { CavraError } from "../base/index.js";
import type { Judgement } from "../policy/index.js";
import { type SecondEngine, startAsker } from "./asker.js";
import type { Case } from "./cases/index.js";
import { agrees, difference, type Expected, expectedLine } from "./compare.js";
import { type Engine, isUnsafe, judgedBy } from "./engine.js";
import { requestLine } from "./request.js";
import { count, newTally, type Tally } from "./tally.js";

export interface Mismatch {
  readonly index: number;
  readonly family: string;
  readonly evaluation: Case["evaluation"];
  readonly first: string;
  readonly second: string;
  readonly at: string;
  readonly unsafe: boolean;
}

export interface Chunk {
  readonly from: number;
  readonly to: number;
}

export interface ChunkResult extends Chunk {
  readonly tally: Tally;
  readonly mismatches: readonly Mismatch[];
}

export interface Lane {
  readonly run: (chunk: Chunk) => Promise<ChunkResult>;
  readonly hello: Promise<string>;
  readonly stop: () => void;
}

/** Where a lane's cases come from. */
export type Source = (index: number) => Case;

/** So many cases go out together, and so many may be out: fewer than a worker lets wait (spec/backend.md 3.7). */
const BATCH = 64;
const MOST_OUT = 512;
/** A campaign has time: what takes longer is a finding, and comes back as a refusal. */
const DEADLINE_MS = 60_000;

interface Out {
  readonly index: number;
  readonly made: Case;
  readonly digest: string;
  answer: Buffer | null;
  judged: { readonly judgement: Judgement; readonly expected: Expected; readonly text: string } | null;
}

export function openLane(engine: Engine, second: SecondEngine, source: Source): Lane {
  const out = new Map<number, Out>();
  let wake: () => void = () => {};
  let failure: CavraError | null = null;
  let [tally, mismatches]: [Tally, Mismatch[]] = [newTally(), []];
  const settle = (one: Out) => {
    if (one.answer === null || one.judged === null) return;
    out.delete(one.index);
    const found = compared(one, one.answer, one.judged);
    count(tally, one.made, one.judged.judgement, found === null ? 0 : found.unsafe ? 2 : 1);
    if (one.judged.expected.kind === "refused") tally.refused++;
    if (found !== null) mismatches.push(found);
  };
  const asker = startAsker(
    second,
    (line) => {
      const one = out.get(idOf(line));
      if (one === undefined || one.answer !== null)
        failure = new CavraError("runtime_wrong_answer", `an answer that nobody asked for: ${line.subarray(0, 200)}`);
      // A copy: the chunk that it is part of would be kept as long as it is.
      else {
        one.answer = one.judged === null ? Buffer.from(line) : line;
        settle(one);
      }
      wake();
    },
    (message) => {
      if (out.size > 0)
        failure = new CavraError(
          "runtime_ended",
          `the second engine ended with ${out.size} cases out: ${message}; the first is case ${[...out.keys()][0]}`,
        );
      wake();
    },
  );
  const answered = () =>
    new Promise<void>((resolve) => {
      wake = resolve;
    });
  const run = async ({ from, to }: Chunk): Promise<ChunkResult> => {
    [tally, mismatches] = [newTally(), []];
    for (let at = from; at < to; at += BATCH) {
      for (const one of sendBatch(at, Math.min(to, at + BATCH))) {
        const { judgement, text } = judgedBy(engine, one.made.evaluation);
        const expected = expectedLine(String(one.index), one, text, engine.rulebook.digest);
        one.judged = { judgement, expected, text: text.ok ? text.value : `no canonical form: ${text.problem.code}` };
        settle(one);
      }
      do {
        await breath();
        while (out.size > MOST_OUT && failure === null) await answered();
        if (failure !== null) throw failure;
      } while (out.size > MOST_OUT);
    }
    while (out.size > 0 && failure === null) await answered();
    if (failure !== null) throw failure;
    return { from, to, tally, mismatches };
  };
  const sendBatch = (from: number, to: number): readonly Out[] => {
    const batch: Out[] = [];
    let lines = "";
    for (let index = from; index < to; index++) {
      const made = source(index);
      const request = requestLine(String(index), DEADLINE_MS, made.evaluation);
      if (request === null) throw new CavraError("internal_error", `case ${index} has no canonical form`);
      const one: Out = { index, made, digest: request.digest, answer: null, judged: null };
      batch.push(one);
      out.set(index, one);
      lines += `${request.line}\n`;
    }
    asker.send(lines);
    return batch;
  };
  return { run, hello: asker.hello, stop: asker.stop };
}

function compared({ index, made }: Out, answer: Buffer, { judgement, expected, text }: NonNullable<Out["judged"]>): Mismatch | null {
  if (agrees(expected, answer)) return null;
  const { second, verdict, at } = difference(text, answer);
  return { index, family: made.family, evaluation: made.evaluation, first: text, second, at, unsafe: isUnsafe(judgement.verdict, verdict) };
}

const ID = Buffer.from('{"id":"');
const QUOTE = 0x22;

/** The number in the first member of an answer; −1 for a line that begins otherwise. A refusal has its code first. */
function idOf(line: Buffer): number {
  const from = line.indexOf(ID.subarray(1));
  if (from === -1) return -1;
  const start = from + ID.length - 1;
  return Number(line.toString("latin1", start, line.indexOf(QUOTE, start)));
}

function breath(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}
