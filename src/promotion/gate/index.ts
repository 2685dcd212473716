// The gate: what it reads, and what it makes of it.

export { EVIDENCE, EVIDENCE_REFS, EVIDENCE_SCHEMA, type EvidenceKind, type PromotionEvidence } from "./evidence.js";
export {
  GATE_INPUTS,
  type GateCheck,
  type GateGiven,
  type GateInput,
  type InputFound,
  isDueSoon,
  PROMOTION_READINESS,
  type PromotionReadiness,
  type PromotionStatus,
  runGate,
} from "./gate.js";
export { LEAST_PARITY_CASES, type ParityRead, readParity } from "./parity.js";
