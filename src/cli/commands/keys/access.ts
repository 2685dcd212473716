// What key and trust commands share: the trust document in force, the root's private key, the person, the record. Implements spec/cli.md section 12.

import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import { newHostChange, recordHostChange } from "../../../authority/index.js";
import { bad, type JsonObject, ok, type Result } from "../../../base/index.js";
import { activeKeys, checkReason, type HostChangeKind, type KeySigner, type Role, type TrustDocument } from "../../../evidence/index.js";
import {
  configDir,
  hasKey,
  keysFolder,
  ownTrust,
  type Places,
  type RootAccess,
  readSigner,
  SYSTEM_CLOCK,
  stateDir,
} from "../../../store/index.js";
import { type Person, requirePerson } from "../../person.js";
import type { Terminal } from "../../terminal.js";

export interface RootOptions {
  readonly rootFolder?: string;
  readonly passphraseFile?: string;
}

export function placesOf(terminal: Pick<Terminal, "env">): Places {
  return { stateFolder: stateDir(terminal.env), configFolder: configDir(terminal.env) };
}

/** The document in force. Problems: `trust_missing`, and those of the chain. */
export function currentTrust(terminal: Pick<Terminal, "env">): Result<TrustDocument> {
  const { stateFolder, configFolder } = placesOf(terminal);
  const trust = ownTrust(stateFolder, configFolder, SYSTEM_CLOCK.nowMs());
  // A document that expired is replaced by signing the next one.
  if (trust.ok || trust.problem.code !== "trust_expired") return trust;
  return ownTrust(stateFolder, configFolder, 0);
}

/** Problem: `passphrase_missing` for a file without a first line. */
export function rootAccess(terminal: Terminal, options: RootOptions): Result<RootAccess> {
  const folder = options.rootFolder === undefined ? keysFolder(stateDir(terminal.env)) : resolve(terminal.cwd, options.rootFolder);
  const passphrase = readPassphrase(terminal, options.passphraseFile);
  return passphrase.ok ? ok({ folder, passphrase: passphrase.value }) : passphrase;
}

/** The first line of the file: a passphrase on the command line would be in every list of processes. "" for no file. */
export function readPassphrase(terminal: Terminal, file: string | undefined): Result<string> {
  if (file === undefined) return ok("");
  const [line = ""] = readFileSync(resolve(terminal.cwd, file), "utf8").split(/\r?\n/);
  return line === "" ? bad("passphrase_missing", `the first line of \`${file}\` is empty`) : ok(line);
}

export interface SignerOptions {
  readonly keyFolder?: string;
  readonly passphraseFile?: string;
}

/** Who signs with the active key of a role whose private key is in the folder. Problem: `key_missing`. Throws `key_*`. */
export function signerOfRole(terminal: Terminal, trust: TrustDocument, role: Role, options: SignerOptions): Result<KeySigner> {
  const folder = options.keyFolder === undefined ? keysFolder(stateDir(terminal.env)) : resolve(terminal.cwd, options.keyFolder);
  const key = activeKeys(trust.keys, role).find(({ key_id }) => hasKey(folder, key_id));
  if (key === undefined)
    return bad("key_missing", `no active ${role} key is in \`${folder}\``, { hint: `\`cavra keys rotate ${role}\` makes one` });
  const passphrase = readPassphrase(terminal, options.passphraseFile);
  return passphrase.ok ? ok(readSigner(folder, key.key_id, role, passphrase.value)) : passphrase;
}

export interface KeyChange {
  readonly kind: HostChangeKind;
  readonly telling: string;
  /** What the person types: the deed's name. */
  readonly word: string;
  readonly reason: string;
  readonly before: JsonObject | null;
  readonly after: JsonObject | null;
}

/** Asks the person, then puts the change on record: no record, no change. Problems: of requirePerson and checkReason. */
export function agreed(terminal: Terminal, change: KeyChange): Result<Person> {
  const reason = checkReason(change.reason);
  if (!reason.ok) return reason;
  const person = requirePerson(terminal, { telling: change.telling, word: change.word });
  if (!person.ok) return person;
  const { kind, before, after } = change;
  const { id } = newHostChange(SYSTEM_CLOCK);
  recordHostChange(
    { recordId: id, change: kind, person: person.value, reason: reason.value, decision_id: "", before, after },
    terminal.env,
  );
  return person;
}
