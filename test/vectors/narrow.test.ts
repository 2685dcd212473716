// Runs spec/vectors/narrow/: an effect and its agent in, the clause of the narrowest exception out. Proves spec/policy.md 2.10.

import { expect } from "vitest";
import type { Effect } from "../../src/change/index.js";
import { type Clause, clauseFor } from "../../src/policy/index.js";
import { runArea } from "./area.js";

interface Vector {
  readonly agent: string;
  readonly effect: Effect;
  readonly expect: Clause | null;
}

runArea<Vector>("narrow", "policy.md", ({ agent, effect, expect: expected }) => {
  expect(clauseFor(effect, agent)).toEqual(expected);
});
