// The tables of the ledger. Implements spec/evidence.md 7.3. INVARIANT: rows are added and never changed, but for the place up to which a journal file
// is drained and the tiles that grow; nothing is ever deleted.

import { CavraError } from "../../base/index.js";
import type { Database } from "./database.js";

/** "CAVR", so that `file` and others know whose it is. */
const APPLICATION_ID = 0x43415652;
export const LEDGER_FORMAT = 1;

const TABLES = `
CREATE TABLE ledger (one INTEGER PRIMARY KEY CHECK (one = 1), ledger_id TEXT NOT NULL, made_at TEXT NOT NULL) STRICT;
CREATE TABLE journal_file (
  file_id INTEGER PRIMARY KEY, name TEXT NOT NULL, generation INTEGER NOT NULL, position INTEGER NOT NULL,
  last_offset INTEGER NOT NULL, last_item TEXT NOT NULL, UNIQUE (name, generation)) STRICT;
CREATE TABLE record (
  idx INTEGER PRIMARY KEY, record_id TEXT NOT NULL UNIQUE,
  file_id INTEGER NOT NULL, offset INTEGER NOT NULL, length INTEGER NOT NULL) STRICT;
CREATE UNIQUE INDEX record_place ON record (file_id, offset);
CREATE TABLE leaf (idx INTEGER PRIMARY KEY, json BLOB NOT NULL) STRICT;
CREATE TABLE tile (level INTEGER NOT NULL, n INTEGER NOT NULL, hashes BLOB NOT NULL, PRIMARY KEY (level, n)) STRICT, WITHOUT ROWID;
CREATE TABLE damage (
  damage_id INTEGER PRIMARY KEY, file_id INTEGER NOT NULL, offset INTEGER NOT NULL, length INTEGER NOT NULL, code TEXT NOT NULL,
  record_id TEXT NOT NULL, seen_at TEXT NOT NULL) STRICT;
CREATE TABLE checkpoint (size INTEGER PRIMARY KEY, root BLOB NOT NULL, note TEXT NOT NULL, signed_at TEXT NOT NULL) STRICT;
`;

/** Makes the tables where there are none. Throws `ledger_format_unknown` for a database that somebody else or a newer version made. */
export function ensureSchema(database: Database, ledgerId: () => { readonly id: string; readonly madeAt: string }): void {
  const [application, format] = [pragma(database, "application_id"), pragma(database, "user_version")];
  if (application === APPLICATION_ID && format === LEDGER_FORMAT) return;
  const tables = database.prepare("SELECT count(*) AS count FROM sqlite_schema").get()?.count;
  if (application !== 0 || format !== 0 || tables !== 0) {
    throw new CavraError("ledger_format_unknown", `the ledger has format ${format}, this version knows ${LEDGER_FORMAT}`, {
      hint: "use the version of CAVRA that wrote it, or a newer one",
    });
  }
  const { id, madeAt } = ledgerId();
  database.exec(TABLES);
  database.prepare("INSERT INTO ledger (one, ledger_id, made_at) VALUES (1, ?, ?)").run(id, madeAt);
  database.exec(`PRAGMA application_id = ${APPLICATION_ID}; PRAGMA user_version = ${LEDGER_FORMAT}`);
}

function pragma(database: Database, name: string): number {
  return Number(database.prepare(`PRAGMA ${name}`).get()?.[name]);
}
