// Takes the secrets out of a record before anything else sees it. Implements spec/redaction.md sections 1, 7 and 8.
// Twin of go/evidence/redact.go.
// SECURITY: each secret's place holds a commitment that only the redaction key's holder can test a guess against, and that differs from place to
// place, so that equal secrets cannot be told by comparing records. A marker proves nothing: an agent can write one. The list of redactions does.

import { commitmentOf, saltOf } from "./commitment.js";
import type { RecordedAction, RecordedJudgement, Redaction, Who } from "./model.js";
import { findSecrets } from "./secrets/find.js";
import type { Finding } from "./secrets/tokens.js";
import { classesOf, isPath } from "./secrets/values.js";
import { everyString, mapStrings } from "./strings.js";

/** A string keeps at most so many UTF-8 bytes, and the marker of what was cut off. */
export const STRING_BYTES = 64 * 1024;
/** From one more than so many findings on, the rest of a string is one redaction. */
export const STRING_FINDINGS = 100;
/** So many values are looked for in every string of the record. */
export const KNOWN_VALUES = 64;

/** The parts of a record that an action can write into, by their paths in it. */
export interface Redactable {
  readonly action: RecordedAction | null;
  readonly basis: { readonly reason: string };
  readonly judgement: { readonly effects: RecordedJudgement["effects"] } | null;
  readonly who: Who;
}

export interface Redacted<T> {
  readonly value: T;
  readonly redactions: readonly Redaction[];
}

/** Every string of the value is looked through, whatever its shape: `Redactable` in a record. */
export function redact<T>(input: T, recordId: string, key: Uint8Array): Redacted<T> {
  // Most records hold no secret: then there is nothing to rewrite.
  if (everyString(input, (text) => text.length * 3 <= STRING_BYTES && findSecrets(text).length === 0))
    return { value: input, redactions: [] };
  const found = new Map<string, readonly Finding[]>();
  const texts: string[] = [];
  mapStrings(input, "", (text) => {
    if (!found.has(text)) found.set(text, findSecrets(text));
    texts.push(text);
    return text;
  });
  const known = knownValues(texts, found);
  const redactions: Redaction[] = [];
  const value = mapStrings(input, "", (text, path) => {
    const findings = limited(text, united([...(found.get(text) ?? []), ...occurrences(text, known)]));
    if (findings.length === 0 && text.length * 3 <= STRING_BYTES) return text;
    return rewrite(text, findings, (kind, secret, start) => {
      const commitment = commitmentOf(saltOf(key, recordId, path, start), secret);
      const redaction = { path, kind, span: { start, end: start + Buffer.byteLength(secret) }, commitment };
      redactions.push(redaction);
      return markerOf(redaction);
    });
  });
  return { value, redactions };
}

/** What stands in the secret's place: `[redacted:KIND:` and the first 16 digits of the commitment, `]`. */
export function markerOf(redaction: Pick<Redaction, "kind" | "commitment">): string {
  return `[redacted:${redaction.kind}:${redaction.commitment.slice("hmac-sha256:".length, "hmac-sha256:".length + 16)}]`;
}

// A secret found by its surroundings appears elsewhere without them: the password of an option is an operand in an effect.
// Words and paths are not looked for elsewhere: `TOKEN=main` must not hide the branch that is pushed.
function knownValues(texts: readonly string[], found: ReadonlyMap<string, readonly Finding[]>): readonly Known[] {
  const known = new Map<string, string>();
  for (const text of texts) {
    for (const { kind, start, end } of found.get(text) ?? []) {
      const secret = text.slice(start, end);
      if (known.size < KNOWN_VALUES && isDistinct(secret) && !known.has(secret)) known.set(secret, kind);
    }
  }
  return [...known].map(([secret, kind]) => ({ secret, kind }));
}

interface Known {
  readonly secret: string;
  readonly kind: string;
}

const DISTINCT_BYTES = 8;

function isDistinct(secret: string): boolean {
  const has = classesOf(secret);
  return Buffer.byteLength(secret) >= DISTINCT_BYTES && (has.special || (has.digit && (has.lower || has.upper))) && !isPath(secret);
}

function occurrences(text: string, known: readonly Known[]): readonly Finding[] {
  return known.flatMap(({ secret, kind }) => {
    const places: Finding[] = [];
    for (let at = text.indexOf(secret); at >= 0; at = text.indexOf(secret, at + secret.length)) {
      places.push({ kind, start: at, end: at + secret.length });
    }
    return places;
  });
}

// Overlapping findings become one, from the first start to the last end, under the name of the first. Nothing may stick out.
function united(findings: readonly Finding[]): readonly Finding[] {
  const sorted = [...findings].sort((a, b) => a.start - b.start || b.end - a.end);
  const result: Finding[] = [];
  for (const one of sorted) {
    const last = result.at(-1);
    if (last === undefined || one.start >= last.end) result.push(one);
    else if (one.end > last.end) result[result.length - 1] = { ...last, end: one.end };
  }
  return result;
}

function limited(text: string, findings: readonly Finding[]): readonly Finding[] {
  const excess = findings[STRING_FINDINGS];
  if (excess === undefined) return findings;
  return [...findings.slice(0, STRING_FINDINGS), { kind: "too_many", start: excess.start, end: text.length }];
}

type Replace = (kind: string, secret: string, startBytes: number) => string;

/** Copies the text with each finding replaced; when the copy is full, the rest of the text is one more redaction, `too_long`. */
function rewrite(text: string, findings: readonly Finding[], replace: Replace): string {
  let copy = "";
  let size = 0;
  let at = 0;
  let atBytes = 0;
  for (const { kind, start, end } of [...findings, { kind: "", start: text.length, end: text.length }]) {
    const room = STRING_BYTES - size;
    const plain = text.slice(at, start);
    const plainBytes = Buffer.byteLength(plain);
    // A marker has fewer than 64 bytes; one that does not fit is part of the rest.
    if (plainBytes + (kind === "" ? 0 : MARKER_BYTES) > room) {
      const kept = prefixOfBytes(plain, room);
      const rest = text.slice(at + kept.length);
      return copy + kept + replace("too_long", rest, atBytes + Buffer.byteLength(kept));
    }
    copy += plain;
    if (kind === "") break;
    const secret = text.slice(start, end);
    const marker = replace(kind, secret, atBytes + plainBytes);
    copy += marker;
    size += plainBytes + marker.length;
    atBytes += plainBytes + Buffer.byteLength(secret);
    at = end;
  }
  return copy;
}

const MARKER_BYTES = 64;

/** The longest beginning of at most so many UTF-8 bytes that does not end inside a character. */
function prefixOfBytes(text: string, most: number): string {
  const bytes = Buffer.from(text);
  if (bytes.length <= most) return text;
  let end = most;
  while (end > 0 && ((bytes[end] ?? 0) & 0xc0) === 0x80) end--;
  return bytes.toString("utf8", 0, end);
}
