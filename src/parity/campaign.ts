// A campaign: chunks of cases over several lanes, counted in order, so that it can be stopped anywhere and gone on with. Implements spec/parity.md sections 3 and 5.
// INVARIANT: what is counted is a prefix of the cases, without a gap, whatever the lanes finished first.

import type { Chunk, ChunkResult, Lane, Mismatch } from "./lane.js";
import { merge, newTally, type Tally } from "./tally.js";

/** How far a campaign has come. */
export interface Progress {
  /** The first case that is not counted. */
  readonly position: number;
  readonly tally: Tally;
  readonly mismatches: readonly Mismatch[];
}

export interface Plan {
  readonly lanes: readonly Lane[];
  /** Where to go on; null begins. */
  readonly before: Progress | null;
  /** The first case that is not asked. */
  readonly end: number;
  /** A sealed campaign ends with its first mismatch; another collects so many. */
  readonly mostMismatches: number;
  readonly isOver: () => boolean;
  readonly onProgress: (progress: Progress) => void;
}

/** Cases in one chunk: a second's work or less, so that little is lost when it is stopped. */
export const CHUNK = 1_024;

export async function runCampaign(plan: Plan): Promise<Progress> {
  const tally = newTally();
  if (plan.before !== null) merge(tally, plan.before.tally);
  const mismatches: Mismatch[] = [...(plan.before?.mismatches ?? [])];
  let position = plan.before?.position ?? 0;
  let next = position;
  const early = new Map<number, ChunkResult>();
  const progress = (): Progress => ({ position, tally, mismatches });
  const isDone = () => mismatches.length >= plan.mostMismatches || plan.isOver();
  const take = (result: ChunkResult) => {
    early.set(result.from, result);
    for (let ready = early.get(position); ready !== undefined; ready = early.get(position)) {
      early.delete(position);
      merge(tally, ready.tally);
      mismatches.push(...ready.mismatches);
      position = ready.to;
    }
    plan.onProgress(progress());
  };
  const chunkAt = (from: number): Chunk => ({ from, to: Math.min(plan.end, from + CHUNK) });
  await Promise.all(
    plan.lanes.map(async (lane) => {
      while (next < plan.end && !isDone()) {
        const chunk = chunkAt(next);
        next = chunk.to;
        take(await lane.run(chunk));
      }
    }),
  );
  return progress();
}
