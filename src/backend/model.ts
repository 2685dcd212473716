// What is asked of a second engine, and what came of it. Implements spec/backend.md sections 1, 2 and 6.
// The temptation is to carry a verdict: what travels is the bytes of the whole judgement, and nothing is ever compared alone.

import type { Action, Facts } from "../change/index.js";

export const MODES = ["disabled", "shadow", "enforce", "promoted"] as const;
export type BackendMode = (typeof MODES)[number];

/** Who acts and when, as far as a policy may ask (spec/backend.md 2.1). `now` is a time as record.md 3.2 writes it. */
export interface Asker {
  readonly agent: string;
  readonly user: string;
  readonly now: string;
}

export interface Evaluation {
  readonly action: Action;
  readonly facts: Facts;
  readonly subject: Asker;
}

/** In the order of spec/backend.md 6.1: of several the first holds. */
export const FALLBACK_CODES = [
  "unknown_mode",
  "promotion_gate_missing",
  "promotion_held",
  "lease_missing",
  "lease_unbound",
  "lease_ended",
  "clock_suspect",
  "runtime_missing",
  "runtime_not_executable",
  "runtime_wrong_digest",
  "protocol_mismatch",
  "catalogue_mismatch",
  "policy_mismatch",
  "policy_not_loaded",
  "registry_mismatch",
  "registry_not_loaded",
  "circuit_open",
  "worker_busy",
  "worker_unavailable",
  "campaign_missing",
  "campaign_mismatch",
  "worker_crashed",
  "deadline_exceeded",
  "garbage",
  "wrong_id",
  "duplicate_id",
  "answer_too_large",
  "wrong_request_digest",
  "wrong_policy_digest",
  "refused",
  "disagreement",
] as const;
export type FallbackCode = (typeof FALLBACK_CODES)[number];

/** What went wrong, with words for people. */
export interface Fault {
  readonly code: FallbackCode;
  readonly message: string;
}

/** What the worker made of a request: the judgement bytes, or why there are none. */
export type Answered =
  | { readonly ok: true; readonly judgement: string }
  | { readonly ok: false; readonly code: FallbackCode; readonly message: string };

/** What was selected, and why. `go` is Go's judgement as it came, or null. */
export interface Selection {
  readonly backend_mode: string;
  readonly selected_backend: "typescript" | "go";
  readonly fallback_used: boolean;
  readonly fallback_code: FallbackCode | null;
  readonly fallback_reason: string;
  /** Null where nothing was compared. */
  readonly parity_match: boolean | null;
  /** Of a disagreement: Go would have let pass what TypeScript does not, or its verdict cannot be read. */
  readonly unsafe: boolean;
  readonly go: string | null;
}
