// Goes through every record of the ledger once: its bytes against the tree, its place against the journal. Implements spec/evidence.md 9.2 and 9.3.
// Records are read a hundred and twenty-eight at a time, joined by the very byte that a leaf's hash begins with: a million rows one by one cost
// the database's door a million openings.

import { createHash, hash } from "node:crypto";
import { ID_RANDOM_BYTES, makeId, parseId } from "../../base/index.js";
import { appendLeaves, HASH_BYTES, type Hash, TILE_WIDTH, type Tile } from "../../evidence/index.js";
import { BACKWARDS_MS } from "../journal-verify.js";
import { guarded, type Row, type Statement } from "./database.js";
import type { Findings } from "./findings.js";
import { type JournalWindow, openWindow } from "./journal-window.js";
import type { Ledger } from "./open.js";
import { treeSize } from "./tiles.js";

export interface LeavesReport {
  readonly size: number;
  /** Recomputed from the records. */
  readonly root: Hash;
  /** The first ten digits of the earliest and the latest record's id after its prefix: their time. "" for none. */
  readonly firstTime: string;
  readonly lastTime: string;
}

const GROUP = 128;
/** Leaves that grow the tree together. */
const GROWTH = 4096;

export function verifyLeaves(
  ledger: Ledger,
  stateFolder: string,
  findings: Findings,
  onProgress: (done: number, total: number) => void,
): LeavesReport {
  const size = treeSize(ledger.database);
  const files = openFiles(ledger, stateFolder);
  const tree = newTree(ledger, findings);
  const statement = groupStatement(ledger);
  const times = { first: "", last: "" };
  try {
    for (let from = 0; from < size; from += GROUP) {
      for (const leaf of readGroup(ledger, statement, from, Math.min(from + GROUP, size), findings)) {
        tree.add(leaf.index, leafHashOf(leaf));
        checkLeaf(leaf, files, times, findings);
      }
      if (from % GROWTH === 0) onProgress(from, size);
    }
    onProgress(size, size);
    checkCovered(files, findings);
    return { size, root: tree.finish(), firstTime: times.first, lastTime: times.last };
  } finally {
    for (const file of files.values()) file.window?.close();
  }
}

interface StoredLeaf {
  readonly index: number;
  readonly recordId: string;
  readonly fileId: number;
  readonly offset: number;
  readonly length: number;
  /** The byte 00 and the record's canonical bytes. */
  readonly bytes: Buffer;
}

function leafHashOf({ bytes }: StoredLeaf): Buffer {
  // A string of one byte a character costs half of what a buffer of its own from Node does.
  return hash === undefined ? createHash("sha256").update(bytes).digest() : Buffer.from(hash("sha256", bytes, "binary"), "binary");
}

// One call instead of three objects, where Node has it (20.12 and newer).
function hexDigestOf(bytes: Buffer): string {
  return hash === undefined ? createHash("sha256").update(bytes).digest("hex") : hash("sha256", bytes, "hex");
}

const NUL = Buffer.from([0]);

/** The records from `from` to before `to`, as far as they are there. */
function readGroup(ledger: Ledger, group: Statement, from: number, to: number, findings: Findings): readonly StoredLeaf[] {
  const row = guarded(() => group.get(from, to));
  const places = String(row?.places ?? "").split("\n");
  const joined = Buffer.from((row?.joined as Uint8Array | null) ?? NUL);
  const leaves: StoredLeaf[] = [];
  for (let at = 0; at < joined.length && leaves.length < places.length; ) {
    const next = joined.indexOf(0, at + 1);
    const end = next < 0 ? joined.length : next;
    leaves.push(asLeaf(places[leaves.length] ?? "", joined.subarray(at, end)));
    at = end;
  }
  if (leaves.length === to - from && places.length === to - from && leaves.every((leaf, i) => leaf.index === from + i)) return leaves;
  return readSingly(ledger, from, to, findings);
}

// Something is missing, or a record holds the byte that must only stand between records.
function readSingly(ledger: Ledger, from: number, to: number, findings: Findings): readonly StoredLeaf[] {
  const one = ledger.database.prepare(`SELECT ${PLACE} AS place, json FROM leaf LEFT JOIN record USING (idx) WHERE leaf.idx = ?`);
  const leaves: StoredLeaf[] = [];
  for (let index = from; index < to; index++) {
    const row = guarded(() => one.get(index));
    if (row === undefined || row.place === null) findings.inLedger("record_missing", index, "");
    if (row !== undefined) {
      const place = row.place === null ? `${index} - 0 0 0` : String(row.place);
      leaves.push(asLeaf(place, Buffer.concat([NUL, row.json as Uint8Array])));
    }
  }
  return leaves;
}

