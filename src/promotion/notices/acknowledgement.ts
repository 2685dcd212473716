// A person's word that they have seen the notices of one route of one plan. Implements spec/notices.md 6.1 to 6.3.
// It clears nothing of anybody else's, and nothing that is sent afterwards.

import { bad, canonicalRecord, ok, parseJson, parseTime, type Result } from "../../base/index.js";
import {
  type Envelope,
  isObjectOf,
  isSignedBy,
  type KeySigner,
  keyFor,
  parseEnvelope,
  publicKeyOf,
  signEnvelope,
  type TrustDocument,
} from "../../evidence/index.js";
import type { Routing } from "./routes.js";
import type { Resolved } from "./tree.js";

export const ACK_SCHEMA = "cavra.drill-notice-ack.v1";
export const ACK_TYPE = "application/vnd.cavra.drill-notice-ack.v1+json";
export const ACK_BYTES = 4_096;
export const ACK_NOTE_BYTES = 500;
/** It may be dated so far ahead of the clock. */
export const ACK_SKEW_MS = 300_000;

export interface Acknowledgement {
  readonly schema_version: typeof ACK_SCHEMA;
  readonly plan_id: string;
  readonly plan_digest: string;
  readonly route_id: string;
  /** As the file of the routes names them. */
  readonly owner: string;
  /** The name of the key, or the account. */
  readonly person: string;
  readonly note: string;
  readonly issued_at: string;
}

/** The plan and route that it must be of. */
export interface AckSubject {
  readonly planId: string;
  readonly planDigest: string;
  readonly plannedAt: string;
  readonly routeId: string;
}

/** Canonical JSON, which is kept where a terminal vouches for the person. Problem: `ack_malformed`. */
export function acknowledgementText(ack: Acknowledgement): Result<string> {
  const text = canonicalRecord(ack);
  const read = text.ok ? readAck(Buffer.from(text.value)) : text;
  return text.ok && read.ok ? text : malformed(read.ok ? "it has no canonical form" : read.problem.message);
}

/** An envelope. Problem: `ack_malformed`. */
export function signAcknowledgement(ack: Acknowledgement, signer: KeySigner): Result<string> {
  const text = acknowledgementText(ack);
  if (!text.ok) return text;
  const envelope = signEnvelope(ACK_TYPE, Buffer.from(text.value), [signer]);
  return envelope.ok ? envelope : malformed(envelope.problem.message);
}

/** Who may acknowledge a route: its owner and whoever it is escalated to. */
export function whoMayAcknowledge(route: Resolved): readonly string[] {
  return [route.settings.owner, ...route.escalation];
}

/** The owner that this person is, on this route. `name` is of a key, or of an account. Problem: `ack_other_person`. */
export function ownerOnRoute(route: Resolved, routing: Routing, kind: "key" | "terminal", name: string): Result<string> {
  const owner = whoMayAcknowledge(route).find((one) => {
    const about = routing.owners.get(one);
    if (about === undefined) return false;
    return kind === "key" ? about.person !== "" && about.person === name : about.accounts.includes(name);
  });
  if (owner !== undefined) return ok(owner);
  return bad("ack_other_person", `\`${name}\` is neither the owner of the route \`${route.id}\` nor whom it is escalated to`, {
    hint: `it is for ${whoMayAcknowledge(route).join(", ")}; \`person\` and \`accounts\` of an owner say who that is`,
  });
}

/**
 * Does an acknowledgement count for its plan and route? `text` is an envelope (`kind` is `key`), or what a terminal vouched for.
 * Problems: `envelope_malformed`, `ack_malformed`, those of keyFor, `signature_invalid`, `ack_other_person`, `ack_other_plan`, `ack_early`, `ack_future`.
 */
export function countAcknowledgement(
  { kind, text }: { readonly kind: "key" | "terminal"; readonly text: string },
  subject: AckSubject,
  trust: TrustDocument | null,
  nowMs: number,
): Result<Acknowledgement> {
  const read = kind === "key" ? signedAck(text, trust) : readAck(Buffer.from(text));
  if (!read.ok) return read;
  const { plan_id, plan_digest, route_id, issued_at } = read.value;
  if (plan_id !== subject.planId || plan_digest !== subject.planDigest || route_id !== subject.routeId)
    return bad("ack_other_plan", "it is of another plan or route");
  if (issued_at <= subject.plannedAt) return bad("ack_early", "it is not newer than the plan");
  const issued = parseTime(issued_at);
  return issued.ok && issued.value <= nowMs + ACK_SKEW_MS ? read : bad("ack_future", `it is dated ${issued_at}`);
}

/** What an envelope says of itself; nobody has vouched for it yet. Problems: `envelope_malformed`, `ack_malformed`. */
export function saidAcknowledgement(text: string): Result<Acknowledgement> {
  const envelope = parseEnvelope(text);
  if (!envelope.ok) return envelope;
  if (envelope.value.payloadType !== ACK_TYPE) return malformed("the envelope holds something else");
  return readAck(envelope.value.payload);
}

function signedAck(text: string, trust: TrustDocument | null): Result<Acknowledgement> {
  const envelope = parseEnvelope(text);
  if (!envelope.ok) return envelope;
  if (envelope.value.payloadType !== ACK_TYPE) return malformed("the envelope holds something else");
  const ack = readAck(envelope.value.payload);
  if (!ack.ok) return ack;
  const name = trust === null ? bad<string>("trust_missing", "there is no trust document") : signerName(envelope.value, ack.value, trust);
  if (!name.ok) return name;
  return name.value === ack.value.person ? ack : bad("ack_other_person", `the key is ${name.value}'s, it says \`${ack.value.person}\``);
}

function signerName(envelope: Envelope, { issued_at }: Acknowledgement, trust: TrustDocument): Result<string> {
  const [signature, ...more] = envelope.signatures;
  if (signature === undefined || more.length > 0) return malformed("it does not have exactly one signature");
  const key = keyFor(trust, signature.keyId, "approver", { kind: "document", issuedAt: issued_at });
  if (!key.ok) return key;
  return isSignedBy(envelope, signature, publicKeyOf(key.value))
    ? ok(key.value.name)
    : bad("signature_invalid", "its signature does not verify");
}

const ACK_KEYS = ["issued_at", "note", "owner", "person", "plan_digest", "plan_id", "route_id", "schema_version"];

function readAck(payload: Uint8Array): Result<Acknowledgement> {
  const parsed = parseJson(payload, { sizeBytes: ACK_BYTES, depth: 2 });
  if (!parsed.ok) return malformed(parsed.problem.message);
  const canonical = canonicalRecord(parsed.value);
  if (!canonical.ok || canonical.value !== Buffer.from(payload).toString("utf8")) return malformed("it is not canonical JSON");
  const { value } = parsed;
  if (!isObjectOf(value, ACK_KEYS) || !Object.values(value).every((one) => typeof one === "string")) return malformed("it has other keys");
  if (value.schema_version !== ACK_SCHEMA) return malformed("its schema_version is another");
  if (Buffer.byteLength(String(value.note)) > ACK_NOTE_BYTES) return malformed(`the note has more than ${ACK_NOTE_BYTES} bytes`);
  return parseTime(String(value.issued_at)).ok ? ok(value as unknown as Acknowledgement) : malformed("issued_at is no time");
}

function malformed<T>(message: string): Result<T> {
  return bad("ack_malformed", `this is no acknowledgement: ${message}`);
}
