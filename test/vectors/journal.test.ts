// spec/vectors/journal: bytes of a journal file, and what each of them is.

import { describe, expect, test } from "vitest";
import { scanFrames } from "../../src/evidence/index.js";
import { type InputPart, inputBytes, readCases } from "./cases.js";

interface Case {
  readonly id: string;
  readonly note: string;
  readonly input: readonly InputPart[];
  readonly expect: readonly { readonly code: string; readonly offset: number; readonly length: number }[];
}

describe("vectors: journal", () => {
  for (const one of readCases<Case>("journal")) {
    test(`${one.id} ${one.note}`, () => {
      const { items, consumed } = scanFrames(inputBytes(one.input), 0, true);
      const codes = items.map((item) => ({
        code: item.kind === "record" ? "record" : item.code,
        offset: item.offset,
        length: item.length,
      }));
      expect(codes).toEqual(one.expect);
      expect(consumed).toBe(inputBytes(one.input).length);
    });
  }
});
