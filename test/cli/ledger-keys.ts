// Gives a scratch place the keys of a ledger, without the terminal and the person that `cavra keys init` asks for.

import { join } from "node:path";
import { foundTrust, keysFolder, newKey, openLedger, SYSTEM_CLOCK, writePin } from "../../src/store/index.js";
import type { Scratch } from "./program.js";

export interface MadeKeys {
  readonly root: string;
  readonly ledger: string;
}

export function makeKeys(place: Scratch): MadeKeys {
  const ledger = openLedger(place.state, SYSTEM_CLOCK);
  const [root, key] = [newKey("root"), newKey("ledger")];
  for (const one of [root, key]) one.keep(keysFolder(place.state), "", SYSTEM_CLOCK);
  const founded = foundTrust(place.state, ledger.origin, root, [{ role: "ledger", key, name: "ledger" }], SYSTEM_CLOCK);
  ledger.close();
  if (!founded.ok) throw new Error(founded.problem.message);
  writePin(configFolder(place), root.keyId, SYSTEM_CLOCK);
  return { root: root.keyId, ledger: key.keyId };
}

export function configFolder(place: Scratch): string {
  return join(place.config, "cavra");
}
