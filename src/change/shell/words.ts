// Reads unquoted words. Implements spec/shell.md section 5. Twin of go/shell_words.go.

import {
  BACKSLASH,
  BANG,
  breaksWord,
  CLOSE,
  DOLLAR,
  GREATER,
  HASH,
  isDigit,
  isNameStart,
  isSpecial,
  LESS,
  MINUS,
  NEWLINE,
  OPEN,
  OPEN_BRACE,
  PIPE,
  SPACE,
  startsExtendedGlob,
  TAB,
} from "./characters.js";
import {
  type Cursor,
  codeAfter,
  codeAt,
  countPart,
  endReason,
  findCode,
  skipContinuations,
  span,
  swallowPart,
  unsupportedPart,
  word,
} from "./cursor.js";
import { MAX_WORDS } from "./limits.js";
import { skipBracket } from "./matched.js";
import type { Word, WordPart } from "./syntax.js";
import { readMarked } from "./unquoted.js";

/** Passes blanks and line continuations. */
export function skipBlanks(c: Cursor): void {
  while (c.pos < c.end) {
    const code = c.text.charCodeAt(c.pos);
    if (code === SPACE || code === TAB) c.pos++;
    else if (code === BACKSLASH && c.text.charCodeAt(c.pos + 1) === NEWLINE && c.pos + 1 < c.end) c.pos += 2;
    else return;
  }
}

/** Passes blanks and a comment; the newline after it stays. */
export function skipBlanksAndComment(c: Cursor): void {
  skipBlanks(c);
  if (codeAt(c, c.pos) !== HASH) return;
  c.pos = findCode(c, NEWLINE, c.pos);
}

/** Whether a word can begin at the cursor: anything but the end, a comment and the characters that break words; `<(` and `>(` begin one. */
export function startsWord(c: Cursor): boolean {
  const code = codeAt(c, c.pos);
  if (code < 0 || code === HASH) return false;
  return !breaksWord(code) || startsProcessSubstitution(c, c.pos);
}

export function startsProcessSubstitution(c: Cursor, at: number): boolean {
  const code = codeAt(c, at);
  return (code === LESS || code === GREATER) && codeAfter(c, at) === OPEN;
}

/** The word at the cursor, which stands where a word can begin. */
export function readWord(c: Cursor): Word {
  const start = c.pos;
  let at = start;
  while (at < c.end && !isSpecial(c.text.charCodeAt(at))) at++;
  // Most words are plain to their end.
  if (at > start && c.budget.words < MAX_WORDS && (at < c.end ? isPlainEnd(c, at) : c.cut !== c.end) && countPart(c)) {
    c.pos = at;
    c.budget.words++;
    const place = span(c, start, at);
    return { parts: [{ kind: "literal", text: c.text.slice(start, at), span: place }], span: place };
  }
  return readWordAfter(c, [], start);
}

function isPlainEnd(c: Cursor, at: number): boolean {
  const code = c.text.charCodeAt(at);
  return breaksWord(code) && code !== LESS && code !== GREATER;
}

/** The rest of a word that begins at `start` and already has some parts. */
export function readWordAfter(c: Cursor, parts: WordPart[], start: number): Word {
  if (c.budget.words >= MAX_WORDS) parts.push(swallowPart(c, "limit_exceeded", c.pos));
  readParts(c, parts, false);
  if (c.cut === c.end && c.pos >= c.end && !c.dead) parts.push(swallowPart(c, "invalid_text", c.end));
  return word(c, parts, start, c.pos);
}

/** The pattern after `=~`: `|` belongs to it, and so does everything between parentheses. */
export function readRegularExpression(c: Cursor): Word {
  const start = c.pos;
  const parts: WordPart[] = [];
  readParts(c, parts, true);
  return word(c, parts, start, c.pos);
}

