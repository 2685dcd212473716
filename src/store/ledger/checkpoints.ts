// The ledger's heads: signed when it has grown, kept for good, held against the tree. Implements spec/evidence.md 8.5, 8.6 and 9.4.
// INVARIANT: what is signed is on the disk first: a head that was given away binds the ledger.

import { bad, CavraError, formatTime, ok, type Result } from "../../base/index.js";
import {
  activeKeys,
  addSignatures,
  type Checkpoint,
  type KeySigner,
  keyFor,
  keyIdOf,
  ledgerNoteKey,
  type NoteKey,
  type OpenedCheckpoint,
  openCheckpoint,
  parseCheckpoint,
  parseNote,
  publicKeyOf,
  signCheckpoint,
  type TrustDocument,
  treeRoot,
  verifyCosignatures,
  witnessNoteKey,
} from "../../evidence/index.js";
import type { Clock } from "../clock.js";
import { guarded, inTransaction, type Row } from "./database.js";
import type { Findings } from "./findings.js";
import type { Ledger } from "./open.js";
import { tileReader, treeSize } from "./tiles.js";

export interface StoredCheckpoint {
  readonly size: number;
  readonly note: string;
  readonly signedAt: string;
}

/** The newest head of at most `size` records; undefined for none. */
export function newestCheckpoint({ database }: Ledger, size = Number.MAX_SAFE_INTEGER): StoredCheckpoint | undefined {
  const row = guarded(() => database.prepare("SELECT * FROM checkpoint WHERE size <= ? ORDER BY size DESC LIMIT 1").get(size));
  return row === undefined ? undefined : asCheckpoint(row);
}

export function checkpointCount({ database }: Ledger): number {
  return Number(guarded(() => database.prepare("SELECT count(*) AS count FROM checkpoint").get())?.count);
}

function asCheckpoint(row: Row): StoredCheckpoint {
  return { size: Number(row.size), note: String(row.note), signedAt: String(row.signed_at) };
}

/** The root of the first `size` records. Throws `ledger_damaged`. */
export function rootAt(ledger: Ledger, size: number): Uint8Array {
  const root = treeRoot(size, tileReader(ledger.database));
  if (root.ok) return root.value;
  throw new CavraError("ledger_damaged", root.problem.message, { hint: "run `cavra evidence verify`" });
}

/** Signs the head of all that is in the ledger, unless this key has done so already. Throws `ledger_unavailable`, `ledger_damaged`. */
export function signHead(ledger: Ledger, { signer }: KeySigner, clock: Clock): StoredCheckpoint {
  const { database, origin } = ledger;
  return inTransaction(database, () => {
    const size = treeSize(database);
    const known = newestCheckpoint(ledger);
    const key = ledgerNoteKey(origin, signer.publicKey);
    if (known?.size === size && isSignedBy(known.note, key)) return known;
    const root = rootAt(ledger, size);
    const signed = signCheckpoint({ origin, size, root }, signer);
    const note = known?.size === size ? joined(known.note, signed) : signed;
    const signedAt = formatTime(clock.nowMs());
    database
      .prepare(
        "INSERT INTO checkpoint (size, root, note, signed_at) VALUES (?, ?, ?, ?) ON CONFLICT (size) DO UPDATE SET note = excluded.note",
      )
      .run(size, root, note, signedAt);
    return { size, note, signedAt };
  });
}

function isSignedBy(note: string, key: NoteKey): boolean {
  return openCheckpoint(note, [key]).ok;
}

// A head that another key has signed gets one more signature: a rotated key signs what stands.
function joined(known: string, signed: string): string {
  const lines = signed.slice(signed.indexOf("\n\n") + 2);
  const added = addSignatures(known, lines);
  return added.ok && added.value.startsWith(signed.slice(0, signed.indexOf("\n\n"))) ? added.value : signed;
}

/** Puts witnesses' lines under the head that they were given for. Problems: `checkpoint_missing`, `note_malformed`, `signature_invalid`, `unknown_signer`. */
export function addCosignatures(ledger: Ledger, size: number, lines: string, trust: TrustDocument): Result<StoredCheckpoint> {
  return inTransaction(ledger.database, () => {
    const known = newestCheckpoint(ledger, size);
    if (known === undefined || known.size !== size) return bad("checkpoint_missing", `there is no checkpoint of ${size} records`);
    const note = addSignatures(known.note, lines);
    if (!note.ok) return note;
    const before = cosignersOf(known.note, trust);
    const after = cosignersOf(note.value, trust);
    if (!after.ok) return after;
    if (before.ok && after.value.length === before.value.length) {
      return bad("unknown_signer", "none of the lines is of a witness that the trust document names", {
        hint: "name the witness first: `cavra trust sign --witness NAME+HASH+KEY`",
      });
    }
    ledger.database.prepare("UPDATE checkpoint SET note = ? WHERE size = ?").run(note.value, size);
    return ok({ ...known, note: note.value });
  });
}

