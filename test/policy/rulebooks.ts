// Random policies whose rules have much in common, so that some stand behind others, and subjects and effects to judge by them.

import fc from "fast-check";
import { VERDICTS } from "../../src/base/index.js";
import type { Effect } from "../../src/change/index.js";
import { BUILT_IN, type Defaults, EFFECT_KINDS, type Exception, type Rule, type Rulebook, type Subject } from "../../src/policy/index.js";
import { anyClause, anyEffect, anyRules, SUBJECT } from "./arbitrary.js";

/** Names that change.md gives in lower case are so here. */
export const ordinaryEffect: fc.Arbitrary<Effect> = anyEffect.map((effect) =>
  effect.kind === "exec" ? { ...effect, program: effect.program.toLowerCase() } : effect,
);

export const anySubject: fc.Arbitrary<Subject> = fc
  .record({
    home: fc.constantFrom("/home/dev", ""),
    workspace_root: fc.constantFrom("/srv/app", "", "/tmp/x"),
    default_branch: fc.constantFrom("main", ""),
  })
  .map((part) => ({ ...SUBJECT, ...part }));

const anyDefaults: fc.Arbitrary<Defaults> = fc.oneof(
  fc.constant(BUILT_IN),
  fc
    .array(fc.constantFrom(...VERDICTS), { minLength: 18, maxLength: 18 })
    .map(
      (verdicts) =>
        Object.fromEntries(
          EFFECT_KINDS.map((kind, i) => [kind, { verdict: verdicts[2 * i], unknown: verdicts[2 * i + 1] }]),
        ) as unknown as Defaults,
    ),
);

/** Ids of defaults that exceptions take away. */
const DEFAULT_IDS = EFFECT_KINDS.flatMap((kind) =>
  kind === "opaque" ? [`default.${kind}`] : [`default.${kind}`, `default.${kind}.unknown`],
);

export const anyDefaultException: fc.Arbitrary<Exception> = fc.constantFrom(...DEFAULT_IDS).chain((id) => anyException(id));

const anyException = (rule: string): fc.Arbitrary<Exception> =>
  fc.record({
    rule: fc.constant(rule),
    pack: fc.constant("p"),
    match: fc.array(anyClause, { minLength: 1, maxLength: 2 }),
    reason: fc.constant("because"),
    until: fc.constantFrom("", "2026-11-23T05:00:00Z", "2027-01-01T00:00:00Z"),
  });

/** Rules that often share clauses, so that some stand behind others. */
const relatedRules: fc.Arbitrary<Rule[]> = anyRules.chain((rules) => fc.tuple(...rules.map((rule) => variantOf(rule, rules))));

function variantOf(rule: Rule, rules: readonly Rule[]): fc.Arbitrary<Rule> {
  const clauses = rules.flatMap(({ match }) => match);
  const unless = rules.flatMap((one) => one.unless);
  return fc
    .record({
      match: fc.option(fc.subarray(clauses, { minLength: 1, maxLength: Math.min(3, clauses.length) }), { nil: rule.match }),
      unless: fc.option(fc.subarray([...unless, ...clauses], { maxLength: Math.min(1, unless.length + clauses.length) }), { nil: [] }),
    })
    .map((part) => ({ ...rule, ...part }));
}

export const anyRulebook: fc.Arbitrary<Rulebook> = fc
  .tuple(relatedRules, anyDefaults)
  .chain(([rules, defaults]) =>
    fc.tuple(
      fc.constant(rules),
      fc.constant(defaults),
      fc.array(fc.oneof(anyDefaultException, ...rules.map(({ id }) => anyException(id))), { maxLength: 3 }),
    ),
  )
  .map(([rules, defaults, exceptions]) => ({
    schema_version: "cavra.compiled-policy.v1",
    id: "p",
    version: "1",
    description: "",
    mode: "enforce",
    packs: [],
    defaults,
    rules,
    exceptions,
    mcp_trust: [],
    approval_routes: [],
    catalogue_digest: "",
    digest: "",
  }));
