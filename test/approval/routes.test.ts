import { describe, expect, test } from "vitest";
import { ANY_APPROVER, routesFor, routesForDocuments } from "../../src/approval/index.js";
import type { ApprovalRoute, Judgement } from "../../src/policy/index.js";

const JUDGEMENT: Judgement = {
  verdict: "require_approval",
  severity: "high",
  reason: "",
  rule_id: "infra.apply",
  instead: null,
  effects: [],
  policy: { id: "p", version: "1", digest: "", mode: "enforce" },
  rulings: [
    {
      effect: 0,
      verdict: "require_approval",
      source: "rule",
      rules: [
        { id: "git.push", verdict: "require_approval", severity: "low" },
        { id: "log.all", verdict: "warn", severity: "critical" },
      ],
      exceptions: [],
    },
  ],
};

function route(id: string, over: Partial<ApprovalRoute> = {}): ApprovalRoute {
  return { id, rules: [], severities: [], approvers: ["ops"], count: 1, ...over };
}

function idsFor(...routes: readonly ApprovalRoute[]): readonly string[] {
  return routesFor(JUDGEMENT, routes).map(({ id }) => id);
}

describe("the routes of a judgement", () => {
  test("are the built-in one where the policy has none, or none that speaks", () => {
    expect(routesFor(JUDGEMENT, [])).toEqual([ANY_APPROVER]);
    expect(routesFor(JUDGEMENT, [route("a", { rules: ["db.*"] })])).toEqual([ANY_APPROVER]);
  });

  test.each<readonly [string, Partial<ApprovalRoute>, boolean]>([
    ["says nothing of rules and severities", {}, true],
    ["names the rule that decided", { rules: ["infra.apply"] }, true],
    ["names it by a glob", { rules: ["infra.*"] }, true],
    ["names a rule that asks besides", { rules: ["git.push"] }, true],
    ["names a rule that only warns", { rules: ["log.all"] }, false],
    ["names the severity of what decided", { severities: ["high"] }, true],
    ["names that of the other", { severities: ["low"] }, true],
    ["names that of the warning", { severities: ["critical"] }, false],
    ["wants a rule and the severity of another", { rules: ["git.push"], severities: ["high"] }, false],
    ["wants a rule and its severity", { rules: ["git.push"], severities: ["low"] }, true],
    ["has a glob that is none, and no such rule", { rules: ["[a"] }, false],
  ])("speak or not: one that %s", (_, over, speaks) => {
    expect(idsFor(route("one", over))).toEqual([speaks ? "one" : "any_approver"]);
  });

  test("are all that speak, by id, with each approver once", () => {
    expect(idsFor(route("b"), route("a"), route("c", { rules: ["db.*"] }))).toEqual(["a", "b"]);
    expect(routesFor(JUDGEMENT, [route("a", { approvers: ["z", "a", "z"], count: 2 })])).toEqual([
      { id: "a", approvers: ["a", "z"], count: 2 },
    ]);
  });
});

describe("the routes of a promotion's documents", () => {
  test.each<readonly [string, Partial<ApprovalRoute>, boolean]>([
    ["says nothing of rules and severities", {}, true],
    ["names promotions", { rules: ["go_promotion"] }, true],
    ["names them by a glob", { rules: ["go_*"] }, true],
    ["names another rule", { rules: ["infra.*"] }, false],
    ["is for what is critical", { severities: ["critical"] }, true],
    ["is for what is less", { severities: ["high"] }, false],
  ])("are those of the policy: one that %s", (_, over, speaks) => {
    const [only, ...others] = routesForDocuments("go_promotion", [route("two", { ...over, count: 2 })]);
    expect([only, others]).toEqual([speaks ? { id: "two", approvers: ["ops"], count: 2 } : ANY_APPROVER, []]);
  });
});
