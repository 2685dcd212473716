// Which server this state folder is, and which ledger its records go to. Implements spec/evidence.md 10.1.
// Kept beside the journal, so that a server that is pointed at another database is noticed before it drains into it.

import { join } from "node:path";
import { CavraError, parseId, parseJson } from "../base/index.js";
import { type Clock, newId } from "./clock.js";
import { readNoFollow, replaceDurably } from "./durable-file.js";

const FILE = "database.json";
const SCHEMA = "cavra.database.v1";

export interface DatabaseIdentity {
  /** `srv_…` */
  readonly serverId: string;
  /** `ldg_…`, the ledger of the database. */
  readonly ledgerId: string;
}

/** Null where this state folder never had a database. Throws `ledger_damaged`. */
export function readDatabaseIdentity(stateFolder: string): DatabaseIdentity | null {
  const path = join(stateFolder, FILE);
  const file = readNoFollow(path);
  if (file === null) return null;
  const read = parseJson(file.text.trimEnd());
  const { schema_version, server_id, ledger_id } = (read.ok ? (read.value ?? {}) : {}) as Readonly<Record<string, unknown>>;
  if (schema_version === SCHEMA && isId(server_id, "srv") && isId(ledger_id, "ldg")) return { serverId: server_id, ledgerId: ledger_id };
  throw new CavraError("ledger_damaged", `\`${path}\` does not say which ledger this server's records go to`, {
    hint: "restore it from a backup, or remove it: the journal is then drained from its beginning, and what is known is passed over",
  });
}

/** This server's identity at this ledger, made where there is none. Throws `ledger_replaced` for another ledger than it knows. */
export function databaseIdentityAt(stateFolder: string, ledgerId: string, clock: Clock): DatabaseIdentity {
  const known = readDatabaseIdentity(stateFolder);
  if (known?.ledgerId === ledgerId) return known;
  if (known !== null)
    throw new CavraError("ledger_replaced", "the database holds another ledger than the one that this server's records went to", {
      hint: `name that database, or restore it; where the change is meant, remove \`${FILE}\` in the state folder`,
    });
  const made = { serverId: newId("srv", clock).id, ledgerId };
  const text = JSON.stringify({ schema_version: SCHEMA, server_id: made.serverId, ledger_id: ledgerId }, null, 2);
  replaceDurably(join(stateFolder, FILE), `${text}\n`, clock);
  return made;
}

function isId(value: unknown, prefix: string): value is string {
  return typeof value === "string" && value.startsWith(`${prefix}_`) && parseId(value).ok;
}

/** What heads of this ledger are signed for: spec/evidence.md 4.4. */
export function ledgerOrigin(ledgerId: string): string {
  return `cavra.ledger/${ledgerId}`;
}
