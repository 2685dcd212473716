// spec/vectors/record: what goes into a record, and its bytes; the expected digests were computed by another program.

import { describe, expect, test } from "vitest";
import { canonicalRecord, parseJson } from "../../src/base/index.js";
import { buildRecord, type DecisionRecord, type RecordInput, type Redaction } from "../../src/evidence/index.js";
import { type InputPart, inputBytes, readCases } from "./cases.js";

interface Case {
  readonly id: string;
  readonly note: string;
  readonly redaction_key: string;
  readonly input: Omit<RecordInput, "recordId"> & { readonly record_id: string };
  readonly target_parts?: readonly InputPart[];
  readonly expect: {
    readonly record?: DecisionRecord;
    readonly digest?: string;
    readonly redactions?: readonly Redaction[];
    readonly code?: string;
  };
}

describe("vectors: record", () => {
  for (const one of readCases<Case>("record")) {
    test(`${one.id} ${one.note}`, () => {
      const built = buildRecord(inputOf(one), Buffer.from(one.redaction_key, "hex"));
      if (!built.ok) {
        expect({ code: built.problem.code }).toEqual(one.expect);
        return;
      }
      const { record, text, digest } = built.value;
      if (one.expect.record) expect(record).toEqual(one.expect.record);
      if (one.expect.redactions) expect(record.redactions).toEqual(one.expect.redactions);
      expect(digest).toBe(one.expect.digest);
      const read = parseJson(text);
      expect(read.ok && canonicalRecord(read.value)).toEqual({ ok: true, value: text });
    });
  }
});

function inputOf(one: Case): RecordInput {
  const { record_id, ...rest } = one.input;
  const target = one.target_parts === undefined ? rest.action?.target : inputBytes(one.target_parts).toString("utf8");
  return { recordId: record_id, ...rest, action: rest.action === null ? null : { ...rest.action, target: target ?? "" } };
}
