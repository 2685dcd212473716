// Drains this server's own journal into the shared ledger. Implements spec/evidence.md 10.3.
// INVARIANT: records, damages and the places up to which files are drained are one transaction under the ledger's lock: a server or a database that is
// killed anywhere loses nothing and doubles nothing. What is not drained stays in the journal.

import { statSync } from "node:fs";
import { join } from "node:path";
import { formatTime } from "../base/index.js";
import {
  type Clock,
  consumable,
  type Drained,
  itemName,
  JOURNAL_FOLDER,
  type JournalItem,
  journalEntries,
  NOTHING_DRAINED,
  resumeFile,
} from "../store/index.js";
import { appendRecords } from "./append.js";
import { type Connected, inTransaction, lockLedger, type Within } from "./database.js";

/** One transaction takes at most so many items, and begins no other one after so many bytes: they are read between two answers of the server. */
export const BATCH_ITEMS = 256;
export const BATCH_BYTES = 1024 * 1024;

export interface DrainPlace {
  readonly connected: Connected;
  readonly stateFolder: string;
  readonly serverId: string;
  readonly clock: Clock;
}

export interface TeamDrainer {
  /** Takes in what stands in the journal when it is called. */
  readonly drain: () => Promise<void>;
  /** How far each file is drained, as the database said it last. */
  readonly positions: () => ReadonlyMap<string, Drained>;
}

interface KnownFile {
  /** 0 where it is not in the database yet. */
  readonly fileId: number;
  readonly generation: number;
  readonly drained: Drained;
}

const NO_FILE: KnownFile = { fileId: 0, generation: 0, drained: NOTHING_DRAINED };

export function newTeamDrainer(place: DrainPlace): TeamDrainer {
  const { connected, stateFolder } = place;
  let known: Map<string, KnownFile> | null = null;
  // The size that a file had when it was last looked at to its end: what may be left of it is a write that is under way.
  const looked = new Map<string, number>();
  const drain = async (): Promise<void> => {
    for (const name of journalEntries(stateFolder).files) {
      for (;;) {
        const size = statSync(join(stateFolder, JOURNAL_FOLDER, name)).size;
        if (known !== null && looked.get(name) === size) break;
        const batch = await inTransaction(connected, async (within) => {
          const ledger = await lockLedger(within);
          known = await filesOf(within, place.serverId);
          return drainBatch(within, place, ledger.size, name, known.get(name) ?? NO_FILE);
        });
        known?.set(name, batch.file);
        if (batch.isFull) continue;
        looked.set(name, size);
        break;
      }
    }
  };
  return { drain, positions: () => new Map([...(known ?? [])].map(([name, { drained }]) => [name, drained])) };
}

async function filesOf(within: Within, serverId: string): Promise<Map<string, KnownFile>> {
  const rows = await within.selectFrom("journal_file").selectAll().where("server_id", "=", serverId).orderBy("generation").execute();
  return new Map(
    rows.map(({ name, file_id: fileId, generation, position, last_offset: lastOffset, last_item: lastItem }) => [
      name,
      { fileId, generation, drained: { position, lastOffset, lastItem } },
    ]),
  );
}

interface Batch {
  readonly file: KnownFile;
  /** There may be more. */
  readonly isFull: boolean;
}

async function drainBatch(within: Within, place: DrainPlace, size: number, name: string, before: KnownFile): Promise<Batch> {
  let file = before;
  let resumed = resumeFile(place.stateFolder, name, file.drained);
  if (resumed.kind === "broken") {
    const { position, lastOffset } = file.drained;
    const offset = resumed.code === "journal_truncated" ? resumed.size : lastOffset;
    await addDamages(within, place, file.fileId, [{ offset, length: position - offset, code: resumed.code, record_id: "" }]);
    // What is gone may be in the ledger, what stands there now may not: everything is read again, and what is known is passed over.
    file = await addFile(within, place, name, file.generation + 1);
    resumed = resumeFile(place.stateFolder, name, NOTHING_DRAINED);
  }
  if (resumed.kind !== "grown") return { file, isFull: false };
  const { items, isFull } = firstOf(consumable(resumed.items));
  const last = items.at(-1);
  if (last === undefined) return { file, isFull: false };
  if (file.fileId === 0) file = await addFile(within, place, name, file.generation);
  await takeItems(within, place, size, file, items);
  const drained = { position: last.offset + last.length, lastOffset: last.offset, lastItem: itemName(last) };
  await within
    .updateTable("journal_file")
    .set({ position: drained.position, last_offset: drained.lastOffset, last_item: drained.lastItem })
    .where("file_id", "=", file.fileId)
    .execute();
  return { file: { ...file, drained }, isFull };
}

function firstOf(items: Iterable<JournalItem>): { readonly items: readonly JournalItem[]; readonly isFull: boolean } {
  const taken: JournalItem[] = [];
  let bytes = 0;
  for (const item of items) {
    taken.push(item);
    bytes += item.length;
    if (taken.length >= BATCH_ITEMS || bytes >= BATCH_BYTES) return { items: taken, isFull: true };
  }
  return { items: taken, isFull: false };
}

async function addFile(within: Within, { serverId }: DrainPlace, name: string, generation: number): Promise<KnownFile> {
  const row = { server_id: serverId, name, generation, position: 0, last_offset: -1, last_item: "" };
  const { file_id: fileId } = await within.insertInto("journal_file").values(row).returning("file_id").executeTakeFirstOrThrow();
  return { fileId, generation, drained: NOTHING_DRAINED };
}

interface Damage {
  readonly offset: number;
  readonly length: number;
  readonly code: string;
  readonly record_id: string;
}

async function addDamages(within: Within, { clock }: DrainPlace, fileId: number, damages: readonly Damage[]): Promise<void> {
  const seen_at = formatTime(clock.nowMs());
  const rows = damages.map(({ offset, length, code, record_id }) => ({ file_id: fileId, offset, length, code, record_id, seen_at }));
  if (rows.length > 0) await within.insertInto("damage").values(rows).execute();
}

async function takeItems(within: Within, place: DrainPlace, size: number, file: KnownFile, items: readonly JournalItem[]): Promise<void> {
  const records = items.filter((item) => item.kind === "record");
  const appended = await appendRecords(
    within,
    size,
    records.map(({ digest, text, record, offset, length }) => ({
      digest,
      text,
      record,
      place: { fileId: file.fileId, offset, length },
      broughtBy: null,
    })),
    place.clock.nowMs(),
  );
  const damages: Damage[] = items.flatMap((item) => (item.kind === "damage" ? [{ ...item, record_id: "" }] : []));
  for (const [at, what] of appended.entries()) {
    const item = records[at];
    if (item === undefined || what === "taken") continue;
    // Read again from the beginning of a file, or brought by a push, or from a copy of this state folder: it is there, once, byte for byte.
    if (what === "known" && file.generation > 0) continue;
    const code = what === "known" ? "taken_elsewhere" : "duplicate_record_id";
    damages.push({ offset: item.offset, length: item.length, code, record_id: item.record.record_id });
  }
  await addDamages(within, place, file.fileId, damages);
}
