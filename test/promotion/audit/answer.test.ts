// The answer about a time follows from what is on record, state by state, and from nothing else. Proves spec/promotion.md 10.4 to 10.6.

import { describe, expect, it } from "vitest";
import { type AuditAnswer, verifyKit } from "../../../src/promotion/index.js";
import { readCases } from "../../vectors/cases.js";
import { DOCUMENT_KITS } from "./document-kits.js";
import { type AnswerVector, recordKit } from "./record-kits.js";
import { AT, CHECK, SAMPLE_NOW, type Step, sampleDocuments, sampleKit } from "./sample-kit.js";
import { SCENARIOS } from "./scenarios.js";

describe("the answer of a kit", () => {
  it.each(SCENARIOS)("where $name", (scenario) => {
    const { bytes } = sampleKit(scenario);
    const kit = verifyKit(bytes, CHECK);
    if (!kit.ok) throw new Error(`${kit.problem.code}: ${kit.problem.message}`);
    const { selected, state, complete, because } = kit.value.answer;
    expect(because.map(({ code }) => code).filter((code) => code !== "document_missing")).toEqual(scenario.because);
    expect({ selected, state, complete }).toEqual({
      selected: scenario.state === "leased",
      state: scenario.state,
      complete: scenario.complete ?? true,
    });
  });
});

describe("a kit", () => {
  it.each([...DOCUMENT_KITS, ...readCases<AnswerVector>("audit-answer").map(recordKit)])("where $name: $code", ({ kit, code }) => {
    const verified = verifyKit(kit, CHECK);
    expect(verified.ok ? "" : verified.problem.code).toBe(code);
  });

  it("tells who signed, and of what was not found which digest is missing", () => {
    const { evidence, documents } = sampleDocuments(["rehearsal"]);
    const steps: readonly Step[] = [
      [-300, "started"],
      [-20, "leased", { evidence }],
      [6, "decision"],
    ];
    const verified = verifyKit(sampleKit({ steps, documents }).bytes, CHECK);
    if (!verified.ok) throw new Error(verified.problem.code);
    const told = verified.value.documents.map(({ kind, found, signed_by }) => `${kind} ${found} ${signed_by}`);
    expect(told).toEqual([
      "approval_answer true grace",
      "approval_request true ",
      "deployment_report true builder",
      "parity_report true builder",
      "promotion_evidence true builder",
      "rehearsal false ",
      "rollback_plan true builder",
    ]);
    const missing = documents.find(({ kind }) => kind === "rehearsal")?.name ?? "";
    expect(verified.value.answer.because.at(-1)).toEqual({ code: "document_missing", message: `rehearsal ${missing}`, record_id: "" });
  });

  it.each<[string, (answer: AuditAnswer) => AuditAnswer]>([
    ["that Go was not selected", (answer) => ({ ...answer, selected: false })],
    ["another state", (answer) => ({ ...answer, state: "waiting" })],
    ["that it is not complete", (answer) => ({ ...answer, complete: false })],
    ["another time", (answer) => ({ ...answer, at: SAMPLE_NOW })],
    ["another cause", (answer) => ({ ...answer, because: [] })],
  ])("that says %s is refused", (_, claim) => {
    const steps: readonly Step[] = [
      [-300, "started"],
      [6, "decision"],
    ];
    const honest = sampleKit({ steps });
    expect([honest.answer.at, verifyKit(honest.bytes, CHECK).ok]).toEqual([AT, true]);
    const lying = sampleKit({ steps, claim: (answer) => claim({ ...answer, selected: true, state: "leased" }) });
    const verified = verifyKit(lying.bytes, CHECK);
    expect(verified.ok ? "" : verified.problem.code).toBe("audit_answer_differs");
  });
});
