// Reads redirects. Implements spec/shell.md section 7. Twin of go/change/shell.

import {
  AMPERSAND,
  CLOSE_BRACE,
  CLOSE_BRACKET,
  GREATER,
  isDigit,
  isNameCharacter,
  isNameStart,
  LESS,
  MINUS,
  OPEN_BRACE,
  OPEN_BRACKET,
  PIPE,
} from "./characters.js";
import {
  type Cursor,
  codeAfter,
  codeAt,
  type PendingHereDocument,
  skipContinuations,
  span,
  swallowWord,
  unsupportedPart,
  word,
} from "./cursor.js";
import { MAX_PENDING_HERE_DOCUMENTS } from "./limits.js";
import type { Redirect, RedirectOperator, UnsupportedReason, Word, WordPart } from "./syntax.js";
import { readWord, skipBlanks, startsProcessSubstitution, startsWord } from "./words.js";

/** The redirect at the cursor; or null, with the cursor where it was. */
export function readRedirect(c: Cursor): Redirect | null {
  const start = c.pos;
  const code = codeAt(c, start);
  if (code === LESS || code === GREATER) return startsProcessSubstitution(c, start) ? null : readAfterPrefix(c, start, null, null);
  if (code === AMPERSAND) return codeAfter(c, start) === GREATER ? readAfterPrefix(c, start, null, null) : null;
  if (isDigit(code)) {
    const end = skipNumber(c, start);
    if (end < 0) return null;
    const fd = Number.parseInt(c.text.slice(start, end).split("\\\n").join(""), 10);
    c.pos = end;
    return readAfterPrefix(c, start, fd, null);
  }
  const end = code === OPEN_BRACE ? skipVariable(c, start) : -1;
  if (end < 0) return null;
  const variable = c.text
    .slice(start + 1, end - 1)
    .split("\\\n")
    .join("");
  c.pos = skipContinuations(c, end);
  return readAfterPrefix(c, start, null, variable);
}

/** The index of the `<` or `>` glued to the number at `at`; -1 where there is none, or the number is too large for one. */
function skipNumber(c: Cursor, at: number): number {
  let end = at;
  while (isDigit(codeAt(c, end))) end = skipContinuations(c, end + 1);
  if (!isRedirectSign(c, end)) return -1;
  return Number(c.text.slice(at, end).split("\\\n").join("")) <= 2_147_483_647 ? end : -1;
}

/** The index after the `}` of `{name}` or `{name[key]}` glued to a `<` or `>`; -1 where there is none. */
function skipVariable(c: Cursor, at: number): number {
  let end = skipContinuations(c, at + 1);
  if (!isNameStart(codeAt(c, end))) return -1;
  while (isNameCharacter(codeAt(c, end))) end = skipContinuations(c, end + 1);
  if (codeAt(c, end) === OPEN_BRACKET) {
    const key = skipContinuations(c, end + 1);
    end = key;
    while (isNameCharacter(codeAt(c, end)) || codeAt(c, end) === 0x40 || codeAt(c, end) === 0x2a) end = skipContinuations(c, end + 1);
    if (end === key || codeAt(c, end) !== CLOSE_BRACKET) return -1;
    end = skipContinuations(c, end + 1);
  }
  if (codeAt(c, end) !== CLOSE_BRACE) return -1;
  return isRedirectSign(c, skipContinuations(c, end + 1)) ? end + 1 : -1;
}

/** Whether the word at the cursor is a number or `{name}` glued to a redirect: bash takes it for a part of that. */
export function isRedirectPrefix(c: Cursor, at: number): boolean {
  const code = codeAt(c, at);
  if (isDigit(code)) return skipNumber(c, at) >= 0;
  return code === OPEN_BRACE && skipVariable(c, at) >= 0;
}

function isRedirectSign(c: Cursor, at: number): boolean {
  const code = codeAt(c, at);
  return (code === LESS || code === GREATER) && !startsProcessSubstitution(c, at);
}

function readAfterPrefix(c: Cursor, start: number, fd: number | null, variable: string | null): Redirect {
  const operator = readOperator(c);
  skipBlanks(c);
  const trouble = troubleWithTarget(c, operator);
  if (trouble !== null) return { operator, fd, variable, target: refusedTarget(c, trouble), span: span(c, start, c.end) };
  if (operator === "<<" || operator === "<<-") return readHereDocumentRedirect(c, operator, fd, variable, start);
  const target = readTarget(c, operator);
  return { operator, fd, variable, target, span: span(c, start, c.pos) };
}

