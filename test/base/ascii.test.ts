// Case, blanks and whole numbers know no other script, so that two languages say the same of every text.

import { describe, expect, test } from "vitest";
import { foldAscii, trimAscii, upperAscii, wholeNumber } from "../../src/base/index.js";

describe("ASCII alone", () => {
  test("has two cases", () => {
    expect(upperAscii("aZ9ßſık")).toBe("AZ9ßſıK");
    expect(foldAscii("aZ9ẞ\u212aİ")).toBe("az9ẞ\u212aİ");
  });

  test("has blanks", () => {
    expect(trimAscii("\t\n\v\f\r  \u00a0x\ufeff \n")).toBe("\u00a0x\ufeff");
  });

  for (const [text, value] of [["0", 0] as const, ["007", 7] as const, ["999999999999999", 999_999_999_999_999] as const]) {
    test(`\`${text}\` is a whole number`, () => expect(wholeNumber(text)).toBe(value));
  }

  for (const text of ["", "-1", "+1", " 1", "1e3", "0x1", "1.0", "١", "1000000000000000"]) {
    test(`\`${text}\` is none`, () => expect(wholeNumber(text)).toBe(null));
  }
});
