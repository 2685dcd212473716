// Changes texts at random: takes out, doubles, moves, puts in, and mixes two of them.

/** A source of numbers that gives the same ones for the same seed (mulberry32). */
export interface Dice {
  below(limit: number): number;
  pick<T>(values: readonly T[]): T;
}

export function diceOf(seed: number): Dice {
  let state = seed >>> 0;
  const next = () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296;
  };
  const below = (limit: number) => Math.floor(next() * limit);
  return {
    below,
    pick(values) {
      const value = values[below(values.length)];
      if (value === undefined) throw new Error("there is nothing to pick from");
      return value;
    },
  };
}

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
