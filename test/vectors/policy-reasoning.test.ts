// Runs spec/vectors/policy-reasoning/: rules, exceptions and defaults in, what is claimed of each rule out. Proves spec/policy.md sections 8.1 and 8.2.

import { expect } from "vitest";
import { type Defaults, type Exception, type Rule, type RuleStanding, standings } from "../../src/policy/index.js";
import { runArea } from "./area.js";

interface Vector {
  readonly defaults: Defaults;
  readonly rules: readonly Rule[];
  readonly exceptions: readonly Exception[];
  readonly expect: readonly Omit<RuleStanding, "why">[];
}

runArea<Vector>("policy-reasoning", "policy.md", ({ defaults, rules, exceptions, expect: expected }) => {
  expect(standings({ defaults, rules, exceptions }).map(({ why: _, ...standing }) => standing)).toEqual(expected);
});
