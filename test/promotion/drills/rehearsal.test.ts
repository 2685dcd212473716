// A rehearsal opens to what its drills saw, and to no more: what was not done, not seen, too slow for the plan or beyond a limit is no success.
// Proves spec/drills.md 1.1, 1.3, 1.7 and section 3.

import { readFileSync } from "node:fs";
import { join } from "node:path";
import { Ajv2020 } from "ajv/dist/2020.js";
import { describe, expect, it } from "vitest";
import { formatTime } from "../../../src/base/index.js";
import {
  drillPicture,
  type Experiment,
  type FaultName,
  type Observations,
  REHEARSAL,
  type Rehearsal,
  rehearsalFindings,
  signDocument,
} from "../../../src/promotion/index.js";
import { CHAIN, DAY, DRILLER, GIVEN, NOW } from "../trust-of-test.js";

const SPEC = join(import.meta.dirname, "../../../spec");
const vector = (name: string): { experiment: Experiment; observations: Observations } =>
  JSON.parse(readFileSync(join(SPEC, `vectors/drill-verdict/${name}.json`), "utf8")).input;
const GOOD = vector("a-kill-that-went-well");
const digest = `sha256:${"0".repeat(64)}`;
const given = { trust: GIVEN, nowMs: NOW, clockBehind: false, running: null };
const NOTHING = { faults: [], objectives: null };

interface Done {
  readonly experiment?: Partial<Experiment>;
  readonly observations?: Partial<Observations>;
}

function rehearsal(faults: readonly FaultName[], done: readonly Done[], issuedMs = NOW - DAY): Rehearsal {
  return {
    schema_version: REHEARSAL.schema,
    document_id: "doc_01m6gpfk4ne00r40r40m30e209",
    issued_at: formatTime(issuedMs),
    expires_at: formatTime(issuedMs + 30 * DAY),
    subject: { runtime: digest, typescript: digest, go: digest, catalogue: digest, policy: "", registry: "" },
    faults,
    plan_digest: "",
    drills: done.map(({ experiment, observations }) => ({
      drill_id: "drl_01m6gpfk4ne00r40r40m30e209",
      experiment: { ...GOOD.experiment, ...experiment },
      observations: { ...GOOD.observations, ...observations },
    })),
  };
}

const signed = (body: Rehearsal) => signDocument(REHEARSAL, body, DRILLER, CHAIN);

function codes(body: Rehearsal, wanted: Parameters<typeof rehearsalFindings>[2] = NOTHING): readonly string[] {
  const text = signed(body);
  if (!text.ok) return [text.problem.message];
  return rehearsalFindings(Buffer.from(text.value), given, wanted).findings.map(({ verdict, code }) => `${verdict} ${code}`);
}

