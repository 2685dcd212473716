// spec/vectors/promotion-gate, promotion-document, lease and hold: what opens, what is live, and every way in which something is not.

import { describe, expect, test } from "vitest";
import type { TrustDocument } from "../../src/evidence/index.js";
import {
  EVIDENCE,
  found,
  GATE_INPUTS,
  type GateInput,
  type InputFound,
  type InputVerdict,
  openDocument,
  openLease,
  passed,
  readHold,
  runGate,
  type Subject,
} from "../../src/promotion/index.js";
import { readCases } from "./cases.js";

interface Named {
  readonly id: string;
  readonly note: string;
}

interface GateCase extends Named {
  readonly mode: string;
  readonly configured: boolean;
  readonly now: string;
  /** Those that are not open without an end. */
  readonly inputs: Readonly<Partial<Record<GateInput, { verdicts: readonly InputVerdict[]; issued_at: string; ends_at: string }>>>;
  readonly expect: { readonly status: string; readonly select_go: boolean; readonly closed: readonly string[] };
}

describe("vectors: promotion-gate", () => {
  const finding = (verdict: InputVerdict) => (verdict === "pass" ? passed("") : found(verdict, `code_${verdict}`, ""));
  for (const { id, note, mode, configured, now, inputs, expect: expected } of readCases<GateCase>("promotion-gate")) {
    test(`${id} ${note}`, () => {
      const given = Object.fromEntries(
        GATE_INPUTS.map((key) => {
          const { verdicts = ["pass"], issued_at = "", ends_at = "" } = inputs[key] ?? {};
          return [key, { findings: verdicts.map(finding), issued_at, ends_at }];
        }),
      ) as unknown as Record<GateInput, InputFound>;
      const { status, select_go, checks } = runGate({ mode, nowMs: Date.parse(now), configured, inputs: given });
      const closed = checks.filter((check) => check.status === "fail").map((check) => `${check.id}: ${check.verdict}`);
      expect({ status, select_go, closed }).toEqual(expected);
    });
  }
});

interface DocumentCase extends Named {
  readonly file: string | null;
  readonly pin: string;
  readonly now: string;
  readonly clock_behind: boolean;
  readonly running: Subject;
  readonly expect: readonly string[];
}

describe("vectors: promotion-document", () => {
  for (const { id, note, file, pin, now, clock_behind, running, expect: expected } of readCases<DocumentCase>("promotion-document")) {
    test(`${id} ${note}`, () => {
      const nowMs = Date.parse(now);
      const trust = { pin, ownChain: [], seenVersion: 0, nowMs };
      const { findings } = openDocument(EVIDENCE, file === null ? null : Buffer.from(file), {
        trust,
        nowMs,
        clockBehind: clock_behind,
        running,
      });
      expect(findings.map(({ verdict, code }) => `${verdict}: ${code}`)).toEqual(expected);
    });
  }
});

interface LeaseCase extends Named {
  readonly trust: TrustDocument;
  readonly text: string | null;
  readonly now: string;
  readonly clock_behind: boolean;
  readonly state_dir: string;
  readonly running: Subject;
  readonly alive: boolean;
  readonly expect: string;
}

describe("vectors: lease", () => {
  for (const { id, note, text, trust, now, clock_behind, state_dir, running, alive, expect: expected } of readCases<LeaseCase>("lease")) {
    test(`${id} ${note}`, () => {
      const read = openLease(text, {
        trust,
        nowMs: Date.parse(now),
        clockBehind: clock_behind,
        purpose: "production",
        stateDir: state_dir,
        running,
        isAlive: () => alive,
      });
      expect(read.ok ? "live" : read.problem.code).toBe(expected);
    });
  }
});

describe("vectors: hold", () => {
  for (const { id, note, text, expect: expected } of readCases<Named & { text: string; expect: string }>("hold")) {
    test(`${id} ${note}`, () => {
      const read = readHold(text);
      expect(read.ok ? read.value.hold_id : read.problem.code).toBe(expected);
    });
  }
});
