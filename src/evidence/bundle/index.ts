// The door of the bundle: files that strangers can verify. Pure; bytes, keys, times and memories come in.

export {
  BUNDLE_BYTES,
  BUNDLE_PROOF_HASHES,
  BUNDLE_RECORDS,
  BUNDLE_REVEALED,
  BUNDLE_SCHEMA,
  type BundleLines,
  type BundleParts,
  formatBundle,
  parseBundle,
  type Seal,
  sealedMessage,
} from "./format.js";
export { isFresh, type LedgerCheckpoint, openLedgerCheckpoint } from "./ledger-checkpoint.js";
export { formatProofFile, PROOF_FILE_BYTES, PROOF_FILE_HEADER, type ProofFile, type VerifiedProof, verifyProofFile } from "./proof-file.js";
export {
  makeReveal,
  parseReveal,
  REVEAL_BYTES,
  REVEAL_SCHEMA,
  REVEAL_VALUE_BYTES,
  type Reveal,
  type RevealPlace,
  verifyReveal,
} from "./reveal.js";
export { type BundleCheck, type BundleRecord, type VerifiedBundle, verifyBundle } from "./verify.js";
