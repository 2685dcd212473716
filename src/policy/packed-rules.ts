// A rulebook packed for fast starts: a header, and every rule as JSON text of its own, read when an effect of a kind that it names is judged.
// No twin, and no law: it is written and read by one installation and never travels. It trusts its text as the installation is trusted.
// INVARIANT: `rulesOf` gives what a filter over the rules would give, in their order.

import type { EffectKind } from "../change/index.js";
import type { Rule, Rulebook } from "./model.js";

/** The first line: the rulebook, the length of each rule's text in bytes, and for each kind of effect the places of the rules that name it. */
interface Header {
  readonly book: Omit<Rulebook, "rules">;
  readonly lengths: readonly number[];
  readonly rules_of: Readonly<Partial<Record<EffectKind, readonly number[]>>>;
}

export function packRulebook(rulebook: Rulebook): string {
  const { rules, ...book } = rulebook;
  const texts = rules.map((rule) => JSON.stringify(rule));
  const placesOf: Partial<Record<EffectKind, number[]>> = {};
  for (const [place, rule] of rules.entries()) {
    for (const kind of kindsOf(rule)) placesOf[kind] = [...(placesOf[kind] ?? []), place];
  }
  const header: Header = { book, lengths: texts.map((text) => Buffer.byteLength(text)), rules_of: placesOf };
  return `${JSON.stringify(header)}\n${texts.join("")}`;
}

/** Throws where the text is no packed rulebook, or one that was cut off. */
export function openPackedRules(packed: Buffer): Rulebook {
  const headerEnd = packed.indexOf("\n");
  const { book: rest, lengths, rules_of: placesOf } = JSON.parse(packed.toString("utf8", 0, headerEnd)) as Header;
  const ends = [headerEnd + 1];
  for (let i = 0; i < lengths.length; i++) ends.push((ends[i] ?? 0) + (lengths[i] ?? 0));
  const end = ends[lengths.length] ?? 0;
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
  SHELVES.set(book, (kind) => (placesOf[kind] ?? []).map(rule));
  return book;
}

/** The rules with a clause for this kind of effect. */
export function rulesOf(rulebook: Rulebook, kind: EffectKind): readonly Rule[] {
  const packed = SHELVES.get(rulebook);
  return packed === undefined ? rulebook.rules.filter((rule) => kindsOf(rule).includes(kind)) : packed(kind);
}

const SHELVES = new WeakMap<Rulebook, (kind: EffectKind) => readonly Rule[]>();

function kindsOf(rule: Rule): readonly EffectKind[] {
  return [...new Set(rule.match.flatMap((clause) => clause.effect))];
}
