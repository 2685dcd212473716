// The record and the decision: what is kept and what is answered. Implements spec/record.md sections 5 and 6. Twin of go/evidence/model.go.
// Wire shapes: their keys are the keys of the canonical JSON. The policy's Judgement fits RecordedJudgement as it is; evidence names
// its parts itself, because policy and evidence do not know each other.

import type { Severity, Span, Verdict } from "../base/index.js";
import type { Action, Effect } from "../change/index.js";

export const RECORD_SCHEMA = "cavra.record.v1";

/** Who acts. Empty strings are unknown. */
export interface Who {
  /** `claude-code`, `codex`, …, as the adapter knows it. */
  readonly agent: string;
  /** The agent inside the agent, as the host names it. */
  readonly sub_agent: string;
  readonly session: string;
  readonly user: string;
  /** Host name of the machine. */
  readonly host: string;
  /** URL of the remote without user and password, or the absolute root. */
  readonly repository: string;
  readonly branch: string;
  /** How the action came in: `hook`, `cli`, `mcp`, `http`. */
  readonly channel: string;
  /** No person was there to be asked. */
  readonly unattended: boolean;
}

/** The action as it is kept: redacted, under the same keys. */
export type RecordedAction = Action;

export interface RecordedInstead {
  readonly text: string;
  readonly command: string;
}

export interface RecordedJudgement {
  readonly verdict: Verdict;
  readonly severity: Severity;
  readonly reason: string;
  readonly rule_id: string;
  readonly instead: RecordedInstead | null;
  readonly effects: readonly Effect[];
  readonly policy: RecordedPolicy;
  readonly rulings: readonly RecordedRuling[];
  /** Only where there was a registry of MCP servers; "" where it could not be read. */
  readonly registry_digest?: string;
}

export interface RecordedPolicy {
  readonly id: string;
  readonly version: string;
  readonly digest: string;
  readonly mode: "enforce" | "audit";
}

/** What policy said of the effect with this index. */
export interface RecordedRuling {
  readonly effect: number;
  readonly verdict: Verdict;
  readonly source: string;
  readonly rules: readonly { readonly id: string; readonly verdict: Verdict; readonly severity: Severity }[];
  /** Only where a registry of MCP servers had a voice. */
  readonly registry?: { readonly id: string; readonly verdict: Verdict; readonly severity: Severity };
  readonly exceptions: readonly { readonly rule: string; readonly reason: string; readonly until: string }[];
}

/** Why the decision is what it is: `policy` when it is the judgement's verdict, else a code of spec/record.md section 5.3 and one sentence. */
export interface Basis {
  readonly code: string;
  readonly reason: string;
}

/** One value that was taken out. `span` is where it stood in the original string, in UTF-8 bytes; `path` is a JSON pointer into the record. */
export interface Redaction {
  readonly path: string;
  readonly kind: string;
  readonly span: Span;
  /** `hmac-sha256:` and 64 hexadecimal digits. */
  readonly commitment: string;
}

export interface Engine {
  /** Whose judgement this is: `typescript` or `go`. */
  readonly backend: string;
  /** Only under a live lease. */
  readonly promotion?: RecordedPromotion;
  readonly version: string;
}

/** By what right Go was asked to answer, and what came of it: spec/promotion.md 7.4. */
export interface RecordedPromotion {
  /** `alone` (a denial), `confirmed` (TypeScript judged first, and the same), or `fell_back` (TypeScript's judgement left). */
  readonly answered: "alone" | "confirmed" | "fell_back";
  readonly approval_id: string;
  readonly deployment_digest: string;
  readonly evidence_digest: string;
  readonly lease_id: string;
  readonly parity_digest: string;
}

/** By which approval the action passed: spec/approval.md 6.3. The answers' digests are in byte order. */
export interface RecordedApproval {
  readonly approval_id: string;
  readonly request_digest: string;
  readonly answers: readonly string[];
}

/** What is kept of one decision. `action` and `judgement` are null where the input never became one. */
export interface DecisionRecord {
  readonly schema_version: typeof RECORD_SCHEMA;
  readonly record_id: string;
  readonly recorded_at: string;
  readonly decision: Verdict;
  readonly basis: Basis;
  readonly who: Who;
  readonly action: RecordedAction | null;
  /** Digest of the canonical bytes of `action`; "" for null. */
  readonly action_digest: string;
  readonly judgement: RecordedJudgement | null;
  readonly redactions: readonly Redaction[];
  /** Only with the basis `approved`. */
  readonly approval?: RecordedApproval;
  readonly engine: Engine;
}

/** Where a record stands: `file` is a name in the journal folder; the frame takes `length` bytes from `offset`. */
export interface JournalPosition {
  readonly file: string;
  readonly offset: number;
  readonly length: number;
}

/**
 * The proof of a decision. `journal` is null and `record_digest` "" unless `status` is `recorded`.
 * Ledger index, checkpoint and proof join here once the journal has drained, under a status of their own.
 */
export interface Evidence {
  readonly status: "recorded" | "dry_run" | "evidence_unavailable" | "evidence_too_large";
  readonly record_digest: string;
  readonly journal: JournalPosition | null;
}

/** The answer to the caller. Everything in it is the record's, so it is redacted as the record is. */
export interface Decision {
  readonly decision_id: string;
  readonly decision: Verdict;
  readonly severity: Severity;
  readonly reason: string;
  readonly rule_id: string;
  readonly instead?: RecordedInstead;
  readonly who: Who;
  readonly change: { readonly effects: readonly Effect[] };
  readonly policy: RecordedPolicy & { readonly rulings: readonly RecordedRuling[] };
  readonly evidence: Evidence;
  /** Where the action passed by an approval, or one was asked for, or it was denied. */
  readonly approval?: { readonly approval_id: string; readonly state: "used" | "pending" | "denied" };
}
