// Signed documents: one way to write them and one way to open them, whatever their kind. Implements spec/promotion.md section 2.
// INVARIANT: opening never throws and never answers with a document that no signature stands behind; what was found wrong stands in `findings`.

import {
  bad,
  canonicalJson,
  type JsonObject,
  type JsonValue,
  ok,
  parseId,
  parseJson,
  parseTime,
  type Result,
  readCanonical,
  type Shape,
  sha256,
  shapeFault,
} from "../../base/index.js";
import {
  type Envelope,
  isObjectOf,
  type KeySigner,
  newestTrust,
  parseEnvelope,
  type Role,
  signEnvelope,
  signersOf,
  TRUST_SKEW_MS,
  TRUST_VERSIONS,
  type TrustDocument,
  type TrustGiven,
} from "../../evidence/index.js";
import { SUBJECT_KEYS, type Subject, type SubjectKey, subjectFault, unboundIn } from "./subject.js";
import { type Finding, found } from "./verdict.js";

export const STATEMENT_TYPE = "https://in-toto.io/Statement/v1";
export const DOCUMENT_TYPE = "application/vnd.in-toto+json";
/** A file of a document has at most so many bytes. */
export const DOCUMENT_BYTES = 16_777_216;
export const DAY_MS = 86_400_000;

/** What every document has. */
export interface DocumentHead {
  readonly schema_version: string;
  readonly document_id: string;
  readonly issued_at: string;
  readonly expires_at: string;
  readonly subject: Subject;
}

/** A kind of document: its form, who signs it, how long it counts, and what it is bound to. */
export interface DocumentKind<Body extends DocumentHead> {
  /** `cavra.go-deployment-report.v1`; the predicate type is made of it. */
  readonly schema: string;
  /** For people: `deployment report`. */
  readonly name: string;
  readonly role: Role;
  readonly days: number;
  readonly bound: readonly SubjectKey[];
  /** The form of the keys besides those of the head. */
  readonly shape: { readonly [key: string]: Shape };
  /** The command that makes a new one. */
  readonly remedy: string;
  /** What the form cannot say: "" for a body that is whole, else what is wrong with it. */
  readonly fault: (body: Body) => string;
  /** What the body says of itself: `fail` and `inconclusive`, or nothing. */
  readonly outcome: (body: Body) => readonly Finding[];
}

/** Names of the signers of a document that was opened. */
export interface Opened<Body> {
  readonly body: Body;
  readonly signers: readonly string[];
}

export interface OpenGiven {
  readonly trust: TrustGiven;
  readonly nowMs: number;
  /** The clock is behind what this host has seen (1.4). */
  readonly clockBehind: boolean;
  /** What would run here; null where nobody asks (a document that is only looked at). */
  readonly running: Subject | null;
}

/** `opened` is null where form or signature do not hold: then nothing in the document counts. */
export interface DocumentRead<Body> {
  readonly opened: Opened<Body> | null;
  readonly findings: readonly Finding[];
  /** Of the file's bytes; "" for none. */
  readonly digest: string;
}

export function predicateType(schema: string): string {
  const [, name = "", version = ""] = /^cavra\.([a-z-]+)\.(v[0-9]+)$/.exec(schema) ?? [];
  return `https://cavra.dev/${name}/${version}`;
}

/** Envelopes of trust documents, oldest first, then the document's, one a line. Problem: `document_malformed`. */
export function signDocument<Body extends DocumentHead>(
  kind: DocumentKind<Body>,
  body: Body,
  signer: KeySigner,
  chain: readonly string[],
): Result<string> {
  const wrong = bodyFault(kind, body as unknown as JsonValue);
  if (wrong !== "") return malformed(kind, wrong);
  const text = canonicalJson(statementOf(kind, body));
  if (!text.ok) return malformed(kind, text.problem.message);
  const envelope = signEnvelope(DOCUMENT_TYPE, Buffer.from(text.value), [signer]);
  if (!envelope.ok) return malformed(kind, envelope.problem.message);
  return ok(`${[...chain, envelope.value].join("\n")}\n`);
}

