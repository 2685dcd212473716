// "Did you mean": the nearest known word. Implements spec/policy.md section 2.2.

import { sortedByBytes } from "../base/index.js";

const MAX_WORD = 64;

/** The known word with the fewest changed letters, at most two and fewer than half of the word; ties go to the smallest by bytes; "" for none. */
export function suggest(word: string, known: readonly string[]): string {
  if (word.length > MAX_WORD) return "";
  let best = "";
  let least = Math.min(2, Math.floor(word.length / 2)) + 1;
  for (const candidate of sortedByBytes(known)) {
    const distance = editDistance(word.toLowerCase().replaceAll("-", "_"), candidate);
    if (distance < least) {
      least = distance;
      best = candidate;
    }
  }
  return best;
}

function editDistance(left: string, right: string): number {
  let row = Array.from({ length: right.length + 1 }, (_, i) => i);
  for (let i = 1; i <= left.length; i++) {
    const next = [i];
    for (let j = 1; j <= right.length; j++) {
      const changed = (row[j - 1] ?? 0) + (left[i - 1] === right[j - 1] ? 0 : 1);
      next.push(Math.min(changed, (row[j] ?? 0) + 1, (next[j - 1] ?? 0) + 1));
    }
    row = next;
  }
  return row[right.length] ?? 0;
}
