// Journals of other machines, taken once however often they come and whatever is killed meanwhile. Proves spec/service.md 11.3 and spec/evidence.md 10.

import { appendFileSync, chmodSync, mkdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, expect, it } from "vitest";
import { encodeFrame } from "../../src/evidence/index.js";
import { verifyTeamLedger } from "../../src/team/index.js";
import { cavraJson, program, scratch, write } from "../cli/program.js";
import { builtRecord, sampleId } from "../evidence/sample.js";
import { send, startServer } from "../server/server.js";
import { makeToken } from "../server/tokens.js";
import { type Cluster, startCluster } from "./cluster.js";
import { type Fleet, startFleet } from "./fleet.js";
import { describeWithPostgres } from "./postgres.js";
import { twoServers } from "./two-servers.js";

const TYPE = "application/vnd.cavra.journal";
const frame = (n: number, target = `ls ${n}`) => {
  const { text, digest } = builtRecord({ recordId: sampleId(n), target });
  return encodeFrame(text, digest);
};

describeWithPostgres("two servers of one ledger", () => {
  let cluster: Cluster;
  let fleet: Fleet;
  beforeAll(async () => {
    cluster = await startCluster({ fsync: true });
    fleet = await startFleet(cluster, program());
  });
  afterAll(async () => {
    await fleet.stop();
    await cluster.remove();
  });
  const push = (which: number, ...frames: readonly Buffer[]) => fleet.post(which, "/v1/journals", TYPE, Buffer.concat(frames));

  it("take a record once, by either of them, and keep the first of two that differ", async () => {
    expect(await push(0, frame(0), frame(1))).toEqual({ status: 200, value: { taken: 2, known: 0, refused: [] } });
    expect(await push(1, frame(1), frame(2), frame(2))).toEqual({ status: 200, value: { taken: 1, known: 2, refused: [] } });
    const differing = { record_id: sampleId(0), code: "record_differs" };
    expect(await push(1, frame(0, "another"), frame(3))).toEqual({ status: 200, value: { taken: 1, known: 0, refused: [differing] } });
    expect((await push(0, frame(4), frame(5).subarray(0, 60))).value).toMatchObject({ code: "bad_journal", at: `byte ${frame(4).length}` });
    expect((await push(0, frame(6).subarray(1))).value).toMatchObject({ code: "bad_journal" });
    const rows = await cluster.query(fleet.databaseUrl, "SELECT idx::int, brought_by FROM cavra.record ORDER BY idx");
    expect(rows.map(({ idx }) => idx)).toEqual([0, 1, 2, 3]);
    expect(rows.every(({ brought_by }) => String(brought_by).startsWith("tok_"))).toBe(true);
  });

  it("lose nothing and double nothing under kills of either and of the database", async () => {
    const report = await twoServers(fleet, 4, 20_261_124);
    expect(report.failures).toEqual([]);
    expect(report.kills).toEqual({ server: 1, database: 1 });
    expect(report.records).toBeGreaterThan(100);
    expect(report.heads).toBeGreaterThan(0);
  });

  it("are pushed a machine's journal by its command, from where it stopped", async () => {
    const place = scratch();
    const journal = join(place.state, "journal");
    mkdirSync(journal, { recursive: true, mode: 0o700 });
    const token = write(join(place.root, "token"), `${fleet.token}\n`);
    const push = () => cavraJson(place, ["evidence", "push", "--to", fleet.urlOf(1), "--token-file", token]);
    expect((await push()).value.error?.code).toBe("token_exposed");
    chmodSync(token, 0o600);
    const file = join(journal, "2026-11-03.journal");
    for (let n = 100; n < 110; n++) appendFileSync(file, frame(n));
    expect(await push()).toMatchObject({ status: 0, value: { taken: 10, known: 0, refused: [] } });
    expect(await push()).toMatchObject({ status: 0, value: { taken: 0, known: 0, refused: [] } });
    appendFileSync(file, frame(0, "another"));
    appendFileSync(file, frame(110));
    expect(await push()).toMatchObject({ status: 5, value: { taken: 1, refused: [{ record_id: sampleId(0), code: "record_differs" }] } });
    rmSync(join(place.state, "pushed"), { recursive: true });
    expect(await push()).toMatchObject({ status: 5, value: { taken: 0, known: 11 } });
    const elsewhere = await cavraJson(place, ["evidence", "push", "--to", "http://192.0.2.1", "--token-file", token]);
    expect(elsewhere.value.error.code).toBe("bad_server");
  });

  it("notice what is altered in the database", async () => {
    const found = async () => (await verifyTeamLedger(fleet.databaseUrl)).findings.map(({ code }) => code);
    expect(await found()).toEqual([]);
    await cluster.query(fleet.databaseUrl, "UPDATE cavra.record SET decision = 'allow' WHERE idx = 1");
    expect(await found()).toEqual(["index_altered"]);
    await cluster.query(fleet.databaseUrl, "UPDATE cavra.record SET json = replace(json, 'ls 2', 'ls 9') WHERE idx = 2");
    expect(await found()).toEqual(expect.arrayContaining(["index_altered", "record_altered", "tile_altered", "checkpoint_mismatch"]));
    await cluster.query(fleet.databaseUrl, "DELETE FROM cavra.record WHERE idx = 3");
    expect(await found()).toContain("record_missing");
  });
});

it("a server without a database takes no journals, and nobody takes JSON for one", async () => {
  const place = scratch();
  const server = await startServer(place);
  try {
    const all = await makeToken(place, { roles: ["agent"] });
    const body = frame(0).toString();
    const ask = (headers: object) => send(server, "POST", "/v1/journals", { headers: { ...headers, "content-type": TYPE }, body });
    expect((await ask(all.headers)).value.code).toBe("database_missing");
    expect((await send(server, "POST", "/v1/journals", { headers: all.headers, body: {} })).value.code).toBe("media_type_unsupported");
  } finally {
    await server.stop();
  }
});
