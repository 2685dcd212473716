// Finds the end of a bracketed or quoted piece without reading it, as bash does before it looks inside. Implements spec/shell.md section 5.6.
// Twin of go/change/shell. It must agree with bash character by character: a bracket that ends elsewhere hides or invents commands.

import {
  BACKSLASH,
  BACKTICK,
  CLOSE,
  CLOSE_BRACE,
  CLOSE_BRACKET,
  DOLLAR,
  DOUBLE_QUOTE,
  GREATER,
  LESS,
  OPEN,
  OPEN_BRACE,
  OPEN_BRACKET,
  QUOTE,
} from "./characters.js";
import { type Cursor, codeAfter, codeAt, enter, findCode, leave, skipContinuations } from "./cursor.js";
import { type Bracket, countReread, rereadsTooMuch } from "./reread.js";
import { readSubstitution } from "./substitutions.js";

/** The index after the closing bracket, for text that begins just after the opening one; -1 where there is none. */
export function skipBracket(c: Cursor, start: number, bracket: Bracket): number {
  if (rereadsTooMuch(c) || !enter(c)) return -1;
  const limit = c.end;
  const end = scan(c, start, bracket);
  leave(c);
  return countReread(c, start, end < 0 ? limit : end, bracket) ? end : -1;
}

/** As above, inside of what is looked through already: its characters are counted there. */
function passBracket(c: Cursor, start: number, bracket: Bracket): number {
  if (!enter(c)) return -1;
  const end = scan(c, start, bracket);
  leave(c);
  return end;
}

function scan(c: Cursor, start: number, bracket: Bracket): number {
  const open = bracket === "braces" ? OPEN_BRACE : bracket === "brackets" || bracket === "subscript" ? OPEN_BRACKET : OPEN;
  const close = bracket === "braces" ? CLOSE_BRACE : bracket === "brackets" || bracket === "subscript" ? CLOSE_BRACKET : CLOSE;
  const expansions = bracket === "braces" || bracket === "subscript";
  let depth = 1;
  let dollar = false;
  let angle = false;
  let at = start;
  for (;;) {
    at = skipContinuations(c, at);
    if (at >= c.end) return -1;
    const code = c.text.charCodeAt(at);
    if (code === BACKSLASH) {
      at = Math.min(at + 2, c.end);
      dollar = angle = false;
      continue;
    }
    if (code === close) {
      if (--depth === 0) return at + 1;
    } else if (code === QUOTE || code === DOUBLE_QUOTE || code === BACKTICK) {
      at = skipQuoted(c, at, dollar);
      if (at < 0) return -1;
      dollar = angle = false;
      continue;
    } else if (nests(code, dollar, angle, expansions, bracket)) {
      at = skipNested(c, at, code);
      if (at < 0) return -1;
      dollar = angle = false;
      continue;
    } else if (code === open && bracket !== "braces") {
      depth++;
    }
    angle = (code === LESS || code === GREATER) && !angle;
    dollar = code === DOLLAR && !dollar;
    at++;
  }
}

function nests(code: number, dollar: boolean, angle: boolean, expansions: boolean, bracket: Bracket): boolean {
  if (dollar && code === OPEN) return expansions || bracket === "arithmetic" || bracket === "brackets";
  if (dollar && (code === OPEN_BRACE || code === OPEN_BRACKET)) return expansions;
  return angle && code === OPEN && expansions;
}

/** `at` is at the bracket after `$`, `<` or `>`. */
function skipNested(c: Cursor, at: number, code: number): number {
  if (code === OPEN_BRACE) return passBracket(c, at + 1, "braces");
  if (code === OPEN_BRACKET) return passBracket(c, at + 1, "brackets");
  if (codeAfter(c, at) === OPEN) return passBracket(c, at + 1, "arithmetic");
  return readSubstitution(c, at + 1)?.end ?? -1;
}

/** The index after the closing quote of the quote at `at`; -1 where there is none. `dollar`: it stands after `$`. */
export function skipQuoted(c: Cursor, at: number, dollar: boolean): number {
  const quote = c.text.charCodeAt(at);
  if (quote === DOUBLE_QUOTE) return skipDouble(c, at + 1);
  if (quote === BACKTICK) return skipEscaped(c, at + 1, BACKTICK);
  if (dollar) return skipEscaped(c, at + 1, QUOTE);
  return skipSingle(c, at + 1);
}

export function skipSingle(c: Cursor, start: number): number {
  const close = findCode(c, QUOTE, start);
  return close >= c.end ? -1 : close + 1;
}

/** To the next `quote` that has no backslash before it. */
export function skipEscaped(c: Cursor, start: number, quote: number): number {
  for (let at = start; at < c.end; at++) {
    const code = c.text.charCodeAt(at);
    if (code === quote) return at + 1;
    if (code === BACKSLASH) at++;
  }
  return -1;
}

function skipDouble(c: Cursor, start: number): number {
  if (!enter(c)) return -1;
  const end = scanDouble(c, start);
  leave(c);
  return end;
}

function scanDouble(c: Cursor, start: number): number {
  let dollar = false;
  let at = start;
  while (at < c.end) {
    const code = codeAt(c, at);
    if (code === DOUBLE_QUOTE) return at + 1;
    if (code === BACKSLASH) {
      // A line continuation vanishes before bash looks, so that `$\⏎(` is still `$(`.
      const next = skipContinuations(c, at);
      if (next === at) dollar = false;
      at = next === at ? at + 2 : next;
      continue;
    }
    if (code === BACKTICK || (dollar && (code === OPEN || code === OPEN_BRACE || code === OPEN_BRACKET))) {
      at = code === BACKTICK ? skipEscaped(c, at + 1, BACKTICK) : skipNested(c, at, code);
      if (at < 0) return -1;
      dollar = false;
      continue;
    }
    dollar = code === DOLLAR && !dollar;
    at++;
  }
  return -1;
}
