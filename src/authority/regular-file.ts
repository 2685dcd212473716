// Reads a file that somebody else may have put there. Implements spec/agents.md 1.5.
// SECURITY: the temptation is readFileSync. On a named pipe that nobody writes to it waits for ever, on a link to /dev/zero it never ends, and a host
// lets the call run when its hook does not answer in time.

import { closeSync, constants, fstatSync, openSync, readSync, statSync } from "node:fs";

/** The bytes of a regular file of at most `limitBytes`; null for everything else: missing, no file, too large, not readable. Never waits. */
export function readRegularFile(path: string, limitBytes: number): Buffer | null {
  // Most of what is asked for is not there. Asking first spares the error, which costs more than all other steps; what is opened is looked at again.
  if (!isRegular(path)) return null;
  let handle: number;
  try {
    handle = openSync(path, constants.O_RDONLY | (constants.O_NONBLOCK ?? 0));
  } catch {
    return null;
  }
  try {
    const about = fstatSync(handle);
    return about.isFile() && about.size <= limitBytes ? readWhole(handle, limitBytes) : null;
  } catch {
    return null;
  } finally {
    closeSync(handle);
  }
}

function isRegular(path: string): boolean {
  try {
    return statSync(path, { throwIfNoEntry: false })?.isFile() === true;
  } catch {
    return false;
  }
}

// Not as many bytes as the size says: it may grow meanwhile, and in /proc it is 0.
function readWhole(handle: number, limitBytes: number): Buffer | null {
  const chunks: Buffer[] = [];
  let size = 0;
  while (size <= limitBytes) {
    const chunk = Buffer.alloc(16_384);
    const count = readSync(handle, chunk);
    if (count === 0) return Buffer.concat(chunks);
    chunks.push(chunk.subarray(0, count));
    size += count;
  }
  return null;
}
