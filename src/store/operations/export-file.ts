// Decisions on record, appended to a file that other programs read, from where the last export ended. Implements spec/operations.md section 5.
// INVARIANT: lines are durable before the cursor moves over them, and what stands behind the cursor is cut off: each decision is in the file once.

import { closeSync, constants, fstatSync, fsyncSync, ftruncateSync, openSync, writeSync } from "node:fs";
import { dirname } from "node:path";
import { bad, type JsonObject, ok, parseJson, type Result, shapeFault } from "../../base/index.js";
import type { Clock } from "../clock.js";
import { readNoFollow, replaceDurably } from "../durable-file.js";
import { syncFolderChain } from "../folders.js";
import type { Ledger } from "../ledger/open.js";
import { decisionsBehind, type SequencedRecord } from "../ledger/read.js";

export const EXPORT_FORMATS = ["jsonl", "cloudevents"] as const;
export type ExportFormat = (typeof EXPORT_FORMATS)[number];

const CURSOR_SCHEMA = "cavra.export-cursor.v1";

interface Cursor {
  readonly schema_version: typeof CURSOR_SCHEMA;
  readonly ledger_id: string;
  readonly format: ExportFormat;
  /** The last index that is in the file; -1 before the first. */
  readonly after: number;
  /** Of the file up to there. */
  readonly size: number;
}

export interface Exported {
  readonly lines: number;
  /** The last index that is in the file; -1 for none. */
  readonly last_index: number;
  readonly size: number;
}

export interface ExportWish {
  readonly ledger: Ledger;
  /** Absolute. */
  readonly path: string;
  readonly format: ExportFormat;
  readonly clock: Clock;
  readonly onLines: (count: number) => void;
}

/** So many are written and synced together. */
const BATCH = 1_000;

/** Problems: `export_foreign`, `export_truncated`, `cursor_damaged`. Throws what the system refuses; the next one goes on from the cursor. */
export function exportToFile({ ledger, path, format, clock, onLines }: ExportWish): Result<Exported> {
  const cursorPath = `${path}.cursor`;
  const known = readCursor(cursorPath);
  if (!known.ok) return known;
  const begin: Cursor = known.value ?? { schema_version: CURSOR_SCHEMA, ledger_id: ledger.ledgerId, format, after: -1, size: 0 };
  if (begin.ledger_id !== ledger.ledgerId || begin.format !== format)
    return bad("export_foreign", `\`${path}\` was begun with another ledger or in another format`, { hint: "name another file" });
  const handle = openSync(path, constants.O_RDWR | constants.O_CREAT | (constants.O_NOFOLLOW ?? 0), 0o600);
  try {
    const { size } = fstatSync(handle);
    if (size < begin.size || (known.value === null && size > 0))
      return bad("export_truncated", `\`${path}\` is not the file that the last export left`, {
        hint: "name another file, or remove it and its cursor",
      });
    // A file without a cursor is somebody else's: ours has one before its first line.
    if (known.value === null) replaceDurably(cursorPath, `${JSON.stringify(begin)}\n`, clock);
    // Behind the cursor is what a killed export wrote and did not get to tell.
    ftruncateSync(handle, begin.size);
    syncFolderChain(dirname(path));
    let [cursor, lines] = [begin, 0];
    for (;;) {
      const batch = decisionsBehind(ledger, {}, [], { after: cursor.after, limit: BATCH });
      const last = batch.at(-1);
      if (last === undefined) return ok({ lines, last_index: cursor.after, size: cursor.size });
      const bytes = Buffer.from(batch.map((one) => `${lineOf(one, format, ledger.origin)}\n`).join(""));
      for (let at = 0; at < bytes.length; ) at += writeSync(handle, bytes, at, bytes.length - at, cursor.size + at);
      fsyncSync(handle);
      cursor = { ...cursor, after: last.index, size: cursor.size + bytes.length };
      replaceDurably(cursorPath, `${JSON.stringify(cursor)}\n`, clock);
      lines += batch.length;
      onLines(lines);
    }
  } finally {
    closeSync(handle);
  }
}

function readCursor(path: string): Result<Cursor | null> {
  const file = readNoFollow(path);
  if (file === null) return ok(null);
  const read = parseJson(file.text.trimEnd());
  const shape = {
    schema_version: { $oneOf: [CURSOR_SCHEMA] },
    ledger_id: "text",
    format: { $oneOf: EXPORT_FORMATS },
    after: "number",
    size: "count",
  } as const;
  if (read.ok && shapeFault(read.value, shape) === "") return ok(read.value as JsonObject as unknown as Cursor);
  return bad("cursor_damaged", `\`${path}\` is no cursor of an export`, { hint: "remove it and the file that it is of" });
}

/** Records are redacted already: nothing is taken out here, and nothing is put in. */
function lineOf({ index, digest, record }: SequencedRecord, format: ExportFormat, origin: string): string {
  if (format === "jsonl") return JSON.stringify({ index, digest, record });
  return JSON.stringify({
    specversion: "1.0",
    id: record.record_id,
    source: origin,
    type: "dev.cavra.decision.v1",
    time: record.recorded_at,
    datacontenttype: "application/json",
    dataschema: "https://cavra.dev/schema/record.schema.json",
    ledgerindex: index,
    recorddigest: digest,
    data: record,
  });
}
