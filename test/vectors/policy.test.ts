// Runs spec/vectors/policy/: a compiled policy, a subject and effects in, the judgement without its effects out. Proves spec/policy.md sections 4 to 7.

import { expect } from "vitest";
import type { Effect } from "../../src/change/index.js";
import { type CompiledPolicy, type Judgement, judge, openPolicy, readCompiled, type Subject } from "../../src/policy/index.js";
import { runArea } from "./area.js";

interface Vector {
  readonly policy: CompiledPolicy;
  readonly subject: Subject;
  readonly effects: readonly Effect[];
  readonly expect: Omit<Judgement, "effects">;
}

runArea<Vector>("policy", "policy.md", ({ policy, subject, effects, expect: expected }) => {
  expect(readCompiled(policy).ok, "the policy's digest").toBe(true);
  const { effects: judged, ...judgement } = judge({ effects }, subject, openPolicy(policy));
  expect(judged).toEqual(effects);
  expect(judgement).toEqual(expected);
  const backwards = judge({ effects: [...effects].reverse() }, subject, openPolicy(policy));
  expect([backwards.verdict, backwards.rule_id, backwards.reason]).toEqual([expected.verdict, expected.rule_id, expected.reason]);
});
