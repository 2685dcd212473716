// The rim's clock and dice: the only place where time and randomness come from. Implements nothing; tests pass their own.

import { randomBytes } from "node:crypto";
import { closeSync, openSync, readSync } from "node:fs";
import { ID_RANDOM_BYTES, makeId } from "../base/index.js";

export interface Clock {
  /** Milliseconds since 1970, UTC. */
  nowMs(): number;
  randomBytes(count: number): Uint8Array;
}

export const SYSTEM_CLOCK: Clock = { nowMs: () => Date.now(), randomBytes: (count) => fromKernel(count) ?? randomBytes(count) };

/** The kernel's own random numbers, which seed node:crypto's too: the hook needs ten bytes, and loading node:crypto for them takes milliseconds. */
function fromKernel(count: number): Uint8Array | null {
  const bytes = Buffer.alloc(count);
  try {
    const handle = openSync("/dev/urandom", "r");
    const read = readSync(handle, bytes, 0, count, null);
    closeSync(handle);
    return read === count ? bytes : null;
  } catch {
    return null;
  }
}

/** A new identifier and its moment, so that a record and its id tell the same time. */
export function newId(prefix: string, clock: Clock): { readonly id: string; readonly momentMs: number } {
  const momentMs = clock.nowMs();
  return { id: makeId(prefix, momentMs, clock.randomBytes(ID_RANDOM_BYTES)), momentMs };
}
