// The JSON Schemas say what the code does: shipped packs, compiled policies and judgements fit them. Proves spec/schema/{policy,compiled-policy,judgement}.schema.json.

import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { Ajv2020 } from "ajv/dist/2020.js";
import { describe, expect, it } from "vitest";
import { parse } from "yaml";
import { compilePolicy, judge, openPolicy } from "../../src/policy/index.js";
import { SUBJECT } from "./arbitrary.js";
import { library, must, shippedPack } from "./packs.js";

const ROOT = join(import.meta.dirname, "..", "..");
const ajv = new Ajv2020({ allErrors: true, strict: true, strictRequired: false });

function check(schema: string, value: unknown): unknown {
  const file = join(ROOT, "spec", "schema", `${schema}.schema.json`);
  const validate =
    ajv.getSchema(`https://cavra.dev/schema/${schema}.schema.json`) ?? ajv.compile(JSON.parse(readFileSync(file, "utf8")) as object);
  return validate(value) ? [] : validate.errors;
}

describe("schemas", () => {
  it.each(readdirSync(join(ROOT, "policies")))("policies/%s fits the schema of packs", (name) => {
    expect(check("policy", parse(readFileSync(join(ROOT, "policies", name), "utf8")))).toEqual([]);
  });

  it.each([...library.keys()])("%s compiled fits the schema of compiled policies, and its judgement that of judgements", (id) => {
    const compiled = must(compilePolicy({ host: shippedPack(id), workspace: null, library, catalogue: {} }));
    expect(check("compiled-policy", compiled)).toEqual([]);
    const effect = { kind: "read", target: "/srv/app/.env", extent: "exact", span: { start: 0, end: 4 }, via: [], place: "here" } as const;
    expect(check("judgement", judge({ effects: [effect] }, SUBJECT, openPolicy(compiled)))).toEqual([]);
  });

  it("refuse what the loader refuses", () => {
    const head = { schema_version: "cavra.policy.v1", id: "p", version: "1" };
    expect(check("policy", { ...head, rule: [] })).not.toEqual([]);
    expect(check("policy", { ...head, id: "P" })).not.toEqual([]);
    expect(
      check("policy", { ...head, rules: [{ id: "r", verdict: "denny", severity: "low", reason: "x", match: { effect: "read" } }] }),
    ).not.toEqual([]);
    expect(
      check("policy", { ...head, rules: [{ id: "r", verdict: "deny", severity: "low", reason: "x", match: { path: "x" } }] }),
    ).not.toEqual([]);
  });
});
