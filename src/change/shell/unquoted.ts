// Reads text inside `${…}` where quotes keep their meaning, and single escapes and quotes wherever nothing is quoted.
// Implements spec/shell.md sections 5.2 and 6.1. Twin of go/change/shell.

import { undoAnsiEscapes } from "./ansi.js";
import { BACKSLASH, BACKTICK, CLOSE_BRACE, DOLLAR, DOUBLE_QUOTE, GREATER, LESS, NEWLINE, OPEN, QUOTE, RETURN } from "./characters.js";
import { type Cursor, codeAfter, codeAt, counted, endReason, skipContinuations, span, swallowPart, unsupportedPart } from "./cursor.js";
import { skipEscaped } from "./matched.js";
import { addPlain, flushPlain, leaveOut, newRun } from "./plain-text.js";
import { readDouble, readSingle } from "./quotes.js";
import { readSubstitution } from "./substitutions.js";
import type { WordPart } from "./syntax.js";

/** Parts up to the closing brace, or to `stop` (a slash) where that comes first; it stays unread. Nothing stops before `from`. */
export function readUnquotedText(c: Cursor, stop: number, from: number): WordPart[] {
  const parts: WordPart[] = [];
  const run = newRun(c.pos);
  while (c.pos < c.end) {
    const at = c.pos;
    const code = c.text.charCodeAt(at);
    if (code === CLOSE_BRACE || (code === stop && at >= from)) break;
    const part = counted(c, readMarked(c, code), at);
    if (part !== null) {
      flushPlain(c, run, "literal", parts, at);
      parts.push(part);
    } else if (c.pos > at) {
      leaveOut(c, run, at, c.pos);
    } else {
      addPlain(run, at, ++c.pos);
    }
  }
  flushPlain(c, run, "literal", parts, c.pos);
  return parts;
}

/** The escape, quote, expansion or process substitution at the cursor; null for plain text, and for a line continuation, which is passed over. */
export function readMarked(c: Cursor, code: number): WordPart | null {
  switch (code) {
    case BACKSLASH:
      return readEscape(c);
    case QUOTE:
      return readSingle(c);
    case DOUBLE_QUOTE:
      return readDouble(c, c.pos);
    case BACKTICK:
      return c.grammar.readExpansion(c, "unquoted");
    case DOLLAR:
      return readDollar(c);
    case RETURN:
      c.pos++;
      return unsupportedPart(c, "carriage_return", c.pos - 1, c.pos);
    case LESS:
    case GREATER:
      return codeAfter(c, c.pos) === OPEN ? readProcessSubstitution(c, code) : null;
    default:
      return null;
  }
}

function readEscape(c: Cursor): WordPart | null {
  const start = c.pos;
  const next = codeAt(c, start + 1);
  if (next === NEWLINE) {
    c.pos += 2;
    return null;
  }
  // A backslash at the very end stands for itself.
  const size = next < 0 ? 0 : isHighSurrogate(next) && start + 2 < c.end ? 2 : 1;
  c.pos += 1 + size;
  return { kind: "quoted", text: size === 0 ? "\\" : c.text.slice(start + 1, c.pos), span: span(c, start, c.pos) };
}

function isHighSurrogate(code: number): boolean {
  return code >= 0xd800 && code <= 0xdbff;
}

function readDollar(c: Cursor): WordPart | null {
  const start = c.pos;
  const quote = skipContinuations(c, start + 1);
  const next = codeAt(c, quote);
  if (next === DOUBLE_QUOTE) {
    c.pos = quote;
    return readDouble(c, start);
  }
  if (next !== QUOTE) return c.grammar.readExpansion(c, "unquoted");
  const end = skipEscaped(c, quote + 1, QUOTE);
  if (end < 0) return swallowPart(c, endReason(c), start);
  c.pos = end;
  const text = undoAnsiEscapes(c.text.slice(quote + 1, end - 1));
  if (text === null) return unsupportedPart(c, "invalid_text", start, end);
  return { kind: "quoted", text, span: span(c, start, end) };
}

/** `<( … )` or `>( … )` at the cursor. */
function readProcessSubstitution(c: Cursor, code: number): WordPart {
  const start = c.pos;
  const open = skipContinuations(c, start + 1);
  const found = readSubstitution(c, open + 1);
  if (found === null) return swallowPart(c, endReason(c), start);
  if (!c.dead) c.pos = found.end;
  return { kind: "process_substitution", direction: code === LESS ? "<" : ">", body: found.body, span: span(c, start, c.pos) };
}
