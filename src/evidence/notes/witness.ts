// The witness's one rule: a ledger may only grow. Implements spec/evidence.md section 4.6 (the request is C2SP tlog-witness's).
// SECURITY: the memory must be kept before the cosignature is given away; a witness that forgets can be led to cosign two histories.

import { bad, formatBase64, ok, parseBase64, type Result } from "../../base/index.js";
import { HASH_BYTES, type Hash, PROOF_HASHES, verifyConsistency } from "../tree/index.js";
import { type Checkpoint, formatCheckpoint, openCheckpoint, parseDecimal } from "./checkpoint.js";
import type { NoteKey } from "./note.js";

/** The last checkpoint of an origin that a witness cosigned. */
export interface WitnessMemory {
  readonly size: number;
  readonly root: Hash;
}

/** A checkpoint, and the proof that it continues the tree of `old` leaves. */
export interface WitnessRequest {
  readonly old: number;
  readonly proof: readonly Hash[];
  /** The signed note. */
  readonly checkpoint: string;
}

/** `old N`, the hashes a line each, an empty line, the note. */
export function formatWitnessRequest({ old, proof, checkpoint }: WitnessRequest): string {
  return `old ${old}\n${proof.map((hash) => `${formatBase64(hash)}\n`).join("")}\n${checkpoint}`;
}

/** Problem: `witness_request_malformed`. */
export function parseWitnessRequest(text: string): Result<WitnessRequest> {
  const end = text.indexOf("\n\n");
  const [first = "", ...lines] = end < 0 ? [] : text.slice(0, end).split("\n");
  const old = first.startsWith("old ") ? parseDecimal(first.slice(4)) : null;
  const proof = lines.map(parseBase64);
  const isWhole = proof.length <= PROOF_HASHES && proof.every((hash) => hash !== null && hash.length === HASH_BYTES);
  if (old === null || !isWhole) return bad("witness_request_malformed", "a request is `old SIZE`, hashes, an empty line and a checkpoint");
  return ok({ old, proof: proof.flatMap((hash) => (hash === null ? [] : [hash])), checkpoint: text.slice(end + 2) });
}

/** What a witness may cosign: the text, and what it must remember from now on. */
export interface Witnessed {
  readonly checkpoint: Checkpoint;
  readonly text: string;
}

/**
 * Judges a request with the ledger's keys and the memory of the checkpoint's origin (undefined for an origin that was never seen).
 * Problems: those of openCheckpoint; `witness_rollback` (smaller than what was cosigned), `witness_fork` (the same size with another root, or growth
 * that is not proven), `witness_old_size` (the proof begins at another size than the one that was cosigned: ask again with that).
 */
export function judgeGrowth(request: WitnessRequest, keys: readonly NoteKey[], memory: WitnessMemory | undefined): Result<Witnessed> {
  const opened = openCheckpoint(request.checkpoint, keys);
  if (!opened.ok) return opened;
  const { origin, size, root } = opened.value;
  const checkpoint: Checkpoint = { origin, size, root };
  const text = formatCheckpoint(checkpoint);
  const last = memory?.size ?? 0;
  if (size < last) return bad("witness_rollback", `the checkpoint has ${size} records, ${last} were cosigned`);
  if (request.old !== last) return bad("witness_old_size", `the proof begins at ${request.old}, ${last} were cosigned`);
  const grows = last === 0 ? request.proof.length === 0 : isGrowth(request, memory, checkpoint);
  return grows ? ok({ checkpoint, text }) : bad("witness_fork", `the checkpoint does not continue the ${last} records that were cosigned`);
}

function isGrowth(request: WitnessRequest, memory: WitnessMemory | undefined, { size, root }: Checkpoint): boolean {
  return memory !== undefined && verifyConsistency(memory.size, memory.root, size, root, request.proof).ok;
}
