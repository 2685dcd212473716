// Recognises reserved words where a command can begin. Implements spec/shell.md section 4.4. Twin of go/change/shell.

import { breaksWord, OPEN } from "./characters.js";
import { type Cursor, codeAt, skipContinuations } from "./cursor.js";
import { startsProcessSubstitution } from "./words.js";

const RESERVED: ReadonlySet<string> = new Set([
  "if",
  "then",
  "else",
  "elif",
  "fi",
  "case",
  "esac",
  "for",
  "select",
  "while",
  "until",
  "do",
  "done",
  "in",
  "function",
  "time",
  "{",
  "}",
  "!",
  "[[",
  "]]",
  "coproc",
]);

/** Nothing longer is reserved. */
const MAX_RESERVED_CHARACTERS = 8;

/** A reserved word at the cursor, and the index after it; "" for anything else. */
export interface Reserved {
  readonly name: string;
  readonly end: number;
}

export const NO_RESERVED: Reserved = { name: "", end: 0 };

export function peekReserved(c: Cursor): Reserved {
  const found = peekPlainWord(c, MAX_RESERVED_CHARACTERS);
  // `!(` is a pattern where extended globs are on, and the negation of a subshell where they are off.
  const isPattern = found.name === "!" && codeAt(c, skipContinuations(c, found.end)) === OPEN;
  return RESERVED.has(found.name) && !isPattern ? found : NO_RESERVED;
}

/** Whether exactly this plain word stands at the cursor; the index after it, or -1. */
export function plainWordEnd(c: Cursor, text: string): number {
  const found = peekPlainWord(c, text.length);
  return found.name === text ? found.end : -1;
}

/** The word at the cursor if it has at most `most` characters and none of them is special; line continuations inside it vanish. */
function peekPlainWord(c: Cursor, most: number): Reserved {
  let at = c.pos;
  let name = "";
  let from = at;
  let last = at;
  for (;;) {
    const code = codeAt(c, at);
    if (code < 0 || (breaksWord(code) && !startsProcessSubstitution(c, at))) {
      return { name: name + c.text.slice(from, at), end: at > from ? at : last };
    }
    if (!isReservedCharacter(code) || at - from + name.length >= most) {
      const past = skipContinuations(c, at);
      if (past === at) return NO_RESERVED;
      name += c.text.slice(from, at);
      // A line continuation after the word is not part of it.
      if (at > from) last = at;
      at = from = past;
      continue;
    }
    at++;
  }
}

/** Letters, `- ! [ ] { }`. */
function isReservedCharacter(code: number): boolean {
  if (code >= 0x61 && code <= 0x7a) return true;
  return code === 0x2d || code === 0x21 || code === 0x5b || code === 0x5d || code === 0x7b || code === 0x7d;
}
