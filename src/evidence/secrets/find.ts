// Finds the secrets in a text. Implements spec/redaction.md sections 3 to 6. Twin of go/find_secrets.go.
// One pass from left to right; total and linear, whatever the text is. The temptation is to parse the command first: a record must
// be safe for text that no reader accepts, and for JSON, YAML and code as well.

import { BLANK, ENDS_COMMAND, ENDS_VALUE, isDigit, isIn, isLetter, NAME, WORD } from "./characters.js";
import { type NameKind, nameKind, SECRET_OPTIONS, type SecretOption } from "./names.js";
import { type Finding, privateKeyAt, tokenAt } from "./tokens.js";
import { urlSecretAt } from "./urls.js";
import { classesOf, type Grade, isReference, isSecret, QUOTED_BYTES, type Value, valueAt } from "./values.js";

interface Scan {
  readonly text: string;
  /** Options of the program that the current simple command runs, and the words seen since. */
  options: readonly SecretOption[];
  words: Set<string>;
}

/** Secrets in source order, none touching another. Offsets are of the string given. */
export function findSecrets(text: string): readonly Finding[] {
  const scan: Scan = { text, options: [], words: new Set() };
  const findings: Finding[] = [];
  let at = 0;
  let nameEnd = 0;
  while (at < text.length) {
    const unit = text.charCodeAt(at);
    let found: Finding | null = null;
    if (unit === 0x2d) found = privateKeyAt(text, at);
    else if (unit === 0x3a) found = urlSecretAt(text, at);
    else if (isIn(text, at, WORD)) found = tokenAt(text, at);
    if (found === null && at >= nameEnd && isIn(text, at, NAME)) {
      nameEnd = endOfName(text, at);
      found = secretOfName(scan, at, nameEnd);
    }
    if (isIn(text, at, ENDS_COMMAND)) forget(scan);
    if (found !== null) findings.push(found);
    at = found === null ? at + 1 : Math.max(found.end, at + 1);
  }
  return findings;
}

// A new simple command begins: what the last program's options meant is over.
function forget(scan: Scan): void {
  if (scan.options.length > 0) scan.options = [];
  if (scan.words.size > 0) scan.words = new Set();
}

function endOfName(text: string, from: number): number {
  let at = from;
  while (isIn(text, at, NAME)) at++;
  return at;
}

function secretOfName(scan: Scan, start: number, end: number): Finding | null {
  const { text } = scan;
  // The letter of an escape (`\n`) is no part of the name behind it.
  const escaped = text.charAt(start - 1) === "\\" && "ntr".includes(text.charAt(start));
  const from = escaped ? start + 1 : start;
  const name = text.slice(from, end);
  const byOption = secretOfOption(scan, name, from);
  if (byOption !== null) return byOption;
  const kind = nameKind(name);
  const found = kind === null ? null : secretBeside(text, kind, from, end);
  if (found !== null) return found;
  remember(scan, name, end);
  return name === "Bearer" || name === "bearer" ? bareBearer(text, end) : null;
}

// A program stands before a blank or a quote (`["mysql", …]`), which keeps the `http` of a URL apart. `sudo`, `docker exec db mysql`: the options add up.
function remember(scan: Scan, name: string, end: number): void {
  const options = SECRET_OPTIONS.get(name);
  const ends = isIn(scan.text, end, BLANK) || "\"'\\".includes(scan.text.charAt(end));
  if (options !== undefined && ends && scan.options.length < OPTIONS) scan.options = [...scan.options, ...options];
  if (scan.words.size < WORDS) scan.words.add(name);
}

const OPTIONS = 16;
const WORDS = 16;

