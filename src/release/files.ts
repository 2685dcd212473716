// Reads a document's file: a regular one, of a size that a document may have. Implements spec/promotion.md 2.1 and 5.3.

import { closeSync, constants, fstatSync, openSync, readFileSync } from "node:fs";
import { DOCUMENT_BYTES } from "../promotion/index.js";

/** Null where there is no such file, or none that could be a document: the gate then says `missing`. Never throws, and never waits for a pipe. */
export function readDocumentFile(path: string): Uint8Array | null {
  if (path === "") return null;
  let handle = -1;
  try {
    handle = openSync(path, constants.O_RDONLY | (constants.O_NONBLOCK ?? 0));
    const about = fstatSync(handle);
    // One byte more than it may have: opening it says that it is too large.
    return about.isFile() && about.size <= DOCUMENT_BYTES + 1 ? readFileSync(handle) : null;
  } catch {
    return null;
  } finally {
    if (handle >= 0) closeSync(handle);
  }
}
