// The roles of keys, and the name of a key in its role. Implements spec/trust.md section 1.2.

import { createHash } from "node:crypto";

export const ROLES = ["root", "ledger", "builder", "drill", "approver", "lease", "witness"] as const;
export type Role = (typeof ROLES)[number];

/** `key_` and the first 32 digits of SHA-256(role ‖ 00 ‖ public key): one pair of keys never serves two roles. */
export function keyIdOf(role: Role, publicKey: Uint8Array): string {
  return `key_${createHash("sha256").update(`${role}\0`).update(publicKey).digest("hex").slice(0, 32)}`;
}

/** True for the form of keyIdOf. */
export function isKeyId(text: string): boolean {
  return text.length === 36 && text.startsWith("key_") && [...text.slice(4)].every((digit) => "0123456789abcdef".includes(digit));
}
