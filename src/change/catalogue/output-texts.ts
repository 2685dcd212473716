// The texts that echo, printf, base64 -d, xxd -r -p and tr print for known words. Implements spec/catalogue.md section 9.
// Twin of go/change/catalogue/output_texts.go.
// Null stands for a text that cannot be known, or is longer than the limit.

import type { Value } from "../values.js";

/** UTF-16 units of one output text; beyond it the output is a stream. */
export const MAX_OUTPUT_UNITS = 100_000;

/** `echo [-neE] word …` of bash: options only as whole words of these letters, before the first other word. */
export function echoText(values: readonly Value[]): string | null {
  let newline = true;
  let escapes = false;
  let start = 0;
  for (; start < values.length; start++) {
    const value = values[start];
    if (value?.kind !== "text" || !isEchoOption(value.text)) break;
    if (value.text.includes("n")) newline = false;
    for (const letter of value.text) if (letter === "e" || letter === "E") escapes = letter === "e";
  }
  const words: string[] = [];
  for (const value of values.slice(start)) {
    if (value.kind !== "text") return null;
    words.push(value.text);
  }
  const joined = words.join(" ");
  if (!escapes) return limited(joined + (newline ? "\n" : ""));
  const { text, stopped } = unescaped(joined, true);
  return text === null ? null : limited(text + (newline && !stopped ? "\n" : ""));
}

function isEchoOption(word: string): boolean {
  if (word.length < 2 || !word.startsWith("-")) return false;
  for (const letter of word.slice(1)) if (!"neE".includes(letter)) return false;
  return true;
}

/** `printf format argument …`: the format is used again until no argument is left. */
export function formatted(values: readonly Value[]): string | null {
  const known: string[] = [];
  for (const value of values[0]?.kind === "text" && values[0].text === "--" ? values.slice(1) : values) {
    if (value.kind !== "text") return null;
    known.push(value.text);
  }
  const [format, ...words] = known;
  if (format === undefined) return "";
  let text = "";
  let left: readonly string[] = words;
  do {
    const round = formatOnce(format, left);
    if (round === null) return null;
    text += round.text;
    if (round.stopped || round.left.length === left.length) break;
    left = round.left;
    if (text.length > MAX_OUTPUT_UNITS) return null;
  } while (left.length > 0);
  return limited(text);
}

interface Round {
  readonly text: string;
  readonly left: readonly string[];
  readonly stopped: boolean;
}

function formatOnce(format: string, words: readonly string[]): Round | null {
  let text = "";
  let left = words;
  let plain = "";
  for (let i = 0; i < format.length; i++) {
    if (format[i] !== "%") {
      plain += format[i];
      if (format[i] === "\\" && i + 1 < format.length) plain += format[++i];
      continue;
    }
    const before = unescaped(plain, false);
    if (before.text === null) return null;
    text += before.text;
    plain = "";
    if (before.stopped) return { text, left, stopped: true };
    i += 1;
    if (format[i] === "%") {
      text += "%";
      continue;
    }
    const [word = "", ...rest] = left;
    const filled = conversion(format[i] ?? "", word);
    if (filled === null) return null;
    text += filled.text;
    left = rest;
    if (filled.stopped) return { text, left, stopped: true };
  }
  const end = unescaped(plain, false);
  return end.text === null ? null : { text: text + end.text, left, stopped: end.stopped };
}

/** Only the conversions without width and precision that are used to make words. */
function conversion(letter: string, word: string): { readonly text: string; readonly stopped: boolean } | null {
  switch (letter) {
    case "s":
      return { text: word, stopped: false };
    case "b": {
      const { text, stopped } = unescaped(word, true, true);
      return text === null ? null : { text, stopped };
    }
    case "c":
      // One byte, which alone is no text when it is not ASCII.
      return word >= "\x80" ? null : { text: word.slice(0, 1), stopped: false };
    case "d":
    case "i":
    case "u":
      return isDecimal(word) ? { text: word === "" ? "0" : word, stopped: false } : null;
    default:
      return null;
  }
}

function isDecimal(word: string): boolean {
  if (word.length > 15 || (word.length > 1 && word.startsWith("0"))) return false;
  for (const digit of word) if (digit < "0" || digit > "9") return false;
  return true;
}

const SIMPLE: Readonly<Record<string, string>> = {
  a: "\x07",
  b: "\b",
  e: "\x1b",
  E: "\x1b",
  f: "\f",
  n: "\n",
  r: "\r",
  t: "\t",
  v: "\v",
  "\\": "\\",
};

interface Unescaped {
  /** Null: bytes that are no text. */
  readonly text: string | null;
  /** `\c` ends the output. */
  readonly stopped: boolean;
}

/** Backslash escapes of echo -e and of printf formats; in echo an octal number begins with `0`, in `%b` it may. */
function unescaped(source: string, isEcho: boolean, anyOctal = !isEcho): Unescaped {
  const bytes: number[] = [];
  let text = "";
  const flush = (): boolean => {
    const decoded = decodeUtf8(bytes.splice(0));
    if (decoded === null) return false;
    text += decoded;
    return true;
  };
  for (let i = 0; i < source.length; i++) {
    const found = source[i] === "\\" ? escapeAt(source, i + 1, isEcho, anyOctal) : null;
    if (found?.byte !== undefined) {
      bytes.push(found.byte);
      i = found.end - 1;
      continue;
    }
    if (!flush()) return { text: null, stopped: false };
    if (found?.stops === true) return { text, stopped: true };
    text += found?.text ?? source[i];
    if (found !== null) i = found.end - 1;
  }
  return flush() ? { text, stopped: false } : { text: null, stopped: false };
}

interface Escape {
  readonly end: number;
  readonly text?: string;
  readonly byte?: number;
  readonly stops?: boolean;
}

