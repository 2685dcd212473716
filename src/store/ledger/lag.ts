// What stands in the journal and not in the ledger: how many records, and how long the first of them waits. Implements spec/service.md 13.1. It only reads.

import { journalEntries } from "../journal-reader.js";
import type { Lag } from "../served-ledger.js";
import { guarded } from "./database.js";
import { consumable, type Drained, NOTHING_DRAINED, resumeFile } from "./drain-file.js";
import type { Ledger } from "./open.js";

/** How far each journal file is drained, in its last generation. */
export function drainedFiles({ database }: Ledger): ReadonlyMap<string, Drained> {
  const rows = guarded(() => database.prepare("SELECT * FROM journal_file ORDER BY name, generation").all());
  return new Map(
    rows.map((row) => [
      String(row.name),
      { position: Number(row.position), lastOffset: Number(row.last_offset), lastItem: String(row.last_item) },
    ]),
  );
}

/** Beyond this many nobody needs the number: it is told as this. */
export const LAG_RECORDS = 100_000;

/** `known` as the ledger said it last. A file that was replaced counts whole. */
export function journalLag(stateFolder: string, known: ReadonlyMap<string, Drained>, nowMs: number): Lag {
  let [records, firstMs] = [0, nowMs];
  for (const file of journalEntries(stateFolder).files) {
    const resumed = resumeFile(stateFolder, file, known.get(file) ?? NOTHING_DRAINED);
    const grown = resumed.kind === "broken" ? resumeFile(stateFolder, file, NOTHING_DRAINED) : resumed;
    if (grown.kind !== "grown") continue;
    for (const item of consumable(grown.items)) {
      if (item.kind !== "record") continue;
      records += 1;
      firstMs = Math.min(firstMs, Date.parse(item.record.recorded_at));
      if (records >= LAG_RECORDS) return { records, ms: nowMs - firstMs };
    }
  }
  return { records, ms: nowMs - firstMs };
}
