// Reads pieces of a journal file that follow each other, many to one system call. It only reads.

import { closeSync, constants, fstatSync, openSync, readSync } from "node:fs";
import { join } from "node:path";
import { JOURNAL_FOLDER } from "../journal-writer.js";

const WINDOW_BYTES = 1024 * 1024;

export interface JournalWindow {
  readonly sizeBytes: number;
  /** The bytes from `offset`, fewer at the end of the file. Good until the next read. */
  read(offset: number, length: number): Buffer;
  close(): void;
}

/** Null where there is no such file. */
export function openWindow(stateFolder: string, name: string): JournalWindow | null {
  let handle: number;
  try {
    handle = openSync(join(stateFolder, JOURNAL_FOLDER, name), constants.O_RDONLY | (constants.O_NOFOLLOW ?? 0));
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return null;
    throw error;
  }
  let buffer = Buffer.alloc(WINDOW_BYTES);
  let from = 0;
  let held = 0;
  return {
    sizeBytes: fstatSync(handle).size,
    read(offset, length) {
      if (offset < from || offset + length > from + held) {
        if (length > buffer.length) buffer = Buffer.alloc(length);
        from = offset;
        held = 0;
        for (let count = -1; count !== 0 && held < length; held += count) {
          count = readSync(handle, buffer, held, buffer.length - held, offset + held);
        }
      }
      return buffer.subarray(offset - from, Math.min(held, offset - from + length));
    },
    close: () => closeSync(handle),
  };
}
