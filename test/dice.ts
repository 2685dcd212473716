// Numbers that look random and are the same for the same seed (mulberry32), so that whatever a test, a campaign or a fuzzer found can be seen again.

export interface Dice {
  /** From 0 to 1, without 1. */
  fraction(): number;
  /** A whole number from 0 to `limit`, without `limit`. */
  below(limit: number): number;
  /** One of the values; there must be one. */
  pick<T>(values: readonly T[]): T;
}

export function diceOf(seed: number): Dice {
  let state = seed >>> 0;
  const fraction = () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
  const below = (limit: number) => Math.floor(fraction() * limit);
  return {
    fraction,
    below,
    pick(values) {
      const value = values[below(values.length)];
      if (value === undefined) throw new Error("there is nothing to pick from");
      return value;
    },
  };
}
