// Canonical JSON: one value, one sequence of bytes. Implements spec/record.md section 1 (RFC 8785). Twin of go/base/canonical_json.go.
// What cannot be written the same way by everybody is refused with a code. The temptation is JSON.stringify: it drops undefined,
// writes NaN as null, honours toJSON and accepts lone surrogates, so two engines would sign different things.

import { bad, ok, type Result } from "./result.js";

export type JsonValue = null | boolean | number | string | readonly JsonValue[] | JsonObject;
export interface JsonObject {
  readonly [key: string]: JsonValue;
}

/** Arrays and objects may be nested this deep, in canonical JSON of any kind. */
export const CANONICAL_DEPTH = 128;

/** The RFC 8785 text of a value. The problem's `at` is the JSON pointer of what was refused. */
export function canonicalJson(value: unknown): Result<string> {
  return writeCanonical(value, writeDouble, quoteJson);
}

/** As canonicalJson, in the narrower form of records: integers within ±(2^53−1), and keys `[a-z][a-z0-9_]*`, whose UTF-16 order is byte order. */
export function canonicalRecord(value: unknown): Result<string> {
  return writeCanonical(value, writeInteger, quoteRecordKey);
}

type NumberWriter = (value: number) => string;
type KeyWriter = (key: string) => string;

class Refusal extends Error {
  readonly code: string;
  pointer = "";

  constructor(code: string) {
    super(code);
    this.code = code;
  }
}

const MESSAGES: Readonly<Record<string, string>> = {
  json_bad_key: "a record key must match `[a-z][a-z0-9_]*`",
  json_lone_surrogate: "a string holds half of a surrogate pair",
  json_not_finite: "a number is not finite",
  json_not_integer: "a record holds integers only",
  json_too_deep: `arrays and objects are nested deeper than ${CANONICAL_DEPTH}`,
  json_unsafe_integer: "an integer is beyond 2^53-1",
  json_unsupported_value: "only null, booleans, numbers, strings, arrays and plain objects can be written",
};

function writeCanonical(value: unknown, writeNumber: NumberWriter, writeKey: KeyWriter): Result<string> {
  try {
    return ok(writeValue(value, 0, writeNumber, writeKey));
  } catch (error) {
    // A getter or a proxy may throw anything; data never does.
    const refusal = error instanceof Refusal ? error : new Refusal("json_unsupported_value");
    return bad(refusal.code, MESSAGES[refusal.code] ?? refusal.code, { at: refusal.pointer });
  }
}

function writeValue(value: unknown, depth: number, writeNumber: NumberWriter, writeKey: KeyWriter): string {
  switch (typeof value) {
    case "string":
      return quoteJson(value);
    case "number":
      return writeNumber(value);
    case "boolean":
      return value ? "true" : "false";
    case "object":
      if (value === null) return "null";
      if (depth === CANONICAL_DEPTH) throw new Refusal("json_too_deep");
      if (Array.isArray(value)) return writeArray(value, depth + 1, writeNumber, writeKey);
      return writeObject(value, depth + 1, writeNumber, writeKey);
    default:
      throw new Refusal("json_unsupported_value");
  }
}

function writeArray(values: readonly unknown[], depth: number, writeNumber: NumberWriter, writeKey: KeyWriter): string {
  let text = "[";
  let i = 0;
  try {
    for (; i < values.length; i++) {
      if (i > 0) text += ",";
      text += writeValue(values[i], depth, writeNumber, writeKey);
    }
  } catch (error) {
    throw located(error, String(i));
  }
  return `${text}]`;
}

function writeObject(value: object, depth: number, writeNumber: NumberWriter, writeKey: KeyWriter): string {
  const prototype: unknown = Object.getPrototypeOf(value);
  if (prototype !== Object.prototype && prototype !== null) throw new Refusal("json_unsupported_value");
  const members = value as Readonly<Record<string, unknown>>;
  let text = "{";
  let key = "";
  try {
    for (key of sortedKeys(members)) {
      text += text.length > 1 ? `,${writeKey(key)}:` : `${writeKey(key)}:`;
      text += writeValue(members[key], depth, writeNumber, writeKey);
    }
  } catch (error) {
    throw located(error, key);
  }
  return `${text}}`;
}

