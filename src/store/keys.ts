// Private keys on this machine: made, kept, read. Implements spec/evidence.md 7.5. A key is a PKCS#8 file that `openssl pkey` reads too.
// SECURITY: mode 0600 in a folder of mode 0700, never printed, never on a command line; a root key may be kept elsewhere and under a passphrase.

import { createPrivateKey, generateKeyPairSync, type KeyObject } from "node:crypto";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { CavraError, type Signer, signerOf } from "../base/index.js";
import { type KeySigner, keyIdOf, type Role } from "../evidence/index.js";
import type { Clock } from "./clock.js";
import { createDurably, readNoFollow } from "./durable-file.js";
import { ensurePrivateFolder } from "./folders.js";

const KEYS_FOLDER = "keys";

export function keysFolder(stateFolder: string): string {
  return join(stateFolder, KEYS_FOLDER);
}

export function keyPath(folder: string, keyId: string): string {
  return join(folder, `${keyId}.pem`);
}

export function hasKey(folder: string, keyId: string): boolean {
  return existsSync(keyPath(folder, keyId));
}

/** A pair of keys that nothing knows of yet. */
export interface NewKey {
  readonly keyId: string;
  readonly signer: Signer;
  /** Writes the private key into a folder. "" is no passphrase. */
  readonly keep: (folder: string, passphrase: string, clock: Clock) => void;
}

export function newKey(role: Role): NewKey {
  const { privateKey } = generateKeyPairSync("ed25519");
  const signer = signerOf(privateKey);
  if (signer === null) throw new CavraError("internal_error", "a new key is of another kind");
  const keyId = keyIdOf(role, signer.publicKey);
  return { keyId, signer, keep: (folder, passphrase, clock) => keep(folder, keyId, privateKey, passphrase, clock) };
}

function keep(folder: string, keyId: string, key: KeyObject, passphrase: string, clock: Clock): void {
  const locked = passphrase === "" ? {} : { cipher: "aes-256-cbc", passphrase };
  const pem = key.export({ type: "pkcs8", format: "pem", ...locked }).toString();
  ensurePrivateFolder(folder);
  createDurably(keyPath(folder, keyId), pem, clock);
}

/**
 * Who signs with a kept key. Throws CavraError: `key_missing`, `key_unreadable` (a link too), `key_exposed` (others may read it), `key_damaged`
 * (another form, or another key than its name says), `key_locked` (the passphrase is missing or another).
 */
export function readSigner(folder: string, keyId: string, role: Role, passphrase = ""): KeySigner {
  const path = keyPath(folder, keyId);
  const pem = readPem(path);
  const signer = signerOf(privateKeyOf(pem, path, passphrase));
  if (signer === null || keyIdOf(role, signer.publicKey) !== keyId) {
    throw new CavraError("key_damaged", `\`${path}\` does not hold the ${role} key \`${keyId}\``, { hint: "restore it from a backup" });
  }
  return { keyId, signer };
}

function readPem(path: string): string {
  try {
    const file = readNoFollow(path);
    if (file === null) throw new CavraError("key_missing", `there is no key \`${path}\``, { hint: "run `cavra keys show`" });
    if (file.exposed)
      throw new CavraError("key_exposed", `\`${path}\` can be read by others`, { hint: `run \`chmod 600 ${path}\`, then rotate the key` });
    return file.text;
  } catch (cause) {
    if (cause instanceof CavraError) throw cause;
    throw new CavraError("key_unreadable", `\`${path}\` cannot be read`, { hint: "make it readable for you, mode 0600", cause });
  }
}

function privateKeyOf(pem: string, path: string, passphrase: string): KeyObject {
  const isLocked = pem.startsWith("-----BEGIN ENCRYPTED PRIVATE KEY-----");
  if (isLocked && passphrase === "") {
    throw new CavraError("key_locked", `\`${path}\` is kept under a passphrase`, { hint: "add `--passphrase-file FILE`" });
  }
  try {
    return createPrivateKey({ key: pem, format: "pem", ...(isLocked ? { passphrase } : {}) });
  } catch (cause) {
    if (isLocked)
      throw new CavraError("key_locked", `the passphrase does not open \`${path}\``, {
        hint: "check the file after `--passphrase-file`",
        cause,
      });
    throw new CavraError("key_damaged", `\`${path}\` does not hold a private key`, { hint: "restore it from a backup", cause });
  }
}
