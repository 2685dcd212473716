// The gate: from the mode and what was found of every input to whether Go may be selected, and a report that says why. Implements spec/promotion.md section 5.
// INVARIANT: `select_go` is one `and` over all inputs. Whoever is tempted to let one input speak for another: section 1.2 forbids it, and gate.test.ts counts.

import { formatTime } from "../../base/index.js";
import { momentOf } from "../documents/document.js";
import { type Finding, found, type InputVerdict, isPass, ordered } from "../documents/verdict.js";

export const GATE_INPUTS = [
  "mode",
  "trust",
  "hold",
  "runtime",
  "deployment",
  "parity",
  "policy_parity",
  "evidence",
  "approval",
  "rollback_plan",
  "rehearsal",
  "drill_history",
  "drill_schedule",
] as const;
export type GateInput = (typeof GATE_INPUTS)[number];

export const PROMOTION_READINESS = "cavra.go-promotion-readiness.v1";

/** What was found of one input, and when what it rests on begins and ends; "" where it has no end. */
export interface InputFound {
  readonly findings: readonly Finding[];
  readonly issued_at: string;
  readonly ends_at: string;
}

export interface GateGiven {
  /** As the host says it: it may be no mode of ours. */
  readonly mode: string;
  readonly nowMs: number;
  /** True where any document of promotion is configured. */
  readonly configured: boolean;
  readonly inputs: Readonly<Record<GateInput, InputFound>>;
}

export interface GateCheck {
  readonly id: GateInput;
  readonly status: "pass" | "fail";
  readonly verdict: InputVerdict;
  readonly code: string;
  readonly message: string;
  readonly hint: string;
  /** Codes of what else was found. */
  readonly also: readonly string[];
  /** "" where it has no end. */
  readonly ends_at: string;
}

export type PromotionStatus = "ready" | "not_requested" | "needs_attention" | "due_soon" | "disabled" | "not_configured";

export interface PromotionReadiness {
  readonly schema_version: typeof PROMOTION_READINESS;
  readonly status: PromotionStatus;
  readonly backend_mode: string;
  readonly select_go: boolean;
  readonly at: string;
  readonly checks: readonly GateCheck[];
}

/** A check whose end is within this part of its days is due soon: a fifth. */
const SOON_PART = 5;

export function runGate({ mode, nowMs, configured, inputs }: GateGiven): PromotionReadiness {
  const looked = GATE_INPUTS.map((id) => ({ id, ...withItsEnd(inputs[id], nowMs) }));
  const selects = mode === "promoted" && looked.every(({ findings }) => isPass(findings));
  const isSoon = looked.some((input) => isDueSoon(input, nowMs));
  return {
    schema_version: PROMOTION_READINESS,
    status: statusOf(mode, configured, selects, isSoon, isPass(inputs.hold.findings)),
    backend_mode: mode,
    select_go: selects,
    at: formatTime(nowMs),
    checks: looked.map(({ id, ...input }) => checkOf(id, input)),
  };
}

// What opened an input said so itself; a finding made a moment too early must not outlive the end that stands beside it.
function withItsEnd(input: InputFound, nowMs: number): InputFound {
  const { ends_at, findings } = input;
  if (ends_at === "" || formatTime(nowMs) < ends_at || findings.some(({ verdict }) => verdict === "stale")) return input;
  return { ...input, findings: [...findings, found("stale", "input_ended", `it ended at ${ends_at}`)] };
}

function checkOf(id: GateInput, { findings, ends_at }: InputFound): GateCheck {
  const [worst, ...others] = ordered(findings);
  const also = [...new Set(others.map(({ code }) => code))].filter((code) => code !== worst.code);
  return { id, status: worst.verdict === "pass" ? "pass" : "fail", ...worst, also, ends_at };
}

/** Within the last fifth of its days, where it has an end. */
export function isDueSoon({ issued_at, ends_at }: InputFound, nowMs: number): boolean {
  if (ends_at === "" || issued_at === "") return false;
  const [from, to] = [momentOf(issued_at), momentOf(ends_at)];
  return to - nowMs <= (to - from) / SOON_PART;
}

function statusOf(mode: string, configured: boolean, selects: boolean, isSoon: boolean, isFree: boolean): PromotionStatus {
  // Rolling back is no incident: a hold leaves production green, whatever the mode still says.
  if (!isFree || (mode === "disabled" && configured)) return "disabled";
  if (mode === "promoted") return selects ? (isSoon ? "due_soon" : "ready") : "needs_attention";
  if (mode === "disabled") return "not_requested";
  if (mode !== "shadow" && mode !== "enforce") return "needs_attention";
  return configured ? "not_requested" : "not_configured";
}