// RFC 8785 sorts keys by UTF-16 units, which is what `<` and the default sort do here. A Go twin must not sort by bytes.
function sortedKeys(members: Readonly<Record<string, unknown>>): readonly string[] {
  const keys = Object.keys(members);
  if (keys.length > FEW_KEYS) return keys.sort();
  // By insertion: for the few keys of a record a third of the time that sorting as the language has it takes.
  for (let i = 1; i < keys.length; i++) {
    const key = keys[i] ?? "";
    let at = i - 1;
    for (; at >= 0 && (keys[at] ?? "") > key; at--) keys[at + 1] = keys[at] ?? "";
    keys[at + 1] = key;
  }
  return keys;
}

const FEW_KEYS = 16;

function located(error: unknown, step: string): unknown {
  if (error instanceof Refusal) error.pointer = `/${escapePointer(step)}${error.pointer}`;
  return error;
}

/** One step of a JSON pointer (RFC 6901). */
export function escapePointer(step: string): string {
  return step.replaceAll("~", "~0").replaceAll("/", "~1");
}

function writeDouble(value: number): string {
  if (!Number.isFinite(value)) throw new Refusal("json_not_finite");
  return String(value); // -0 gives "0"; ECMAScript's Number::toString is the form that RFC 8785 names
}

function writeInteger(value: number): string {
  if (!Number.isFinite(value)) throw new Refusal("json_not_finite");
  if (!Number.isInteger(value)) throw new Refusal("json_not_integer");
  if (!Number.isSafeInteger(value)) throw new Refusal("json_unsafe_integer");
  return String(value);
}

/** Records have the same few keys again and again. */
const QUOTED_KEYS = new Map<string, string>();
const MOST_QUOTED_KEYS = 1_024;

function quoteRecordKey(key: string): string {
  const known = QUOTED_KEYS.get(key);
  if (known !== undefined) return known;
  const quoted = checkedRecordKey(key);
  if (QUOTED_KEYS.size < MOST_QUOTED_KEYS) QUOTED_KEYS.set(key, quoted);
  return quoted;
}

// What fits needs no escapes.
function checkedRecordKey(key: string): string {
  for (let i = 0; i < key.length; i++) {
    const unit = key.charCodeAt(i);
    const letter = unit >= 0x61 && unit <= 0x7a;
    const inner = (unit >= 0x30 && unit <= 0x39) || unit === 0x5f;
    if (!letter && (i === 0 || !inner)) throw new Refusal("json_bad_key");
  }
  if (key === "") throw new Refusal("json_bad_key");
  return `"${key}"`;
}

function quoteJson(text: string): string {
  for (let i = 0; i < text.length; i++) {
    const unit = text.charCodeAt(i);
    if (unit < 0x20 || unit === 0x22 || unit === 0x5c || (unit >= 0xd800 && unit <= 0xdfff)) return quoteWithEscapes(text);
  }
  return `"${text}"`;
}

// For well-formed text JSON.stringify escapes exactly what RFC 8785 3.2.2.2 does.
function quoteWithEscapes(text: string): string {
  if (hasLoneSurrogate(text)) throw new Refusal("json_lone_surrogate");
  return JSON.stringify(text);
}

/** True when a UTF-16 surrogate stands without its partner: such text has no UTF-8 form. */
export function hasLoneSurrogate(text: string): boolean {
  for (let i = 0; i < text.length; i++) {
    const unit = text.charCodeAt(i);
    if (unit < 0xd800 || unit > 0xdfff) continue;
    const next = text.charCodeAt(i + 1);
    if (unit > 0xdbff || !(next >= 0xdc00 && next <= 0xdfff)) return true;
    i++;
  }
  return false;
}
