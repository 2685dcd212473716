import { describe, expect, test } from "vitest";
import { type ApprovalSubject, buildRequest, type RequestInput, readRequest } from "../../src/approval/index.js";
import { makeId, sha256 } from "../../src/base/index.js";

const APR = idOf("apr");
const HOUR = 3_600_000;
const DOCUMENTS: ApprovalSubject = {
  kind: "documents",
  purpose: "go_promotion",
  documents: [
    { kind: "deployment_report", digest: sha256("a") },
    { kind: "parity_report", digest: sha256("b") },
  ],
};
const ACTION: ApprovalSubject = {
  kind: "action",
  binding: `hmac-sha256:${"ab".repeat(32)}`,
  decision_id: idOf("dec"),
  record_digest: sha256("record"),
  severity: "high",
  rule_id: "infra.apply",
  reason: "it changes infrastructure",
  policy: { id: "p", version: "1.0.0", digest: sha256("p") },
};

function idOf(prefix: string): string {
  return makeId(prefix, Date.UTC(2026, 10, 23, 10), new Uint8Array(10));
}

function input(over: Partial<RequestInput> = {}): RequestInput {
  return {
    approvalId: APR,
    waitMs: null,
    asker: { kind: "agent", name: "claude-code", user: "dev", host: "build" },
    reason: "",
    subject: ACTION,
    routes: [{ id: "any_approver", approvers: ["*"], count: 1 }],
    ...over,
  };
}

function codeOf(over: Partial<RequestInput>): string {
  const built = buildRequest(input(over));
  return built.ok ? "" : built.problem.code;
}

describe("a request", () => {
  test("is read as it was built, and named by the digest of its text", () => {
    const built = buildRequest(input());
    if (!built.ok) throw new Error(built.problem.message);
    expect(readRequest(built.value.text)).toEqual(built);
    expect(built.value.digest).toBe(sha256(built.value.text));
  });

  test("of an action waits a day, of documents a week", () => {
    const ends = [ACTION, DOCUMENTS].map((subject) => {
      const built = buildRequest(input({ subject }));
      return built.ok ? built.value.request.expires_at : built.problem;
    });
    expect(ends).toEqual(["2026-11-24T10:00:00.000Z", "2026-11-30T10:00:00.000Z"]);
  });

  test.each([
    ["15 minutes", 900_000, ""],
    ["a millisecond less", 899_999, "approval_wait"],
    ["7 days", 168 * HOUR, ""],
    ["a millisecond more", 168 * HOUR + 1, "approval_wait"],
    ["half a millisecond", 900_000.5, "approval_wait"],
    ["no number", Number.NaN, "approval_wait"],
  ])("waits for %s", (_, waitMs, code) => {
    expect(codeOf({ waitMs })).toBe(code);
  });

  test.each<readonly [string, Partial<RequestInput>, string]>([
    ["a person without a reason", { asker: { kind: "person", name: "a", user: "a", host: "h" } }, "reason_missing"],
    ["another prefix", { approvalId: idOf("dec") }, "approval_malformed"],
    ["no identifier", { approvalId: "apr_1" }, "bad_id"],
    ["no route", { routes: [] }, "approval_malformed"],
    ["a route that needs nobody", { routes: [{ id: "a", approvers: ["*"], count: 0 }] }, "approval_malformed"],
    ["a route without approvers", { routes: [{ id: "a", approvers: [], count: 1 }] }, "approval_malformed"],
    ["a binding that is none", { subject: { ...ACTION, binding: "hmac-sha256:1" } }, "approval_malformed"],
    ["no documents", { subject: { ...DOCUMENTS, documents: [] } }, "approval_malformed"],
    ["documents out of order", { subject: { ...DOCUMENTS, documents: [...DOCUMENTS.documents].reverse() } }, "approval_malformed"],
    [
      "a document twice",
      { subject: { ...DOCUMENTS, documents: [0, 1].map(() => ({ kind: "a", digest: sha256("a") })) } },
      "approval_malformed",
    ],
    ["more than its limit", { subject: { ...ACTION, reason: "x".repeat(262_144) } }, "approval_malformed"],
  ])("is refused: %s", (_, over, code) => {
    expect(codeOf(over)).toBe(code);
  });

  test("has at most 32 documents", () => {
    const letters = "abcdefghijklmnopqrstuvwxyz";
    const kinds = Array.from({ length: 33 }, (_, i) => ({ kind: `${letters[Math.floor(i / 26)]}${letters[i % 26]}`, digest: sha256("a") }));
    expect(codeOf({ subject: { ...DOCUMENTS, documents: kinds.slice(0, 32) } })).toBe("");
    expect(codeOf({ subject: { ...DOCUMENTS, documents: kinds } })).toBe("approval_malformed");
  });

  test.each(["", "{}", "null", "[]", '{"a":1}'])("is not %s", (text) => {
    const read = readRequest(text);
    expect(read.ok ? "" : read.problem.code).toBe("approval_malformed");
  });

  test("with any key more, less or of another kind is none", () => {
    const built = buildRequest(input());
    if (!built.ok) throw new Error(built.problem.message);
    const whole = JSON.parse(built.value.text) as Record<string, unknown>;
    const changed = Object.keys(whole).flatMap((key) => {
      const { [key]: _, ...less } = whole;
      return [less, { ...whole, [key]: 1 }, { ...whole, [key]: null }];
    });
    for (const one of [...changed, { ...whole, zz: "" }]) {
      const read = readRequest(JSON.stringify(Object.fromEntries(Object.entries(one).sort(([a], [b]) => (a < b ? -1 : 1)))));
      expect(read.ok ? one : read.problem.code).toBe("approval_malformed");
    }
  });
});
