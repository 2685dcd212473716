// Reads JSON from outside. Implements spec/record.md section 2 (RFC 8259 and I-JSON). Twin of go/base/parse_json.go.
// The temptation is JSON.parse: it lets the last of two equal keys win where another reader takes the first, and makes Infinity of 1e400,
// so that the guard and the tool behind it would read two different actions from the same bytes.

import { isUtf8 } from "node:buffer";
import type { JsonValue } from "./canonical-json.js";
import { hasLoneSurrogate } from "./canonical-json.js";
import { bad, ok, type Result } from "./result.js";

export interface JsonLimits {
  /** Of the UTF-8 text. */
  readonly sizeBytes: number;
  /** Arrays and objects inside each other. */
  readonly depth: number;
}

export const JSON_LIMITS: JsonLimits = { sizeBytes: 8 * 1024 * 1024, depth: 128 };

/**
 * The value of a JSON text, given as bytes or as text. Objects have no prototype, so `__proto__` and `constructor` are keys like any other.
 * A zero is never negative. The problem's `at` is `byte N`, the UTF-8 offset of what was refused.
 */
export function parseJson(input: string | Uint8Array, limits: JsonLimits = JSON_LIMITS): Result<JsonValue> {
  const size = typeof input === "string" ? Buffer.byteLength(input) : input.length;
  if (size > limits.sizeBytes) return bad("json_too_large", `the JSON text has ${size} bytes, more than ${limits.sizeBytes}`);
  if (typeof input !== "string" && !isUtf8(input)) return bad("json_invalid_utf8", "the JSON text is not valid UTF-8");
  const text = typeof input === "string" ? input : Buffer.from(input.buffer, input.byteOffset, input.length).toString("utf8");
  const reader: Reader = { text, at: 0, limit: limits.depth };
  try {
    const value = readValue(reader, 0);
    skipBlanks(reader);
    if (reader.at < text.length) refuse("json_trailing_text", reader.at);
    return ok(value);
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    return bad(error.code, MESSAGES[error.code] ?? error.code, { at: `byte ${Buffer.byteLength(text.slice(0, error.at))}` });
  }
}

interface Reader {
  readonly text: string;
  readonly limit: number;
  at: number;
}

class Refusal extends Error {
  readonly code: string;
  readonly at: number;

  constructor(code: string, at: number) {
    super(code);
    this.code = code;
    this.at = at;
  }
}

const MESSAGES: Readonly<Record<string, string>> = {
  json_bad_escape: "a string holds an escape that JSON does not know",
  json_bad_number: "a number is not written as JSON writes numbers",
  json_control_character: "a string holds a control character that is not escaped",
  json_duplicate_key: "an object has the same key twice",
  json_lone_surrogate: "a string holds half of a surrogate pair",
  json_not_finite: "a number is too large for a double",
  json_too_deep: "arrays and objects are nested too deep",
  json_trailing_text: "text follows the JSON value",
  json_unexpected_character: "a character stands where JSON has no place for it",
  json_unexpected_end: "the JSON text ends too early",
};

function refuse(code: string, at: number): never {
  throw new Refusal(code, at);
}

function readValue(reader: Reader, depth: number): JsonValue {
  skipBlanks(reader);
  switch (reader.text.charCodeAt(reader.at)) {
    case 0x22: // "
      return readString(reader);
    case 0x7b: // {
      return readObject(reader, depth + 1);
    case 0x5b: // [
      return readArray(reader, depth + 1);
    case 0x74: // t
      return readWord(reader, "true", true);
    case 0x66: // f
      return readWord(reader, "false", false);
    case 0x6e: // n
      return readWord(reader, "null", null);
    default:
      return readNumber(reader);
  }
}

function skipBlanks(reader: Reader): void {
  for (;;) {
    const unit = reader.text.charCodeAt(reader.at);
    if (unit !== 0x20 && unit !== 0x0a && unit !== 0x0d && unit !== 0x09) return;
    reader.at++;
  }
}

function readWord<T extends JsonValue>(reader: Reader, word: string, value: T): T {
  for (let i = 0; i < word.length; i++) {
    if (reader.text.charCodeAt(reader.at + i) !== word.charCodeAt(i)) unexpected(reader, reader.at + i);
  }
  reader.at += word.length;
  return value;
}

function unexpected(reader: Reader, at: number): never {
  refuse(at >= reader.text.length ? "json_unexpected_end" : "json_unexpected_character", at);
}

function readObject(reader: Reader, depth: number): JsonValue {
  if (depth > reader.limit) refuse("json_too_deep", reader.at);
  const members = Object.create(null) as Record<string, JsonValue>;
  reader.at++;
  skipBlanks(reader);
  if (reader.text.charCodeAt(reader.at) === 0x7d) {
    reader.at++;
    return members;
  }
  for (;;) {
    skipBlanks(reader);
    const start = reader.at;
    if (reader.text.charCodeAt(start) !== 0x22) unexpected(reader, start);
    const key = readString(reader);
    if (Object.hasOwn(members, key)) refuse("json_duplicate_key", start);
    skipBlanks(reader);
    if (reader.text.charCodeAt(reader.at) !== 0x3a) unexpected(reader, reader.at);
    reader.at++;
    members[key] = readValue(reader, depth);
    if (!readSeparator(reader, 0x7d)) return members;
  }
}

