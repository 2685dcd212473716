// Numbers that look random and are the same for the same seed and index (sfc32), so that any case can be made again by itself: in any order, in any process.

export interface Dice {
  /** Is this case to be a small one? Most are: what is wrong shows in little, and little is asked quickly. */
  readonly small: boolean;
  /** A whole number from 0 to `limit`, without `limit`. */
  readonly below: (limit: number) => number;
  /** True once in so many throws. */
  readonly once: (inSo: number) => boolean;
  /** One of the values; there must be one. */
  readonly pick: <T>(values: readonly T[]) => T;
}

/** Two words of 32 bits: what all cases of a campaign share. */
export interface Seed {
  readonly high: number;
  readonly low: number;
}

/** The seed of 16 hexadecimal digits; null for another text. */
export function parseSeed(text: string): Seed | null {
  if (!/^[0-9a-f]{16}$/.test(text)) return null;
  return { high: Number.parseInt(text.slice(0, 8), 16), low: Number.parseInt(text.slice(8), 16) };
}

/** Of so many cases so many are small. */
const [SMALL, IN_ALL] = [7, 8];

/** The throws of one case of a campaign. */
export function diceFor({ high, low }: Seed, index: number): Dice {
  const next = generator(high, low, index | 0, Math.floor(index / 4_294_967_296) + 1);
  const below = (limit: number) => next() % limit;
  return {
    small: next() % IN_ALL < SMALL,
    below,
    once: (inSo) => next() % inSo === 0,
    pick(values) {
      const value = values[next() % values.length];
      if (value === undefined) throw new RangeError("there is nothing to pick from");
      return value;
    },
  };
}

/** Rounds until every bit of the seed has reached every bit of the state. */
const WARM_UP = 15;

function generator(first: number, second: number, third: number, start: number): () => number {
  let [a, b, c, counter] = [first | 0, second | 0, third | 0, start | 0];
  const next = () => {
    const sum = (a + b + counter) | 0;
    counter = (counter + 1) | 0;
    a = b ^ (b >>> 9);
    b = (c + (c << 3)) | 0;
    c = ((c << 21) | (c >>> 11)) + sum;
    return sum >>> 0;
  };
  for (let round = 0; round < WARM_UP; round++) next();
  return next;
}
