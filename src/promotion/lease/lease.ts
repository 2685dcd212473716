// The right to answer for a minute: made by a passed gate, checked before each answer. Implements spec/promotion.md section 6.
// INVARIANT: everything that must hold is in the signed payload; a file's name, place or date says nothing.

import {
  bad,
  canonicalJson,
  type JsonValue,
  ok,
  parseId,
  parseJson,
  parseTime,
  type Result,
  type Shape,
  sha256,
  shapeFault,
} from "../../base/index.js";
import { type KeySigner, parseEnvelope, signEnvelope, signersOf, type TrustDocument } from "../../evidence/index.js";
import { momentOf } from "../documents/document.js";
import { SUBJECT_KEYS, type Subject } from "../documents/subject.js";

export const LEASE_SCHEMA = "cavra.lease.v1";
export const LEASE_TYPE = "application/vnd.cavra.lease.v1+json";
export const LEASE_PREFIX = "lea";
/** A lease lasts for at most so many milliseconds, and its file has at most so many bytes. */
export const LEASE_MS = 60_000;
export const LEASE_BYTES = 65_536;

/** The running authority: which process, of which boot. */
export interface LeaseHolder {
  readonly pid: number;
  readonly boot: string;
  readonly process_start: string;
}

/** What Go was chosen by; every decision under the lease carries it. */
export interface LeaseReferences {
  readonly evidence_digest: string;
  readonly approval_id: string;
  readonly parity_digest: string;
  readonly deployment_digest: string;
}

export interface Lease extends LeaseReferences {
  readonly schema_version: typeof LEASE_SCHEMA;
  readonly lease_id: string;
  readonly issued_at: string;
  readonly expires_at: string;
  readonly purpose: "production" | "rehearsal";
  readonly subject: Subject;
  readonly authority: LeaseHolder;
  readonly scope: { readonly state_dir: string };
  /** Of the leases of one authority, from 1. */
  readonly sequence: number;
}

/** One line. Problem: `lease_malformed`. */
export function signLease(lease: Lease, signer: KeySigner): Result<string> {
  const fault = leaseFault(lease as unknown as JsonValue);
  if (fault !== "") return malformed(fault);
  const text = canonicalJson(lease);
  if (!text.ok) return malformed(text.problem.message);
  const envelope = signEnvelope(LEASE_TYPE, Buffer.from(text.value), [signer]);
  return envelope.ok ? ok(`${envelope.value}\n`) : malformed(envelope.problem.message);
}

export interface LeaseGiven {
  readonly trust: TrustDocument;
  readonly nowMs: number;
  readonly clockBehind: boolean;
  readonly purpose: Lease["purpose"];
  readonly stateDir: string;
  /** What whoever looks would run. */
  readonly running: Subject;
  readonly isAlive: (holder: LeaseHolder) => boolean;
}

/**
 * Is this lease live for who looks? Problems in the order of the checks: `lease_missing`, `lease_malformed`, `lease_unsigned`, `lease_wrong_purpose`,
 * `lease_other_scope`, `lease_unbound`, `clock_suspect`, `lease_early`, `lease_ended`, `lease_orphaned`.
 */
export function openLease(text: string | null, given: LeaseGiven): Result<Lease> {
  if (text === null) return bad("lease_missing", "there is no lease");
  const read = readSigned(text, given);
  if (!read.ok) return read;
  const lease = read.value;
  if (lease.purpose !== given.purpose) return bad("lease_wrong_purpose", `the lease is for ${lease.purpose}`);
  if (lease.scope.state_dir !== given.stateDir) return bad("lease_other_scope", "the lease is of another state folder");
  const other = SUBJECT_KEYS.find((key) => lease.subject[key] !== given.running[key]);
  if (other !== undefined) return bad("lease_unbound", `the lease is for another ${other}`);
  if (given.clockBehind) return bad("clock_suspect", "the clock is behind what this machine has seen");
  if (momentOf(lease.issued_at) > given.nowMs + LEASE_SKEW_MS) return bad("lease_early", `the lease begins at ${lease.issued_at}`);
  if (momentOf(lease.expires_at) <= given.nowMs) return bad("lease_ended", `the lease ended at ${lease.expires_at}`);
  return given.isAlive(lease.authority) ? ok(lease) : bad("lease_orphaned", "the authority that was given the lease has ended");
}

/** Whoever gives a lease and whoever looks share one clock. */
const LEASE_SKEW_MS = 1_000;

function readSigned(text: string, { trust, purpose }: LeaseGiven): Result<Lease> {
  const envelope = parseEnvelope(text.endsWith("\n") ? text.slice(0, -1) : text);
  if (text.length > LEASE_BYTES || !envelope.ok) return malformed("it is no envelope");
  if (envelope.value.payloadType !== LEASE_TYPE) return malformed("the envelope holds something else");
  const parsed = parseJson(envelope.value.payload, { sizeBytes: LEASE_BYTES, depth: 4 });
  if (!parsed.ok) return malformed(parsed.problem.message);
  const canonical = canonicalJson(parsed.value);
  if (!canonical.ok || canonical.value !== Buffer.from(envelope.value.payload).toString("utf8"))
    return malformed("it is not canonical JSON");
  const fault = leaseFault(parsed.value);
  if (fault !== "") return malformed(fault);
  const lease = parsed.value as unknown as Lease;
  const signers = signersOf(envelope.value, lease.issued_at, trust, ["lease"]);
  // A rehearsal signs with a key of its own: production must say that, and not only that nobody knows the key.
  if (!signers.ok && lease.purpose !== purpose) return bad("lease_wrong_purpose", `the lease is for ${lease.purpose}`);
  return signers.ok ? ok(lease) : bad("lease_unsigned", signers.problem.message);
}

const LEASE: Shape = {
  approval_id: "text",
  authority: { boot: "text", pid: "count", process_start: "text" },
  deployment_digest: "digest",
  evidence_digest: "digest",
  expires_at: "time",
  issued_at: "time",
  lease_id: "text",
  parity_digest: "digest",
  purpose: { $oneOf: ["production", "rehearsal"] },
  schema_version: { $oneOf: [LEASE_SCHEMA] },
  scope: { state_dir: "text" },
  sequence: "count",
  subject: { catalogue: "digest", go: "digest", policy: "digest", registry: "digest?", runtime: "digest", typescript: "digest" },
};

function leaseFault(value: JsonValue): string {
  const place = shapeFault(value, LEASE);
  if (place !== "") return `\`${place}\` has another form`;
  const { lease_id, issued_at, expires_at } = value as unknown as Lease;
  const id = parseId(lease_id);
  if (!id.ok || id.value.prefix !== LEASE_PREFIX) return "its lease_id is none";
  const [from, to] = [parseTime(issued_at), parseTime(expires_at)];
  const lasts = from.ok && to.ok ? to.value - from.value : 0;
  return lasts > 0 && lasts <= LEASE_MS ? "" : `it does not last from 1 to ${LEASE_MS} ms`;
}

/** The name of what is bound: two leases with the same one are for the same bytes. */
export function leaseDigest(text: string): string {
  return sha256(text);
}

function malformed<T>(message: string): Result<T> {
  return bad("lease_malformed", `this is no lease: ${message}`);
}
