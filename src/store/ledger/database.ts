// The embedded database behind the ledger: SQLite, by Node itself where it has one, else by the package that brings it. Implements spec/evidence.md 7.2.
// Loaded when a ledger is opened and never before: the hook must not pay for it, and must work where there is no database at all.

import { closeSync, constants, fsyncSync, openSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { CavraError } from "../../base/index.js";

export type SqlValue = null | number | string | Uint8Array;
export type Row = Readonly<Record<string, SqlValue>>;

/** A prepared statement. What `run` changed is counted, and what it added last is numbered; rows come as objects by column name. */
export interface Statement {
  run(...values: readonly SqlValue[]): { readonly changes: number | bigint; readonly lastInsertRowid: number | bigint };
  get(...values: readonly SqlValue[]): Row | undefined;
  all(...values: readonly SqlValue[]): readonly Row[];
  iterate(...values: readonly SqlValue[]): IterableIterator<Row>;
}

/** The little of `node:sqlite` that is used here. */
export interface Database {
  exec(sql: string): void;
  prepare(sql: string): Statement;
  close(): void;
}

interface Engine {
  readonly DatabaseSync: new (path: string, options: { readonly readOnly: boolean }) => Database;
}

/** What a database is called where it is told of: the prefix of its codes, and words for people. */
export interface Telling {
  readonly code: string;
  readonly name: string;
  readonly folder: string;
  /** What undoes the half of a process that was killed. */
  readonly undo: string;
  readonly proof: string;
}

const LEDGER: Telling = {
  code: "ledger",
  name: "the ledger",
  folder: "ledger/",
  undo: "run `cavra evidence list` on the account of that ledger",
  proof: "; `cavra evidence verify` tells what the journal still proves",
};

/** How long one process waits for another one's transaction. */
export const BUSY_TIMEOUT_MS = 30_000;

/** Opens the file, which must exist. Throws CavraError `ledger_unavailable` or `ledger_damaged`. */
export function openDatabase(path: string, { readOnly }: { readonly readOnly: boolean }, telling: Telling = LEDGER): Database {
  const { DatabaseSync } = engine(telling);
  return guarded(() => {
    const database = new DatabaseSync(path, { readOnly });
    // A rollback journal and no write-ahead log: one file to copy, nothing shared in memory, and a commit is on the disk before a head is signed.
    // The schema is read here, so that a file that is no database is noticed at once.
    database.exec(
      `PRAGMA busy_timeout = ${BUSY_TIMEOUT_MS}; PRAGMA schema_version; PRAGMA cache_size = -65536; PRAGMA trusted_schema = OFF`,
    );
    if (!readOnly) database.exec("PRAGMA journal_mode = TRUNCATE; PRAGMA synchronous = EXTRA");
    return database;
  }, telling);
}

/** A copy as of one moment, while others read and write; `to` must not be there. Throws as openDatabase does. */
export function copyDatabase(from: string, to: string): void {
  // The database would make it readable for others.
  closeSync(openSync(to, constants.O_CREAT | constants.O_EXCL | constants.O_WRONLY, 0o600));
  const database = openDatabase(from, { readOnly: false });
  try {
    guarded(() => database.prepare("VACUUM INTO ?").run(to));
  } finally {
    database.close();
  }
  const handle = openSync(to, "r");
  try {
    fsyncSync(handle);
  } finally {
    closeSync(handle);
  }
}

/** Holds the file of a database that nothing is ever written to; null where another process does. */
export function lockDatabase(path: string): (() => void) | null {
  const { DatabaseSync } = engine(LEDGER);
  const database = new DatabaseSync(path, { readOnly: false });
  try {
    database.exec("PRAGMA busy_timeout = 0; PRAGMA journal_mode = MEMORY; BEGIN EXCLUSIVE");
    return () => database.close();
  } catch (error) {
    database.close();
    const { errcode } = error as { readonly errcode?: unknown };
    if (typeof errcode === "number" && ((errcode & 0xff) === BUSY || (errcode & 0xff) === LOCKED)) return null;
    throw translated(error, LEDGER);
  }
}

let loaded: Engine | null = null;

function engine(telling: Telling): Engine {
  loaded ??= builtIn() ?? packaged(telling);
  return loaded;
}

function builtIn(): Engine | null {
  const { emitWarning } = process;
  // Node 22 calls its database experimental on standard error, in the middle of what a person asked for.
  process.emitWarning = () => {};
  try {
    return (process.getBuiltinModule?.("node:sqlite") as Engine | undefined) ?? null;
  } catch {
    return null;
  } finally {
    process.emitWarning = emitWarning;
  }
}

function packaged({ code, name }: Telling): Engine {
  try {
    return createRequire(join(import.meta.dirname, "ledger.cjs"))("@photostructure/sqlite") as Engine;
  } catch (cause) {
    throw new CavraError(`${code}_unavailable`, `this installation has no database for ${name}`, {
      hint: "use Node 22.13 or newer, or run `npm install` where CAVRA is installed, without `--omit=optional`",
      cause,
    });
  }
}

/** Everything in one transaction that no other process can come between: committed when `action` returns, undone when it throws. */
export function inTransaction<T>(database: Database, action: () => T, telling: Telling = LEDGER): T {
  return guarded(() => {
    database.exec("BEGIN IMMEDIATE");
    try {
      const result = action();
      database.exec("COMMIT");
      return result;
    } catch (error) {
      undo(database);
      throw error;
    }
  }, telling);
}

// SQLite has undone it by itself after some errors (a full disk), and says so by another error.
function undo(database: Database): void {
  try {
    database.exec("ROLLBACK");
  } catch {}
}

/** Runs what talks to the database; its errors become ours. */
export function guarded<T>(action: () => T, telling: Telling = LEDGER): T {
  try {
    return action();
  } catch (error) {
    throw translated(error, telling);
  }
}

/** A rollback journal that must be played back, met by who may not write. */
const READONLY_ROLLBACK = 8 | (3 << 8);
const [BUSY, LOCKED, CORRUPT, FULL, NOT_A_DATABASE] = [5, 6, 11, 13, 26];

function translated(error: unknown, { code, name, folder, undo, proof }: Telling): unknown {
  const { errcode } = error as { readonly errcode?: unknown };
  if (!(error instanceof Error) || typeof errcode !== "number") return error;
  const primary = errcode & 0xff;
  if (primary === CORRUPT || primary === NOT_A_DATABASE) {
    return new CavraError(`${code}_damaged`, `the database of ${name} is damaged: ${error.message}`, {
      hint: `restore \`${folder}\` in the state folder from a backup${proof}`,
      cause: error,
    });
  }
  if (errcode === READONLY_ROLLBACK)
    return new CavraError(`${code}_unavailable`, `a process was killed while it wrote to ${name}, and looking alone cannot undo that`, {
      hint: `${undo}: it undoes what was half done, and nothing is lost`,
      cause: error,
    });
  const hint =
    primary === BUSY || primary === LOCKED
      ? `another process works on ${name}; try again`
      : primary === FULL
        ? "make room on the disk and run it again: nothing was changed"
        : "run `cavra status`; nothing was changed";
  return new CavraError(`${code}_unavailable`, `${name} cannot be used: ${error.message}`, { hint, cause: error });
}
