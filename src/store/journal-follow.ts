// The journal as it grows: its last records, and every record that comes after them, across days and files that appear. Implements spec/cli.md 11.5.
// It reads only what is new and never skips a record: a write that is under way is left for the next look. Damage is passed over; verifyJournal tells of it.

import { statSync } from "node:fs";
import { join } from "node:path";
import { type JournalItem, journalEntries, readJournalFile } from "./journal-reader.js";
import { JOURNAL_FOLDER } from "./journal-writer.js";

/** A whole record of any schema, with its place. */
export type FoundRecord = Extract<JournalItem, { readonly kind: "record" }>;

export interface JournalFollower {
  /** What was written since the last look, each file in its order. */
  look(): readonly FoundRecord[];
}

const FIRST_WINDOW_BYTES = 256 * 1024;

/** The last `limit` records that are wanted, the oldest first. */
export function lastItems(stateFolder: string, limit: number, isWanted: (item: FoundRecord) => boolean): readonly FoundRecord[] {
  const found: FoundRecord[] = [];
  for (const file of [...journalEntries(stateFolder).files].reverse()) {
    if (found.length >= limit) break;
    found.unshift(...lastOf(stateFolder, file, limit - found.length, isWanted));
  }
  return found;
}

// More and more of the file from its end, while there is not enough: the last ten must not cost the whole day.
function lastOf(stateFolder: string, file: string, limit: number, isWanted: (item: FoundRecord) => boolean): readonly FoundRecord[] {
  const size = sizeOf(stateFolder, file);
  for (let window = FIRST_WINDOW_BYTES; ; window *= 8) {
    const from = Math.max(0, size - window);
    const found = [...readJournalFile(stateFolder, file, from)].filter(isRecord).filter(isWanted);
    if (found.length >= limit || from === 0) return limit === 0 ? [] : found.slice(-limit);
  }
}

/** Files that are looked at each time: writers near midnight may still be at yesterday's. */
const LIVE_FILES = 2;

/** Follows what is written from now on. */
export function followJournal(stateFolder: string): JournalFollower {
  const read = new Map<string, number>();
  for (const file of journalEntries(stateFolder).files) read.set(file, sizeOf(stateFolder, file));
  for (const file of [...read.keys()].slice(-LIVE_FILES)) read.set(file, endOfLast(stateFolder, file));
  return {
    look() {
      const files = journalEntries(stateFolder).files;
      const looked = files.filter((file, index) => index >= files.length - LIVE_FILES || !read.has(file));
      return looked.flatMap((file) => newIn(stateFolder, file, read));
    },
  };
}

/** Where the last whole item ends: what is behind it may be a write that is under way. */
export function endOfLast(stateFolder: string, file: string): number {
  const size = sizeOf(stateFolder, file);
  for (let window = FIRST_WINDOW_BYTES; ; window *= 8) {
    const from = Math.max(0, size - window);
    const last = [...readJournalFile(stateFolder, file, from)].filter(isRecord).at(-1);
    if (last !== undefined) return last.offset + last.length;
    if (from === 0) return 0;
  }
}

function newIn(stateFolder: string, file: string, read: Map<string, number>): readonly FoundRecord[] {
  const size = sizeOf(stateFolder, file);
  const known = read.get(file) ?? 0;
  // A file that became shorter was taken away and begun again.
  const from = size < known ? 0 : known;
  if (size === from) return [];
  const items = [...readJournalFile(stateFolder, file, from)];
  const whole = items.filter((item) => !(item.kind === "damage" && item.code === "torn_tail"));
  const last = whole.at(-1);
  read.set(file, last === undefined ? from : last.offset + last.length);
  return whole.filter(isRecord);
}

function isRecord(item: JournalItem): item is FoundRecord {
  return item.kind === "record";
}

function sizeOf(stateFolder: string, file: string): number {
  return statSync(join(stateFolder, JOURNAL_FOLDER, file), { throwIfNoEntry: false })?.size ?? 0;
}
