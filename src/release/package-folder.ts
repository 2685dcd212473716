// Reads the folder of a release package: every entry is looked at, every file hashed as it streams by. Implements spec/promotion.md 3.3.
// SECURITY: links and what is no ordinary file are refused and never opened; a pipe would wait, a link would have other bytes counted than lie here.

import { createHash } from "node:crypto";
import { closeSync, constants, type Dirent, fstatSync, openSync, readdirSync, readSync } from "node:fs";
import { join } from "node:path";
import { compareBytes } from "../base/index.js";
import {
  BINARY_BYTES,
  PACKAGE_ENTRIES,
  PACKAGE_FILE,
  type PackagedFile,
  type PackageFolder,
  type RefusedEntry,
  SMALL_BYTES,
  SMALL_FILES,
} from "../promotion/index.js";

/** Folders within folders: `bin/PLATFORM/`. */
const DEPTH = 2;
const CHUNK_BYTES = 1_048_576;

/** An empty folder for one that is not there. `onBytes` hears how many bytes were hashed. Throws what the system refuses. */
export function readPackageFolder(folder: string, onBytes: (count: number) => void = () => {}): PackageFolder {
  const files = new Map<string, PackagedFile>();
  const refused: RefusedEntry[] = [];
  let seen = 0;
  const walk = (below: string, depth: number): void => {
    for (const entry of entriesOf(join(folder, below))) {
      const path = below === "" ? entry.name : `${below}/${entry.name}`;
      seen += 1;
      if (seen > PACKAGE_ENTRIES) return void refused.push({ path: below === "" ? "." : below, code: "package_too_many" });
      if (entry.isDirectory() && depth < DEPTH) walk(path, depth + 1);
      else if (entry.isDirectory()) refused.push({ path, code: "package_too_many" });
      else {
        const file = entry.isFile() ? readPackaged(join(folder, path), limitOf(path), SMALL_FILES.includes(path), onBytes) : null;
        if (file === null || typeof file === "string") refused.push({ path, code: file ?? "package_special_file" });
        else files.set(path, file);
      }
      if (seen > PACKAGE_ENTRIES) return;
    }
  };
  walk("", 0);
  return { files, refused };
}

function limitOf(path: string): number {
  return path.startsWith("bin/") ? BINARY_BYTES : SMALL_BYTES;
}

function entriesOf(folder: string): readonly Dirent[] {
  try {
    const entries = readdirSync(folder, { withFileTypes: true }).sort((a, b) => compareBytes(a.name, b.name));
    // The signature first: where there are too many, it is said of a package, and not of a folder without one.
    return [...entries.filter(({ name }) => name === PACKAGE_FILE), ...entries.filter(({ name }) => name !== PACKAGE_FILE)];
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code === "ENOENT") return [];
    throw cause;
  }
}

function readPackaged(path: string, limit: number, keep: boolean, onBytes: (count: number) => void): PackagedFile | RefusedEntry["code"] {
  const handle = openSync(path, constants.O_RDONLY | (constants.O_NOFOLLOW ?? 0) | (constants.O_NONBLOCK ?? 0));
  try {
    const about = fstatSync(handle);
    if (!about.isFile()) return "package_special_file";
    if (about.size > limit) return "package_too_large";
    const kept: Buffer[] = [];
    const read = hashOpen(handle, limit, (bytes) => {
      if (keep) kept.push(Buffer.from(bytes));
      onBytes(bytes.length);
    });
    // What is judged is what was hashed: both are of one reading.
    return read === null ? "package_too_large" : { ...read, bytes: keep ? Buffer.concat(kept) : null };
  } finally {
    closeSync(handle);
  }
}

/** Null where there is more than the limit: a file may grow while it is read. */
function hashOpen(handle: number, limit: number, onBytes: (bytes: Uint8Array) => void): Pick<PackagedFile, "digest" | "size_bytes"> | null {
  const hash = createHash("sha256");
  const chunk = Buffer.allocUnsafe(CHUNK_BYTES);
  let size = 0;
  for (let count = readSync(handle, chunk); count > 0; count = readSync(handle, chunk)) {
    size += count;
    if (size > limit) return null;
    hash.update(chunk.subarray(0, count));
    onBytes(chunk.subarray(0, count));
  }
  return { digest: `sha256:${hash.digest("hex")}`, size_bytes: size };
}

/** "" where there is none that could be a program. Follows links: a runtime path may be one. */
export function programDigest(path: string, onBytes: (count: number) => void = () => {}): string {
  if (path === "") return "";
  let handle = -1;
  try {
    handle = openSync(path, constants.O_RDONLY | (constants.O_NONBLOCK ?? 0));
    const about = fstatSync(handle);
    if (!about.isFile() || about.size > BINARY_BYTES) return "";
    return hashOpen(handle, BINARY_BYTES, ({ length }) => onBytes(length))?.digest ?? "";
  } catch {
    return "";
  } finally {
    if (handle >= 0) closeSync(handle);
  }
}
