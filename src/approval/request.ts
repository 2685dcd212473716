// What is asked of persons: one action under one policy, or one set of documents. Implements spec/approval.md 4.1 and 4.2.
// INVARIANT: a request holds nothing of an action: that stands in the record it names, and what is matched is the binding alone.

import {
  bad,
  canonicalRecord,
  formatTime,
  isDigest,
  type JsonObject,
  type JsonValue,
  ok,
  parseId,
  parseJson,
  parseTime,
  type Result,
  SEVERITIES,
  type Severity,
  sha256,
} from "../base/index.js";
import { checkReason, isObjectOf } from "../evidence/index.js";
import type { Route } from "./routes.js";

export const APPROVAL_REQUEST_SCHEMA = "cavra.approval-request.v1";
export const APPROVAL_PREFIX = "apr";
/** The canonical bytes of a request are at most so many; documents and routes in it so many. */
export const APPROVAL_REQUEST_BYTES = 262_144;
export const APPROVAL_DOCUMENTS = 32;
export const APPROVAL_ROUTES = 100;
/** How long a request waits, in milliseconds: where nothing is said, at least, and at most. */
export const ACTION_WAIT_MS = 86_400_000;
export const DOCUMENTS_WAIT_MS = 604_800_000;
export const LEAST_WAIT_MS = 900_000;
export const MOST_WAIT_MS = 604_800_000;

export interface Asker {
  readonly kind: "agent" | "person";
  readonly name: string;
  readonly user: string;
  readonly host: string;
}

/** One step that was stopped: what a person must see of it stands in its record, redacted. */
export interface ActionSubject {
  readonly kind: "action";
  readonly binding: string;
  readonly decision_id: string;
  readonly record_digest: string;
  readonly severity: Severity;
  readonly rule_id: string;
  readonly reason: string;
  readonly policy: { readonly id: string; readonly version: string; readonly digest: string };
}

export interface BoundDocument {
  readonly kind: string;
  /** Of the file's bytes. */
  readonly digest: string;
}

export interface DocumentsSubject {
  readonly kind: "documents";
  readonly purpose: "go_promotion";
  readonly documents: readonly BoundDocument[];
}

export type ApprovalSubject = ActionSubject | DocumentsSubject;

export interface ApprovalRequest {
  readonly schema_version: typeof APPROVAL_REQUEST_SCHEMA;
  readonly approval_id: string;
  readonly created_at: string;
  readonly expires_at: string;
  readonly asker: Asker;
  /** "" from an agent's hook. */
  readonly reason: string;
  readonly subject: ApprovalSubject;
  readonly routes: readonly Route[];
}

/** A request, its text, and the digest that answers name. */
export interface BuiltRequest {
  readonly request: ApprovalRequest;
  readonly text: string;
  readonly digest: string;
}

export interface RequestInput {
  readonly approvalId: string;
  /** Null for what its subject has where nothing is said. */
  readonly waitMs: number | null;
  readonly asker: Asker;
  readonly reason: string;
  readonly subject: ApprovalSubject;
  readonly routes: readonly Route[];
}

/** Problems: `bad_id`, those of checkReason where a person asks, `approval_wait` (no time that may be waited), `approval_malformed`. */
export function buildRequest({ approvalId, waitMs, ...input }: RequestInput): Result<BuiltRequest> {
  const id = parseId(approvalId);
  if (!id.ok) return id;
  if (input.asker.kind === "person") {
    const reason = checkReason(input.reason);
    if (!reason.ok) return reason;
  }
  const wait = waitMs ?? (input.subject.kind === "action" ? ACTION_WAIT_MS : DOCUMENTS_WAIT_MS);
  if (!Number.isInteger(wait) || wait < LEAST_WAIT_MS || wait > MOST_WAIT_MS)
    return bad("approval_wait", "a request waits for 15 minutes at least, and 7 days at most");
  const text = canonicalRecord({
    schema_version: APPROVAL_REQUEST_SCHEMA,
    approval_id: approvalId,
    created_at: formatTime(id.value.momentMs),
    expires_at: formatTime(id.value.momentMs + wait),
    ...input,
  });
  return text.ok ? readRequest(text.value) : malformed(text.problem.message);
}

