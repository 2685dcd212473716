// Reads `'…'`, `"…"` and the text that is read as if it stood between double quotes. Implements spec/shell.md sections 5.3 to 5.5.
// Twin of go/change/shell.
// The temptation is one rule for all quoted text. Bash has five, and the differences run commands: see the table in 5.5.

import {
  BACKSLASH,
  BACKTICK,
  CLOSE,
  CLOSE_BRACE,
  CLOSE_BRACKET,
  COLON,
  DOLLAR,
  DOUBLE_QUOTE,
  GREATER,
  LESS,
  NEWLINE,
  OPEN,
  OPEN_BRACKET,
  QUESTION,
  QUOTE,
} from "./characters.js";
import {
  type Cursor,
  codeAfter,
  codeAt,
  counted,
  endReason,
  enter,
  findCode,
  leave,
  type Quoting,
  skipContinuations,
  span,
  swallowPart,
  unsupportedPart,
} from "./cursor.js";
import { addPlain, flushPlain, leaveOut, newRun, type Run } from "./plain-text.js";
import type { WordPart } from "./syntax.js";

/** How one kind of quoted text differs from the others. */
export interface QuotedText {
  readonly quoting: Quoting;
  /** Kind of the plain text between the expansions. */
  readonly plain: "quoted" | "literal";
  /** The text ends before this code; -1: it ends at the end of the cursor. */
  readonly stop: number;
  /** What `"` does: it is text, it opens a `"…"` inside, or it lies outside the grammar. */
  readonly doubleQuote: "text" | "opens" | "refused";
  /** What `'` does: it is text; it is text, but bash looks for its partner first; or it and its partner lie outside the grammar. */
  readonly singleQuote: "text" | "paired" | "refused";
  /** Which codes a backslash protects beside `$`, `` ` `` and `\`. */
  readonly escapes: "quote" | "brace" | "none";
}

const IN_DOUBLE: QuotedText = {
  quoting: "double",
  plain: "quoted",
  stop: DOUBLE_QUOTE,
  doubleQuote: "text",
  singleQuote: "text",
  escapes: "quote",
};
export const IN_HERE_DOCUMENT: QuotedText = {
  quoting: "here_document",
  plain: "quoted",
  stop: -1,
  doubleQuote: "text",
  singleQuote: "text",
  escapes: "none",
};
export const IN_ARITHMETIC: QuotedText = {
  quoting: "double",
  plain: "literal",
  stop: -1,
  doubleQuote: "opens",
  singleQuote: "refused",
  escapes: "quote",
};
export const IN_SUBSCRIPT: QuotedText = { ...IN_ARITHMETIC, stop: CLOSE_BRACKET };
export const IN_OFFSET: QuotedText = { ...IN_ARITHMETIC, stop: COLON };
/** The word of `"${name:-word}"`. */
export const IN_DOUBLE_BRACES: QuotedText = {
  quoting: "double",
  plain: "quoted",
  stop: CLOSE_BRACE,
  doubleQuote: "opens",
  singleQuote: "paired",
  escapes: "brace",
};
/** The word of `${name:-word}` in a here-document. */
export const IN_HERE_DOCUMENT_BRACES: QuotedText = {
  quoting: "here_document",
  plain: "quoted",
  stop: CLOSE_BRACE,
  doubleQuote: "refused",
  singleQuote: "refused",
  escapes: "brace",
};

/** `'…'` at the cursor. */
export function readSingle(c: Cursor): WordPart {
  const start = c.pos;
  const close = findCode(c, QUOTE, start + 1);
  if (close >= c.end) return swallowPart(c, endReason(c), start);
  c.pos = close + 1;
  return { kind: "quoted", text: c.text.slice(start + 1, close), span: span(c, start, c.pos) };
}

/** `"…"` at the cursor; `start` is before the `$` of `$"…"`. */
export function readDouble(c: Cursor, start: number): WordPart {
  if (!enter(c)) return swallowPart(c, "limit_exceeded", start);
  c.pos++;
  const parts = readQuotedText(c, IN_DOUBLE);
  leave(c);
  // Text without its closing quote is opaque as a whole: what is inside was perhaps never meant to be quoted.
  if (codeAt(c, c.pos) === DOUBLE_QUOTE) c.pos++;
  else if (!c.dead) return swallowPart(c, endReason(c), start);
  return { kind: "double", parts, span: span(c, start, c.pos) };
}

