// One record and its proof in one small file. Implements spec/evidence.md section 5.8 (C2SP tlog-proof).
// The `extra` line holds the record itself, so that the file needs nothing beside it but the trusted keys.

import { bad, formatBase64, ok, parseBase64, type Result } from "../../base/index.js";
import { type JournalRecord, readRecord } from "../frame.js";
import { type Checkpoint, parseDecimal } from "../notes/index.js";
import { RECORD_BYTES } from "../record.js";
import { HASH_BYTES, type Hash, leafHash, PROOF_HASHES, verifyInclusion } from "../tree/index.js";
import type { TrustDocument } from "../trust/index.js";
import { isFresh, type LedgerCheckpoint, openLedgerCheckpoint } from "./ledger-checkpoint.js";

export const PROOF_FILE_HEADER = "c2sp.org/tlog-proof@v1";
/** Of the whole file. */
export const PROOF_FILE_BYTES = 2_097_152;

export interface ProofFile {
  readonly index: number;
  /** The record's canonical text. */
  readonly text: string;
  readonly proof: readonly Hash[];
  /** The signed note. */
  readonly checkpoint: string;
}

export function formatProofFile({ index, text, proof, checkpoint }: ProofFile): string {
  const lines = [PROOF_FILE_HEADER, `extra ${formatBase64(Buffer.from(text))}`, `index ${index}`, ...proof.map(formatBase64), ""];
  return `${lines.join("\n")}\n${checkpoint}`;
}

export interface VerifiedProof {
  readonly index: number;
  readonly text: string;
  readonly record: JournalRecord;
  readonly checkpoint: LedgerCheckpoint;
}

/**
 * Verifies a proof file against a trust document, and the newest checkpoint of its ledger that was seen before. Problems, in the order of the checks:
 * `proof_malformed`, those of openLedgerCheckpoint and isFresh, `proof_invalid`, `record_not_canonical`.
 */
export function verifyProofFile(text: string, trust: TrustDocument, seen?: Checkpoint): Result<VerifiedProof> {
  const file = parseProofFile(text);
  if (!file.ok) return file;
  const checkpoint = openLedgerCheckpoint(file.value.checkpoint, trust);
  if (!checkpoint.ok) return checkpoint;
  const fresh = isFresh(checkpoint.value, seen);
  if (!fresh.ok) return fresh;
  const { index, bytes, proof } = file.value;
  const included = verifyInclusion(leafHash(bytes), index, checkpoint.value.size, proof, checkpoint.value.root);
  if (!included.ok) return included;
  const read = readRecord(bytes);
  if (typeof read === "string") return bad("record_not_canonical", `record ${index} is no record in canonical form`);
  return ok({ index, ...read, checkpoint: checkpoint.value });
}

interface ParsedProof {
  readonly index: number;
  readonly bytes: Buffer;
  readonly proof: readonly Hash[];
  readonly checkpoint: string;
}

function parseProofFile(text: string): Result<ParsedProof> {
  if (text.length > PROOF_FILE_BYTES) return malformed(`a proof file has at most ${PROOF_FILE_BYTES} bytes`);
  const end = text.indexOf("\n\n");
  const [header, extra = "", index = "", ...hashes] = end < 0 ? [] : text.slice(0, end).split("\n");
  const bytes = extra.startsWith("extra ") ? parseBase64(extra.slice(6)) : null;
  const place = index.startsWith("index ") ? parseDecimal(index.slice(6)) : null;
  if (header !== PROOF_FILE_HEADER || bytes === null || place === null)
    return malformed("a proof file begins with header, record and index");
  if (bytes.length > RECORD_BYTES || hashes.length > PROOF_HASHES) return malformed("the record or the proof is too long");
  const proof = hashes.map(parseBase64);
  if (!proof.every((hash) => hash?.length === HASH_BYTES)) return malformed("a line of the proof is not base64 of 32 bytes");
  const whole = proof.flatMap((hash) => (hash === null ? [] : [hash]));
  return ok({ index: place, bytes: Buffer.from(bytes), proof: whole, checkpoint: text.slice(end + 2) });
}

function malformed<T>(message: string): Result<T> {
  return bad("proof_malformed", message);
}
