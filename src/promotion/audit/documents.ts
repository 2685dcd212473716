// The documents in a kit: what each says as far as the kit needs it, who signed it, and which ones must be there. Implements spec/promotion.md 10.6 and 10.9.
// What was in force at that time is the gate's word, which the ledger has; here is shown only that these are the bytes it spoke of.

import {
  bad,
  canonicalJson,
  isDigest,
  type JsonObject,
  type JsonValue,
  ok,
  parseId,
  parseJson,
  parseTime,
  type Result,
  sha256,
} from "../../base/index.js";
import { isSignedBy, keyFor, parseEnvelope, publicKeyOf, type Role, type TrustDocument } from "../../evidence/index.js";
import { EVIDENCE_REFS } from "../gate/evidence.js";
import { AUDIT_ROLES, type AuditKind, type KitDocument } from "./kit.js";

/** A document as the kit's reader tells it. */
export interface AuditDocument {
  readonly kind: AuditKind;
  readonly name: string;
  readonly found: boolean;
  /** Name of the key that signed; "" for what nobody signs, or was not found. */
  readonly signed_by: string;
  /** `key_revoked` or `key_retired` where the key has ended since; else "". */
  readonly code: string;
  readonly issued_at: string;
}

/** What other documents are held against. */
interface Said {
  readonly document: KitDocument;
  readonly body: JsonObject;
}

const SCHEMAS: Readonly<Record<AuditKind, string>> = {
  approval_answer: "cavra.approval-answer.v1",
  approval_request: "cavra.approval-request.v1",
  deployment_report: "cavra.go-deployment-report.v1",
  parity_report: "cavra.go-parity-report.v1",
  promotion_evidence: "cavra.go-backend-promotion-evidence.v1",
  rehearsal: "cavra.go-backend-rollback-rehearsal.v1",
  rollback_plan: "cavra.go-backend-rollback-plan.v1",
};
const STATEMENT = "application/vnd.in-toto+json";
const ANSWER = "application/vnd.cavra.approval-answer.v1+json";
const DOCUMENT_LINES = 257;
export const AUDIT_ANSWERS = 16;

/** Checks 7 and 8 of 10.7. `named` are the digests of evidence that leases named. */
export function auditDocuments(
  documents: readonly KitDocument[],
  named: readonly string[],
  trust: TrustDocument,
): Result<readonly AuditDocument[]> {
  const [told, said]: [AuditDocument[], Said[]] = [[], []];
  for (const document of documents) {
    const read = readDocument(document, trust);
    if (!read.ok) return read;
    told.push(read.value.told);
    if (read.value.body !== null) said.push({ document, body: read.value.body });
  }
  const wrong = differs(documents, said, named);
  return wrong === "" ? ok(told) : bad("audit_documents_differ", wrong);
}

/** What a document asks for beside it: lines `KIND NAME`. Null for one that is none of its kind. */
export function askedBeside(kind: AuditKind, content: Buffer): readonly string[] | null {
  const body = kind === "approval_request" ? requestBody(content) : signedBody(kind, content)?.body;
  if (body === undefined || body === null) return null;
  return kind === "promotion_evidence" ? besideEvidence(body) : [];
}

function besideEvidence(body: JsonObject): readonly string[] {
  const digests = body.evidence_digests as readonly string[];
  return [...EVIDENCE_REFS.map(([kind], i) => `${kind} ${digests[i]}`), `approval_request ${String(body.approval_id)}`];
}

interface ReadDocument {
  readonly told: AuditDocument;
  readonly body: JsonObject | null;
}

function readDocument({ kind, name, content }: KitDocument, trust: TrustDocument): Result<ReadDocument> {
  const unsigned = { kind, name, found: content !== null, signed_by: "", code: "", issued_at: "" };
  if (content === null) return ok({ told: unsigned, body: null });
  const bent = () => bad<ReadDocument>("audit_document_malformed", `\`${name}\` is no ${kind}`);
  if (kind === "approval_request") {
    const body = requestBody(content);
    return body === null || body.approval_id !== name ? bent() : ok({ told: unsigned, body });
  }
  if (sha256(content) !== name) return bad("audit_document_altered", `\`${name}\` has other bytes`);
  const signed = signedBody(kind, content);
  if (signed === null) return bent();
  const signer = signerOf(signed, AUDIT_ROLES[kind], trust);
  if (!signer.ok) return signer;
  return ok({ told: { ...unsigned, ...signer.value, issued_at: String(signed.body.issued_at) }, body: signed.body });
}

interface SignedBody {
  readonly body: JsonObject;
  readonly envelope: Envelope;
}
type Envelope = Extract<ReturnType<typeof parseEnvelope>, { readonly ok: true }>["value"];

function signedBody(kind: AuditKind, content: Buffer): SignedBody | null {
  const text = content.toString("utf8");
  const lines = text.endsWith("\n") ? text.slice(0, -1).split("\n") : [];
  const envelope = lines.length < 1 || lines.length > DOCUMENT_LINES ? null : parseEnvelope(lines.at(-1) ?? "");
  if (envelope === null || !envelope.ok || envelope.value.signatures.length !== 1) return null;
  const isAnswer = kind === "approval_answer";
  if (envelope.value.payloadType !== (isAnswer ? ANSWER : STATEMENT)) return null;
  const whole = objectOf(parsed(envelope.value.payload));
  const body = isAnswer ? whole : objectOf(whole?.predicate);
  return body !== null && isBodyOf(kind, body) ? { body, envelope: envelope.value } : null;
}

