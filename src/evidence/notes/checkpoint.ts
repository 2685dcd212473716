// The signed head of a ledger. Implements spec/evidence.md section 4.4 (C2SP tlog-checkpoint).
// Three lines and no more: an extension line would be signed and checked by nobody.

import { bad, formatBase64, ok, parseBase64, type Result, type Signer } from "../../base/index.js";
import { HASH_BYTES, type Hash, TREE_LEAVES } from "../tree/index.js";
import { isNoteName, type Note, type NoteKey, parseNote, signNote, verifyNote } from "./note.js";

export interface Checkpoint {
  /** `cavra.ledger/` and the ledger's id; the name of the key that signs. */
  readonly origin: string;
  readonly size: number;
  readonly root: Hash;
}

export interface OpenedCheckpoint extends Checkpoint {
  readonly note: Note;
  /** Which of the given keys signed. */
  readonly signers: readonly NoteKey[];
}

/** The key with which a ledger signs: its name is the origin. */
export function ledgerNoteKey(origin: string, publicKey: Uint8Array): NoteKey {
  return { name: origin, algorithm: 1, publicKey };
}

/** The text that is signed: origin, size and root, each with a newline. */
export function formatCheckpoint({ origin, size, root }: Checkpoint): string {
  return `${origin}\n${size}\n${formatBase64(root)}\n`;
}

/** The signed note of a checkpoint. */
export function signCheckpoint(checkpoint: Checkpoint, signer: Signer): string {
  return signNote(formatCheckpoint(checkpoint), checkpoint.origin, signer);
}

/** Reads the text of a checkpoint. Problem: `checkpoint_malformed`. */
export function parseCheckpoint(text: string): Result<Checkpoint> {
  const wrong = bad<Checkpoint>("checkpoint_malformed", "a checkpoint is an origin, a size and a root, a line each");
  const [origin = "", size = "", root = "", end, ...more] = text.split("\n");
  const count = parseDecimal(size);
  const hash = parseBase64(root);
  if (end !== "" || more.length > 0 || !isNoteName(origin) || count === null || hash === null || hash.length !== HASH_BYTES) return wrong;
  return ok({ origin, size: count, root: hash });
}

/** A decimal without sign and leading zeros, up to 2^53−1; else null. */
export function parseDecimal(text: string): number | null {
  if (text === "" || text.length > 16 || (text.length > 1 && text[0] === "0")) return null;
  for (let i = 0; i < text.length; i++) if (text.charCodeAt(i) < 0x30 || text.charCodeAt(i) > 0x39) return null;
  const value = Number(text);
  return value <= TREE_LEAVES ? value : null;
}

/**
 * Opens the signed note of a checkpoint with the ledger's keys.
 * Problems: `note_malformed`, `checkpoint_malformed`, `signature_invalid`, `unknown_signer`.
 */
export function openCheckpoint(text: string, keys: readonly NoteKey[]): Result<OpenedCheckpoint> {
  const note = parseNote(text);
  if (!note.ok) return note;
  const checkpoint = parseCheckpoint(note.value.text);
  if (!checkpoint.ok) return checkpoint;
  const signers = verifyNote(note.value, keys);
  if (!signers.ok) return signers;
  return ok({ ...checkpoint.value, note: note.value, signers: signers.value });
}
