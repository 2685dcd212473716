// SHA-256 digests and HMACs in the one text form. Implements spec/record.md section 3. Twin of go/digest.go.

import { createHash, createHmac } from "node:crypto";

/** `sha256:` and 64 lower-case hexadecimal digits; text is hashed as UTF-8. */
export function sha256(content: string | Uint8Array): string {
  return `sha256:${createHash("sha256").update(content).digest("hex")}`;
}

/** 64 lower-case hexadecimal digits; text is taken as UTF-8. */
export function hmacSha256(key: Uint8Array, content: string | Uint8Array): string {
  return createHmac("sha256", key).update(content).digest("hex");
}

/** True for the exact form that sha256 gives. */
export function isDigest(text: string): boolean {
  if (text.length !== 71 || !text.startsWith("sha256:")) return false;
  for (let i = 7; i < 71; i++) {
    const unit = text.charCodeAt(i);
    if (!((unit >= 0x30 && unit <= 0x39) || (unit >= 0x61 && unit <= 0x66))) return false;
  }
  return true;
}
