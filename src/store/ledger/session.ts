// The ledger as every command finds it: opened, drained, its head signed where there is a key. Implements spec/evidence.md 8.1 and 8.5.
// Draining needs no key. What keeps a head from being signed is told, never a reason to refuse what was recorded.

import { existsSync } from "node:fs";
import { join } from "node:path";
import type { Problem } from "../../base/index.js";
import { activeKeys, type KeySigner, type TrustDocument } from "../../evidence/index.js";
import type { Clock } from "../clock.js";
import { JOURNAL_FOLDER } from "../journal-writer.js";
import { hasKey, keysFolder, readSigner } from "../keys.js";
import { ownTrust, rememberSeen } from "../trust-files.js";
import { newestCheckpoint, type StoredCheckpoint, signHead } from "./checkpoints.js";
import { type DrainReport, drainJournal } from "./drain.js";
import { hasLedger, type Ledger, openLedger } from "./open.js";

export interface Places {
  readonly stateFolder: string;
  readonly configFolder: string;
}

export interface LedgerSession {
  readonly ledger: Ledger;
  readonly drained: DrainReport;
  /** The document in force here, or why there is none. */
  readonly trust: TrustDocument | null;
  /** Why the newest records are not under a signed head: `trust_missing`, `key_missing`, `ledger_replaced`, or what keeps the trust document from counting. */
  readonly unsigned: Problem | null;
  readonly head: StoredCheckpoint | undefined;
}

/** Null where nothing was ever recorded: looking makes nothing. Throws `ledger_unavailable`, `ledger_damaged` and what the system refuses. */
export function openDrained(places: Places, clock: Clock, onBatch: (size: number) => void = () => {}): LedgerSession | null {
  const { stateFolder } = places;
  if (!hasLedger(stateFolder) && !existsSync(join(stateFolder, JOURNAL_FOLDER))) return null;
  const ledger = openLedger(stateFolder, clock);
  try {
    const drained = drainJournal(ledger, stateFolder, clock, onBatch);
    return { ledger, drained, ...signNewest(ledger, places, clock) };
  } catch (error) {
    ledger.close();
    throw error;
  }
}

/** Signs the head with the key of the trust document in force, if it is here. */
export function signNewest(ledger: Ledger, places: Places, clock: Clock): Pick<LedgerSession, "trust" | "unsigned" | "head"> {
  const { trust, signer, unsigned } = headSigner(places, ledger.origin, clock);
  if (trust === null || signer === null) return { trust, unsigned, head: newestCheckpoint(ledger) };
  const head = signHead(ledger, signer, clock);
  rememberSeen(places.configFolder, { version: trust.version }, clock);
  return { trust, unsigned: null, head };
}

export interface HeadSigner {
  /** The document in force here, or why there is none. */
  readonly trust: TrustDocument | null;
  /** Null where this place may not sign heads of this ledger: `unsigned` says why. */
  readonly signer: KeySigner | null;
  readonly unsigned: Problem | null;
}

/** Who signs heads of this origin here. */
export function headSigner({ stateFolder, configFolder }: Places, origin: string, clock: Clock): HeadSigner {
  const trust = ownTrust(stateFolder, configFolder, clock.nowMs());
  if (!trust.ok) return { trust: null, signer: null, unsigned: trust.problem };
  const document = trust.value;
  if (document.origin !== origin) return { trust: document, signer: null, unsigned: REPLACED };
  const folder = keysFolder(stateFolder);
  const key = activeKeys(document.keys, "ledger").find(({ key_id }) => hasKey(folder, key_id));
  if (key === undefined) return { trust: document, signer: null, unsigned: NO_KEY };
  return { trust: document, signer: readSigner(folder, key.key_id, "ledger"), unsigned: null };
}

const REPLACED: Problem = {
  code: "ledger_replaced",
  message: "the trust document is of another ledger than the one in the state folder",
  hint: "restore `ledger/` in the state folder from a backup",
};
const NO_KEY: Problem = {
  code: "key_missing",
  message: "no active ledger key is in the state folder",
  hint: "run `cavra keys rotate ledger`",
};
