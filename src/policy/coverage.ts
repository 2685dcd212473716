// What a pack's tests show of each of its rules, beside what reasoning proves. Implements spec/policy.md 8.4.
// A test that a rule decides shows that the rule matches; only a test whose verdict falls without the rule shows that it is needed.

import { judge } from "./judge.js";
import { openPolicy, type Policy } from "./open-policy.js";
import type { Pack } from "./pack.js";
import { type RuleStanding, standings } from "./reasoning/index.js";
import { subjectOfTest, type TestReport, type TestResult } from "./test-policy.js";

/** `needed`: a test's verdict would be another without the rule. `open`: neither a test nor reasoning tells whether it can change one. */
export interface RuleCoverage extends Omit<RuleStanding, "standing"> {
  readonly standing: RuleStanding["standing"] | "needed";
  /** Tests that it decided; tests in which it matched and something else decided; tests whose verdict would be another without it. */
  readonly decided: number;
  readonly matched: number;
  readonly needed: number;
}

/** One for each rule of the pack, by id. `policy` is the pack with all that it inherits; `report` is of its tests under it. */
export function coverageOf(pack: Pack, policy: Policy, report: TestReport): readonly RuleCoverage[] {
  const own = new Set(pack.rules.map(({ id }) => id));
  return standings(policy.compiled)
    .filter(({ rule }) => own.has(rule))
    .map((standing) => ruleCoverage(standing, pack, policy, report.results));
}

function ruleCoverage(standing: RuleStanding, pack: Pack, policy: Policy, results: readonly TestResult[]): RuleCoverage {
  const spoke = results.map((result, index) => ({ result, index })).filter(({ result }) => speaksIn(standing.rule, result));
  const decided = spoke.filter(({ result }) => result.judgement.rule_id === standing.rule).length;
  const needed = spoke.length === 0 ? 0 : countNeeded(standing.rule, spoke, pack, policy);
  return {
    ...standing,
    standing: needed > 0 && standing.standing === "open" ? "needed" : standing.standing,
    decided,
    matched: spoke.length - decided,
    needed,
  };
}

function speaksIn(rule: string, { judgement }: TestResult): boolean {
  return judgement.rulings.some(({ rules }) => rules.some(({ id }) => id === rule));
}

function countNeeded(
  rule: string,
  spoke: readonly { readonly result: TestResult; readonly index: number }[],
  pack: Pack,
  policy: Policy,
): number {
  const without = openPolicy({ ...policy.compiled, rules: policy.compiled.rules.filter(({ id }) => id !== rule) });
  return spoke.filter(({ result: { judgement }, index }) => {
    const test = pack.tests[index];
    return test !== undefined && judge({ effects: judgement.effects }, subjectOfTest(test), without).verdict !== judgement.verdict;
  }).length;
}
