// A signed document opens in one way and is refused in every other, each with its own code. Proves spec/promotion.md section 2.

import { describe, expect, it } from "vitest";
import { formatTime, sha256 } from "../../../src/base/index.js";
import type { KeySigner } from "../../../src/evidence/index.js";
import {
  EVIDENCE,
  type Finding,
  NO_SUBJECT,
  openDocument,
  type PromotionEvidence,
  type Subject,
  signDocument,
} from "../../../src/promotion/index.js";
import { BUILDER, CALLED_BACK, CHAIN, DAY, DRILLER, GIVEN, NOW, STRANGER } from "../trust-of-test.js";

const RUNNING: Subject = {
  runtime: sha256("binary"),
  typescript: sha256("ts"),
  go: sha256("go"),
  catalogue: sha256("catalogue"),
  policy: sha256("policy"),
  registry: "",
};
const SUBJECT: Subject = { ...RUNNING, policy: "", registry: "" };
const BODY: PromotionEvidence = {
  schema_version: "cavra.go-backend-promotion-evidence.v1",
  document_id: "doc_01m6gpfk4ne00r40r40m30e209",
  issued_at: formatTime(NOW - DAY),
  expires_at: formatTime(NOW + 20 * DAY),
  subject: SUBJECT,
  parity_status: "pass",
  deployment_status: "ready",
  approved: true,
  approval_id: "apr_01m6gpfk4ne00r40r40m30e209",
  evidence_refs: ["go-deployment-readiness://a", "go-runtime-parity://b", "go-rollback-rehearsal://c", "go-rollback-plan://d"],
  evidence_digests: [sha256("a"), sha256("b"), sha256("c"), sha256("d")],
};
const OPEN = { trust: { ...GIVEN, ownChain: [] }, nowMs: NOW, clockBehind: false, running: RUNNING };

function signed(body: object = BODY, signer: KeySigner = BUILDER): string {
  const text = signDocument(EVIDENCE, body as PromotionEvidence, signer, CHAIN);
  if (!text.ok) throw new Error(text.problem.message);
  return text.value;
}
const findings = (text: string | Uint8Array | null, given: Partial<typeof OPEN> = {}): readonly Finding[] =>
  openDocument(EVIDENCE, text === null ? null : Buffer.from(text), { ...OPEN, ...given }).findings;
const codes = (...args: Parameters<typeof findings>) => findings(...args).map(({ verdict, code }) => `${verdict}: ${code}`);

