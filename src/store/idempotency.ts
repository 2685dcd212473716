// Idempotency keys of a server without a database of others: an embedded database in the state folder. Implements spec/service.md 3.9.
// INVARIANT: a key is on the disk before the thing is done. Who finds one that another process began finds it uncertain, and the moments at which it was tried.

import { randomBytes } from "node:crypto";
import { existsSync } from "node:fs";
import { join } from "node:path";
import type { Clock } from "./clock.js";
import { ensurePrivateFolder } from "./folders.js";
import { type Database, guarded, inTransaction, openDatabase, type Telling } from "./ledger/database.js";
import { makeFile } from "./ledger/open.js";

/** How long a key means the same request, in milliseconds. */
export const KEY_MS = 86_400_000;
/** Of so many attempts at one request the moments are kept. */
const MOST_ATTEMPTS = 16;

export type BegunKey =
  /** It is ours to do. `attempts`: when it was tried, this one last. */
  | { readonly kind: "ours"; readonly attempts: readonly number[] }
  | { readonly kind: "under_way" }
  | { readonly kind: "other_body" }
  | ({ readonly kind: "kept" } & KeptAnswer);

export interface KeptAnswer {
  readonly status: number;
  readonly type: string;
  readonly body: Uint8Array;
}

/** Everything rejects with `idempotency_unavailable` or `idempotency_damaged` where the keys cannot be used. */
export interface KeyStore {
  readonly begin: (name: string, bodyDigest: string) => Promise<BegunKey>;
  readonly keep: (name: string, answer: KeptAnswer) => Promise<void>;
  /** It was not done, or nobody can say: the next one finds it uncertain. */
  readonly release: (name: string) => Promise<void>;
  readonly close: () => Promise<void>;
}

const FOLDER = "idempotency";
const TELLING: Telling = {
  code: "idempotency",
  name: "the idempotency keys",
  folder: "idempotency/",
  undo: "start the server again on the account of this state folder",
  proof: "",
};
const TABLE = `CREATE TABLE IF NOT EXISTS key (
  name TEXT PRIMARY KEY, body TEXT NOT NULL, owner TEXT NOT NULL, attempts TEXT NOT NULL, at INTEGER NOT NULL,
  status INTEGER, type TEXT, answer BLOB) STRICT, WITHOUT ROWID`;

/** Nothing is made before the first key. */
export function openKeys(stateFolder: string, clock: Clock): KeyStore {
  const owner = randomBytes(16).toString("hex");
  let opened: Database | null = null;
  const database = (): Database => {
    opened ??= openFile(stateFolder);
    return opened;
  };
  const run = (sql: string, ...values: readonly (string | number | Uint8Array)[]) =>
    guarded(
      () =>
        database()
          .prepare(sql)
          .run(...values),
      TELLING,
    );
  return {
    begin: async (name, bodyDigest) => begin(database(), { name, bodyDigest, owner, nowMs: clock.nowMs() }),
    keep: async (name, { status, type, body }) =>
      void run("UPDATE key SET status = ?, type = ?, answer = ? WHERE name = ? AND owner = ?", status, type, body, name, owner),
    release: async (name) => void run("UPDATE key SET owner = '' WHERE name = ? AND owner = ? AND status IS NULL", name, owner),
    close: async () => {
      opened?.close();
      opened = null;
    },
  };
}

function openFile(stateFolder: string): Database {
  const folder = join(stateFolder, FOLDER);
  const path = join(folder, "keys.sqlite");
  ensurePrivateFolder(stateFolder);
  ensurePrivateFolder(folder);
  if (!existsSync(path)) makeFile(path, folder);
  const database = openDatabase(path, { readOnly: false }, TELLING);
  guarded(() => database.exec(TABLE), TELLING);
  return database;
}

interface Asked {
  readonly name: string;
  readonly bodyDigest: string;
  readonly owner: string;
  readonly nowMs: number;
}

function begin(database: Database, { name, bodyDigest, owner, nowMs }: Asked): BegunKey {
  return inTransaction(
    database,
    (): BegunKey => {
      database.prepare("DELETE FROM key WHERE at < ?").run(nowMs - KEY_MS);
      const row = database.prepare("SELECT * FROM key WHERE name = ?").get(name);
      if (row === undefined) {
        const sql = "INSERT INTO key (name, body, owner, attempts, at) VALUES (?, ?, ?, ?, ?)";
        database.prepare(sql).run(name, bodyDigest, owner, String(nowMs), nowMs);
        return { kind: "ours", attempts: [nowMs] };
      }
      if (row.body !== bodyDigest) return { kind: "other_body" };
      if (row.status !== null) return { kind: "kept", status: Number(row.status), type: String(row.type), body: row.answer as Uint8Array };
      if (row.owner === owner) return { kind: "under_way" };
      const attempts = [...String(row.attempts).split(" ").map(Number), nowMs].slice(-MOST_ATTEMPTS);
      database.prepare("UPDATE key SET owner = ?, attempts = ? WHERE name = ?").run(owner, attempts.join(" "), name);
      return { kind: "ours", attempts };
    },
    TELLING,
  );
}
