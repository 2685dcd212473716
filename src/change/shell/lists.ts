// Reads lists, and-or lists and pipelines. Implements spec/shell.md sections 8.6 to 8.8, and 9 where a token is refused.
// Twin of go/change/shell.

import { AMPERSAND, CLOSE, NEWLINE, PIPE, SEMICOLON } from "./characters.js";
import { readCommand } from "./commands.js";
import { type Closer, type Cursor, codeAfter, codeAt, refusal, skipContinuations, span, swallowCommand } from "./cursor.js";
import { settleHereDocuments } from "./here-documents.js";
import { MAX_COMMANDS } from "./limits.js";
import { skipLines } from "./lines.js";
import { NO_RESERVED, peekReserved, plainWordEnd, type Reserved } from "./reserved.js";
import type { Command, ListItem, Pipeline, Script } from "./syntax.js";
import { skipBlanks, skipBlanksAndComment } from "./words.js";

/** Commands up to `closer`, which stays unread. A list that is refused ends with an unsupported command that swallows the rest. */
export function readList(c: Cursor, closer: Closer): Script {
  const items: ListItem[] = [];
  let separated = false;
  for (;;) {
    skipLines(c);
    if (c.dead) break;
    if (closer === "end" && c.pos >= c.end && c.cut !== c.end) {
      settleHereDocuments(c);
      break;
    }
    if (closes(c, closer)) {
      if (items.length === 0 && !mayBeEmpty(closer)) items.push(refusedItem(c));
      break;
    }
    if (separated && c.substitution?.hereDocument) c.substitution.reprinted = true;
    const item = readItem(c);
    items.push(item);
    if (c.dead) break;
    separated = codeAt(c, c.pos) === SEMICOLON;
    if (item.background || endsItem(c, closer)) continue;
    items.push(refusedItem(c));
    break;
  }
  const start = items[0]?.span.start ?? span(c, c.pos, c.pos).start;
  return { items, span: { start, end: items.at(-1)?.span.end ?? start } };
}

function mayBeEmpty(closer: Closer): boolean {
  return closer === "end" || closer === "substitution" || closer === "branch";
}

/** Whether the list ends here; asked only where a reserved word counts. */
function closes(c: Cursor, closer: Closer): boolean {
  switch (closer) {
    case "end":
      return false;
    case "substitution":
    case "subshell":
      return codeAt(c, c.pos) === CLOSE;
    case "branch":
      return isBranchEnd(c) || peekReserved(c).name === "esac";
    case "clause":
      return ["elif", "else", "fi"].includes(peekReserved(c).name);
    default:
      return peekReserved(c).name === closer;
  }
}

/** `;;`, `;&` or `;;&`. */
function isBranchEnd(c: Cursor): boolean {
  if (codeAt(c, c.pos) !== SEMICOLON) return false;
  const next = codeAfter(c, c.pos);
  return next === SEMICOLON || next === AMPERSAND;
}

/** Passes what ends an item; false where something stands that cannot follow one. */
function endsItem(c: Cursor, closer: Closer): boolean {
  skipBlanksAndComment(c);
  const code = codeAt(c, c.pos);
  if (code < 0 || code === NEWLINE) return true;
  if (code === SEMICOLON && !isBranchEnd(c)) {
    c.pos++;
    return true;
  }
  // After a compound command a reserved word needs no `;`: `if (a) then b; fi`.
  const needsSemicolon = code !== CLOSE && code !== SEMICOLON && !c.closed;
  return !needsSemicolon && closes(c, closer);
}

function refusedItem(c: Cursor): ListItem {
  const command = swallowCommand(c, refusal(c), c.pos);
  const pipeline: Pipeline = { negated: false, timed: false, commands: [command], stderr: [], span: command.span };
  return { first: pipeline, rest: [], background: false, span: command.span };
}

