// A lease is live for who looks, or says why not. Proves spec/promotion.md 6.3.

import { describe, expect, it } from "vitest";
import { formatTime, sha256 } from "../../src/base/index.js";
import type { KeySigner } from "../../src/evidence/index.js";
import { type Lease, type LeaseGiven, openLease, type Subject, signLease } from "../../src/promotion/index.js";
import { BUILDER, DAY, LEASER, NOW, STRANGER, TRUST } from "./trust-of-test.js";

const RUNNING: Subject = {
  runtime: sha256("binary"),
  typescript: sha256("ts"),
  go: sha256("go"),
  catalogue: sha256("catalogue"),
  policy: sha256("policy"),
  registry: "",
};
const LEASE: Lease = {
  schema_version: "cavra.lease.v1",
  lease_id: "lea_01m6gpfk4ne00r40r40m30e209",
  issued_at: formatTime(NOW - 10_000),
  expires_at: formatTime(NOW + 50_000),
  purpose: "production",
  subject: RUNNING,
  authority: { pid: 7, boot: "b", process_start: "99" },
  scope: { state_dir: "/state" },
  sequence: 1,
  evidence_digest: sha256("e"),
  approval_id: "apr_01m6gpfk4ne00r40r40m30e209",
  parity_digest: sha256("p"),
  deployment_digest: sha256("d"),
};
const GIVEN: LeaseGiven = {
  trust: TRUST,
  nowMs: NOW,
  clockBehind: false,
  purpose: "production",
  stateDir: "/state",
  running: RUNNING,
  isAlive: ({ process_start }) => process_start === "99",
};

function signed(lease: object = LEASE, signer: KeySigner = LEASER): string {
  const text = signLease(lease as Lease, signer);
  if (!text.ok) throw new Error(text.problem.message);
  return text.value;
}
const code = (text: string | null, given: Partial<LeaseGiven> = {}) => {
  const read = openLease(text, { ...GIVEN, ...given });
  return read.ok ? "live" : read.problem.code;
};

describe("a lease", () => {
  it("is live to its last millisecond", () => {
    expect(openLease(signed(), GIVEN)).toEqual({ ok: true, value: LEASE });
    expect(code(signed(), { nowMs: NOW + 49_999 })).toBe("live");
    expect(code(signed(), { nowMs: NOW + 50_000 })).toBe("lease_ended");
  });

  it.each<[string, Parameters<typeof code>]>([
    ["lease_missing", [null]],
    ["lease_malformed", [""]],
    ["lease_malformed", [signed().slice(0, 90)]],
    ["lease_malformed", [`${signed()}${signed()}`]],
    ["lease_unsigned", [signed(LEASE, STRANGER)]],
    ["lease_unsigned", [signed(LEASE, BUILDER)]],
    ["lease_wrong_purpose", [signed({ ...LEASE, purpose: "rehearsal" }, STRANGER)]],
    ["lease_wrong_purpose", [signed({ ...LEASE, purpose: "rehearsal" })]],
    ["lease_other_scope", [signed(), { stateDir: "/other" }]],
    ...(["runtime", "typescript", "go", "catalogue", "policy", "registry"] as const).map((key): [string, Parameters<typeof code>] => [
      "lease_unbound",
      [signed(), { running: { ...RUNNING, [key]: sha256("x") } }],
    ]),
    ["clock_suspect", [signed(), { clockBehind: true }]],
    ["lease_early", [signed(), { nowMs: NOW - 11_001 }]],
    ["lease_ended", [signed(), { nowMs: NOW + DAY }]],
    ["lease_orphaned", [signed(), { isAlive: () => false }]],
  ])("is `%s`", (expected, args) => {
    expect(code(...args)).toBe(expected);
  });

  it.each<[string, object]>([
    ["a millisecond more than a lease may last", { ...LEASE, expires_at: formatTime(NOW + 50_001) }],
    ["no time at all", { ...LEASE, expires_at: LEASE.issued_at }],
    ["a key more", { ...LEASE, forever: true }],
    ["a purpose that nobody knows", { ...LEASE, purpose: "test" }],
    ["no digest of what runs", { ...LEASE, subject: { ...RUNNING, runtime: "" } }],
    ["another id", { ...LEASE, lease_id: LEASE.approval_id }],
  ])("is never signed with %s", (_, lease) => {
    expect(signLease(lease as Lease, LEASER)).toMatchObject({ ok: false, problem: { code: "lease_malformed" } });
  });

  it("is refused with every single bit turned", () => {
    const good = Buffer.from(signed());
    for (let bit = 0; bit < good.length * 8; bit++) {
      const bent = Buffer.from(good);
      bent[bit >> 3] = (bent[bit >> 3] ?? 0) ^ (1 << (bit & 7));
      const found = code(bent.toString("utf8"));
      // The line feed at its end is no part of it.
      if (found === "live" && bit >> 3 !== good.length - 1) throw new Error(`bit ${bit} was turned, and the lease is live`);
    }
  });
});
