// Reads the bodies of here-documents. Implements spec/shell.md section 7.3. Twin of go/change/shell.
// Bodies begin after the newline that ends the command's line, in the order of their operators. A body without its delimiter runs to the end: bash warns, and runs the command.

import { BACKSLASH, CLOSE, NEWLINE, TAB } from "./characters.js";
import { type Cursor, die, findCode, nested, type PendingHereDocument, span, swallowWord } from "./cursor.js";
import { IN_HERE_DOCUMENT, readQuotedText } from "./quotes.js";
import { countReread } from "./reread.js";
import type { WordPart } from "./syntax.js";

/** Passes the newline at the cursor, and the bodies that begin after it. */
export function readNewline(c: Cursor): void {
  c.pos++;
  if (c.pending.length === 0) return;
  const pending = c.pending;
  c.pending = [];
  for (const document of pending) readBody(c, document);
}

/** At the end of a list: bodies that never began are empty. False where bash would fetch them from a later line than the rest of this one. */
export function settleHereDocuments(c: Cursor): boolean {
  if (c.pending.length === 0) return true;
  if (findCode(c, NEWLINE, c.pos) < c.end) {
    die(c);
    return false;
  }
  for (const document of c.pending) finish(c, document, { text: "", offsets: null, start: c.pos, end: c.pos });
  c.pending = [];
  return true;
}

/** A body: `offsets` is null where the text stands in the source as it is. */
interface Body {
  readonly text: string;
  readonly offsets: number[] | null;
  readonly start: number;
  readonly end: number;
}

/** One line as bash sees it: continuations joined, tabs stripped. `places` holds the source index of each character, its newline included. */
interface Line {
  readonly text: string;
  readonly places: number[] | null;
  /** Source index of the first character that counts. */
  readonly start: number;
  /** Source index after the newline. */
  readonly next: number;
}

function readBody(c: Cursor, document: PendingHereDocument): void {
  const start = c.pos;
  let plain = true;
  let end = c.end;
  while (c.pos < c.end) {
    const at = c.pos;
    const newline = findCode(c, NEWLINE, at);
    c.pos = Math.min(newline + 1, c.end);
    if (isPlainLine(c, at, newline, document)) continue;
    const line = readLine(c, at, document);
    const after = delimiterEnd(c, line, document);
    c.pos = after < 0 ? line.next : after;
    plain &&= after >= 0 || (line.places === null && line.start === at);
    if (after < 0) continue;
    end = at;
    break;
  }
  if (!countReread(c, start, c.pos, "body")) {
    document.redirect.target = swallowWord(c, "limit_exceeded", start);
    return;
  }
  const unended = end > start && c.text.charCodeAt(end - 1) !== NEWLINE;
  if (plain && !unended) finish(c, document, { text: c.text.slice(start, end), offsets: null, start, end });
  else finish(c, document, gather(c, document, start, end));
}

/** Most lines: no tab to strip, no continuation, and nothing like the delimiter at the beginning. */
function isPlainLine(c: Cursor, from: number, end: number, document: PendingHereDocument): boolean {
  if (c.text.startsWith(document.delimiter, from)) return false;
  if (document.stripTabs && c.text.charCodeAt(from) === TAB) return false;
  return document.quoted || !isContinued(c, from, end);
}

function readLine(c: Cursor, from: number, document: PendingHereDocument): Line {
  const first = findCode(c, NEWLINE, from);
  if (document.quoted || !isContinued(c, from, first)) {
    const start = document.stripTabs && !isDelimiter(c.text.slice(from, first), document) ? skipTabs(c.text, from, first) : from;
    return { text: c.text.slice(start, first), places: null, start, next: Math.min(first + 1, c.end) };
  }
  let text = "";
  const places: number[] = [];
  let at = from;
  for (;;) {
    const end = findCode(c, NEWLINE, at);
    const continued = isContinued(c, at, end);
    const until = continued ? end - 1 : end;
    text += c.text.slice(at, until);
    for (let i = at; i < until; i++) places.push(i);
    at = Math.min(end + 1, c.end);
    if (!continued) places.push(end);
    if (!continued || at >= c.end) break;
  }
  // A line that the text's end cuts short gets its newline there.
  if (places.length === text.length) places.push(c.end);
  const tabs = document.stripTabs && !isDelimiter(text, document) ? skipTabs(text, 0, text.length) : 0;
  return { text: text.slice(tabs), places: places.slice(tabs), start: places[tabs] ?? from, next: at };
}

/** Whether an odd number of backslashes stands before the newline. */
function isContinued(c: Cursor, from: number, end: number): boolean {
  let at = end;
  while (at > from && c.text.charCodeAt(at - 1) === BACKSLASH) at--;
  return (end - at) % 2 === 1 && end < c.end;
}

function skipTabs(text: string, from: number, end: number): number {
  let at = from;
  while (at < end && text.charCodeAt(at) === TAB) at++;
  return at;
}

function isDelimiter(line: string, document: PendingHereDocument): boolean {
  return line === document.delimiter;
}

/** Where reading goes on if this line ends the body; -1 if it does not. */
function delimiterEnd(c: Cursor, line: Line, document: PendingHereDocument): number {
  if (isDelimiter(line.text, document)) return line.next;
  // Inside `$( … )` bash also takes `EOF)` for the end, and reads on after the delimiter.
  const length = document.delimiter.length;
  if (c.substitution === null || !line.text.startsWith(document.delimiter)) return -1;
  if (line.text.indexOf(String.fromCharCode(CLOSE), length) < 0) return -1;
  return line.places === null ? line.start + length : (line.places[length] ?? line.next);
}

function gather(c: Cursor, document: PendingHereDocument, start: number, end: number): Body {
  let text = "";
  const offsets: number[] = [];
  for (let at = start; at < end; ) {
    const line = readLine(c, at, document);
    text += `${line.text}\n`;
    for (let i = 0; i <= line.text.length; i++) offsets.push(line.places === null ? line.start + i : (line.places[i] ?? line.next));
    at = line.next;
  }
  offsets.push(end);
  return { text, offsets, start, end };
}

function finish(c: Cursor, document: PendingHereDocument, body: Body): void {
  const parts = document.quoted || body.text === "" ? [quoted(c, body)] : readQuotedText(bodyCursor(c, body), IN_HERE_DOCUMENT);
  if (parts.length === 0) parts.push(quoted(c, body));
  c.budget.words++;
  document.redirect.target = { parts, span: span(c, body.start, body.end) };
}

function quoted(c: Cursor, body: Body): WordPart {
  return { kind: "quoted", text: body.text, span: span(c, body.start, body.end) };
}

function bodyCursor(c: Cursor, body: Body): Cursor {
  if (body.offsets === null) return nested(c, body.start, body.end);
  const offsets = Uint32Array.from(body.offsets, (index) => (c.offsets === null ? index : (c.offsets[index] ?? 0)));
  return { ...nested(c, 0, body.text.length), text: body.text, offsets, cut: -1, substitutions: null };
}
