// Base64 with one text for one sequence of bytes. Implements spec/evidence.md section 1.4 (RFC 4648 section 4, strict).
// Twin of go/base/base64.go.
// The temptation is Buffer.from(text, "base64"): it skips what it does not know, so that a changed character may read as the same bytes.

/** The bytes of a text that is exactly their standard encoding, with padding; else null. */
export function parseBase64(text: string): Uint8Array | null {
  if (text.length % 4 !== 0) return null;
  const bytes = Buffer.from(text, "base64");
  return bytes.toString("base64") === text ? bytes : null;
}

export function formatBase64(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString("base64");
}
