// Which rules can never match, and which can never change a verdict. Implements spec/policy.md section 8.
// INVARIANT: everything claimed here is proved. All rules that are called dead or shadowed can be taken out together, and no verdict changes.

import { compareBytes, isStricter } from "../../base/index.js";
import type { EffectKind } from "../../change/index.js";
import type { Clause, Defaults, Rule, Rulebook } from "../model.js";
import { excludes, implies } from "./implies.js";
import { followsFromSome, type KindView, type RuleView, type Taking, viewOf } from "./rule-view.js";
import type { Term } from "./term.js";

/** `open`: nothing is proved. `by` names the rule that a shadowed one stands behind, and is "" otherwise. */
export interface RuleStanding {
  readonly rule: string;
  readonly standing: "dead" | "shadowed" | "open";
  readonly by: string;
  readonly why: string;
  /** Clauses of `match` that can never hold, by their place from 0, of a rule that is not dead. */
  readonly dead_clauses: readonly number[];
}

/** Pairs of rules that are compared; beyond that no more rules are called shadowed. */
export const MAX_RULE_PAIRS = 1_000_000;

/** False where there are so many rules that some may not have been compared. */
export function areAllCompared({ rules }: Pick<Rulebook, "rules">): boolean {
  return rules.length * (rules.length - 1) <= MAX_RULE_PAIRS;
}

/** One for each rule, by id. */
export function standings(rulebook: Pick<Rulebook, "rules" | "exceptions" | "defaults">): readonly RuleStanding[] {
  const views = rulebook.rules.map((rule) => viewOf(rule, rulebook));
  const dead = new Map(views.map((view) => [view.rule.id, deathOf(view)]));
  const living = views.filter(({ rule }) => dead.get(rule.id) === null);
  const shadowed = shadows(living, rulebook.defaults);
  return views.map((view): RuleStanding => {
    const { id } = view.rule;
    const why = dead.get(id) ?? null;
    if (why !== null) return { rule: id, standing: "dead", by: "", why, dead_clauses: [] };
    const by = shadowed.get(id);
    const dead_clauses = deadClauses(view);
    if (by === undefined) return { rule: id, standing: "open", by: "", why: "", dead_clauses };
    return {
      rule: id,
      standing: "shadowed",
      by: by.rule.id,
      why: `\`${by.rule.id}\` (${by.rule.verdict}) matches all that it matches`,
      dead_clauses,
    };
  });
}

/** Why the rule can never match; null when that is not proved. */
function deathOf({ kinds }: RuleView): string | null {
  const all = [...kinds.values()];
  if (all.every(({ holds }) => holds.length === 0)) return "no effect can be all that `match` asks for";
  if (!all.every((kind) => kind.holds.every(({ term }) => followsFromSome(term, lasting(kind))))) return null;
  const sources = new Set(all.flatMap(({ takings }) => takings.filter(({ until }) => until === "").map(({ source }) => source)));
  if (!sources.has("exception")) return "`unless` takes away all that it matches";
  return sources.has("unless") ? "`unless` and exceptions take away all that it matches" : "exceptions take away all that it matches";
}

function lasting({ takings }: KindView): readonly Term[] {
  return takings.filter(({ until }) => until === "").map(({ term }) => term);
}

function deadClauses({ rule, kinds }: RuleView): readonly number[] {
  const alive = new Set(
    [...kinds.values()].flatMap((kind) =>
      kind.holds.filter(({ term }) => !followsFromSome(term, lasting(kind))).map(({ clause }) => clause),
    ),
  );
  return rule.match.map((_, index) => index).filter((index) => !alive.has(index));
}

/**
 * Id of a shadowed rule → the rule that shadows it. Of rules that shadow each other the smallest id stays. Nothing is shadowed by what is
 * shadowed already, so every chain ends at a rule that stays, and all the others can go at once.
 */
function shadows(views: readonly RuleView[], defaults: Defaults): ReadonlyMap<string, RuleView> {
  const found = new Map<string, RuleView>();
  const ofKind = viewsByKind(views);
  let pairs = 0;
  for (const view of [...views].sort((a, b) => compareBytes(b.rule.id, a.rule.id))) {
    const kinds = [...view.kinds].filter(([, { holds }]) => holds.length > 0);
    for (const other of ofKind.get(kinds[0]?.[0] ?? "read") ?? []) {
      if (other === view || found.has(other.rule.id)) continue;
      if (++pairs > MAX_RULE_PAIRS) return found;
      if (!speaksAsStrictly(other.rule, view.rule, defaults) || !kinds.every(([kind, own]) => sees(other, kind, own))) continue;
      found.set(view.rule.id, other);
      break;
    }
  }
  return found;
}

function viewsByKind(views: readonly RuleView[]): ReadonlyMap<EffectKind, readonly RuleView[]> {
  const ofKind = new Map<EffectKind, RuleView[]>();
  for (const view of views) {
    for (const kind of view.kinds.keys()) {
      const known = ofKind.get(kind);
      if (known === undefined) ofKind.set(kind, [view]);
      else known.push(view);
    }
  }
  return ofKind;
}

/** Where both match, `before` is at least as strict, and takes the default's place if `behind` does. */
function speaksAsStrictly(before: Rule, behind: Rule, defaults: Defaults): boolean {
  return (
    !isStricter(behind.verdict, before.verdict) &&
    (behind.layer !== "host" || (before.layer === "host" && alwaysReplaces(before, behind, defaults)))
  );
}

/** A default that a workspace made stricter gives way to a weaker rule of the host sometimes only, and when is not looked into. */
function alwaysReplaces(before: Rule, behind: Rule, defaults: Defaults): boolean {
  return behind.match.every(({ effect }) =>
    effect.every((kind) => {
      const { verdict, unknown, host } = defaults[kind];
      return host === undefined || (!isStricter(verdict, before.verdict) && !isStricter(unknown, before.verdict));
    }),
  );
}

function sees(before: RuleView, kind: EffectKind, behind: KindView): boolean {
  const view = before.kinds.get(kind);
  return view !== undefined && matchesAll(view, behind);
}

/** True when whatever `narrow` matches, `wide` matches. */
export function matchesAll(wide: KindView, narrow: KindView): boolean {
  const wides = wide.holds.map(({ term }) => term);
  return narrow.holds.every(({ term }) => followsFromSome(term, wides)) && wide.takings.every((taking) => isHarmless(taking, narrow));
}

/** What is taken from the wide rule is never matched by the narrow one, or is taken from that too, at least as long. */
function isHarmless({ term, until }: Taking, narrow: KindView): boolean {
  if (narrow.holds.every((one) => excludes(one.term, term))) return true;
  return narrow.takings.some((own) => (own.until === "" || (until !== "" && own.until >= until)) && implies(term, own.term));
}

/** Proved: an exception with these clauses takes nothing from the rule. */
export function isIdle(rule: Rule, match: readonly Clause[], rulebook: Pick<Rulebook, "defaults">): boolean {
  const exception = { rule: rule.id, pack: "", match, reason: "", until: "" };
  const { kinds } = viewOf({ ...rule, unless: [] }, { defaults: rulebook.defaults, exceptions: [exception] });
  return [...kinds.values()].every(({ holds, takings }) =>
    takings.every((taking) => holds.every(({ term }) => excludes(term, taking.term))),
  );
}
