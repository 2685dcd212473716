// What a drill history comes to: the last drill that passed, and the faults that stand open. Proves spec/notices.md 2.2.

import { describe, expect, it } from "vitest";
import { factsOfDrills, type KnownDrill } from "../../src/promotion/index.js";

const [A, B, C] = ["2026-11-01T00:00:00.000Z", "2026-11-02T00:00:00.000Z", "2026-11-03T00:00:00.000Z"];
const RESOLVED = { by: "alice", at: C, reason: "mended" };

function drill(fault: KnownDrill["fault"], verdict: KnownDrill["verdict"], at: string, over: Partial<KnownDrill> = {}): KnownDrill {
  return {
    drill_id: `drl_${at}`,
    fault,
    mode: "promoted",
    begun_at: at,
    ended_at: at,
    verdict,
    codes: [],
    messages: [],
    measured: null,
    sequence: 1,
    expires_at: "",
    subject: { runtime: "", typescript: "", go: "", catalogue: "", policy: "", registry: "" },
    resolution: null,
    ...over,
  };
}

describe("a drill history", () => {
  it.each<readonly [string, readonly KnownDrill[], string, readonly string[]]>([
    ["without drills", [], "", []],
    ["of one that passed", [drill("sigkill", "pass", A)], A, []],
    ["of two that passed", [drill("sigkill", "pass", A), drill("garbage", "pass", B)], B, []],
    ["of one that passed in another mode", [drill("sigkill", "pass", A, { mode: "shadow" })], "", []],
    ["of one that runs", [drill("sigkill", "running", A)], "", []],
    ["of one that failed", [drill("sigkill", "fail", A)], "", ["sigkill"]],
    [
      "of one that failed and passed afterwards, and nobody answered for",
      [drill("sigkill", "fail", A), drill("sigkill", "pass", B)],
      B,
      ["sigkill"],
    ],
    ["of one that was answered for and not repeated", [drill("sigkill", "fail", A, { resolution: RESOLVED })], "", ["sigkill"]],
    [
      "of one that was answered for and passed",
      [drill("sigkill", "fail", A, { resolution: RESOLVED }), drill("sigkill", "pass", B)],
      B,
      [],
    ],
    [
      "of one that was answered for, and another fault that passed",
      [drill("sigkill", "fail", A, { resolution: RESOLVED }), drill("garbage", "pass", B)],
      B,
      ["sigkill"],
    ],
    [
      "of one that passed before it failed",
      [drill("sigkill", "pass", A), drill("sigkill", "fail", B, { resolution: RESOLVED })],
      A,
      ["sigkill"],
    ],
    ["of one that showed nothing", [drill("sigkill", "inconclusive", A)], "", ["sigkill"]],
    ["of one that showed nothing and then passed", [drill("sigkill", "inconclusive", A), drill("sigkill", "pass", B)], B, []],
  ])("%s", (_, drills, last, failed) => {
    const facts = factsOfDrills(drills);
    expect([facts.last_passed_at, facts.failed.map(({ fault }) => fault)]).toEqual([last, failed]);
  });
});
