// Which records of the ledger a kit takes, so that nobody can have left one out. Implements spec/promotion.md 10.3.

import { parseTime } from "../../../base/index.js";
import { PROMOTION_EVENT_PREFIX } from "../../../evidence/index.js";
import { AUDIT_RANGE_BYTES, AUDIT_RECORDS, type AuditEvent, auditBounds, isSettled } from "../../../promotion/index.js";
import { bytesOf, type Ledger, recordsOfKind, stretchAround } from "../../../store/index.js";

/** The stretch of 10.3; where it is too long, its events of promotion and its two ends. */
export function indicesFor(ledger: Ledger, at: string, size: number): readonly number[] {
  const moment = parseTime(at);
  const atMs = moment.ok ? moment.value : 0;
  const around = stretchAround(ledger, { ...auditBounds(at), atMs }, size);
  const before = recordsOfKind(ledger, PROMOTION_EVENT_PREFIX, atMs, size, AUDIT_RECORDS);
  const stretch = { first: Math.min(around.first, settledFrom(before)), last: around.last };
  const count = stretch.last - stretch.first + 1;
  if (count <= AUDIT_RECORDS && bytesOf(ledger, stretch) <= AUDIT_RANGE_BYTES)
    return Array.from({ length: count }, (_, i) => stretch.first + i);
  const later = recordsOfKind(ledger, PROMOTION_EVENT_PREFIX, auditBounds(at).toMs, size, AUDIT_RECORDS - 2);
  const among = later.map(({ index }) => index).filter((index) => index > stretch.first && index < stretch.last);
  return [...new Set([stretch.first, ...among, stretch.last])].sort((a, b) => a - b);
}

/** From which index on the events say whether an authority ran and whether a hold stood; 0 where they never do. */
function settledFrom(newestFirst: readonly { readonly index: number; readonly text: string }[]): number {
  const seen: Pick<AuditEvent, "event">[] = [];
  let from = Number.POSITIVE_INFINITY;
  for (const { index, text } of newestFirst) {
    seen.push(JSON.parse(text) as Pick<AuditEvent, "event">);
    from = Math.min(from, index);
    if (isSettled(seen)) return from;
  }
  return 0;
}
