// The key of all redaction commitments of this state folder, made once. Implements spec/redaction.md section 7.
// SECURITY: with this key and a record, guesses at a redacted value can be tried; it never leaves this machine and nobody else may read it.

import { closeSync, constants, fstatSync, fsyncSync, linkSync, openSync, readFileSync, rmSync, writeSync } from "node:fs";
import { join } from "node:path";
import { CavraError } from "../base/index.js";
import type { Clock } from "./clock.js";
import { ensurePrivateFolder, syncFolderChain } from "./folders.js";

export const REDACTION_KEY_FILE = "redaction.key";
const KEY_BYTES = 32;

/** The 32 bytes of the key; made where there is none. Two processes that start together get the same one. */
export function redactionKey(stateFolder: string, clock: Clock): Uint8Array {
  const path = join(stateFolder, REDACTION_KEY_FILE);
  ensurePrivateFolder(stateFolder);
  const known = readKey(path);
  if (known !== null) return known;
  makeKey(stateFolder, path, clock);
  const made = readKey(path);
  if (made === null) throw new CavraError("redaction_key_missing", `\`${path}\` vanished while it was made`);
  return made;
}

function readKey(path: string): Uint8Array | null {
  let handle: number;
  try {
    handle = openSync(path, constants.O_RDONLY | (constants.O_NOFOLLOW ?? 0));
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return null;
    throw new CavraError("redaction_key_unreadable", `\`${path}\` cannot be read`, {
      cause: error,
      hint: "make it readable for you, mode 0600",
    });
  }
  try {
    if (process.platform !== "win32" && (fstatSync(handle).mode & 0o077) !== 0) {
      throw new CavraError("redaction_key_exposed", `\`${path}\` can be read by others`, { hint: `run \`chmod 600 ${path}\`` });
    }
    return decodeKey(readFileSync(handle, "latin1"), path);
  } finally {
    closeSync(handle);
  }
}

function decodeKey(text: string, path: string): Uint8Array {
  if (!/^[0-9a-f]{64}\n$/.test(text)) {
    throw new CavraError("redaction_key_damaged", `\`${path}\` does not hold a redaction key`, {
      hint: "restore it from a backup; moving it away makes a new one, and old redactions can then no longer be proved",
    });
  }
  return Buffer.from(text.slice(0, 2 * KEY_BYTES), "hex");
}

// The whole file gets its name in one step, and the first name stays: link() fails where the name exists, rename() would replace it.
function makeKey(stateFolder: string, path: string, clock: Clock): void {
  const text = (bytes: Uint8Array) => Buffer.from(bytes).toString("hex");
  const draft = `${path}.${text(clock.randomBytes(8))}`;
  const handle = openSync(draft, constants.O_WRONLY | constants.O_CREAT | constants.O_EXCL, 0o600);
  try {
    const content = `${text(clock.randomBytes(KEY_BYTES))}\n`;
    if (writeSync(handle, content) !== content.length) throw new Error("short write");
    fsyncSync(handle);
    linkSync(draft, path);
    syncFolderChain(stateFolder);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "EEXIST") throw error;
  } finally {
    closeSync(handle);
    rmSync(draft, { force: true });
  }
}
