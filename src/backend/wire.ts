// The lines between TypeScript and the worker. Implements spec/backend.md sections 2.3 and 3. Twin of go/worker/wire.go. Pure.
// SECURITY: what a worker says is data from elsewhere, read as strictly as a payload. A line that is not exactly what may come here is garbage.

import { canonicalJson, type JsonObject, type JsonValue, parseJson, sha256 } from "../base/index.js";
import type { Evaluation } from "./model.js";

export const PROTOCOL = "cavra.worker.v1";
/** Of one line, in bytes, without its end. */
export const LINE_BYTES = 4 * 1024 * 1024;

/** What a worker says of itself before anything else. */
export interface Hello {
  readonly protocol: string;
  readonly version: string;
  readonly build: string;
  readonly engine: string;
  readonly catalogue_digest: string;
  readonly policy: { readonly id: string; readonly version: string; readonly digest: string };
  readonly pid: number;
}

export type Line =
  | {
      readonly kind: "judgement";
      readonly id: string;
      readonly request_digest: string;
      readonly policy_digest: string;
      readonly judgement: string;
    }
  | { readonly kind: "refused"; readonly id: string; readonly code: string; readonly message: string }
  | { readonly kind: "pong"; readonly id: string };

export interface Request {
  readonly line: string;
  /** Of what is asked, without id and deadline. */
  readonly digest: string;
}

/** Null where the evaluation has no canonical form (a lone surrogate), or is longer than a line may be. */
export function requestLine(id: string, deadlineMs: number, { action, facts, subject }: Evaluation): Request | null {
  const asked = canonicalJson({ action, facts, subject });
  if (!asked.ok) return null;
  const line = `{"kind":"evaluate","id":${JSON.stringify(id)},"deadline_ms":${deadlineMs},${asked.value.slice(1)}`;
  return Buffer.byteLength(line) > LINE_BYTES ? null : { line, digest: sha256(asked.value) };
}

/** The hello of a line, or null for a line that is none. */
export function readHello(line: string): Hello | null {
  const value = objectOf(line);
  if (value === null || value.kind !== "hello" || !hasKeys(value, HELLO_KEYS)) return null;
  const { protocol, version, build, engine, catalogue_digest, policy, pid } = value;
  if (!areTexts(protocol, version, build, engine, catalogue_digest) || !isObject(policy) || !hasKeys(policy, ["id", "version", "digest"]))
    return null;
  if (!areTexts(policy.id, policy.version, policy.digest) || !Number.isSafeInteger(pid)) return null;
  return value as unknown as Hello;
}

/** What a worker answers with, or null for a line that is no answer. */
export function readAnswer(line: string): Line | null {
  const value = objectOf(line);
  const keys = value === null || typeof value.kind !== "string" ? undefined : ANSWER_KEYS.get(value.kind);
  if (value === null || keys === undefined || !hasKeys(value, keys)) return null;
  return areTexts(...keys.map((key) => value[key])) ? (value as unknown as Line) : null;
}

const HELLO_KEYS = ["kind", "protocol", "version", "build", "engine", "catalogue_digest", "policy", "pid"];
const ANSWER_KEYS: ReadonlyMap<string, readonly string[]> = new Map([
  ["judgement", ["kind", "id", "request_digest", "policy_digest", "judgement"]],
  ["refused", ["kind", "id", "code", "message"]],
  ["pong", ["kind", "id"]],
]);

function objectOf(line: string): JsonObject | null {
  const read = parseJson(line, { sizeBytes: LINE_BYTES, depth: 4 });
  return read.ok && isObject(read.value) ? read.value : null;
}

function isObject(value: JsonValue | undefined): value is JsonObject {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function hasKeys(value: JsonObject, keys: readonly string[]): boolean {
  return Object.keys(value).length === keys.length && keys.every((key) => Object.hasOwn(value, key));
}

function areTexts(...values: readonly (JsonValue | undefined)[]): boolean {
  return values.every((value) => typeof value === "string");
}
