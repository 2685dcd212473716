// A checkpoint that a trust document vouches for. Implements spec/evidence.md sections 5.4 to 5.6.
// The temptation is to give openCheckpoint the active keys only: a checkpoint from before a rotation would then be a stranger's.

import { bad, ok, type Result } from "../../base/index.js";
import {
  type Checkpoint,
  ledgerNoteKey,
  type Note,
  type NoteKey,
  parseCheckpoint,
  parseNote,
  verifyCosignatures,
  verifyNote,
  witnessNoteKey,
} from "../notes/index.js";
import { activeKeys, keyFor, publicKeyOf, type TrustDocument, type TrustKey } from "../trust/index.js";

export interface LedgerCheckpoint extends Checkpoint {
  /** The signed note. */
  readonly note: string;
  /** Ids of the ledger keys that signed and may have. */
  readonly signers: readonly string[];
  readonly witnesses: readonly { readonly name: string; readonly key_id: string; readonly time_seconds: number }[];
}

/**
 * Opens a checkpoint of the ledger that the trust document names. Problems, in the order of the checks: `note_malformed`, `checkpoint_malformed`,
 * `origin_mismatch`, `signature_invalid`, `unknown_signer`, `key_revoked`, `key_retired`, `witness_missing`.
 */
export function openLedgerCheckpoint(text: string, trust: TrustDocument): Result<LedgerCheckpoint> {
  const read = readCheckpoint(text, trust.origin);
  return read.ok ? vouchedCheckpoint(text, read.value, trust) : read;
}

export interface ReadCheckpoint {
  readonly note: Note;
  readonly checkpoint: Checkpoint;
}

/** The form of the note and its text, and whose it says to be. */
export function readCheckpoint(text: string, origin: string): Result<ReadCheckpoint> {
  const note = parseNote(text);
  if (!note.ok) return note;
  const checkpoint = parseCheckpoint(note.value.text);
  if (!checkpoint.ok) return checkpoint;
  if (checkpoint.value.origin !== origin)
    return bad("origin_mismatch", `the checkpoint is of \`${checkpoint.value.origin}\`, not of \`${origin}\``);
  return ok({ note: note.value, checkpoint: checkpoint.value });
}

/** The signatures of the ledger, then those of the witnesses. */
export function vouchedCheckpoint(text: string, read: ReadCheckpoint, trust: TrustDocument): Result<LedgerCheckpoint> {
  const signers = ledgerSigners(read, trust);
  if (!signers.ok) return signers;
  const witnesses = activeKeys(trust.keys, "witness").map((key) => ({ key, noteKey: witnessNoteKey(key.name, publicKeyOf(key)) }));
  const cosigned = verifyCosignatures(
    read.note,
    witnesses.map(({ noteKey }) => noteKey),
  );
  if (!cosigned.ok) return cosigned;
  const named = cosigned.value.map(({ key, timeSeconds }) => ({
    name: key.name,
    key_id: witnesses.find(({ noteKey }) => noteKey === key)?.key.key_id ?? "",
    time_seconds: timeSeconds,
  }));
  if (named.length < trust.witnesses_required) {
    return bad("witness_missing", `${named.length} witnesses cosigned, ${trust.witnesses_required} are required`);
  }
  return ok({ ...read.checkpoint, note: text, signers: signers.value, witnesses: named });
}

// Every ledger key that was ever trusted is looked for; what it may say today is asked of those that signed.
function ledgerSigners({ note, checkpoint }: ReadCheckpoint, trust: TrustDocument): Result<readonly string[]> {
  const known = trust.keys.filter((key) => key.role === "ledger");
  const noteKeys = new Map<NoteKey, TrustKey>(known.map((key) => [ledgerNoteKey(trust.origin, publicKeyOf(key)), key]));
  const signed = verifyNote(note, [...noteKeys.keys()]);
  if (!signed.ok) return signed;
  const asked = signed.value.map((noteKey) =>
    keyFor(trust, noteKeys.get(noteKey)?.key_id ?? "", "ledger", { kind: "checkpoint", size: checkpoint.size }),
  );
  const good = asked.flatMap((one) => (one.ok ? [one.value.key_id] : []));
  const refused = asked.find((one) => !one.ok);
  return good.length === 0 && refused !== undefined && !refused.ok ? refused : ok(good);
}

/** Is this checkpoint not older than what was seen? Problems: `origin_mismatch`, `checkpoint_replayed`, `checkpoint_forked`. */
export function isFresh(checkpoint: Checkpoint, seen: Checkpoint | undefined): Result<null> {
  if (seen === undefined) return ok(null);
  if (seen.origin !== checkpoint.origin) return bad("origin_mismatch", `the checkpoint seen before is of \`${seen.origin}\``);
  if (checkpoint.size < seen.size) return bad("checkpoint_replayed", `${checkpoint.size} records, ${seen.size} were seen before`);
  const isForked = checkpoint.size === seen.size && Buffer.compare(checkpoint.root, seen.root) !== 0;
  return isForked ? bad("checkpoint_forked", `the same ${seen.size} records have another root than was seen before`) : ok(null);
}
