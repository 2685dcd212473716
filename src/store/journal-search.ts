// Records by recency, by filter, by id. Implements spec/record.md section 10. Damage is skipped here; verifyJournal tells of it.

import { statSync } from "node:fs";
import { join } from "node:path";
import { bad, formatDay, ok, parseId, type Result } from "../base/index.js";
import { type DecisionRecord, type JournalPosition, RECORD_SCHEMA } from "../evidence/index.js";
import { workspaceTest } from "../identity/index.js";
import { type JournalItem, journalEntries, readJournalFile } from "./journal-reader.js";
import { JOURNAL_FOLDER } from "./journal-writer.js";

export interface StoredRecord {
  readonly record: DecisionRecord;
  readonly digest: string;
  readonly position: JournalPosition;
}

/** All that is given must hold. Times are RFC 3339 texts as records have them; `since` is included, `until` is not. */
export interface RecordFilter {
  readonly since?: string;
  readonly until?: string;
  readonly decision?: string;
  readonly agent?: string;
  readonly session?: string;
  readonly repository?: string;
  readonly action_type?: string;
  readonly rule_id?: string;
  /** Only records of these repositories, names or globs (spec/service.md 4.8); without it, of all. */
  readonly workspaces?: readonly string[];
}

/** At most `limit` records, the last written first. */
export function listRecords(stateFolder: string, filter: RecordFilter, limit: number): readonly StoredRecord[] {
  const result: StoredRecord[] = [];
  for (const file of [...journalEntries(stateFolder).files].reverse()) {
    if (result.length >= limit) break;
    if (isOutside(file, filter)) continue;
    result.push(...lastOf(stateFolder, file, filter, limit - result.length));
  }
  return result;
}

/**
 * Every record that fits, the first written first, without holding more than one. `tell` hears how many bytes were read, of how many.
 * For work over many records; a list of the last ones is sooner had from listRecords.
 */
export function* eachRecord(
  stateFolder: string,
  filter: RecordFilter,
  tell: (doneBytes: number, allBytes: number) => void = () => {},
): Generator<StoredRecord> {
  const files = journalEntries(stateFolder)
    .files.filter((file) => !isOutside(file, filter))
    .map((file) => ({ file, size: statSync(join(stateFolder, JOURNAL_FOLDER, file)).size }));
  const all = files.reduce((sum, { size }) => sum + size, 0);
  let before = 0;
  for (const { file, size } of files) {
    for (const item of readJournalFile(stateFolder, file)) {
      tell(before + item.offset, all);
      const stored = asStored(item);
      if (stored !== null && matchesFilter(stored.record, filter)) yield stored;
    }
    before += size;
  }
}

/** Can no record of this file fit, by its day alone? */
export function isOutside(file: string, filter: RecordFilter): boolean {
  const day = file.slice(0, 10);
  return (filter.since !== undefined && day < filter.since.slice(0, 10)) || (filter.until !== undefined && day > filter.until.slice(0, 10));
}

const FIRST_WINDOW_BYTES = 256 * 1024;

// Looks at the end of the file first, and at more and more of it while there is not enough: the last decision must not cost the whole day.
function lastOf(stateFolder: string, file: string, filter: RecordFilter, limit: number): readonly StoredRecord[] {
  const size = statSync(join(stateFolder, JOURNAL_FOLDER, file)).size;
  for (let window = FIRST_WINDOW_BYTES; ; window *= 8) {
    const from = Math.max(0, size - window);
    const matching: StoredRecord[] = [];
    for (const item of readJournalFile(stateFolder, file, from)) {
      const stored = asStored(item);
      if (stored !== null && matchesFilter(stored.record, filter)) matching.push(stored);
      if (matching.length > 2 * limit) matching.splice(0, matching.length - limit);
    }
    if (matching.length >= limit || from === 0) return matching.slice(-limit).reverse();
  }
}

/** A decision's record with its place; null for damage and for records of other schemas. */
export function asStored(item: JournalItem): StoredRecord | null {
  if (item.kind !== "record" || item.record.schema_version !== RECORD_SCHEMA) return null;
  const { file, offset, length, digest } = item;
  // The journal holds canonical bytes with their digest, written by buildRecord; other schema versions were sorted out above.
  return { record: item.record as unknown as DecisionRecord, digest, position: { file, offset, length } };
}

export function matchesFilter(record: DecisionRecord, filter: RecordFilter): boolean {
  const asked = (wanted: string | undefined, found: string | undefined) => wanted === undefined || wanted === found;
  return (
    (filter.since === undefined || record.recorded_at >= filter.since) &&
    (filter.until === undefined || record.recorded_at < filter.until) &&
    asked(filter.decision, record.decision) &&
    asked(filter.agent, record.who.agent) &&
    asked(filter.session, record.who.session) &&
    asked(filter.repository, record.who.repository) &&
    (filter.workspaces === undefined || workspaceTest(filter.workspaces)(record.who.repository)) &&
    asked(filter.action_type, record.action?.action_type) &&
    asked(filter.rule_id, record.judgement?.rule_id)
  );
}

/** The record with this id, or the only one whose id begins so. Problems: `record_not_found`, `record_ambiguous`. */
export function findRecord(stateFolder: string, idOrPrefix: string): Result<StoredRecord> {
  const id = parseId(idOrPrefix);
  const files = journalEntries(stateFolder).files;
  // A whole id tells its day, and ids are unique.
  const day = id.ok ? files.filter((file) => file === `${formatDay(id.value.momentMs)}.journal`) : files;
  const found = new Map<string, StoredRecord>();
  for (const file of day) {
    for (const item of readJournalFile(stateFolder, file)) {
      const stored = asStored(item);
      if (stored?.record.record_id.startsWith(idOrPrefix)) found.set(stored.record.record_id, stored);
    }
  }
  return onlyOne([...found.values()], found.size, idOrPrefix);
}

/** The one record that was meant, of the first that were found and the number of all. Problems: `record_not_found`, `record_ambiguous`. */
export function onlyOne<T extends { readonly record: { readonly record_id: string } }>(
  [first]: readonly T[],
  count: number,
  idOrPrefix: string,
): Result<T> {
  if (first === undefined) return bad("record_not_found", `no record \`${idOrPrefix}\``, { hint: "run `cavra evidence list`" });
  if (count === 1) return ok(first);
  return bad("record_ambiguous", `${count} records begin with \`${idOrPrefix}\``, { hint: `such as \`${first.record.record_id}\`` });
}
