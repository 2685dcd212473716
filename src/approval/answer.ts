// One person's answer to a request, signed. Implements spec/approval.md 4.3 and 5.2.
// An answer that does not count is never an error of the whole: it is listed with its code, and counts for nothing.

import { bad, canonicalRecord, type JsonObject, ok, parseJson, parseTime, type Result, sha256 } from "../base/index.js";
import {
  type Envelope,
  isObjectOf,
  isSignedBy,
  type KeySigner,
  keyFor,
  parseEnvelope,
  publicKeyOf,
  signEnvelope,
  TRUST_SKEW_MS,
  type TrustDocument,
} from "../evidence/index.js";
import type { ApprovalRequest, BuiltRequest } from "./request.js";

export const APPROVAL_ANSWER_SCHEMA = "cavra.approval-answer.v1";
export const APPROVAL_ANSWER_TYPE = "application/vnd.cavra.approval-answer.v1+json";
/** The canonical bytes of an answer are at most so many, and its reason so many. */
export const APPROVAL_ANSWER_BYTES = 4_096;
export const ANSWER_REASON_BYTES = 500;
/** An approval holds for at most so many milliseconds after it was given. */
export const APPROVAL_HOLDS_MS = 604_800_000;

export interface ApprovalAnswer {
  readonly schema_version: typeof APPROVAL_ANSWER_SCHEMA;
  readonly approval_id: string;
  readonly request_digest: string;
  readonly answer: "approved" | "denied";
  readonly reason: string;
  /** The name of the key in the trust document: the person. */
  readonly name: string;
  readonly issued_at: string;
  /** "" of a denial. */
  readonly expires_at: string;
}

/** An envelope as a file holds it. Problem: `answer_malformed`. */
export function signAnswer(answer: ApprovalAnswer, signer: KeySigner): Result<string> {
  const text = canonicalRecord(answer);
  const read = text.ok ? readAnswer(Buffer.from(text.value)) : text;
  if (!text.ok || !read.ok) return malformed(read.ok ? "it has no canonical form" : read.problem.message);
  const envelope = signEnvelope(APPROVAL_ANSWER_TYPE, Buffer.from(text.value), [signer]);
  return envelope.ok ? ok(`${envelope.value}\n`) : malformed(envelope.problem.message);
}

/** An answer that counts. */
export interface CountedAnswer {
  readonly answer: ApprovalAnswer;
  readonly keyId: string;
  /** Of the file's bytes. */
  readonly digest: string;
}

/**
 * Does this answer count for this request? Problems in the order of the checks: `envelope_malformed`, `answer_malformed`, those of keyFor (a key
 * that has ended gives no answers any more: `key_retired`), `signature_invalid`, `answer_other_request`, `answer_other_name`, `answer_own`,
 * `answer_early`, `answer_after_end`, `answer_future`.
 */
export function countAnswer(
  text: string,
  asked: BuiltRequest,
  trust: TrustDocument,
  ownNames: readonly string[],
  nowMs: number,
): Result<CountedAnswer> {
  const envelope = parseEnvelope(text.endsWith("\n") ? text.slice(0, -1) : text);
  if (!envelope.ok) return envelope;
  if (envelope.value.payloadType !== APPROVAL_ANSWER_TYPE) return malformed("the envelope holds something else");
  const answer = readAnswer(envelope.value.payload);
  if (!answer.ok) return answer;
  const signed = signedName(envelope.value, answer.value, trust);
  if (!signed.ok) return signed;
  const { keyId, name } = signed.value;
  if (answer.value.approval_id !== asked.request.approval_id || answer.value.request_digest !== asked.digest)
    return bad("answer_other_request", "the answer is to another request");
  if (answer.value.name !== name) return bad("answer_other_name", `the key is ${name}'s, the answer says \`${answer.value.name}\``);
  if (ownNames.includes(name)) return bad("answer_own", `${name} cannot answer what ${name} asked for or made`);
  const timely = isTimely(answer.value, asked.request, nowMs);
  return timely.ok ? ok({ answer: answer.value, keyId, digest: sha256(text) }) : timely;
}

function signedName(
  envelope: Envelope,
  answer: ApprovalAnswer,
  trust: TrustDocument,
): Result<{ readonly keyId: string; readonly name: string }> {
  const [signature, ...more] = envelope.signatures;
  if (signature === undefined || more.length > 0) return malformed("it does not have exactly one signature");
  const key = keyFor(trust, signature.keyId, "approver", { kind: "document", issuedAt: answer.issued_at });
  if (!key.ok) return key;
  // Whoever is no approver any more must not answer with an earlier date.
  if (key.value.state !== "active") return bad("key_retired", `\`${key.value.key_id}\` was retired`);
  if (!isSignedBy(envelope, signature, publicKeyOf(key.value)))
    return bad("signature_invalid", `the signature of \`${key.value.key_id}\` does not verify`);
  return ok({ keyId: key.value.key_id, name: key.value.name });
}

function isTimely({ issued_at }: ApprovalAnswer, { created_at, expires_at }: ApprovalRequest, nowMs: number): Result<null> {
  if (issued_at < created_at) return bad("answer_early", "the answer is older than what was asked");
  if (issued_at >= expires_at) return bad("answer_after_end", "the answer came when the request had ended");
  return momentOf(issued_at) > nowMs + TRUST_SKEW_MS ? bad("answer_future", `the answer is dated ${issued_at}`) : ok(null);
}

const ANSWER_KEYS = ["answer", "approval_id", "expires_at", "issued_at", "name", "reason", "request_digest", "schema_version"];

function readAnswer(payload: Uint8Array): Result<ApprovalAnswer> {
  const parsed = parseJson(payload, { sizeBytes: APPROVAL_ANSWER_BYTES, depth: 2 });
  if (!parsed.ok) return malformed(parsed.problem.message);
  const canonical = canonicalRecord(parsed.value);
  if (!canonical.ok || canonical.value !== Buffer.from(payload).toString("utf8")) return malformed("it is not canonical JSON");
  if (!isObjectOf(parsed.value, ANSWER_KEYS)) return malformed("it has other keys");
  const fault = answerFault(parsed.value);
  return fault === "" ? ok(parsed.value as unknown as ApprovalAnswer) : malformed(fault);
}

function answerFault(value: JsonObject): string {
  if (!Object.values(value).every((one) => typeof one === "string")) return "a value is no text";
  const { schema_version, answer, reason, issued_at, expires_at } = value as unknown as Readonly<Record<string, string>>;
  if (schema_version !== APPROVAL_ANSWER_SCHEMA) return "its schema_version is another";
  if (answer !== "approved" && answer !== "denied") return "it is neither approval nor denial";
  if (Buffer.byteLength(reason ?? "") > ANSWER_REASON_BYTES) return `the reason has more than ${ANSWER_REASON_BYTES} bytes`;
  const from = parseTime(issued_at ?? "");
  if (!from.ok) return "issued_at is no time";
  if (answer === "denied") return expires_at === "" ? "" : "a denial has no end";
  const end = parseTime(expires_at ?? "");
  const holds = end.ok ? end.value - from.value : 0;
  return holds > 0 && holds <= APPROVAL_HOLDS_MS ? "" : "expires_at is not within 7 days after issued_at";
}

function momentOf(time: string): number {
  const moment = parseTime(time);
  return moment.ok ? moment.value : 0;
}

function malformed<T>(message: string): Result<T> {
  return bad("answer_malformed", `this is no answer: ${message}`);
}
