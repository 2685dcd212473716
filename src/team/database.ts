// Connections to the shared database: opened with limits on everything, errors as ours. Implements spec/service.md 1.4.
// SECURITY: what PostgreSQL and its driver say of a failure stays the cause; what is told is a code of ours, and never where or who.

import { Socket } from "node:net";
import { Kysely, PostgresDialect, sql, type Transaction } from "kysely";
import pg from "pg";
import { CavraError } from "../base/index.js";
import { DATABASE_VERSION } from "./migrations.js";
import type { Tables } from "./tables.js";

export type Database = Kysely<Tables>;
export type Within = Transaction<Tables>;

export interface Connected {
  readonly database: Database;
  readonly close: () => Promise<void>;
}

export const CONNECTIONS = 8;
const CONNECT_MS = 5_000;
/** A query that takes longer is ended by the server, a connection that says nothing for a little longer by us: the network may be gone. */
export const QUERY_MS = 30_000;
const SILENT_MS = 35_000;
/** Who holds the ledger locked and asks nothing more is thrown out: a server whose network was cut must not hold up the others. */
const IDLE_IN_TRANSACTION_MS = 10_000;
const INT8 = 20;

/** How long connections may take to say goodbye. */
const GOODBYE_MS = 2_000;

export function connect(url: string): Connected {
  const sockets = new Set<Socket>();
  const pool = new pg.Pool({
    connectionString: url,
    application_name: "cavra",
    max: CONNECTIONS,
    connectionTimeoutMillis: CONNECT_MS,
    idleTimeoutMillis: 30_000,
    statement_timeout: QUERY_MS,
    lock_timeout: QUERY_MS,
    idle_in_transaction_session_timeout: IDLE_IN_TRANSACTION_MS,
    query_timeout: SILENT_MS,
    keepAlive: true,
    stream: () => {
      const socket = new Socket();
      sockets.add(socket);
      socket.once("close", () => sockets.delete(socket));
      return socket;
    },
    types: { getTypeParser: parserOf },
  });
  // A connection that breaks while nobody uses it: the next question gets another one, or is told.
  pool.on("error", () => {});
  // One that breaks while it is used tells its question, and itself: unheard, that would end the whole authority.
  pool.on("connect", (client) => void client.on("error", () => {}));
  const database = new Kysely<Tables>({ dialect: new PostgresDialect({ pool }) }).withSchema("cavra");
  const close = async (): Promise<void> => {
    const cutting = setTimeout(() => {
      // A network that swallows everything would hold up the end of the authority.
      for (const socket of sockets) socket.destroy();
    }, GOODBYE_MS);
    await database.destroy();
    clearTimeout(cutting);
  };
  return { database, close };
}

// Indices and offsets are below 2^53; the driver gives them as texts.
function parserOf(oid: number, format?: "text" | "binary") {
  if (oid === INT8) return Number;
  return pg.types.getTypeParser(oid, format as "text");
}

/** Everything in one transaction, durable when it settles whatever the database's own settings say. */
export function inTransaction<T>({ database }: Pick<Connected, "database">, action: (within: Within) => Promise<T>): Promise<T> {
  return guarded(() =>
    database.transaction().execute(async (within) => {
      await sql`SET LOCAL synchronous_commit = on`.execute(within);
      return action(within);
    }),
  );
}

/** Holds the one row that every appender and signer wants: until the transaction ends nobody else's tree grows. Throws `database_too_new`. */
export async function lockLedger(within: Within): Promise<{ readonly ledgerId: string; readonly size: number }> {
  const row = await within.selectFrom("ledger").select(["ledger_id", "size"]).forUpdate().executeTakeFirstOrThrow();
  // Another server may be of a later version by now, and have migrated.
  const { version } = await within
    .selectFrom("migration")
    .select(({ fn }) => fn.max("version").as("version"))
    .executeTakeFirstOrThrow();
  if (version > DATABASE_VERSION) throw tooNew(version);
  return { ledgerId: row.ledger_id, size: row.size };
}

export function tooNew(version: number): CavraError {
  return new CavraError("database_too_new", `the database has version ${version}, this installation knows ${DATABASE_VERSION}`, {
    hint: "use the version of CAVRA that the other servers have",
  });
}

/** Runs what talks to the database; its errors become ours. */
export async function guarded<T>(action: () => Promise<T>): Promise<T> {
  try {
    return await action();
  } catch (error) {
    throw translated(error);
  }
}

function translated(error: unknown): unknown {
  if (error instanceof CavraError) return error;
  if (!(error instanceof Error)) return error;
  const { code } = error as { readonly code?: unknown };
  // What PostgreSQL says of a query of ours that is wrong is our mistake: 42 (syntax, names), 22 (values), 23 (constraints).
  if (typeof code === "string" && /^(22|23|42)[0-9A-Z]{3}$/.test(code) && code !== "42501") return error;
  if (error instanceof TypeError || error instanceof RangeError || error instanceof ReferenceError) return error;
  return new CavraError("database_unavailable", `the database cannot be used (${whatOf(code)})`, {
    hint: "see that it runs, and that its account may use it; what was recorded stays in the journal until then",
    cause: error,
  });
}

/** `28P01` and its like are PostgreSQL's, `ECONNREFUSED` the system's: they name nobody. */
function whatOf(code: unknown): string {
  return typeof code === "string" && /^[A-Z0-9_]{4,40}$/.test(code) ? code : "the connection broke";
}
