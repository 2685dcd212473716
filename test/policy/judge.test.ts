// The judge: total, without an order, monotone in the workspace's rules, and never short of a clause. Proves spec/policy.md section 5.

import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { canonicalJson, isStricter, makeWorld, VERDICTS } from "../../src/base/index.js";
import { clauseHolds, prepareClause, sightOf, standOf } from "../../src/policy/clause.js";
import {
  BUILT_IN,
  type Clause,
  type CompiledPolicy,
  type Defaults,
  EFFECT_KINDS,
  explain,
  judge,
  openPackedRules,
  openPolicy,
  packRulebook,
  type Rule,
} from "../../src/policy/index.js";
import { anyEffect, anyRules, PATH_GLOBS, PATHS, PATTERNS, SUBJECT } from "./arbitrary.js";

const RUNS = 1500;

const defaults: fc.Arbitrary<Defaults> = fc
  .array(fc.constantFrom(...VERDICTS), { minLength: 18, maxLength: 18 })
  .map(
    (verdicts) =>
      Object.fromEntries(
        EFFECT_KINDS.map((kind, i) => [kind, { verdict: verdicts[2 * i], unknown: verdicts[2 * i + 1] }]),
      ) as unknown as Defaults,
  );

function policyOf(rules: readonly Rule[], kinds: Defaults = BUILT_IN): CompiledPolicy {
  return {
    schema_version: "cavra.compiled-policy.v1",
    id: "p",
    version: "1",
    description: "",
    mode: "enforce",
    packs: [],
    defaults: kinds,
    rules,
    exceptions: [],
    mcp_trust: [],
    approval_routes: [],
    catalogue: {},
    catalogue_digest: "",
    digest: "",
  };
}

function ruleOf(clause: Clause): Rule {
  return {
    id: "r",
    pack: "p",
    layer: "host",
    verdict: "deny",
    severity: "high",
    reason: "because",
    instead: null,
    overridable: "host",
    match: [clause],
    unless: [],
  };
}

/** Ready entries are for a process that asks a few times: the index never serves a policy that was opened for one question. */
const OPENED: readonly (readonly [string, typeof openPolicy])[] = [
  ["the index", openPolicy],
  ["what a packed rulebook holds ready", (book) => openPolicy(openPackedRules(Buffer.from(packRulebook(book))))],
];

describe.each(OPENED)("%s", (_, open) => {
  it("offers every path glob to every path, tree and pattern that it sees or holds", () => {
    const world = makeWorld(SUBJECT.home, SUBJECT.workspace_root);
    const missed: string[] = [];
    const extents = ["exact", "tree", "contents"] as const;
    const targets = [
      ...PATHS.flatMap((target) => extents.map((extent) => ({ target, extent }))),
      ...PATTERNS.map((target) => ({ target, extent: "pattern" as const })),
    ];
    for (const glob of PATH_GLOBS) {
      const book = policyOf([ruleOf({ effect: ["read"], path: [glob] })]);
      for (const { target, extent } of targets) {
        const policy = open(book);
        const effect = { kind: "read", target, extent, span: { start: 0, end: 0 }, via: [], place: "here" } as const;
        const sight = sightOf(effect, standOf(SUBJECT, world));
        const holds = clausesOf(policy).some((clause) => clauseHolds(clause, sight, "protects") || clauseHolds(clause, sight, "loosens"));
        if (holds && policy.candidates(sight).length === 0) missed.push(`${glob} ${extent} ${target}`);
      }
    }
    expect(missed).toEqual([]);
  });

  it("offers every clause that holds", () => {
    fc.assert(
      fc.property(anyRules, anyEffect, fc.constantFrom("/home/dev", ""), (rules, effect, home) => {
        const policy = open(policyOf(rules));
        const subject = { ...SUBJECT, home };
        const sight = sightOf(effect, standOf(subject, makeWorld(home, subject.workspace_root)));
        const offered = new Set(policy.candidates(sight).map(({ clause }) => JSON.stringify(clause.clause)));
        for (const rule of rules) {
          const all = openPolicy(policyOf([rule]));
          for (const kind of EFFECT_KINDS) {
            for (const clause of clausesOf(all).filter((one) => one.clause.effect.includes(kind))) {
              const holds = (["protects", "loosens"] as const).some((stance) => clauseHolds(clause, sight, stance));
              if (holds && kind === effect.kind)
                expect(offered.has(JSON.stringify(clause.clause)), `${JSON.stringify(clause.clause)} ${JSON.stringify(effect)}`).toBe(true);
            }
          }
        }
      }),
      { numRuns: RUNS * 2 },
    );
  });
});

