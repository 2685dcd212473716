// Sequences the journals into the ledger. Implements spec/evidence.md section 8. The one place where records enter the tree.
// INVARIANT: a batch is one transaction: records, tiles, damages and the places up to which files are drained are kept together or not at all, so that
// a crash anywhere, a full disk or a second drainer loses nothing and doubles nothing.

import { CavraError, formatTime } from "../../base/index.js";
import { appendLeaves, leafHash } from "../../evidence/index.js";
import type { Clock } from "../clock.js";
import { type JournalItem, journalEntries } from "../journal-reader.js";
import { type Database, inTransaction, type Statement } from "./database.js";
import { consumable, type Drained, itemName, NOTHING_DRAINED, resumeFile } from "./drain-file.js";
import type { Ledger } from "./open.js";
import { tileReader, treeSize } from "./tiles.js";

/** One transaction takes at most so many items … */
export const BATCH_ITEMS = 4096;
/** … and begins no other one once it has taken so many bytes. */
export const BATCH_BYTES = 16 * 1024 * 1024;

export interface DrainReport {
  /** Records that entered the ledger now. */
  readonly sequenced: number;
  /** Damages that were met now. */
  readonly damaged: number;
  /** Records in the ledger after it. */
  readonly size: number;
}

/** Takes in all that the journals hold. `onBatch` is called after each transaction. Throws `ledger_unavailable` and `ledger_damaged`. */
export function drainJournal(
  ledger: Ledger,
  stateFolder: string,
  clock: Clock,
  onBatch: (size: number) => void = () => {},
  batchItems: number = BATCH_ITEMS,
): DrainReport {
  const statements = prepareAll(ledger.database);
  let [sequenced, damaged] = [0, 0];
  for (;;) {
    const batch = inTransaction(ledger.database, () => drainBatch(ledger.database, statements, { stateFolder, clock, batchItems }));
    sequenced += batch.hashes.length;
    damaged += batch.damaged;
    onBatch(batch.size + batch.hashes.length);
    if (!isFull(batch)) return { sequenced, damaged, size: batch.size + batch.hashes.length };
  }
}

interface Batch {
  /** Of the tree before it. */
  readonly size: number;
  readonly hashes: Uint8Array[];
  readonly seenAt: string;
  readonly statements: Statements;
  readonly most: number;
  items: number;
  bytes: number;
  damaged: number;
}

function isFull(batch: Batch): boolean {
  return batch.items >= batch.most || batch.bytes >= BATCH_BYTES;
}

interface Asked {
  readonly stateFolder: string;
  readonly clock: Clock;
  readonly batchItems: number;
}

function drainBatch(database: Database, statements: Statements, { stateFolder, clock, batchItems }: Asked): Batch {
  const seenAt = formatTime(clock.nowMs());
  const batch: Batch = { size: treeSize(database), hashes: [], seenAt, statements, most: batchItems, items: 0, bytes: 0, damaged: 0 };
  for (const file of journalEntries(stateFolder).files) {
    if (isFull(batch)) break;
    drainFile(batch, stateFolder, file);
  }
  growTree(database, batch);
  return batch;
}

function drainFile(batch: Batch, stateFolder: string, name: string): void {
  let known = lastGeneration(batch.statements, name);
  let resumed = resumeFile(stateFolder, name, known.drained);
  if (resumed.kind === "broken") {
    const { position, lastOffset } = known.drained;
    const offset = resumed.code === "journal_truncated" ? resumed.size : lastOffset;
    addDamage(batch, known.fileId, { offset, length: position - offset }, resumed.code, "");
    // What is gone may be in the ledger, what stands there now may not: everything is read again, and what is known is passed over.
    known = { fileId: 0, generation: known.generation + 1, drained: NOTHING_DRAINED };
    resumed = resumeFile(stateFolder, name, known.drained);
    if (resumed.kind === "same") known = { ...known, fileId: addFile(batch.statements, name, known.generation) };
  }
  if (resumed.kind !== "grown") return;
  if (known.fileId === 0) known = { ...known, fileId: addFile(batch.statements, name, known.generation) };
  const drained = takeItems(batch, known, consumable(resumed.items));
  if (drained !== known.drained) batch.statements.moveFile.run(drained.position, drained.lastOffset, drained.lastItem, known.fileId);
}

interface KnownFile {
  /** 0 where it is not in the ledger yet. */
  readonly fileId: number;
  /** 0, and one more each time that the file was no longer the one that was drained. */
  readonly generation: number;
  readonly drained: Drained;
}