/** An and-or list, and the `&` after it. */
function readItem(c: Cursor): ListItem {
  const first = readPipeline(c);
  const rest: { operator: "&&" | "||"; pipeline: Pipeline }[] = [];
  let last = first;
  for (;;) {
    skipBlanks(c);
    const code = codeAt(c, c.pos);
    const doubled = (code === AMPERSAND || code === PIPE) && codeAfter(c, c.pos) === code;
    if (!doubled) break;
    const several = rest.length > 0 || first.commands.length > 1;
    if (several && c.substitution?.hereDocument) c.substitution.reprinted = true;
    passTwo(c);
    skipLines(c);
    last = readPipeline(c);
    rest.push({ operator: code === AMPERSAND ? "&&" : "||", pipeline: last });
  }
  const background = codeAt(c, c.pos) === AMPERSAND;
  if (background) c.pos++;
  if (background && c.substitution?.hereDocument) c.substitution.reprinted = true;
  const end = background ? span(c, c.pos, c.pos).end : last.span.end;
  return { first, rest, background, span: { start: first.span.start, end } };
}

/** Passes an operator of two characters. */
function passTwo(c: Cursor): void {
  c.pos = skipContinuations(c, c.pos + 1) + 1;
}

function readPipeline(c: Cursor): Pipeline {
  const start = span(c, c.pos, c.pos).start;
  const prefix = readPrefix(c);
  const commands: Command[] = [prefix.alone ? nothing(c) : readCommand(c, prefix.reserved)];
  const stderr: boolean[] = [];
  for (;;) {
    if (prefix.alone) break;
    skipBlanks(c);
    if (codeAt(c, c.pos) !== PIPE) break;
    const next = codeAfter(c, c.pos);
    if (next === PIPE) break;
    stderr.push(next === AMPERSAND);
    if (next === AMPERSAND) passTwo(c);
    else c.pos++;
    const newlines = skipLines(c);
    commands.push(readCommand(c, reservedAfterPipe(c, newlines, next === AMPERSAND)));
  }
  const end = commands.at(-1)?.span.end ?? start;
  return { negated: prefix.negated, timed: prefix.timed, commands, stderr, span: { start, end: Math.max(start, end) } };
}

// Right after a pipe, and on the line after `|`, `time` is a program; elsewhere it is the reserved word, which cannot stand there.
function reservedAfterPipe(c: Cursor, newlines: number, both: boolean): Reserved {
  const reserved = peekReserved(c);
  return reserved.name === "time" && (newlines === 0 || (newlines === 1 && !both)) ? NO_RESERVED : reserved;
}

interface Prefix {
  readonly negated: boolean;
  readonly timed: boolean;
  /** The reserved word that the command begins with, if any. */
  readonly reserved: Reserved;
  /** `!` or `time` stands alone before `;`, a newline or the end. */
  readonly alone: boolean;
}

/** `!`, `time`, `time -p` and `time --`, any number of them. */
function readPrefix(c: Cursor): Prefix {
  let negated = false;
  let timed = false;
  let reserved = peekReserved(c);
  while (reserved.name === "!" || reserved.name === "time") {
    c.pos = reserved.end;
    if (reserved.name === "!") {
      negated = !negated;
    } else {
      timed = true;
      passOption(c, "-p");
      passOption(c, "--");
    }
    skipBlanksAndComment(c);
    const code = codeAt(c, c.pos);
    if (code < 0 || code === NEWLINE || (code === SEMICOLON && !isBranchEnd(c))) {
      return { negated, timed, reserved: NO_RESERVED, alone: true };
    }
    reserved = peekReserved(c);
  }
  return { negated, timed, reserved, alone: false };
}

function passOption(c: Cursor, option: string): void {
  const start = c.pos;
  skipBlanks(c);
  const end = plainWordEnd(c, option);
  c.pos = end < 0 ? start : end;
}

function nothing(c: Cursor): Command {
  if (++c.budget.commands > MAX_COMMANDS) return swallowCommand(c, "limit_exceeded", c.pos);
  return { kind: "simple", assignments: [], words: [], redirects: [], span: span(c, c.pos, c.pos) };
}
