// A person's word about one route of one plan: whose it is, of what it is, when it came. Proves spec/notices.md 6.1 to 6.3.

import { describe, expect, it } from "vitest";
import type { TrustDocument } from "../../../src/evidence/index.js";
import {
  ACK_NOTE_BYTES,
  ACK_SKEW_MS,
  type Acknowledgement,
  acknowledgementText,
  allRoutes,
  countAcknowledgement,
  ownerOnRoute,
  signAcknowledgement,
} from "../../../src/promotion/index.js";
import { activeKey } from "../../../src/store/index.js";
import { signerFor, TRUST } from "../trust-of-test.js";
import { HOUR_MS, NOON_MS, routing, timeOf } from "./sample.js";

const APPROVER = signerFor("approver", 40);
const OTHER = signerFor("approver", 41);
const SINCE = timeOf(NOON_MS - 100 * HOUR_MS);
const trust: TrustDocument = {
  ...TRUST,
  keys: [
    ...TRUST.keys,
    activeKey("approver", APPROVER.signer.publicKey, "Alice", SINCE),
    activeKey("approver", OTHER.signer.publicKey, "Bob", SINCE),
  ],
};
const subject = { planId: "pln_1", planDigest: `sha256:${"ab".repeat(32)}`, plannedAt: timeOf(NOON_MS), routeId: "ops" };

function ack(over: Partial<Acknowledgement> = {}): Acknowledgement {
  return {
    schema_version: "cavra.drill-notice-ack.v1",
    plan_id: subject.planId,
    plan_digest: subject.planDigest,
    route_id: "ops",
    owner: "alice",
    person: "Alice",
    note: "",
    issued_at: timeOf(NOON_MS + 1),
    ...over,
  };
}

function signed(over: Partial<Acknowledgement> = {}, signer = APPROVER): string {
  const text = signAcknowledgement(ack(over), signer);
  if (!text.ok) throw new Error(text.problem.message);
  return text.value;
}

function codeOf(text: string, given: TrustDocument | null = trust, nowMs = NOON_MS + HOUR_MS, kind: "key" | "terminal" = "key"): string {
  const counted = countAcknowledgement({ kind, text }, subject, given, nowMs);
  return counted.ok ? "counts" : counted.problem.code;
}

describe("an acknowledgement", () => {
  const revoked = trust.keys.map((key) =>
    key.name === "Alice" ? { ...key, state: "revoked" as const, until: timeOf(NOON_MS), reason: "lost" } : key,
  );
  it.each<readonly [string, string, string]>([
    ["of this plan and route", codeOf(signed()), "counts"],
    ["of another plan", codeOf(signed({ plan_id: "pln_2" })), "ack_other_plan"],
    ["of another plan of the same name", codeOf(signed({ plan_digest: `sha256:${"cd".repeat(32)}` })), "ack_other_plan"],
    ["of another route", codeOf(signed({ route_id: "other" })), "ack_other_plan"],
    ["as old as the plan", codeOf(signed({ issued_at: timeOf(NOON_MS) })), "ack_early"],
    ["as far ahead as may be", codeOf(signed({ issued_at: timeOf(NOON_MS + HOUR_MS + ACK_SKEW_MS) })), "counts"],
    ["a millisecond further ahead", codeOf(signed({ issued_at: timeOf(NOON_MS + HOUR_MS + ACK_SKEW_MS + 1) })), "ack_future"],
    ["by another person's key", codeOf(signed({}, OTHER)), "ack_other_person"],
    ["by a key that was called back", codeOf(signed(), { ...trust, keys: revoked }), "key_revoked"],
    ["by a key of another role", codeOf(signed({}, signerFor("builder", 2))), "wrong_role"],
    ["by a stranger", codeOf(signed({}, signerFor("approver", 99))), "unknown_signer"],
    ["where there is no trust document", codeOf(signed(), null), "trust_missing"],
    ["without an envelope, as if a terminal had vouched", codeOf(JSON.stringify(ack()), trust, undefined, "key"), "envelope_malformed"],
  ])("%s: %s", (_, is, should) => {
    expect(is).toBe(should);
  });

  it("that a terminal vouched for is canonical and closed", () => {
    const text = acknowledgementText(ack());
    if (!text.ok) throw new Error(text.problem.message);
    expect(codeOf(text.value, null, undefined, "terminal")).toBe("counts");
    for (const wrong of [
      `${text.value} `,
      text.value.replace('"note":""', '"note":"","x":""'),
      text.value.replace('"note":""', '"note":1'),
      "{}",
      "",
    ])
      expect(codeOf(wrong, null, undefined, "terminal")).toBe("ack_malformed");
  });

  it("has a note of at most 500 bytes", () => {
    expect(acknowledgementText(ack({ note: "x".repeat(ACK_NOTE_BYTES) })).ok).toBe(true);
    expect(acknowledgementText(ack({ note: "x".repeat(ACK_NOTE_BYTES + 1) })).ok).toBe(false);
  });

  it("with a flipped bit counts for nothing", () => {
    const text = signed();
    const payload = text.indexOf('"payload":"') + 20;
    const flipped = `${text.slice(0, payload)}${text[payload] === "A" ? "B" : "A"}${text.slice(payload + 1)}`;
    expect(["signature_invalid", "ack_malformed", "envelope_malformed"]).toContain(codeOf(flipped));
  });
});

describe("on a route", () => {
  const routes = routing({ route: { escalation_owner: "bob", routes: [{ id: "carols", owner: "carol" }] } });
  const on = (id: string, kind: "key" | "terminal", name: string) => {
    const route = allRoutes(routes.root).get(id);
    if (route === undefined) throw new Error("no such route");
    const owner = ownerOnRoute(route, routes, kind, name);
    return owner.ok ? owner.value : owner.problem.code;
  };

  it.each([
    ["ops", "key", "Alice", "alice"],
    ["ops", "terminal", "alice", "alice"],
    ["ops", "key", "alice", "ack_other_person"],
    ["ops", "terminal", "Alice", "ack_other_person"],
    ["ops", "key", "", "ack_other_person"],
    ["carols", "key", "Alice", "ack_other_person"],
    ["carols", "terminal", "carol", "ack_other_person"],
  ] as const)("%s, by %s %j: %s", (route, kind, name, owner) => {
    expect(on(route, kind, name)).toBe(owner);
  });
});
