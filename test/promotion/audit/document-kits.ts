// Kits whose documents are whole, missing, altered, signed by somebody else, or others than the lease named; each with the code that is right for it.

import { canonicalJson, formatTime, sha256 } from "../../../src/base/index.js";
import { signEnvelope } from "../../../src/evidence/index.js";
import type { KitDocument } from "../../../src/promotion/index.js";
import { must, sampleKey } from "../../evidence/bundle/sample-ledger.js";
import { APPROVER, AT_MS, BUILDER, CHAIN, DRILLER, type SampleDocuments, type Step, sampleDocuments, sampleKit } from "./sample-kit.js";

export interface DocumentKit {
  readonly name: string;
  readonly kit: Buffer;
  /** "" for one that holds. */
  readonly code: string;
}

const STRANGER = sampleKey(90, "builder");

function kitOf(evidence: string, documents: readonly KitDocument[]): Buffer {
  const steps: readonly Step[] = [
    [-300, "started"],
    [-299, "gate", { code: "open" }],
    [-20, "leased", { evidence }],
    [6, "decision"],
  ];
  const sorted = [...documents].sort((a, b) => (`${a.kind} ${a.name}` < `${b.kind} ${b.name}` ? -1 : 1));
  return sampleKit({ steps, documents: sorted }).bytes;
}

const whole = sampleDocuments();

function row(name: string, code: string, { evidence, documents }: SampleDocuments): DocumentKit {
  return { name, code, kit: kitOf(evidence, documents) };
}

/** The whole set with one document made otherwise; its name is then that of its new content, unless it is given. */
function otherwise(kind: KitDocument["kind"], change: (content: Buffer) => Buffer | null, name?: string): SampleDocuments {
  const documents = whole.documents.map((one) => {
    if (one.kind !== kind || one.content === null) return one;
    const content = change(one.content);
    return { ...one, content, name: name ?? (content === null || kind === "approval_request" ? one.name : sha256(content)) };
  });
  return { ...whole, documents };
}

const without = (...kinds: readonly KitDocument["kind"][]): SampleDocuments => ({
  ...whole,
  documents: whole.documents.filter(({ kind }) => !kinds.includes(kind)),
});

const flipped = (content: Buffer): Buffer => Buffer.from(content.map((byte, i) => (i === content.length - 40 ? byte ^ 1 : byte)));

/** Evidence whose own bytes are these; the lease names them. */
function evidenceOf(content: Buffer): SampleDocuments {
  const documents = whole.documents.map((one) => (one.kind === "promotion_evidence" ? { ...one, content, name: sha256(content) } : one));
  return { evidence: sha256(content), documents };
}

function evidenceSaying(more: object, type = "application/vnd.in-toto+json", twice = false): Buffer {
  const body = (whole.documents.find(({ kind }) => kind === "approval_request")?.name ?? "") as string;
  const digests = whole.documents.filter(({ kind }) => FOUR.includes(kind)).map(({ name }) => name);
  const predicate = {
    schema_version: "cavra.go-backend-promotion-evidence.v1",
    issued_at: formatTime(AT_MS - 1000),
    approval_id: body,
    evidence_digests: digests,
    ...more,
  };
  const text = must(canonicalJson({ predicate }));
  const signers = twice ? [BUILDER, DRILLER] : [BUILDER];
  return Buffer.from(`${CHAIN.join("\n")}\n${must(signEnvelope(type, Buffer.from(text), signers))}\n`);
}
const FOUR = ["deployment_report", "parity_report", "rehearsal", "rollback_plan"];

function answerSaying(more: object): SampleDocuments {
  const request = whole.documents.find(({ kind }) => kind === "approval_request");
  const said = {
    schema_version: "cavra.approval-answer.v1",
    approval_id: request?.name ?? "",
    request_digest: sha256(request?.content ?? ""),
    answer: "approved",
    issued_at: formatTime(AT_MS - 1000),
    ...more,
  };
  const envelope = signEnvelope("application/vnd.cavra.approval-answer.v1+json", Buffer.from(must(canonicalJson(said))), [APPROVER]);
  return otherwise("approval_answer", () => Buffer.from(`${must(envelope)}\n`));
}

const other = sha256("another");

