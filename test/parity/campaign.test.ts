// A campaign counts a prefix of its cases whatever lane is first, ends where it should, and goes on where it was.

import { describe, expect, test } from "vitest";
import { CHUNK, type ChunkResult, type Lane, type Mismatch, newTally, runCampaign } from "../../src/parity/index.js";

const mismatch = (index: number): Mismatch => ({
  index,
  family: "program",
  evaluation: {} as Mismatch["evaluation"],
  first: "",
  second: "",
  at: "",
  unsafe: false,
});

/** A lane that needs so many turns for each chunk, and finds these. */
function laneOf(turns: number, found: readonly number[] = []): Lane {
  return {
    hello: Promise.resolve(""),
    stop: () => {},
    run: async ({ from, to }): Promise<ChunkResult> => {
      for (let left = turns; left > 0; left--) await Promise.resolve();
      const tally = newTally();
      tally.all[0] = to - from;
      return { from, to, tally, mismatches: found.filter((index) => index >= from && index < to).map(mismatch) };
    },
  };
}

const plan = (lanes: readonly Lane[], mostMismatches = 10) => ({
  ...{ lanes, before: null, end: CHUNK * 10 + 1, mostMismatches },
  ...{ isOver: () => false, onProgress: () => {} },
});

describe("a campaign", () => {
  test("asks every case once, with lanes of any pace", async () => {
    const { position, tally } = await runCampaign(plan([laneOf(1), laneOf(50)]));
    expect([position, tally.all[0]]).toEqual([CHUNK * 10 + 1, CHUNK * 10 + 1]);
  });

  test("that is sealed ends with the first mismatch, and one that is not goes on", async () => {
    const found = [CHUNK + 1, CHUNK * 5];
    expect((await runCampaign(plan([laneOf(1, found)], 1))).position).toBe(CHUNK * 2);
    expect((await runCampaign(plan([laneOf(1, found)]))).mismatches.map(({ index }) => index)).toEqual(found);
  });

  test("counts only what lies before the first gap", async () => {
    const seen: number[] = [];
    await runCampaign({ ...plan([laneOf(1), laneOf(500)]), onProgress: ({ position, tally }) => seen.push(position - tally.all[0]) });
    expect(new Set(seen)).toEqual(new Set([0]));
  });

  test("goes on where it was, with what was counted", async () => {
    let asked = 0;
    const first = await runCampaign({ ...plan([laneOf(1)]), isOver: () => ++asked > 3 });
    expect(first.position).toBe(CHUNK * 3);
    const second = await runCampaign({ ...plan([laneOf(1)]), before: first });
    expect(second.tally.all[0]).toBe(CHUNK * 10 + 1);
  });
});
