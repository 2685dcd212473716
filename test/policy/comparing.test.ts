// What is said of a change of policy is true of the judge. Proves spec/policy.md section 9.

import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { isStricter } from "../../src/base/index.js";
import { comparePolicies, judge, openPolicy, type Rulebook } from "../../src/policy/index.js";
import { anyClause } from "./arbitrary.js";
import { anyDefaultException, anyRulebook, anySubject, ordinaryEffect } from "./rulebooks.js";

describe("the direction of one change", () => {
  it("is the direction in which verdicts go, whatever is touched", () => {
    const claims = { stricter: 0, milder: 0, none: 0, open: 0 };
    fc.assert(
      fc.property(
        anyRulebook.chain((a) => fc.tuple(fc.constant(a), edited(a))),
        fc.array(ordinaryEffect, { minLength: 15, maxLength: 30 }),
        anySubject,
        ([a, b], effects, subject) => {
          const { changes } = comparePolicies(a, b);
          const [change] = changes;
          if (change === undefined || changes.length > 1) return;
          claims[change.direction] += 1;
          const [before, after] = [openPolicy(a), openPolicy(b)];
          for (const effect of effects) {
            const [x, y] = [judge({ effects: [effect] }, subject, before).verdict, judge({ effects: [effect] }, subject, after).verdict];
            const context = JSON.stringify({ effect, change });
            if (change.direction === "stricter" || change.direction === "none") expect(isStricter(x, y), context).toBe(false);
            if (change.direction === "milder" || change.direction === "none") expect(isStricter(y, x), context).toBe(false);
          }
        },
      ),
      { numRuns: 500 },
    );
    expect(Math.min(claims.stricter, claims.milder, claims.none)).toBeGreaterThan(10);
  }, 60_000);

  it("of an exception to a default is milder where it comes, and stricter where it goes", () => {
    fc.assert(
      fc.property(
        anyRulebook,
        anyDefaultException,
        fc.array(ordinaryEffect, { minLength: 15, maxLength: 30 }),
        anySubject,
        (a, one, effects, subject) => {
          const b: Rulebook = { ...a, exceptions: [...a.exceptions, one] };
          const [come, gone] = [comparePolicies(a, b).changes, comparePolicies(b, a).changes];
          // The same one twice is no change.
          if (come.length > 0)
            expect([come, gone].map((changes) => changes.map(({ subject, direction }) => [subject, direction]))).toEqual([
              [[one.rule, "milder"]],
              [[one.rule, "stricter"]],
            ]);
          const [before, after] = [openPolicy(a), openPolicy(b)];
          for (const effect of effects) {
            const [x, y] = [judge({ effects: [effect] }, subject, before).verdict, judge({ effects: [effect] }, subject, after).verdict];
            expect(isStricter(y, x), JSON.stringify({ effect, one })).toBe(false);
          }
        },
      ),
      { numRuns: 300 },
    );
  }, 60_000);
});

/** One rule taken out, or one that says something else. */
function edited(a: Rulebook): fc.Arbitrary<Rulebook> {
  if (a.rules.length === 0) return fc.constant(a);
  return fc
    .record({
      index: fc.nat(a.rules.length - 1),
      what: fc.constantFrom("gone", "verdict", "match", "unless", "more", "layer", "reason", "new"),
      verdict: fc.constantFrom("allow" as const, "warn" as const, "require_approval" as const, "deny" as const),
      clause: anyClause,
    })
    .map(({ index, what, verdict, clause }) => {
      const rules = a.rules.flatMap((rule, i) => {
        if (i !== index) return [rule];
        if (what === "gone") return [];
        if (what === "verdict") return [{ ...rule, verdict }];
        if (what === "match") return [{ ...rule, match: [clause] }];
        if (what === "more") return [{ ...rule, match: [...rule.match, clause] }];
        if (what === "unless") return [{ ...rule, unless: rule.unless.length === 0 ? [clause] : [] }];
        if (what === "layer") return [{ ...rule, layer: rule.layer === "host" ? ("workspace" as const) : ("host" as const) }];
        if (what === "reason") return [{ ...rule, reason: "another", severity: "low" as const }];
        return [rule, { ...rule, id: "z", match: [clause], verdict }];
      });
      return { ...a, rules };
    });
}
