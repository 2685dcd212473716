// The packs that ship: every rule is tested by its own pack, and every `instead` passes the policy that offers it. Proves spec/policy.md section 2.8.

import { describe, expect, it } from "vitest";
import { testPolicy } from "../../src/policy/index.js";
import { deriveForTests } from "./derive.js";
import { library, openPack, shippedPack } from "./packs.js";

/** Every pack that ships, and the fewest tests that it may have of its own. */
const LEAST_TESTS: Readonly<Record<string, number>> = {
  "cavra-ai-agent-baseline": 120,
  "cavra-cloud": 130,
  "cavra-database": 125,
  "cavra-github": 110,
  "cavra-kubernetes": 140,
  "cavra-strict": 40,
  "cavra-supply-chain": 140,
  "cavra-terraform": 120,
};

it("knows every pack in policies/", () => {
  expect([...library.keys()].sort()).toEqual(Object.keys(LEAST_TESTS).sort());
});

describe.each(Object.entries(LEAST_TESTS))("%s", (id, least) => {
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
