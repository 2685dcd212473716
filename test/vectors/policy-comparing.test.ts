// Runs spec/vectors/policy-comparing/: two policies in, what differs and which way it goes out. Proves spec/policy.md section 9.

import { expect } from "vitest";
import { comparePolicies, type PolicyDiff, type Rulebook } from "../../src/policy/index.js";
import { runArea } from "./area.js";

interface Vector {
  readonly a: Rulebook;
  readonly b: Rulebook;
  readonly expect: PolicyDiff;
}

runArea<Vector>("policy-comparing", "policy.md", ({ a, b, expect: expected }) => {
  expect(comparePolicies(a, b)).toEqual(expected);
});
