// What a journal file holds behind the place up to which it is drained. Implements spec/evidence.md 8.2 and 8.3. It only reads.
// The last item that was consumed is read once more: the ground under the position must still be the one that was drained.

import { statSync } from "node:fs";
import { join } from "node:path";
import { type JournalItem, readJournalFile } from "../journal-reader.js";
import { JOURNAL_FOLDER } from "../journal-writer.js";

/** How far a journal file is drained. */
export interface Drained {
  /** Bytes from the beginning that are consumed. */
  readonly position: number;
  /** The last consumed item: where it begins and what it was (itemName). -1 and "" at the beginning. */
  readonly lastOffset: number;
  readonly lastItem: string;
}

export const NOTHING_DRAINED: Drained = { position: 0, lastOffset: -1, lastItem: "" };

/** What stands between the file and the place where it was left. */
export type Resumed =
  | { readonly kind: "same" }
  /** `items`: everything behind the position, a damage at the very end included. */
  | { readonly kind: "grown"; readonly items: Generator<JournalItem> }
  /** Shorter than it was (`journal_truncated`), or other bytes before the position (`journal_altered`). */
  | { readonly kind: "broken"; readonly code: "journal_truncated" | "journal_altered"; readonly size: number };

export function resumeFile(stateFolder: string, file: string, drained: Drained): Resumed {
  const size = statSync(join(stateFolder, JOURNAL_FOLDER, file)).size;
  if (size < drained.position) return { kind: "broken", code: "journal_truncated", size };
  if (size === drained.position) return { kind: "same" };
  if (drained.lastOffset < 0) return { kind: "grown", items: readJournalFile(stateFolder, file) };
  const items = readJournalFile(stateFolder, file, drained.lastOffset);
  const first = items.next();
  if (first.done || !isSame(first.value, drained)) {
    items.return(undefined);
    return { kind: "broken", code: "journal_altered", size };
  }
  return { kind: "grown", items };
}

/** What an item was, in a word: `record sha256:…` or `damage torn_frame`, with its length. */
export function itemName(item: JournalItem): string {
  return `${item.kind} ${item.kind === "record" ? item.digest : item.code} ${item.length}`;
}

function isSame(item: JournalItem, { position, lastItem }: Drained): boolean {
  if (itemName(item) === lastItem) return true;
  // A record whose own last newline was never written, as long as nothing came behind it, took the first newline of the next frame for its own.
  return (
    lastItem.startsWith("record ") && item.kind === "damage" && item.code === "torn_frame" && item.offset + item.length === position - 1
  );
}

/** What may be drained. A damage that reaches the end of the file may be a write that is under way: it is left until something stands behind it. */
export function* consumable(items: Generator<JournalItem>): Generator<JournalItem> {
  let held: JournalItem | null = null;
  for (const item of items) {
    if (held !== null) yield held;
    held = item;
  }
  if (held?.kind === "record") yield held;
}
