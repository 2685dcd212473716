// Base64, hexadecimal and rot13, to text. Implements spec/languages.md section 5.3. Twin of go/change/languages/decode.go.
// Bytes that are no UTF-8 are no text: the result is null, and never a guess with replacement characters in it.

import { lowerAscii } from "./ascii.js";

const BASE64 = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

/** The text that a base64 text stands for; white space is passed over, `-` and `_` are accepted, padding may be missing. */
export function base64Text(encoded: string): string | null {
  const bytes: number[] = [];
  let bits = 0;
  let held = 0;
  for (const char of encoded) {
    if (char === "=" || char === " " || char === "\n" || char === "\r" || char === "\t") continue;
    const value = BASE64.indexOf(char === "-" ? "+" : char === "_" ? "/" : char);
    if (value < 0) return null;
    bits = ((bits << 6) | value) & 0xffff;
    held += 6;
    if (held >= 8) {
      held -= 8;
      bytes.push((bits >> held) & 0xff);
    }
  }
  return utf8(bytes);
}

/** The text that pairs of hexadecimal digits stand for; white space between them is passed over. */
export function hexText(encoded: string): string | null {
  const digits = [...encoded].filter((char) => !" \n\r\t:".includes(char)).join("");
  if (digits.length % 2 !== 0) return null;
  const bytes: number[] = [];
  for (let at = 0; at < digits.length; at += 2) {
    const high = "0123456789abcdef".indexOf(lowerAscii(digits[at] ?? ""));
    const low = "0123456789abcdef".indexOf(lowerAscii(digits[at + 1] ?? ""));
    if (high < 0 || low < 0) return null;
    bytes.push(high * 16 + low);
  }
  return utf8(bytes);
}

export function rot13(text: string): string {
  let out = "";
  for (const char of text) {
    const code = char.charCodeAt(0);
    const base = char >= "a" && char <= "z" ? 97 : char >= "A" && char <= "Z" ? 65 : 0;
    out += base === 0 ? char : String.fromCharCode(((code - base + 13) % 26) + base);
  }
  return out;
}

/** Strict UTF-8: no overlong forms, no surrogates, nothing above U+10FFFF. */
export function utf8(bytes: readonly number[]): string | null {
  let out = "";
  for (let at = 0; at < bytes.length; ) {
    const first = bytes[at] ?? 0;
    const length =
      first < 0x80 ? 1 : first >= 0xc2 && first < 0xe0 ? 2 : first >= 0xe0 && first < 0xf0 ? 3 : first >= 0xf0 && first < 0xf5 ? 4 : 0;
    if (length === 0 || at + length > bytes.length) return null;
    let point = length === 1 ? first : first & (0xff >> (length + 1));
    for (let more = 1; more < length; more++) {
      const next = bytes[at + more] ?? 0;
      if (next < 0x80 || next >= 0xc0) return null;
      point = point * 64 + (next & 0x3f);
    }
    if ((length === 3 && point < 0x800) || (length === 4 && point < 0x10000) || point > 0x10ffff || (point >= 0xd800 && point < 0xe000))
      return null;
    out += String.fromCodePoint(point);
    at += length;
  }
  return out;
}
