// Ed25519 (RFC 8032): signatures are deterministic, so that making them is pure; making keys is not, and is the rim's. Implements spec/trust.md section 1.
// SECURITY: a Signer is handed in by whoever may read the key; nothing here keeps, prints or copies a private key.

import { createPrivateKey, createPublicKey, type KeyObject, sign, verify } from "node:crypto";

export const PUBLIC_KEY_BYTES = 32;
export const SIGNATURE_BYTES = 64;
export const SEED_BYTES = 32;

/** Who can sign: the public key, and signatures of 64 bytes over any message. */
export interface Signer {
  readonly publicKey: Uint8Array;
  readonly sign: (message: Uint8Array) => Uint8Array;
}

/** The signer of an Ed25519 private key of node:crypto, as createPrivateKey reads it from a PEM file; null for a key of another kind. */
export function signerOf(key: KeyObject): Signer | null {
  if (key.type !== "private" || key.asymmetricKeyType !== "ed25519") return null;
  const der = createPublicKey(key).export({ format: "der", type: "spki" });
  return { publicKey: der.subarray(der.length - PUBLIC_KEY_BYTES), sign: (message) => sign(null, message, key) };
}

/** The private key whose seed (RFC 8032) these 32 bytes are. */
export function privateKeyOfSeed(seed: Uint8Array): KeyObject {
  return createPrivateKey({ key: Buffer.concat([PKCS8_PREFIX, seed]), format: "der", type: "pkcs8" });
}

/** Total: a key or a signature of another length, or a key that is no point, verifies nothing. */
export function verifyEd25519(publicKey: Uint8Array, message: Uint8Array, signature: Uint8Array): boolean {
  if (publicKey.length !== PUBLIC_KEY_BYTES || signature.length !== SIGNATURE_BYTES) return false;
  try {
    return verify(null, message, keyOf(publicKey), signature);
  } catch {
    return false;
  }
}

/** A key takes longer to be read than a signature to be checked, and few keys sign all documents. */
const KEYS = new Map<string, KeyObject>();
const MOST_KEYS = 64;

function keyOf(publicKey: Uint8Array): KeyObject {
  const name = Buffer.from(publicKey).toString("latin1");
  const known = KEYS.get(name);
  if (known !== undefined) return known;
  const key = createPublicKey({ key: Buffer.concat([SPKI_PREFIX, publicKey]), format: "der", type: "spki" });
  if (KEYS.size < MOST_KEYS) KEYS.set(name, key);
  return key;
}

const SPKI_PREFIX = Buffer.from("302a300506032b6570032100", "hex");
const PKCS8_PREFIX = Buffer.from("302e020100300506032b657004220420", "hex");
