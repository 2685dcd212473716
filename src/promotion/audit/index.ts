// The auditor's kit: one file that answers why Go was selected, or not, at a time, and what makes anybody believe it.

export { type AuditAnswer, type AuditCause, type AuditGiven, auditAnswer, coveringLeases, namedEvidence } from "./answer.js";
export { AUDIT_ANSWERS, type AuditDocument, askedBeside, auditDocuments } from "./documents.js";
export { type AuditEvent, type AuditLease, auditEvents, type PlacedRecord } from "./events.js";
export {
  AUDIT_DOCUMENTS,
  AUDIT_KIT_BYTES,
  AUDIT_KIT_SCHEMA,
  type AuditKind,
  formatKit,
  type KitDocument,
  type KitParts,
  kitSealMessage,
  parseKit,
} from "./kit.js";
export { AUDIT_LATE_MS, AUDIT_RANGE_BYTES, AUDIT_RECORDS, auditBounds, isSettled, rangeFaults } from "./range.js";
export { missingOf, type VerifiedKit, verifyKit } from "./verify.js";
