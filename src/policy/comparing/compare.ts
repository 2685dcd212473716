// Two compiled policies, part by part. Implements spec/policy.md section 9. It compares what is written; what was decided is compared elsewhere.

import { compareBytes, isStricter, type JsonValue, type Verdict } from "../../base/index.js";
import { namesNoRule } from "../exception-target.js";
import { EFFECT_KINDS, type Rule, type Rulebook } from "../model.js";
import { exceptionDifferences, plainDifference, textOf } from "./differences.js";
import type { Difference, PolicyChange } from "./model.js";
import { addedRule, changedRule, isRenamed, removedRule, type Side } from "./rules.js";
import { trustChanges } from "./trust.js";

export interface PolicyDiff {
  /** `id@version` of each. */
  readonly a: string;
  readonly b: string;
  readonly mode: { readonly a: string; readonly b: string } | null;
  readonly changes: readonly PolicyChange[];
  readonly catalogue_changed: boolean;
}

export function comparePolicies(a: Rulebook, b: Rulebook): PolicyDiff {
  return {
    a: `${a.id}@${a.version}`,
    b: `${b.id}@${b.version}`,
    mode: a.mode === b.mode ? null : { a: a.mode, b: b.mode },
    changes: [
      ...ruleChanges(a, b),
      ...defaultChanges(a, b),
      ...trustChanges(a.mcp_trust, b.mcp_trust, b.defaults.call),
      ...routeChanges(a, b),
      ...exceptionChanges(a, b),
    ],
    catalogue_changed: a.catalogue_digest !== b.catalogue_digest,
  };
}

/** By id, of the new one where it moved. */
function ruleChanges(a: Rulebook, b: Rulebook): readonly PolicyChange[] {
  const left = new Map(a.rules.map((rule) => [rule.id, rule]));
  const right = new Map(b.rules.map((rule) => [rule.id, rule]));
  const renamed = renames(
    a.rules.filter(({ id }) => !right.has(id)),
    b.rules.filter(({ id }) => !left.has(id)),
  );
  const gone = new Set([...renamed.values()].map(({ id }) => id));
  const changes = b.rules.flatMap((rule): readonly PolicyChange[] => {
    const before = left.get(rule.id) ?? renamed.get(rule.id);
    if (before === undefined) return [addedRule(sideOf(rule, b), b.defaults)];
    const change = changedRule(sideOf(before, a), sideOf(rule, b), b.defaults);
    return change === null ? [] : [change];
  });
  const removed = a.rules.filter(({ id }) => !right.has(id) && !gone.has(id)).map((rule) => removedRule(sideOf(rule, a), b.defaults));
  return [...changes, ...removed].sort((x, y) => compareBytes(x.subject, y.subject));
}

/** New id → the rule that was the same under another id. Each is used once, in the order of ids. */
function renames(gone: readonly Rule[], come: readonly Rule[]): ReadonlyMap<string, Rule> {
  const free = [...gone];
  const found = new Map<string, Rule>();
  for (const rule of come) {
    const index = free.findIndex((one) => isRenamed(one, rule));
    const [before] = index < 0 ? [] : free.splice(index, 1);
    if (before !== undefined) found.set(rule.id, before);
  }
  return found;
}

// An exception names its rule, and goes with it under another id.
function sideOf(rule: Rule, { exceptions }: Rulebook): Side {
  return { rule, exceptions: exceptions.filter((one) => one.rule === rule.id) };
}

/** Of exceptions to defaults and trust: those to a rule are told with it. */
function exceptionChanges(a: Rulebook, b: Rulebook): readonly PolicyChange[] {
  const ofNoRule = [...a.exceptions, ...b.exceptions].map(({ rule }) => rule).filter(namesNoRule);
  return [...new Set(ofNoRule)].sort(compareBytes).flatMap((subject): readonly PolicyChange[] => {
    const what = exceptionDifferences(
      a.exceptions.filter(({ rule }) => rule === subject),
      b.exceptions.filter(({ rule }) => rule === subject),
    );
    return what.length === 0 ? [] : [{ subject, ...wayOf(subject, what), a: "", b: "", what }];
  });
}

// Trust that is excepted leaves the default to speak, which may be the stricter one.
function wayOf(subject: string, what: readonly Difference[]): Pick<PolicyChange, "kind" | "direction"> {
  const [come, gone] = [what.every((one) => one.a === null), what.every((one) => one.b === null)];
  if (!subject.startsWith("default.") || come === gone) return { kind: "changed", direction: "open" };
  return come ? { kind: "loosened", direction: "milder" } : { kind: "tightened", direction: "stricter" };
}

function defaultChanges(a: Rulebook, b: Rulebook): readonly PolicyChange[] {
  return EFFECT_KINDS.flatMap((kind) => [
    ...verdictChange(`default.${kind}`, a.defaults[kind].verdict, b.defaults[kind].verdict),
    ...verdictChange(`default.${kind}.unknown`, a.defaults[kind].unknown, b.defaults[kind].unknown),
  ]);
}

// Which way verdicts go is not said: a stricter default makes rules below it loosen, and those are read narrowly.
function verdictChange(subject: string, a: Verdict, b: Verdict): readonly PolicyChange[] {
  if (a === b) return [];
  return [{ subject, kind: isStricter(b, a) ? "tightened" : "loosened", direction: "open", a, b, what: plainDifference("verdict", a, b) }];
}

function routeChanges(a: Rulebook, b: Rulebook): readonly PolicyChange[] {
  const [left, right] = [a.approval_routes, b.approval_routes].map((routes) => new Map(routes.map((route) => [route.id, route])));
  const ids = [...new Set([...(left?.keys() ?? []), ...(right?.keys() ?? [])])].sort(compareBytes);
  return ids.flatMap((id): readonly PolicyChange[] => {
    const [before, after] = [left?.get(id), right?.get(id)];
    if (textOf(before ?? null) === textOf(after ?? null)) return [];
    const kind = before === undefined ? "added" : after === undefined ? "removed" : "changed";
    const what = before === undefined || after === undefined ? [] : routeDifferences(before, after);
    return [{ subject: `approval_routes.${id}`, kind, direction: "none", a: "", b: "", what }];
  });
}

function routeDifferences(a: Rulebook["approval_routes"][number], b: Rulebook["approval_routes"][number]) {
  const plain = (value: unknown): JsonValue => value as JsonValue;
  return (["rules", "severities", "approvers", "count"] as const).flatMap((key) => plainDifference(key, plain(a[key]), plain(b[key])));
}
