// Reads compound commands and the redirects after them. Implements spec/shell.md sections 8.4 and 8.5. Twin of go/change/shell.

import { AMPERSAND, CLOSE, isNameCharacter, isNameStart, NEWLINE, OPEN, PIPE, SEMICOLON } from "./characters.js";
import {
  type Closer,
  type Cursor,
  codeAfter,
  codeAt,
  endReason,
  enter,
  leave,
  refusal,
  skipContinuations,
  span,
  swallowCommand,
  swallowWord,
  word,
} from "./cursor.js";
import { readArithmeticText } from "./expansions.js";
import { skipLines } from "./lines.js";
import { skipBracket } from "./matched.js";
import { readRedirect } from "./redirects.js";
import { peekReserved, plainWordEnd, type Reserved } from "./reserved.js";
import { literalText } from "./simple-commands.js";
import type { CaseCommand, Command, IfCommand, Redirect, Script, Word } from "./syntax.js";
import { readTestCommand } from "./test-commands.js";
import { readWord, skipBlanks, skipBlanksAndComment, startsWord } from "./words.js";

const STARTS: ReadonlySet<string> = new Set(["if", "while", "until", "for", "select", "case", "{", "[["]);

/** Whether a compound command begins at the cursor. */
export function isCompoundStart(c: Cursor, reserved: Reserved): boolean {
  return codeAt(c, c.pos) === OPEN || STARTS.has(reserved.name);
}

/** The compound command at the cursor, with its redirects. */
export function readCompound(c: Cursor, reserved: Reserved): Command {
  const start = c.pos;
  if (!enter(c)) return swallowCommand(c, "limit_exceeded", start);
  if (reserved.name !== "") c.pos = reserved.end;
  const command = readKind(c, reserved.name, start);
  leave(c);
  return command;
}

function readKind(c: Cursor, name: string, start: number): Command {
  switch (name) {
    case "if":
      return readIf(c, start);
    case "while":
    case "until":
      return readLoop(c, name, start);
    case "for":
      return readFor(c, start);
    case "select":
      return readForWords(c, start, true);
    case "case":
      return readCase(c, start);
    case "{":
      return readGroup(c, start);
    case "[[":
      return readTest(c, start);
    default:
      return codeAfter(c, c.pos) === OPEN ? readDoubleParenthesis(c, start) : readSubshell(c, start);
  }
}

/** The redirects after a compound command; with none, the command may be followed by a reserved word. */
function readRedirects(c: Cursor): Redirect[] {
  const redirects: Redirect[] = [];
  c.closed = true;
  for (;;) {
    const end = c.pos;
    skipBlanks(c);
    const redirect = readRedirect(c);
    if (redirect === null) {
      c.pos = end;
      return redirects;
    }
    c.closed = false;
    redirects.push(redirect);
  }
}

/** A list, and the reserved word that ends it. */
function readBody(c: Cursor, closer: Closer): Script {
  const body = c.grammar.readList(c, closer);
  passReserved(c);
  return body;
}

function passReserved(c: Cursor): void {
  if (!c.dead) c.pos = peekReserved(c).end;
}

function readGroup(c: Cursor, start: number): Command {
  const body = readBody(c, "}");
  const redirects = readRedirects(c);
  return { kind: "group", body, redirects, span: span(c, start, c.pos) };
}

function readSubshell(c: Cursor, start: number): Command {
  c.pos++;
  const body = c.grammar.readList(c, "subshell");
  if (!c.dead) c.pos++;
  const redirects = readRedirects(c);
  return { kind: "subshell", body, redirects, span: span(c, start, c.pos) };
}

/** `((`: arithmetic if `))` ends it, otherwise a subshell in a subshell. */
function readDoubleParenthesis(c: Cursor, start: number): Command {
  const found = findArithmetic(c, start);
  if (found === null) return swallowCommand(c, endReason(c), start);
  if (found.past < 0) return readSubshell(c, start);
  const expression = arithmetic(c, found.start, found.end);
  c.pos = found.past;
  const redirects = readRedirects(c);
  return { kind: "arithmetic", expression, redirects, span: span(c, start, c.pos) };
}

interface Arithmetic {
  readonly start: number;
  readonly end: number;
  /** The index after both closing parentheses; -1 where they do not stand side by side. */
  readonly past: number;
}

