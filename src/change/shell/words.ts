// Reads unquoted words. Implements spec/shell.md section 5. Twin of go/change/shell.

import {
  BACKSLASH,
  BANG,
  breaksWord,
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
  counted,
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
import { addPlain, flushPlain, leaveOut, newRun } from "./plain-text.js";
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
  if (at > start && c.budget.words < MAX_WORDS && (at < c.end ? isPlainEnd(c, at) : c.cut !== c.end)) {
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
  readParts(c, parts, "word");
  if (c.cut === c.end && c.pos >= c.end && !c.dead) parts.push(swallowPart(c, "invalid_text", c.end));
  return word(c, parts, start, c.pos);
}

/** The pattern after `=~`: `|` belongs to it, and so does everything between parentheses. */
export function readRegularExpression(c: Cursor): Word {
  const start = c.pos;
  const parts: WordPart[] = [];
  readParts(c, parts, "regular");
  if (c.cut === c.end && c.pos >= c.end && !c.dead) parts.push(swallowPart(c, "invalid_text", c.end));
  return word(c, parts, start, c.pos);
}

/** `word`: text ends at what breaks words; `regular`: after `=~`; `group`: between parentheses there, where nothing is a pattern of the shell. */
type Place = "word" | "regular" | "group";

function readParts(c: Cursor, parts: WordPart[], place: Place): void {
  const run = newRun(c.pos);
  // Line continuations after the word are not part of it: reading goes on before them.
  let last = c.pos;
  while (c.pos < c.end) {
    const at = c.pos;
    const code = c.text.charCodeAt(at);
    if (!isSpecial(code) || (place !== "word" && code === PIPE)) {
      addPlain(run, at, ++c.pos);
      last = c.pos;
      continue;
    }
    const isGroup = place === "regular" && code === OPEN;
    if (breaksWord(code) && !isGroup && !startsProcessSubstitution(c, at)) break;
    if (isGroup) {
      flushPlain(c, run, "literal", parts, at);
      readGroup(c, parts);
      run.from = c.pos;
      last = c.pos;
      continue;
    }
    const part = counted(c, readSpecial(c, code, place), at);
    if (part !== null) {
      flushPlain(c, run, "literal", parts, at);
      parts.push(part);
    } else if (c.pos > at) {
      leaveOut(c, run, at, c.pos);
      continue;
    } else {
      addPlain(run, at, ++c.pos);
    }
    last = c.pos;
  }
  flushPlain(c, run, "literal", parts, c.pos);
  if (!c.dead && place !== "group") c.pos = last;
}

/** The part at the cursor; null for a line continuation, which is passed, and for a character that is plain after all. */
function readSpecial(c: Cursor, code: number, place: Place): WordPart | null {
  if (!startsExtendedGlob(code)) return readMarked(c, code);
  if (place !== "word") return null;
  if (codeAfter(c, c.pos) === OPEN) return readExtendedGlob(c);
  return code === BANG ? readHistory(c) : null;
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
  const second = skipContinuations(c, start + 1);
  const next = codeAt(c, second);
  const third = skipContinuations(c, second + 1);
  const after = codeAt(c, third);
  const isName = isNameStart(after) || isDigit(after) || after === OPEN || after === OPEN_BRACE;
  const isHistory = next === BANG || (next === DOLLAR && !isName) || (next === MINUS && isDigit(after));
  if (!isHistory) return null;
  c.pos = second + 1;
  for (let at = third; next === MINUS && isDigit(codeAt(c, at)); at = skipContinuations(c, c.pos)) c.pos = at + 1;
  return unsupportedPart(c, "history_expansion", start, c.pos);
}

/** Of the characters that break words, only `|` is text like any other in a group. */
function isGroupBreak(c: Cursor): boolean {
  const code = codeAt(c, c.pos);
  return code >= 0 && code !== PIPE && breaksWord(code) && !startsProcessSubstitution(c, c.pos);
}

/** `( … )` in a regular expression: bash finds its end by counting; quotes and expansions in it keep their meaning, and all else is plain. */
function readGroup(c: Cursor, parts: WordPart[]): void {
  const start = c.pos;
  const end = skipBracket(c, start + 1, "pattern");
  if (end < 0) {
    parts.push(swallowPart(c, endReason(c), start));
    return;
  }
  const { end: outer, pending, cut } = c;
  // What is left open in the group is so because of its parenthesis, also where the text is cut directly behind that.
  c.end = end;
  c.cut = -1;
  while (c.pos < c.end) {
    const from = c.pos;
    while (isGroupBreak(c)) c.pos++;
    if (c.pos > from) parts.push({ kind: "literal", text: c.text.slice(from, c.pos), span: span(c, from, c.pos) });
    readParts(c, parts, "group");
  }
  c.end = outer;
  c.cut = cut;
  c.dead = false;
  c.pending = pending;
  c.pos = end;
}
