// The ledger as one process sees it: draining, damage of every kind in the journal and in the ledger itself, clocks that jump. Proves spec/evidence.md sections 8 and 9.

import {
  appendFileSync,
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  statSync,
  truncateSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { encodeFrame, leafHash, treeRoot } from "../../../src/evidence/index.js";
import {
  drainJournal,
  eachDecision,
  findInLedger,
  type Ledger,
  lastDecisions,
  listLedger,
  listRecords,
  openLedger,
  readLedger,
  SYSTEM_CLOCK,
  verifyLedger,
} from "../../../src/store/index.js";
import { builtRecord, sampleId } from "../../evidence/sample.js";

const DAY_MS = 86_400_000;
const DAYS = ["2026-11-03.journal", "2026-11-04.journal", "2026-11-05.journal"];

let state = "";
let open: Ledger | null = null;
beforeEach(() => {
  state = join(mkdtempSync(join(tmpdir(), "cavra-ledger-")), "cavra");
  mkdirSync(join(state, "journal"), { recursive: true, mode: 0o700 });
});
afterEach(() => {
  open?.close();
  open = null;
  rmSync(join(state, ".."), { recursive: true });
});

const path = (file: string) => join(state, "journal", file);
const frame = (n: number, day = 0, target = `ls ${n}`) => {
  const { text, digest } = builtRecord({ recordId: idOf(n, day), target });
  return encodeFrame(text, digest);
};
const idOf = (n: number, day = 0) => sampleId(n + day * DAY_MS);
/** Records n to before m in the file of a day. */
function write(day: number, from: number, to: number): void {
  for (let n = from; n < to; n++) appendFileSync(path(DAYS[day] ?? ""), frame(n, day));
}

function ledger(): Ledger {
  open ??= openLedger(state, SYSTEM_CLOCK);
  return open;
}
const drain = () => drainJournal(ledger(), state, SYSTEM_CLOCK);
const verify = () => verifyLedger(ledger(), state);
const codes = () => verify().findings.map(({ code, file, index }) => (index === undefined ? `${code} ${file}` : `${code} ${index}`));
const ids = () =>
  ledger()
    .database.prepare("SELECT record_id FROM record ORDER BY idx")
    .all()
    .map((row) => row.record_id);

describe("every decision", () => {
  const told = (filter = {}) => [...eachDecision(ledger(), state, filter)].map(({ record }) => record.record_id);
  const written = [0, 1, 2].flatMap((day) => [0, 1, 2, 3].map((n) => idOf(n, day)));

  it("comes once and in order, whatever part of the journal is drained, and whatever drained part is gone", () => {
    for (const day of [0, 1]) write(day, 0, 4);
    expect(told()).toEqual(written.slice(0, 8));
    drain();
    expect(told()).toEqual(written.slice(0, 8));
    write(2, 0, 2);
    drain();
    write(2, 2, 4);
    expect(told()).toEqual(written);
    rmSync(path(DAYS[0] ?? ""));
    expect(told()).toEqual(written);
    expect(told({ since: "2026-11-04", until: "2026-11-05T00:00:00.000Z" })).toEqual(written.slice(4, 8));
    expect(lastDecisions(ledger(), state, {}, 6).map(({ record }) => record.record_id)).toEqual([...written].reverse().slice(0, 6));
    expect(lastDecisions(ledger(), state, {}, 100).map(({ record }) => record.record_id)).toEqual([...written].reverse());
    rmSync(join(state, "journal"), { recursive: true });
    expect(told()).toEqual(written.slice(0, 10));
    expect(lastDecisions(ledger(), state, { until: "2026-11-04" }, 3).map(({ record }) => record.record_id)).toEqual(
      written.slice(1, 4).reverse(),
    );
  });

  it("comes once where a file was taken away in the middle of its day, and begun again", () => {
    write(0, 0, 3);
    drain();
    rmSync(path(DAYS[0] ?? ""));
    write(0, 2, 7);
    // Not drained yet, drained, and drained and gone: record 2 is in both files.
    const all = [0, 1, 2, 3, 4, 5, 6].map((n) => idOf(n));
    expect(told()).toEqual(all);
    drain();
    expect(told()).toEqual(all);
    rmSync(path(DAYS[0] ?? ""));
    expect(told()).toEqual(all);
  });

  it("comes once while a drainer takes it, and over more records than one look holds", () => {
    write(0, 0, 1500);
    drain();
    write(0, 1500, 1600);
    const looking = eachDecision(ledger(), state, {});
    const seen = [looking.next().value?.record.record_id];
    const other = openLedger(state, SYSTEM_CLOCK);
    drainJournal(other, state, SYSTEM_CLOCK);
    other.close();
    for (const { record } of looking) seen.push(record.record_id);
    expect(seen).toEqual(Array.from({ length: 1600 }, (_, n) => idOf(n)));
  });

  it("is none where nothing was recorded", () => {
    expect(told()).toEqual([]);
  });
});

describe("draining", () => {
  it("takes in every record in the order of the files, once, and verifies", () => {
    write(0, 0, 5);
    write(1, 0, 3);
    expect(drain()).toEqual({ sequenced: 8, damaged: 0, size: 8 });
    expect(drain()).toEqual({ sequenced: 0, damaged: 0, size: 8 });
    expect(ids()).toEqual([0, 1, 2, 3, 4].map((n) => idOf(n)).concat([0, 1, 2].map((n) => idOf(n, 1))));
    expect(verify()).toMatchObject({ holds: true, records: 8, files: 2, findings: [], ledger: { size: 8, undrained: 0 } });
  });

  it("goes on where it stopped, in several files at once, and keeps the order of each", () => {
    write(0, 0, 2);
    write(1, 0, 2);
    drain();
    write(0, 2, 4);
    write(1, 2, 4);
    expect(drain()).toMatchObject({ sequenced: 4, size: 8 });
    expect(ids()).toEqual([idOf(0), idOf(1), idOf(0, 1), idOf(1, 1), idOf(2), idOf(3), idOf(2, 1), idOf(3, 1)]);
    expect(verify().holds).toBe(true);
  });

  it("makes the tree of RFC 6962 over the canonical bytes", () => {
    write(0, 0, 300);
    drain();
    const hashes = Array.from({ length: 300 }, (_, n) => leafHash(builtRecord({ recordId: idOf(n), target: `ls ${n}` }).text));
    const tile = (level: number, n: number) => (level === 0 ? Buffer.concat(hashes.slice(n * 256, n * 256 + 256)) : foldOf(hashes));
    const root = treeRoot(300, tile);
    expect(root.ok && Buffer.from(root.value).toString("base64")).toBe(verify().ledger.root);
  });

  it("makes private files, and nothing where it only looks", () => {
    write(0, 0, 1);
    expect(() => readLedger(state)).toThrow(expect.objectContaining({ code: "ledger_missing" }));
    drain();
    expect([statSync(join(state, "ledger")).mode & 0o777, statSync(join(state, "ledger/ledger.sqlite")).mode & 0o777]).toEqual([
      0o700, 0o600,
    ]);
    const before = readFileSync(join(state, "ledger/ledger.sqlite"));
    write(0, 1, 3);
    const looking = readLedger(state);
    expect(verifyLedger(looking, state)).toMatchObject({ holds: true, records: 3, ledger: { size: 1, undrained: 2 } });
    looking.close();
    expect(readFileSync(join(state, "ledger/ledger.sqlite")).equals(before)).toBe(true);
  });

  it("refuses a database that is no ledger, or one of a version that it does not know", () => {
    ledger().database.exec("PRAGMA user_version = 99");
    open?.close();
    open = null;
    expect(() => openLedger(state, SYSTEM_CLOCK)).toThrow(expect.objectContaining({ code: "ledger_format_unknown" }));
    writeFileSync(join(state, "ledger/ledger.sqlite"), "this is no database ".repeat(100));
    expect(() => openLedger(state, SYSTEM_CLOCK)).toThrow(expect.objectContaining({ code: "ledger_damaged" }));
  });
});

function foldOf(hashes: readonly Buffer[]): Buffer {
  const root = treeRoot(256, (level) => (level === 0 ? Buffer.concat(hashes.slice(0, 256)) : undefined));
  // The root of the first tile, as the level above holds it: computed from its halves, because its own tile is not there.
  if (root.ok) return Buffer.from(root.value);
  let row = hashes.slice(0, 256);
  while (row.length > 1) row = Array.from({ length: row.length / 2 }, (_, i) => pair(row[2 * i], row[2 * i + 1]));
  return row[0] ?? Buffer.alloc(0);
}

function pair(left: Buffer | undefined, right: Buffer | undefined): Buffer {
  const root = treeRoot(2, () => Buffer.concat([left ?? Buffer.alloc(0), right ?? Buffer.alloc(0)]));
  return root.ok ? Buffer.from(root.value) : Buffer.alloc(0);
}

describe("a damaged journal", () => {
  it("with a torn tail: nothing is taken of it until something stands behind it, then it is a torn frame, and the rest is whole", () => {
    write(0, 0, 2);
    appendFileSync(path(DAYS[0] ?? ""), frame(2).subarray(0, 200));
    expect(drain()).toEqual({ sequenced: 2, damaged: 0, size: 2 });
    expect(codes()).toEqual(["torn_tail 2026-11-03.journal"]);
    write(0, 3, 5);
    expect(drain()).toEqual({ sequenced: 2, damaged: 1, size: 4 });
    expect([ids(), codes()]).toEqual([[idOf(0), idOf(1), idOf(3), idOf(4)], ["torn_frame 2026-11-03.journal"]]);
  });

  it("with a frame that grows while it is read: it is taken when it is whole, wherever it was cut", () => {
    write(0, 0, 1);
    const whole = frame(1);
    for (let cut = 1; cut < whole.length; cut += 97) {
      cpSync(state, `${state}-${cut}`, { recursive: true });
      const there = openLedger(`${state}-${cut}`, SYSTEM_CLOCK);
      const file = join(`${state}-${cut}`, "journal", DAYS[0] ?? "");
      appendFileSync(file, whole.subarray(0, cut));
      drainJournal(there, `${state}-${cut}`, SYSTEM_CLOCK);
      appendFileSync(file, whole.subarray(cut));
      expect(drainJournal(there, `${state}-${cut}`, SYSTEM_CLOCK).size).toBe(2);
      expect(verifyLedger(there, `${state}-${cut}`).findings).toEqual([]);
      there.close();
    }
  });

  it("with a record whose last newline was borrowed from the next frame: both are taken", () => {
    appendFileSync(path(DAYS[0] ?? ""), frame(0).subarray(0, -1));
    const next = frame(1);
    // The first byte of the next frame is there, the others not yet: the file ends as a whole record does.
    appendFileSync(path(DAYS[0] ?? ""), next.subarray(0, 1));
    expect(drain().size).toBe(1);
    appendFileSync(path(DAYS[0] ?? ""), next.subarray(1));
    expect(drain()).toEqual({ sequenced: 1, damaged: 0, size: 2 });
  });

  const DAMAGES: readonly (readonly [string, (bytes: Buffer) => Buffer, string, number])[] = [
    ["a flipped byte in a record", (bytes) => Buffer.from(bytes.map((byte, i) => (i === 300 ? byte ^ 1 : byte))), "digest_mismatch", 2],
    ["foreign bytes in front", (bytes) => Buffer.concat([Buffer.from("hello"), bytes]), "foreign_bytes", 3],
    ["a record twice", (bytes) => Buffer.concat([bytes, bytes.subarray(0, bytes.length / 3)]), "duplicate_record_id", 3],
    ["a wrong header", (bytes) => Buffer.from(bytes.toString("latin1").replace("sha256", "sha257"), "latin1"), "bad_header", 2],
  ];
  it.each(DAMAGES)("with %s: it is named, kept, and what is whole is taken", (_, spoil, code, size) => {
    write(0, 0, 3);
    writeFileSync(path(DAYS[0] ?? ""), spoil(readFileSync(path(DAYS[0] ?? ""))));
    expect(drain()).toMatchObject({ damaged: 1, size });
    expect(codes()).toEqual([`${code} 2026-11-03.journal`]);
    drain();
    expect(verify()).toMatchObject({ holds: false, findings_count: 1 });
  });

  it("whose middle day is gone: it is named, and what the ledger has of it stays", () => {
    for (const day of [0, 1, 2]) write(day, 0, 2);
    drain();
    rmSync(path(DAYS[1] ?? ""));
    write(2, 2, 3);
    expect(drain()).toMatchObject({ sequenced: 1, size: 7 });
    expect(codes()).toEqual(["journal_missing 2026-11-04.journal"]);
    expect(findInLedger(ledger(), idOf(1, 1)).ok).toBe(true);
  });

  it("that was cut shorter: it is named, nothing is lost, and what comes after is taken, also below the old end", () => {
    write(0, 0, 4);
    drain();
    truncateSync(path(DAYS[0] ?? ""), frame(0).length + 10);
    write(0, 9, 11);
    expect(drain()).toMatchObject({ sequenced: 2, size: 6 });
    expect(ids().slice(4)).toEqual([idOf(9), idOf(10)]);
    expect(codes()).toEqual(["journal_truncated 2026-11-03.journal", "torn_frame 2026-11-03.journal"]);
  });

  it("that was cut and has grown beyond its old end before anybody looked: it is named, and nothing is lost or doubled", () => {
    write(0, 0, 4);
    drain();
    truncateSync(path(DAYS[0] ?? ""), frame(0).length);
    write(0, 20, 26);
    expect(drain()).toMatchObject({ sequenced: 6, size: 10 });
    expect(new Set(ids()).size).toBe(10);
    expect(codes()).toEqual(["journal_altered 2026-11-03.journal"]);
  });

  it("that was deleted and begun anew: the new records are taken", () => {
    write(0, 0, 4);
    drain();
    rmSync(path(DAYS[0] ?? ""));
    write(0, 30, 31);
    expect(drain()).toMatchObject({ sequenced: 1, size: 5 });
    expect(codes()).toEqual(["journal_truncated 2026-11-03.journal"]);
  });

  it("with any byte changed behind the drainer's back is noticed, byte by byte", () => {
    write(0, 0, 2);
    drain();
    const bytes = readFileSync(path(DAYS[0] ?? ""));
    for (let at = 0; at < bytes.length; at += 7) {
      const spoilt = Buffer.from(bytes);
      spoilt[at] = (spoilt[at] ?? 0) ^ 1;
      writeFileSync(path(DAYS[0] ?? ""), spoilt);
      expect(codes()).toEqual(["journal_altered 2026-11-03.journal"]);
    }
  });
});

describe("a clock that jumps", () => {
  it("forward and back again: each file keeps its order, nothing is lost, and going back is told", () => {
    write(0, 0, 2);
    drain();
    write(2, 0, 2);
    drain();
    write(0, 5_000, 5_002);
    write(0, 2, 4);
    expect(drain()).toMatchObject({ size: 8 });
    expect(ids()).toEqual([idOf(0), idOf(1), idOf(0, 2), idOf(1, 2), idOf(5_000), idOf(5_001), idOf(2), idOf(3)]);
    const told = verify();
    expect([told.holds, told.findings.map(({ severity, code }) => `${severity} ${code}`)]).toEqual([
      true,
      ["notice time_backwards", "notice time_backwards"],
    ]);
  });

  it("to another day within a file: the record is taken and named", () => {
    appendFileSync(path(DAYS[0] ?? ""), frame(0, 1));
    drain();
    expect(codes()).toEqual(["wrong_day 2026-11-03.journal"]);
  });
});

describe("a ledger that somebody changed", () => {
  const change = (sql: string) => ledger().database.exec(sql);
  const CHANGES: readonly (readonly [string, string, RegExp])[] = [
    [
      "a record",
      "UPDATE leaf SET json = CAST(replace(CAST(json AS TEXT), 'ls 5', 'ls 6') AS BLOB) WHERE idx = 5",
      /^(record_altered 5|tile_altered 0|journal_altered .*)$/,
    ],
    [
      "a record's id beside it",
      "UPDATE record SET record_id = 'dec_01m83tcjxxftj8w5ywrpm6jtd9' WHERE idx = 5",
      /^(index_altered 5|ledger_incomplete .*)$/,
    ],
    ["a record's place", "UPDATE record SET offset = offset + 1 WHERE idx = 5", /^(journal_altered|order_broken) /],
    ["a record taken out", "DELETE FROM leaf WHERE idx = 5; DELETE FROM record WHERE idx = 5", /^(record_missing 5|ledger_incomplete .*)$/],
    [
      "the last record taken out",
      "DELETE FROM leaf WHERE idx = 299; DELETE FROM record WHERE idx = 299",
      /^(tile_altered 256|ledger_incomplete .*)$/,
    ],
    [
      "a hash of the tree",
      "UPDATE tile SET hashes = zeroblob(length(hashes)) WHERE level = 0 AND n = 1",
      /^record_altered (25[6-9]|2[6-9]\d)$/,
    ],
    ["a tile above", "UPDATE tile SET hashes = zeroblob(length(hashes)) WHERE level = 1", /^tile_altered 0$/],
    ["a tile taken out", "DELETE FROM tile WHERE level = 0 AND n = 0", /^tile_altered 0$/],
    [
      "two records exchanged",
      "UPDATE leaf SET idx = -1 WHERE idx = 5; UPDATE leaf SET idx = 5 WHERE idx = 6; UPDATE leaf SET idx = 6 WHERE idx = -1",
      /^(record_altered [56]|tile_altered 0|index_altered [56]|ledger_incomplete .*)$/,
    ],
  ];
  it.each(CHANGES)("%s is named", (_, sql, expected) => {
    write(0, 0, 300);
    drain();
    change(sql);
    const found = codes();
    expect(found.length).toBeGreaterThan(0);
    for (const code of found) expect(code).toMatch(expected);
  });

  it("with a byte of its file changed does not hold, or holds with the very same records", () => {
    write(0, 0, 20);
    drain();
    open?.close();
    open = null;
    const file = join(state, "ledger/ledger.sqlite");
    const bytes = readFileSync(file);
    const whole = JSON.stringify(verifyWhole(state));
    for (let at = 0; at < bytes.length; at += 997) {
      const spoilt = Buffer.from(bytes);
      spoilt[at] = (spoilt[at] ?? 0) ^ 0x41;
      writeFileSync(file, spoilt);
      const told = verifyWhole(state);
      // Free room in pages, counters and statistics are bytes without a meaning.
      if (told === "ledger_damaged" || told === "ledger_format_unknown" || told === "ledger_unavailable" || !told.holds) continue;
      expect(JSON.stringify(told)).toBe(whole);
    }
  });
});

function verifyWhole(folder: string) {
  try {
    const there = readLedger(folder);
    try {
      return verifyLedger(there, folder);
    } finally {
      there.close();
    }
  } catch (error) {
    return (error as { readonly code: "ledger_damaged" | "ledger_format_unknown" | "ledger_unavailable" }).code;
  }
}

describe("lists from the ledger", () => {
  it("are the journal's, by every filter, over days", () => {
    for (const day of [0, 1, 2]) write(day, 0, 10);
    drain();
    const bare = (records: readonly object[]) => records.map((record) => ({ ...record, index: undefined }));
    const filters = [
      {},
      { decision: "deny" },
      { decision: "allow" },
      { agent: "claude-code" },
      { rule_id: "secrets.read" },
      { since: "2026-11-04", until: "2026-11-05" },
      { action_type: "execute_command", session: "s1" },
    ];
    for (const filter of filters) {
      for (const limit of [1, 7, 100])
        expect(bare(listLedger(ledger(), filter, [], limit))).toEqual(bare(listRecords(state, filter, limit)));
    }
  });

  it("hold every word that is asked for, whatever its case, and no record that has only some", () => {
    write(0, 0, 12);
    drain();
    const found = (...words: string[]) => listLedger(ledger(), {}, words, 100).map(({ record }) => record.action?.target);
    expect(found("LS 1")).toEqual(["ls 11", "ls 10", "ls 1"]);
    expect(found("ls 1", "0")).toContain("ls 10");
    expect(found('"ls 10"')).toEqual([]);
    expect(found("%")).toEqual([]);
  });

  it("find a decision by its id and by a beginning that no other has", () => {
    write(0, 0, 3);
    drain();
    expect(findInLedger(ledger(), idOf(1))).toMatchObject({ ok: true, value: { index: 1 } });
    expect(findInLedger(ledger(), "dec_0")).toMatchObject({ ok: false, problem: { code: "record_ambiguous" } });
    expect(findInLedger(ledger(), idOf(77))).toMatchObject({ ok: false, problem: { code: "record_not_found" } });
    expect(existsSync(join(state, "ledger"))).toBe(true);
  });
});
