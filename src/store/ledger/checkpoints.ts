// The ledger's heads: signed when it has grown, kept for good, held against the tree. Implements spec/evidence.md 8.5, 8.6 and 9.4.
// INVARIANT: what is signed is on the disk first: a head that was given away binds the ledger.

import { bad, CavraError, formatTime, ok, type Problem, type Result } from "../../base/index.js";
import {
  addSignatures,
  type Checkpoint,
  type KeySigner,
  type LedgerCheckpoint,
  ledgerNoteKey,
  type NoteKey,
  openCheckpoint,
  openLedgerCheckpoint,
  parseCheckpoint,
  parseNote,
  signCheckpoint,
  type TrustDocument,
  treeRoot,
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
export function signHead(ledger: Ledger, signer: KeySigner, clock: Clock): StoredCheckpoint {
  const { database, origin } = ledger;
  return inTransaction(database, () => {
    const size = treeSize(database);
    const known = newestCheckpoint(ledger);
    const root = rootAt(ledger, size);
    const note = noteToKeep(known, { origin, size, root }, signer);
    if (note === null && known !== undefined) return known;
    const head = { size, note: note ?? "", signedAt: formatTime(clock.nowMs()) };
    database
      .prepare(
        "INSERT INTO checkpoint (size, root, note, signed_at) VALUES (?, ?, ?, ?) ON CONFLICT (size) DO UPDATE SET note = excluded.note",
      )
      .run(size, root, head.note, head.signedAt);
    return head;
  });
}

/** The note of this head, with one more signature where another key signed it before; null where this key has. `known` is the newest one that is kept. */
export function noteToKeep(known: StoredCheckpoint | undefined, head: Checkpoint, { signer }: KeySigner): string | null {
  const stands = known?.size === head.size ? known.note : null;
  if (stands !== null && isSignedBy(stands, ledgerNoteKey(head.origin, signer.publicKey))) return null;
  const signed = signCheckpoint(head, signer);
  return stands === null ? signed : joined(stands, signed);
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

/**
 * Puts witnesses' lines under the head that they were made for: of `size` records, or the newest under which they verify. Problems: `checkpoint_missing`,
 * `witness_unknown` (no line of a witness that the trust document names, or none that is new), and those of openLedgerCheckpoint.
 */
export function addCosignatures(ledger: Ledger, size: number | null, lines: string, trust: TrustDocument): Result<StoredCheckpoint> {
  return inTransaction(ledger.database, () => {
    const rows = guarded(() =>
      ledger.database
        .prepare("SELECT * FROM checkpoint WHERE ? IS NULL OR size = ? ORDER BY size DESC LIMIT ?")
        .all(size, size, HEADS_TRIED),
    );
    let told: Result<StoredCheckpoint> = bad("checkpoint_missing", "there is no such checkpoint", {
      hint: "run `cavra evidence checkpoint`",
    });
    for (const row of rows) {
      told = cosignedHead(asCheckpoint(row), lines, trust);
      // A line does not say for how many records it was made; under every other head it does not verify.
      if (told.ok || told.problem.code !== "signature_invalid") break;
    }
    if (told.ok) ledger.database.prepare("UPDATE checkpoint SET note = ? WHERE size = ?").run(told.value.note, told.value.size);
    return told;
  });
}

function cosignedHead(known: StoredCheckpoint, lines: string, trust: TrustDocument): Result<StoredCheckpoint> {
  const note = addSignatures(known.note, lines);
  if (!note.ok) return note;
  const [before, after] = [witnessesAside(known.note, trust), witnessesAside(note.value, trust)];
  if (!after.ok) return after;
  if (!before.ok || after.value.witnesses.length > before.value.witnesses.length) return ok({ ...known, note: note.value });
  return bad("witness_unknown", "none of the lines is new and of a witness that the trust document names", {
    hint: "name the witness first: `cavra trust sign --witness KEY`",
  });
}

/** A head, however many witnesses have cosigned it. */
export function witnessesAside(note: string, trust: TrustDocument): Result<LedgerCheckpoint> {
  return openLedgerCheckpoint(note, { ...trust, witnesses_required: 0 });
}

/** Heads that are looked at, from the newest on, for one that counts. */
export const HEADS_TRIED = 1000;

/** The newest head that the trust document vouches for, witnesses included; else why the newest one does not count. */
export function countedHead({ database }: Ledger, trust: TrustDocument): Result<LedgerCheckpoint> {
  const rows = guarded(() => database.prepare("SELECT note FROM checkpoint ORDER BY size DESC LIMIT ?").iterate(HEADS_TRIED));
  return firstCounted(notesOf(rows), trust);
}

function* notesOf(rows: Iterable<Row>): Generator<string> {
  for (const { note } of rows) yield String(note);
}

/** The first of these that the trust document vouches for; else why the first one does not count. */
export function firstCounted(notes: Iterable<string>, trust: TrustDocument): Result<LedgerCheckpoint> {
  let problem: Problem = { code: "checkpoint_missing", message: "no checkpoint has been signed yet", hint: "run `cavra keys show`" };
  let isFirst = true;
  for (const note of notes) {
    const opened = openLedgerCheckpoint(note, trust);
    if (opened.ok) return opened;
    if (isFirst) problem = opened.problem;
    isFirst = false;
  }
  return { ok: false, problem };
}

/** Every stored head must be a beginning of the tree and signed; keys that were retired or revoked since are told of, and count where they still may. */
export function checkHeads(ledger: Ledger, size: number, trust: TrustDocument | null, findings: Findings): void {
  const rows = guarded(() => ledger.database.prepare("SELECT * FROM checkpoint ORDER BY size").all()).map(asCheckpoint);
  for (const { size: signed, note } of rows) {
    if (signed > size) {
      findings.inLedger("ledger_rolled_back", signed, "");
      continue;
    }
    const told = readHead(note);
    const stands = told?.size === signed && told.origin === ledger.origin && Buffer.from(told.root).equals(rootAt(ledger, signed));
    if (!stands) findings.inLedger("checkpoint_mismatch", signed, "");
    const opened = trust === null ? null : witnessesAside(note, trust);
    if (opened === null || opened.ok) continue;
    if (["key_revoked", "key_retired"].includes(opened.problem.code)) findings.noticeInLedger(opened.problem.code, signed);
    else findings.inLedger(opened.problem.code, signed, "");
  }
  const counted = trust === null || rows.length === 0 ? null : countedHead(ledger, trust);
  if (counted !== null && !counted.ok) findings.inLedger(counted.problem.code, rows.at(-1)?.size ?? 0, "");
}

/** What a head says, without asking who signed it. */
function readHead(text: string): Checkpoint | null {
  const note = parseNote(text);
  const checkpoint = note.ok ? parseCheckpoint(note.value.text) : note;
  return checkpoint.ok ? checkpoint.value : null;
}
