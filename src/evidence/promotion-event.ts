// The record of what became of promotion: gate, lease, hold, demotion. Implements spec/promotion.md section 11.
// It stands in the same journal as the decisions, so that whoever was not there can say why Go was selected, or not, at any moment.

import { bad, canonicalRecord, formatTime, ok, parseId, type Result, type Shape, sha256, shapeFault } from "../base/index.js";
import { type ChangePerson, REASON_BYTES } from "./host-change.js";
import type { Engine } from "./model.js";

export const PROMOTION_EVENT_SCHEMA = "cavra.promotion-event.v1";
/** The prefix of these records' identifiers. */
export const PROMOTION_EVENT_PREFIX = "prm";

export const PROMOTION_EVENTS = ["started", "gate", "leased", "ended", "held", "lifted", "demoted", "stopped"] as const;
export type PromotionEventKind = (typeof PROMOTION_EVENTS)[number];

/** What a lease says of itself, and the digest of its text. */
export interface LeaseNote {
  readonly lease_id: string;
  readonly sequence: number;
  readonly issued_at: string;
  readonly expires_at: string;
  readonly policy_digest: string;
  /** Of the registry of MCP servers; "" for none. */
  readonly registry_digest: string;
  readonly evidence_digest: string;
  readonly digest: string;
}

export interface PromotionEvent {
  readonly schema_version: typeof PROMOTION_EVENT_SCHEMA;
  readonly record_id: string;
  readonly recorded_at: string;
  readonly event: PromotionEventKind;
  /** As the host says it. */
  readonly mode: string;
  /** Of `leased` and `ended`; null of others. */
  readonly lease: LeaseNote | null;
  /** Of `held`, `lifted` and `demoted`; "" of others. */
  readonly hold_id: string;
  /** Of `gate`: every input with its verdict and code. */
  readonly checks: readonly { readonly id: string; readonly verdict: string; readonly code: string }[];
  /** Of `demoted`: the decision at which it was found; "" of others. */
  readonly decision_id: string;
  /** A code for machines: why a lease ended, the cause of a hold; "" for none. */
  readonly code: string;
  readonly reason: string;
  /** Null where the authority did it. */
  readonly person: ChangePerson | null;
  readonly engine: Engine;
}

export type PromotionEventInput = Omit<PromotionEvent, "schema_version" | "record_id" | "recorded_at"> & { readonly recordId: string };

export interface BuiltPromotionEvent {
  readonly record: PromotionEvent;
  readonly text: string;
  readonly digest: string;
}

const LEASE: Shape = {
  digest: "digest",
  evidence_digest: "digest",
  expires_at: "time",
  issued_at: "time",
  lease_id: "text",
  policy_digest: "digest",
  registry_digest: "digest?",
  sequence: "count",
};

/** Problems: `bad_id`, `promotion_malformed` (a lease of another form, too long a reason), and the codes of canonicalRecord. */
export function buildPromotionEvent({ recordId, ...input }: PromotionEventInput): Result<BuiltPromotionEvent> {
  const id = parseId(recordId);
  if (!id.ok) return id;
  if (id.value.prefix !== PROMOTION_EVENT_PREFIX) return bad("bad_id", `\`${recordId}\` is no identifier of an event of promotion`);
  if (Buffer.byteLength(input.reason) > REASON_BYTES) return bad("promotion_malformed", `a reason may have ${REASON_BYTES} bytes`);
  const fault = input.lease === null ? "" : shapeFault({ ...input.lease }, LEASE);
  if (fault !== "") return bad("promotion_malformed", `\`${fault}\` of the lease has another form`);
  const record: PromotionEvent = {
    schema_version: PROMOTION_EVENT_SCHEMA,
    record_id: recordId,
    recorded_at: formatTime(id.value.momentMs),
    ...input,
  };
  const text = canonicalRecord(record);
  return text.ok ? ok({ record, text: text.value, digest: sha256(text.value) }) : text;
}
