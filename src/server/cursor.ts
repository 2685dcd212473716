// Cursors of lists: where the next page begins, and of which filters it is. Implements spec/service.md 3.10. Pure.
// It says nothing that the page did not; its check keeps a cursor from being used with other filters, not from being made.

import { bad, ok, type Result, sha256 } from "../base/index.js";

const CHECK_CHARACTERS = 16;

/** The same of lists whose places are ids. */
export function makeTextCursor(after: string, filters: string): string {
  return Buffer.from(`2.${after}.${checkOf(filters)}`).toString("base64url");
}

/** Problem: `bad_cursor`. */
export function readTextCursor(text: string, filters: string): Result<string> {
  const found = /^2\.([0-9a-z_]{1,64})\.([0-9a-f]{16})$/.exec(Buffer.from(text, "base64url").toString("latin1"));
  const after = found?.[1] ?? "";
  return found !== null && found[2] === checkOf(filters) && makeTextCursor(after, filters) === text ? ok(after) : NO_CURSOR;
}

const NO_CURSOR: Result<never> = bad("bad_cursor", "the cursor is none of this list with these filters", {
  at: "cursor",
  hint: "begin with the first page",
});

/** `filters` in one text that is the same for the same filters. */
export function makeCursor(before: number, filters: string): string {
  return Buffer.from(`1.${before}.${checkOf(filters)}`).toString("base64url");
}

/** Problem: `bad_cursor`. */
export function readCursor(text: string, filters: string): Result<number> {
  const found = /^1\.(0|[1-9][0-9]{0,15})\.([0-9a-f]{16})$/.exec(Buffer.from(text, "base64url").toString("latin1"));
  const before = Number(found?.[1]);
  if (found === null || found[2] !== checkOf(filters) || makeCursor(before, filters) !== text) return NO_CURSOR;
  return ok(before);
}

function checkOf(filters: string): string {
  return sha256(filters).slice("sha256:".length, "sha256:".length + CHECK_CHARACTERS);
}