function statementOf<Body extends DocumentHead>(kind: DocumentKind<Body>, body: Body): JsonObject {
  return {
    _type: STATEMENT_TYPE,
    predicate: body as unknown as JsonObject,
    predicateType: predicateType(kind.schema),
    subject: subjectsOf(body.subject),
  };
}

function subjectsOf(subject: Subject): readonly JsonObject[] {
  return SUBJECT_KEYS.filter((key) => subject[key] !== "").map((key) => ({
    digest: { sha256: subject[key].slice("sha256:".length) },
    name: key,
  }));
}

/** Opens the bytes of a file; null for one that is not there. */
export function openDocument<Body extends DocumentHead>(
  kind: DocumentKind<Body>,
  bytes: Uint8Array | null,
  given: OpenGiven,
): DocumentRead<Body> {
  if (bytes === null) return refused("", found("missing", "document_missing", `there is no ${kind.name}`, kind.remedy));
  const digest = sha256(bytes);
  const read = readSigned(kind, bytes, given);
  if (!read.ok) return refused(digest, read.finding);
  const { body } = read.opened;
  const running = given.running === null ? [] : unboundIn(body.subject, given.running, kind.bound, kind.remedy);
  const findings = [...datesOf(kind, body, given), ...running, ...kind.outcome(body)];
  return { opened: read.opened, findings, digest };
}

function refused<Body>(digest: string, finding: Finding): DocumentRead<Body> {
  return { opened: null, findings: [finding], digest };
}

export type SignedRead<Body> = { readonly ok: true; readonly opened: Opened<Body> } | { readonly ok: false; readonly finding: Finding };

function readSigned<Body extends DocumentHead>(kind: DocumentKind<Body>, bytes: Uint8Array, given: OpenGiven): SignedRead<Body> {
  const bent = (message: string): SignedRead<Body> => ({
    ok: false,
    finding: found("malformed", "document_malformed", `this is no ${kind.name}: ${message}`, kind.remedy),
  });
  const unsigned = (code: string, message: string): SignedRead<Body> => ({
    ok: false,
    finding: found(code === "key_revoked" ? "revoked" : "unsigned", code, message, kind.remedy),
  });
  if (bytes.length > DOCUMENT_BYTES) return bent(`it has more than ${DOCUMENT_BYTES} bytes`);
  const text = Buffer.from(bytes).toString("utf8");
  const lines = text.endsWith("\n") ? text.slice(0, -1).split("\n") : [];
  const last = lines.at(-1);
  const envelope = last === undefined || lines.length > TRUST_VERSIONS + 1 ? null : parseEnvelope(last);
  if (envelope === null || !envelope.ok) {
    // A document that somebody wrote by hand has its form and no signature: that is another fault than a torn file.
    const bare = parseJson(text, { sizeBytes: DOCUMENT_BYTES, depth: 32 });
    const isDocument = bare.ok && typeof bare.value === "object" && bare.value !== null && !Array.isArray(bare.value);
    if (isDocument) return unsigned("document_unsigned", `the ${kind.name} is not signed`);
    return bent(envelope === null ? "it is no list of envelopes" : envelope.problem.message);
  }
  return openEnvelope(kind, envelope.value, () => newestTrust(lines.slice(0, -1), given.trust));
}

/**
 * One envelope that holds a document of this kind. The trust document is asked for when the form holds; dates and bytes are the caller's to look at. Who has
 * read the payload already hands it over.
 */
