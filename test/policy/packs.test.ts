// The packs that ship: every rule is tested by its own pack, and every `instead` passes the policy that offers it. Proves spec/policy.md section 2.8.

import { describe, expect, it } from "vitest";
import { testPolicy } from "../../src/policy/index.js";
import { deriveForTests } from "./derive.js";
import { openPack, shippedPack } from "./packs.js";

describe.each([
  { id: "cavra-ai-agent-baseline", least: 120 },
  { id: "cavra-strict", least: 40 },
])("$id", ({ id, least }) => {
  const report = testPolicy(shippedPack(id), openPack(id), deriveForTests);

  it("passes its own tests", () => {
    const failed = report.results.filter(({ passed }) => !passed);
    const told = failed.map(
      ({ name, expected, expected_rule, judgement }) =>
        `${name}: ${expected} ${expected_rule}, got ${judgement.verdict} ${judgement.rule_id}`,
    );
    expect(told).toEqual([]);
  });

  it(`has at least ${least} tests, and every rule is met by one`, () => {
    expect(report.results.length).toBeGreaterThanOrEqual(least);
    expect(report.untested_rules).toEqual([]);
  });

  it("suggests nothing that it would stop itself", () => {
    expect(report.broken_insteads).toEqual([]);
  });
});