describe("a rehearsal", () => {
  it("passes when each fault that was asked for was done and went well, and has the form of its schema", () => {
    const body = rehearsal(["sigkill"], [{}]);
    expect(codes(body)).toEqual(["pass ok"]);
    const schema = JSON.parse(readFileSync(join(SPEC, "schema/go-backend-rollback-rehearsal.schema.json"), "utf8"));
    const validate = new Ajv2020({ strict: false }).compile(schema);
    expect(validate(body) || validate.errors).toBe(true);
    expect(validate({ ...body, verdict: "pass" })).toBe(false);
  });

  it.each<[string, Rehearsal, Parameters<typeof rehearsalFindings>[2], string]>([
    ["was stopped before its first drill", rehearsal(["sigkill"], []), NOTHING, "inconclusive fault_not_rehearsed"],
    ["did not do one of its faults", rehearsal(["sigkill", "oom_kill"], [{}]), NOTHING, "inconclusive fault_not_rehearsed"],
    [
      "was not asked for a fault of the plan",
      rehearsal(["sigkill"], [{}]),
      { faults: ["lying_allow"], objectives: null },
      "inconclusive fault_not_rehearsed",
    ],
    ["was done in another mode", rehearsal(["sigkill"], [{ experiment: { mode: "enforce" } }]), NOTHING, "inconclusive not_promoted"],
    [
      "has one that failed among those that passed",
      rehearsal(["sigkill"], [{}, { observations: { before: { ...GOOD.observations.before, wrong: 1 } } }]),
      NOTHING,
      "fail drill_failed",
    ],
    [
      "was broken off",
      rehearsal(["sigkill"], [{ observations: { broken_off: "somebody ended it" } }]),
      NOTHING,
      "inconclusive drill_inconclusive",
    ],
    [
      "is slower than the plan allows",
      rehearsal(["sigkill"], [{}]),
      { faults: [], objectives: { first_answer_p99_ms: 20, full_demotion_ms: 1 } },
      "fail drill_failed",
    ],
    ["is old", rehearsal(["sigkill"], [{}], NOW - 30 * DAY), NOTHING, "stale document_stale"],
    ["is dated ahead", rehearsal(["sigkill"], [{}], NOW + 300_001), NOTHING, "clock_suspect document_future"],
  ])("that %s does not", (_, body, wanted, expected) => {
    expect(codes(body, wanted)).toContain(expected);
  });

  it("is as fast as the plan wants at its objective, whatever its own was", () => {
    const objectives = { first_answer_p99_ms: 5, full_demotion_ms: 2 };
    const body = rehearsal(["sigkill"], [{ experiment: { objectives: { first_answer_p99_ms: 60_000, full_demotion_ms: 60_000 } } }]);
    expect(codes(body, { faults: [], objectives })).toEqual(["pass ok"]);
    expect(codes(body, { faults: [], objectives: { ...objectives, full_demotion_ms: 1 } })).toEqual(["fail drill_failed"]);
  });

  it.each<[string, Done, Done]>([
    ["64 callers", { experiment: { callers: 64 } }, { experiment: { callers: 65 } }],
    ["one caller", { experiment: { callers: 1 } }, { experiment: { callers: 0 } }],
    ["64 lines", { experiment: { lines: Array(64).fill("ls #") } }, { experiment: { lines: Array(65).fill("ls #") } }],
    ["a deadline of a minute", { experiment: { deadline_ms: 60_000 } }, { experiment: { deadline_ms: 60_001 } }],
    [
      "an objective of a millisecond",
      { experiment: { objectives: { first_answer_p99_ms: 1, full_demotion_ms: 1 } } },
      { experiment: { objectives: { first_answer_p99_ms: 0, full_demotion_ms: 1 } } },
    ],
    ["as many rounds as it was to have", {}, { observations: { rounds: [...GOOD.observations.rounds, ...GOOD.observations.rounds] } }],
    ["10,000 rounds", { experiment: { rounds: 10_000 } }, { experiment: { rounds: 10_001 } }],
    ["100,000 calls", { observations: calls(100_000) }, { observations: calls(100_001) }],
    ["an output of 2,000 characters", { observations: said(2_000) }, { observations: said(2_001) }],
    ["an answer that it has", {}, { observations: row([0, 0, 6_000, 2, 0, 0, 1, 1]) }],
    ["a code that it has", {}, { observations: row([0, 0, 6_000, 0, 0, 0, 7, 1]) }],
    ["eight columns", {}, { observations: row([0, 0, 6_000, 0, 0, 0, 1]) }],
  ])("has %s at most, or one at least", (_, at, beyond) => {
    expect(signed(rehearsal(["sigkill"], [at])).ok).toBe(true);
    expect(signed(rehearsal(["sigkill"], [beyond]))).toMatchObject({ ok: false, problem: { code: "document_malformed" } });
  });

  it("names a fault once, and only one that there is", () => {
    expect(signed(rehearsal(["sigkill", "sigkill"], [{}])).ok).toBe(false);
    expect(signed(rehearsal([], [{}])).ok).toBe(false);
    expect(signed(rehearsal(["earthquake" as FaultName], [{}])).ok).toBe(false);
  });

  it("holds no verdict: a document with one is none", () => {
    const text = signDocument(REHEARSAL, { ...rehearsal(["sigkill"], [{}]), verdict: "pass" } as unknown as Rehearsal, DRILLER, CHAIN);
    expect(text).toMatchObject({ ok: false, problem: { code: "document_malformed" } });
  });
});

describe("the picture of a drill", () => {
  it("is of one size, however much was seen, and says what the numbers say", () => {
    const many = { ...GOOD.observations, ...calls(50_000) };
    const svg = drillPicture(GOOD.experiment, many);
    expect(svg.length).toBeLessThan(2_000_000);
    expect(svg).toMatch(/^<svg xmlns/);
    expect(drillPicture(GOOD.experiment, GOOD.observations)).toContain("median 5 ms");
  });

  it("lets no text of a document become a part of it", () => {
    const svg = drillPicture(GOOD.experiment, { ...GOOD.observations, begun_at: "<script>&" });
    expect(svg).toContain("&lt;script&gt;&amp;");
    expect(svg).not.toContain("<script>");
  });
});

function calls(count: number): Partial<Observations> {
  const [round] = GOOD.observations.rounds;
  const one = round?.calls[0] ?? [];
  return { rounds: [{ fault_us: 1_000, actions: [], calls: Array.from({ length: count }, () => one) }] };
}

function said(length: number): Partial<Observations> {
  const [round] = GOOD.observations.rounds;
  return { rounds: [{ fault_us: 1_000, calls: round?.calls ?? [], actions: [{ at_us: 0, name: "look", output: "x".repeat(length) }] }] };
}

function row(values: readonly number[]): Partial<Observations> {
  return { rounds: [{ fault_us: 1_000, actions: [], calls: [values] }] };
}
