// Identifiers that sort by time: a prefix and a version 7 UUID in Crockford's base 32, the form known as TypeID. Implements spec/record.md section 4.
// Twin of go/base/id.go. Time and randomness come in as arguments.

import { bad, ok, type Result } from "./result.js";

/** Random bytes that one identifier needs. */
export const ID_RANDOM_BYTES = 10;

const ALPHABET = "0123456789abcdefghjkmnpqrstvwxyz";
const TEXT_LENGTH = 26;
const LAST_MS = 2 ** 48 - 1;

/** `dec_01jd…`: prefix (`[a-z]+`), an underscore, 26 characters. Equal milliseconds sort by the random bytes. */
export function makeId(prefix: string, momentMs: number, random: Uint8Array): string {
  const ms = momentMs > 0 ? Math.min(Math.floor(momentMs), LAST_MS) : 0;
  const bytes = new Uint8Array(16);
  for (let i = 0, rest = ms; i < 6; i++, rest = Math.floor(rest / 256)) bytes[5 - i] = rest % 256;
  for (let i = 0; i < ID_RANDOM_BYTES; i++) bytes[6 + i] = random[i] ?? 0;
  bytes[6] = 0x70 | ((bytes[6] ?? 0) & 0x0f);
  bytes[8] = 0x80 | ((bytes[8] ?? 0) & 0x3f);
  return `${prefix}_${encode(bytes)}`;
}

/** Prefix and time of an identifier in exactly the form of makeId. */
export function parseId(text: string): Result<{ readonly prefix: string; readonly momentMs: number }> {
  const wrong = bad<{ readonly prefix: string; readonly momentMs: number }>("bad_id", `\`${text.slice(0, 60)}\` is not an identifier`);
  const prefix = text.slice(0, -TEXT_LENGTH - 1);
  const body = text.slice(-TEXT_LENGTH);
  if (!/^[a-z]{1,12}$/.test(prefix) || text.charAt(prefix.length) !== "_" || body.length !== TEXT_LENGTH) return wrong;
  const bytes = decode(body);
  if (bytes === null || (bytes[6] ?? 0) >> 4 !== 7 || (bytes[8] ?? 0) >> 6 !== 2) return wrong;
  return ok({ prefix, momentMs: bytes.slice(0, 6).reduce((ms, byte) => ms * 256 + byte, 0) });
}

// 128 bits in 26 characters of 5: the first carries the upper 3 only.
function encode(bytes: Uint8Array): string {
  let text = "";
  let bits = 0;
  let held = 2;
  for (const byte of bytes) {
    bits = (bits << 8) | byte;
    held += 8;
    while (held >= 5) {
      held -= 5;
      text += ALPHABET.charAt((bits >> held) & 31);
      bits &= (1 << held) - 1;
    }
  }
  return text;
}

function decode(text: string): Uint8Array | null {
  const bytes = new Uint8Array(16);
  let bits = 0;
  let held = -2;
  let filled = 0;
  for (let i = 0; i < text.length; i++) {
    const value = ALPHABET.indexOf(text.charAt(i));
    if (value < 0 || (i === 0 && value > 7)) return null;
    bits = (bits << 5) | value;
    held += 5;
    if (held >= 8) {
      held -= 8;
      bytes[filled++] = bits >> held;
      bits &= (1 << held) - 1;
    }
  }
  return bytes;
}
