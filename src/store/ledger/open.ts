// Opens the ledger of a state folder, and makes it where there is none. Implements spec/evidence.md 7.1 and 7.2.
// SECURITY: its folder is private, as the journal's is; its name is on the disk before anything is in it.

import { closeSync, constants, existsSync, openSync, statSync } from "node:fs";
import { join } from "node:path";
import { CavraError, formatTime } from "../../base/index.js";
import { type Clock, newId } from "../clock.js";
import { ledgerOrigin } from "../database-identity.js";
import { ensurePrivateFolder, syncFolderChain } from "../folders.js";
import { type Database, guarded, inTransaction, openDatabase } from "./database.js";
import { ensureSchema } from "./schema.js";

export const LEDGER_FOLDER = "ledger";
const LEDGER_FILE = "ledger.sqlite";

export interface Ledger {
  /** `ldg_…` */
  readonly ledgerId: string;
  /** What its checkpoints are signed for: `cavra.ledger/ldg_…`. */
  readonly origin: string;
  /** SQL is spoken in this folder only. */
  readonly database: Database;
  close(): void;
}

/** An empty file is none: whoever was to make it did not get that far. */
export function hasLedger(stateFolder: string): boolean {
  return (statSync(join(stateFolder, LEDGER_FOLDER, LEDGER_FILE), { throwIfNoEntry: false })?.size ?? 0) > 0;
}

/** For draining and signing; made where there is none. Throws `ledger_unavailable`, `ledger_damaged`, `ledger_format_unknown`, `state_folder_*`. */
export function openLedger(stateFolder: string, clock: Clock): Ledger {
  const path = join(stateFolder, LEDGER_FOLDER, LEDGER_FILE);
  ensurePrivateFolder(stateFolder);
  ensurePrivateFolder(join(stateFolder, LEDGER_FOLDER));
  if (!existsSync(path)) makeFile(path, join(stateFolder, LEDGER_FOLDER));
  return opened(path, false, (database) => {
    const made = () => {
      const { id, momentMs } = newId("ldg", clock);
      return { id, madeAt: formatTime(momentMs) };
    };
    inTransaction(database, () => ensureSchema(database, made));
  });
}

/** For looking only: nothing is made, changed or drained. Throws `ledger_missing` beside what openLedger throws. */
export function readLedger(stateFolder: string): Ledger {
  if (!hasLedger(stateFolder)) {
    throw new CavraError("ledger_missing", `there is no ledger in \`${stateFolder}\``, { hint: "run `cavra evidence list`: it makes one" });
  }
  return opened(join(stateFolder, LEDGER_FOLDER, LEDGER_FILE), true, (database) => {
    const foreign = () => {
      throw new CavraError("ledger_damaged", "the ledger's database is empty", { hint: "restore it from a backup" });
    };
    ensureSchema(database, foreign);
  });
}

function opened(path: string, readOnly: boolean, prepare: (database: Database) => void): Ledger {
  const database = openDatabase(path, { readOnly });
  try {
    return guarded(() => {
      prepare(database);
      const ledgerId = String(database.prepare("SELECT ledger_id FROM ledger").get()?.ledger_id ?? "");
      return { ledgerId, origin: ledgerOrigin(ledgerId), database, close: () => database.close() };
    });
  } catch (error) {
    database.close();
    throw error;
  }
}

// The database would make it readable for others, and would not make its name durable.
export function makeFile(path: string, folder: string): void {
  try {
    closeSync(openSync(path, constants.O_CREAT | constants.O_EXCL | constants.O_WRONLY | (constants.O_NOFOLLOW ?? 0), 0o600));
  } catch (error) {
    // Another process was faster.
    if ((error as NodeJS.ErrnoException).code !== "EEXIST") throw unavailable(error);
  }
  syncFolderChain(folder);
}

function unavailable(cause: unknown): CavraError {
  const why = cause instanceof Error ? cause.message : String(cause);
  return new CavraError("ledger_unavailable", `the ledger cannot be made: ${why}`, { hint: "run `cavra status`", cause });
}
