// Tampering, small enough for every run: each byte of a bundle of three records, each line, each cut. The campaigns are scripts/tamper.mjs.

import { describe, expect, it } from "vitest";
import { verifyBundle } from "../../../src/evidence/index.js";
import { diceOf } from "../../dice.js";
import { inParallel, verifyWithShell } from "../../interop/shell.js";
import { changeByte, changeLines, cutAndPaste, type Depth, type Tampering } from "./tamper.js";
import { tamperSample } from "./tamper-sample.js";

const sample = tamperSample(3);
const { layout, check, sealer } = sample;
const dice = diceOf(1);
const DEPTHS: readonly Depth[] = ["as_it_is", "redigested", "resealed"];

/** Another value than the byte that is there. */
function another(at: number): number {
  const there = layout.bytes[at] ?? 0;
  return (there + 1 + dice.below(255)) % 256;
}

function told({ bytes }: Tampering): string {
  const verified = verifyBundle(bytes, check);
  return verified.ok ? "accepted" : verified.problem.code;
}

function wrong(tamperings: Iterable<Tampering>): readonly string[] {
  return [...tamperings].flatMap((one) =>
    one.right.includes(told(one)) ? [] : [`${one.kind}: ${told(one)}, not ${one.right.join(" or ")}`],
  );
}

describe("a tampered bundle", () => {
  it("is whole before", () => {
    expect(verifyBundle(layout.bytes, check).ok).toBe(true);
    expect(layout.lines.map(({ section }) => section)).toContain("revealed");
  });

  it.each(DEPTHS)("is refused for changed bytes, %s: each of them, or one of seven where a seal is made", (depth) => {
    const last = depth === "as_it_is" ? layout.bytes.length : layout.seal;
    const step = depth === "as_it_is" ? 1 : 7;
    const positions = Array.from({ length: Math.ceil(last / step) }, (_, i) => Math.min(i * step + dice.below(step), last - 1));
    const changed = positions.flatMap((at) =>
      [another(at), 0x0a, 0x00].filter((value) => value !== layout.bytes[at]).map((value) => [at, value] as const),
    );
    expect(wrong(changed.map(([at, value]) => changeByte(layout, at, value, depth, sealer)))).toEqual([]);
  });

  it.each(DEPTHS)("is refused for every deleted, doubled and swapped line, %s", (depth) => {
    expect(wrong(changeLines(layout, depth, sealer))).toEqual([]);
  });

  it("is refused wherever it is cut off, and for every byte taken out or put in", () => {
    expect(wrong(Array.from({ length: layout.bytes.length }, (_, at) => cutAndPaste(layout, at, another(at))).flat())).toEqual([]);
  });

  it("is refused when it is an older one, or somebody else's under the same name", () => {
    expect(wrong(sample.lies)).toEqual([]);
  });

  it("is refused by the shell script with the same code", { timeout: 300_000 }, async () => {
    const tamperings = [
      ...sample.lies,
      ...DEPTHS.flatMap((depth) => [...changeLines(layout, depth, sealer)].filter((_, i) => i % 9 === 0)),
      ...DEPTHS.flatMap((depth) =>
        Array.from({ length: 20 }, () => dice.below(layout.seal)).map((at) => changeByte(layout, at, another(at), depth, sealer)),
      ),
      ...cutAndPaste(layout, dice.below(layout.seal), 0x30),
    ];
    const differ: string[] = [];
    await inParallel(tamperings, 4, async (one) => {
      const { code } = await verifyWithShell({ bundle: one.bytes, pin: check.pin, now: sample.now, seenVersion: 1, seen: sample.seen });
      if (code !== told(one)) differ.push(`${one.kind}: the script says ${code}, cavra ${told(one)}`);
    });
    expect(differ).toEqual([]);
    expect(tamperings.length).toBeGreaterThan(90);
  });
});