// `mysql -pSECRET`, `curl -u user:SECRET`, `docker login … -p SECRET`.
function secretOfOption(scan: Scan, name: string, start: number): Finding | null {
  const { text } = scan;
  if (scan.options.length === 0 || !name.startsWith("-")) return null;
  for (const one of scan.options) {
    if (one.after !== undefined && !scan.words.has(one.after)) continue;
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

function skipBlanks(text: string, from: number): number {
  let at = from;
  while (at - from < SEPARATOR && isIn(text, at, BLANK)) at++;
  return at;
}

/** At most so many characters stand between a name and its value. */
const SEPARATOR = 16;

function secretBeside(text: string, kind: NameKind, start: number, end: number): Finding | null {
  const separator = separatorAt(text, end);
  if (kind === "authorization" || kind === "cookie") return separator === null ? null : headerSecret(text, kind, start, separator);
  if (separator === null) return separateValue(text, kind, start, end);
  const value = valueAt(text, separator.end);
  const grade = separator.loose && !value.quoted && !fillsLine(text, start, value) ? "keyed" : kind;
  return isSecret(text, value, grade) ? named(text, kind, value) : null;
}

interface Separator {
  readonly end: number;
  /** A colon and a blank, as in YAML and in prose; or `NAME= word`, which in a shell is an empty value and a command. */
  readonly loose: boolean;
}

// Closing quotes and brackets of the name, blanks, `=`, `:`, `=>` or `:=`, blanks. A comparison (`==`) assigns nothing.
function separatorAt(text: string, end: number): Separator | null {
  let at = end;
  while (at - end < SEPARATOR && "\\\"'])".includes(text.charAt(at)) && at < text.length) at++;
  const tight = at;
  while (at - end < SEPARATOR && (text.charAt(at) === " " || text.charAt(at) === "\t")) at++;
  const mark = text.charAt(at);
  if (mark !== "=" && mark !== ":") return null;
  const next = text.charAt(at + 1);
  if (next === "=" && mark === "=") return null;
  const after = (mark === "=" && next === ">") || (mark === ":" && next === "=") ? at + 2 : at + 1;
  if (mark === ":" && text.startsWith("//", at + 1)) return null;
  // A line that ends here gives no value: the next line is another matter.
  let value = after;
  while (value - after < SEPARATOR && (text.charAt(value) === " " || text.charAt(value) === "\t")) value++;
  return { end: value, loose: value > after && (mark === ":" || at === tight) };
}

// `password: value` alone on its line is data; inside a sentence it is prose.
function fillsLine(text: string, start: number, value: Value): boolean {
  let at = start - 1;
  while (start - at < 64 && " \t-".includes(text.charAt(at)) && at >= 0) at--;
  const begins = at < 0 || text.charAt(at) === "\n" || (text.charAt(at) === "n" && text.charAt(at - 1) === "\\");
  const next = text.charAt(value.end);
  return begins && (next === "" || next === "\n" || next === "\r" || next === '"' || next === "'" || next === "\\");
}

// `--password value`; and for a key's name without hyphens (`config set _authToken value`) a value that must look made by a machine.
function separateValue(text: string, kind: Grade, start: number, end: number): Finding | null {
  if (!isIn(text, end, BLANK)) return null;
  const at = skipBlanks(text, end);
  if (text.charAt(at) === "-" || at >= text.length) return null;
  const value = valueAt(text, at);
  if (text.charAt(start) === "-") return isSecret(text, value, kind) ? named(text, kind, value) : null;
  return kind === "keyed" && looksIssued(text, value) && isSecret(text, value, "keyed") ? named(text, kind, value) : null;
}

// `secret prod-db-2024` names a thing; what a service issues has digits, and no joints but in base64.
function looksIssued(text: string, value: Value): boolean {
  if (value.end - value.start < ISSUED || !hasDigitAndLetter(text, value)) return false;
  const content = text.slice(value.start, value.end);
  const has = classesOf(content);
  return !has.joint || (has.lower && has.upper && !["-", ".", ":"].some((joint) => content.includes(joint)));
}

const ISSUED = 16;

function hasDigitAndLetter(text: string, value: Value): boolean {
  let digit = false;
  let letter = false;
  for (let i = value.start; i < value.end && !(digit && letter); i++) {
    digit = digit || isDigit(text.charCodeAt(i));
    letter = letter || isLetter(text.charCodeAt(i));
  }
  return digit && letter;
}

// What a known token fills is called by the token's own kind.
function named(text: string, grade: Grade, value: Value): Finding {
  const token = tokenAt(text, value.start);
  const kind =
    token !== null && token.start === value.start && token.end >= value.end ? token.kind : grade === "strong" ? "password" : "secret";
  return { kind, start: value.start, end: value.end };
}

// `Authorization: Bearer SECRET`: the scheme stays. In quotes the value ends with them, else with the line.
function headerSecret(text: string, kind: "authorization" | "cookie", start: number, separator: Separator): Finding | null {
  const around = text.charAt(start - 1);
  const inside = valueQuote(text, separator.end);
  const from = separator.end + inside.length;
  const value = kind === "authorization" ? afterScheme(text, from) : from;
  if (isReference(text.slice(value, headerEnd(text, value, " ", REFERENCE)))) return null;
  const closing = inside !== "" ? inside.charAt(inside.length - 1) : around === '"' || around === "'" ? around : "\n";
  const end = headerEnd(text, value, closing, QUOTED_BYTES);
  return end > value ? { kind, start: value, end } : null;
}

/** A reference in a header is looked for in so many characters. */
const REFERENCE = 64;

function valueQuote(text: string, at: number): string {
  let quote = at;
  while (text.charAt(quote) === "\\" && quote - at < SEPARATOR) quote++;
  return text.charAt(quote) === '"' || text.charAt(quote) === "'" ? text.slice(at, quote + 1) : "";
}

function headerEnd(text: string, from: number, closing: string, most: number): number {
  let at = from;
  while (at < text.length && at - from < most && text.charAt(at) !== closing && text.charAt(at) !== "\n") at++;
  // Never between the halves of a surrogate pair.
  if (at - from === most && isLowSurrogate(text.charCodeAt(at))) at++;
  while (at > from && "\\ \r\"'".includes(text.charAt(at - 1))) at--;
  return at;
}

function isLowSurrogate(unit: number): boolean {
  return unit >= 0xdc00 && unit <= 0xdfff;
}

function afterScheme(text: string, from: number): number {
  let at = from;
  while (at - from < SCHEME && (isLetter(text.charCodeAt(at)) || isDigit(text.charCodeAt(at)) || text.charAt(at) === "-")) at++;
  return at > from && text.charAt(at) === " " && !isIn(text, at + 1, ENDS_VALUE) ? at + 1 : from;
}

const SCHEME = 32;

// `Bearer SECRET` without the header's name.
function bareBearer(text: string, end: number): Finding | null {
  if (text.charAt(end) !== " ") return null;
  const value = valueAt(text, end + 1);
  if (value.quoted || value.end - value.start < ISSUED || !hasDigitAndLetter(text, value)) return null;
  return isSecret(text, value, "keyed") ? { kind: "authorization", start: value.start, end: value.end } : null;
}