/** The text between `((` at `open` and the matching parenthesis; null where there is none. */
function findArithmetic(c: Cursor, open: number): Arithmetic | null {
  const start = skipContinuations(c, open + 1) + 1;
  const end = skipBracket(c, start, "arithmetic");
  if (end < 0) return null;
  const second = skipContinuations(c, end);
  return { start, end: end - 1, past: codeAt(c, second) === CLOSE ? second + 1 : -1 };
}

function arithmetic(c: Cursor, start: number, end: number): Word {
  const parts = readArithmeticText(c, start, end);
  if (parts.length === 0) parts.push({ kind: "literal", text: "", span: span(c, start, end) });
  return word(c, parts, start, end);
}

function readIf(c: Cursor, start: number): Command {
  const clauses: { condition: Script; body: Script }[] = [];
  let otherwise: Script | null = null;
  for (;;) {
    const condition = readIfCondition(c);
    const body = c.grammar.readList(c, "clause");
    clauses.push({ condition, body });
    if (c.dead) break;
    const next = peekReserved(c);
    c.pos = next.end;
    if (next.name === "else") otherwise = readBody(c, "fi");
    if (next.name !== "elif") break;
  }
  const redirects = readRedirects(c);
  const command: IfCommand = { kind: "if", clauses, otherwise, redirects, span: span(c, start, c.pos) };
  return command;
}

/** A condition up to `then`. Inside a substitution bash 5.2 prints a here-document of it in the wrong place (spec/shell.md 6.2). */
function readIfCondition(c: Cursor): Script {
  const state = c.substitution;
  if (state !== null) state.conditions++;
  const condition = readBody(c, "then");
  if (state !== null) state.conditions--;
  return condition;
}

function readLoop(c: Cursor, kind: "while" | "until", start: number): Command {
  const condition = readBody(c, "do");
  const body = readBody(c, "done");
  const redirects = readRedirects(c);
  return { kind, condition, body, redirects, span: span(c, start, c.pos) };
}

function readFor(c: Cursor, start: number): Command {
  skipBlanks(c);
  if (codeAt(c, c.pos) === OPEN && codeAfter(c, c.pos) === OPEN) return readArithmeticFor(c, start);
  return readForWords(c, start, false);
}

function readArithmeticFor(c: Cursor, start: number): Command {
  const found = findArithmetic(c, c.pos);
  if (found === null) return swallowCommand(c, endReason(c), start);
  if (found.past < 0) return swallowCommand(c, "syntax_error", start);
  const expression = arithmetic(c, found.start, found.end);
  c.pos = found.past;
  skipBlanksAndComment(c);
  if (codeAt(c, c.pos) === SEMICOLON) c.pos++;
  skipLines(c);
  if (countSemicolons(expression) !== 2) return swallowCommand(c, "syntax_error", start);
  const body = readLoopBody(c, true);
  if (body === null) return swallowCommand(c, refusal(c), start);
  const redirects = readRedirects(c);
  return { kind: "arithmetic_for", expression, body, redirects, span: span(c, start, c.pos) };
}

function countSemicolons(expression: Word): number {
  let count = 0;
  for (const part of expression.parts) if (part.kind === "literal") count += part.text.split(";").length - 1;
  return count;
}

/** `for name …` or `select name …` after the keyword. */
function readForWords(c: Cursor, start: number, select: boolean): Command {
  skipBlanks(c);
  if (!startsWord(c)) return swallowCommand(c, refusal(c), start);
  const variable = literalText(readWord(c));
  skipBlanksAndComment(c);
  const newlines = skipLines(c);
  const inEnd = plainWordEnd(c, "in");
  const values = inEnd < 0 ? null : readValues(c, inEnd);
  let braces = newlines > 0 || values !== null;
  if (values === null && newlines === 0 && codeAt(c, c.pos) === SEMICOLON) {
    c.pos++;
    braces = true;
  }
  skipLines(c);
  const body = readLoopBody(c, braces);
  if (body === null) return swallowCommand(c, refusal(c), start);
  const redirects = readRedirects(c);
  const place = span(c, start, c.pos);
  if (select && !c.dead) return { kind: "unsupported", reason: "select_loop", redirects: [], span: place };
  if (select) return swallowCommand(c, "select_loop", start);
  // Bash refuses such a name when it comes to run the loop.
  if (!isName(variable)) return { kind: "unsupported", reason: "syntax_error", redirects: [], span: place };
  return { kind: "for", variable, values, body, redirects, span: place };
}