function lastGeneration({ findFile }: Statements, name: string): KnownFile {
  const row = findFile.get(name);
  if (row === undefined) return { fileId: 0, generation: 0, drained: NOTHING_DRAINED };
  const drained = { position: Number(row.position), lastOffset: Number(row.last_offset), lastItem: String(row.last_item) };
  return { fileId: Number(row.file_id), generation: Number(row.generation), drained };
}

function addFile({ addFile: add }: Statements, name: string, generation: number): number {
  return Number(add.get(name, generation)?.file_id);
}

function takeItems(batch: Batch, file: KnownFile, items: Iterable<JournalItem>): Drained {
  let drained = file.drained;
  for (const item of items) {
    takeItem(batch, file, item);
    drained = { position: item.offset + item.length, lastOffset: item.offset, lastItem: itemName(item) };
    if (isFull(batch)) break;
  }
  return drained;
}

function takeItem(batch: Batch, file: KnownFile, item: JournalItem): void {
  batch.items++;
  batch.bytes += item.length;
  if (item.kind === "damage") {
    addDamage(batch, file.fileId, item, item.code, "");
    return;
  }
  const { statements } = batch;
  const index = batch.size + batch.hashes.length;
  const { record_id } = item.record;
  const added = statements.addRecord.run(index, record_id, file.fileId, item.offset, item.length);
  if (Number(added.changes) === 1) {
    statements.addLeaf.run(index, Buffer.from(item.text));
    batch.hashes.push(leafHash(item.text));
    return;
  }
  // A file that is read again from its beginning brings what is known already.
  if (file.generation > 0 && isKnown(statements, item)) return;
  addDamage(batch, file.fileId, item, "duplicate_record_id", record_id);
}

function isKnown({ findLeaf }: Statements, item: JournalItem & { readonly kind: "record" }): boolean {
  const known = findLeaf.get(item.record.record_id);
  return known !== undefined && known.name === item.file && Buffer.from(item.text).equals(known.json as Uint8Array);
}

type Place = { readonly offset: number; readonly length: number };

function addDamage(batch: Batch, fileId: number, { offset, length }: Place, code: string, recordId: string): void {
  batch.damaged++;
  batch.statements.addDamage.run(fileId, offset, length, code, recordId, batch.seenAt);
}

function growTree(database: Database, { size, hashes, statements }: Batch): void {
  if (hashes.length === 0) return;
  const grown = appendLeaves(size, hashes, tileReader(database));
  if (!grown.ok) {
    throw new CavraError("ledger_damaged", grown.problem.message, {
      hint: "run `cavra evidence verify`, then restore the ledger from a backup",
    });
  }
  for (const { level, n, hashes: tile } of grown.value.tiles) statements.putTile.run(level, n, tile);
}

interface Statements {
  readonly findFile: Statement;
  readonly addFile: Statement;
  readonly moveFile: Statement;
  readonly addRecord: Statement;
  readonly addLeaf: Statement;
  readonly findLeaf: Statement;
  readonly addDamage: Statement;
  readonly putTile: Statement;
}

function prepareAll(database: Database): Statements {
  return {
    findFile: database.prepare("SELECT * FROM journal_file WHERE name = ? ORDER BY generation DESC LIMIT 1"),
    addFile: database.prepare(
      "INSERT INTO journal_file (name, generation, position, last_offset, last_item) VALUES (?, ?, 0, -1, '') RETURNING file_id",
    ),
    moveFile: database.prepare("UPDATE journal_file SET position = ?, last_offset = ?, last_item = ? WHERE file_id = ?"),
    addRecord: database.prepare(
      "INSERT INTO record (idx, record_id, file_id, offset, length) VALUES (?, ?, ?, ?, ?) ON CONFLICT (record_id) DO NOTHING",
    ),
    addLeaf: database.prepare("INSERT INTO leaf (idx, json) VALUES (?, ?)"),
    findLeaf: database.prepare("SELECT name, json FROM record JOIN leaf USING (idx) JOIN journal_file USING (file_id) WHERE record_id = ?"),
    addDamage: database.prepare("INSERT INTO damage (file_id, offset, length, code, record_id, seen_at) VALUES (?, ?, ?, ?, ?, ?)"),
    putTile: database.prepare(
      "INSERT INTO tile (level, n, hashes) VALUES (?, ?, ?) ON CONFLICT (level, n) DO UPDATE SET hashes = excluded.hashes",
    ),
  };
}
