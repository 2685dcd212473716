// spec/vectors/canonical-json: each input goes through the strict reader and the canonical writer.

import { describe, expect, test } from "vitest";
import { canonicalJson, canonicalRecord, JSON_LIMITS, parseJson, sha256 } from "../../src/base/index.js";
import { type InputPart, inputBytes, readCases } from "./cases.js";

interface Case {
  readonly id: string;
  readonly note: string;
  readonly profile: "any" | "record";
  readonly depth?: number;
  readonly size_bytes?: number;
  readonly input: readonly InputPart[];
  readonly expect: { readonly canonical?: string; readonly digest?: string; readonly code?: string; readonly at?: string };
}

describe("vectors: canonical-json", () => {
  for (const one of readCases<Case>("canonical-json")) {
    test(`${one.id} ${one.note}`, () => {
      const bytes = inputBytes(one.input);
      const result = canonicalise(bytes, one);
      expect(result).toEqual({ ...one.expect, ...("digest" in one.expect ? { canonical: one.expect.canonical ?? result.canonical } : {}) });
      // The same as text, unless the bytes have none.
      if (one.expect.code !== "json_invalid_utf8") expect(canonicalise(bytes.toString("utf8"), one)).toEqual(result);
    });
  }
});

function canonicalise(input: Buffer | string, one: Case): Case["expect"] {
  const limits = { depth: one.depth ?? JSON_LIMITS.depth, sizeBytes: one.size_bytes ?? JSON_LIMITS.sizeBytes };
  const parsed = parseJson(input, limits);
  const written = parsed.ok ? (one.profile === "record" ? canonicalRecord : canonicalJson)(parsed.value) : parsed;
  if (written.ok) return { canonical: written.value, digest: sha256(written.value) };
  const { code, at } = written.problem;
  return { code, ...(at === undefined ? {} : { at }) };
}