/** The operator at the cursor; a line continuation inside it vanishes. */
function readOperator(c: Cursor): RedirectOperator {
  const first = c.text.charCodeAt(c.pos);
  const second = codeAfter(c, c.pos);
  if (first === AMPERSAND) return passIf(c, 2, GREATER) ? pass(c, 3, "&>>") : pass(c, 2, "&>");
  if (first === GREATER) {
    if (second === GREATER) return pass(c, 2, ">>");
    if (second === AMPERSAND) return pass(c, 2, ">&");
    return second === PIPE ? pass(c, 2, ">|") : pass(c, 1, ">");
  }
  if (second === AMPERSAND) return pass(c, 2, "<&");
  if (second === GREATER) return pass(c, 2, "<>");
  if (second !== LESS) return pass(c, 1, "<");
  if (passIf(c, 2, MINUS)) return pass(c, 3, "<<-");
  return passIf(c, 2, LESS) ? pass(c, 3, "<<<") : pass(c, 2, "<<");
}

function pass(c: Cursor, count: number, operator: RedirectOperator): RedirectOperator {
  for (let i = 0; i < count; i++) c.pos = (i === 0 ? c.pos : skipContinuations(c, c.pos)) + 1;
  return operator;
}

/** Whether the character after `count` others is `code`. */
function passIf(c: Cursor, count: number, code: number): boolean {
  let at = c.pos;
  for (let i = 0; i < count; i++) at = skipContinuations(c, at + 1);
  return codeAt(c, at) === code;
}

function troubleWithTarget(c: Cursor, operator: RedirectOperator): UnsupportedReason | null {
  if (!startsWord(c)) return c.pos >= c.end && c.cut === c.end ? "invalid_text" : "syntax_error";
  // Bash takes `2` in `> 2>&1` for the number of the next redirect, and then misses the target of the first.
  const code = c.text.charCodeAt(c.pos);
  const duplicates = operator === "<&" || operator === ">&";
  if (isDigit(code) && !duplicates && skipNumber(c, c.pos) >= 0) return "glued_redirect";
  return code === OPEN_BRACE && skipVariable(c, c.pos) >= 0 ? "glued_redirect" : null;
}

function refusedTarget(c: Cursor, reason: UnsupportedReason): Word {
  const start = c.pos;
  return swallowWord(c, reason, start);
}

function readTarget(c: Cursor, operator: RedirectOperator): Word {
  const start = c.pos;
  // `>&-x` closes the descriptor; `x` is the next word.
  if ((operator === "<&" || operator === ">&") && c.text.charCodeAt(start) === MINUS) {
    c.pos++;
    return word(c, [{ kind: "literal", text: "-", span: span(c, start, c.pos) }], start, c.pos);
  }
  return readWord(c);
}

function readHereDocumentRedirect(c: Cursor, operator: "<<" | "<<-", fd: number | null, variable: string | null, start: number): Redirect {
  const delimiterStart = c.pos;
  const written = readWord(c);
  const delimiter = delimiterOf(written.parts);
  if (c.substitution !== null) {
    c.substitution.hereDocument = true;
    if (c.substitution.conditions > 0) c.substitution.reprinted = true;
  }
  const full = c.pending.length >= MAX_PENDING_HERE_DOCUMENTS;
  // Bash 5.2 prints an empty delimiter wrongly before it reads the substitution again.
  const refused = delimiter === null || (delimiter.text === "" && c.substitution !== null);
  if (delimiter === null || refused || full || c.dead) {
    const target = c.dead ? written : refusedTargetFrom(c, full ? "limit_exceeded" : "syntax_error", delimiterStart);
    return { operator, fd, variable, target, span: span(c, start, c.pos) };
  }
  // Until its body is read, the target is opaque: the rest of the line may be refused before that.
  const target: Word = { parts: [unsupportedPart(c, "unterminated", delimiterStart, c.pos)], span: span(c, delimiterStart, c.pos) };
  const redirect: PendingHereDocument["redirect"] = { operator, fd, variable, target, span: span(c, start, c.pos) };
  c.pending.push({ redirect, delimiter: delimiter.text, quoted: delimiter.quoted, stripTabs: operator === "<<-" });
  return redirect;
}

function refusedTargetFrom(c: Cursor, reason: UnsupportedReason, start: number): Word {
  return swallowWord(c, reason, start);
}

interface Delimiter {
  readonly text: string;
  readonly quoted: boolean;
}

/** The delimiter without its quotes; nothing in it is expanded. Null for one that the grammar leaves out. */
function delimiterOf(parts: readonly WordPart[]): Delimiter | null {
  let text = "";
  let quoted = false;
  for (const part of parts) {
    if (part.kind === "literal" || part.kind === "quoted") {
      text += part.text;
      quoted ||= part.kind === "quoted";
    } else if (part.kind === "double") {
      const inner = delimiterOf(part.parts);
      if (inner === null) return null;
      text += inner.text;
      quoted = true;
    } else if (part.kind === "parameter" && part.span.end - part.span.start === part.name.length + 1) {
      text += `$${part.name}`;
    } else {
      return null;
    }
  }
  return { text, quoted };
}
