// Passes over what separates lines. Implements spec/shell.md section 4.3. Twin of go/change/shell.

import { NEWLINE } from "./characters.js";
import { type Cursor, codeAt } from "./cursor.js";
import { readNewline } from "./here-documents.js";
import { skipBlanksAndComment } from "./words.js";

/** Passes blanks, comments and newlines, and the here-documents that begin after them; says how many newlines. */
export function skipLines(c: Cursor): number {
  for (let count = 0; ; count++) {
    skipBlanksAndComment(c);
    if (codeAt(c, c.pos) !== NEWLINE) return count;
    readNewline(c);
  }
}