function readArray(reader: Reader, depth: number): JsonValue {
  if (depth > reader.limit) refuse("json_too_deep", reader.at);
  const values: JsonValue[] = [];
  reader.at++;
  skipBlanks(reader);
  if (reader.text.charCodeAt(reader.at) === 0x5d) {
    reader.at++;
    return values;
  }
  for (;;) {
    values.push(readValue(reader, depth));
    if (!readSeparator(reader, 0x5d)) return values;
  }
}

/** True after a comma, false after the closing character. */
function readSeparator(reader: Reader, closing: number): boolean {
  skipBlanks(reader);
  const unit = reader.text.charCodeAt(reader.at);
  if (unit !== 0x2c && unit !== closing) unexpected(reader, reader.at);
  reader.at++;
  return unit === 0x2c;
}

function readString(reader: Reader): string {
  const { text } = reader;
  const opening = reader.at;
  let known = "";
  let from = opening + 1;
  let surrogates = false;
  for (let i = from; ; i++) {
    const unit = text.charCodeAt(i);
    if (unit === 0x22) {
      reader.at = i + 1;
      const value = known + text.slice(from, i);
      if (surrogates && hasLoneSurrogate(value)) refuse("json_lone_surrogate", opening);
      return value;
    }
    if (unit === 0x5c) {
      const escaped = readEscape(text, i);
      known += text.slice(from, i) + escaped.value;
      surrogates = surrogates || isSurrogate(escaped.value.charCodeAt(0));
      from = escaped.end;
      i = escaped.end - 1;
    } else if (unit < 0x20) refuse("json_control_character", i);
    else if (isSurrogate(unit)) surrogates = true;
    else if (i >= text.length) refuse("json_unexpected_end", i);
  }
}

function isSurrogate(unit: number): boolean {
  return unit >= 0xd800 && unit <= 0xdfff;
}

const SHORT_ESCAPES: Readonly<Record<string, string>> = {
  '"': '"',
  "\\": "\\",
  "/": "/",
  b: "\b",
  f: "\f",
  n: "\n",
  r: "\r",
  t: "\t",
};

function readEscape(text: string, at: number): { readonly value: string; readonly end: number } {
  const letter = text.charAt(at + 1);
  if (letter === "") refuse("json_unexpected_end", at + 1);
  if (letter !== "u") {
    const value = Object.hasOwn(SHORT_ESCAPES, letter) ? SHORT_ESCAPES[letter] : undefined;
    return value === undefined ? refuse("json_bad_escape", at) : { value, end: at + 2 };
  }
  let unit = 0;
  for (let i = at + 2; i < at + 6; i++) {
    const digit = hexDigit(text.charCodeAt(i));
    if (digit < 0) refuse(i >= text.length ? "json_unexpected_end" : "json_bad_escape", i >= text.length ? i : at);
    unit = unit * 16 + digit;
  }
  return { value: String.fromCharCode(unit), end: at + 6 };
}

function hexDigit(unit: number): number {
  if (unit >= 0x30 && unit <= 0x39) return unit - 0x30;
  if (unit >= 0x61 && unit <= 0x66) return unit - 0x57;
  return unit >= 0x41 && unit <= 0x46 ? unit - 0x37 : -1;
}

function readNumber(reader: Reader): number {
  const { text } = reader;
  const start = reader.at;
  let at = text.charCodeAt(start) === 0x2d ? start + 1 : start;
  if (!isDigit(text.charCodeAt(at))) {
    // Without a digit or a minus it is no number at all; a minus alone is one cut short.
    if (at === start || at >= text.length) unexpected(reader, at);
    refuse("json_bad_number", start);
  }
  at = text.charCodeAt(at) === 0x30 ? at + 1 : skipDigits(text, at);
  if (isDigit(text.charCodeAt(at))) refuse("json_bad_number", start);
  if (text.charCodeAt(at) === 0x2e) at = requireDigits(reader, at + 1, start);
  if (text.charCodeAt(at) === 0x65 || text.charCodeAt(at) === 0x45) {
    const sign = text.charCodeAt(at + 1);
    at = requireDigits(reader, sign === 0x2b || sign === 0x2d ? at + 2 : at + 1, start);
  }
  const value = Number(text.slice(start, at));
  if (!Number.isFinite(value)) refuse("json_not_finite", start);
  reader.at = at;
  return value === 0 ? 0 : value;
}

function requireDigits(reader: Reader, at: number, start: number): number {
  if (at >= reader.text.length) refuse("json_unexpected_end", at);
  if (!isDigit(reader.text.charCodeAt(at))) refuse("json_bad_number", start);
  return skipDigits(reader.text, at);
}

function skipDigits(text: string, from: number): number {
  let at = from;
  while (isDigit(text.charCodeAt(at))) at++;
  return at;
}

function isDigit(unit: number): boolean {
  return unit >= 0x30 && unit <= 0x39;
}
