// Makes the record of a decision, and the answer from the record. Implements spec/record.md sections 5 and 6.
// Twin of go/evidence/record.go.
// INVARIANT: what is not redacted never leaves this file; the digest, the journal and the answer all see the redacted record only.

import { bad, canonicalRecord, formatTime, ok, parseId, type Result, sha256, type Verdict } from "../base/index.js";
import {
  type Basis,
  type Decision,
  type DecisionRecord,
  type Engine,
  type Evidence,
  RECORD_SCHEMA,
  type RecordedAction,
  type RecordedApproval,
  type RecordedJudgement,
  type Who,
} from "./model.js";
import { type Redactable, redact } from "./redact.js";

/** A record of more canonical bytes than this is not written: the decision is then `deny`, `evidence_too_large`. */
export const RECORD_BYTES = 1024 * 1024;

export interface RecordInput {
  /** An identifier of makeId; its time is the record's time, so that the file follows from the id. */
  readonly recordId: string;
  readonly decision: Verdict;
  readonly basis: Basis;
  readonly who: Who;
  readonly action: RecordedAction | null;
  readonly judgement: RecordedJudgement | null;
  /** Only with the basis `approved`. */
  readonly approval?: RecordedApproval;
  readonly engine: Engine;
}

/** A record, its canonical text (what the journal holds), and the digest of that text's UTF-8 bytes. */
export interface BuiltRecord {
  readonly record: DecisionRecord;
  readonly text: string;
  readonly digest: string;
}

/** Problems: `bad_id`, `evidence_too_large`, and the codes of canonicalRecord for what has no canonical form. */
export function buildRecord(input: RecordInput, redactionKey: Uint8Array): Result<BuiltRecord> {
  const id = parseId(input.recordId);
  if (!id.ok) return id;
  const { value, redactions } = redact<Redactable>(
    {
      action: input.action,
      basis: { reason: input.basis.reason },
      judgement: input.judgement === null ? null : { effects: input.judgement.effects },
      who: input.who,
    },
    input.recordId,
    redactionKey,
  );
  const actionText = canonicalRecord(value.action);
  if (!actionText.ok) return actionText;
  return sealRecord({
    schema_version: RECORD_SCHEMA,
    record_id: input.recordId,
    recorded_at: formatTime(id.value.momentMs),
    decision: input.decision,
    basis: { code: input.basis.code, reason: value.basis.reason },
    who: value.who,
    action: value.action,
    action_digest: value.action === null ? "" : sha256(actionText.value),
    judgement: withEffects(input.judgement, value.judgement),
    redactions,
    ...(input.approval === undefined ? {} : { approval: input.approval }),
    engine: input.engine,
  });
}

// What the policy says of itself is not redacted: an action must not be able to blacken the name of the rule that stopped it.
function withEffects(judgement: RecordedJudgement | null, redacted: Pick<RecordedJudgement, "effects"> | null): RecordedJudgement | null {
  return judgement === null || redacted === null ? null : { ...judgement, effects: redacted.effects };
}

function sealRecord(record: DecisionRecord): Result<BuiltRecord> {
  const text = canonicalRecord(record);
  if (!text.ok) return text;
  const size = Buffer.byteLength(text.value);
  if (size > RECORD_BYTES) return bad("evidence_too_large", `the record has ${size} bytes, more than ${RECORD_BYTES}`);
  return ok({ record, text: text.value, digest: sha256(text.value) });
}

/** The answer that a record gives. Without a judgement the basis is the reason, and the severity is `high`. */
export function decisionOf(record: DecisionRecord, evidence: Evidence): Decision {
  const judgement = record.judgement ?? { ...NO_JUDGEMENT, reason: record.basis.reason };
  return {
    decision_id: record.record_id,
    decision: record.decision,
    severity: judgement.severity,
    reason: judgement.reason,
    rule_id: judgement.rule_id,
    ...(judgement.instead === null ? {} : { instead: judgement.instead }),
    who: record.who,
    change: { effects: judgement.effects },
    policy: { ...judgement.policy, rulings: judgement.rulings },
    evidence,
    ...(record.approval === undefined ? {} : { approval: { approval_id: record.approval.approval_id, state: "used" as const } }),
  };
}

const NO_JUDGEMENT: RecordedJudgement = {
  verdict: "deny",
  severity: "high",
  reason: "",
  rule_id: "",
  instead: null,
  effects: [],
  policy: { id: "", version: "", digest: "", mode: "enforce" },
  rulings: [],
};
