// The rim's clock and dice: the only place where time and randomness come from. Implements nothing; tests pass their own.

import { randomBytes } from "node:crypto";
import { ID_RANDOM_BYTES, makeId } from "../base/index.js";

export interface Clock {
  /** Milliseconds since 1970, UTC. */
  nowMs(): number;
  randomBytes(count: number): Uint8Array;
}

export const SYSTEM_CLOCK: Clock = { nowMs: () => Date.now(), randomBytes };

/** A new identifier and its moment, so that a record and its id tell the same time. */
export function newId(prefix: string, clock: Clock): { readonly id: string; readonly momentMs: number } {
  const momentMs = clock.nowMs();
  return { id: makeId(prefix, momentMs, clock.randomBytes(ID_RANDOM_BYTES)), momentMs };
}
