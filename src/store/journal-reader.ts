// Reads the journal: every frame and every damage, with its place. Implements spec/record.md section 9.
// It never changes a file and never stops at damage: it says what it found and goes on with the next frame.

import { closeSync, constants, openSync, readdirSync, readSync } from "node:fs";
import { join } from "node:path";
import { FRAME_BYTES, type FrameItem, scanFrames } from "../evidence/index.js";
import { JOURNAL_FOLDER } from "./journal-writer.js";

export type JournalItem = FrameItem & { readonly file: string };

const CHUNK_BYTES = 256 * 1024;

/** The journal's files, oldest first, and names that do not belong there; none where there is no journal yet. */
export function journalEntries(stateFolder: string): { readonly files: readonly string[]; readonly foreign: readonly string[] } {
  const names = namesIn(join(stateFolder, JOURNAL_FOLDER)).sort();
  return { files: names.filter(isJournalFile), foreign: names.filter((name) => !isJournalFile(name)) };
}

function namesIn(folder: string): string[] {
  try {
    return readdirSync(folder);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return [];
    throw error;
  }
}

function isJournalFile(name: string): boolean {
  return /^\d{4}-\d{2}-\d{2}\.journal$/.test(name);
}

/** Everything in one file, in order, from `offset`. Reads to the end that the file has when it gets there. */
export function* readJournalFile(stateFolder: string, file: string, offset = 0): Generator<JournalItem> {
  const handle = openSync(join(stateFolder, JOURNAL_FOLDER, file), constants.O_RDONLY | (constants.O_NOFOLLOW ?? 0));
  try {
    const buffer = Buffer.alloc(CHUNK_BYTES + FRAME_BYTES);
    let held = 0;
    let at = offset;
    for (;;) {
      const count = readSync(handle, buffer, held, buffer.length - held, at + held);
      held += count;
      const { items, consumed } = scanFrames(buffer.subarray(0, held), at, count === 0);
      for (const item of items) yield { ...item, file };
      buffer.copyWithin(0, consumed, held);
      held -= consumed;
      at += consumed;
      if (count === 0) return;
    }
  } finally {
    closeSync(handle);
  }
}

/** Everything in the journal, oldest file first. */
export function* readJournal(stateFolder: string): Generator<JournalItem> {
  for (const file of journalEntries(stateFolder).files) yield* readJournalFile(stateFolder, file);
}
