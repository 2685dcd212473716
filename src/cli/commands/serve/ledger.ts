// Where the server's ledger is: in the state folder, or in a database that several servers share. Implements spec/service.md 1.4.

import type { Drain } from "../../../daemon/index.js";
import {
  configDir,
  embeddedLedger,
  ensurePrivateFolder,
  type Places,
  type ServedLedger,
  SYSTEM_CLOCK,
  stateDir,
} from "../../../store/index.js";
import { openTeamLedger } from "../../../team/index.js";
import type { Terminal } from "../../terminal.js";

export interface ServerLedger {
  readonly ledger: ServedLedger;
  /** In a database: its readiness is the server's. */
  readonly shared: boolean;
  /** Null where the authority drains as it always does. */
  readonly drain: Drain | null;
}

/** Throws `database_unavailable`, `database_too_new`, `ledger_replaced`. */
export async function openServerLedger(databaseUrl: string, { env }: Pick<Terminal, "env">): Promise<ServerLedger> {
  const places: Places = { stateFolder: stateDir(env), configFolder: configDir(env) };
  if (databaseUrl === "") return { ledger: embeddedLedger(places, SYSTEM_CLOCK), shared: false, drain: null };
  ensurePrivateFolder(places.stateFolder);
  const ledger = await openTeamLedger(databaseUrl, places, SYSTEM_CLOCK);
  const drain = () =>
    ledger.drain().then(
      () => true,
      () => false,
    );
  return { ledger, shared: true, drain };
}
