// Does the shared ledger hold: every record, its copies for lists, the tree, the positions, and every head. Implements spec/evidence.md 10.5.
// It changes nothing, locks nothing, and stops at nothing: what it finds is counted, named and placed.

import { sha256 } from "../base/index.js";
import { appendLeaves, type Hash, leafHash, parseCheckpoint, parseNote, readRecord } from "../evidence/index.js";
import { columnsOf } from "./columns.js";
import { type Connected, connect, type Database, guarded } from "./database.js";
import type { RecordTable } from "./tables.js";

export interface SharedFinding {
  readonly code: string;
  /** In the ledger; of a head its size. */
  readonly index: number;
}

export interface SharedReport {
  readonly origin: string;
  readonly size: number;
  readonly root: string;
  readonly heads: number;
  readonly findings: readonly SharedFinding[];
  readonly findings_count: number;
}

const ROWS = 1_000;
const FINDINGS = 1_000;

/** Who signed the heads is not asked: that takes a trust document. Throws `database_unavailable`. */
export async function verifyTeamLedger(url: string): Promise<SharedReport> {
  const connected = connect(url);
  try {
    return await guarded(() => verified(connected));
  } finally {
    await connected.close();
  }
}

async function verified({ database }: Connected): Promise<SharedReport> {
  const findings: SharedFinding[] = [];
  let count = 0;
  const found = (code: string, index: number) => {
    count += 1;
    if (findings.length < FINDINGS) findings.push({ code, index });
  };
  const { ledger_id, size } = await database.selectFrom("ledger").selectAll().executeTakeFirstOrThrow();
  const heads = await database.selectFrom("checkpoint").selectAll().where("size", "<=", size).orderBy("size").execute();
  const tree = newTree(heads.map((head) => head.size));
  for (let from = 0; from < size; from += ROWS) {
    const rows = await database
      .selectFrom("record")
      .selectAll()
      .where("idx", ">=", from)
      .where("idx", "<", from + ROWS)
      .orderBy("idx")
      .execute();
    for (let index = from; index < Math.min(from + ROWS, size); index++) {
      const row = rows.find(({ idx }) => idx === index);
      if (row === undefined) found("record_missing", index);
      else checkRecord(row, found);
      tree.add(row?.json ?? "");
    }
  }
  const { root, tiles } = tree.end();
  for (const { level, n, hashes } of await database.selectFrom("tile").selectAll().execute()) {
    const own = tiles.get(`${level}/${n}`);
    if (own === undefined || Buffer.compare(own.subarray(0, hashes.length), hashes) !== 0) found("tile_altered", n);
    tiles.delete(`${level}/${n}`);
  }
  for (const name of tiles.keys()) found("tile_altered", Number(name.split("/")[1]));
  for (const head of heads) {
    const note = parseNote(head.note);
    const told = note.ok ? parseCheckpoint(note.value.text) : note;
    const own = tree.rootAt(head.size);
    const stands = told.ok && told.value.origin === `cavra.ledger/${ledger_id}` && told.value.size === head.size;
    if (!stands || own === undefined || !Buffer.from(own).equals(told.value.root)) found("checkpoint_mismatch", head.size);
  }
  const beyond = await database.selectFrom("checkpoint").select("size").where("size", ">", size).execute();
  for (const head of beyond) found("ledger_rolled_back", head.size);
  await checkPositions(database, found);
  return {
    origin: `cavra.ledger/${ledger_id}`,
    size,
    root: Buffer.from(root).toString("base64"),
    heads: heads.length,
    findings,
    findings_count: count,
  };
}

type Found = (code: string, index: number) => void;

function checkRecord(row: RecordTable, found: Found): void {
  const read = readRecord(Buffer.from(row.json));
  if (typeof read === "string" || sha256(row.json) !== row.digest) {
    found("record_altered", row.idx);
    return;
  }
  const columns = columnsOf(read.record);
  const same = Object.entries(columns).every(([name, value]) => row[name as keyof typeof columns] === value);
  if (!same || read.record.record_id !== row.record_id) found("index_altered", row.idx);
}

/** Records and damages of a file account for every byte up to its position, where it was drained once. */
async function checkPositions(database: Database, found: Found): Promise<void> {
  const files = await database
    .selectFrom("journal_file")
    .select(["file_id", "position"])
    .select(({ selectFrom }) => [
      selectFrom("record")
        .whereRef("record.file_id", "=", "journal_file.file_id")
        .select(({ fn }) => fn.sum("length").as("bytes"))
        .as("records"),
      selectFrom("damage")
        .whereRef("damage.file_id", "=", "journal_file.file_id")
        .where("code", "not like", "journal_%")
        .select(({ fn }) => fn.sum("length").as("bytes"))
        .as("damages"),
    ])
    .where("generation", "=", 0)
    .execute();
  for (const { file_id, position, records, damages } of files)
    if (Number(records ?? 0) + Number(damages ?? 0) !== position) found("ledger_incomplete", file_id);
}

/** The tree that the records make, with its root at each of these sizes. */
function newTree(sizes: readonly number[]) {
  const wanted = new Set(sizes);
  const tiles = new Map<string, Uint8Array>();
  const roots = new Map<number, Hash>();
  let size = 0;
  let root: Hash = grown([]);
  let waiting: Hash[] = [];
  function grown(leaves: readonly Hash[]): Hash {
    const result = appendLeaves(size, leaves, (level, n) => tiles.get(`${level}/${n}`));
    // Our own tiles are never missing.
    if (!result.ok) throw new Error(result.problem.message);
    for (const tile of result.value.tiles) tiles.set(`${tile.level}/${tile.n}`, tile.hashes);
    size = result.value.size;
    return result.value.root;
  }
  const grow = () => {
    root = grown(waiting);
    waiting = [];
    if (wanted.has(size)) roots.set(size, root);
  };
  if (wanted.has(0)) roots.set(0, root);
  return {
    add: (json: string) => {
      waiting.push(leafHash(json));
      if (waiting.length >= ROWS || wanted.has(size + waiting.length)) grow();
    },
    end: () => {
      if (waiting.length > 0) grow();
      return { root, tiles: new Map(tiles) };
    },
    rootAt: (at: number) => roots.get(at),
  };
}
