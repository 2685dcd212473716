// SHA-256 digests and HMACs in the one text form. Implements spec/record.md section 3. Twin of go/base/digest.go.

import { createHash, createHmac } from "node:crypto";
import { sha256Bytes } from "./sha256.js";

/** So many bytes are hashed by our own code before node:crypto is asked: the digests of one ordinary decision. In the hook's bundle asking means loading. */
const OWN_BYTES = 4_096;

let left = OWN_BYTES;

/** `sha256:` and 64 lower-case hexadecimal digits; text is hashed as UTF-8. */
export function sha256(content: string | Uint8Array): string {
  if (content.length <= left) {
    const bytes = typeof content === "string" ? Buffer.from(content, "utf8") : content;
    left -= bytes.length;
    return `sha256:${Buffer.from(sha256Bytes(bytes).buffer).toString("hex")}`;
  }
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
