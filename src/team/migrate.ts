// Brings the shared database to this version. Implements spec/service.md 1.4.
// A runner of our own and not the query library's: that one orders the steps that were made by the clocks of those who made them, and two servers have two.

import { sql } from "kysely";
import { CavraError, formatTime } from "../base/index.js";
import { type Clock, newId } from "../store/index.js";
import { type Connected, guarded, inTransaction, tooNew, type Within } from "./database.js";
import { DATABASE_VERSION, MIGRATIONS, type Migration } from "./migrations.js";

/** "CAVR": who holds it migrates alone. */
const LOCK = 0x43415652;
const OLDEST_POSTGRES = 150_000;

/** Runs what is missing, each step in a transaction of its own. Throws `database_too_new`, `database_unavailable`. */
export async function migrate(connected: Connected, clock: Clock, migrations: readonly Migration[] = MIGRATIONS): Promise<void> {
  await guarded(() => checkServer(connected));
  while (await inTransaction(connected, (within) => migrateOnce(within, clock, migrations))) {
    // One more may be missing.
  }
}

/** Was there one to run? */
async function migrateOnce(within: Within, clock: Clock, migrations: readonly Migration[]): Promise<boolean> {
  await sql`SELECT pg_advisory_xact_lock(${sql.lit(LOCK)})`.execute(within);
  const version = await versionOf(within);
  if (version > Math.max(DATABASE_VERSION, migrations.length)) throw tooNew(version);
  const next = migrations[version];
  if (next === undefined) return false;
  const now = formatTime(clock.nowMs());
  for (const statement of next.sql) await sql.raw(statement).execute(within);
  if (next.version === 1) {
    const { id, momentMs } = newId("ldg", clock);
    await within
      .insertInto("ledger")
      .values({ one: true, ledger_id: id, made_at: formatTime(momentMs), size: 0 })
      .execute();
  }
  await within.insertInto("migration").values({ version: next.version, name: next.name, applied_at: now }).execute();
  return true;
}

async function versionOf(within: Within): Promise<number> {
  const { rows } = await sql<{ there: boolean }>`SELECT to_regclass('cavra.migration') IS NOT NULL AS there`.execute(within);
  if (rows[0]?.there !== true) {
    await sql`CREATE SCHEMA IF NOT EXISTS cavra`.execute(within);
    await sql`CREATE TABLE cavra.migration (version integer PRIMARY KEY, name text NOT NULL, applied_at text NOT NULL)`.execute(within);
    return 0;
  }
  const row = await within
    .selectFrom("migration")
    .select(({ fn }) => fn.max<number | null>("version").as("version"))
    .executeTakeFirst();
  return row?.version ?? 0;
}

/** Records are kept as text: every byte of them must be one that the database can keep. */
async function checkServer({ database }: Connected): Promise<void> {
  const { rows } = await sql<{ version: string; encoding: string }>`
    SELECT current_setting('server_version_num') AS version, current_setting('server_encoding') AS encoding`.execute(database);
  const { version = "0", encoding = "" } = rows[0] ?? {};
  if (Number(version) < OLDEST_POSTGRES)
    throw new CavraError("database_unavailable", "this PostgreSQL is older than 15", { hint: "use PostgreSQL 15 or newer" });
  if (encoding !== "UTF8")
    throw new CavraError("database_unavailable", "the database does not keep its texts in UTF-8", {
      hint: "make one that does: `CREATE DATABASE cavra ENCODING 'UTF8' TEMPLATE template0`",
    });
}