describe("a signed document", () => {
  it("opens, and nothing is found", () => {
    const read = openDocument(EVIDENCE, Buffer.from(signed()), OPEN);
    expect(read).toMatchObject({ findings: [], opened: { body: BODY, signers: ["builder"] } });
    expect(read.digest).toBe(sha256(signed()));
  });

  it.each<[string, string]>([
    ["missing: document_missing", "there is none"],
    ["malformed: document_malformed", "it is empty"],
    ["malformed: document_malformed", "it is torn"],
    ["unsigned: document_unsigned", "it was typed by hand"],
    ["unsigned: signature_invalid", "its signature was changed"],
    ["unsigned: unknown_signer", "a stranger signed it"],
    ["unsigned: wrong_role", "a key of another role signed it"],
    ["revoked: key_revoked", "its key was called back"],
    ["clock_suspect: document_future", "it is dated ahead"],
    ["clock_suspect: clock_behind", "the clock was set back"],
    ["stale: document_stale", "it has ended"],
    ["unbound: unbound_runtime", "another binary would run"],
    ["unbound: unbound_typescript", "another TypeScript engine would run"],
    ["unbound: unbound_go", "another Go engine would run"],
    ["unbound: unbound_catalogue", "another catalogue would run"],
    ["fail: parity_not_passed", "it says that parity did not pass"],
    ["fail: deployment_not_ready", "it says that deployment is not ready"],
    ["unapproved: not_approved", "it says that nobody approved it"],
  ])("gives `%s` where %s", (expected, how) => {
    expect(codes(...(WAYS[how] ?? [null]))).toEqual([expected]);
  });

  const last = (text: string) => JSON.parse(text.trimEnd().split("\n").at(-1) ?? "");
  const WAYS: Readonly<Record<string, Parameters<typeof findings>>> = {
    "there is none": [null],
    "it is empty": [""],
    "it is torn": [signed().slice(0, -40)],
    "it was typed by hand": [JSON.stringify(BODY)],
    "its signature was changed": [
      `${[...CHAIN, JSON.stringify({ ...last(signed()), signatures: [{ ...last(signed()).signatures[0], sig: Buffer.alloc(64).toString("base64") }] })].join("\n")}\n`,
    ],
    "a stranger signed it": [signed(BODY, STRANGER)],
    "a key of another role signed it": [signed(BODY, DRILLER)],
    "its key was called back": [signed(BODY, CALLED_BACK)],
    "it is dated ahead": [signed({ ...BODY, issued_at: formatTime(NOW + 300_001) })],
    "the clock was set back": [signed(), { clockBehind: true }],
    "it has ended": [signed({ ...BODY, expires_at: formatTime(NOW) })],
    "another binary would run": [signed(), { running: { ...RUNNING, runtime: sha256("x") } }],
    "another TypeScript engine would run": [signed(), { running: { ...RUNNING, typescript: sha256("x") } }],
    "another Go engine would run": [signed(), { running: { ...RUNNING, go: sha256("x") } }],
    "another catalogue would run": [signed(), { running: { ...RUNNING, catalogue: sha256("x") } }],
    "it says that parity did not pass": [signed({ ...BODY, parity_status: "inconclusive" })],
    "it says that deployment is not ready": [signed({ ...BODY, deployment_status: "not_requested" })],
    "it says that nobody approved it": [signed({ ...BODY, approved: false })],
  };

  it("is in time to the last millisecond, and dated ahead by no more than the skew", () => {
    expect(codes(signed({ ...BODY, expires_at: formatTime(NOW + 1) }))).toEqual([]);
    expect(codes(signed({ ...BODY, issued_at: formatTime(NOW + 300_000) }))).toEqual([]);
  });

  it("is another policy's as well: what was approved about engines outlives an edited rule", () => {
    expect(codes(signed(), { running: { ...RUNNING, policy: sha256("other"), registry: sha256("r") } })).toEqual([]);
  });

  it.each<[string, object]>([
    ["a key more", { ...BODY, note: "trust me" }],
    ["a key less", { ...BODY, approved: undefined }],
    ["a later end than its kind may have", { ...BODY, expires_at: formatTime(NOW + 29 * DAY + 1) }],
    ["an end before its beginning", { ...BODY, expires_at: formatTime(NOW - 2 * DAY) }],
    ["a time of another form", { ...BODY, issued_at: "2026-11-20" }],
    ["no id", { ...BODY, document_id: "latest" }],
    ["another schema", { ...BODY, schema_version: "cavra.go-backend-promotion-evidence.v2" }],
    ["a digest that it is not bound to", { ...BODY, subject: { ...SUBJECT, policy: sha256("p") } }],
    ["a digest missing that it is bound to", { ...BODY, subject: { ...SUBJECT, go: "" } }],
    ["no subject at all", { ...BODY, subject: NO_SUBJECT }],
    ["a reference of another kind", { ...BODY, evidence_refs: [...BODY.evidence_refs.slice(0, 3), "https://example.org"] }],
    ["a digest less than references", { ...BODY, evidence_digests: BODY.evidence_digests.slice(1) }],
  ])("is never signed with %s", (_, body) => {
    expect(signDocument(EVIDENCE, body as PromotionEvidence, BUILDER, CHAIN)).toMatchObject({
      ok: false,
      problem: { code: "document_malformed" },
    });
  });
});

describe("tampering", () => {
  it("is refused wherever a byte is set to another: 4,000 changes", () => {
    const good = Buffer.from(signed());
    let state = 0x2f6e2b1;
    const next = (below: number) => {
      state = (Math.imul(state, 1_103_515_245) + 12_345) & 0x7fffffff;
      return state % below;
    };
    const seen = new Map<string, number>();
    for (let i = 0; i < 4_000; i++) {
      const bent = Buffer.from(good);
      const at = next(bent.length);
      bent[at] = (bent[at] ?? 0) ^ (1 + next(255));
      const [first] = findings(bent);
      if (first === undefined) throw new Error(`byte ${at} of ${good.length} was changed, and nothing was found`);
      seen.set(first.verdict, (seen.get(first.verdict) ?? 0) + 1);
    }
    expect([...seen.keys()].sort()).toEqual(["malformed", "unsigned"]);
  });

  it("is refused wherever bytes are deleted, doubled or swapped: 6,000 changes", () => {
    const good = signed();
    for (let i = 0; i < 2_000; i++) {
      const at = (i * 7_919) % (good.length - 2);
      const run = 1 + (i % 40);
      const ways = [
        good.slice(0, at) + good.slice(at + run),
        good.slice(0, at + run) + good.slice(at),
        good.slice(0, at) + (good[at + 1] ?? "") + (good[at] ?? "") + good.slice(at + 2),
      ];
      for (const bent of ways) {
        // Two equal letters that change places, and a line feed more at the very end of nothing, are no change.
        if (bent !== good && findings(bent).length === 0) throw new Error(`changed at ${at}, and nothing was found`);
      }
    }
  });

  it("takes no envelope of another document, and no trust of another root", () => {
    const other = signed({ ...BODY, document_id: "doc_01m6gpfk4ne00r40r40m30e20a" });
    const [trust = "", envelope = ""] = signed().trimEnd().split("\n");
    const payload = JSON.parse(other.trimEnd().split("\n")[1] ?? "").payload;
    const mixed = JSON.stringify({ ...JSON.parse(envelope), payload });
    expect(codes(`${trust}\n${mixed}\n`)).toEqual(["unsigned: signature_invalid"]);
    expect(codes(signed(), { trust: { ...GIVEN, ownChain: [], pin: STRANGER.keyId } })).toEqual(["unsigned: unknown_signer"]);
  });
});
