// `cavra keys init | rotate | revoke`: make the keys of this ledger, replace one, call one back. For people. Implements spec/cli.md section 12.

import { resolve } from "node:path";
import { bad, ok, type Result } from "../../../base/index.js";
import { activeKeys, ROLES, type Role, type TrustDocument, type TrustKey } from "../../../evidence/index.js";
import {
  activeKey,
  endedKey,
  foundTrust,
  keysFolder,
  ledgerOrigin,
  newestCheckpoint,
  newKey,
  nextMoment,
  openDrained,
  openLedger,
  readDatabaseIdentity,
  SYSTEM_CLOCK,
  signNextTrust,
  trustChain,
  writePin,
} from "../../../store/index.js";
import type { Terminal } from "../../terminal.js";
import { agreed, currentTrust, placesOf, type RootOptions, readPassphrase, rootAccess } from "./access.js";

export interface InitOptions {
  readonly rootOut?: string;
  readonly passphraseFile?: string;
  readonly reason?: string;
}

/** Root key and ledger key, the first trust document, the pin. Problems: `keys_exist`, and those of asking. */
export function initKeys(terminal: Terminal, options: InitOptions): Result<TrustDocument> {
  const { stateFolder, configFolder } = placesOf(terminal);
  if (trustChain(stateFolder).length > 0) return bad("keys_exist", "this ledger has its keys already", { hint: "run `cavra keys show`" });
  const passphrase = readPassphrase(terminal, options.passphraseFile);
  if (!passphrase.ok) return passphrase;
  const rootFolder = options.rootOut === undefined ? keysFolder(stateFolder) : resolve(terminal.cwd, options.rootOut);
  const [root, ledgerKey] = [newKey("root"), newKey("ledger")];
  const asked = agreed(terminal, {
    kind: "keys_made",
    word: "init",
    telling: [
      `a root key will be made and kept in ${rootFolder}${passphrase.value === "" ? "" : ", under the passphrase"}`,
      `a ledger key will be made and kept in ${keysFolder(stateFolder)}`,
      "the root key is pinned for this account; from then on every head of the ledger is signed",
      "",
    ].join("\n"),
    reason: options.reason ?? "make the keys of this ledger",
    before: null,
    after: { root_key_id: root.keyId, ledger_key_id: ledgerKey.keyId },
  });
  if (!asked.ok) return asked;
  try {
    const origin = originHere(stateFolder);
    root.keep(rootFolder, passphrase.value, SYSTEM_CLOCK);
    ledgerKey.keep(keysFolder(stateFolder), "", SYSTEM_CLOCK);
    const founded = foundTrust(stateFolder, origin, root, [{ role: "ledger", key: ledgerKey, name: "ledger" }], SYSTEM_CLOCK);
    if (founded.ok) writePin(configFolder, root.keyId, SYSTEM_CLOCK);
    return founded;
  } finally {
    signAll(terminal);
  }
}

/** Of the ledger that this folder's records go to: in a database that servers share, or its own, which is made where there is none. */
function originHere(stateFolder: string): string {
  const shared = readDatabaseIdentity(stateFolder);
  if (shared !== null) return ledgerOrigin(shared.ledgerId);
  const ledger = openLedger(stateFolder, SYSTEM_CLOCK);
  ledger.close();
  return ledger.origin;
}

/** Drains and signs with what is in force now. A ledger in a database is its servers' to sign. */
function signAll(terminal: Terminal): void {
  if (readDatabaseIdentity(placesOf(terminal).stateFolder) === null) openDrained(placesOf(terminal), SYSTEM_CLOCK)?.ledger.close();
}

export interface RotateOptions extends RootOptions {
  readonly rootOut?: string;
  readonly name?: string;
  readonly reason?: string;
}

