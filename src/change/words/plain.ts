// Words in which nothing is to be expanded, as those of most commands: a shorter way to the same values. Implements spec/change.md section 5.
// Twin of none: go/change/words/expand.go needs no second way. INVARIANT: what is taken here is what expand.ts would make of it, and costs the same work.

import type { Word } from "../shell/syntax.js";
import { type Argument, text } from "../values.js";
import { type Budget, spend } from "./budget.js";

/** The arguments that the words of a command make, in order; null where anything is to be expanded. */
export function plainWords(words: readonly Word[], budget: Budget): readonly Argument[] | null {
  const given: Argument[] = [];
  for (const word of words) {
    const plain = onlyText(word);
    if (plain === null) return null;
    given.push({ value: text(plain), span: word.span });
  }
  const left = budget.workUnits;
  if (spend(budget, given.length)) return given;
  return given.slice(0, Math.max(0, left));
}

/** The text of a word of plain literals, which most words are; null when anything in it could be special. */
export function onlyText(word: Word): string | null {
  const only = word.parts[0];
  if (word.parts.length !== 1 || only === undefined) return null;
  if (only.kind === "quoted") return only.text;
  if (only.kind !== "literal") return null;
  const { text: known } = only;
  for (let i = 0; i < known.length; i++) if (isSpecial(known.charCodeAt(i))) return null;
  return known;
}

/** One of `~ * ? [ { = :`. */
function isSpecial(unit: number): boolean {
  switch (unit) {
    case 0x7e:
    case 0x2a:
    case 0x3f:
    case 0x5b:
    case 0x7b:
    case 0x3d:
    case 0x3a:
      return true;
    default:
      return false;
  }
}
