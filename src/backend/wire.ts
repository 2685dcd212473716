// The lines between TypeScript and the worker. Implements spec/backend.md sections 2.3 and 3. Twin of go/worker/wire.go. Pure.
// SECURITY: what a worker says is data from elsewhere, read as strictly as a payload. A line that is not exactly what may come here is garbage.

import { isUtf8 } from "node:buffer";
import { canonicalJson, type JsonObject, type JsonValue, parseJson, sha256 } from "../base/index.js";
import type { Answered, Evaluation, Fault } from "./model.js";

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
  /** "" without a registry of MCP servers. */
  readonly registry_digest: string;
  readonly pid: number;
}

/** What a caller must know of its worker before it asks. */
export interface Expected {
  readonly build: string;
  readonly catalogueDigest: string;
  readonly policyDigest: string;
  /** Null, or left out, where no registry of MCP servers is to be loaded; its digest is "" where it cannot be read. */
  readonly registry?: { readonly digest: string } | null;
}

export type Answer =
  | {
      readonly kind: "judgement";
      readonly id: string;
      readonly request_digest: string;
      readonly policy_digest: string;
      readonly judgement: string;
    }
  | { readonly kind: "refused"; readonly id: string; readonly code: string; readonly message: string };

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
export function readHello(line: Uint8Array | string): Hello | null {
  const value = objectOf(line);
  if (value === null || value.kind !== "hello" || !hasKeys(value, HELLO_KEYS)) return null;
  const { protocol, version, build, engine, catalogue_digest, policy, registry_digest, pid } = value;
  if (!areTexts(protocol, version, build, engine, catalogue_digest, registry_digest)) return null;
  if (!isObject(policy) || !hasKeys(policy, ["id", "version", "digest"])) return null;
  if (!areTexts(policy.id, policy.version, policy.digest) || !Number.isSafeInteger(pid)) return null;
  return value as unknown as Hello;
}

/** Why a worker that begins with this is not asked; null where it may be. */
export function wrongHello(hello: Hello | null, { build, catalogueDigest, policyDigest, registry }: Expected): Fault | null {
  if (hello === null) return { code: "protocol_mismatch", message: "its first line is no hello" };
  if (hello.build !== build) return { code: "runtime_wrong_digest", message: "the binary that runs is not the one at the path" };
  if (hello.protocol !== PROTOCOL) return { code: "protocol_mismatch", message: `it speaks \`${hello.protocol}\`, not \`${PROTOCOL}\`` };
  if (hello.catalogue_digest !== catalogueDigest) return { code: "catalogue_mismatch", message: "it was built with another catalogue" };
  if (hello.policy.digest !== policyDigest) return { code: "policy_mismatch", message: "it has another policy than the one in force" };
  if (hello.registry_digest !== (registry?.digest ?? ""))
    return { code: "registry_mismatch", message: "it has another MCP registry than the one in force" };
  return null;
}

/** What a worker answers with, or null for a line that is no answer. */
export function readAnswer(line: Uint8Array | string): Answer | null {
  return plainJudgement(line) ?? strictAnswer(line);
}

// A judgement as every worker of ours writes it, taken by the language's own reader, in half of the time. SECURITY: only where the same bytes come out
// again when it is written in the one order: then no key stood twice, nothing else stood there, and the strict reader would have read the same.
function plainJudgement(line: Uint8Array | string): Answer | null {
  if (typeof line === "string" || line.length > LINE_BYTES || !isUtf8(line)) return null;
  const text = Buffer.from(line.buffer, line.byteOffset, line.length).toString("utf8");
  try {
    const { id, judgement, policy_digest, request_digest } = JSON.parse(text) as Readonly<Record<string, JsonValue | undefined>>;
    if (!areTexts(id, judgement, policy_digest, request_digest)) return null;
    const answer = { id, judgement, kind: "judgement", policy_digest, request_digest } as Answer;
    return JSON.stringify(answer) === text && !text.includes(SURROGATE_ESCAPE) ? answer : null;
  } catch {
    return null;
  }
}

/** So begins an escape of half of a pair, which stands for no character. */
const SURROGATE_ESCAPE = "\\ud";

function strictAnswer(line: Uint8Array | string): Answer | null {
  const value = objectOf(line);
  const keys = value === null || typeof value.kind !== "string" ? undefined : ANSWER_KEYS.get(value.kind);
  if (value === null || keys === undefined || !hasKeys(value, keys)) return null;
  return areTexts(...keys.map((key) => value[key])) ? (value as unknown as Answer) : null;
}

/** What an answer makes of the request that it names. */
export function answered(answer: Answer, requestDigest: string, policyDigest: string): Answered {
  if (answer.kind === "refused") return { ok: false, ...refusalOf(answer.code, answer.message) };
  if (answer.request_digest !== requestDigest)
    return { ok: false, code: "wrong_request_digest", message: "the answer is to another request" };
  if (answer.policy_digest !== policyDigest) return { ok: false, code: "wrong_policy_digest", message: "the answer is by another policy" };
  return { ok: true, judgement: answer.judgement };
}

function refusalOf(code: string, message: string): Fault {
  if (code === "deadline_exceeded" || code === "answer_too_large") return { code, message };
  return { code: "refused", message: `${code}: ${message}` };
}

const HELLO_KEYS = ["kind", "protocol", "version", "build", "engine", "catalogue_digest", "policy", "registry_digest", "pid"];
const ANSWER_KEYS: ReadonlyMap<string, readonly string[]> = new Map([
  ["judgement", ["kind", "id", "request_digest", "policy_digest", "judgement"]],
  ["refused", ["kind", "id", "code", "message"]],
]);

function objectOf(line: Uint8Array | string): JsonObject | null {
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
