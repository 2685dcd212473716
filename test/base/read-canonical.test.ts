// A text that must be canonical is read as the strict reader reads it, or refused. Held against parseJson and canonicalJson on everything here.

import { describe, expect, it } from "vitest";
import { canonicalJson, parseJson, readCanonical } from "../../src/base/index.js";

const TEXTS = [
  "null",
  "0",
  "-0",
  "1.0",
  "1e3",
  "1e21",
  "1e400",
  "9007199254740993",
  "0.1",
  '""',
  '"\\u0041"',
  '"\\/"',
  '"\\ud800"',
  '"\\uD83D\\uDE00"',
  '"ü"',
  '"\u2028"',
  "[]",
  "[ ]",
  "[1,2,[3,{}]]",
  "{}",
  '{"a":1}',
  '{"a":1,"a":1}',
  '{"a":1,"a":2}',
  '{"b":1,"a":2}',
  '{"10":1,"9":2}',
  '{"9":1,"10":2}',
  '{"a":1 }',
  '{"__proto__":{"x":1}}',
  '{"constructor":1,"toString":2}',
  '{"a":{"c":1,"b":2}}',
  '[{"b":1,"a":2}]',
  "{",
  "",
  " 1",
  "1 ",
  "\ufeff1",
  "tru",
  "[1,]",
  `${"[".repeat(9)}${"]".repeat(9)}`,
  `${"[".repeat(8)}${"]".repeat(8)}`,
];
const LIMITS = { sizeBytes: 64, depth: 8 };

describe("a text that must be canonical", () => {
  it.each(TEXTS)("%j is what the strict reader makes of it, or refused", (text) => {
    const strict = parseJson(text, LIMITS);
    const written = strict.ok ? canonicalJson(strict.value) : strict;
    const isCanonical = strict.ok && written.ok && written.value === text;
    for (const input of [text, Buffer.from(text)]) {
      const read = readCanonical(input, LIMITS);
      expect(read.ok).toBe(isCanonical);
      if (read.ok && strict.ok) expect(canonicalJson(read.value)).toEqual(written);
    }
  });

  it("is of a size, in bytes and not in letters", () => {
    expect(readCanonical(`"${"a".repeat(62)}"`, LIMITS).ok).toBe(true);
    expect(readCanonical(`"${"a".repeat(63)}"`, LIMITS).ok).toBe(false);
    expect(readCanonical(`"${"ü".repeat(31)}"`, LIMITS).ok).toBe(true);
    expect(readCanonical(`"${"ü".repeat(32)}"`, LIMITS).ok).toBe(false);
  });

  it("is UTF-8", () => {
    expect(readCanonical(Buffer.from([0x22, 0xff, 0x22]))).toMatchObject({ ok: false, problem: { code: "json_invalid_utf8" } });
    expect(readCanonical(Buffer.from([0x22, 0xed, 0xa0, 0x80, 0x22]))).toMatchObject({ ok: false });
  });
});
