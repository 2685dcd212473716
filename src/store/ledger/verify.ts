// Does the ledger hold: every record, the tree, the heads that were signed, and the journal that all of it came from. Implements spec/evidence.md section 9.
// It changes nothing, and it stops at nothing: what it finds is counted, named and placed.

import { statSync } from "node:fs";
import { join } from "node:path";
import { formatTime } from "../../base/index.js";
import { type JournalItem, journalEntries } from "../journal-reader.js";
import { JOURNAL_FOLDER } from "../journal-writer.js";
import { guarded } from "./database.js";
import { NOTHING_DRAINED, resumeFile } from "./drain-file.js";
import { type Finding, type Findings, newFindings } from "./findings.js";
import { drainedFiles } from "./lag.js";
import type { Ledger } from "./open.js";
import { momentOf, verifyLeaves } from "./verify-leaves.js";

export interface LedgerReport {
  readonly holds: boolean;
  /** Journal files that are there. */
  readonly files: number;
  /** Records of the ledger, and whole ones in the journal that are not drained yet. */
  readonly records: number;
  /** Of the journal. */
  readonly bytes: number;
  readonly first_recorded_at: string;
  readonly last_recorded_at: string;
  readonly findings: readonly Finding[];
  readonly findings_count: number;
  readonly ledger: {
    readonly ledger_id: string;
    readonly origin: string;
    readonly size: number;
    readonly root: string;
    readonly undrained: number;
  };
}

/** What the caller knows about heads: it says what is wrong with those that are stored (checkpoints.ts does). */
export type CheckHeads = (findings: Findings, size: number) => void;

export function verifyLedger(
  ledger: Ledger,
  stateFolder: string,
  checkHeads: CheckHeads = () => {},
  onProgress: (done: number, total: number) => void = () => {},
): LedgerReport {
  const findings = newFindings();
  const { files, foreign } = journalEntries(stateFolder);
  for (const file of foreign) findings.damage("foreign_file", { file, offset: 0, length: 0 }, "");
  reportStored(ledger, findings);
  const leaves = verifyLeaves(ledger, stateFolder, findings, onProgress);
  const rest = verifyRest(ledger, stateFolder, files, findings);
  checkHeads(findings, leaves.size);
  const time = (digits: string) => (digits === "" ? "" : formatTime(momentOf(digits)));
  return {
    holds: findings.damages === 0,
    files: files.length,
    records: leaves.size + rest.records,
    bytes: files.reduce((sum, file) => sum + statSync(join(stateFolder, JOURNAL_FOLDER, file)).size, 0),
    first_recorded_at: time(leaves.firstTime) || rest.first,
    last_recorded_at: rest.last || time(leaves.lastTime),
    findings: findings.list,
    findings_count: findings.count,
    ledger: {
      ledger_id: ledger.ledgerId,
      origin: ledger.origin,
      size: leaves.size,
      root: Buffer.from(leaves.root).toString("base64"),
      undrained: rest.records,
    },
  };
}

// What was met while draining: the journal may have been mended since, the ledger remembers.
function reportStored({ database }: Ledger, findings: Findings): void {
  const rows = guarded(() =>
    database
      .prepare(
        "SELECT name, damage.offset, damage.length, code, record_id FROM damage JOIN journal_file USING (file_id) ORDER BY name, damage_id",
      )
      .all(),
  );
  for (const { name, offset, length, code, record_id } of rows) {
    findings.damage(String(code), { file: String(name), offset: Number(offset), length: Number(length) }, String(record_id));
  }
}

interface Rest {
  records: number;
  first: string;
  last: string;
}

/** What the journal holds behind the places up to which it is drained, and files that are gone. */
function verifyRest(ledger: Ledger, stateFolder: string, files: readonly string[], findings: Findings): Rest {
  const rest: Rest = { records: 0, first: "", last: "" };
  const known = drainedFiles(ledger);
  for (const [name, { position }] of known) {
    if (!files.includes(name)) findings.damage("journal_missing", { file: name, offset: 0, length: position }, "");
  }
  for (const file of files) {
    const drained = known.get(file) ?? NOTHING_DRAINED;
    const resumed = resumeFile(stateFolder, file, drained);
    if (resumed.kind === "broken") {
      const offset = resumed.code === "journal_truncated" ? resumed.size : drained.lastOffset;
      findings.damage(resumed.code, { file, offset, length: drained.position - offset }, "");
    }
    if (resumed.kind === "grown") for (const item of resumed.items) checkRest(item, rest, findings);
  }
  return rest;
}

function checkRest(item: JournalItem, rest: Rest, findings: Findings): void {
  if (item.kind === "damage") {
    findings.damage(item.code, item, "");
    return;
  }
  const { record_id, recorded_at } = item.record;
  rest.records++;
  if (!item.file.startsWith(recorded_at.slice(0, 10))) findings.damage("wrong_day", item, record_id);
  if (rest.first === "" || recorded_at < rest.first) rest.first = recorded_at;
  if (recorded_at > rest.last) rest.last = recorded_at;
}
