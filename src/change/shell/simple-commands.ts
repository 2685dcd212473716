// Reads simple commands. Implements spec/shell.md sections 8.1 and 8.2. Twin of go/change/shell.

import { isSubscripted, readArrayArgument, readAssignment, readBracketedWord } from "./assignments.js";
import { AMPERSAND, GREATER, LESS } from "./characters.js";
import { type Cursor, codeAt, span } from "./cursor.js";
import { readRedirect } from "./redirects.js";
import type { Assignment, Redirect, SimpleCommand, Word } from "./syntax.js";
import { readWord, skipBlanks, startsWord } from "./words.js";

/** After these programs bash reads `name=( … )` as an array. */
const TAKES_ARRAYS: ReadonlySet<string> = new Set(["alias", "declare", "eval", "export", "let", "local", "readonly", "typeset"]);
/** These declare what their arguments name, subscripts included. */
const DECLARES: ReadonlySet<string> = new Set(["declare", "export", "local", "readonly", "typeset"]);

/** The simple command at the cursor, which may turn out to have nothing in it. */
export function readSimpleCommand(c: Cursor): SimpleCommand {
  const start = c.pos;
  const command: Gathered = { assignments: [], words: [], redirects: [], takesArrays: false, declares: false };
  let end = start;
  while (readElement(c, command)) {
    end = c.pos;
    skipBlanks(c);
  }
  // What follows is read by the list; a blank before it belongs to nobody.
  c.closed = false;
  return {
    kind: "simple",
    assignments: command.assignments,
    words: command.words,
    redirects: command.redirects,
    span: span(c, start, end),
  };
}

interface Gathered {
  readonly assignments: Assignment[];
  readonly words: Word[];
  readonly redirects: Redirect[];
  takesArrays: boolean;
  declares: boolean;
}

/** Reads one assignment, redirect or word; false where the command ends. */
function readElement(c: Cursor, command: Gathered): boolean {
  const code = codeAt(c, c.pos);
  if (code < 0) return false;
  if (code === LESS || code === GREATER || code === AMPERSAND || (code >= 0x30 && code <= 0x39) || code === 0x7b) {
    const redirect = readRedirect(c);
    if (redirect !== null) {
      command.redirects.push(redirect);
      command.takesArrays = false;
      return true;
    }
  }
  if (!startsWord(c)) return false;
  if (command.words.length === 0) {
    const assignment = readAssignment(c);
    if (assignment !== null) return command.assignments.push(assignment) > 0;
    const word = readBracketedWord(c) ?? readWord(c);
    noteProgram(command, word);
    return command.words.push(word) > 0;
  }
  const array = command.takesArrays ? readArrayArgument(c) : null;
  if (array !== null) return command.assignments.push(array) > 0;
  const word = readWord(c);
  return command.words.push(command.declares && isSubscripted(word) ? refused(word) : word) > 0;
}

function noteProgram(command: Gathered, word: Word): void {
  const name = literalText(word);
  command.takesArrays = TAKES_ARRAYS.has(name);
  command.declares = DECLARES.has(name);
}

/** `declare a[1]=x`: bash evaluates what is between the brackets, and may run it. */
function refused(word: Word): Word {
  return { parts: [{ kind: "unsupported", reason: "subscripted_declaration", span: word.span }], span: word.span };
}

/** The text of a word that is one literal; "" for any other. */
export function literalText(word: Word): string {
  const first = word.parts[0];
  return word.parts.length === 1 && first?.kind === "literal" ? first.text : "";
}
