// A rollback plan as a signed document: whole, in time, of one runtime, and never the template that nobody has filled in. Proves spec/drills.md 2.1 and 2.4.

import { readFileSync } from "node:fs";
import { join } from "node:path";
import { Ajv2020 } from "ajv/dist/2020.js";
import { describe, expect, test } from "vitest";
import { formatTime, type JsonValue, sha256 } from "../../../src/base/index.js";
import {
  draftProblems,
  FAULTS,
  NO_SUBJECT,
  newDraft,
  openDocument,
  type PlanDraft,
  ROLLBACK_PLAN,
  type RollbackPlan,
  signDocument,
} from "../../../src/promotion/index.js";
import { BUILDER, CHAIN, LEDGER, NOW, TRUSTED } from "../package/made.js";

const DAY_MS = 86_400_000;
const RUNTIME = sha256("runtime");
const filled: PlanDraft = { ...newDraft("ann"), owners: [{ name: "ann", contact: "+00 000" }] };
const PLAN: RollbackPlan = {
  ...filled,
  document_id: "doc_01m83tsp7qfhv9g8mvbpyfm4yb",
  issued_at: formatTime(NOW),
  expires_at: formatTime(NOW + 90 * DAY_MS),
  subject: { ...NO_SUBJECT, runtime: RUNTIME },
};

function codes(plan: RollbackPlan, by = BUILDER, { nowMs = NOW, runtime = RUNTIME } = {}): readonly string[] {
  const text = signDocument(ROLLBACK_PLAN, plan, by, CHAIN);
  if (!text.ok) return [text.problem.code];
  const running = { ...NO_SUBJECT, runtime };
  const { findings } = openDocument(ROLLBACK_PLAN, Buffer.from(text.value), {
    trust: { ...TRUSTED, nowMs },
    nowMs,
    clockBehind: false,
    running,
  });
  return findings.map(({ verdict, code }) => `${verdict} ${code}`);
}

describe("a rollback plan", () => {
  test("that a person filled in is signed and opened again", () => expect(codes(PLAN)).toEqual([]));

  test("has the form that the schema says", () => {
    const schema = JSON.parse(readFileSync(join(import.meta.dirname, "../../../spec/schema/go-backend-rollback-plan.schema.json"), "utf8"));
    const validate = new Ajv2020({ strict: true }).compile(schema);
    expect(validate(PLAN), JSON.stringify(validate.errors)).toBe(true);
    expect(validate({ ...PLAN, more: 1 })).toBe(false);
  });

  test("as the template is none: a person is missing, and where that is told", () => {
    const of = (owner: string) => draftProblems(newDraft(owner) as unknown as JsonValue).map(({ code, at }) => `${code} ${at}`);
    expect(of("ann")).toEqual(["plan_unfilled owners[0].contact"]);
    expect(of("").length).toBeGreaterThan(5);
    expect(codes({ ...PLAN, ...newDraft("ann") })).toEqual(["document_malformed"]);
  });

  test("is asked for every fault by its template", () => expect(newDraft("ann").faults).toEqual(FAULTS));

  const cases: readonly (readonly [string, readonly string[], readonly string[]])[] = [
    ["of another runtime", codes(PLAN, BUILDER, { runtime: sha256("x") }), ["unbound unbound_runtime"]],
    ["after 90 days", codes(PLAN, BUILDER, { nowMs: NOW + 90 * DAY_MS }), ["stale document_stale"]],
    ["for 91 days", codes({ ...PLAN, expires_at: formatTime(NOW + 91 * DAY_MS) }), ["document_malformed"]],
    ["of the future", codes({ ...PLAN, issued_at: formatTime(NOW + 300_001) }), ["clock_suspect document_future"]],
    ["signed by the ledger", codes(PLAN, LEDGER), ["unsigned wrong_role"]],
    ["bound to engines too", codes({ ...PLAN, subject: { ...PLAN.subject, go: sha256("go") } }), ["document_malformed"]],
    ["without steps", codes({ ...PLAN, steps: [] }), ["document_malformed"]],
  ];
  test.each(cases)("%s does not pass", (_, found, expected) => expect(found).toEqual(expected));
});