function isName(text: string): boolean {
  if (!isNameStart(text.charCodeAt(0))) return false;
  for (let at = 1; at < text.length; at++) if (!isNameCharacter(text.charCodeAt(at))) return false;
  return true;
}

/** The words after `in`, and the `;` or newline that ends them; an unsupported last word where something else stands there. */
function readValues(c: Cursor, inEnd: number): Word[] {
  c.pos = inEnd;
  const values: Word[] = [];
  for (;;) {
    skipBlanksAndComment(c);
    if (c.dead) return values;
    if (!startsWord(c)) break;
    values.push(readWord(c));
  }
  const code = codeAt(c, c.pos);
  const after = codeAfter(c, c.pos);
  if (code === SEMICOLON && after !== SEMICOLON && after !== AMPERSAND) c.pos++;
  else if (code !== NEWLINE) values.push(swallowWord(c, refusal(c), c.pos));
  return values;
}

/** `do … done` or, where `braces` says so, `{ … }`; null where neither stands. */
function readLoopBody(c: Cursor, braces: boolean): Script | null {
  if (c.dead) return c.grammar.readList(c, "end");
  const reserved = peekReserved(c);
  if (reserved.name !== "do" && !(braces && reserved.name === "{")) return null;
  c.pos = reserved.end;
  return readBody(c, reserved.name === "do" ? "done" : "}");
}

function readCase(c: Cursor, start: number): Command {
  skipBlanks(c);
  if (!startsWord(c)) return swallowCommand(c, refusal(c), start);
  const subject = readWord(c);
  skipLines(c);
  const inEnd = plainWordEnd(c, "in");
  if (!c.dead && inEnd < 0) return swallowCommand(c, refusal(c), start);
  if (!c.dead) c.pos = inEnd;
  const branches: CaseCommand["branches"][number][] = [];
  for (;;) {
    skipLines(c);
    if (c.dead) break;
    const reserved = peekReserved(c);
    if (reserved.name === "esac") {
      c.pos = reserved.end;
      break;
    }
    branches.push(readBranch(c));
  }
  const redirects = readRedirects(c);
  return { kind: "case", subject, branches, redirects, span: span(c, start, c.pos) };
}

function readBranch(c: Cursor): CaseCommand["branches"][number] {
  if (codeAt(c, c.pos) === OPEN) c.pos++;
  const patterns = readPatterns(c);
  const body = c.grammar.readList(c, "branch");
  return { patterns, body, ends: readBranchEnd(c) };
}

/** `a | b )`; an unsupported last pattern where something else stands there. */
function readPatterns(c: Cursor): Word[] {
  const patterns: Word[] = [];
  for (;;) {
    skipBlanks(c);
    if (!startsWord(c)) break;
    patterns.push(readWord(c));
    skipBlanks(c);
    const code = codeAt(c, c.pos);
    if (c.dead) return patterns;
    if (code === CLOSE) {
      c.pos++;
      return patterns;
    }
    const after = codeAfter(c, c.pos);
    if (code !== PIPE || after === PIPE || after === AMPERSAND) break;
    c.pos++;
  }
  patterns.push(swallowWord(c, refusal(c), c.pos));
  return patterns;
}

/** `;;`, `;&` or `;;&`; before `esac` it may be missing. */
function readBranchEnd(c: Cursor): ";;" | ";&" | ";;&" {
  if (codeAt(c, c.pos) !== SEMICOLON) return ";;";
  const second = skipContinuations(c, c.pos + 1);
  c.pos = second + 1;
  if (codeAt(c, second) !== SEMICOLON) return ";&";
  const third = skipContinuations(c, c.pos);
  if (codeAt(c, third) !== AMPERSAND) return ";;";
  c.pos = third + 1;
  return ";;&";
}

function readTest(c: Cursor, start: number): Command {
  const words: Word[] = [];
  const trouble = readTestCommand(c, words);
  if (trouble !== null) return swallowCommand(c, trouble, start);
  const redirects = readRedirects(c);
  return { kind: "test", words, redirects, span: span(c, start, c.pos) };
}
