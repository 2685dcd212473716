// The leases of an authority: given by a passed gate, renewed at half time, ended by file, hold and either clock. Proves spec/promotion.md 6.1, 6.2 and 6.4.

import { existsSync, mkdtempSync, readdirSync, readFileSync, realpathSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { formatTime, sha256 } from "../../src/base/index.js";
import { GATE_INPUTS, openLease, type PromotionReadiness, type Subject } from "../../src/promotion/index.js";
import {
  endLeases,
  GATE_AGAIN_MS,
  type Leases,
  leaseFile,
  newLeases,
  promotionPlaces,
  setHold,
  type Told,
} from "../../src/release/index.js";
import { LEASER, NOW, TRUST } from "../promotion/trust-of-test.js";

const RUNNING: Subject = {
  runtime: sha256("binary"),
  typescript: sha256("ts"),
  go: sha256("go"),
  catalogue: sha256("catalogue"),
  policy: sha256("policy"),
  registry: "",
};
const HOLDER = { pid: 7, boot: "b", process_start: "99" };
const REFERENCES = { evidence_digest: sha256("e"), approval_id: "apr_x", parity_digest: sha256("p"), deployment_digest: sha256("d") };

describe("the leases of an authority", () => {
  let state: string;
  let wall: number;
  let steady: number;
  let isOpen: boolean;
  let endsAt: string;
  let hasKey: boolean;
  let told: Told[];
  let gates: number;
  let leases: Leases;
  const clock = { nowMs: () => wall, randomBytes: (count: number) => new Uint8Array(count).fill(++gates & 0xff) };

  beforeEach(() => {
    state = mkdtempSync(join(realpathSync(tmpdir()), "cavra-leases-"));
    [wall, steady, isOpen, endsAt, hasKey, told, gates] = [NOW, 0, true, "", true, [], 0];
    leases = newLeases({
      stateFolder: state,
      holder: HOLDER,
      purpose: "production",
      leaseMs: 60_000,
      clock,
      steadyMs: () => steady,
      signer: () => (hasKey ? LEASER : null),
      gate: () => ({ readiness: readiness(isOpen), references: isOpen ? REFERENCES : null, asserted: null, endsAt }),
      tell: (one) => told.push(one),
    });
  });
  afterEach(() => rmSync(state, { recursive: true, force: true }));

  const pass = (ms: number) => {
    wall += ms;
    steady += ms;
  };
  const live = (running = RUNNING) => {
    const found = leases.live(running);
    return found.ok ? "live" : found.problem.code;
  };
  const events = () => told.map((one) => (one.event === "ended" ? `ended ${one.code}` : one.event));

  it("gives none before the gate was asked, and one that anybody can check after it", () => {
    expect(live()).toBe("promotion_gate_missing");
    leases.look(RUNNING);
    expect(live()).toBe("live");
    const text = readFileSync(leaseFile(state, RUNNING), "utf8");
    const given = { trust: TRUST, nowMs: wall, clockBehind: false, purpose: "production", stateDir: state, running: RUNNING } as const;
    expect(openLease(text, { ...given, isAlive: ({ pid }) => pid === 7 })).toMatchObject({
      ok: true,
      value: { ...REFERENCES, sequence: 1 },
    });
    expect(events()).toEqual(["gate", "leased"]);
  });

  it("renews at half its time and not before, with a sequence of its own", () => {
    leases.look(RUNNING);
    pass(29_999);
    leases.look(RUNNING);
    expect(events()).toEqual(["gate", "leased"]);
    pass(1);
    leases.look(RUNNING);
    expect(told.map((one) => (one.event === "leased" ? one.lease.sequence : 0))).toEqual([0, 1, 2]);
    pass(59_999);
    expect(live()).toBe("live");
    pass(1);
    expect(live()).toBe("lease_ended");
  });

  it("ends when the gate closes at a renewal, at once, and says so once", () => {
    leases.look(RUNNING);
    pass(31_000);
    isOpen = false;
    leases.look(RUNNING);
    expect(live()).toBe("promotion_gate_missing");
    pass(GATE_AGAIN_MS);
    leases.look(RUNNING);
    expect(events()).toEqual(["gate", "leased", "gate", "ended gate_closed"]);
    expect(readdirSync(promotionPlaces(state).leases)).toEqual([]);
  });

  it("tries a closed gate again only after a while", () => {
    isOpen = false;
    for (let i = 0; i < 10; i++) leases.look(RUNNING);
    isOpen = true;
    pass(GATE_AGAIN_MS - 1);
    leases.look(RUNNING);
    expect(live()).toBe("promotion_gate_missing");
    pass(1);
    leases.look(RUNNING);
    expect(live()).toBe("live");
  });

  it("never lasts longer than what it rests on", () => {
    endsAt = formatTime(NOW + 5_000);
    leases.look(RUNNING);
    pass(4_999);
    expect(live()).toBe("live");
    pass(1);
    expect(live()).toBe("lease_ended");
  });

  it("ends by a clock that nobody sets, whatever the wall clock says", () => {
    leases.look(RUNNING);
    steady += 60_000;
    expect(live()).toBe("lease_ended");
  });

  it("ends where the wall clock was set back, and where it was set ahead", () => {
    leases.look(RUNNING);
    wall -= 1_001;
    expect(live()).toBe("clock_suspect");
    wall += 1_001;
    pass(GATE_AGAIN_MS);
    leases.look(RUNNING);
    expect(live()).toBe("live");
    wall += 3_600_000;
    expect(live()).toBe("lease_ended");
  });

  it("is its file: one that was taken away or replaced has ended", () => {
    leases.look(RUNNING);
    endLeases(state);
    expect(live()).toBe("lease_missing");
    pass(GATE_AGAIN_MS);
    leases.look(RUNNING);
    const file = leaseFile(state, RUNNING);
    const text = readFileSync(file);
    rmSync(file);
    writeFileSync(`${file}.other`, "");
    writeFileSync(file, text);
    expect(live()).toBe("lease_missing");
    expect(existsSync(file), "what somebody else put there stays").toBe(true);
  });

  it("answers nothing while a hold stands, and gives none", () => {
    leases.look(RUNNING);
    setHold(state, { cause: "operator", reason: "look", person: { name: "ada", user: "ada", host: "mill" } }, clock);
    expect(live()).toBe("promotion_held");
    pass(40_000);
    leases.look(RUNNING);
    expect(existsSync(leaseFile(state, RUNNING))).toBe(false);
  });

  it("is for these engines and this policy alone", () => {
    leases.look(RUNNING);
    for (const key of ["runtime", "typescript", "go", "catalogue", "policy", "registry"] as const)
      expect(live({ ...RUNNING, [key]: sha256("other") }), key).toBe("lease_unbound");
  });

  it("gives none without a key, and says where one comes from", () => {
    hasKey = false;
    leases.look(RUNNING);
    expect(live()).toBe("promotion_gate_missing");
    expect(leases.status()).toMatchObject([{ gate: expect.stringContaining("cavra keys rotate lease") }]);
  });

  it("gives none that it cannot write", () => {
    rmSync(state, { recursive: true, force: true });
    writeFileSync(state, "");
    leases.look(RUNNING);
    expect(live()).not.toBe("live");
  });

  it("ends all at once when the authority goes", () => {
    leases.look(RUNNING);
    leases.look({ ...RUNNING, policy: sha256("other") });
    leases.drop("stopped");
    expect(readdirSync(promotionPlaces(state).leases)).toEqual([]);
    expect(events().filter((one) => one === "ended stopped")).toHaveLength(2);
  });
});

function readiness(isOpen: boolean): PromotionReadiness {
  return {
    schema_version: "cavra.go-promotion-readiness.v1",
    status: isOpen ? "ready" : "needs_attention",
    backend_mode: "promoted",
    select_go: isOpen,
    at: formatTime(NOW),
    checks: GATE_INPUTS.map((id) => ({
      id,
      status: isOpen ? "pass" : "fail",
      verdict: isOpen ? "pass" : "stale",
      code: isOpen ? "ok" : "document_stale",
      message: "",
      hint: "",
      also: [],
      ends_at: "",
    })),
  };
}
