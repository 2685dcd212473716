// One redacted value, proven to one person. Implements spec/evidence.md section 6.
// SECURITY: a reveal holds the secret. It gives away the salt of its own place, with which nothing else can be tested.

import {
  bad,
  canonicalRecord,
  formatBase64,
  isDigest,
  type JsonValue,
  ok,
  parseBase64,
  parseId,
  parseJson,
  type Result,
  sha256,
} from "../../base/index.js";
import { commitmentOf, saltOf } from "../commitment.js";
import type { DecisionRecord, Redaction } from "../model.js";
import { isObjectOf } from "../trust/closed.js";

export const REVEAL_SCHEMA = "cavra.reveal.v1";
/** A value that is revealed has at most so many bytes. */
export const REVEAL_VALUE_BYTES = 1_048_576;
/** A reveal's text has at most so many bytes. */
export const REVEAL_BYTES = 1_572_864;

export interface Reveal {
  readonly kind: string;
  readonly path: string;
  readonly record_digest: string;
  readonly record_id: string;
  /** 64 hexadecimal digits. */
  readonly salt: string;
  readonly schema_version: typeof REVEAL_SCHEMA;
  readonly span: { readonly end: number; readonly start: number };
  /** The value's bytes. */
  readonly value_base64: string;
}

/** A place of a record: the path of a redaction, and where its span begins. */
export interface RevealPlace {
  readonly path: string;
  readonly start: number;
}

/**
 * The text of a reveal. Problems: `reveal_no_such_place`, `reveal_invalid` (another value stood there, or the redaction key is not the one),
 * `reveal_too_large`.
 */
export function makeReveal(record: DecisionRecord, place: RevealPlace, value: Uint8Array, redactionKey: Uint8Array): Result<string> {
  const text = canonicalRecord(record);
  if (!text.ok) return text;
  const redaction = record.redactions.find((one) => one.path === place.path && one.span.start === place.start);
  if (redaction === undefined) return bad("reveal_no_such_place", `nothing was redacted at \`${place.path}\`, byte ${place.start}`);
  if (value.length > REVEAL_VALUE_BYTES) return bad("reveal_too_large", `a value has at most ${REVEAL_VALUE_BYTES} bytes`);
  const salt = saltOf(redactionKey, record.record_id, place.path, place.start);
  if (commitmentOf(salt, value) !== redaction.commitment) return bad("reveal_invalid", "this is not the value that stood there");
  const { kind, path, span } = redaction;
  return canonicalRecord({
    kind,
    path,
    record_digest: sha256(text.value),
    record_id: record.record_id,
    salt,
    schema_version: REVEAL_SCHEMA,
    span: { end: span.end, start: span.start },
    value_base64: formatBase64(value),
  });
}

/** Takes a reveal apart and verifies nothing. Problem: `reveal_malformed`. */
export function parseReveal(text: string): Result<Reveal> {
  const wrong = bad<Reveal>("reveal_malformed", `this is not a \`${REVEAL_SCHEMA}\``);
  const parsed = parseJson(text, { sizeBytes: REVEAL_BYTES, depth: 3 });
  const canonical = parsed.ok ? canonicalRecord(parsed.value) : parsed;
  if (!parsed.ok || !canonical.ok || canonical.value !== text || !isReveal(parsed.value)) return wrong;
  return ok(parsed.value as unknown as Reveal);
}

const KEYS = ["kind", "path", "record_digest", "record_id", "salt", "schema_version", "span", "value_base64"];

function isReveal(value: JsonValue): boolean {
  if (!isObjectOf(value, KEYS) || !isObjectOf(value.span, ["end", "start"]) || value.schema_version !== REVEAL_SCHEMA) return false;
  const { kind, path, record_digest, record_id, salt, span, value_base64 } = value;
  if (!isPlain(kind) || !isPlain(path) || typeof record_digest !== "string" || !isDigest(record_digest)) return false;
  if (typeof record_id !== "string" || !parseId(record_id).ok || typeof salt !== "string" || !isDigest(`sha256:${salt}`)) return false;
  const bytes = typeof value_base64 === "string" ? parseBase64(value_base64) : null;
  if (bytes === null || bytes.length > REVEAL_VALUE_BYTES) return false;
  const { start, end } = span as { readonly start: JsonValue; readonly end: JsonValue };
  return typeof start === "number" && typeof end === "number" && start >= 0 && end - start === bytes.length;
}

// Printable ASCII without `"` and `\`: paths are of record keys and numbers, and a shell must find where they end.
function isPlain(value: JsonValue | undefined): value is string {
  if (typeof value !== "string") return false;
  for (let i = 0; i < value.length; i++) {
    const unit = value.charCodeAt(i);
    if (unit < 0x20 || unit > 0x7e || unit === 0x22 || unit === 0x5c) return false;
  }
  return true;
}

/**
 * Did this value stand in this record (its canonical text)? Problems, in the order of the checks: `reveal_malformed`, `reveal_other_record`,
 * `reveal_no_such_place`, `reveal_invalid`.
 */
export function verifyReveal(text: string, recordText: string): Result<Reveal> {
  const reveal = parseReveal(text);
  if (!reveal.ok) return reveal;
  if (reveal.value.record_digest !== sha256(recordText)) return isOther(reveal.value);
  return proveReveal(reveal.value, recordText);
}

/** What is said of a reveal whose record is not at hand. */
export function isOther<T>({ record_id }: Reveal): Result<T> {
  return bad("reveal_other_record", `the value is of another record, \`${record_id}\``);
}

/** As verifyReveal, of a reveal that is read and names this record's digest. */
export function proveReveal(reveal: Reveal, recordText: string): Result<Reveal> {
  const { kind, path, span, salt, value_base64, record_id } = reveal;
  const record = parseJson(recordText);
  const redaction = record.ok ? redactionsOf(record.value).find((one) => one.path === path && one.span.start === span.start) : undefined;
  const isThere = redaction?.kind === kind && redaction.span.end === span.end && idOf(record) === record_id;
  if (!isThere) return bad("reveal_no_such_place", `the record has no redaction at \`${path}\`, byte ${span.start}`);
  const isProven = commitmentOf(salt, Buffer.from(value_base64, "base64")) === redaction.commitment;
  return isProven ? ok(reveal) : bad("reveal_invalid", "the value does not prove the commitment");
}

function redactionsOf(value: JsonValue): readonly Redaction[] {
  const list = isMembers(value) ? value.redactions : undefined;
  return Array.isArray(list) ? (list as unknown as readonly Redaction[]) : [];
}

function idOf(record: Result<JsonValue>): JsonValue | undefined {
  return record.ok && isMembers(record.value) ? record.value.record_id : undefined;
}

function isMembers(value: JsonValue): value is { readonly [key: string]: JsonValue } {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