function readParts(c: Cursor, parts: WordPart[], regular: boolean): void {
  let start = -1;
  let from = c.pos;
  let last = c.pos;
  let text = "";
  while (c.pos < c.end) {
    const at = c.pos;
    const code = c.text.charCodeAt(at);
    if (!isSpecial(code) || (regular && code === PIPE)) {
      if (start < 0) start = at;
      c.pos = last = at + 1;
      continue;
    }
    if (breaksWord(code) && !(regular && code === OPEN) && !startsProcessSubstitution(c, at)) break;
    const found = countPart(c) ? readSpecial(c, code, regular) : swallowPart(c, "limit_exceeded", at);
    if (found === null) {
      // A line continuation was passed, or the character is plain after all.
      if (c.pos > at) {
        text += c.text.slice(from, at);
        from = c.pos;
      } else {
        if (start < 0) start = at;
        c.pos = last = at + 1;
      }
      continue;
    }
    if (start >= 0) parts.push({ kind: "literal", text: text + c.text.slice(from, at), span: span(c, start, last) });
    if (Array.isArray(found)) parts.push(...found);
    else parts.push(found as WordPart);
    start = -1;
    text = "";
    from = c.pos;
  }
  if (start >= 0)
    parts.push({ kind: "literal", text: text + c.text.slice(from, Math.max(from, Math.min(c.pos, c.end))), span: span(c, start, last) });
}

function readSpecial(c: Cursor, code: number, regular: boolean): WordPart | readonly WordPart[] | null {
  if (regular && code === OPEN) return readGroup(c);
  if (!startsExtendedGlob(code)) return readMarked(c, code);
  if (codeAfter(c, c.pos) === OPEN && !regular) return readExtendedGlob(c);
  return code === BANG && !regular ? readHistory(c) : null;
}

/** `?( … )` and its like. Whether bash takes it for a pattern depends on an option of the shell. */
function readExtendedGlob(c: Cursor): WordPart {
  const start = c.pos;
  const open = skipContinuations(c, start + 1);
  const end = skipBracket(c, open + 1, "pattern");
  if (end < 0) return swallowPart(c, endReason(c), start);
  c.pos = end;
  return unsupportedPart(c, "extended_glob", start, end);
}

/** `!!`, `!$` and `!-1` mean an earlier command where history is on. */
function readHistory(c: Cursor): WordPart | null {
  const start = c.pos;
  const next = codeAt(c, start + 1);
  const after = codeAt(c, start + 2);
  const isName = isNameStart(after) || isDigit(after) || after === OPEN || after === OPEN_BRACE;
  const isHistory = next === BANG || (next === DOLLAR && !isName) || (next === MINUS && isDigit(after));
  if (!isHistory) return null;
  c.pos = start + 2;
  while (next === MINUS && isDigit(codeAt(c, c.pos))) c.pos++;
  return unsupportedPart(c, "history_expansion", start, c.pos);
}

/** `( … )` in a regular expression: bash finds its end by counting, and reads quotes and expansions in it as elsewhere. */
function readGroup(c: Cursor): WordPart | readonly WordPart[] {
  const start = c.pos;
  const end = skipBracket(c, start + 1, "pattern");
  if (end < 0) return swallowPart(c, endReason(c), start);
  const parts: WordPart[] = [{ kind: "literal", text: "(", span: span(c, start, start + 1) }];
  const outer = c.end;
  c.end = end - 1;
  c.pos = start + 1;
  while (c.pos < c.end) {
    const from = c.pos;
    while (c.pos < c.end && breaksWord(c.text.charCodeAt(c.pos)) && !startsProcessSubstitution(c, c.pos)) c.pos++;
    if (c.pos > from) parts.push({ kind: "literal", text: c.text.slice(from, c.pos), span: span(c, from, c.pos) });
    readParts(c, parts, true);
  }
  c.end = outer;
  c.dead = false;
  c.pos = end;
  parts.push({ kind: "literal", text: String.fromCharCode(CLOSE), span: span(c, end - 1, end) });
  return parts;
}
