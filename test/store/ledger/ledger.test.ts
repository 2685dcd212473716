// The ledger as one process sees it: every decision once, draining, lists. Proves spec/evidence.md sections 8 and 9.

import { existsSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { leafHash, treeRoot } from "../../../src/evidence/index.js";
import {
  drainJournal,
  eachDecision,
  findInLedger,
  lastDecisions,
  listLedger,
  listRecords,
  openLedger,
  readLedger,
  SYSTEM_CLOCK,
  verifyLedger,
} from "../../../src/store/index.js";
import { builtRecord } from "../../evidence/sample.js";
import { close, DAYS, drain, idOf, ids, ledger, path, state, useFolder, verify, write } from "./folder.js";

useFolder();

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
    close();
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
