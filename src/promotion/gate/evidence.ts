// The promotion evidence: the handbook's fields, and beside them what they speak of, by digest. Implements spec/promotion.md section 4.
// SECURITY: its words are never believed. The gate opens what the references point at, and holds those bytes against these digests.

import type { DocumentHead, DocumentKind } from "../documents/document.js";
import { found } from "../documents/verdict.js";

export const EVIDENCE_SCHEMA = "cavra.go-backend-promotion-evidence.v1";

export interface PromotionEvidence extends DocumentHead {
  readonly parity_status: string;
  readonly deployment_status: string;
  readonly approved: boolean;
  readonly approval_id: string;
  /** `go-runtime-parity://…`, in the order of EVIDENCE_REFS. */
  readonly evidence_refs: readonly string[];
  /** For each reference the SHA-256 of the file that it means. */
  readonly evidence_digests: readonly string[];
}

/** Kinds of the documents that evidence and approval speak of, and the scheme of their references; in byte order. */
export const EVIDENCE_REFS = [
  ["deployment_report", "go-deployment-readiness"],
  ["parity_report", "go-runtime-parity"],
  ["rehearsal", "go-rollback-rehearsal"],
  ["rollback_plan", "go-rollback-plan"],
] as const;
export type EvidenceKind = (typeof EVIDENCE_REFS)[number][0];

export const EVIDENCE: DocumentKind<PromotionEvidence> = {
  schema: EVIDENCE_SCHEMA,
  name: "promotion evidence",
  role: "builder",
  days: 30,
  bound: ["runtime", "typescript", "go", "catalogue"],
  shape: {
    approval_id: "text",
    approved: "flag",
    deployment_status: "text",
    evidence_digests: ["digest"],
    evidence_refs: ["text"],
    parity_status: "text",
  },
  remedy: "run `cavra runtime go-promote`",
  fault: ({ evidence_refs, evidence_digests }) => {
    if (evidence_refs.length !== EVIDENCE_REFS.length || evidence_digests.length !== EVIDENCE_REFS.length)
      return `it does not have ${EVIDENCE_REFS.length} references with a digest each`;
    const other = EVIDENCE_REFS.findIndex(([, scheme], i) => !evidence_refs[i]?.startsWith(`${scheme}://`));
    return other < 0 ? "" : `\`evidence_refs[${other}]\` is no ${EVIDENCE_REFS[other]?.[1]} reference`;
  },
  outcome: ({ parity_status, deployment_status, approved }) => [
    ...(parity_status === "pass" ? [] : [found("fail", "parity_not_passed", `its parity_status is \`${parity_status.slice(0, 40)}\``)]),
    ...(deployment_status === "ready"
      ? []
      : [found("fail", "deployment_not_ready", `its deployment_status is \`${deployment_status.slice(0, 40)}\``)]),
    ...(approved ? [] : [found("unapproved", "not_approved", "it says that nobody approved it")]),
  ],
};
