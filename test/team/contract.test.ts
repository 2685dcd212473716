// What a server asks of its ledger, asked of the embedded one and of a PostgreSQL alike. Proves spec/service.md 1.4 and 3.10, and spec/evidence.md 10.

import { appendFileSync, mkdirSync, mkdtempSync, rmSync, truncateSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import {
  encodeFrame,
  openLedgerCheckpoint,
  parseCheckpoint,
  parseNote,
  treeRoot,
  verifyConsistency,
  verifyProofFile,
} from "../../src/evidence/index.js";
import {
  embeddedLedger,
  foundTrust,
  keysFolder,
  newKey,
  ownTrust,
  type Places,
  type ServedLedger,
  SYSTEM_CLOCK,
  writePin,
} from "../../src/store/index.js";
import { openTeamLedger } from "../../src/team/index.js";
import { builtRecord, sampleId } from "../evidence/sample.js";
import { type Cluster, startCluster } from "./cluster.js";
import { describeWithPostgres } from "./postgres.js";

let root = "";
let places: Places;
let served: ServedLedger;

const DAY = "2026-11-03.journal";
const ALL = { filter: {}, words: [], limit: 1_000 };
const BEFORE_ALL = Number.MAX_SAFE_INTEGER;
const write = (n: number, target = `ls ${n}`) => {
  const { text, digest } = builtRecord({ recordId: sampleId(n), target });
  appendFileSync(join(places.stateFolder, "journal", DAY), encodeFrame(text, digest));
};
const writeMany = (from: number, to: number) => {
  for (let n = from; n < to; n++) write(n);
};
const ids = (records: readonly { readonly record: { readonly record_id: string } }[]) => records.map(({ record }) => record.record_id);

/** Keys and a trust document that names this ledger. */
function found(origin: string): void {
  const [rootKey, ledgerKey] = [newKey("root"), newKey("ledger")];
  for (const key of [rootKey, ledgerKey]) key.keep(keysFolder(places.stateFolder), "", SYSTEM_CLOCK);
  const founded = foundTrust(places.stateFolder, origin, rootKey, [{ role: "ledger", key: ledgerKey, name: "ledger" }], SYSTEM_CLOCK);
  if (!founded.ok) throw new Error(founded.problem.message);
  writePin(places.configFolder, rootKey.keyId, SYSTEM_CLOCK);
}

function contract(open: () => Promise<ServedLedger>): void {
  beforeEach(async () => {
    root = mkdtempSync(join(tmpdir(), "cavra-contract-"));
    places = { stateFolder: join(root, "state"), configFolder: join(root, "config") };
    mkdirSync(join(places.stateFolder, "journal"), { recursive: true, mode: 0o700 });
    served = await open();
  });
  afterEach(async () => {
    await served.close();
    rmSync(root, { recursive: true });
  });

  it("has nothing where nothing was recorded", async () => {
    expect(await served.page({ ...ALL, before: BEFORE_ALL })).toEqual([]);
    expect(await served.following({ ...ALL, after: -1 })).toEqual({ items: [], size: 0 });
    expect(await served.find(sampleId(1))).toMatchObject({ problem: { code: "record_not_found" } });
    expect(await served.proof(sampleId(1))).toMatchObject({ problem: { code: "record_not_found" } });
    expect((await served.head()).ok).toBe(false);
    expect(await served.consistency(0, 1)).toMatchObject({ problem: { code: "index_beyond_tree" } });
    expect(await served.lag()).toEqual({ records: 0, ms: 0 });
    await served.check(1_000);
  });

  it("takes in the journal once, in its order, whatever asks first, and pages that were given stay", async () => {
    writeMany(0, 5);
    const first = await served.page({ ...ALL, before: BEFORE_ALL, limit: 2 });
    expect(first.map(({ index }) => index)).toEqual([4, 3]);
    expect(ids(first)).toEqual([sampleId(4), sampleId(3)]);
    writeMany(5, 7);
    expect((await served.page({ ...ALL, before: 3 })).map(({ index }) => index)).toEqual([2, 1, 0]);
    expect(ids((await served.following({ ...ALL, after: 3 })).items)).toEqual([4, 5, 6].map((n) => sampleId(n)));
    expect((await served.following({ ...ALL, after: 3 })).size).toBe(7);
    expect(await served.find(sampleId(6))).toMatchObject({
      ok: true,
      value: { index: 6, digest: builtRecord({ recordId: sampleId(6), target: "ls 6" }).digest },
    });
    expect((await served.drain()).size).toBe(7);
  });

  it("finds by every filter and by words, also those that hold what a database's text cannot", async () => {
    writeMany(0, 3);
    write(3, "echo \u0000 ÄÖ");
    const { items } = await served.following({ ...ALL, after: -1 });
    const { record } = items[3] ?? items[0] ?? never();
    const listed = async (filter: object, words: readonly string[] = []) =>
      ids(await served.page({ filter, words, limit: 9, before: BEFORE_ALL }));
    const all = [3, 2, 1, 0].map((n) => sampleId(n));
    expect(await listed({ decision: record.decision })).toEqual(all);
    expect(await listed({ decision: "none" })).toEqual([]);
    expect(await listed({ action_type: record.action?.action_type })).toEqual(all);
    expect(await listed({ agent: record.who.agent, session: record.who.session, repository: record.who.repository })).toEqual(all);
    expect(await listed({ session: "\u0000" })).toEqual([]);
    expect(await listed({ since: record.recorded_at })).toEqual([sampleId(3)]);
    expect(await listed({ until: record.recorded_at })).toEqual(all.slice(1));
    expect(await listed({}, ["LS 2"])).toEqual([sampleId(2)]);
    expect(await listed({}, ["\u0000"])).toEqual([sampleId(3)]);
    expect(await listed({}, ["ÄÖ", "echo"])).toEqual([sampleId(3)]);
    expect(await listed({}, ["äö"])).toEqual([]);
    expect(await listed({}, ["%"])).toEqual([]);
  });

  it("tells what waits in the journal, without taking it in", async () => {
    writeMany(0, 3);
    const before = await served.lag();
    expect(before.records).toBe(3);
    expect(before.ms).toBeGreaterThan(0);
    await served.drain();
    expect((await served.lag()).records).toBe(0);
    write(3);
    expect((await served.lag()).records).toBe(1);
  });

  it("leaves a write that is under way, and takes in what comes behind a torn one", async () => {
    writeMany(0, 2);
    const { text, digest } = builtRecord({ recordId: sampleId(2), target: "ls 2" });
    const frame = encodeFrame(text, digest);
    const file = join(places.stateFolder, "journal", DAY);
    appendFileSync(file, frame.subarray(0, 40));
    expect((await served.drain()).size).toBe(2);
    appendFileSync(file, frame.subarray(40));
    expect((await served.drain()).size).toBe(3);
    appendFileSync(file, frame.subarray(0, 50));
    writeMany(3, 4);
    expect(ids(await served.page({ ...ALL, before: BEFORE_ALL, limit: 1 }))).toEqual([sampleId(3)]);
  });

  it("passes over what it knows where a journal file was cut and written again", async () => {
    writeMany(0, 4);
    expect((await served.drain()).size).toBe(4);
    truncateSync(join(places.stateFolder, "journal", DAY), 0);
    writeMany(2, 7);
    expect((await served.drain()).size).toBe(7);
    expect(ids((await served.following({ ...ALL, after: -1 })).items)).toEqual([0, 1, 2, 3, 4, 5, 6].map((n) => sampleId(n)));
  });

  it("makes a tree whose heads continue each other, and proofs that strangers check", async () => {
    writeMany(0, 300);
    const { origin } = await served.drain();
    found(origin);
    const first = await served.head();
    if (!first.ok) throw new Error(first.problem.code);
    expect(first.value.size).toBe(300);
    writeMany(300, 700);
    const second = await served.head();
    if (!second.ok) throw new Error(second.problem.code);
    expect(second.value.size).toBe(700);
    const way = await served.consistency(300, 700);
    if (!way.ok) throw new Error(way.problem.code);
    expect(verifyConsistency(300, first.value.root, 700, second.value.root, way.value).ok).toBe(true);
    const tiles = new Map<string, Uint8Array | undefined>();
    for (const [level, n] of [
      [0, 0],
      [0, 1],
      [0, 2],
      [1, 0],
    ] as const)
      tiles.set(`${level}/${n}`, await served.tile(level, n));
    expect(treeRoot(700, (level, n) => tiles.get(`${level}/${n}`))).toMatchObject({ ok: true, value: Buffer.from(second.value.root) });
    const proof = await served.proof(sampleId(299));
    if (!proof.ok) throw new Error(proof.problem.code);
    const trust = ownTrust(places.stateFolder, places.configFolder, SYSTEM_CLOCK.nowMs());
    if (!trust.ok) throw new Error(trust.problem.code);
    expect(verifyProofFile(proof.value, trust.value)).toMatchObject({ ok: true, value: { index: 299 } });
    expect(openLedgerCheckpoint(second.value.note, trust.value).ok).toBe(true);
    const note = parseNote(second.value.note);
    expect(note.ok && parseCheckpoint(note.value.text)).toMatchObject({ ok: true, value: { origin, size: 700 } });
  });

  it("has no proof of what no head covers, and says why there is none", async () => {
    writeMany(0, 2);
    expect(await served.proof(sampleId(1))).toMatchObject({ problem: { code: "trust_missing" } });
    found("cavra.ledger/ldg_01kbq2q2q2e008000000000000");
    expect((await served.proof(sampleId(1))).ok).toBe(false);
  });
}

function never(): never {
  throw new Error("nothing was found");
}

describe("the embedded ledger", () => {
  contract(async () => embeddedLedger(places, SYSTEM_CLOCK));
});

describeWithPostgres("a ledger in PostgreSQL", () => {
  let cluster: Cluster;
  beforeAll(async () => {
    cluster = await startCluster();
  });
  afterAll(() => cluster.remove());
  contract(async () => openTeamLedger(await cluster.newDatabase(), places, SYSTEM_CLOCK));
});
