// Small files that must be whole or not there at all: keys, trust documents, the pin. Written under another name, flushed, then given theirs.
// SECURITY: mode 0600, no links followed, and a file that others may read is refused where it holds a secret.

import { closeSync, constants, fstatSync, fsyncSync, linkSync, openSync, readFileSync, renameSync, rmSync, writeSync } from "node:fs";
import { dirname } from "node:path";
import type { Clock } from "./clock.js";
import { ensurePrivateFolder, syncFolderChain } from "./folders.js";

/** Makes the file. False where there is one already: it stays as it is. */
export function createDurably(path: string, text: string, clock: Clock): boolean {
  return withDraft(path, text, clock, (draft) => {
    try {
      // link() fails where the name exists; rename() would replace it.
      linkSync(draft, path);
      return true;
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== "EEXIST") throw error;
      return false;
    }
  });
}

/** Puts the text in the place of what the file held. */
export function replaceDurably(path: string, text: string, clock: Clock): void {
  withDraft(path, text, clock, (draft) => renameSync(draft, path));
}

function withDraft<T>(path: string, text: string, clock: Clock, publish: (draft: string) => T): T {
  const folder = dirname(path);
  ensurePrivateFolder(folder);
  const draft = `${path}.${Buffer.from(clock.randomBytes(8)).toString("hex")}`;
  const handle = openSync(draft, constants.O_WRONLY | constants.O_CREAT | constants.O_EXCL, 0o600);
  try {
    const bytes = Buffer.from(text);
    if (writeSync(handle, bytes) !== bytes.length) throw new Error(`\`${path}\` could not be written whole`);
    fsyncSync(handle);
    const result = publish(draft);
    syncFolderChain(folder);
    return result;
  } finally {
    closeSync(handle);
    rmSync(draft, { force: true });
  }
}

export interface ReadFile {
  readonly text: string;
  /** Others than the owner may read it. */
  readonly exposed: boolean;
}

/** Null where there is no such file. Throws what the system refuses, a link too. */
export function readNoFollow(path: string): ReadFile | null {
  let handle: number;
  try {
    handle = openSync(path, constants.O_RDONLY | (constants.O_NOFOLLOW ?? 0));
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return null;
    throw error;
  }
  try {
    const exposed = process.platform !== "win32" && (fstatSync(handle).mode & 0o077) !== 0;
    return { text: readFileSync(handle, "utf8"), exposed };
  } finally {
    closeSync(handle);
  }
}