const PLACE = "leaf.idx || ' ' || record_id || ' ' || file_id || ' ' || offset || ' ' || length";

// Nothing asks the aggregates for an order, which would sort every record's bytes: they see the rows as the inner query gives them, and who reads the
// answer checks every index in it.
function groupStatement({ database }: Ledger): Statement {
  return database.prepare(`SELECT group_concat(place, char(10)) AS places, CAST(char(0) || group_concat(text, char(0)) AS BLOB) AS joined
    FROM (SELECT ${PLACE} AS place, CAST(json AS TEXT) AS text FROM leaf CROSS JOIN record USING (idx)
      WHERE leaf.idx >= ? AND leaf.idx < ? ORDER BY leaf.idx)`);
}

function asLeaf(place: string, bytes: Buffer): StoredLeaf {
  const [index, recordId = "", fileId, offset, length] = place.split(" ");
  return { index: Number(index), recordId, fileId: Number(fileId), offset: Number(offset), length: Number(length), bytes };
}

/** The tree that the records make, held against the tiles that are stored. */
function newTree(ledger: Ledger, findings: Findings): { add(index: number, hash: Hash): void; finish(): Hash } {
  const stored = ledger.database.prepare("SELECT hashes FROM tile WHERE level = ? AND n = ?");
  const own = new Map<string, Uint8Array>();
  const readOwn = (level: number, n: number) => own.get(`${level}/${n}`);
  let size = 0;
  let root: Hash = new Uint8Array(0);
  let waiting: Hash[] = [];
  let last: readonly Tile[] = [];
  const grow = () => {
    const grown = appendLeaves(size, waiting, readOwn);
    // Our own tiles are never missing.
    if (!grown.ok) throw new Error(grown.problem.message);
    for (const tile of grown.value.tiles) {
      own.set(`${tile.level}/${tile.n}`, tile.hashes);
      if (tile.hashes.length === TILE_WIDTH * HASH_BYTES) {
        checkTile(tile);
        if (tile.level === 0) own.delete(`0/${tile.n - 2}`);
      }
    }
    last = grown.value.tiles.filter((tile) => tile.hashes.length < TILE_WIDTH * HASH_BYTES);
    ({ size, root } = grown.value);
    waiting = [];
  };
  const checkTile = ({ level, n, hashes }: Tile) => {
    const kept = guarded(() => stored.get(level, n)?.hashes as Uint8Array | undefined);
    if (kept !== undefined && Buffer.compare(kept, hashes) === 0) return;
    if (level > 0 || kept === undefined) findings.inLedger("tile_altered", n * TILE_WIDTH ** (level + 1), "");
    else reportLeaves(n, kept, hashes);
  };
  const reportLeaves = (n: number, kept: Uint8Array, hashes: Uint8Array) => {
    const at = (tile: Uint8Array, i: number) => Buffer.from(tile.subarray(i * HASH_BYTES, (i + 1) * HASH_BYTES));
    for (let i = 0; i * HASH_BYTES < hashes.length; i++) {
      if (!at(kept, i).equals(at(hashes, i))) findings.inLedger("record_altered", n * TILE_WIDTH + i, "");
    }
    if (kept.length > hashes.length) findings.inLedger("tile_altered", n * TILE_WIDTH, "");
  };
  // In the place of a record that is missing stands what was hashed, so that one that is gone does not spoil all behind it.
  const keptHash = (index: number): Hash => {
    const tile = guarded(() => stored.get(0, Math.floor(index / TILE_WIDTH))?.hashes as Uint8Array | undefined);
    const at = (index % TILE_WIDTH) * HASH_BYTES;
    return tile !== undefined && tile.length >= at + HASH_BYTES ? tile.subarray(at, at + HASH_BYTES) : new Uint8Array(HASH_BYTES);
  };
  const push = (leaf: Hash) => {
    waiting.push(leaf);
    if (waiting.length === GROWTH) grow();
  };
  return {
    add(index, leaf) {
      while (size + waiting.length < index) push(keptHash(size + waiting.length));
      push(leaf);
    },
    finish() {
      grow();
      for (const tile of last) checkTile(tile);
      return root;
    },
  };
}

