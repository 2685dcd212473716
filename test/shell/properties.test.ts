// What holds for every text: a tree comes back, the same each time, its places lie in each other and in order, and none lies outside the text.

import fc from "fast-check";
import { expect, test } from "vitest";
import { readShell, unsupportedPlaces } from "../../src/change/shell/index.js";
import { diceOf } from "../dice.js";
import { mutate, script, soup } from "./generate.js";
import { checkScript, expectInside, sizeBytes } from "./places.js";

/** Texts by the grammar, soups, changed texts, and any characters at all. */
const anyText = fc.oneof(
  { weight: 3, arbitrary: fc.nat().map((seed) => soup(diceOf(seed))) },
  { weight: 2, arbitrary: fc.nat().map((seed) => mutate(diceOf(seed + 1), script(diceOf(seed)))) },
  { weight: 1, arbitrary: fc.nat().map((seed) => script(diceOf(seed))) },
  { weight: 1, arbitrary: fc.string({ unit: "binary", maxLength: 60 }) },
  {
    weight: 1,
    arbitrary: fc
      .array(fc.constantFrom(..."\ud800\udc00\0\r\x01\x7fé😀'\"`$({[<\\\n a;".split("")), { maxLength: 40 })
      .map((list) => list.join("")),
  },
);

test("a tree comes back for every text, and the same one twice", () => {
  fc.assert(
    fc.property(anyText, (text) => {
      expect(readShell(text)).toEqual(readShell(text));
    }),
    { numRuns: 1_500, seed: 1 },
  );
});

test("places lie in each other, in order, and inside the text", () => {
  fc.assert(
    fc.property(anyText, (text) => {
      const whole = { start: 0, end: sizeBytes(text) };
      checkScript(readShell(text), whole);
      for (const { span } of unsupportedPlaces(readShell(text))) expectInside(span, whole);
    }),
    { numRuns: 1_500, seed: 2 },
  );
});
