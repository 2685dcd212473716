// The schemas and the types say the same: real records and decisions fit, and nothing more or less does.

import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { Ajv2020 } from "ajv/dist/2020.js";
import { describe, expect, test } from "vitest";
import { type DecisionRecord, decisionOf, type Evidence } from "../../src/evidence/index.js";
import { builtRecord } from "./sample.js";

const SPEC = join(import.meta.dirname, "../../spec");
const read = (path: string) => JSON.parse(readFileSync(join(SPEC, path), "utf8"));
const ajv = new Ajv2020({ strict: true, strictTypes: false });
for (const name of ["action", "record", "decision"]) ajv.addSchema(read(`schema/${name}.schema.json`), name);

function problems(schema: string, value: unknown): readonly string[] {
  ajv.validate(schema, JSON.parse(JSON.stringify(value)));
  return (ajv.errors ?? []).map((error) => `${error.instancePath} ${error.message}`);
}

const evidence: Evidence = {
  status: "recorded",
  record_digest: builtRecord().digest,
  journal: { file: "2026-11-03.journal", offset: 0, length: 9 },
};

describe("schemas", () => {
  const expected = readdirSync(join(SPEC, "vectors/record"))
    .filter((name) => name !== "manifest.json")
    .flatMap((name) => {
      const {
        id,
        expect: { record },
      } = read(`vectors/record/${name}`);
      return record === undefined ? [] : [[id, record] as const];
    });

  for (const [id, record] of expected) {
    test(`${id} and its decision fit`, () => {
      expect(problems("record", record)).toEqual([]);
      expect(problems("decision", decisionOf(record as DecisionRecord, evidence))).toEqual([]);
    });
  }

  test("a record without one of its keys, or with one more anywhere, does not fit", () => {
    const { record } = builtRecord({ target: "tool --token abc123def" });
    expect(problems("record", record)).toEqual([]);
    for (const key of Object.keys(record)) expect(problems("record", { ...record, [key]: undefined })).not.toEqual([]);
    const extended = (value: object) => ({ ...value, extra: 1 });
    const wrong = [
      extended(record),
      { ...record, who: extended(record.who) },
      { ...record, action: extended(record.action ?? {}) },
      { ...record, redactions: record.redactions.map(extended) },
      { ...record, judgement: { ...record.judgement, effects: record.judgement?.effects.map(extended) } },
    ];
    for (const one of wrong) expect(problems("record", one)).not.toEqual([]);
  });

  test("evidence that is not recorded has no digest and no position", () => {
    const { record } = builtRecord();
    const decision = (more: Partial<Evidence>) => decisionOf(record, { ...evidence, ...more });
    expect(problems("decision", decision({ status: "dry_run", record_digest: "", journal: null }))).toEqual([]);
    expect(problems("decision", decision({ status: "dry_run" }))).not.toEqual([]);
    expect(problems("decision", decision({ journal: null }))).not.toEqual([]);
  });
});
