// Times, days, identifiers and digests: against the platform's own, at the edges, and through every refusal.

import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { formatDay, formatTime, hmacSha256, isDigest, LAST_MOMENT_MS, makeId, parseId, parseTime, sha256 } from "../../src/base/index.js";

describe("times", () => {
  test("are the platform's ISO times, both ways", () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: LAST_MOMENT_MS }), (ms) => {
        const text = formatTime(ms);
        expect(text).toBe(new Date(ms).toISOString());
        expect(parseTime(text)).toEqual({ ok: true, value: ms });
        expect(formatDay(ms)).toBe(text.slice(0, 10));
      }),
      { numRuns: 5000 },
    );
  });

  test("outside 1970 to 9999, and between milliseconds, are moved to what can be written", () => {
    const cases: readonly (readonly [number, string])[] = [
      [-1, "1970-01-01T00:00:00.000Z"],
      [Number.NaN, "1970-01-01T00:00:00.000Z"],
      [LAST_MOMENT_MS + 1, "9999-12-31T23:59:59.999Z"],
      [Number.POSITIVE_INFINITY, "9999-12-31T23:59:59.999Z"],
      [951_782_399_999.9, "2000-02-28T23:59:59.999Z"],
      [951_782_400_000, "2000-02-29T00:00:00.000Z"],
    ];
    for (const [ms, text] of cases) expect(formatTime(ms)).toBe(text);
  });

  for (const text of [
    "2026-02-29T00:00:00.000Z",
    "2026-13-01T00:00:00.000Z",
    "2026-00-01T00:00:00.000Z",
    "2026-01-01T24:00:00.000Z",
    "2026-01-01T00:00:60.000Z",
    "1969-12-31T23:59:59.999Z",
    "2026-01-01T00:00:00Z",
    "2026-01-01T00:00:00.000+00:00",
    "2026-01-01 00:00:00.000Z",
    "2026-01-01t00:00:00.000z",
    "2026-01-01T00:00:00.00٣Z",
    "",
  ]) {
    test(`\`${text}\` is refused`, () => expect(parseTime(text)).toMatchObject({ ok: false, problem: { code: "bad_time" } }));
  }
});

describe("identifiers", () => {
  const bytes = fc.uint8Array({ minLength: 10, maxLength: 10 });

  test("carry their time, have 26 characters, and sort by it", () => {
    const ms = fc.integer({ min: 0, max: 2 ** 48 - 1 });
    fc.assert(
      fc.property(ms, ms, bytes, bytes, (early, late, one, other) => {
        const [a, b] = [makeId("dec", early, one), makeId("dec", late, other)];
        expect(parseId(a)).toEqual({ ok: true, value: { prefix: "dec", momentMs: early } });
        expect(a).toMatch(/^dec_[0-7][0-9a-hjkmnp-tv-z]{25}$/);
        if (early < late) expect(a < b).toBe(true);
      }),
    );
  });

  test("agree with the TypeID specification's example", () => {
    // 01890a5d-ac96-774b-bcce-b302099a8057 is prefix_01h455vb4pex5vsknk084sn02q there.
    const random = Uint8Array.from([0x77, 0x4b, 0xbc, 0xce, 0xb3, 0x02, 0x09, 0x9a, 0x80, 0x57]);
    expect(makeId("prefix", 0x01890a5dac96, random)).toBe("prefix_01h455vb4pex5vsknk084sn02q");
  });

  const good = makeId("dec", 1_780_000_000_000, new Uint8Array(10));
  for (const text of [
    "",
    "dec",
    "dec_",
    good.slice(0, -1),
    `${good}0`,
    good.toUpperCase(),
    good.replace("_", "-"),
    `_${good.slice(4)}`,
    `dec_8${good.slice(5)}`,
    `dec_${"l".repeat(26)}`,
    `dec_${"0".repeat(26)}`,
    `a-b_${good.slice(4)}`,
  ]) {
    test(`\`${text}\` is refused`, () => expect(parseId(text)).toMatchObject({ ok: false, problem: { code: "bad_id" } }));
  }
});

test("digests and HMACs are the published ones", () => {
  expect(sha256("abc")).toBe("sha256:ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
  // RFC 4231, test case 2.
  expect(hmacSha256(Buffer.from("Jefe"), "what do ya want for nothing?")).toBe(
    "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843",
  );
  expect(isDigest(sha256(""))).toBe(true);
  for (const wrong of ["", sha256("").slice(0, -1), sha256("").toUpperCase(), `${sha256("")}0`, sha256("").replace("sha256", "sha512")])
    expect(isDigest(wrong)).toBe(false);
});
