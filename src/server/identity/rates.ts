// How many requests each caller may make in a time: one bucket for each, which fills by itself. Implements spec/service.md 3.8. Pure but for what it remembers.

export interface Rates {
  /** Takes one, and says how many milliseconds to wait where there is none: 0 for none. */
  readonly take: (key: string, nowMs: number) => number;
  /** Takes what comes to light later; what the bucket does not hold is owed. */
  readonly owe: (key: string, count: number, nowMs: number) => void;
}

/** Buckets that are remembered: of more, the one that was used the longest time ago is full again. */
export const MOST_BUCKETS = 65_536;

const ONE = 1_000;

interface Bucket {
  /** In thousandths of a request: whole numbers, so that what fills is what was taken. */
  level: number;
  atMs: number;
}

/** `perSecond` 0 for no limit. Twice that at once. */
export function newRates(perSecond: number, most = MOST_BUCKETS): Rates {
  if (perSecond === 0) return { take: () => 0, owe: () => {} };
  const buckets = new Map<string, Bucket>();
  const burst = 2 * perSecond * ONE;
  const bucketOf = (key: string, nowMs: number): Bucket => {
    const bucket = buckets.get(key) ?? { level: burst, atMs: nowMs };
    // A clock that was set back fills nothing, and takes nothing away.
    bucket.level = Math.min(burst, bucket.level + Math.max(0, nowMs - bucket.atMs) * perSecond);
    bucket.atMs = nowMs;
    // The last one in the order of a map is the last one that was put there.
    buckets.delete(key);
    buckets.set(key, bucket);
    if (buckets.size > most) buckets.delete(buckets.keys().next().value ?? "");
    return bucket;
  };
  return {
    take: (key, nowMs) => {
      const bucket = bucketOf(key, nowMs);
      if (bucket.level < ONE) return Math.ceil((ONE - bucket.level) / perSecond);
      bucket.level -= ONE;
      return 0;
    },
    owe: (key, count, nowMs) => {
      bucketOf(key, nowMs).level -= count * ONE;
    },
  };
}