/** Problem: `approval_malformed`. */
export function readRequest(text: string): Result<BuiltRequest> {
  const parsed = parseJson(text, { sizeBytes: APPROVAL_REQUEST_BYTES, depth: 64 });
  if (!parsed.ok) return malformed(parsed.problem.message);
  const canonical = canonicalRecord(parsed.value);
  if (!canonical.ok || canonical.value !== text) return malformed("it is not canonical JSON");
  const fault = requestFault(parsed.value);
  if (fault !== "") return malformed(fault);
  return ok({ request: parsed.value as unknown as ApprovalRequest, text, digest: sha256(text) });
}

const REQUEST_KEYS = ["approval_id", "asker", "created_at", "expires_at", "reason", "routes", "schema_version", "subject"];

function requestFault(value: JsonValue): string {
  if (!isObjectOf(value, REQUEST_KEYS)) return "it has other keys";
  const { schema_version, approval_id, created_at, expires_at, asker, reason, routes, subject } = value;
  if (schema_version !== APPROVAL_REQUEST_SCHEMA) return "its schema_version is another";
  const id = typeof approval_id === "string" ? parseId(approval_id) : null;
  if (id?.ok !== true || id.value.prefix !== APPROVAL_PREFIX) return "its approval_id is none";
  if (created_at !== formatTime(id.value.momentMs)) return "created_at is not the time of its id";
  const end = typeof expires_at === "string" ? parseTime(expires_at) : null;
  const wait = end?.ok === true ? end.value - id.value.momentMs : 0;
  if (wait < LEAST_WAIT_MS || wait > MOST_WAIT_MS) return "expires_at is no time that may be waited for";
  if (!isObjectOf(asker, ["host", "kind", "name", "user"]) || !Object.values(asker).every(isText)) return "the asker has other keys";
  if (asker.kind !== "agent" && asker.kind !== "person") return "the asker is neither agent nor person";
  if (!isText(reason)) return "the reason is no text";
  if (!isListOf(routes, 1, APPROVAL_ROUTES, isRoute)) return "the routes have another form";
  return subjectFault(subject);
}

const ACTION_KEYS = ["binding", "decision_id", "kind", "policy", "reason", "record_digest", "rule_id", "severity"];

function subjectFault(subject: JsonValue | undefined): string {
  if (isObjectOf(subject, ["documents", "kind", "purpose"])) {
    if (subject.kind !== "documents" || subject.purpose !== "go_promotion") return "the documents are for nothing that is known";
    if (!isListOf(subject.documents, 1, APPROVAL_DOCUMENTS, isDocument)) return "the documents have another form";
    const kinds = (subject.documents as readonly JsonObject[]).map(({ kind }) => String(kind));
    return kinds.every((kind, i) => i === 0 || (kinds[i - 1] ?? "") < kind) ? "" : "the documents are not in order, or one is there twice";
  }
  if (!isObjectOf(subject, ACTION_KEYS) || subject.kind !== "action") return "the subject is neither action nor documents";
  const { binding, decision_id, policy, reason, record_digest, rule_id, severity } = subject;
  if (typeof binding !== "string" || !/^hmac-sha256:[0-9a-f]{64}$/.test(binding)) return "the binding has another form";
  if (!isText(decision_id) || !isText(reason) || !isText(rule_id) || !SEVERITIES.some((one) => one === severity))
    return "a text of the subject is none";
  if (!isObjectOf(policy, ["digest", "id", "version"]) || !isText(policy.id) || !isText(policy.version)) return "the policy is not named";
  return [policy.digest, record_digest].every((one) => isText(one) && isDigest(one)) ? "" : "a digest of the subject is none";
}

function isDocument(value: JsonValue): boolean {
  return (
    isObjectOf(value, ["digest", "kind"]) &&
    typeof value.kind === "string" &&
    /^[a-z_]{1,40}$/.test(value.kind) &&
    typeof value.digest === "string" &&
    isDigest(value.digest)
  );
}

function isRoute(value: JsonValue): boolean {
  if (!isObjectOf(value, ["approvers", "count", "id"]) || !isText(value.id)) return false;
  const { approvers, count } = value;
  return isListOf(approvers, 1, 1_000, isText) && typeof count === "number" && Number.isInteger(count) && count >= 1 && count <= 100;
}

function isListOf(value: JsonValue | undefined, least: number, most: number, isOne: (one: JsonValue) => boolean): boolean {
  return Array.isArray(value) && value.length >= least && value.length <= most && (value as readonly JsonValue[]).every(isOne);
}

function isText(value: JsonValue | undefined): value is string {
  return typeof value === "string";
}

function malformed<T>(message: string): Result<T> {
  return bad("approval_malformed", `this is no request for an approval: ${message}`);
}