/** Parts up to the stop, which stays unread. */
export function readQuotedText(c: Cursor, mode: QuotedText): WordPart[] {
  const parts: WordPart[] = [];
  const run = newRun(c.pos);
  const depth: Depth = { brackets: 0, questions: 0 };
  while (c.pos < c.end) {
    const at = c.pos;
    const code = c.text.charCodeAt(at);
    if (code === mode.stop && depth.brackets === 0 && depth.questions === 0) break;
    if (code === BACKSLASH) {
      readBackslash(c, mode, run);
      continue;
    }
    if (code === DOLLAR || code === BACKTICK || isRefusedOrOpens(c, mode, code)) {
      const part = counted(c, readSpecial(c, mode, code), at);
      if (part !== null || code === QUOTE) {
        flushPlain(c, run, mode.plain, parts, at);
        if (part !== null) parts.push(part);
        else readPairedQuote(c, mode, parts);
        run.from = c.pos;
        continue;
      }
    } else if (mode.plain === "literal") {
      if (code === CLOSE_BRACE && mode.stop !== -1) break;
      nest(mode, code, depth);
    }
    addPlain(run, at, ++c.pos);
  }
  flushPlain(c, run, mode.plain, parts, c.pos);
  return parts;
}

function readBackslash(c: Cursor, mode: QuotedText, run: Run): void {
  const at = c.pos;
  const next = codeAt(c, at + 1);
  c.pos = Math.min(at + 2, c.end);
  if (next === NEWLINE) {
    leaveOut(c, run, at, c.pos);
    return;
  }
  if (protects(mode, next)) leaveOut(c, run, at, at + 1);
  addPlain(run, at, c.pos);
}

function protects(mode: QuotedText, next: number): boolean {
  if (next === DOLLAR || next === BACKTICK || next === BACKSLASH) return true;
  if (next === DOUBLE_QUOTE) return mode.escapes === "quote" || (mode.escapes === "brace" && mode.quoting === "double");
  return next === CLOSE_BRACE && mode.escapes === "brace";
}

function isRefusedOrOpens(c: Cursor, mode: QuotedText, code: number): boolean {
  if (code === DOUBLE_QUOTE) return mode.doubleQuote !== "text";
  if (code === QUOTE) return mode.singleQuote !== "text";
  // Bash looks for the end of `<(` inside braces even where it never runs it.
  return (code === LESS || code === GREATER) && mode.escapes === "brace" && codeAfter(c, c.pos) === OPEN;
}

/** The part at the cursor, or null where it is text after all (a lone `$`, a paired quote). */
function readSpecial(c: Cursor, mode: QuotedText, code: number): WordPart | null {
  const start = c.pos;
  if (code === DOLLAR || code === BACKTICK) {
    const quote = skipContinuations(c, start + 1);
    const next = codeAt(c, quote);
    if (code === DOLLAR && mode.doubleQuote !== "text" && (next === QUOTE || next === DOUBLE_QUOTE)) return refuseQuoted(c, start, quote);
    return c.grammar.readExpansion(c, mode.quoting);
  }
  if (code === DOUBLE_QUOTE && mode.doubleQuote === "opens") return readDouble(c, start);
  if (code === QUOTE && mode.singleQuote === "paired") return null;
  if (code === QUOTE || code === DOUBLE_QUOTE) return refuseQuoted(c, start, start);
  return swallowPart(c, "syntax_error", start);
}

/** A quoted piece outside the grammar: bash undoes its quotes before it reads what is inside. */
function refuseQuoted(c: Cursor, start: number, quote: number): WordPart {
  const end = c.grammar.skipQuoted(c, quote, quote > start);
  if (end < 0) return swallowPart(c, endReason(c), start);
  c.pos = end;
  return unsupportedPart(c, "syntax_error", start, end);
}

// `"${x:-'$(id)'}"`: bash looks for the partner of the quote, and then runs `id` all the same.
function readPairedQuote(c: Cursor, mode: QuotedText, parts: WordPart[]): void {
  const start = c.pos;
  const close = findCode(c, QUOTE, start + 1);
  if (close >= c.end) {
    parts.push(swallowPart(c, endReason(c), start));
    return;
  }
  const { end, pending } = c;
  c.end = close;
  parts.push({ kind: "quoted", text: "'", span: span(c, start, start + 1) });
  c.pos = start + 1;
  parts.push(...readQuotedText(c, { ...mode, stop: -1, singleQuote: "text" }));
  c.end = end;
  c.dead = false;
  c.pending = pending;
  c.pos = close + 1;
  parts.push({ kind: "quoted", text: "'", span: span(c, close, close + 1) });
}

/** What is open in a subscript or an offset: brackets or parentheses, and each `?` that waits for its `:`. */
interface Depth {
  brackets: number;
  questions: number;
}

// As bash counts: a parenthesis that closes nothing is text, and `? :` counts only outside of parentheses.
function nest(mode: QuotedText, code: number, depth: Depth): void {
  if (mode.stop === CLOSE_BRACKET) depth.brackets += code === OPEN_BRACKET ? 1 : code === CLOSE_BRACKET ? -1 : 0;
  if (mode.stop !== COLON) return;
  if (code === OPEN) depth.brackets++;
  else if (code === CLOSE) depth.brackets = Math.max(depth.brackets - 1, 0);
  else if (depth.brackets === 0) depth.questions += code === QUESTION ? 1 : code === COLON ? -1 : 0;
}
