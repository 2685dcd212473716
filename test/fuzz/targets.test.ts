// A short run of every fuzz campaign from a fixed seed, and every input that once broke something. The long runs are `node scripts/fuzz.mjs`.

import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { fuzz } from "../../fuzz/engine.js";
import { TARGETS } from "../../fuzz/targets/index.js";

const KEPT = join(import.meta.dirname, "../../fuzz/kept");
/** A policy is loaded, compiled and asked in tens of milliseconds, a policy of lines several times; everything else takes less than one. */
const RUNS: Readonly<Record<string, number>> = { policy: 400, layers: 400 };
const OTHERS = 1_200;

describe.each(TARGETS)("$name", (target) => {
  it("holds for what once broke it", () => {
    const kept = inputs(target.name);
    for (const input of kept) expect(() => target.check(input), JSON.stringify(input)).not.toThrow();
    expect(target.checkAll?.(kept) ?? []).toEqual([]);
  });

  it("holds for inputs from a fixed seed", () => {
    // The seeds themselves are hundreds of lines that other tests judge one by one.
    const few = { ...target, seeds: () => target.seeds().filter((_, i) => i % 40 === 0) };
    const enough = RUNS[target.name] ?? OTHERS;
    const tally = fuzz(few, { seed: 1, isOver: (runs) => runs >= enough, coverage: null, onBatch: () => {} });
    expect(tally.runs).toBeGreaterThanOrEqual(enough);
    expect(tally.findings).toEqual([]);
  });
});

it("finds a planted error, and makes it small", () => {
  const planted = {
    name: "planted",
    seeds: () => ["echo a b c"],
    pieces: ["rm", " -rf"],
    maxLength: 80,
    check: (input: string) => {
      if (input.includes("rm -rf")) throw new Error("found");
    },
  };
  const { findings } = fuzz(planted, { seed: 3, isOver: (runs) => runs > 40_000, coverage: null, onBatch: () => {} });
  expect(findings).toEqual([{ input: "rm -rf", message: "found" }]);
});

function inputs(name: string): readonly string[] {
  const file = join(KEPT, `${name}.jsonl`);
  if (!existsSync(file)) return [];
  return readFileSync(file, "utf8")
    .split("\n")
    .filter((row) => row !== "")
    .map((row) => (JSON.parse(row) as { readonly input: string }).input);
}
