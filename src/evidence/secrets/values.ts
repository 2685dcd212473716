// Where a value ends, and whether it can be a secret. Implements spec/redaction.md section 4. Twin of go/evidence/secrets/values.go.
// INVARIANT: a value that is turned down has at most REJECTED_BYTES, so that reading it again from inside stays linear.

import { BLANK, ENDS_VALUE, isDigit, isIn, isLetter, lowerAscii, widthOf } from "./characters.js";

/** Longer values are secrets without further questions. */
export const REJECTED_BYTES = 256;
/** A quoted value that is not closed after so many bytes ends there. */
export const QUOTED_BYTES = 4096;

/**
 * `given`: an option that takes nothing but a secret. `strong`: after a password's name anything but the shortest counts.
 * `keyed`: after a token's or key's name it must look made by a machine.
 */
export type Grade = "given" | "strong" | "keyed";

/** At most so many ASCII characters stand between a name and its value. */
export const SEPARATOR = 16;

export interface Value {
  readonly start: number;
  readonly end: number;
  readonly quoted: boolean;
}

/** Behind the blanks at `from`, but not behind more than SEPARATOR of them. */
export function skipBlanks(text: string, from: number): number {
  let at = from;
  while (at - from < SEPARATOR && isIn(text, at, BLANK)) at++;
  return at;
}

/** The value that begins at `at`: in quotes, in quotes that are themselves escaped (`\"…\"`), or up to what ends an unquoted value. */
export function valueAt(text: string, at: number): Value {
  let quote = at;
  while (text.charCodeAt(quote) === 0x5c) quote++;
  const mark = text.charCodeAt(quote);
  if (mark === 0x22 || mark === 0x27) {
    const end = quote > at ? escapedEnd(text, quote + 1, mark) : quotedEnd(text, quote + 1, mark);
    if (end >= 0) return { start: quote + 1, end, quoted: true };
    return { start: quote + 1, end: unquotedEnd(text, quote + 1), quoted: false };
  }
  return { start: at, end: unquotedEnd(text, at), quoted: false };
}

// In double quotes a backslash takes the next character along. -1 when the text ends first.
function quotedEnd(text: string, from: number, mark: number): number {
  let bytes = 0;
  for (let i = from; i < text.length; i++) {
    const unit = text.charCodeAt(i);
    if (unit === mark) return i;
    bytes += widthOf(unit);
    if (bytes >= QUOTED_BYTES) return afterCharacter(text, i);
    if (unit !== 0x5c || mark !== 0x22 || i + 1 >= text.length) continue;
    bytes += widthOf(text.charCodeAt(++i));
    if (bytes >= QUOTED_BYTES) return afterCharacter(text, i);
  }
  return -1;
}

function escapedEnd(text: string, from: number, mark: number): number {
  let bytes = 0;
  for (let i = from; i < text.length; i++) {
    const unit = text.charCodeAt(i);
    if (unit === mark) return backslashesBefore(text, from, i);
    bytes += widthOf(unit);
    if (bytes >= QUOTED_BYTES) return afterCharacter(text, i);
  }
  return -1;
}

/** The index behind the character at `at`, which may be the first half of a surrogate pair. */
export function afterCharacter(text: string, at: number): number {
  const next = text.charCodeAt(at + 1);
  const pair = (text.charCodeAt(at) & 0xfc00) === 0xd800 && next >= 0xdc00 && next <= 0xdfff;
  return pair ? at + 2 : at + 1;
}

function backslashesBefore(text: string, from: number, at: number): number {
  let end = at;
  while (end > from && text.charCodeAt(end - 1) === 0x5c) end--;
  return end;
}

// A backslash takes the next character along; but `\\"` belongs to quotes around all of it, and ends the value.
function unquotedEnd(text: string, from: number): number {
  let at = from;
  while (at < text.length && !isIn(text, at, ENDS_VALUE)) {
    if (text.charCodeAt(at) !== 0x5c) {
      at++;
      continue;
    }
    let run = at;
    while (text.charCodeAt(run) === 0x5c) run++;
    if (text.charCodeAt(run) === 0x22 || run === text.length) return at;
    at = (run - at) % 2 === 1 ? run + 1 : run;
  }
  return Math.min(at, text.length);
}

const PLAIN_WORDS: ReadonlySet<string> = new Set(
  "true false null nil none undefined yes no on off required optional string str text int integer number bool boolean any object password passwd passphrase secret token hidden redacted masked".split(
    " ",
  ),
);
const CODE_HEADS =
  "process. os. self. this. env. var. local. data. module. secrets. config. settings. args. opts. options. params. req. request.".split(
    " ",
  );

