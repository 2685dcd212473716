// Finds the secrets in a text. Implements spec/redaction.md sections 3 to 6. Twin of go/evidence/secrets/find.go.
// One pass from left to right; total and linear, whatever the text is. The temptation is to parse the command first: a record must
// be safe for text that no reader accepts, and for JSON, YAML and code as well.

import { BLANK, beginsWord, ENDS_COMMAND, isIn, NAME, WORD } from "./characters.js";
import { bareBearer, headerSecret } from "./headers.js";
import { markerEnd } from "./marker.js";
import { type NameKind, nameKind } from "./names.js";
import { type Command, forget, newCommand, remember, secretOfOption } from "./options.js";
import { type Finding, privateKeyAt, tokenAt } from "./tokens.js";
import { urlSecretAt } from "./urls.js";
import { type Grade, isSecret, looksIssued, SEPARATOR, skipBlanks, type Value, valueAt } from "./values.js";

/** Secrets in source order, none touching another. Offsets are of the string given. */
export function findSecrets(text: string): readonly Finding[] {
  const command = newCommand();
  const findings: Finding[] = [];
  let at = 0;
  let nameEnd = 0;
  while (at < text.length) {
    const unit = text.charCodeAt(at);
    if (unit === 0x5b && markerEnd(text, at) > at) {
      at = markerEnd(text, at);
      continue;
    }
    let found: Finding | null = null;
    if (unit === 0x2d) found = privateKeyAt(text, at);
    else if (unit === 0x3a) found = urlSecretAt(text, at);
    else if (isIn(text, at, WORD) && beginsWord(text, at)) found = tokenAt(text, at);
    if (found === null && at >= nameEnd && isIn(text, at, NAME)) {
      nameEnd = endOfName(text, at);
      found = secretOfName(text, command, at, nameEnd);
    }
    if (isIn(text, at, ENDS_COMMAND)) forget(command);
    if (found !== null) findings.push(found);
    at = found === null ? at + 1 : Math.max(found.end, at + 1);
  }
  return findings;
}

function endOfName(text: string, from: number): number {
  let at = from;
  while (isIn(text, at, NAME)) at++;
  return at;
}

function secretOfName(text: string, command: Command, start: number, end: number): Finding | null {
  // The letter of an escape (`\n`) is no part of the name behind it.
  const escaped = text.charAt(start - 1) === "\\" && "ntr".includes(text.charAt(start));
  const from = escaped ? start + 1 : start;
  const name = text.slice(from, end);
  const byOption = secretOfOption(text, command, name, from);
  if (byOption !== null) return byOption;
  const kind = nameKind(name);
  const found = kind === null ? null : secretBeside(text, kind, from, end);
  if (found !== null) return found;
  remember(text, command, name, end);
  return name === "Bearer" || name === "bearer" ? bareBearer(text, end) : null;
}

function secretBeside(text: string, kind: NameKind, start: number, end: number): Finding | null {
  const separator = separatorAt(text, end);
  if (kind === "authorization" || kind === "cookie") return separator === null ? null : headerSecret(text, kind, start, separator.end);
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

// What a known token fills is called by the token's own kind.
function named(text: string, grade: Grade, value: Value): Finding {
  const token = beginsWord(text, value.start) ? tokenAt(text, value.start) : null;
  const kind =
    token !== null && token.start === value.start && token.end >= value.end ? token.kind : grade === "strong" ? "password" : "secret";
  return { kind, start: value.start, end: value.end };
}
