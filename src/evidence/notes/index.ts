// The door of the notes: signed notes, checkpoints, cosignatures, and what a witness may cosign. Pure; keys, times and memories come in.

export {
  type Checkpoint,
  formatCheckpoint,
  ledgerNoteKey,
  type OpenedCheckpoint,
  openCheckpoint,
  parseCheckpoint,
  parseDecimal,
  signCheckpoint,
} from "./checkpoint.js";
export { addSignatures, type Cosignature, cosign, verifyCosignatures, witnessNoteKey } from "./cosignature.js";
export {
  formatVerifierKey,
  isNoteName,
  NOTE_BYTES,
  NOTE_SIGNATURES,
  type Note,
  type NoteKey,
  type NoteSignature,
  noteKeyHash,
  parseNote,
  parseSignatures,
  parseVerifierKey,
  signNote,
  verifyNote,
} from "./note.js";
export {
  formatWitnessRequest,
  judgeGrowth,
  parseWitnessRequest,
  type Witnessed,
  type WitnessMemory,
  type WitnessRequest,
} from "./witness.js";
