// Changes texts at random: takes out, doubles, moves, puts in, and mixes two of them.

import type { Dice } from "../test/dice.js";

const MOST_CHANGES = 6;

/** One of the texts, changed in one to six places. */
export function mutated(dice: Dice, corpus: readonly string[], pieces: readonly string[]): string {
  let text = dice.pick(corpus);
  for (let left = 1 + dice.below(MOST_CHANGES); left > 0; left--) text = changed(dice, text, corpus, pieces);
  return text;
}

function changed(dice: Dice, text: string, corpus: readonly string[], pieces: readonly string[]): string {
  const at = dice.below(text.length + 1);
  const end = Math.min(text.length, at + 1 + dice.below(dice.below(2) === 0 ? 4 : 24));
  const [before, part, after] = [text.slice(0, at), text.slice(at, end), text.slice(end)];
  switch (dice.below(7)) {
    case 0:
      return before + after;
    case 1:
      return before + part + part + after;
    case 2:
      return before + dice.pick(pieces) + after;
    case 3: {
      const other = dice.pick(corpus);
      const from = dice.below(other.length + 1);
      return before + other.slice(from, from + 1 + dice.below(40)) + after;
    }
    case 4: {
      const to = dice.below(before.length + 1);
      return before.slice(0, to) + part + before.slice(to) + after;
    }
    default:
      return before + dice.pick(pieces) + part + after;
  }
}
