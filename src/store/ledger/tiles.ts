// The tree's tiles as the ledger keeps them. Implements the storing of spec/evidence.md section 3.

import type { ReadTile } from "../../evidence/index.js";
import type { Database } from "./database.js";

/** Number of records in the ledger. */
export function treeSize(database: Database): number {
  // Counting would read everything; the indices have no gaps, which verifying proves.
  return Number(database.prepare("SELECT coalesce(max(idx), -1) + 1 AS size FROM leaf").get()?.size);
}

/** Reads tiles, and remembers those that it read: a proof asks for the same ones again and again. */
export function tileReader(database: Database): ReadTile {
  const statement = database.prepare("SELECT hashes FROM tile WHERE level = ? AND n = ?");
  const known = new Map<string, Uint8Array | undefined>();
  return (level, n) => {
    const name = `${level}/${n}`;
    if (!known.has(name)) known.set(name, statement.get(level, n)?.hashes as Uint8Array | undefined);
    return known.get(name);
  };
}
