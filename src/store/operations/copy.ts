// Copies a file, durably and private, and says what was copied. Implements spec/operations.md 3.2.
// SECURITY: no link is followed, and what is made nobody else may read.

import { createHash } from "node:crypto";
import { closeSync, constants, fstatSync, fsyncSync, openSync, readdirSync, readSync, writeSync } from "node:fs";
import { dirname, join } from "node:path";
import { CavraError } from "../../base/index.js";
import { ensurePrivateFolder } from "../folders.js";

const CHUNK_BYTES = 1_048_576;
const NO_LINK = constants.O_NOFOLLOW ?? 0;

export interface Copied {
  readonly size: number;
  readonly digest: string;
}

/** At most `mostBytes`: what is appended meanwhile belongs to the next copy. `onBytes` hears how far it has come. */
export function copyDurably(from: string, to: string, mostBytes: number, onBytes: (count: number) => void = () => {}): Copied {
  ensurePrivateFolder(dirname(to));
  const out = openSync(to, constants.O_WRONLY | constants.O_CREAT | constants.O_EXCL | NO_LINK, 0o600);
  try {
    const copied = readThrough(from, mostBytes, (chunk) => {
      for (let at = 0; at < chunk.length; ) at += writeSync(out, chunk, at);
      onBytes(chunk.length);
    });
    fsyncSync(out);
    return copied;
  } finally {
    closeSync(out);
  }
}

/** Size and digest of what is there. */
export function digestFile(path: string, onBytes: (count: number) => void = () => {}): Copied {
  return readThrough(path, Number.MAX_SAFE_INTEGER, (chunk) => onBytes(chunk.length));
}

function readThrough(path: string, mostBytes: number, take: (chunk: Buffer) => void): Copied {
  const handle = openSync(path, constants.O_RDONLY | NO_LINK);
  try {
    if (!fstatSync(handle).isFile()) throw new CavraError("not_a_file", `\`${path}\` is no file`);
    const hash = createHash("sha256");
    const buffer = Buffer.alloc(CHUNK_BYTES);
    let size = 0;
    while (size < mostBytes) {
      const count = readSync(handle, buffer, 0, Math.min(buffer.length, mostBytes - size), size);
      if (count === 0) break;
      const chunk = buffer.subarray(0, count);
      hash.update(chunk);
      take(chunk);
      size += count;
    }
    return { size, digest: `sha256:${hash.digest("hex")}` };
  } finally {
    closeSync(handle);
  }
}

/** Regular files under a folder, by their paths in it, in the order of names; links and all else are passed over. None where there is no folder. */
export function filesUnder(folder: string): readonly string[] {
  try {
    return readdirSync(folder, { withFileTypes: true })
      .sort((left, right) => (left.name < right.name ? -1 : 1))
      .flatMap((entry) => {
        if (entry.isDirectory()) return filesUnder(join(folder, entry.name)).map((path) => `${entry.name}/${path}`);
        return entry.isFile() ? [entry.name] : [];
      });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return [];
    throw error;
  }
}
