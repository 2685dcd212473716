// Opens the notices of a state folder: for acting, which makes them where there are none, or for looking. Implements spec/notices.md 8.1 and section 11.

import { existsSync, statSync } from "node:fs";
import { join } from "node:path";
import { ensurePrivateFolder } from "../folders.js";
import {
  type Database,
  guarded,
  inTransaction,
  openDatabase,
  type Row,
  type SqlValue,
  type Statement,
  type Telling,
} from "../ledger/database.js";
import { makeFile } from "../ledger/open.js";
import { ensureNoticesSchema, isCurrent } from "./schema.js";

export const NOTICES_FOLDER = "notices";
const NOTICES_FILE = "notices.sqlite";

const TELLING: Telling = {
  code: "notices",
  name: "the notices",
  folder: "notices/",
  undo: "run `cavra runtime go-rollback-drill-notification-plan deliver` on the account of these notices",
  proof: "",
};

export interface NoticeStore {
  /** SQL is spoken in this folder only. */
  readonly database: Database;
  /** A statement, prepared once. */
  readonly sql: (text: string) => Statement;
  /** In one transaction that no other process can come between. */
  readonly transaction: <T>(action: () => T) => T;
  /** What only looks, with errors that are ours. */
  readonly look: <T>(action: () => T) => T;
  close(): void;
}

/** An empty file is none: whoever was to make it did not get that far. */
export function hasNotices(stateFolder: string): boolean {
  return (statSync(join(stateFolder, NOTICES_FOLDER, NOTICES_FILE), { throwIfNoEntry: false })?.size ?? 0) > 0;
}

/** For acting; made where there are none. Throws `notices_unavailable`, `notices_damaged`, `notices_format_unknown`, `state_folder_*`. */
export function openNotices(stateFolder: string): NoticeStore {
  const folder = join(stateFolder, NOTICES_FOLDER);
  const path = join(folder, NOTICES_FILE);
  ensurePrivateFolder(stateFolder);
  ensurePrivateFolder(folder);
  if (!existsSync(path)) makeFile(path, folder);
  const store = opened(path, false);
  return prepared(store, () => {
    // Whoever only opens what is there takes no lock: another one's long transaction is no reason to wait.
    if (store.look(() => isCurrent(store.database))) return;
    store.transaction(() => ensureNoticesSchema(store.database, true));
  });
}

/** For looking only: nothing is made or changed. Null where there are none. Throws what openNotices throws. */
export function readNotices(stateFolder: string): NoticeStore | null {
  if (!hasNotices(stateFolder)) return null;
  const store = opened(join(stateFolder, NOTICES_FOLDER, NOTICES_FILE), true);
  return prepared(store, () => store.look(() => ensureNoticesSchema(store.database, false)));
}

function prepared(store: NoticeStore, prepare: () => void): NoticeStore {
  try {
    prepare();
    return store;
  } catch (error) {
    store.close();
    throw error;
  }
}

function opened(path: string, readOnly: boolean): NoticeStore {
  const database = openDatabase(path, { readOnly }, TELLING);
  const statements = new Map<string, Statement>();
  const sql = (text: string): Statement => {
    const statement = statements.get(text) ?? database.prepare(text);
    statements.set(text, statement);
    return statement;
  };
  return {
    database,
    sql,
    transaction: (action) => inTransaction(database, action, TELLING),
    look: (action) => guarded(action, TELLING),
    close: () => database.close(),
  };
}

/** A number of a row; null where there is none. */
export function numberIn(row: Row | undefined, column: string): number | null {
  const value: SqlValue | undefined = row?.[column];
  return value === null || value === undefined ? null : Number(value);
}

export function textIn(row: Row | undefined, column: string): string {
  return String(row?.[column] ?? "");
}
