// One record and its way to the newest head that counts, as a file for others. Implements spec/evidence.md 5.8 over the embedded ledger.

import { bad, ok, type Result } from "../../base/index.js";
import { formatProofFile, inclusionProof, type LedgerCheckpoint } from "../../evidence/index.js";
import { countedHead } from "./checkpoints.js";
import { findLeaf } from "./read.js";
import type { LedgerSession } from "./session.js";
import { tileReader } from "./tiles.js";

export interface Proof {
  readonly recordId: string;
  readonly index: number;
  readonly size: number;
  readonly hashes: number;
  readonly text: string;
}

/** Problems: `record_not_found`, `record_ambiguous`, `record_unsigned`, those of signedHead. */
export function proofOf(session: LedgerSession, id: string): Result<Proof> {
  const found = findLeaf(session.ledger, id);
  if (!found.ok) return found;
  const head = signedHead(session);
  if (!head.ok) return head;
  const { index, record, text: leaf } = found.value;
  const { size, note } = head.value;
  if (index >= size) return recordUnsigned(index);
  const hashes = inclusionProof(index, size, tileReader(session.ledger.database));
  if (!hashes.ok) return hashes;
  const text = formatProofFile({ index, text: leaf, proof: hashes.value, checkpoint: note });
  return ok({ recordId: record.record_id, index, size, hashes: hashes.value.length, text });
}

/** No head covers it yet. */
export function recordUnsigned<T>(index: number): Result<T> {
  return bad("record_unsigned", `record ${index} is under no signed head yet`, { hint: "run `cavra keys show`" });
}

/** The newest head that counts: what files for others are proven under. Problems: `trust_missing` and the others that keep a head from counting. */
export function signedHead(session: LedgerSession): Result<LedgerCheckpoint> {
  if (session.trust === null)
    return { ok: false, problem: session.unsigned ?? { code: "trust_missing", message: "there are no keys here" } };
  return countedHead(session.ledger, session.trust);
}