export function openEnvelope<Body extends DocumentHead>(
  kind: DocumentKind<Body>,
  envelope: Envelope,
  trustOf: () => Result<TrustDocument>,
  read: Result<JsonValue> = readPayload(envelope),
): SignedRead<Body> {
  const refusedAs = (verdict: "malformed" | "unsigned" | "revoked", code: string, message: string): SignedRead<Body> => ({
    ok: false,
    finding: found(verdict, code, message, kind.remedy),
  });
  const unsigned = (code: string, message: string) => refusedAs(code === "key_revoked" ? "revoked" : "unsigned", code, message);
  const statement = readStatement(kind, envelope.payloadType, read);
  if (!statement.ok) return refusedAs("malformed", "document_malformed", statement.problem.message);
  const trust = trustOf();
  if (!trust.ok) return unsigned(trust.problem.code, trust.problem.message);
  const signers = signersOf(envelope, statement.value.issued_at, trust.value, [kind.role]);
  if (!signers.ok) return unsigned(signers.problem.code, signers.problem.message);
  return { ok: true, opened: { body: statement.value, signers: signers.value.map(({ name }) => name) } };
}

/** Problems: those of readCanonical. */
export function readPayload({ payload }: Envelope): Result<JsonValue> {
  return readCanonical(payload, { sizeBytes: DOCUMENT_BYTES, depth: 32 });
}

function readStatement<Body extends DocumentHead>(kind: DocumentKind<Body>, type: string, read: Result<JsonValue>): Result<Body> {
  if (type !== DOCUMENT_TYPE) return malformed(kind, "the last envelope holds something else");
  if (!read.ok) return malformed(kind, read.problem.message);
  if (!isObjectOf(read.value, ["_type", "predicate", "predicateType", "subject"])) return malformed(kind, "it is no statement");
  const { predicate = null, ...about } = read.value;
  const wrong = bodyFault(kind, predicate);
  if (wrong !== "") return malformed(kind, wrong);
  const body = predicate as unknown as Body;
  const { predicate: _, ...expected } = statementOf(kind, body);
  const [said, meant] = [canonicalJson(about), canonicalJson(expected)];
  if (said.ok && meant.ok && said.value === meant.value) return ok(body);
  return malformed(kind, "the statement is about something else than its body");
}

const HEAD: Readonly<Record<keyof DocumentHead, Shape>> = {
  document_id: "text",
  expires_at: "time",
  issued_at: "time",
  schema_version: "text",
  subject: { catalogue: "digest?", go: "digest?", policy: "digest?", registry: "digest?", runtime: "digest?", typescript: "digest?" },
};

function bodyFault<Body extends DocumentHead>(kind: DocumentKind<Body>, value: JsonValue): string {
  const place = shapeFault(value, { ...HEAD, ...kind.shape });
  if (place !== "") return `\`${place}\` has another form`;
  const body = value as unknown as Body;
  if (body.schema_version !== kind.schema) return "its schema_version is another";
  const id = parseId(body.document_id);
  if (!id.ok || id.value.prefix !== DOCUMENT_PREFIX) return "its document_id is none";
  const key = subjectFault(body.subject, kind.bound);
  if (key !== "") return `its subject's \`${key}\` is not what its kind is bound to`;
  const days = (momentOf(body.expires_at) - momentOf(body.issued_at)) / DAY_MS;
  if (days <= 0 || days > kind.days) return `it ends later than ${kind.days} days after it was issued, or before`;
  return kind.fault(body);
}

export const DOCUMENT_PREFIX = "doc";

function datesOf<Body extends DocumentHead>(kind: DocumentKind<Body>, body: Body, { nowMs, clockBehind }: OpenGiven): readonly Finding[] {
  const clock = "look at the clock of this machine";
  if (momentOf(body.issued_at) > nowMs + TRUST_SKEW_MS)
    return [found("clock_suspect", "document_future", `the ${kind.name} is dated ${body.issued_at}`, clock)];
  if (clockBehind) return [found("clock_suspect", "clock_behind", "the clock is behind what this machine has seen", clock)];
  if (momentOf(body.expires_at) > nowMs) return [];
  return [found("stale", "document_stale", `the ${kind.name} ended at ${body.expires_at}`, kind.remedy)];
}

/** Milliseconds since 1970 of a time whose form was checked. */
export function momentOf(time: string): number {
  const moment = parseTime(time);
  return moment.ok ? moment.value : 0;
}

function malformed<T>({ name }: { readonly name: string }, message: string): Result<T> {
  return bad("document_malformed", `this is no ${name}: ${message}`);
}
