// A kit that was changed is refused, each change with its code, and none is ever accepted with another answer. The campaigns are scripts/tamper-kits.mjs.

import { describe, expect, it } from "vitest";
import { diceOf } from "../../dice.js";
import { CHECK } from "./sample-kit.js";
import { changeByte, changeLines, cutAndPaste, ownerLie, type Tampering, tamperedKit, toldOf } from "./tamper-kit.js";

const layout = tamperedKit();
const dice = diceOf(20_261_123);

function another(at: number): number {
  return ((layout.bytes[at] ?? 0) + 1 + dice.below(255)) % 256;
}

function wrong(tamperings: Iterable<Tampering>): readonly string[] {
  const found: string[] = [];
  for (const one of tamperings) {
    const told = toldOf(one.bytes, layout, CHECK);
    if (!one.right.includes(told)) found.push(`${one.kind}: ${told}, not ${one.right.join(" or ")}`);
  }
  return found;
}

const times = <T>(count: number, make: () => T): readonly T[] => Array.from({ length: count }, make);

describe("a tampered kit", () => {
  it("is whole before", () => expect(toldOf(layout.bytes, layout, CHECK)).toBe("same"));

  it.each<["as_it_is" | "redigested" | "resealed", number]>([
    ["as_it_is", 1_500],
    ["redigested", 600],
    ["resealed", 900],
  ])("is refused for changed bytes, %s", (depth, count) => {
    const last = depth === "as_it_is" ? layout.bytes.length : layout.seal;
    const changed = times(count, () => {
      const at = dice.below(last);
      const value = dice.below(10) === 0 ? dice.pick([0x0a, 0x20, 0x2d]) : another(at);
      return changeByte(layout, at, value === layout.bytes[at] ? value ^ 1 : value, depth);
    });
    expect(wrong(changed)).toEqual([]);
  });

  it("is refused for each byte of its lines but the documents', sealed anew by the ledger", () => {
    const short = layout.lines.filter(({ section, end, start }) => section !== "bundle" && section !== "documents" && end - start < 1_000);
    const places = short
      .flatMap(({ start, end }) => Array.from({ length: end - start }, (_, i) => start + i))
      .filter((at) => at < layout.seal);
    expect(places.length).toBeGreaterThan(200);
    expect(wrong(places.map((at) => changeByte(layout, at, another(at), "resealed")))).toEqual([]);
  });

  it.each(["as_it_is", "redigested", "resealed"] as const)("is refused for every deleted, doubled and swapped line, %s", (depth) => {
    expect(wrong(changeLines(layout, depth))).toEqual([]);
  });

  it("is refused wherever it is cut off, and for bytes taken out or put in", () => {
    expect(wrong(times(150, () => cutAndPaste(layout, dice.below(layout.bytes.length), dice.below(256))).flat())).toEqual([]);
  });

  it("is never another answer where whoever has the ledger's key leaves out, moves or invents", () => {
    const lies = times(80, () => ownerLie(layout, dice));
    expect(new Set(lies.map(({ kind }) => kind)).size).toBe(7);
    expect(wrong(lies)).toEqual([]);
  });
});
