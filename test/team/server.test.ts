// `cavra serve --database-url`: one ledger, whatever happens to the database. Proves spec/service.md 1.4 and 5.2.

import { spawn } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, expect, it } from "vitest";
import { verifyTeamLedger } from "../../src/team/index.js";
import { cavra, program, scratch } from "../cli/program.js";
import { documented, startServer } from "../server/server.js";
import { type Cluster, startCluster } from "./cluster.js";
import { describeWithPostgres } from "./postgres.js";
import { wireTo } from "./wire.js";

interface Found {
  readonly record: { readonly record_id: string };
}

describeWithPostgres("a server over PostgreSQL", () => {
  let cluster: Cluster;
  beforeAll(async () => {
    cluster = await startCluster({ fsync: true });
  });
  afterAll(() => cluster.remove());

  it("decides without its database, tells of it, and drains everything when it is back", async () => {
    const place = scratch();
    const server = await startServer(place, ["--database-url", await cluster.newDatabase()]);
    const { ask } = await documented(server);
    const decide = async () => {
      const body = { action_type: "execute_command", target: "cat .env", cwd: place.repository };
      return (await ask("POST", "/v1/decisions", { body })).value.decision_id as string;
    };
    try {
      const first = await decide();
      expect((await ask("GET", "/v1/decisions")).value.items).toMatchObject([{ index: 0, record: { record_id: first } }]);
      expect((await ask("GET", "/readyz")).value.checks).toContainEqual({ id: "database", status: "pass", code: "ok" });
      await cluster.kill();
      const second = await decide();
      expect((await ask("GET", "/readyz")).value).toMatchObject({ status: "not_ready" });
      expect((await ask("GET", "/v1/decisions")).value.code).toBe("database_unavailable");
      expect((await ask("GET", `/v1/decisions/${second}`)).value).toMatchObject({ index: null, record: { record_id: second } });
      await cluster.start();
      const { value } = await ask("GET", "/v1/decisions");
      expect(value.items).toMatchObject([
        { index: 1, record: { record_id: second } },
        { index: 0, record: { record_id: first } },
      ]);
      expect((await ask("GET", "/readyz")).value.status).toBe("ready");
    } finally {
      expect(await server.stop()).toBe(0);
    }
    expect(server.complaints()).not.toContain("internal_error");
  });

  it("outlives a wire that is cut, and one that swallows everything, and ends all the same", async () => {
    const wire = await wireTo(await cluster.newDatabase());
    const place = scratch();
    const server = await startServer(place, ["--database-url", wire.url]);
    const { ask } = await documented(server);
    const decide = async (): Promise<string> => {
      const body = { action_type: "execute_command", target: "cat .env", cwd: place.repository };
      return (await ask("POST", "/v1/decisions", { body })).value.decision_id;
    };
    const listed = async () => (await ask("GET", "/v1/decisions")).value.items?.map((one: Found) => one.record.record_id) ?? [];
    const made: string[] = [];
    try {
      for (let cuts = 0; cuts < 5; cuts++) {
        made.unshift(await decide());
        const asked = listed();
        wire.cut();
        await asked;
        expect(await listed()).toEqual(made);
      }
      wire.swallow();
      made.unshift(await decide());
      expect((await ask("GET", "/readyz")).value.checks).toContainEqual({ id: "database", status: "fail", code: "database_unavailable" });
      wire.mend();
      expect(await listed()).toEqual(made);
      wire.swallow();
      made.unshift(await decide());
    } finally {
      expect(await server.stop()).toBe(0);
      wire.mend();
    }
    const again = await startServer(place, ["--database-url", wire.url]);
    const { ask: asks } = await documented(again);
    expect((await asks("GET", "/v1/decisions")).value.items.map((one: Found) => one.record.record_id)).toEqual(made);
    expect(await again.stop()).toBe(0);
    await wire.remove();
  });

  it("is migrated all the same where one was killed in the middle", async () => {
    const url = await cluster.newDatabase();
    await Promise.all(
      [0, 1, 2].map(async () => {
        const child = spawn(process.execPath, [program(), "serve", "--port", "0", "--database-url", url], {
          env: scratch().env,
          stdio: "ignore",
        });
        const ended = new Promise((resolve) => child.once("exit", resolve));
        // As soon as anybody is there: before, while or after it migrates.
        while (
          (await cluster.query(url, "SELECT 1 FROM pg_stat_activity WHERE application_name = 'cavra'")).length === 0 &&
          child.exitCode === null
        );
        child.kill("SIGKILL");
        await ended;
      }),
    );
    await (await startServer(scratch(), ["--database-url", url])).stop();
    expect((await verifyTeamLedger(url)).findings).toEqual([]);
  });

  it("says what is wrong with a database, and never its password", async () => {
    const place = scratch();
    const said = async (url: string) => {
      const ended = await cavra(place, ["serve", "--port", "0", "--json", "--database-url", url]);
      expect(ended.stdout + ended.stderr).not.toContain("hunter2");
      return [ended.status, JSON.parse(ended.stdout).error.code];
    };
    expect(await said("mysql://ada:hunter2@127.0.0.1/cavra")).toEqual([2, "bad_database_url"]);
    expect(await said("postgres://ada:hunter2@127.0.0.1/")).toEqual([2, "bad_database_url"]);
    expect(await said("postgres://ada:hunter2@127.0.0.1/cavra?options=-c%20x")).toEqual([2, "bad_database_url"]);
    expect(await said("postgres://ada:hunter2@127.0.0.1:1/cavra")).toEqual([2, "database_unavailable"]);
    const url = await cluster.newDatabase();
    expect((await cluster.query(url, "SELECT 1 AS one"))[0]).toEqual({ one: 1 });
    await (await startServer(place, ["--database-url", url])).stop();
    await cluster.query(url, "INSERT INTO cavra.migration VALUES (1000000, 'later', '')");
    expect((await said(url))[1]).toBe("database_too_new");
    expect((await said(await cluster.newDatabase()))[1]).toBe("ledger_replaced");
  });

  it("is migrated once by two servers that start at once, and the dump is the one that is committed", async () => {
    const url = await cluster.newDatabase();
    const servers = await Promise.all([scratch(), scratch(), scratch()].map((place) => startServer(place, ["--database-url", url])));
    await Promise.all(servers.map(({ stop }) => stop()));
    expect(await cluster.query(url, "SELECT version FROM cavra.migration ORDER BY version")).toEqual([{ version: 1 }, { version: 2 }]);
    expect(await cluster.query(url, "SELECT count(*)::int AS count FROM cavra.ledger")).toEqual([{ count: 1 }]);
    // A later version writes the same tables in other words.
    if (cluster.version === 15)
      expect(withoutVersion(cluster.dump(url))).toBe(readFileSync(join(import.meta.dirname, "../../docs/database.sql"), "utf8"));
  });
});

/** What pg_dump says of itself differs from one minor version to the next. */
function withoutVersion(dump: string): string {
  const kept = dump.split("\n").filter((line) => !/^(--|SET |SELECT pg_catalog|\\)/.test(line));
  return `-- The shared database as migrations make it: spec/evidence.md 10.2. Compared by a test; never run.\n${kept.join("\n").replace(/\n{3,}/g, "\n\n")}`;
}
