// Reads what begins with `$` or a backtick. Implements spec/shell.md section 6. Twin of go/change/shell.

import { BACKTICK, CLOSE, OPEN, OPEN_BRACE, OPEN_BRACKET } from "./characters.js";
import { type Cursor, codeAfter, codeAt, endReason, nested, type Quoting, skipContinuations, span, swallowPart } from "./cursor.js";
import { skipBracket, skipEscaped } from "./matched.js";
import { readBracedParameter, readSimpleParameter } from "./parameters.js";
import { IN_ARITHMETIC, readQuotedText } from "./quotes.js";
import { countReread } from "./reread.js";
import { readBackticks, readSubstitution } from "./substitutions.js";
import type { WordPart } from "./syntax.js";

/** The expansion at the cursor; null for a `$` that is plain text (the cursor stays). */
export function readExpansion(c: Cursor, quoting: Quoting): WordPart | null {
  if (c.text.charCodeAt(c.pos) === BACKTICK) return readBacktick(c, quoting);
  const bracket = skipContinuations(c, c.pos + 1);
  switch (codeAt(c, bracket)) {
    case OPEN:
      return codeAfter(c, bracket) === OPEN ? readDoubleParenthesis(c, bracket) : readCommandSubstitution(c, bracket);
    case OPEN_BRACE:
      return readBracedParameter(c, bracket, quoting);
    case OPEN_BRACKET:
      return readBracketArithmetic(c, bracket);
    default:
      return readSimpleParameter(c);
  }
}

function readBacktick(c: Cursor, quoting: Quoting): WordPart {
  const start = c.pos;
  const end = skipEscaped(c, start + 1, BACKTICK);
  const counted = countReread(c, start + 1, end < 0 ? c.end : end, "backtick");
  if (end < 0 || !counted) return swallowPart(c, endReason(c), start);
  const body = readBackticks(c, start + 1, end - 1, quoting);
  c.pos = end;
  return { kind: "command_substitution", body, span: span(c, start, end) };
}

function readCommandSubstitution(c: Cursor, open: number): WordPart {
  const start = c.pos;
  const found = readSubstitution(c, open + 1);
  if (found === null) return swallowPart(c, endReason(c), start);
  if (!c.dead) c.pos = found.end;
  return { kind: "command_substitution", body: found.body, span: span(c, start, c.pos) };
}

/** `$((`: arithmetic if the text ends in `))` and its parentheses match, otherwise a substitution that begins with a subshell. */
function readDoubleParenthesis(c: Cursor, open: number): WordPart {
  const start = c.pos;
  const end = skipBracket(c, open + 1, "arithmetic");
  if (end < 0) return swallowPart(c, endReason(c), start);
  c.pos = end;
  const inner = skipContinuations(c, open + 1) + 1;
  if (inner < end - 1 && c.text.charCodeAt(end - 2) === CLOSE && parenthesesMatch(c, inner, end - 2)) {
    return { kind: "arithmetic", parts: readArithmeticText(c, inner, end - 2), span: span(c, start, end) };
  }
  // Bash found the end by counting, so what is wrong inside is wrong only there.
  const body = c.grammar.readList(nested(c, open + 1, end - 1), "end");
  return { kind: "command_substitution", body, span: span(c, start, end) };
}

function readBracketArithmetic(c: Cursor, open: number): WordPart {
  const start = c.pos;
  const end = skipBracket(c, open + 1, "brackets");
  if (end < 0) return swallowPart(c, endReason(c), start);
  c.pos = end;
  return { kind: "arithmetic", parts: readArithmeticText(c, open + 1, end - 1), span: span(c, start, end) };
}

/** The text between two indices with its expansions; the cursor stays where it is. */
export function readArithmeticText(c: Cursor, start: number, end: number): WordPart[] {
  return readQuotedText(nested(c, start, end), IN_ARITHMETIC);
}

/** Whether no parenthesis closes before it opens, quotes left out; one without a partner goes to the end. */
function parenthesesMatch(c: Cursor, start: number, end: number): boolean {
  let depth = 0;
  for (let at = start; at < end; at++) {
    const code = c.text.charCodeAt(at);
    if (code === OPEN) depth++;
    else if (code === CLOSE && --depth < 0) return false;
    else if (code === 0x5c) at++;
    else if (code === 0x27 || code === 0x22) {
      const past = c.grammar.skipQuoted(c, at, false);
      at = past < 0 ? end : past - 1;
    }
  }
  return depth === 0;
}