export const DOCUMENT_KITS: readonly DocumentKit[] = [
  row("all are there", "", whole),
  row("no answer was kept", "", without("approval_answer")),
  row("the request was not found", "", sampleWithout("approval_request")),
  row("two were not found", "", sampleDocuments(["parity_report", "rehearsal"])),
  row("nothing was found", "", { ...whole, documents: [{ kind: "promotion_evidence", name: whole.evidence, content: null }] }),
  row("an answer was a denial", "", answerSaying({ answer: "denied" })),
  row("another evidence signs the same", "", evidenceOf(evidenceSaying({}))),
  row("a report was left out", "audit_documents_differ", without("parity_report")),
  row("the request was left out", "audit_documents_differ", without("approval_request", "approval_answer")),
  row("all were left out", "audit_documents_differ", { ...whole, documents: [] }),
  row("evidence that no lease named", "audit_documents_differ", { ...whole, evidence: other }),
  row("an answer without its request", "audit_documents_differ", { ...whole, documents: sampleWithoutRequestOnly() }),
  row("an answer to another request", "audit_documents_differ", answerSaying({ request_digest: other })),
  row(
    "an answer that is not there",
    "audit_documents_differ",
    otherwise("approval_answer", () => null, other),
  ),
  row(
    "a request that nobody made for this",
    "audit_documents_differ",
    evidenceOf(evidenceSaying({ evidence_digests: [other, other, other, other] })),
  ),
  row("a report with another byte", "audit_document_altered", otherwise("parity_report", flipped, nameOf("parity_report"))),
  row(
    "another report under its own name",
    "audit_documents_differ",
    otherwise("parity_report", (content) => Buffer.concat([Buffer.from("x\n"), content])),
  ),
  row(
    "a report that is a plan",
    "audit_document_malformed",
    evidenceOf(evidenceSaying({ schema_version: "cavra.go-backend-rollback-plan.v1" })),
  ),
  row(
    "a report without its last newline",
    "audit_document_malformed",
    otherwise("parity_report", (content) => content.subarray(0, -1)),
  ),
  row(
    "a report that is no envelope",
    "audit_document_malformed",
    otherwise("parity_report", () => Buffer.from("{}\n")),
  ),
  row(
    "an empty line for a report",
    "audit_document_malformed",
    otherwise("parity_report", () => Buffer.from("\n")),
  ),
  row("evidence of another type", "audit_document_malformed", evidenceOf(evidenceSaying({}, "application/json"))),
  row("evidence with two signatures", "audit_document_malformed", evidenceOf(evidenceSaying({}, "application/vnd.in-toto+json", true))),
  row("evidence with three digests", "audit_document_malformed", evidenceOf(evidenceSaying({ evidence_digests: [other, other, other] }))),
  row(
    "evidence with five digests",
    "audit_document_malformed",
    evidenceOf(evidenceSaying({ evidence_digests: [other, other, other, other, other] })),
  ),
  row(
    "evidence with a digest that is none",
    "audit_document_malformed",
    evidenceOf(evidenceSaying({ evidence_digests: [other, other, other, "x"] })),
  ),
  row("evidence without an approval", "audit_document_malformed", evidenceOf(evidenceSaying({ approval_id: "" }))),
  row("evidence without a time", "audit_document_malformed", evidenceOf(evidenceSaying({ issued_at: "today" }))),
  row("an answer that is neither", "audit_document_malformed", answerSaying({ answer: "maybe" })),
  row(
    "a request under another name",
    "audit_document_malformed",
    otherwise("approval_request", (content) => content, "apr_01m6gpfk4ne00r40r40m30e209"),
  ),
  row("a report that a stranger signed", "unknown_signer", sampleDocuments([], { parity_report: STRANGER })),
  row("a report that an approver signed", "wrong_role", sampleDocuments([], { parity_report: APPROVER })),
  row("a rehearsal that a builder signed", "wrong_role", sampleDocuments([], { rehearsal: BUILDER })),
  row(
    "a plan signed by another key under this name",
    "signature_invalid",
    sampleDocuments([], { rollback_plan: { ...STRANGER, keyId: BUILDER.keyId } }),
  ),
];

function nameOf(kind: KitDocument["kind"]): string {
  return whole.documents.find((one) => one.kind === kind)?.name ?? "";
}

/** A request that was not found brings no answers either. */
function sampleWithout(kind: "approval_request"): SampleDocuments {
  const given = sampleDocuments([kind]);
  return { ...given, documents: given.documents.filter((one) => one.kind !== "approval_answer") };
}

function sampleWithoutRequestOnly(): readonly KitDocument[] {
  return sampleDocuments(["approval_request"]).documents;
}
