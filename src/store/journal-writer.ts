// Appends records to the journal: one write, one fdatasync, then the position. Implements spec/record.md section 8.
// No lock: the kernel places each O_APPEND write of a local file whole and after the last. Loses nothing silently: whatever goes wrong is thrown
// as `evidence_unavailable`, and the answer is then deny.

import { closeSync, constants, fdatasyncSync, fstatSync, openSync, readSync, type Stats, writeSync } from "node:fs";
import { join } from "node:path";
import { CavraError } from "../base/index.js";
import { type BuiltRecord, encodeFrame, type JournalPosition } from "../evidence/index.js";
import { ensurePrivateFolder, syncFolderChain } from "./folders.js";

export const JOURNAL_FOLDER = "journal";

const OPEN_FLAGS = constants.O_APPEND | constants.O_CREAT | constants.O_RDWR | (constants.O_NOFOLLOW ?? 0);

/** What the journal needs of a built record; `recorded_at` decides the file. */
export type JournalEntry = Pick<BuiltRecord, "text" | "digest"> & {
  readonly record: { readonly record_id: string; readonly recorded_at: string };
};

export interface JournalWriter {
  /** Returns when the record is durable. Throws CavraError `evidence_unavailable`, with the cause, when it is not. */
  append(entry: JournalEntry): JournalPosition;
  close(): void;
}

/** A writer for one state folder. Nothing is opened or made before the first record. */
export function openJournal(stateFolder: string): JournalWriter {
  let open: OpenFile | null = null;
  const close = () => {
    if (open !== null) closeSync(open.handle);
    open = null;
  };
  return {
    append(entry) {
      try {
        const name = journalFileName(entry.record.recorded_at);
        if (open !== null && !isLive(open, name)) close();
        open ??= openFile(stateFolder, name);
        return appendFrame(open, encodeFrame(entry.text, entry.digest));
      } catch (error) {
        close();
        throw unavailable(error);
      }
    },
    close,
  };
}

export interface OpenFile {
  readonly name: string;
  readonly handle: number;
  readonly folder: string;
}

/** `2026-11-03.journal`: the UTC day of the record, never of the clock, so that a record's file follows from the record. */
export function journalFileName(recordedAt: string): string {
  return `${recordedAt.slice(0, 10)}.journal`;
}

export function openFile(stateFolder: string, name: string): OpenFile {
  const folder = join(stateFolder, JOURNAL_FOLDER);
  ensurePrivateFolder(stateFolder);
  ensurePrivateFolder(folder);
  return { name, folder, handle: openSync(join(folder, name), OPEN_FLAGS, 0o600) };
}

/** False for another day's file, and for one that was deleted: what is written to that would be gone with it. */
export function isLive(file: OpenFile, name: string): boolean {
  return file.name === name && fstatSync(file.handle).nlink > 0;
}

function appendFrame(file: OpenFile, frame: Buffer): JournalPosition {
  const before = fstatSync(file.handle).size;
  prepare(file, before);
  const written = writeSync(file.handle, frame);
  if (written !== frame.length) throw new Error(`short write: ${written} of ${frame.length} bytes`);
  fdatasyncSync(file.handle);
  return locate(file, frame, before, fstatSync(file.handle));
}

// Nobody writes the first byte of a file before its name is durable, so whoever finds bytes in it need not ask again.
export function prepare(file: OpenFile, sizeBefore: number): void {
  if (sizeBefore === 0) syncFolderChain(file.folder);
}

/** Where the frame went: between the sizes before and after. With other writers about, it is found by its bytes, which no two frames share. */
export function locate(file: OpenFile, frame: Buffer, before: number, after: Stats): JournalPosition {
  if (after.nlink === 0) throw new Error("the journal file was deleted while it was written");
  const position = { file: file.name, offset: before, length: frame.length };
  if (after.size - before === frame.length) return position;
  const region = Buffer.alloc(Math.max(0, after.size - before));
  let filled = 0;
  while (filled < region.length) {
    const count = readSync(file.handle, region, filled, region.length - filled, before + filled);
    if (count === 0) break;
    filled += count;
  }
  const at = region.indexOf(frame);
  if (at < 0) throw new Error("the written frame is not in the journal file");
  return { ...position, offset: before + at };
}

export function unavailable(error: unknown): CavraError {
  if (error instanceof CavraError && error.code === "evidence_unavailable") return error;
  const why = error instanceof Error ? error.message : String(error);
  return new CavraError("evidence_unavailable", `the record could not be made durable: ${why}`, {
    hint: error instanceof CavraError && error.hint !== "" ? error.hint : "run `cavra status`",
    cause: error,
  });
}
