// The shell reader: text in, syntax tree out. Implements spec/shell.md. Twin of go/change/shell.
// Total and pure: every text gives a tree, in time that grows with its length. It says what bash would read, and where it cannot say.

import type { Cursor, Grammar } from "./cursor.js";
import { readExpansion } from "./expansions.js";
import { MAX_TEXT_BYTES, newBudget } from "./limits.js";
import { readList } from "./lists.js";
import { skipQuoted } from "./matched.js";
import type { Script, UnsupportedReason } from "./syntax.js";
import { prepareText } from "./text.js";

const GRAMMAR: Grammar = { readList, readExpansion, skipQuoted };

/** What `bash -c text` would read. Spans are UTF-8 byte offsets into `text`. */
export function readShell(text: string): Script {
  // No character needs less than a byte, so that a long text is refused before anything is made of it.
  if (text.length > MAX_TEXT_BYTES) return refused("limit_exceeded", prepareText(text).sizeBytes);
  const { end, sizeBytes, offsets } = prepareText(text);
  if (sizeBytes > MAX_TEXT_BYTES) return refused("limit_exceeded", sizeBytes);
  const cursor: Cursor = {
    text,
    pos: 0,
    end,
    dead: false,
    cut: end < text.length ? end : -1,
    offsets,
    pending: [],
    substitution: null,
    closed: false,
    substitutions: null,
    budget: newBudget(),
    grammar: GRAMMAR,
  };
  return readList(cursor, "end");
}

function refused(reason: UnsupportedReason, sizeBytes: number): Script {
  const span = { start: 0, end: sizeBytes };
  const command = { kind: "unsupported", reason, redirects: [], span } as const;
  const first = { negated: false, timed: false, commands: [command], stderr: [], span };
  return { items: [{ first, rest: [], background: false, span }], span };
}
