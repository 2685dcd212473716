// Appends many records with one write and one fdatasync: for servers. Implements spec/record.md section 8.7.
// Each append still answers only when its own record is durable; waiting for the disk is what is shared.

import { closeSync, fdatasync, fstatSync, write } from "node:fs";
import { promisify } from "node:util";
import { encodeFrame, type JournalPosition } from "../evidence/index.js";
import { isLive, type JournalEntry, journalFileName, locate, type OpenFile, openFile, prepare, unavailable } from "./journal-writer.js";

/** One write carries at most so many bytes, or one record. */
export const GROUP_BYTES = 4 * 1024 * 1024;

export interface GroupWriter {
  /** Resolves when the record is durable; rejects with CavraError `evidence_unavailable`. */
  append(entry: JournalEntry): Promise<JournalPosition>;
  /** Waits for what was appended, then closes. */
  close(): Promise<void>;
}

interface Waiting {
  readonly name: string;
  readonly recordId: string;
  readonly frame: Buffer;
  readonly resolve: (position: JournalPosition) => void;
  readonly reject: (error: unknown) => void;
}

const writeAsync = promisify(write);
const fdatasyncAsync = promisify(fdatasync);

/** `onDurable` hears of each record when it is synced, before whoever appended it does. */
export function openGroupJournal(stateFolder: string, onDurable: (recordId: string) => void = () => {}): GroupWriter {
  let queue: Waiting[] = [];
  let open: OpenFile | null = null;
  let running: Promise<void> | null = null;

  const close = () => {
    if (open !== null) closeSync(open.handle);
    open = null;
  };
  const writeGroup = async (group: readonly Waiting[]): Promise<void> => {
    try {
      const name = group[0]?.name ?? "";
      if (open !== null && !isLive(open, name)) close();
      open ??= openFile(stateFolder, name);
      const position = await appendGroup(open, Buffer.concat(group.map((one) => one.frame)));
      let offset = position.offset;
      for (const one of group) {
        onDurable(one.recordId);
        one.resolve({ ...position, offset, length: one.frame.length });
        offset += one.frame.length;
      }
    } catch (error) {
      close();
      for (const one of group) one.reject(unavailable(error));
    }
  };
  const drain = async (): Promise<void> => {
    await Promise.resolve(); // what is appended in the same turn goes together
    while (queue.length > 0) {
      const count = groupLength(queue);
      const group = queue.slice(0, count);
      queue = queue.slice(count);
      await writeGroup(group);
    }
    running = null;
  };
  return {
    append: (entry) =>
      new Promise((resolve, reject) => {
        const { record_id, recorded_at } = entry.record;
        const frame = encodeFrame(entry.text, entry.digest);
        queue.push({ name: journalFileName(recorded_at), recordId: record_id, frame, resolve, reject });
        running ??= drain();
      }),
    close: async () => {
      while (running !== null) await running;
      close();
    },
  };
}

// Records of one day, up to the size of a group.
function groupLength(queue: readonly Waiting[]): number {
  let bytes = 0;
  let count = 0;
  for (const one of queue) {
    bytes += one.frame.length;
    if (count > 0 && (bytes > GROUP_BYTES || one.name !== queue[0]?.name)) break;
    count++;
  }
  return count;
}

async function appendGroup(file: OpenFile, frames: Buffer): Promise<JournalPosition> {
  const before = fstatSync(file.handle).size;
  prepare(file, before);
  const { bytesWritten } = await writeAsync(file.handle, frames);
  if (bytesWritten !== frames.length) throw new Error(`short write: ${bytesWritten} of ${frames.length} bytes`);
  await fdatasyncAsync(file.handle);
  return locate(file, frames, before, fstatSync(file.handle));
}
