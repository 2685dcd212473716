// How far a long work has come: one line that goes away again, for people only. Proves spec/cli.md 1.7.

import { describe, expect, it } from "vitest";
import { openProgress } from "../../src/cli/progress.js";

function run(moments: readonly (readonly [number, number, number])[], watched = true, TERM = "xterm"): readonly string[] {
  const told: string[] = [];
  let now = 0;
  const progress = openProgress({ complain: (text) => told.push(text), env: { TERM } }, "judging", watched, { nowMs: () => now });
  for (const [moment, done, all] of moments) {
    now = moment;
    progress.at(done, all);
  }
  progress.end();
  return told;
}

describe("progress", () => {
  it("says nothing of work that ends within half a second", () => {
    expect(run([[499, 1, 2]])).toEqual([]);
  });

  it("draws a bar from then on, at most ten times a second, and takes it away", () => {
    const told = run([
      [500, 1, 2],
      [599, 2, 3],
      [600, 3, 4],
    ]);
    expect(told).toEqual([
      `\rjudging ${"█".repeat(15)}${"░".repeat(15)}  50 %`,
      `\rjudging ${"█".repeat(23)}${"░".repeat(7)}  75 %`,
      `\r${" ".repeat(44)}\r`,
    ]);
  });

  it("counts where nobody knows how much there is", () => {
    expect(run([[500, 7, 0]])[0]).toBe("\rjudging 7");
  });

  it.each([
    ["off a terminal", false, "xterm"],
    ["on a dumb one", true, "dumb"],
  ] as const)("says nothing %s", (_, watched, term) => {
    expect(run([[1_000, 1, 2]], watched, term)).toEqual([]);
  });
});