function cosignersOf(note: string, trust: TrustDocument): Result<readonly string[]> {
  const opened = openCheckpoint(note, ledgerNoteKeys(trust));
  if (!opened.ok) return opened;
  const cosigned = verifyCosignatures(opened.value.note, witnessKeys(trust));
  return cosigned.ok ? ok(cosigned.value.map(({ key }) => key.name)) : cosigned;
}

/** Every ledger key of the document, whatever its state, as the notes name it. */
export function ledgerNoteKeys({ origin, keys }: TrustDocument): readonly NoteKey[] {
  return keys.filter(({ role }) => role === "ledger").map((key) => ledgerNoteKey(origin, publicKeyOf(key)));
}

export function witnessKeys({ keys }: TrustDocument): readonly NoteKey[] {
  return activeKeys(keys, "witness").map((key) => witnessNoteKey(key.name, publicKeyOf(key)));
}

/** A head as it stands under a trust document. */
export interface JudgedCheckpoint extends OpenedCheckpoint {
  /** Key ids that signed and may. */
  readonly signedBy: readonly string[];
  /** Names of the witnesses that cosigned. */
  readonly cosignedBy: readonly string[];
}

/**
 * Opens a head. Problems: those of openCheckpoint; `key_revoked`, `key_retired`; `origin_mismatch`; `witness_missing` (fewer witnesses than the trust
 * document asks for).
 */
export function judgeCheckpoint(note: string, trust: TrustDocument): Result<JudgedCheckpoint> {
  const opened = openCheckpoint(note, ledgerNoteKeys(trust));
  if (!opened.ok) return opened;
  if (opened.value.origin !== trust.origin) return bad("origin_mismatch", `the checkpoint is of \`${opened.value.origin}\``);
  const size = opened.value.size;
  const judged = opened.value.signers.map((key) => keyFor(trust, keyIdOf("ledger", key.publicKey), "ledger", { kind: "checkpoint", size }));
  const signedBy = judged.flatMap((key) => (key.ok ? [key.value.key_id] : []));
  const refused = judged.find((key) => !key.ok);
  if (signedBy.length === 0 && refused !== undefined && !refused.ok) return refused;
  const cosigned = verifyCosignatures(opened.value.note, witnessKeys(trust));
  if (!cosigned.ok) return cosigned;
  return ok({ ...opened.value, signedBy, cosignedBy: cosigned.value.map(({ key }) => key.name) });
}

/** Problem: `witness_missing`. */
export function requireWitnesses({ cosignedBy }: JudgedCheckpoint, trust: TrustDocument): Result<null> {
  if (cosignedBy.length >= trust.witnesses_required) return ok(null);
  return bad("witness_missing", `${cosignedBy.length} of ${trust.witnesses_required} witnesses have cosigned`, {
    hint: "run `cavra evidence checkpoint --since SIZE` and give what it prints to a witness",
  });
}

/** Every stored head must be a beginning of the tree; the newest must be signed by a key that may. */
export function checkHeads(ledger: Ledger, size: number, trust: TrustDocument | null, findings: Findings): void {
  const rows = guarded(() => ledger.database.prepare("SELECT * FROM checkpoint ORDER BY size").all());
  rows.forEach((row, i) => {
    const { size: signed, note } = asCheckpoint(row);
    if (signed > size) {
      findings.inLedger("ledger_rolled_back", signed, "");
      return;
    }
    const told = readHead(note);
    const stands = told?.size === signed && told.origin === ledger.origin && Buffer.from(told.root).equals(rootAt(ledger, signed));
    if (!stands) findings.inLedger("checkpoint_mismatch", signed, "");
    const judged = trust === null ? null : judgeCheckpoint(note, trust);
    if (judged === null || judged.ok) return;
    const isOld = i < rows.length - 1 && ["key_revoked", "key_retired"].includes(judged.problem.code);
    if (isOld) findings.notice(judged.problem.code, { file: "ledger", offset: 0, length: 0 }, "");
    else findings.inLedger(judged.problem.code, signed, "");
  });
}

/** What a head says, without asking who signed it. */
function readHead(text: string): Checkpoint | null {
  const note = parseNote(text);
  const checkpoint = note.ok ? parseCheckpoint(note.value.text) : note;
  return checkpoint.ok ? checkpoint.value : null;
}
