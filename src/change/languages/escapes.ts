// Backslash escapes in strings. Implements spec/languages.md section 3.4. Twin of go/change/languages/escapes.go.
// An escape that no language defines keeps its character; what languages differ in is whether the backslash stays.

/** `none` raw text; `single` only `\\` and `\'` (perl, ruby, php); the others are the double-quoted rules of the language. */
export type Escapes = "none" | "single" | "python" | "python_bytes" | "javascript" | "perl" | "ruby" | "php";

const SIMPLE: Readonly<Record<string, string>> = { n: "\n", t: "\t", r: "\r", a: "\u0007", b: "\b", f: "\f", v: "\v", e: "\u001b", s: " " };

/** The text that the body of a string stands for. */
export function undoEscapes(body: string, escapes: Escapes): string {
  if (escapes === "none" || !body.includes("\\")) return body;
  let out = "";
  for (let at = 0; at < body.length; ) {
    if (body[at] !== "\\" || at + 1 >= body.length) {
      out += body[at];
      at++;
      continue;
    }
    const found = escapes === "single" ? singleEscape(body, at) : doubleEscape(body, at, escapes);
    out += found.text;
    at += found.length;
  }
  return out;
}

function singleEscape(body: string, at: number): { text: string; length: number } {
  const next = body[at + 1] ?? "";
  return next === "\\" || next === "'" ? { text: next, length: 2 } : { text: `\\${next}`, length: 2 };
}

function doubleEscape(body: string, at: number, escapes: Escapes): { text: string; length: number } {
  const next = body[at + 1] ?? "";
  const coded = codedEscape(body, at, escapes);
  if (coded !== null) return coded;
  if (next === "\n") return { text: "", length: 2 };
  const known = (next !== "e" || escapes === "perl" || escapes === "ruby" || escapes === "php") && (next !== "s" || escapes === "ruby");
  if (known && Object.hasOwn(SIMPLE, next) && !(escapes === "php" && "ab".includes(next))) return { text: SIMPLE[next] ?? "", length: 2 };
  const keeps = escapes === "python" || escapes === "python_bytes" || escapes === "php";
  const plain = next === "\\" || next === '"' || (next === "'" && escapes !== "php") || next === "$" || next === "`";
  return { text: keeps && !plain ? `\\${next}` : next, length: 2 };
}

// `\x41`, `\x{41}`, `\u0041`, `\u{41}`, `\U00000041`, `\101`.
function codedEscape(body: string, at: number, escapes: Escapes): { text: string; length: number } | null {
  const kind = body[at + 1] ?? "";
  if (kind >= "0" && kind <= "7") {
    const digits = run(body, at + 1, 3, 8);
    return { text: character(Number.parseInt(digits, 8)), length: 1 + digits.length };
  }
  if (kind !== "x" && (kind !== "u" || escapes === "perl" || escapes === "python_bytes") && (kind !== "U" || escapes !== "python"))
    return null;
  if (body[at + 2] === "{" && escapes !== "python" && escapes !== "python_bytes") {
    const digits = run(body, at + 3, 6, 16);
    if (digits === "" || body[at + 3 + digits.length] !== "}") return null;
    return { text: character(Number.parseInt(digits, 16)), length: 4 + digits.length };
  }
  const digits = run(body, at + 2, kind === "x" ? 2 : kind === "u" ? 4 : 8, 16);
  if (digits === "" || (kind === "U" && digits.length < 8) || (kind === "u" && digits.length < 4)) return null;
  return { text: character(Number.parseInt(digits, 16)), length: 2 + digits.length };
}

function run(body: string, from: number, most: number, base: 8 | 16): string {
  let at = from;
  const digits = base === 8 ? "01234567" : "0123456789abcdefABCDEF";
  while (at < from + most && at < body.length && digits.includes(body[at] ?? " ")) at++;
  return body.slice(from, at);
}

/** The character of a code point; U+FFFD for what is none. */
export function character(point: number): string {
  const valid = Number.isInteger(point) && point >= 0 && point <= 0x10ffff && !(point >= 0xd800 && point <= 0xdfff);
  return valid ? String.fromCodePoint(point) : "\ufffd";
}
