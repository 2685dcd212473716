// spec/vectors/redaction: the secrets of a text, by kind and byte offset. The texts are kept in parts, so that no scanner takes a vector for a leak.

import { describe, expect, test } from "vitest";
import { findSecrets } from "../../src/evidence/index.js";
import { readCases } from "./cases.js";

interface Case {
  readonly id: string;
  readonly note: string;
  readonly text: readonly string[];
  readonly expect: readonly { readonly kind: string; readonly start: number; readonly end: number }[];
}

describe("vectors: redaction", () => {
  for (const one of readCases<Case>("redaction")) {
    test(`${one.id} ${one.note}`, () => {
      const text = one.text.join("");
      const bytes = (end: number) => Buffer.byteLength(text.slice(0, end));
      expect(findSecrets(text).map(({ kind, start, end }) => ({ kind, start: bytes(start), end: bytes(end) }))).toEqual(one.expect);
    });
  }
});
