// Undoes the escapes of `$'…'`. Implements spec/shell.md section 5.4. Twin of go/change/shell.
// Bytes above 127 must make valid UTF-8 together with their neighbours; otherwise the text cannot be told, and null says so.

/** The text of `$'…'`, whose inside is `raw`; null where it is not valid UTF-8 or a code point that does not exist. */
export function undoAnsiEscapes(raw: string): string | null {
  if (!raw.includes("\\")) return raw;
  const out: Output = { text: "", bytes: [] };
  let at = 0;
  while (at < raw.length) {
    const slash = raw.indexOf("\\", at);
    const until = slash < 0 ? raw.length : slash;
    if (until > at && !emitText(out, raw.slice(at, until))) return null;
    if (slash < 0) break;
    if (slash + 1 >= raw.length) {
      emitText(out, "\\");
      break;
    }
    const next = undoEscape(raw, slash + 1, out);
    // A NUL ends the text: bash keeps it in a C string.
    if (next === ENDED) break;
    if (next === INVALID) return null;
    at = next;
  }
  return flushBytes(out) ? out.text : null;
}

const INVALID = -1;
const ENDED = -2;

/** Text so far, and bytes above 127 that wait to become characters. */
interface Output {
  text: string;
  bytes: number[];
}

const SIMPLE: ReadonlyMap<string, string> = new Map([
  ["a", "\x07"],
  ["b", "\b"],
  ["e", "\x1b"],
  ["E", "\x1b"],
  ["f", "\f"],
  ["n", "\n"],
  ["r", "\r"],
  ["t", "\t"],
  ["v", "\v"],
  ["\\", "\\"],
  ["'", "'"],
  ['"', '"'],
  ["?", "?"],
]);

/** Undoes the escape whose letter is at `at`; the index after it, or one of the two marks. */
function undoEscape(raw: string, at: number, out: Output): number {
  const letter = raw.charAt(at);
  const simple = SIMPLE.get(letter);
  if (simple !== undefined) return emitText(out, simple) ? at + 1 : INVALID;
  if (letter >= "0" && letter <= "7") {
    const digits = countDigits(raw, at, 3, 8);
    return emitByte(out, Number.parseInt(raw.slice(at, at + digits), 8) & 0xff, at + digits);
  }
  if (letter === "x") return undoHex(raw, at + 1, out);
  if (letter === "u" || letter === "U") return undoUnicode(raw, at + 1, letter === "u" ? 4 : 8, out);
  if (letter === "c" && at + 1 < raw.length) return undoControl(raw, at + 1, out);
  return emitText(out, `\\${raw.slice(at, at + 1)}`) ? at + 1 : INVALID;
}

function undoHex(raw: string, at: number, out: Output): number {
  const braces = raw.charAt(at) === "{";
  const from = braces ? at + 1 : at;
  const digits = countDigits(raw, from, braces ? raw.length : 2, 16);
  if (digits === 0 && !braces) return emitText(out, "\\x") ? at : INVALID;
  const end = from + digits;
  const value = Number.parseInt(raw.slice(Math.max(from, end - 2), end) || "0", 16);
  return emitByte(out, value, braces && raw.charAt(end) === "}" ? end + 1 : end);
}

function undoUnicode(raw: string, at: number, most: number, out: Output): number {
  const digits = countDigits(raw, at, most, 16);
  if (digits === 0) return emitText(out, `\\${raw.charAt(at - 1)}`) ? at : INVALID;
  const value = Number.parseInt(raw.slice(at, at + digits), 16);
  if (value === 0) return ENDED;
  if (value > 0x10ffff || (value >= 0xd800 && value <= 0xdfff)) return INVALID;
  return emitText(out, String.fromCodePoint(value)) ? at + digits : INVALID;
}

function undoControl(raw: string, at: number, out: Output): number {
  const code = raw.charCodeAt(at);
  if (code > 127) return INVALID;
  const end = code === 0x5c && raw.charCodeAt(at + 1) === 0x5c ? at + 2 : at + 1;
  const upper = code >= 0x61 && code <= 0x7a ? code - 0x20 : code;
  return emitByte(out, code === 0x3f ? 0x7f : upper & 0x1f, end);
}

function countDigits(raw: string, at: number, most: number, base: 8 | 16): number {
  let count = 0;
  while (count < most && isDigitOf(raw.charCodeAt(at + count), base)) count++;
  return count;
}

function isDigitOf(code: number, base: 8 | 16): boolean {
  if (base === 8) return code >= 0x30 && code <= 0x37;
  return (code >= 0x30 && code <= 0x39) || (code >= 0x41 && code <= 0x46) || (code >= 0x61 && code <= 0x66);
}

function emitByte(out: Output, byte: number, next: number): number {
  if (byte === 0) return ENDED;
  if (byte > 127) {
    out.bytes.push(byte);
    return next;
  }
  return emitText(out, String.fromCharCode(byte)) ? next : INVALID;
}

function emitText(out: Output, text: string): boolean {
  if (!flushBytes(out)) return false;
  out.text += text;
  return true;
}

/** Makes characters of the waiting bytes; false where they are not valid UTF-8. */
function flushBytes(out: Output): boolean {
  const bytes = out.bytes;
  for (let at = 0; at < bytes.length; ) {
    const first = bytes[at] ?? 0;
    const size = first >= 0xf0 && first <= 0xf4 ? 4 : first >= 0xe0 && first < 0xf0 ? 3 : first >= 0xc2 && first < 0xe0 ? 2 : 0;
    let value = size === 4 ? first & 7 : size === 3 ? first & 15 : first & 31;
    for (let i = 1; i < size; i++) {
      const byte = bytes[at + i] ?? 0;
      if (byte < 0x80 || byte > 0xbf) return false;
      value = (value << 6) | (byte & 63);
    }
    if (size === 0 || (size === 3 && value < 0x800) || (size === 4 && (value < 0x10000 || value > 0x10ffff))) return false;
    if (value >= 0xd800 && value <= 0xdfff) return false;
    out.text += String.fromCodePoint(value);
    at += size;
  }
  out.bytes = [];
  return true;
}
