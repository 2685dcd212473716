// Options of programs that take a secret without saying so. Implements spec/redaction.md section 6.2.
// Twin of go/evidence/secrets/options.go.

import { BLANK, isIn, isLetter } from "./characters.js";
import { NO_OPTIONS, type SecretOption, secretOptions } from "./names.js";
import type { Finding } from "./tokens.js";
import { isSecret, skipBlanks, type Value, valueAt } from "./values.js";

/** What is known of the simple command that is being read: options of its programs, and its words so far. */
export interface Command {
  options: readonly SecretOption[];
  words: Words | null;
}

/** The last word first. A set for each text would be most of what looking for secrets allocates. */
interface Words {
  readonly word: string;
  readonly count: number;
  readonly before: Words | null;
}

const OPTIONS = 16;
const WORDS = 16;

export function newCommand(): Command {
  return { options: NO_OPTIONS, words: null };
}

/** A new simple command begins: what the last programs' options meant is over. */
export function forget(command: Command): void {
  command.options = NO_OPTIONS;
  command.words = null;
}

/**
 * Takes note of a word that ends at `end`. A program stands before a blank or a quote (`["mysql", …]`), which keeps the `http` of a URL apart.
 * In `docker exec db mysql` the options add up.
 */
export function remember(text: string, command: Command, word: string, end: number): void {
  const options = secretOptions(word);
  const ends = isIn(text, end, BLANK) || "\"'\\".includes(text.charAt(end));
  if (options.length > 0 && ends && command.options.length < OPTIONS) command.options = [...command.options, ...options];
  const count = command.words?.count ?? 0;
  if (count < WORDS && !hasWord(command, word)) command.words = { word, count: count + 1, before: command.words };
}

function hasWord(command: Command, word: string): boolean {
  for (let at = command.words; at !== null; at = at.before) if (at.word === word) return true;
  return false;
}

/** `mysql -pSECRET`, `curl -u user:SECRET`, `docker login … -p SECRET`. `name` begins at `start`. */
export function secretOfOption(text: string, command: Command, name: string, start: number): Finding | null {
  if (command.options.length === 0 || !name.startsWith("-")) return null;
  for (const one of command.options) {
    if (one.after !== undefined && !hasWord(command, one.after)) continue;
    const flagEnd = name.startsWith(one.flag) ? start + one.flag.length : bundleEnd(name, start, one);
    const valueStart = flagEnd < 0 ? -1 : optionValue(text, one, flagEnd);
    if (valueStart < 0) continue;
    const found = partOf(text, valueAt(text, valueStart), one.part);
    if (found !== null) return found;
  }
  return null;
}

// `-sSu user:SECRET`: a bundle of single letters whose last one takes the next word. -1 when it is none.
function bundleEnd(name: string, start: number, one: SecretOption): number {
  if (one.flag.length !== 2 || name.length > 6 || !one.separate || !name.endsWith(one.flag.charAt(1))) return -1;
  for (let i = 1; i < name.length; i++) if (!isLetter(name.charCodeAt(i))) return -1;
  return start + name.length;
}

// Where the option's value begins, or -1. A long option is attached by `=`, a short one directly.
function optionValue(text: string, one: SecretOption, after: number): number {
  const long = one.flag.startsWith("--");
  if (isIn(text, after, BLANK)) {
    const next = skipBlanks(text, after);
    return one.separate && next < text.length && text.charAt(next) !== "-" ? next : -1;
  }
  if (text.charAt(after) === "=") return one.attached ? after + 1 : -1;
  return one.attached && !long && after < text.length ? after : -1;
}

function partOf(text: string, value: Value, part: SecretOption["part"]): Finding | null {
  const mark = part === "after_colon" ? ":" : part === "value" ? "" : "=";
  const cut = mark === "" ? value.start : text.slice(value.start, value.end).indexOf(mark) + value.start + 1;
  if (mark !== "" && cut === value.start) return null;
  const inner: Value = { ...value, start: part === "cookie" ? value.start : cut };
  if (!isSecret(text, inner, "given")) return null;
  return { kind: part === "cookie" ? "cookie" : "password", start: inner.start, end: inner.end };
}
