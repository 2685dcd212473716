// The record of what happened to a request for an approval. Implements spec/approval.md section 7.
// It stands in the same journal as the decisions, so that whoever was not there sees who asked, who answered, and what it was used for.

import { bad, canonicalRecord, formatTime, isDigest, ok, parseId, type Result, sha256 } from "../base/index.js";
import { type ChangePerson, REASON_BYTES } from "./host-change.js";
import type { Engine } from "./model.js";

export const APPROVAL_EVENT_SCHEMA = "cavra.approval-event.v1";
/** The prefix of these records' identifiers. */
export const APPROVAL_EVENT_PREFIX = "ape";

export const APPROVAL_EVENTS = ["requested", "approved", "denied", "expired", "used"] as const;
export type ApprovalEventKind = (typeof APPROVAL_EVENTS)[number];

export interface ApprovalEvent {
  readonly schema_version: typeof APPROVAL_EVENT_SCHEMA;
  readonly record_id: string;
  readonly recorded_at: string;
  readonly event: ApprovalEventKind;
  readonly approval_id: string;
  readonly request_digest: string;
  /** Of the answer that was given; "" for the other events. */
  readonly answer_digest: string;
  /** The decision that asked, or for which it was used; "" for none. */
  readonly decision_id: string;
  readonly person: ChangePerson;
  readonly reason: string;
  readonly engine: Engine;
}

export type ApprovalEventInput = Omit<ApprovalEvent, "schema_version" | "record_id" | "recorded_at"> & { readonly recordId: string };

export interface BuiltApprovalEvent {
  readonly record: ApprovalEvent;
  readonly text: string;
  readonly digest: string;
}

/** Problems: `bad_id`, `approval_malformed` (a digest that is none, too long a reason), and the codes of canonicalRecord. */
export function buildApprovalEvent({ recordId, ...input }: ApprovalEventInput): Result<BuiltApprovalEvent> {
  const [id, approval] = [parseId(recordId), parseId(input.approval_id)];
  if (!id.ok) return id;
  if (!approval.ok) return approval;
  if (id.value.prefix !== APPROVAL_EVENT_PREFIX) return bad("bad_id", `\`${recordId}\` is no identifier of an approval's event`);
  const isAnswer = input.event === "approved" || input.event === "denied";
  if (!isDigest(input.request_digest) || (isAnswer ? !isDigest(input.answer_digest) : input.answer_digest !== ""))
    return bad("approval_malformed", "an approval's event names the digests of request and answer");
  if (Buffer.byteLength(input.reason) > REASON_BYTES) return bad("approval_malformed", `a reason may have ${REASON_BYTES} bytes`);
  const record: ApprovalEvent = {
    schema_version: APPROVAL_EVENT_SCHEMA,
    record_id: recordId,
    recorded_at: formatTime(id.value.momentMs),
    ...input,
  };
  const text = canonicalRecord(record);
  return text.ok ? ok({ record, text: text.value, digest: sha256(text.value) }) : text;
}