function escapeAt(source: string, at: number, isEcho: boolean, anyOctal: boolean): Escape | null {
  const letter = source[at] ?? "";
  if (letter === "c") return { end: at + 1, stops: true };
  if (Object.hasOwn(SIMPLE, letter)) return { end: at + 1, text: SIMPLE[letter] ?? "" };
  if (letter === "x") return numberAt(source, at + 1, 16, 2, false);
  if (letter === "u") return numberAt(source, at + 1, 16, 4, true);
  if (letter === "U") return numberAt(source, at + 1, 16, 8, true);
  if (letter === "0") return numberAt(source, isEcho ? at + 1 : at, 8, 3, false) ?? { end: at + 1, byte: 0 };
  if (anyOctal && letter >= "1" && letter <= "7") return numberAt(source, at, 8, 3, false);
  if (!isEcho && (letter === '"' || letter === "'")) return { end: at + 1, text: letter };
  return null;
}

function numberAt(source: string, at: number, base: 8 | 16, most: number, isPoint: boolean): Escape | null {
  let end = at;
  let value = 0;
  for (; end < at + most; end++) {
    const digit = digitOf(source[end] ?? "");
    if (digit < 0 || digit >= base) break;
    value = value * base + digit;
  }
  if (end === at) return null;
  if (!isPoint) return { end, byte: value & 0xff };
  return value > 0x10ffff || (value >= 0xd800 && value < 0xe000) ? null : { end, text: String.fromCodePoint(value) };
}

function digitOf(unit: string): number {
  if (unit >= "0" && unit <= "9") return unit.charCodeAt(0) - 48;
  if (unit >= "a" && unit <= "f") return unit.charCodeAt(0) - 87;
  return unit >= "A" && unit <= "F" ? unit.charCodeAt(0) - 55 : -1;
}

const BASE64 = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

/** Null for anything but one well-formed text. */
export function decodeBase64(source: string): string | null {
  if (source.length > MAX_OUTPUT_UNITS) return null;
  const bytes: number[] = [];
  let bits = 0;
  let count = 0;
  for (const unit of source) {
    if (unit === "\n" || unit === "=") continue;
    const value = BASE64.indexOf(unit === "-" ? "+" : unit === "_" ? "/" : unit);
    if (value < 0) return null;
    bits = (bits << 6) | value;
    count += 6;
    if (count >= 8) {
      count -= 8;
      bytes.push((bits >> count) & 0xff);
    }
    bits &= 0xffff;
  }
  return decodeUtf8(bytes);
}

export function decodeHex(source: string): string | null {
  if (source.length > MAX_OUTPUT_UNITS) return null;
  const digits: number[] = [];
  for (const unit of source) {
    if (unit === "\n" || unit === " ") continue;
    const digit = digitOf(unit);
    if (digit < 0) return null;
    digits.push(digit);
  }
  if (digits.length % 2 === 1) return null;
  return decodeUtf8(Array.from({ length: digits.length / 2 }, (_, i) => (digits[2 * i] ?? 0) * 16 + (digits[2 * i + 1] ?? 0)));
}

/** Null for bytes that are no UTF-8. */
function decodeUtf8(bytes: readonly number[]): string | null {
  let text = "";
  for (let i = 0; i < bytes.length; ) {
    const first = bytes[i] ?? 0;
    const more =
      first < 0x80 ? 0 : first >= 0xc2 && first < 0xe0 ? 1 : first >= 0xe0 && first < 0xf0 ? 2 : first >= 0xf0 && first < 0xf5 ? 3 : -1;
    if (more < 0 || i + more >= bytes.length) return null;
    let point = more === 0 ? first : first & (0x3f >> more);
    for (let j = 1; j <= more; j++) {
      const next = bytes[i + j] ?? 0;
      if ((next & 0xc0) !== 0x80) return null;
      point = (point << 6) | (next & 0x3f);
    }
    const least = [0, 0x80, 0x800, 0x10000][more] ?? 0;
    if (point < least || point > 0x10ffff || (point >= 0xd800 && point < 0xe000)) return null;
    text += String.fromCodePoint(point);
    i += more + 1;
  }
  return text;
}

/** tr with sets of plain characters, ranges and the simple escapes; classes and repeats are not read. */
export function translated(source: string, from: string, to: string | null, deletes: boolean): string | null {
  const left = expandedSet(from);
  const right = to === null ? [] : expandedSet(to);
  if (left === null || right === null || source.length > MAX_OUTPUT_UNITS) return null;
  if (!deletes && (right.length === 0 || to === null)) return null;
  // Both may be long: looking through the one for each character of the other would take seconds.
  const places = new Map(left.map((unit, i) => [unit, i]));
  let text = "";
  for (const unit of source) {
    const at = places.get(unit);
    if (at === undefined) text += unit;
    else if (!deletes) text += right[Math.min(at, right.length - 1)] ?? "";
  }
  return text;
}

function expandedSet(set: string): readonly string[] | null {
  if (set.includes("[:") || set.includes("[=") || set.includes("*]")) return null;
  const { text, stopped } = unescaped(set, false);
  if (text === null || stopped) return null;
  const units = [...text];
  const all: string[] = [];
  for (let i = 0; i < units.length; i++) {
    const first = units[i] ?? "";
    const last = units[i + 2];
    if (units[i + 1] !== "-" || last === undefined) {
      all.push(first);
      continue;
    }
    const [low, high] = [first.codePointAt(0) ?? 0, last.codePointAt(0) ?? 0];
    if (high < low || high > 0x7f) return null;
    for (let point = low; point <= high; point++) all.push(String.fromCodePoint(point));
    i += 2;
  }
  return all;
}

function limited(text: string): string | null {
  return text.length > MAX_OUTPUT_UNITS ? null : text;
}
