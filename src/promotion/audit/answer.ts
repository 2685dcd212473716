// Why was Go selected, or not, at that time? Implements spec/promotion.md 10.5. Pure and total.
// docs/audit-without-cavra.sh computes the same without this code. INVARIANT: every text here is one of 10.5; whoever changes one changes it in three places.

import type { AuditEvent, PlacedRecord } from "./events.js";
import { type RangeFault, rangeFaults } from "./range.js";

export interface AuditCause {
  readonly code: string;
  readonly message: string;
  /** "" for none. */
  readonly record_id: string;
}

export interface AuditAnswer {
  readonly at: string;
  readonly because: readonly AuditCause[];
  readonly complete: boolean;
  readonly selected: boolean;
  readonly state: "leased" | "held" | "waiting" | "off";
}

export interface AuditGiven {
  readonly at: string;
  /** Ascending by index. */
  readonly records: readonly PlacedRecord[];
  /** Those of auditEvents, in its order. */
  readonly events: readonly AuditEvent[];
  /** Documents that were not found, in the kit's order. */
  readonly missing: readonly { readonly kind: string; readonly name: string }[];
}

type LeaseEvent = AuditEvent & { readonly event: "leased" | "ended" };
type Kind = AuditEvent["event"];

export function auditAnswer({ at, records, events, missing }: AuditGiven): AuditAnswer {
  const counting = events.filter((event) => event.at <= at);
  const { selected, state, causes } = judged(counting);
  const faults = rangeFaults(at, records, counting);
  const started = last(counting, ["started"]);
  const later = events.filter((event) => event.at > at && event.event === "demoted").sort((a, b) => a.index - b.index);
  const because = [
    ...causes,
    ...(started?.code === "rehearsal" ? [cause("rehearsal", "the authority rehearsed", started)] : []),
    ...(selected ? later.map((event) => cause("demoted_afterwards", `a mismatch was found at ${event.recorded_at}`, event)) : []),
    ...missing.map(({ kind, name }) => cause("document_missing", `${kind} ${name}`, null)),
    ...faults.map((code) => cause(code, FAULTS[code], null)),
  ];
  return { at, because, complete: faults.length === 0, selected, state };

  function judged(known: readonly AuditEvent[]): Pick<AuditAnswer, "selected" | "state"> & { readonly causes: readonly AuditCause[] } {
    const hold = last(known, ["held", "demoted", "lifted"]);
    const standing = hold !== null && hold.event !== "lifted" ? hold : null;
    const authority = last(known, ["started", "stopped", "gate", "leased", "ended", "demoted"]);
    const covering = standing === null ? coveringLeases(known, at) : [];
    if (covering.length > 0) return { selected: true, state: "leased", causes: covering.map(covers) };
    const held = standing === null ? [] : [cause("hold_stands", `a hold was set at ${standing.recorded_at} and not lifted`, standing)];
    if (authority === null || authority.event === "stopped") return { selected: false, state: "off", causes: [absent(authority), ...held] };
    if (held.length > 0) return { selected: false, state: "held", causes: held };
    const unrecorded = last(known, ["ended", "lifted", "leased", "gate"]);
    if (unrecorded?.event === "ended" && unrecorded.code === "promotion_held")
      return { selected: false, state: "held", causes: [heldUnrecorded(unrecorded)] };
    return { selected: false, state: "waiting", causes: [waiting(last(known, ["started", "gate", "leased", "ended"]))] };
  }
}

/** Leases that cover the time, by index; whether a hold stands is not asked here. `known` are the events not after it. */
export function coveringLeases(known: readonly AuditEvent[], at: string): readonly LeaseEvent[] {
  const newest = new Map<string, { readonly event: LeaseEvent; readonly place: number }>();
  known.forEach((event, place) => {
    if (event.event === "leased") newest.set(`${event.lease.policy_digest} ${event.lease.registry_digest}`, { event, place });
  });
  return [...newest.values()]
    .filter(({ event, place }) => {
      if (at >= event.lease.expires_at) return false;
      if (known.some((one) => one.event === "ended" && one.lease.lease_id === event.lease.lease_id)) return false;
      return !known.slice(place + 1).some((one) => ENDS_ALL.includes(one.event));
    })
    .map(({ event }) => event)
    .sort((a, b) => a.index - b.index);
}

const ENDS_ALL: readonly Kind[] = ["held", "demoted", "started", "stopped"];

/** Evidence digests of the leases that the documents of a kit are about (10.6), each once, in byte order. */
export function namedEvidence({ at, events }: Pick<AuditGiven, "at" | "events">): readonly string[] {
  const known = events.filter((event) => event.at <= at);
  const hold = last(known, ["held", "demoted", "lifted"]);
  const covering = hold !== null && hold.event !== "lifted" ? [] : coveringLeases(known, at);
  const newest = last(known, ["leased"]);
  const about = covering.length > 0 ? covering : newest === null ? [] : [newest];
  return [...new Set(about.flatMap(({ lease }) => (lease === null ? [] : [lease.evidence_digest])))].sort();
}

function last(events: readonly AuditEvent[], kinds: readonly Kind[]): AuditEvent | null {
  return events.findLast(({ event }) => kinds.includes(event)) ?? null;
}

function cause(code: string, message: string, event: AuditEvent | null): AuditCause {
  return { code, message, record_id: event?.record_id ?? "" };
}

function covers(event: LeaseEvent): AuditCause {
  const { lease_id, issued_at, expires_at } = event.lease;
  return cause("lease_covers", `the lease ${lease_id} was given at ${issued_at} until ${expires_at}`, event);
}

function absent(authority: AuditEvent | null): AuditCause {
  if (authority === null) return cause("no_authority", "no authority in the mode promoted is on record before that time", null);
  return cause("authority_stopped", `the authority stopped at ${authority.recorded_at}`, authority);
}

function heldUnrecorded(event: LeaseEvent): AuditCause {
  return cause("hold_unrecorded", `the lease ${event.lease.lease_id} ended at ${event.recorded_at} by a hold that is not on record`, event);
}

function waiting(event: AuditEvent | null): AuditCause {
  if (event?.event === "leased") {
    const { lease_id, issued_at, expires_at } = event.lease;
    return cause("lease_over", `the lease ${lease_id}, given at ${issued_at} until ${expires_at}, was over`, event);
  }
  if (event?.event === "ended")
    return cause("lease_ended", `the lease ${event.lease.lease_id} ended at ${event.recorded_at}: ${event.code}`, event);
  if (event?.event === "gate") {
    const isOpen = event.code === "open";
    const told = isOpen
      ? `the gate was open at ${event.recorded_at}, and no lease had been given`
      : `the gate was closed at ${event.recorded_at}`;
    return cause(isOpen ? "gate_open" : "gate_closed", told, event);
  }
  return cause("no_gate", "no gate had been run since the authority began", event);
}

const FAULTS: Readonly<Record<RangeFault, string>> = {
  range_gaps: "records between those that are here are missing",
  range_begins_late: "the records begin too late to have every lease of that time",
  range_unsettled: "the records begin too late to say what held before",
  range_ends_early: "no record is late enough to have everything of that time before it",
  range_out_of_order: "a record is earlier than one before it",
};