function clausesOf({ compiled }: ReturnType<typeof openPolicy>) {
  return compiled.rules.flatMap(({ match }) => match.map(prepareClause));
}

describe("judge", () => {
  it("gives the same verdict, rule and reason for the same effects in any order", () => {
    fc.assert(
      fc.property(
        anyRules,
        defaults,
        fc
          .array(anyEffect, { maxLength: 5 })
          .chain((effects) => fc.tuple(fc.constant(effects), fc.shuffledSubarray(effects, { minLength: effects.length }))),
        (rules, kinds, [effects, shuffled]) => {
          const policy = openPolicy(policyOf(rules, kinds));
          const pick = ({ verdict, severity, rule_id, reason }: ReturnType<typeof judge>): unknown => ({
            verdict,
            severity,
            rule_id,
            reason,
          });
          expect(pick(judge({ effects: shuffled }, SUBJECT, policy))).toEqual(pick(judge({ effects }, SUBJECT, policy)));
        },
      ),
      { numRuns: RUNS },
    );
  });

  it("does not depend on the order of the rules, nor on what was judged before", () => {
    fc.assert(
      fc.property(
        anyRules.chain((rules) => fc.tuple(fc.constant(rules), fc.shuffledSubarray(rules, { minLength: rules.length }))),
        fc.array(anyEffect, { maxLength: 4 }),
        ([rules, shuffled], effects) => {
          const used = openPolicy(policyOf(shuffled));
          for (const effect of [...effects].reverse()) judge({ effects: [effect] }, SUBJECT, used);
          expect(judge({ effects }, SUBJECT, used)).toEqual(judge({ effects }, SUBJECT, openPolicy(policyOf(rules))));
        },
      ),
      { numRuns: RUNS },
    );
  });

  it("never becomes milder by a rule of the workspace", () => {
    fc.assert(
      fc.property(anyRules, defaults, fc.array(anyEffect, { maxLength: 4 }), (rules, kinds, effects) => {
        const host = rules.filter(({ layer }) => layer === "host");
        const without = judge({ effects }, SUBJECT, openPolicy(policyOf(host, kinds)));
        const withAll = judge({ effects }, SUBJECT, openPolicy(policyOf(rules, kinds)));
        expect(isStricter(without.verdict, withAll.verdict)).toBe(false);
      }),
      { numRuns: RUNS },
    );
  });

  it("is never milder for more effects", () => {
    fc.assert(
      fc.property(anyRules, defaults, fc.array(anyEffect, { maxLength: 4 }), anyEffect, (rules, kinds, effects, more) => {
        const policy = openPolicy(policyOf(rules, kinds));
        expect(
          isStricter(judge({ effects }, SUBJECT, policy).verdict, judge({ effects: [...effects, more] }, SUBJECT, policy).verdict),
        ).toBe(false);
      }),
      { numRuns: RUNS },
    );
  });

  it("has one ruling for each effect, a canonical form, and an explanation", () => {
    fc.assert(
      fc.property(anyRules, fc.array(anyEffect, { maxLength: 4 }), (rules, effects) => {
        const policy = openPolicy(policyOf(rules));
        const judgement = judge({ effects }, SUBJECT, policy);
        expect(judgement.rulings.map(({ effect }) => effect)).toEqual(effects.map((_, i) => i));
        expect(canonicalJson(judgement).ok).toBe(true);
        expect(explain(judgement, policy).effects.length).toBe(effects.length);
      }),
      { numRuns: RUNS / 3 },
    );
  });

  it("allows a change without effects, and says so", () => {
    const judgement = judge({ effects: [] }, SUBJECT, openPolicy(policyOf([])));
    expect(judgement).toMatchObject({
      verdict: "allow",
      severity: "info",
      rule_id: "",
      reason: "it changes nothing",
      instead: null,
      rulings: [],
    });
  });
});
