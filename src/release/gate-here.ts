// The gate as this machine runs it: inputs read within their time, then the pure function. Implements spec/promotion.md 1.3 and section 5.

import { found, type LeaseReferences, type PromotionReadiness, runGate } from "../promotion/index.js";
import { assertedInputs } from "./asserted.js";
import { type InputSources, readInputs } from "./inputs.js";
import { isConfigured } from "./places.js";

/** The whole gate may take so long. */
export const GATE_MS = 2_000;

export interface GateResult {
  readonly readiness: PromotionReadiness;
  /** Where the host takes documents at their word and nothing else is wrong: what one evaluation may select Go by. Null otherwise; never a lease's. */
  readonly asserted: LeaseReferences | null;
  /** What a lease would name; null where the gate is closed. */
  readonly references: LeaseReferences | null;
  /** The first end of any input; "" where none has one. */
  readonly endsAt: string;
}

/** `elapsedMs` counts by a clock that nobody sets. */
export function gateHere(sources: InputSources, elapsedMs: () => number): GateResult {
  const signed = readInputs(sources);
  const isAsserted = signed.inputs.trust.findings.some(({ code }) => code === "trust_asserted");
  const { inputs: read, references } = isAsserted ? assertedInputs(sources, signed.inputs) : signed;
  const late = elapsedMs() > GATE_MS;
  const slow = found("inconclusive", "gate_timeout", `reading the inputs took longer than ${GATE_MS} ms`);
  const inputs = late ? { ...read, trust: { ...read.trust, findings: [...read.trust.findings, slow] } } : read;
  const { mode, nowMs, paths } = sources;
  const readiness = runGate({ mode, nowMs, configured: isConfigured(paths), inputs });
  const ends = Object.values(inputs)
    .map(({ ends_at }) => ends_at)
    .filter((end) => end !== "")
    .sort();
  const others = readiness.checks.filter(({ id, code }) => id !== "trust" || code !== "trust_asserted");
  const mayAssert = isAsserted && mode === "promoted" && others.every(({ status }) => status === "pass");
  return {
    readiness,
    references: readiness.select_go ? references : null,
    asserted: mayAssert ? references : null,
    endsAt: ends[0] ?? "",
  };
}
