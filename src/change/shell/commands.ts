// Reads one command: tells simple commands, function definitions and compound commands apart. Implements spec/shell.md section 8.
// Twin of go/change/shell.

import { assignsNothingAtEnd, readBracketedWord } from "./assignments.js";
import { CLOSE, OPEN } from "./characters.js";
import { isCompoundStart, readCompound } from "./compound-commands.js";
import { type Cursor, codeAt, refusal, span, swallowCommand } from "./cursor.js";
import { MAX_COMMANDS } from "./limits.js";
import { skipLines } from "./lines.js";
import { peekReserved, type Reserved } from "./reserved.js";
import { literalText, readSimpleCommand } from "./simple-commands.js";
import type { Command, Word } from "./syntax.js";
import { readWord, skipBlanks, startsWord } from "./words.js";

/** The command at the cursor; `reserved` is the reserved word there, if any. */
export function readCommand(c: Cursor, reserved: Reserved): Command {
  if (++c.budget.commands > MAX_COMMANDS) return swallowCommand(c, "limit_exceeded", c.pos);
  if (isCompoundStart(c, reserved)) return readCompound(c, reserved);
  if (reserved.name === "function") return readFunctionKeyword(c, reserved.end);
  if (reserved.name === "coproc") return readCoprocess(c, reserved.end);
  // Any other reserved word cannot begin a command.
  if (reserved.name !== "") return swallowCommand(c, refusal(c), c.pos);
  const start = c.pos;
  const command = readSimpleCommand(c);
  if (c.pos === start) return swallowCommand(c, refusal(c), start);
  const [first, second] = command.words;
  const isLoneWord = first !== undefined && second === undefined && command.assignments.length + command.redirects.length === 0;
  if (!isLoneWord || codeAt(c, c.pos) !== OPEN) return command;
  return readFunction(c, first, start) ?? command;
}

/** `name ( )` and its body; null, with the cursor at the `(`, where no `)` follows. */
function readFunction(c: Cursor, name: Word, start: number): Command | null {
  if (!passParentheses(c)) return null;
  skipLines(c);
  return readFunctionBody(c, name, start);
}

function passParentheses(c: Cursor): boolean {
  const open = c.pos;
  if (codeAt(c, open) !== OPEN) return false;
  c.pos = open + 1;
  skipBlanks(c);
  if (codeAt(c, c.pos) === CLOSE) {
    c.pos++;
    return true;
  }
  c.pos = open;
  return false;
}

/** `function name`, perhaps `( )`, and its body. */
function readFunctionKeyword(c: Cursor, keywordEnd: number): Command {
  const start = c.pos;
  c.pos = keywordEnd;
  skipBlanks(c);
  if (!startsWord(c)) return swallowCommand(c, refusal(c), start);
  const name = readWord(c);
  skipBlanks(c);
  passParentheses(c);
  skipLines(c);
  return readFunctionBody(c, name, start);
}

function readFunctionBody(c: Cursor, name: Word, start: number): Command {
  const reserved = peekReserved(c);
  if (!isCompoundStart(c, reserved)) return swallowCommand(c, refusal(c), start);
  const body = readCompound(c, reserved);
  const text = literalText(name);
  const whole = { start: span(c, start, start).start, end: body.span.end };
  // Bash refuses a quoted name when it comes to define the function, and goes on.
  if (text === "") return { kind: "unsupported", reason: "syntax_error", redirects: [], span: whole };
  return { kind: "function", name: text, body: { ...body, redirects: [] }, redirects: body.redirects, span: whole };
}

/** `coproc` and a command: a subshell behind the line. One with a name of its own is opaque. */
function readCoprocess(c: Cursor, keywordEnd: number): Command {
  const start = c.pos;
  c.pos = keywordEnd;
  skipBlanks(c);
  const reserved = peekReserved(c);
  let body: Command;
  let named = false;
  if (isCompoundStart(c, reserved)) body = readCompound(c, reserved);
  else if (reserved.name !== "") return swallowCommand(c, refusal(c), start);
  else {
    const compound = readNamedCoprocess(c);
    named = compound !== null;
    body = compound ?? readSimpleCommand(c);
  }
  if (c.dead) return swallowCommand(c, "coprocess", start);
  if (c.pos === start || body.span.end === body.span.start) return swallowCommand(c, refusal(c), start);
  const whole = { start: span(c, start, start).start, end: body.span.end };
  if (named) return { kind: "unsupported", reason: "coprocess", redirects: [], span: whole };
  const pipeline = { negated: false, timed: false, commands: [body], stderr: [], span: body.span };
  const item = { first: pipeline, rest: [], background: true, span: body.span };
  return { kind: "subshell", body: { items: [item], span: body.span }, redirects: [], span: whole };
}

/** The compound command after a name; null, with the cursor before the name, where none follows. */
function readNamedCoprocess(c: Cursor): Command | null {
  const start = c.pos;
  if (!startsWord(c) || assignsNothingAtEnd(c)) return null;
  readBracketedWord(c) ?? readWord(c);
  skipBlanks(c);
  const reserved = peekReserved(c);
  if (!c.dead && isCompoundStart(c, reserved)) return readCompound(c, reserved);
  if (c.dead) return null;
  c.pos = start;
  return null;
}
