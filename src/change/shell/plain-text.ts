// Gathers the plain text between the other parts of a word. Implements spec/shell.md section 5.1. Twin of go/change/shell.

import { type Cursor, span } from "./cursor.js";
import type { WordPart } from "./syntax.js";

/** Plain text so far. `start` is where it begins (-1: not yet), `last` where its last character ends, `from` where the piece not yet in `text` begins. */
export interface Run {
  start: number;
  last: number;
  from: number;
  text: string;
}

export function newRun(at: number): Run {
  return { start: -1, last: at, from: at, text: "" };
}

/** The characters from `at` up to `end` are plain. */
export function addPlain(run: Run, at: number, end: number): void {
  if (run.start < 0) run.start = at;
  run.last = end;
}

/** The characters from `at` up to `next` stand for nothing: a line continuation, or a backslash that has done its work. */
export function leaveOut(c: Cursor, run: Run, at: number, next: number): void {
  run.text += c.text.slice(run.from, at);
  run.from = next;
}

/** Makes a part of the text before `at`, if there is any; the next text begins at the cursor. */
export function flushPlain(c: Cursor, run: Run, kind: "literal" | "quoted", parts: WordPart[], at: number): void {
  if (run.start >= 0) {
    const text = run.from < at ? run.text + c.text.slice(run.from, at) : run.text;
    parts.push({ kind, text, span: span(c, run.start, run.last) });
  }
  run.start = -1;
  run.from = c.pos;
  run.text = "";
}
