// One record in the journal: newline, length, digest, JSON, newline. Implements spec/record.md section 7. Twin of go/evidence/frame.go.
// A frame begins with a newline of its own, so that a frame torn by a crash never swallows the next one.
// INVARIANT: reading is linear, whatever the bytes are: every line is looked at once, and hashed at most once.

import { isUtf8 } from "node:buffer";
import { canonicalRecord, formatTime, type JsonObject, parseId, sha256 } from "../base/index.js";
import { RECORD_BYTES } from "./record.js";

/** No frame is longer: newline, 7 digits, space, 71 of digest, space, record, newline. */
export const FRAME_BYTES = RECORD_BYTES + 82;

const NEWLINE = 0x0a;
const SPACE = 0x20;
const DIGEST_LENGTH = 71;

/** What the journal needs of any record: `recorded_at` is the time in `record_id`; the schema_version says what else there is. */
export interface JournalRecord extends JsonObject {
  readonly schema_version: string;
  readonly record_id: string;
  readonly recorded_at: string;
}

export type FrameDamage =
  | "foreign_bytes"
  | "torn_frame"
  | "torn_tail"
  | "bad_header"
  | "bad_length"
  | "digest_mismatch"
  | "not_canonical"
  | "not_a_record";

export type FrameItem =
  | {
      readonly kind: "record";
      readonly offset: number;
      readonly length: number;
      readonly digest: string;
      /** The canonical text, as it stands in the frame. */
      readonly text: string;
      readonly record: JournalRecord;
    }
  | { readonly kind: "damage"; readonly offset: number; readonly length: number; readonly code: FrameDamage };

export function encodeFrame(text: string, digest: string): Buffer {
  return Buffer.from(`\n${Buffer.byteLength(text)} ${digest} ${text}\n`);
}

/**
 * Reads the frames at the beginning of `bytes`, which stand at `offset` in the file. `consumed` bytes are done with; the rest must come again
 * with more behind it. With `final` nothing comes after `bytes` and all is consumed.
 */
export function scanFrames(
  bytes: Buffer,
  offset: number,
  final: boolean,
): { readonly items: readonly FrameItem[]; readonly consumed: number } {
  const items: FrameItem[] = [];
  let at = 0;
  while (at < bytes.length) {
    const end = lineEnd(bytes, at);
    const tooLong = end < 0 && bytes.length - at > FRAME_BYTES;
    // One byte of looking ahead tells a frame's own last newline from the first one of the next frame.
    if (!final && !tooLong && (end < 0 || end + 1 === bytes.length)) break;
    const item = tooLong ? damaged("foreign_bytes", offset + at, FRAME_BYTES) : readLine(bytes, at, end, offset);
    items.push(item);
    at += item.length;
  }
  return { items, consumed: at };
}

// The newline that ends the line at `at`, or -1 when there is none within the length of a frame.
function lineEnd(bytes: Buffer, at: number): number {
  const end = bytes.indexOf(NEWLINE, bytes[at] === NEWLINE ? at + 1 : at);
  return end < at + FRAME_BYTES ? end : -1;
}

function damaged(code: FrameDamage, offset: number, length: number): FrameItem {
  return { kind: "damage", offset, length, code };
}

function readLine(bytes: Buffer, at: number, end: number, base: number): FrameItem {
  const damage = (code: FrameDamage, to: number) => damaged(code, base + at, to - at);
  const begins = bytes[at] === NEWLINE;
  if (end < 0) return damage(begins ? "torn_tail" : "foreign_bytes", bytes.length);
  if (end === at + 1 && begins) return damage("torn_frame", end);
  const own = ownsNewline(bytes, end);
  const read = begins ? readFrame(bytes.subarray(at + 1, end)) : "foreign_bytes";
  if (typeof read === "string") return damage(read, own ? end + 1 : end);
  // All there but its last newline: the write was cut one byte short and never answered.
  if (!own) return damage("torn_frame", end);
  return { kind: "record", offset: base + at, length: end + 1 - at, ...read };
}

// A newline with a digit behind it begins the next frame; any other ends this one.
function ownsNewline(bytes: Buffer, at: number): boolean {
  const next = bytes[at + 1];
  return !isDigit(next) || next === 0x30;
}

function readFrame(line: Buffer): FrameDamage | { readonly digest: string; readonly text: string; readonly record: JournalRecord } {
  const header = readHeader(line);
  if (typeof header === "string") return header;
  const body = line.subarray(header.size);
  if (body.length !== header.length) return body.length < header.length ? "torn_frame" : "bad_length";
  if (sha256(body) !== header.digest) return "digest_mismatch";
  const read = readRecord(body);
  return typeof read === "string" ? read : { digest: header.digest, ...read };
}

/** The record whose canonical bytes these are, and its text; else what they are instead (7.3, 4). */
export function readRecord(bytes: Buffer): "not_canonical" | "not_a_record" | { readonly text: string; readonly record: JournalRecord } {
  const read = canonicalValue(bytes);
  if (read === null) return "not_canonical";
  const record = asRecord(read.value);
  return record === null ? "not_a_record" : { text: read.text, record };
}

// Bytes that are their own canonical form hold no key twice, no other number than integers and no half surrogate, so that the strict reader
// would say nothing else than JSON.parse does, at four times the cost.
function canonicalValue(body: Buffer): { readonly text: string; readonly value: unknown } | null {
  if (!isUtf8(body)) return null;
  try {
    const text = body.toString("utf8");
    const value: unknown = JSON.parse(text);
    const canonical = canonicalRecord(value);
    return canonical.ok && canonical.value === text ? { text, value } : null;
  } catch {
    return null;
  }
}

// Length without leading zeros, space, digest, space. A line that ends inside a header that is right so far was torn.
function readHeader(
  line: Buffer,
): "torn_frame" | "bad_header" | { readonly length: number; readonly digest: string; readonly size: number } {
  let at = 0;
  let length = 0;
  while (at < line.length && at < 7 && isDigit(line[at])) length = length * 10 + (line[at++] ?? 0) - 0x30;
  if (at === line.length) return line[0] === 0x30 ? "bad_header" : "torn_frame";
  if (at === 0 || line[0] === 0x30 || line[at] !== SPACE || length > RECORD_BYTES) return "bad_header";
  const digest = line.toString("latin1", at + 1, at + 1 + DIGEST_LENGTH);
  for (let i = 0; i < digest.length; i++) if (!fitsDigest(digest, i)) return "bad_header";
  const size = at + 1 + DIGEST_LENGTH + 1;
  if (line.length < size) return "torn_frame";
  return line[size - 1] === SPACE ? { length, digest, size } : "bad_header";
}

function fitsDigest(digest: string, i: number): boolean {
  const unit = digest.charCodeAt(i);
  return i < 7 ? digest[i] === "sha256:"[i] : isDigit(unit) || (unit >= 0x61 && unit <= 0x66);
}

function isDigit(byte: number | undefined): boolean {
  return byte !== undefined && byte >= 0x30 && byte <= 0x39;
}

function asRecord(value: unknown): JournalRecord | null {
  if (typeof value !== "object" || value === null || Array.isArray(value)) return null;
  const { schema_version, record_id, recorded_at } = value as Readonly<Record<string, unknown>>;
  if (typeof schema_version !== "string" || typeof record_id !== "string" || typeof recorded_at !== "string") return null;
  const id = parseId(record_id);
  return id.ok && recorded_at === formatTime(id.value.momentMs) ? (value as JournalRecord) : null;
}
