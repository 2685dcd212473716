// What stands for a redacted value, and can prove it to one person. Implements spec/redaction.md section 7.1.
// Twin of go/evidence/commitment.go.
// Each place has a salt of its own, so that revealing one value gives away nothing of another, nor the key.

import { hmacSha256 } from "../base/index.js";

/** The 64 digits of a place's salt: HMAC(redaction key, record id ‖ 00 ‖ path ‖ 00 ‖ start of the span in decimal). */
export function saltOf(redactionKey: Uint8Array, recordId: string, path: string, start: number): string {
  return hmacSha256(redactionKey, `${recordId}\0${path}\0${start}`);
}

/** `hmac-sha256:` and 64 digits: HMAC(salt, value). */
export function commitmentOf(salt: string, value: string | Uint8Array): string {
  return `hmac-sha256:${hmacSha256(Buffer.from(salt, "hex"), value)}`;
}
