// The comparison sees whatever is altered, and says where; planted mismatches are how a campaign proves it.

import { describe, expect, test } from "vitest";
import { sha256 } from "../../src/base/index.js";
import { agrees, difference, expectedLine } from "../../src/parity/compare.js";
import { isUnsafe } from "../../src/parity/engine.js";
import { plant } from "../../src/parity/index.js";

const JUDGEMENT =
  '{"effects":[{"kind":"read","options":["a","b"],"target":"/x"}],"policy":{"digest":"d"},"rulings":[{"effect":0,"rules":[]}],"verdict":"deny"}';
const [REQUEST, POLICY] = [sha256("request"), sha256("policy")];
const line = (text: string) => {
  const expected = expectedLine("1", { digest: REQUEST }, { ok: true, value: text }, POLICY);
  if (expected.kind !== "line") throw new Error("a judgement has a line");
  return expected;
};
const bytesOf = (text: string) => Buffer.from(line(text).text);

describe("the comparison", () => {
  test("takes the line that is expected, and no other", () => {
    expect(agrees(line(JUDGEMENT), bytesOf(JUDGEMENT))).toBe(true);
    expect(agrees(line(JUDGEMENT), Buffer.concat([bytesOf(JUDGEMENT), Buffer.from(" ")]))).toBe(false);
  });

  test("compares bytes where a text has fewer units than bytes, and of any length", () => {
    for (const target of ["é", "～😀", "x".repeat(100_000), "😀".repeat(20_000)]) {
      const text = JUDGEMENT.replace("/x", target);
      expect(agrees(line(text), bytesOf(text))).toBe(true);
      expect(agrees(line(`${text}😀`), bytesOf(text))).toBe(false);
      expect(agrees(line(text), bytesOf(`${text}é`))).toBe(false);
    }
  });

  test("sees everything that is planted: values, members, order, digests, single bytes", () => {
    const { altered, seen } = plant(JUDGEMENT, { request: REQUEST, policy: POLICY });
    expect(altered).toBeGreaterThan(100);
    expect(seen).toBe(altered);
  });

  test("where nothing has a canonical form, takes a refusal for that and nothing else", () => {
    const refused = { kind: "refused" } as const;
    const answer = (code: string) => Buffer.from(`{"code":"${code}","id":"1","kind":"refused","message":""}`);
    expect(agrees(refused, answer("json_lone_surrogate"))).toBe(true);
    expect(agrees(refused, answer("deadline_exceeded"))).toBe(false);
    expect(agrees(refused, bytesOf(JUDGEMENT))).toBe(false);
  });

  for (const [what, other, at] of [
    ["a value", JUDGEMENT.replace('"/x"', '"/y"'), '/effects/0/target: "/x" and "/y"'],
    ["an order", JUDGEMENT.replace('["a","b"]', '["b","a"]'), '/effects/0/options/0: "a" and "b"'],
    ["what is missing", JUDGEMENT.replace(',"rules":[]', ""), "/rulings/0/rules: [] and nothing"],
    ["a verdict", JUDGEMENT.replace('"deny"', '"allow"'), '/verdict: "deny" and "allow"'],
  ] as const) {
    test(`tells of ${what} where it is`, () => {
      expect(difference(JUDGEMENT, bytesOf(other))).toMatchObject({ at, second: other });
    });
  }

  test("calls unsafe what would let more pass, or has no verdict", () => {
    expect([isUnsafe("deny", "allow"), isUnsafe("warn", "allow"), isUnsafe("deny", "")]).toEqual([true, true, true]);
    expect([isUnsafe("allow", "deny"), isUnsafe("deny", "deny")]).toEqual([false, false]);
  });
});
