// Which stretch of the ledger answers for a time, and whether one that is given does. Implements spec/promotion.md 10.3 and 10.4.
// Indices without a gap are the proof that nothing was left out; the times of its ends say that it is long enough.

import { momentOf } from "../documents/document.js";
import { LEASE_MS } from "../lease/lease.js";
import type { AuditEvent, PlacedRecord } from "./events.js";

/** In the ledger a record may stand behind one that is so much later. */
export const AUDIT_LATE_MS = 5_000;
/** A range has at most so many records, and their texts so many bytes. */
export const AUDIT_RECORDS = 16_384;
export const AUDIT_RANGE_BYTES = 67_108_864;

const RUNS = ["started", "stopped", "gate", "leased", "ended", "demoted"];
const HOLDS = ["held", "lifted", "demoted", "gate", "leased"];

/** What the ends of a range for a time are held against, in milliseconds since 1970. */
export interface AuditBounds {
  /** The first record is not later than this, unless it is the ledger's first. */
  readonly fromMs: number;
  /** The last record is not earlier than this. */
  readonly toMs: number;
}

export function auditBounds(at: string): AuditBounds {
  const moment = momentOf(at);
  return { fromMs: moment - LEASE_MS - AUDIT_LATE_MS, toMs: moment + AUDIT_LATE_MS };
}

/** Do these events, that all count, say whether an authority ran and whether a hold stood? */
export function isSettled(events: readonly Pick<AuditEvent, "event">[]): boolean {
  return events.some(({ event }) => RUNS.includes(event)) && events.some(({ event }) => HOLDS.includes(event));
}

export type RangeFault = "range_gaps" | "range_begins_late" | "range_unsettled" | "range_ends_early" | "range_out_of_order";

/** Why these records, ascending by index, do not tell everything of that time; none where they do. `counting` are the events not after it. */
export function rangeFaults(at: string, records: readonly PlacedRecord[], counting: readonly AuditEvent[]): readonly RangeFault[] {
  const [first, last] = [records[0], records.at(-1)];
  if (first === undefined || last === undefined) return ["range_gaps"];
  const { fromMs, toMs } = auditBounds(at);
  const isFromBeginning = first.index === 0;
  const faults: readonly (readonly [RangeFault, boolean])[] = [
    ["range_gaps", last.index - first.index !== records.length - 1],
    ["range_begins_late", !isFromBeginning && momentOf(first.record.recorded_at) > fromMs],
    ["range_unsettled", !isFromBeginning && !isSettled(counting)],
    ["range_ends_early", momentOf(last.record.recorded_at) < toMs],
    ["range_out_of_order", isOutOfOrder(records)],
  ];
  return faults.flatMap(([code, holds]) => (holds ? [code] : []));
}

function isOutOfOrder(records: readonly PlacedRecord[]): boolean {
  let latest = 0;
  for (const { record } of records) {
    const ms = momentOf(record.recorded_at);
    if (ms < latest - AUDIT_LATE_MS) return true;
    latest = Math.max(latest, ms);
  }
  return false;
}
