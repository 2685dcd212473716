// What an answer about a time reads of an event of promotion, and nothing else of it. Implements spec/promotion.md 10.8.
// INVARIANT: no text that a person wrote comes through here: whatever becomes part of an answer has a form that a shell can read too.

import { bad, isDigest, ok, parseTime, type Result } from "../../base/index.js";
import { type JournalRecord, PROMOTION_EVENT_SCHEMA, PROMOTION_EVENTS, type PromotionEventKind } from "../../evidence/index.js";

/** A record of the ledger at its place. */
export interface PlacedRecord {
  readonly index: number;
  readonly record: JournalRecord;
}

export interface AuditLease {
  readonly lease_id: string;
  readonly issued_at: string;
  readonly expires_at: string;
  readonly evidence_digest: string;
  readonly policy_digest: string;
  /** "" for none. */
  readonly registry_digest: string;
}

interface AuditEventBase {
  readonly index: number;
  /** When it counts from: `issued_at` of a lease that was given, else `recorded_at`. */
  readonly at: string;
  readonly record_id: string;
  readonly recorded_at: string;
  readonly code: string;
}

export type AuditEvent =
  | (AuditEventBase & { readonly event: "leased" | "ended"; readonly lease: AuditLease })
  | (AuditEventBase & { readonly event: Exclude<PromotionEventKind, "leased" | "ended">; readonly lease: null });

/** The events of promotion among the records, by the time from which they count, then by index. Problem: `audit_record_malformed`. */
export function auditEvents(records: readonly PlacedRecord[]): Result<readonly AuditEvent[]> {
  const events: AuditEvent[] = [];
  for (const placed of records) {
    if (placed.record.schema_version !== PROMOTION_EVENT_SCHEMA) continue;
    const event = eventOf(placed);
    if (event === null) return bad("audit_record_malformed", `record ${placed.index} is no event of promotion in its form`);
    events.push(event);
  }
  return ok(events.sort((a, b) => (a.at === b.at ? a.index - b.index : a.at < b.at ? -1 : 1)));
}

function eventOf({ index, record }: PlacedRecord): AuditEvent | null {
  const { record_id, recorded_at } = record;
  const { event: name, code, lease: given } = record as unknown as Readonly<Record<string, unknown>>;
  const event = PROMOTION_EVENTS.find((one) => one === name);
  if (event === undefined || typeof code !== "string" || !/^[a-z_]{0,64}$/.test(code)) return null;
  const base = { index, record_id, recorded_at, code };
  if (event !== "leased" && event !== "ended") return given === null ? { ...base, event, at: recorded_at, lease: null } : null;
  const lease = leaseOf(given);
  return lease === null ? null : { ...base, event, at: event === "leased" ? lease.issued_at : recorded_at, lease };
}

function leaseOf(value: unknown): AuditLease | null {
  if (typeof value !== "object" || value === null || Array.isArray(value)) return null;
  const { lease_id, issued_at, expires_at, evidence_digest, policy_digest, registry_digest } = value as Readonly<Record<string, unknown>>;
  if (typeof lease_id !== "string" || !/^[a-z0-9_]{1,64}$/.test(lease_id)) return null;
  if (typeof issued_at !== "string" || !parseTime(issued_at).ok || typeof expires_at !== "string" || !parseTime(expires_at).ok) return null;
  if (typeof evidence_digest !== "string" || !isDigest(evidence_digest)) return null;
  if (typeof policy_digest !== "string" || !isDigest(policy_digest)) return null;
  if (typeof registry_digest !== "string" || (registry_digest !== "" && !isDigest(registry_digest))) return null;
  return { lease_id, issued_at, expires_at, evidence_digest, policy_digest, registry_digest };
}
