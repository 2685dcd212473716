// A rulebook packed for fast starts: a header, and every rule as JSON text of its own, read when an effect of a kind that it names is judged.
// No twin, and no law: it is written and read by one installation and never travels. It trusts its text as the installation is trusted.
// INVARIANT: `rulesOf` gives what a filter over the rules would give, in their order.

import type { EffectKind } from "../change/index.js";
import type { Rule, Rulebook } from "./model.js";
import { type ClausePlace, packPaths, placesFor } from "./packed-paths.js";

/**
 * The first line: the rulebook, the length of each rule's text in bytes, for each kind of effect the places of the rules that name it, and the
 * lengths of what stands behind the rules: for each kind of file effect the clauses by path.
 */
interface Header {
  readonly book: Omit<Rulebook, "rules">;
  readonly lengths: readonly number[];
  readonly rules_of: Readonly<Partial<Record<EffectKind, readonly number[]>>>;
  readonly path_lengths: readonly number[];
}

export function packRulebook(rulebook: Rulebook): string {
  const { rules, ...book } = rulebook;
  const texts = rules.map((rule) => JSON.stringify(rule));
  const placesOf: Partial<Record<EffectKind, number[]>> = {};
  for (const [place, rule] of rules.entries()) {
    for (const kind of kindsOf(rule)) placesOf[kind] = [...(placesOf[kind] ?? []), place];
  }
  const paths = FILE_KINDS.map((kind) => packPaths(rules, kind));
  const [lengths, path_lengths] = [texts, paths].map((parts) => parts.map((part) => Buffer.byteLength(part))) as [number[], number[]];
  const header: Header = { book, lengths, rules_of: placesOf, path_lengths };
  return `${JSON.stringify(header)}\n${texts.join("")}${paths.join("")}`;
}

/** Throws where the text is no packed rulebook, or one that was cut off. */
export function openPackedRules(packed: Buffer): Rulebook {
  const headerEnd = packed.indexOf("\n");
  const { book: rest, lengths, rules_of: placesOf, path_lengths } = JSON.parse(packed.toString("utf8", 0, headerEnd)) as Header;
  const ends = [headerEnd + 1];
  for (const length of [...lengths, ...path_lengths]) ends.push((ends.at(-1) ?? 0) + length);
  const end = ends.at(-1) ?? 0;
  if (end !== packed.length) throw new Error(`a packed rulebook has ${packed.length} bytes where its header says ${end}`);
  const made = new Map<number, Rule>();
  const rule = (place: number): Rule => {
    const known = made.get(place) ?? (JSON.parse(packed.toString("utf8", ends[place], ends[place + 1])) as Rule);
    made.set(place, known);
    return known;
  };
  let all: readonly Rule[] | null = null;
  const book: Rulebook = {
    ...rest,
    get rules() {
      all ??= lengths.map((_, place) => rule(place));
      return all;
    },
  };
  const places: Shelf["places"] = (kind, path) => {
    const at = FILE_KINDS.indexOf(kind);
    return at === -1 ? null : placesFor(packed.subarray(ends[lengths.length + at], ends[lengths.length + at + 1]), path);
  };
  SHELVES.set(book, { rules: (kind) => (placesOf[kind] ?? []).map(rule), rule, places });
  return book;
}

/** The rules with a clause for this kind of effect. */
export function rulesOf(rulebook: Rulebook, kind: EffectKind): readonly Rule[] {
  const shelf = SHELVES.get(rulebook);
  return shelf === undefined ? rulebook.rules.filter((rule) => kindsOf(rule).includes(kind)) : shelf.rules(kind);
}

/** What a packed rulebook gives besides its rules; undefined for one that is not packed. */
export function shelfOf(rulebook: Rulebook): Shelf | undefined {
  return SHELVES.get(rulebook);
}

export interface Shelf {
  readonly rules: (kind: EffectKind) => readonly Rule[];
  readonly rule: (place: number) => Rule;
  /** The clauses that could hold for a file effect on one path of these names in lower case, or on an unknown one (null); null for other effects. */
  readonly places: (kind: EffectKind, path: readonly string[] | null) => readonly ClausePlace[] | null;
}

const SHELVES = new WeakMap<Rulebook, Shelf>();
const FILE_KINDS: readonly EffectKind[] = ["read", "write", "delete"];

function kindsOf(rule: Rule): readonly EffectKind[] {
  return [...new Set(rule.match.flatMap((clause) => clause.effect))];
}