/** True when a value after a telling name is to be redacted. */
export function isSecret(text: string, value: Value, grade: Grade): boolean {
  if (value.end <= value.start) return false;
  if (bytesOf(text, value, REJECTED_BYTES) > REJECTED_BYTES) return true;
  const content = text.slice(value.start, value.end);
  if (grade === "given") return !isReference(content);
  if (isReference(content) || isPlaceholder(content) || PLAIN_WORDS.has(lowerAscii(content))) return false;
  if (!value.quoted && isCode(text, value, content)) return false;
  if (isPath(content) && !looksMade(content)) return false;
  return grade === "strong" ? isPassword(content) : isKey(content);
}

function bytesOf(text: string, value: Value, enough: number): number {
  let bytes = 0;
  for (let i = value.start; i < value.end && bytes <= enough; i++) bytes += widthOf(text.charCodeAt(i));
  return bytes;
}

/** `$NAME`, `$1`, `${…}`, `$(…)`, `%NAME%`, `{{…}}`, `<name>`: the secret is elsewhere. */
export function isReference(content: string): boolean {
  const first = content.charAt(0);
  if (first === "$") {
    const second = content.charAt(1);
    if (second === "{" || second === "(" || content.length === 1) return true;
    return restIsName(content, 1) || (content.length === 2 && isDigit(content.charCodeAt(1)));
  }
  if (first === "%") return content.length > 2 && content.endsWith("%") && restIsName(content.slice(0, -1), 1);
  if (first === "<") return content.endsWith(">");
  return first === "`" || content.startsWith("{{");
}

function restIsName(content: string, from: number): boolean {
  for (let i = from; i < content.length; i++) {
    const unit = content.charCodeAt(i);
    if (!(isLetter(unit) || unit === 0x5f || (i > from && isDigit(unit)))) return false;
  }
  return content.length > from;
}

function isPlaceholder(content: string): boolean {
  for (let i = 0; i < content.length; i++) if (!"*.xX-_?#".includes(content.charAt(i))) return false;
  return true;
}

// `password = read(…)`, `token = tokens[…]`, `password = var.db_password`.
function isCode(text: string, value: Value, content: string): boolean {
  const next = text.charAt(value.end);
  return next === "(" || next === "[" || CODE_HEADS.some((head) => content.startsWith(head));
}

export function isPath(content: string): boolean {
  const at = content.startsWith("@") ? 1 : 0;
  return ["/", "./", "../", "~/"].some((start) => content.startsWith(start, at));
}

/** At least 20 characters with lower and upper case and digits, and no dot: what a random generator makes, and people do not. */
function looksMade(content: string): boolean {
  const has = classesOf(content);
  return Buffer.byteLength(content) >= 20 && has.lower && has.upper && has.digit && !content.includes(".");
}

function isPassword(content: string): boolean {
  const has = classesOf(content);
  const digitsOnly = has.digit && !has.lower && !has.upper && !has.special && !has.joint;
  return Buffer.byteLength(content) >= (digitsOnly ? 4 : 3);
}

function isKey(content: string): boolean {
  const has = classesOf(content);
  const bytes = Buffer.byteLength(content);
  return has.digit || has.special ? bytes >= 6 : bytes >= 20 && !has.joint;
}

export interface Classes {
  readonly lower: boolean;
  readonly upper: boolean;
  readonly digit: boolean;
  /** `-`, `_`, `.`, `/`, `:`: what joins words into names. */
  readonly joint: boolean;
  /** Everything else. */
  readonly special: boolean;
}

export function classesOf(content: string): Classes {
  let lower = false;
  let upper = false;
  let digit = false;
  let joint = false;
  let special = false;
  for (let i = 0; i < content.length; i++) {
    const unit = content.charCodeAt(i);
    if (unit >= 0x61 && unit <= 0x7a) lower = true;
    else if (unit >= 0x41 && unit <= 0x5a) upper = true;
    else if (isDigit(unit)) digit = true;
    else if (unit === 0x2d || unit === 0x5f || unit === 0x2e || unit === 0x2f || unit === 0x3a) joint = true;
    else special = true;
  }
  return { lower, upper, digit, joint, special };
}

/** At least 16 bytes, with a digit and a letter. */
export function isLongMix(content: string): boolean {
  const has = classesOf(content);
  return has.digit && (has.lower || has.upper) && Buffer.byteLength(content) >= ISSUED_BYTES;
}

const ISSUED_BYTES = 16;

/** `secret prod-db-2024` names a thing; what a service issues has no joints, but for the `/` and `_` of mixed-case base64. */
export function looksIssued(text: string, value: Value): boolean {
  const content = text.slice(value.start, value.end);
  if (!isLongMix(content)) return false;
  const has = classesOf(content);
  return !has.joint || (has.lower && has.upper && !["-", ".", ":"].some((joint) => content.includes(joint)));
}
