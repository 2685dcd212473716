// A rule as reasoning looks at it: kind by kind, what it holds for and what is taken from it. Implements spec/policy.md section 8.2.

import type { EffectKind } from "../../change/index.js";
import type { Clause, Exception, Rule, Rulebook } from "../model.js";
import { loosens } from "../open-policy.js";
import { implies } from "./implies.js";
import { type Term, termOf } from "./term.js";

export interface RuleView {
  readonly rule: Rule;
  readonly kinds: ReadonlyMap<EffectKind, KindView>;
}

export interface KindView {
  /** One for each clause of `match` that can hold for this kind, with its place in `match`. */
  readonly holds: readonly { readonly clause: number; readonly term: Term }[];
  readonly takings: readonly Taking[];
}

/** What takes effects from a rule: an `unless`, or an exception, which ends at `until` ("" for never). */
export interface Taking {
  readonly term: Term;
  readonly until: string;
  readonly source: "unless" | "exception";
}

export function viewOf(rule: Rule, rulebook: Pick<Rulebook, "defaults" | "exceptions">): RuleView {
  const kinds = new Set(rule.match.flatMap(({ effect }) => effect));
  const exceptions = rulebook.exceptions.filter((one) => one.rule === rule.id);
  return { rule, kinds: new Map([...kinds].map((kind) => [kind, kindView(rule, kind, rulebook, exceptions)])) };
}

function kindView(rule: Rule, kind: EffectKind, rulebook: Pick<Rulebook, "defaults">, exceptions: readonly Exception[]): KindView {
  const stance = loosens(rule, kind, rulebook) ? "loosens" : "protects";
  const counter = stance === "loosens" ? "guards" : "loosens";
  const takings = (clauses: readonly Clause[], until: string, source: Taking["source"]): readonly Taking[] =>
    clauses.flatMap((clause) => {
      const term = termOf(clause, kind, counter);
      return term === null ? [] : [{ term, until, source }];
    });
  return {
    holds: rule.match.flatMap((clause, index) => {
      const term = termOf(clause, kind, stance);
      return term === null ? [] : [{ clause: index, term }];
    }),
    takings: [...takings(rule.unless, "", "unless"), ...exceptions.flatMap(({ match, until }) => takings(match, until, "exception"))],
  };
}

/** Most pieces that one clause is cut into; one that would give more is looked at whole. */
export const MAX_PIECES = 256;

/** True when, for every effect for which `narrow` holds, one of `wides` holds. Where none does alone, `narrow` is cut into pieces, one glob or word each. */
export function followsFromSome(narrow: Term, wides: readonly Term[]): boolean {
  if (wides.some((wide) => implies(narrow, wide))) return true;
  const pieces = wides.length < 2 ? [] : piecesOf(narrow);
  return pieces.length > 1 && pieces.every((piece) => wides.some((wide) => implies(piece, wide)));
}

/** The term as a list of terms, of which one holds wherever it does: one item of each list that asks for any of its items. */
function piecesOf(term: Term): readonly Term[] {
  const sizes = [
    term.path?.length ?? 1,
    ...[...term.words.values()].map(({ size }) => size),
    ...[...term.names.values()].map((sets) => sets.length),
  ];
  if (sizes.reduce((product, size) => product * size, 1) > MAX_PIECES) return [];
  let pieces: readonly Term[] = [term];
  const { path } = term;
  if (path !== null) pieces = pieces.flatMap((piece) => path.map((one) => ({ ...piece, path: [one] })));
  for (const [key, words] of term.words)
    pieces = pieces.flatMap((piece) => [...words].map((word) => ({ ...piece, words: new Map([...piece.words, [key, new Set([word])]]) })));
  for (const [key, sets] of term.names)
    pieces = pieces.flatMap((piece) => sets.map((one) => ({ ...piece, names: new Map([...piece.names, [key, [one]]]) })));
  return pieces;
}
