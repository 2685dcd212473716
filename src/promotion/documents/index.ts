// The documents that promotion rests on: one form, one way to sign and to open them, one kind of verdict.

export {
  DAY_MS,
  DOCUMENT_BYTES,
  DOCUMENT_PREFIX,
  type DocumentHead,
  type DocumentKind,
  type DocumentRead,
  momentOf,
  type Opened,
  type OpenGiven,
  openDocument,
  openEnvelope,
  predicateType,
  type SignedRead,
  signDocument,
} from "./document.js";
export {
  boundPerBillion,
  type OpenedReport,
  openReport,
  PARITY_DAYS,
  PARITY_SCHEMA,
  type ParityReport,
  reportSubject,
  type StratumRow,
  signReport,
} from "./parity-report.js";
export { NO_SUBJECT, SUBJECT_KEYS, type Subject, type SubjectKey } from "./subject.js";
export { type Finding, found, INPUT_VERDICTS, type InputVerdict, isPass, ordered, passed } from "./verdict.js";