/** A new key for a role; those that were active are retired. Problems: `unknown_role`, and those of asking and signing. */
export function rotateKey(terminal: Terminal, role: string, options: RotateOptions): Result<TrustDocument> {
  if (!isRole(role) || role === "witness") {
    return bad("unknown_role", `there is no role \`${role}\` whose key is kept here`, { hint: `use one of: ${OWN_ROLES.join(", ")}` });
  }
  const trust = currentTrust(terminal);
  const access = rootAccess(terminal, options);
  if (!trust.ok) return trust;
  if (!access.ok) return access;
  const { stateFolder, configFolder } = placesOf(terminal);
  if (role === "ledger" && readDatabaseIdentity(stateFolder) !== null)
    return bad("ledger_shared", "the key of a ledger in a database cannot be rotated in this version", {
      hint: "where it is no longer yours alone, `cavra keys revoke` calls it back",
    });
  const retired = activeKeys(trust.value.keys, role);
  const key = newKey(role);
  const asked = agreed(terminal, {
    kind: "key_rotated",
    word: "rotate",
    telling: [
      `a new ${role} key will be made: ${key.keyId}`,
      ...retired.map(({ key_id }) => `${key_id} is retired: what it signed counts, it signs nothing more`),
      "",
    ].join("\n"),
    reason: options.reason ?? "",
    before: retired.length === 0 ? null : { key_ids: retired.map(({ key_id }) => key_id) },
    after: { key_id: key.keyId, role },
  });
  if (!asked.ok) return asked;
  // Everything that the old key is to vouch for is under its signature first.
  const session = openDrained({ stateFolder, configFolder }, SYSTEM_CLOCK);
  const treeSize = session === null ? 0 : (newestCheckpoint(session.ledger)?.size ?? 0);
  session?.ledger.close();
  const folder = options.rootOut !== undefined && role === "root" ? resolve(terminal.cwd, options.rootOut) : keysFolder(stateFolder);
  key.keep(
    role === "root" && options.rootOut === undefined ? access.value.folder : folder,
    role === "root" ? access.value.passphrase : "",
    SYSTEM_CLOCK,
  );
  const at = nextMoment(trust.value, SYSTEM_CLOCK);
  const keys = [
    ...trust.value.keys.map((one) => (retired.includes(one) ? endedKey(one, "retired", at, "rotated", treeSize) : one)),
    activeKey(role, key.signer.publicKey, options.name ?? role, at),
  ];
  const signed = signNextTrust(stateFolder, trust.value, { keys }, access.value, SYSTEM_CLOCK, role === "root" ? [key] : []);
  if (signed.ok) signAll(terminal);
  return signed;
}

/** Roles whose private keys may stand in this state folder. */
export const OWN_ROLES: readonly Role[] = ROLES.filter((role) => role !== "witness");

function isRole(text: string): text is Role {
  return (ROLES as readonly string[]).includes(text);
}

export interface RevokeOptions extends RootOptions {
  readonly reason?: string;
}

/** Calls a key back: nothing that it signed counts any more. Problems: `key_unknown`, `last_root`, and those of asking and signing. */
export function revokeKey(terminal: Terminal, keyId: string, options: RevokeOptions): Result<TrustDocument> {
  const trust = currentTrust(terminal);
  const access = rootAccess(terminal, options);
  if (!trust.ok) return trust;
  if (!access.ok) return access;
  const found = meantKey(trust.value, keyId);
  if (!found.ok) return found;
  const key = found.value;
  const asked = agreed(terminal, {
    kind: "key_revoked",
    word: "revoke",
    telling: `${key.key_id} (${key.role}, ${key.state}) is revoked for good: nothing that it signed counts any more\n`,
    reason: options.reason ?? "",
    before: { key_id: key.key_id, state: key.state },
    after: { key_id: key.key_id, state: "revoked" },
  });
  if (!asked.ok) return asked;
  const { stateFolder } = placesOf(terminal);
  const at = nextMoment(trust.value, SYSTEM_CLOCK);
  const keys = trust.value.keys.map((one) => (one === key ? endedKey(one, "revoked", at, plain(options.reason ?? ""), 0) : one));
  const signed = signNextTrust(stateFolder, trust.value, { keys }, access.value, SYSTEM_CLOCK);
  if (signed.ok) signAll(terminal);
  return signed;
}

function meantKey(trust: TrustDocument, keyId: string): Result<TrustKey> {
  const key = trust.keys.find(({ key_id }) => key_id === keyId);
  if (key === undefined) return bad("key_unknown", `the trust document has no key \`${keyId}\``, { hint: "run `cavra keys show`" });
  if (key.state === "revoked") return bad("key_revoked", `\`${keyId}\` was revoked already`, { hint: "run `cavra keys show`" });
  const isLast = key.role === "root" && key.state === "active" && activeKeys(trust.keys, "root").length === 1;
  if (isLast) return bad("last_root", "the only root key cannot be revoked", { hint: "run `cavra keys rotate root` first" });
  return ok(key);
}

// The document holds printable ASCII only; the person's own words are in the record.
function plain(reason: string): string {
  return [...reason]
    .map((char) => (char >= " " && char <= "~" && !'"\\{}'.includes(char) ? char : " "))
    .join("")
    .slice(0, 200);
}
