// A rulebook packed for fast starts: a header, and every rule as JSON text of its own, read when an effect of a kind that it names is judged.
// No twin, and no law: it is written and read by one installation and never travels. It trusts its text as the installation is trusted.
// INVARIANT: `rulesOf` gives what a filter over the rules would give, in their order.

import type { EffectKind } from "../change/index.js";
import type { Rule, Rulebook } from "./model.js";

/** The first line: the rulebook, and for each rule the length of its text and the kinds that it names. */
interface Header {
  readonly book: Omit<Rulebook, "rules">;
  readonly rules: readonly { readonly length: number; readonly kinds: readonly EffectKind[] }[];
}

export function packRulebook(rulebook: Rulebook): string {
  const { rules, ...book } = rulebook;
  const texts = rules.map((rule) => JSON.stringify(rule));
  const header: Header = { book, rules: rules.map((rule, i) => ({ length: texts[i]?.length ?? 0, kinds: kindsOf(rule) })) };
  return `${JSON.stringify(header)}\n${texts.join("")}`;
}

/** Throws where the text is no packed rulebook, or one that was cut off. */
export function openPackedRules(text: string): Rulebook {
  const headerEnd = text.indexOf("\n");
  const header = JSON.parse(text.slice(0, headerEnd)) as Header;
  let at = headerEnd + 1;
  const shelf = header.rules.map(({ length, kinds }) => {
    at += length;
    return { kinds, text: [at - length, at] as const };
  });
  if (at !== text.length) throw new Error(`a packed rulebook has ${text.length} characters where its header says ${at}`);
  const made = new Map<number, Rule>();
  const rule = (i: number, [from, to]: readonly [number, number]): Rule => {
    const known = made.get(i) ?? (JSON.parse(text.slice(from, to)) as Rule);
    made.set(i, known);
    return known;
  };
  let all: readonly Rule[] | null = null;
  const book: Rulebook = {
    ...header.book,
    get rules() {
      all ??= shelf.map((one, i) => rule(i, one.text));
      return all;
    },
  };
  SHELVES.set(book, (kind) => shelf.flatMap((one, i) => (one.kinds.includes(kind) ? [rule(i, one.text)] : [])));
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
