// Takes records into the shared tree. Implements spec/evidence.md 10.3. The one place where records enter it.
// INVARIANT: the ledger's row is held, so that of all servers one appends at a time; records, tiles and the size are kept together or not at all.

import { CavraError, formatTime } from "../base/index.js";
import { appendLeaves, type JournalRecord, leafHash } from "../evidence/index.js";
import { columnsOf } from "./columns.js";
import type { Within } from "./database.js";
import { edgeTiles } from "./tiles.js";

/** A record on its way into the tree. */
export interface NewRecord {
  readonly digest: string;
  /** Its canonical text. */
  readonly text: string;
  readonly record: JournalRecord;
  /** Where it stands in this server's own journal; null for what was pushed. */
  readonly place: { readonly fileId: number; readonly offset: number; readonly length: number } | null;
  /** Who pushed it; null for this server's own. */
  readonly broughtBy: string | null;
}

/** What became of each, in their order. */
export type Appended = "taken" | "known" | "differs";

/** Rows in one statement: PostgreSQL takes 65,535 values. */
const ROWS = 500;

/** `size` is that of the locked ledger. A record id that is known is not taken again, whatever its digest. */
export async function appendRecords(
  within: Within,
  size: number,
  records: readonly NewRecord[],
  nowMs: number,
): Promise<readonly Appended[]> {
  const known = await digestsOf(
    within,
    records.map(({ record }) => record.record_id),
  );
  const fresh: NewRecord[] = [];
  const appended = records.map((one): Appended => {
    const digest = known.get(one.record.record_id);
    if (digest !== undefined) return digest === one.digest ? "known" : "differs";
    known.set(one.record.record_id, one.digest);
    fresh.push(one);
    return "taken";
  });
  const receivedAt = formatTime(nowMs);
  for (let from = 0; from < fresh.length; from += ROWS) {
    const rows = fresh.slice(from, from + ROWS).map((one, at) => rowOf(one, size + from + at, receivedAt));
    await within.insertInto("record").values(rows).execute();
  }
  await grow(within, size, fresh);
  return appended;
}

async function digestsOf(within: Within, ids: readonly string[]): Promise<Map<string, string>> {
  const known = new Map<string, string>();
  for (let from = 0; from < ids.length; from += ROWS) {
    const some = ids.slice(from, from + ROWS);
    const rows = await within.selectFrom("record").select(["record_id", "digest"]).where("record_id", "in", some).execute();
    for (const { record_id, digest } of rows) known.set(record_id, digest);
  }
  return known;
}

function rowOf({ digest, text, record, place, broughtBy }: NewRecord, idx: number, receivedAt: string) {
  return {
    idx,
    record_id: record.record_id,
    digest,
    json: text,
    file_id: place?.fileId ?? null,
    offset: place?.offset ?? null,
    length: place?.length ?? null,
    brought_by: broughtBy,
    received_at: receivedAt,
    ...columnsOf(record),
  };
}

async function grow(within: Within, size: number, fresh: readonly NewRecord[]): Promise<void> {
  if (fresh.length === 0) return;
  const readTile = await edgeTiles(within, size);
  const grown = appendLeaves(
    size,
    fresh.map(({ text }) => leafHash(text)),
    readTile,
  );
  if (!grown.ok)
    throw new CavraError("ledger_damaged", grown.problem.message, {
      hint: "restore the database from a backup, and start the servers again",
    });
  const tiles = grown.value.tiles.map(({ level, n, hashes }) => ({ level, n, hashes: Buffer.from(hashes) }));
  await within
    .insertInto("tile")
    .values(tiles)
    .onConflict((conflict) => conflict.columns(["level", "n"]).doUpdateSet(({ ref }) => ({ hashes: ref("excluded.hashes") })))
    .execute();
  await within.updateTable("ledger").set({ size: grown.value.size }).execute();
}