function isBodyOf(kind: AuditKind, body: JsonObject): boolean {
  const { schema_version, issued_at } = body;
  if (schema_version !== SCHEMAS[kind] || typeof issued_at !== "string" || !parseTime(issued_at).ok) return false;
  if (kind === "approval_answer") {
    const { approval_id, request_digest, answer } = body;
    return isApprovalId(approval_id) && isDigestText(request_digest) && (answer === "approved" || answer === "denied");
  }
  if (kind !== "promotion_evidence") return true;
  const { approval_id, evidence_digests } = body;
  const isFour = Array.isArray(evidence_digests) && evidence_digests.length === EVIDENCE_REFS.length;
  return isFour && (evidence_digests as readonly JsonValue[]).every(isDigestText) && isApprovalId(approval_id);
}

function requestBody(content: Buffer): JsonObject | null {
  const body = objectOf(parsed(content));
  if (body === null || body.schema_version !== SCHEMAS.approval_request || !isApprovalId(body.approval_id)) return null;
  const documents = objectOf(body.subject)?.documents;
  return Array.isArray(documents) ? body : null;
}

function parsed(bytes: Uint8Array): JsonValue | undefined {
  const read = parseJson(bytes, { sizeBytes: 16_777_216, depth: 64 });
  const canonical = read.ok ? canonicalJson(read.value) : null;
  return read.ok && canonical?.ok === true && canonical.value === Buffer.from(bytes).toString("utf8") ? read.value : undefined;
}

function objectOf(value: JsonValue | undefined): JsonObject | null {
  return typeof value === "object" && value !== null && !Array.isArray(value) ? (value as JsonObject) : null;
}

function isDigestText(value: JsonValue | undefined): boolean {
  return typeof value === "string" && isDigest(value);
}

function isApprovalId(value: JsonValue | undefined): boolean {
  const id = typeof value === "string" ? parseId(value) : null;
  return id?.ok === true && id.value.prefix === "apr";
}

function signerOf(
  { envelope, body }: SignedBody,
  role: Role,
  trust: TrustDocument,
): Result<{ readonly signed_by: string; readonly code: string }> {
  const [signature] = envelope.signatures;
  const key = trust.keys.find(({ key_id }) => key_id === signature?.keyId);
  if (key === undefined || signature === undefined)
    return bad("unknown_signer", `\`${signature?.keyId ?? ""}\` is not in the trust document`);
  if (key.role !== role) return bad("wrong_role", `\`${key.key_id}\` is a ${key.role} key, not a ${role} key`);
  if (!isSignedBy(envelope, signature, publicKeyOf(key)))
    return bad("signature_invalid", `the signature of \`${key.key_id}\` does not verify`);
  const counts = keyFor(trust, key.key_id, role, { kind: "document", issuedAt: String(body.issued_at) });
  return ok({ signed_by: key.name, code: counts.ok ? "" : counts.problem.code });
}

function differs(documents: readonly KitDocument[], said: readonly Said[], named: readonly string[]): string {
  const evidence = said.filter(({ document }) => document.kind === "promotion_evidence");
  const asked = new Set([
    ...named.map((digest) => `promotion_evidence ${digest}`),
    ...evidence.flatMap(({ body }) => besideEvidence(body)),
  ]);
  const there = documents.filter(({ kind }) => kind !== "approval_answer").map(({ kind, name }) => `${kind} ${name}`);
  const extra = there.find((line) => !asked.has(line));
  if (extra !== undefined) return `no lease named \`${extra}\``;
  const absent = [...asked].find((line) => !there.includes(line));
  if (absent !== undefined) return `\`${absent}\` is not in the kit`;
  const requests = said.filter(({ document }) => document.kind === "approval_request");
  const other = requests.find(({ document, body }) => !evidence.some((one) => isFor(body, document.name, one.body)));
  if (other !== undefined) return `\`${other.document.name}\` asks for other documents`;
  return strayAnswer(documents, said, requests);
}

function isFor(request: JsonObject, id: string, evidence: JsonObject): boolean {
  const documents = objectOf(request.subject)?.documents as readonly JsonValue[];
  const wanted = EVIDENCE_REFS.map(([kind], i) => ({ digest: (evidence.evidence_digests as readonly string[])[i], kind }));
  const isSame = wanted.every(({ kind, digest }, i) => {
    const one = objectOf(documents[i]);
    return one?.kind === kind && one.digest === digest;
  });
  return evidence.approval_id === id && documents.length === wanted.length && isSame;
}

function strayAnswer(documents: readonly KitDocument[], said: readonly Said[], requests: readonly Said[]): string {
  const answers = documents.filter(({ kind }) => kind === "approval_answer");
  const stray = answers.find(({ name, content }) => {
    const body = said.find(({ document }) => document.kind === "approval_answer" && document.name === name)?.body;
    if (content === null || body === undefined) return true;
    return !requests.some(({ document }) => document.name === body.approval_id && sha256(document.content ?? "") === body.request_digest);
  });
  if (stray !== undefined) return `the answer \`${stray.name}\` is to no request that is here`;
  return answers.length > AUDIT_ANSWERS ? `there are more than ${AUDIT_ANSWERS} answers` : "";
}
