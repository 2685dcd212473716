// Which keys of two rules differ, and by what. Implements spec/policy.md 9.2.

import { canonicalJson, compareBytes, type JsonValue } from "../../base/index.js";
import type { Clause, Exception, Rule } from "../model.js";
import type { Difference } from "./model.js";

/** In the order in which a rule is written. */
const PLAIN_KEYS = ["id", "pack", "layer", "verdict", "severity", "overridable", "reason", "instead"] as const;

export function ruleDifferences(
  a: Rule,
  b: Rule,
  exceptions: { readonly a: readonly Exception[]; readonly b: readonly Exception[] },
): readonly Difference[] {
  return [
    ...PLAIN_KEYS.flatMap((key) => plainDifference(key, a[key] as JsonValue, b[key] as JsonValue)),
    ...clauseDifferences("match", a.match, b.match),
    ...clauseDifferences("unless", a.unless, b.unless),
    ...exceptionDifferences(exceptions.a, exceptions.b),
  ];
}

export function plainDifference(key: string, a: JsonValue, b: JsonValue): readonly Difference[] {
  return textOf(a) === textOf(b) ? [] : [{ key, a, b }];
}

/** Clauses that are in one only. Two that have most in common are shown as one that changed, key by key. */
function clauseDifferences(key: string, a: readonly Clause[], b: readonly Clause[]): readonly Difference[] {
  const gone = without(a, b);
  const come = without(b, a);
  const found: Difference[] = [];
  for (const one of gone) {
    const partner = [...come].sort((x, y) => likeness(one, y) - likeness(one, x) || compareBytes(textOf(x), textOf(y)))[0];
    if (partner === undefined || likeness(one, partner) === 0) {
      found.push({ key, a: one as unknown as JsonValue, b: null });
      continue;
    }
    come.splice(come.indexOf(partner), 1);
    found.push(...keyDifferences(`${key}[${a.indexOf(one)}]`, one, partner));
  }
  return [...found, ...come.map((one) => ({ key, a: null, b: one as unknown as JsonValue }))];
}

function without(list: readonly Clause[], other: readonly Clause[]): Clause[] {
  const known = new Set(other.map(textOf));
  return list.filter((one) => !known.has(textOf(one)));
}

/** How many keys and items two clauses share, beside the kinds of effects. */
function likeness(a: Clause, b: Clause): number {
  return clauseKeys(a, b).reduce((sum, key) => {
    const [left, right] = [itemsOf(a, key), itemsOf(b, key)];
    const shared = left.filter((item) => right.includes(item)).length;
    return sum + (key === "effect" ? shared : shared * 2 + Number(left.length > 0 && right.length > 0));
  }, 0);
}

function clauseKeys(a: Clause, b: Clause): readonly (keyof Clause)[] {
  return [...new Set([...Object.keys(a), ...Object.keys(b)])].sort(compareBytes) as (keyof Clause)[];
}

function itemsOf(clause: Clause, key: keyof Clause): readonly string[] {
  const value: unknown = clause[key];
  if (value === undefined) return [];
  return Array.isArray(value) ? value.map(String) : [String(value)];
}

function keyDifferences(place: string, a: Clause, b: Clause): readonly Difference[] {
  return clauseKeys(a, b).flatMap((key): Difference[] => {
    const [left, right]: [unknown, unknown] = [a[key], b[key]];
    if (!Array.isArray(left) || !Array.isArray(right))
      return [...plainDifference(`${place}.${key}`, (left ?? null) as JsonValue, (right ?? null) as JsonValue)];
    const gone = left.filter((item) => !right.includes(item));
    const come = right.filter((item) => !left.includes(item));
    return gone.length + come.length === 0 ? [] : [{ key: `${place}.${key}`, a: listOrNull(gone), b: listOrNull(come) }];
  });
}

function listOrNull(items: readonly string[]): JsonValue {
  return items.length === 0 ? null : [...items];
}

export function exceptionDifferences(a: readonly Exception[], b: readonly Exception[]): readonly Difference[] {
  const shown = ({ match, reason, until }: Exception): JsonValue => ({ match: match as unknown as JsonValue, reason, until });
  const [left, right] = [a.map(shown), b.map(shown)];
  const [known, others] = [new Set(left.map(textOf)), new Set(right.map(textOf))];
  return [
    ...left.filter((one) => !others.has(textOf(one))).map((one) => ({ key: "exceptions", a: one, b: null })),
    ...right.filter((one) => !known.has(textOf(one))).map((one) => ({ key: "exceptions", a: null, b: one })),
  ];
}

export function textOf(value: unknown): string {
  const text = canonicalJson(value);
  return text.ok ? text.value : "";
}
