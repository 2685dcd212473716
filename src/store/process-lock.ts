// A lock that ends with the process that holds it, however that ends. Implements spec/backend.md 8.1.
// The temptation is a file with a process id in it: two who find it stale take away each other's. The database's lock is the kernel's own.

import { existsSync } from "node:fs";
import { dirname } from "node:path";
import { ensurePrivateFolder } from "./folders.js";
import { lockDatabase } from "./ledger/database.js";
import { makeFile } from "./ledger/open.js";

/** Gives the lock back. Null where another process holds it. Throws `ledger_unavailable` where there is no database to lock with. */
export function holdLock(path: string): (() => void) | null {
  ensurePrivateFolder(dirname(path));
  if (!existsSync(path)) makeFile(path, dirname(path));
  return lockDatabase(path);
}
