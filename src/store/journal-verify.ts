// Goes through the whole journal and says what does not hold. Implements spec/record.md section 9.
// It finds every changed byte. It cannot find a record that was taken out whole, nor a file: that takes the ledger.

import { parseTime } from "../base/index.js";
import type { FrameDamage } from "../evidence/index.js";
import { type JournalItem, journalEntries, readJournalFile } from "./journal-reader.js";

export interface JournalFinding {
  readonly code: FrameDamage | "foreign_file" | "duplicate_record_id" | "wrong_day" | "time_backwards";
  /** `notice` is worth knowing; `damage` means that the journal does not hold. */
  readonly severity: "notice" | "damage";
  readonly file: string;
  readonly offset: number;
  readonly length: number;
  /** "" where no record could be read. */
  readonly record_id: string;
}

export interface JournalReport {
  readonly holds: boolean;
  readonly files: number;
  readonly records: number;
  readonly bytes: number;
  /** Times of the earliest and the latest record, "" for none. */
  readonly first_recorded_at: string;
  readonly last_recorded_at: string;
  /** At most FINDINGS, in order; `findings_count` counts all. */
  readonly findings: readonly JournalFinding[];
  readonly findings_count: number;
}

export const FINDINGS = 1000;
/** Two writers may finish in another order than they began; a step back of more than this is a clock that was set. */
export const BACKWARDS_MS = 2000;

export function verifyJournal(stateFolder: string): JournalReport {
  const { files, foreign } = journalEntries(stateFolder);
  const check = newCheck();
  for (const file of foreign) report(check, "foreign_file", "damage", { file, offset: 0, length: 0 }, "");
  for (const file of files) {
    check.latestMs = 0;
    for (const item of readJournalFile(stateFolder, file)) checkItem(check, item);
  }
  const damaged = check.damages > 0;
  return {
    holds: !damaged,
    files: files.length,
    records: check.seen.size + check.duplicates,
    bytes: check.bytes,
    first_recorded_at: check.first,
    last_recorded_at: check.last,
    findings: check.findings,
    findings_count: check.count,
  };
}

interface Check {
  readonly seen: Set<string>;
  readonly findings: JournalFinding[];
  duplicates: number;
  damages: number;
  count: number;
  bytes: number;
  latestMs: number;
  first: string;
  last: string;
}

function newCheck(): Check {
  return { seen: new Set(), findings: [], duplicates: 0, damages: 0, count: 0, bytes: 0, latestMs: 0, first: "", last: "" };
}

function checkItem(check: Check, item: JournalItem): void {
  check.bytes += item.length;
  if (item.kind === "damage") {
    report(check, item.code, "damage", item, "");
    return;
  }
  const { record_id, recorded_at } = item.record;
  if (check.seen.has(record_id)) {
    check.duplicates++;
    report(check, "duplicate_record_id", "damage", item, record_id);
  }
  check.seen.add(record_id);
  if (!item.file.startsWith(recorded_at.slice(0, 10))) report(check, "wrong_day", "damage", item, record_id);
  const moment = parseTime(recorded_at);
  const momentMs = moment.ok ? moment.value : 0;
  if (momentMs + BACKWARDS_MS < check.latestMs) report(check, "time_backwards", "notice", item, record_id);
  check.latestMs = Math.max(check.latestMs, momentMs);
  if (check.first === "" || recorded_at < check.first) check.first = recorded_at;
  if (recorded_at > check.last) check.last = recorded_at;
}

type Place = Pick<JournalFinding, "file" | "offset" | "length">;

function report(check: Check, code: JournalFinding["code"], severity: JournalFinding["severity"], place: Place, recordId: string): void {
  check.count++;
  if (severity === "damage") check.damages++;
  const { file, offset, length } = place;
  if (check.findings.length < FINDINGS) check.findings.push({ code, severity, file, offset, length, record_id: recordId });
}
