// Counts the characters that are read a second time. Implements spec/shell.md section 1.4. Twin of go/change/shell.
// INVARIANT: what is looked through from one place counts once, however often it is looked through: how often that is differs from reader to reader.

import type { Cursor } from "./cursor.js";
import { MAX_REREAD_CHARACTERS } from "./limits.js";

/** What may stand inside the brackets; spec/shell.md 5.6 has the table. */
export type Bracket = "braces" | "arithmetic" | "brackets" | "subscript" | "pattern";

const KINDS = ["braces", "arithmetic", "brackets", "subscript", "pattern", "backtick", "body"] as const;

export function rereadsTooMuch(c: Cursor): boolean {
  return c.budget.reread > MAX_REREAD_CHARACTERS;
}

/** Counts the characters from `start` to `end`; false when they are too many. */
export function countReread(c: Cursor, start: number, end: number, kind: (typeof KINDS)[number]): boolean {
  const place = c.offsets === null ? start : (c.offsets[start] ?? 0);
  const key = place * KINDS.length + KINDS.indexOf(kind);
  if (!c.budget.rereadFrom.has(key)) {
    c.budget.rereadFrom.add(key);
    c.budget.reread += charactersIn(c.text, start, end);
  }
  if (rereadsTooMuch(c)) c.budget.exceeded = true;
  return !rereadsTooMuch(c);
}

/** The second half of a pair is no character of its own. */
function charactersIn(text: string, start: number, end: number): number {
  let count = 0;
  for (let at = start; at < end; at++) if ((text.charCodeAt(at) & 0xfc00) !== 0xdc00) count++;
  return count;
}