interface FileCheck {
  readonly fileId: number;
  readonly name: string;
  readonly position: number;
  /** Null where it cannot be compared: it is gone, or was replaced since. */
  readonly window: JournalWindow | null;
  /** Ten digits of an identifier's time, where the day begins and ends. */
  readonly day: readonly [string, string];
  /** Bytes that records and damages of the ledger account for; counted where the file was drained once. */
  covered: number;
  readonly counted: boolean;
  end: number;
  latest: string;
}

function openFiles({ database }: Ledger, stateFolder: string): Map<number, FileCheck> {
  const rows = guarded(() =>
    database
      .prepare(`SELECT file_id, name, generation, position, generation = max(generation) OVER (PARTITION BY name) AS newest,
        (SELECT coalesce(sum(length), 0) FROM damage WHERE damage.file_id = journal_file.file_id AND code NOT LIKE 'journal_%') AS damaged
        FROM journal_file ORDER BY file_id`)
      .all(),
  );
  return new Map(rows.map((row) => [Number(row.file_id), asFileCheck(row, stateFolder)]));
}

function asFileCheck(row: Row, stateFolder: string): FileCheck {
  const name = String(row.name);
  return {
    fileId: Number(row.file_id),
    name,
    position: Number(row.position),
    window: Number(row.newest) === 1 ? openWindow(stateFolder, name) : null,
    day: dayOf(name),
    covered: Number(row.damaged),
    counted: Number(row.generation) === 0,
    end: 0,
    latest: "",
  };
}

const DAY_MS = 86_400_000;

function dayOf(name: string): readonly [string, string] {
  const beginMs = Date.parse(`${name.slice(0, 10)}T00:00:00.000Z`);
  return [timeOf(beginMs), timeOf(beginMs + DAY_MS)];
}

// The first ten digits of an identifier's body hold its 48 bits of time, and sort as the times do.
const TIME_DIGITS = 10;

function timeOf(momentMs: number): string {
  return makeId("dec", momentMs, new Uint8Array(ID_RANDOM_BYTES)).slice("dec_".length, "dec_".length + TIME_DIGITS);
}

/** Milliseconds since 1970 of an identifier's first ten digits. */
export function momentOf(time: string): number {
  const id = parseId(`dec_${time}e008000000000000`);
  return id.ok ? id.value.momentMs : 0;
}

function checkLeaf(
  leaf: StoredLeaf,
  files: ReadonlyMap<number, FileCheck>,
  times: { first: string; last: string },
  findings: Findings,
): void {
  const file = files.get(leaf.fileId);
  if (!leaf.bytes.includes(`"record_id":"${leaf.recordId}"`) || file === undefined) {
    findings.inLedger("index_altered", leaf.index, leaf.recordId);
    return;
  }
  const place = { file: file.name, offset: leaf.offset, length: leaf.length };
  if (leaf.offset < file.end) findings.damage("order_broken", place, leaf.recordId);
  file.end = leaf.offset + leaf.length;
  file.covered += leaf.length;
  if (file.window !== null && !isFrameOf(file.window.read(leaf.offset, leaf.length), leaf))
    findings.damage("journal_altered", place, leaf.recordId);
  const from = leaf.recordId.indexOf("_") + 1;
  const time = leaf.recordId.slice(from, from + TIME_DIGITS);
  if (time < file.day[0] || time >= file.day[1]) findings.damage("wrong_day", place, leaf.recordId);
  if (time < file.latest && momentOf(time) + BACKWARDS_MS < momentOf(file.latest)) findings.notice("time_backwards", place, leaf.recordId);
  if (time > file.latest) file.latest = time;
  if (times.first === "" || time < times.first) times.first = time;
  if (time > times.last) times.last = time;
}

/** The frame of record.md 7.1, byte for byte. */
function isFrameOf(frame: Buffer, { bytes, length }: StoredLeaf): boolean {
  const body = bytes.subarray(1);
  if (frame.length !== length) return false;
  const header = `\n${body.length} sha256:${hexDigestOf(body)} `;
  return (
    length === header.length + body.length + 1 &&
    frame.toString("latin1", 0, header.length) === header &&
    frame[length - 1] === 0x0a &&
    frame.compare(body, 0, body.length, header.length, length - 1) === 0
  );
}

// Bytes that were drained and are accounted for by nothing: a record was taken out of the ledger, and the indices were closed behind it.
function checkCovered(files: ReadonlyMap<number, FileCheck>, findings: Findings): void {
  for (const { name, position, covered, counted } of files.values()) {
    if (counted && covered !== position) findings.damage("ledger_incomplete", { file: name, offset: 0, length: position }, "");
  }
}
