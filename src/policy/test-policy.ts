// Runs a pack's own tests, and the promise behind every `instead`. Implements spec/policy.md section 2.8.

import { stops, type Verdict } from "../base/index.js";
import type { Action, ActionType, Change, Facts } from "../change/index.js";
import { judge } from "./judge.js";
import type { Judgement, Subject } from "./model.js";
import type { Policy } from "./open-policy.js";
import type { Pack, PackTest } from "./pack.js";
import { TEST_WORLD } from "./read-test.js";

/** How an action becomes a change; handed in, because policy knows the shape of effects and nothing of commands. */
export type Derive = (action: Action, facts: Facts) => Change;

export interface TestResult {
  readonly name: string;
  readonly at: string;
  readonly passed: boolean;
  readonly expected: Verdict;
  readonly expected_rule: string;
  readonly judgement: Judgement;
}

export interface TestReport {
  readonly results: readonly TestResult[];
  /** Rules of the pack that no test of it made hold. */
  readonly untested_rules: readonly string[];
  /** Rules whose `instead.command` the policy itself would stop. */
  readonly broken_insteads: readonly string[];
}

/** `tell` hears of every test that was run. */
export function testPolicy(pack: Pack, policy: Policy, derive: Derive, tell: (done: number, all: number) => void = () => {}): TestReport {
  const results = pack.tests.map((test, index) => {
    tell(index, pack.tests.length);
    return runTest(test, policy, derive);
  });
  const seen = new Set(results.flatMap(({ judgement }) => judgement.rulings.flatMap(({ rules }) => rules.map(({ id }) => id))));
  return {
    results,
    untested_rules: pack.rules.map(({ id }) => id).filter((id) => !seen.has(id)),
    broken_insteads: policy.compiled.rules
      .filter(({ instead }) => instead !== null && instead.command !== "" && stops(judgeCommand(instead.command, policy, derive).verdict))
      .map(({ id }) => id),
  };
}

function runTest(test: PackTest, policy: Policy, derive: Derive): TestResult {
  const change = test.input.kind === "effects" ? { effects: test.input.effects } : derive(actionOf(test.input), factsOf(test.branch));
  const judgement = judge(change, subjectOfTest(test), policy);
  const passed = judgement.verdict === test.expect && (test.rule === "" || judgement.rule_id === test.rule);
  return { name: test.name, at: test.at, passed, expected: test.expect, expected_rule: test.rule, judgement };
}

/** Who acts and where, in a test. */
export function subjectOfTest({ agent, user, now }: PackTest): Subject {
  return { ...TEST_SUBJECT, agent, user, now };
}

function judgeCommand(command: string, policy: Policy, derive: Derive): Judgement {
  const action = {
    kind: "action",
    action_type: "execute_command",
    target: command,
    operation: "",
    arguments: "",
    cwd: TEST_WORLD.workspace_root,
  } as const;
  return judge(derive(actionOf(action), factsOf("")), TEST_SUBJECT, policy);
}

const TEST_SUBJECT: Subject = {
  agent: "",
  user: "",
  home: TEST_WORLD.home,
  workspace_root: TEST_WORLD.workspace_root,
  temp_roots: [TEST_WORLD.temp_root, "/var/tmp"],
  default_branch: TEST_WORLD.default_branch,
  now: "",
};

function actionOf(input: Extract<PackTest["input"], { kind: "action" }>): Action {
  return {
    action_type: input.action_type as ActionType,
    target: input.target,
    operation: input.operation,
    arguments: input.arguments,
    cwd: input.cwd,
    workspace_root: TEST_WORLD.workspace_root,
  };
}

function factsOf(branch: string): Facts {
  return {
    home: TEST_WORLD.home,
    temp_roots: [TEST_WORLD.temp_root, "/var/tmp"],
    environment: { HOME: TEST_WORLD.home, TMPDIR: TEST_WORLD.temp_root },
    links: {},
    listings: {},
    scripts: {},
    git: {
      current_branch: branch || "feature",
      default_branch: TEST_WORLD.default_branch,
      upstream_remote: "origin",
      upstream_branch: branch || "feature",
    },
  };
}
