// Reads the inside of `[[ … ]]`. Implements spec/shell.md section 8.5. Twin of go/change/shell.
// The words are kept in order, operators and parentheses among them; the grammar is followed only so far as to accept what bash accepts.

import { AMPERSAND, CLOSE, GREATER, LESS, OPEN, PIPE } from "./characters.js";
import { type Cursor, codeAfter, codeAt, enter, leave, refusal, skipContinuations, span, word } from "./cursor.js";
import { skipLines } from "./lines.js";
import { isRedirectPrefix } from "./redirects.js";
import { plainWordEnd } from "./reserved.js";
import { literalText } from "./simple-commands.js";
import type { UnsupportedReason, Word } from "./syntax.js";
import { readRegularExpression, readWord, skipBlanks, startsProcessSubstitution, startsWord } from "./words.js";

const UNARY = "abcdefghkprstuwxznovGLNORS";
const BINARY: ReadonlySet<string> = new Set(["=", "==", "!=", "=~", "-nt", "-ot", "-ef", "-eq", "-ne", "-lt", "-le", "-gt", "-ge"]);

/** Fills `words` and passes `]]`; or says why the text is refused. */
export function readTestCommand(c: Cursor, words: Word[]): UnsupportedReason | null {
  const trouble = readOr(c, words);
  if (trouble !== null || c.dead) return trouble;
  const end = plainWordEnd(c, "]]");
  if (end < 0) return refusal(c);
  c.pos = end;
  return null;
}

/** Terms joined by `&&` and `||`. */
function readOr(c: Cursor, words: Word[]): UnsupportedReason | null {
  for (;;) {
    const trouble = readTerm(c, words);
    if (trouble !== null || c.dead) return trouble;
    const code = codeAt(c, c.pos);
    if ((code !== AMPERSAND && code !== PIPE) || codeAfter(c, c.pos) !== code) return null;
    passOperator(c, words, skipContinuations(c, c.pos + 1) + 1, code === AMPERSAND ? "&&" : "||");
  }
}

function passOperator(c: Cursor, words: Word[], end: number, text: string): void {
  const place = span(c, c.pos, end);
  words.push(word(c, [{ kind: "literal", text, span: place }], c.pos, end));
  c.pos = end;
}

/** Leaves the cursor at the token after the term. */
function readTerm(c: Cursor, words: Word[]): UnsupportedReason | null {
  for (;;) {
    skipLines(c);
    if (codeAt(c, c.pos) === OPEN) return readParentheses(c, words);
    if (!startsOperand(c)) return refusal(c);
    const operand = readWord(c);
    words.push(operand);
    if (c.dead) return null;
    const text = literalText(operand);
    if (text === "!") continue;
    const isUnary = text.length === 2 && text.charAt(0) === "-" && UNARY.includes(text.charAt(1));
    return isUnary ? readOperand(c, words, false) : readBinary(c, words);
  }
}

function readParentheses(c: Cursor, words: Word[]): UnsupportedReason | null {
  if (!enter(c)) return "limit_exceeded";
  passOperator(c, words, c.pos + 1, "(");
  const trouble = readOr(c, words);
  leave(c);
  if (trouble !== null || c.dead) return trouble;
  if (codeAt(c, c.pos) !== CLOSE) return refusal(c);
  passOperator(c, words, c.pos + 1, ")");
  skipLines(c);
  return null;
}

/** The operator and right side after a left side; a left side may also stand alone. */
function readBinary(c: Cursor, words: Word[]): UnsupportedReason | null {
  skipBlanks(c);
  const code = codeAt(c, c.pos);
  if (code === CLOSE || plainWordEnd(c, "]]") >= 0) return null;
  if ((code === AMPERSAND || code === PIPE) && codeAfter(c, c.pos) === code) return null;
  if ((code === LESS || code === GREATER) && !startsProcessSubstitution(c, c.pos)) {
    const next = codeAfter(c, c.pos);
    if (next === LESS || next === GREATER || next === AMPERSAND || next === PIPE) return "syntax_error";
    passOperator(c, words, c.pos + 1, String.fromCharCode(code));
    return readOperand(c, words, false);
  }
  if (!startsOperand(c)) return refusal(c);
  const operator = readWord(c);
  words.push(operator);
  if (c.dead) return null;
  const text = literalText(operator);
  if (!BINARY.has(text)) return "syntax_error";
  return readOperand(c, words, text === "=~");
}

/** One word on the same line, and the newlines after it. */
function readOperand(c: Cursor, words: Word[], regular: boolean): UnsupportedReason | null {
  skipBlanks(c);
  if (regular ? !startsRegular(c) : !startsOperand(c)) return refusal(c);
  words.push(regular ? readRegularExpression(c) : readWord(c));
  if (!c.dead) skipLines(c);
  return null;
}

function startsRegular(c: Cursor): boolean {
  const code = codeAt(c, c.pos);
  return (code === OPEN || code === PIPE || startsWord(c)) && plainWordEnd(c, "]]") < 0;
}

/** A word that is neither `]]` nor the number or name of a redirect. */
function startsOperand(c: Cursor): boolean {
  if (!startsWord(c) || plainWordEnd(c, "]]") >= 0) return false;
  return !isRedirectPrefix(c, c.pos);
}
