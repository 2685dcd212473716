// What a running authority counts since its start, for `cavra status`. Implements spec/backend.md 8.6.

import type { JsonObject } from "../base/index.js";
import { compareBytes } from "../base/index.js";

export interface Counts {
  readonly called: () => void;
  /** A request that was refused, so that its caller decided by itself. */
  readonly refused: (code: string) => void;
  /** An answer that its caller no longer waited for: the call is on record, and its caller decided by itself too. */
  readonly unheard: () => void;
  readonly fellBack: (code: string) => void;
  readonly status: () => JsonObject;
}

export function newCounts(): Counts {
  let [calls, unheard] = [0, 0];
  const [refusals, fallbacks] = [new Map<string, number>(), new Map<string, number>()];
  const add = (counts: Map<string, number>) => (code: string) => {
    counts.set(code, (counts.get(code) ?? 0) + 1);
  };
  return {
    called: () => {
      calls++;
    },
    unheard: () => {
      unheard++;
    },
    refused: add(refusals),
    fellBack: add(fallbacks),
    status: () => ({ calls, unheard, refused: inOrder(refusals), fallbacks: inOrder(fallbacks) }),
  };
}

function inOrder(counts: ReadonlyMap<string, number>): JsonObject {
  return Object.fromEntries([...counts].sort(([left], [right]) => compareBytes(left, right)));
}
