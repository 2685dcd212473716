// Every recorded decision once, wherever it is kept: in the ledger, in the journal, or in both. Implements spec/evidence.md 8.7. It changes nothing and
// drains nothing; a journal file that was drained may be gone since.

import { statSync } from "node:fs";
import { join } from "node:path";
import { compareBytes } from "../../base/index.js";
import { RECORD_SCHEMA } from "../../evidence/index.js";
import { journalEntries, readJournalFile } from "../journal-reader.js";
import { asStored, isOutside, listRecords, matchesFilter, type RecordFilter, type StoredRecord } from "../journal-search.js";
import { JOURNAL_FOLDER } from "../journal-writer.js";
import { type Database, guarded, type SqlValue } from "./database.js";
import { type Drained, NOTHING_DRAINED, resumeFile } from "./drain-file.js";
import type { Ledger } from "./open.js";
import { asSequenced, listLedger } from "./read.js";

/**
 * Every decision that fits, file by file from the oldest name on: what was drained of a file, in its order, then what stands behind it in the journal.
 * Holds a few at a time. `tell` hears how many bytes were read, of how many.
 */
export function* eachDecision(
  { database }: Ledger,
  stateFolder: string,
  filter: RecordFilter,
  tell: (doneBytes: number, allBytes: number) => void = () => {},
): Generator<StoredRecord> {
  const files = filesOf(database, stateFolder).filter(({ name }) => !isOutside(name, filter));
  // INVARIANT: asked after the positions. What a drainer takes meanwhile is behind a position and beyond this size: it is read from the journal.
  const size = guarded(() => Number(database.prepare("SELECT count(*) AS size FROM leaf").get()?.size));
  const all = files.reduce((sum, { bytes }) => sum + bytes, 0);
  let before = 0;
  for (const file of files) {
    for (const stored of inFile(database, stateFolder, file, size)) {
      tell(before + stored.position.offset, all);
      if (matchesFilter(stored.record, filter)) yield stored;
    }
    before += file.bytes;
  }
}

/** At most `limit` decisions that fit, the last written first. Where the journal still has all that was drained of it, it answers alone. */
export function lastDecisions(ledger: Ledger, stateFolder: string, filter: RecordFilter, limit: number): readonly StoredRecord[] {
  const inJournal = listRecords(stateFolder, filter, limit);
  if (isWhole(ledger.database, stateFolder)) return inJournal;
  const known = new Set(inJournal.map(({ record }) => record.record_id));
  const elsewhere = listLedger(ledger, filter, [], limit)
    .filter(({ record }) => !known.has(record.record_id))
    .map(({ record, digest, position }) => ({ record, digest, position }));
  return [...inJournal, ...elsewhere].sort(lastFirst).slice(0, limit);
}

function isWhole(database: Database, stateFolder: string): boolean {
  const rows = guarded(() => database.prepare("SELECT name, generation, position FROM journal_file").all());
  return rows.every(({ name, generation, position }) => generation === 0 && sizeOf(stateFolder, String(name)) >= Number(position));
}

/** Within a day by identifier, which carries the time: a file that was begun again has offsets that say nothing of the first. */
function lastFirst(a: StoredRecord, b: StoredRecord): number {
  return compareBytes(b.position.file, a.position.file) || compareBytes(b.record.record_id, a.record.record_id);
}

function sizeOf(stateFolder: string, name: string): number {
  return statSync(join(stateFolder, JOURNAL_FOLDER, name), { throwIfNoEntry: false })?.size ?? 0;
}

interface DecisionFile {
  readonly name: string;
  /** Of its last generation in the ledger. */
  readonly drained: Drained;
  readonly inLedger: boolean;
  readonly inJournal: boolean;
  readonly bytes: number;
}

function filesOf(database: Database, stateFolder: string): readonly DecisionFile[] {
  const sql = "SELECT name, position, last_offset, last_item FROM journal_file ORDER BY name, generation";
  const known = new Map(
    guarded(() => database.prepare(sql).all()).map((row) => [
      String(row.name),
      { position: Number(row.position), lastOffset: Number(row.last_offset), lastItem: String(row.last_item) },
    ]),
  );
  const there = new Set(journalEntries(stateFolder).files);
  return [...new Set([...known.keys(), ...there])].sort().map((name) => {
    const drained = known.get(name) ?? NOTHING_DRAINED;
    const bytes = Math.max(sizeOf(stateFolder, name), drained.position);
    return { name, drained, inLedger: known.has(name), inJournal: there.has(name), bytes };
  });
}

function* inFile(database: Database, stateFolder: string, file: DecisionFile, size: number): Generator<StoredRecord> {
  if (file.inLedger) yield* fromLedger(database, file.name, size);
  if (!file.inJournal) return;
  const known = database.prepare("SELECT idx FROM record WHERE record_id = ?");
  for (const item of behind(stateFolder, file)) {
    const stored = asStored(item);
    const index = stored === null ? undefined : guarded(() => known.get(stored.record.record_id)?.idx);
    // Also what was read again from a file that is no longer the one that was drained.
    if (stored !== null && (index === undefined || Number(index) >= size)) yield stored;
  }
}

/** What the journal has beyond the ledger; all of it where the file is another one than was drained. */
function behind(stateFolder: string, { name, drained }: DecisionFile): ReturnType<typeof readJournalFile> | readonly never[] {
  const resumed = resumeFile(stateFolder, name, drained);
  if (resumed.kind === "same") return [];
  return resumed.kind === "grown" ? resumed.items : readJournalFile(stateFolder, name);
}

/** Records in one look. Between looks a drainer can write: none waits for who reads a year of decisions. */
const PAGE_RECORDS = 1024;

const PAGE = `SELECT idx, name, generation, offset, length, CAST(json AS TEXT) AS text
  FROM journal_file JOIN record USING (file_id) JOIN leaf USING (idx)
  WHERE name = ? AND idx < ? AND (generation, offset) > (?, ?) ORDER BY generation, offset LIMIT ${PAGE_RECORDS}`;

function* fromLedger(database: Database, name: string, size: number): Generator<StoredRecord> {
  const page = database.prepare(PAGE);
  let after: readonly SqlValue[] = [-1, -1];
  for (;;) {
    const rows = guarded(() => page.all(name, size, ...after));
    for (const row of rows) {
      const { record, digest, position } = asSequenced(row);
      // Changes of the guard are in the ledger too, and are no decisions.
      if (record.schema_version === RECORD_SCHEMA) yield { record, digest, position };
    }
    const last = rows.at(-1);
    if (last === undefined || rows.length < PAGE_RECORDS) return;
    after = [last.generation ?? -1, last.offset ?? -1];
  }
}
