// Canonical JSON beyond the vectors: JavaScript values that JSON cannot say, an oracle, and hostile texts against JSON.parse.

import canonicalize from "canonicalize";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { CANONICAL_DEPTH, canonicalJson, canonicalRecord, JSON_LIMITS, parseJson } from "../../src/base/index.js";

const oracle = canonicalize as unknown as (value: unknown) => string | undefined;

describe("canonicalJson", () => {
  const circular: Record<string, unknown> = {};
  circular.self = circular;
  const refused: readonly (readonly [string, unknown, string, string])[] = [
    ["undefined", { a: undefined }, "json_unsupported_value", "/a"],
    ["a function", [() => 1], "json_unsupported_value", "/0"],
    ["a symbol", Symbol("x"), "json_unsupported_value", ""],
    ["a bigint", 1n, "json_unsupported_value", ""],
    ["a Date, toJSON or not", new Date(0), "json_unsupported_value", ""],
    ["a Map", { m: new Map() }, "json_unsupported_value", "/m"],
    ["a hole", new Array(2).fill(1, 0, 1), "json_unsupported_value", "/1"],
    ["NaN", { a: [Number.NaN] }, "json_not_finite", "/a/0"],
    ["Infinity", Number.POSITIVE_INFINITY, "json_not_finite", ""],
    ["a lone high surrogate", "\ud800", "json_lone_surrogate", ""],
    ["a lone low surrogate in a key", { "\udc00": 1 }, "json_lone_surrogate", "/\udc00"],
    ["a circle", circular, "json_too_deep", "/self".repeat(CANONICAL_DEPTH)],
    [
      "a getter that throws",
      Object.defineProperty({}, "x", {
        enumerable: true,
        get: () => {
          throw new Error("no");
        },
      }),
      "json_unsupported_value",
      "",
    ],
  ];
  for (const [name, value, code, at] of refused) {
    test(`refuses ${name}`, () => {
      expect(canonicalJson(value)).toMatchObject({ ok: false, problem: { code, at } });
    });
  }

  test("writes what the canonicalize package writes", () => {
    fc.assert(
      fc.property(fc.jsonValue({ noUnicodeString: false, maxDepth: 6 }), (value) => {
        const ours = canonicalJson(value);
        expect(ours).toEqual({ ok: true, value: oracle(value) });
      }),
      { numRuns: 2000 },
    );
  });

  test("writes what it reads, and reads what it writes", () => {
    fc.assert(
      fc.property(fc.jsonValue({ noUnicodeString: false, maxDepth: 6 }), (value) => {
        const text = canonicalJson(value);
        if (!text.ok) throw new Error(text.problem.code);
        const again = parseJson(text.value);
        expect(again.ok && canonicalJson(again.value)).toEqual(text);
      }),
      { numRuns: 1000 },
    );
  });

  test("leaves the value as it was", () => {
    const value = Object.freeze({ b: Object.freeze([2, 1]), a: 1 });
    canonicalJson(value);
    expect(Object.keys(value)).toEqual(["b", "a"]);
  });

  test("of a record is the general one wherever there is one", () => {
    const value = { a: 1, b_2: ["é\n", null, { c: false }] };
    expect(canonicalRecord(value)).toEqual(canonicalJson(value));
  });
});

describe("parseJson", () => {
  /** What a lenient reader lets pass: we must refuse these and nothing else. */
  const STRICTER = new Set(["json_duplicate_key", "json_not_finite", "json_lone_surrogate", "json_too_deep"]);
  const pieces = [
    '"',
    "{",
    "}",
    "[",
    "]",
    ":",
    ",",
    "1",
    "-",
    "0",
    ".",
    "e",
    "E",
    "+",
    "true",
    "null",
    "a",
    "\\",
    "\\u00",
    "e9",
    "\\ud83d",
    "\\ude00",
    " ",
    "\n",
    "\t",
    "\0",
    "é",
    "😀",
    "__proto__",
    '"a"',
    '"a":',
    "1e999",
    "\ufeff",
  ];

  function agrees(text: string): void {
    const ours = parseJson(text);
    let theirs: unknown;
    try {
      theirs = JSON.parse(text);
    } catch {
      expect(ours.ok).toBe(false);
      return;
    }
    if (!ours.ok) {
      if (!STRICTER.has(ours.problem.code)) throw new Error(`${JSON.stringify(text)}: ${ours.problem.code}`);
      return;
    }
    // Text for text, because our objects have no prototype and our zeros no sign.
    expect(JSON.stringify(ours.value)).toBe(JSON.stringify(theirs));
  }

  test("agrees with JSON.parse on texts made of pieces of JSON", () => {
    fc.assert(
      fc.property(
        fc.array(fc.constantFrom(...pieces), { maxLength: 12 }).map((parts) => parts.join("")),
        agrees,
      ),
      { numRuns: 20_000 },
    );
  });

  test("agrees with JSON.parse on JSON with one character changed", () => {
    const changed = fc
      .tuple(fc.jsonValue({ noUnicodeString: false }), fc.nat(), fc.constantFrom(...pieces, ""))
      .map(([value, at, piece]) => {
        const text = JSON.stringify(value);
        const place = at % (text.length + 1);
        return text.slice(0, place) + piece + text.slice(place + 1);
      });
    fc.assert(fc.property(changed, agrees), { numRuns: 5000 });
  });

  test("takes any bytes without throwing, and refuses exactly the invalid UTF-8 as such", () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 40 }), (bytes) => {
        const result = parseJson(bytes);
        let valid = true;
        try {
          new TextDecoder("utf-8", { fatal: true }).decode(bytes);
        } catch {
          valid = false;
        }
        expect(!result.ok && result.problem.code === "json_invalid_utf8").toBe(!valid);
      }),
      { numRuns: 5000 },
    );
  });

  test("gives objects that inherit nothing", () => {
    const result = parseJson('{"__proto__":{"polluted":true}}');
    if (!result.ok) throw new Error(result.problem.code);
    expect(Object.getPrototypeOf(result.value)).toBe(null);
    expect(Object.keys(result.value as object)).toEqual(["__proto__"]);
    expect(({} as Record<string, unknown>).polluted).toBe(undefined);
  });

  test("gives a zero without a sign", () => {
    const result = parseJson("[-0, -0.0e9, -1e-400]");
    expect(result.ok && (result.value as number[]).every((zero) => Object.is(zero, 0))).toBe(true);
  });

  test("reads exactly the size limit and refuses one byte more", () => {
    const text = `"${"x".repeat(JSON_LIMITS.sizeBytes - 2)}"`;
    expect(parseJson(text).ok).toBe(true);
    expect(parseJson(`${text} `)).toMatchObject({ ok: false, problem: { code: "json_too_large" } });
  });

  test("takes hostile megabytes in linear time", () => {
    const million = 1_000_000;
    for (const text of [
      "[".repeat(million),
      `[${"0,".repeat(million / 2)}0]`,
      `"${"\\u0041".repeat(million / 6)}"`,
      "9".repeat(million),
      `0.${"0".repeat(million)}1`,
      `{${Array.from({ length: 50_000 }, (_, n) => `"k${n}":0`).join(",")}}`,
    ]) {
      parseJson(text); // a quadratic reader takes minutes, and misses the time limit of the test
    }
  }, 20_000);
});
