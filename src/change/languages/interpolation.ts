// Code inside strings: f-strings, `${…}`, `#{…}`, `$name`, `@{[ … ]}`. Implements spec/languages.md section 3.5.
// Twin of go/change/languages/interpolation.go.
// Every hole becomes tokens of its own, so that a call inside a string is seen like any other call.

import { trimEndAscii } from "./ascii.js";
import { type Escapes, undoEscapes } from "./escapes.js";
import { isNamePart, isNameStart, type Scanner } from "./scanner.js";
import type { Part } from "./tokens.js";

/** Longest subscript in a string, in UTF-16 units. */
export const MAX_SUBSCRIPT = 512;

export type Style = "python" | "javascript" | "perl" | "ruby" | "php";

interface Hole {
  /** Where the text before it ends, the code itself, and where the text goes on. */
  readonly from: number;
  readonly code: string;
  readonly next: number;
}

/** Cuts the body of a string into text and code; null when a hole cannot be read. */
export function readInterpolated(scanner: Scanner, body: string, style: Style, escapes: Escapes): readonly Part[] | null {
  const parts: Part[] = [];
  let text = 0;
  for (let at = 0; at < body.length; ) {
    if (body[at] === "\\" && escapes !== "none") {
      at += 2;
      continue;
    }
    if (style === "python" && (body.startsWith("{{", at) || body.startsWith("}}", at))) {
      parts.push({ kind: "text", text: undoEscapes(body.slice(text, at + 1), escapes) });
      at += 2;
      text = at;
      continue;
    }
    const hole = holeAt(scanner, body, at, style);
    if (hole === null) return null;
    if (hole === "none") {
      at++;
      continue;
    }
    if (scanner.budget.tokens-- <= 0) return null;
    if (hole.from > text) parts.push({ kind: "text", text: undoEscapes(body.slice(text, hole.from), escapes) });
    const tokens = scanner.inner(hole.code);
    if (tokens === null) return null;
    parts.push({ kind: "code", tokens });
    at = hole.next;
    text = at;
  }
  if (text < body.length || parts.length === 0) parts.push({ kind: "text", text: undoEscapes(body.slice(text), escapes) });
  return parts;
}

function holeAt(scanner: Scanner, body: string, at: number, style: Style): Hole | "none" | null {
  switch (style) {
    case "python":
      return body[at] === "{" ? pythonHole(body, at) : "none";
    case "javascript":
      return body.startsWith("${", at) ? braced(body, at, at + 1) : "none";
    case "ruby":
      return body.startsWith("#{", at) ? braced(body, at, at + 1) : "none";
    case "php":
      if (body.startsWith("{$", at)) return braced(body, at, at);
      return body[at] === "$" ? sigilHole(scanner, body, at) : "none";
    case "perl":
      return body[at] === "$" || body[at] === "@" ? sigilHole(scanner, body, at) : "none";
  }
}

function braced(body: string, from: number, open: number): Hole | null {
  const end = matchingBrace(body, open, "{", "}");
  return end < 0 ? null : { from, code: body.slice(open + 1, end), next: end + 1 };
}

// `{expression!r:format}`: the format is dropped, its own holes are read with the expression.
function pythonHole(body: string, from: number): Hole | null {
  const end = matchingBrace(body, from, "{", "}");
  if (end < 0) return null;
  const inside = body.slice(from + 1, end);
  let depth = 0;
  for (let at = 0; at < inside.length; at++) {
    const char = inside[at] ?? "";
    if (char === "'" || char === '"') {
      const close = inside.indexOf(char, at + 1);
      if (close < 0) break;
      at = close;
    } else if ("([{".includes(char)) depth++;
    else if (")]}".includes(char)) depth--;
    else if (depth === 0 && ((char === ":" && inside[at + 1] !== "=") || (char === "!" && inside[at + 1] !== "="))) {
      return { from, code: `${inside.slice(0, at)}${nestedHoles(inside.slice(at))}`, next: end + 1 };
    }
  }
  const bare = trimEndAscii(inside);
  return { from, code: bare.endsWith("=") && !bare.endsWith("==") ? bare.slice(0, -1) : inside, next: end + 1 };
}

// `{x:{width}}`: the holes in a format are code too; they are put behind the expression, in brackets.
function nestedHoles(format: string): string {
  let out = "";
  for (let at = format.indexOf("{"); at >= 0; at = format.indexOf("{", at)) {
    const end = matchingBrace(format, at, "{", "}");
    if (end < 0) break;
    out += `\n(${format.slice(at + 1, end)})`;
    at = end;
  }
  return out;
}

// `$name`, `$name->{x}[0]`, `${ … }`, `@{[ … ]}`, `@name`.
function sigilHole(scanner: Scanner, body: string, from: number): Hole | "none" | null {
  let at = from + 1;
  while (body[at] === "$" && at - from < 8) at++;
  if (body[at] === "{") {
    const end = matchingBrace(body, at, "{", "}");
    if (end < 0) return null;
    const inside = body.slice(at + 1, end);
    const plain = [...inside].every((char) => isNamePart(scanner.lexicon, char)) && inside !== "";
    return { from, code: plain ? `${body[from]}${inside}` : inside, next: end + 1 };
  }
  if (!isNameStart(scanner.lexicon, body[at] ?? "")) return specialHole(scanner, body, from, at);
  while (
    at < body.length &&
    (isNamePart(scanner.lexicon, body[at] ?? "") || (body.startsWith("::", at) && isNameStart(scanner.lexicon, body[at + 2] ?? "")))
  ) {
    at += body[at] === ":" ? 2 : 1;
  }
  return { from, code: body.slice(from, subscripts(scanner, body, at)), next: subscripts(scanner, body, at) };
}

// `$1`, `$_`, `$0` stand for a text nobody knows; a lone `$` or `@` is itself.
function specialHole(scanner: Scanner, body: string, from: number, at: number): Hole | "none" {
  const char = body[at] ?? "";
  if (
    scanner.language !== "perl" ||
    body[from] !== "$" ||
    char === "" ||
    !("0123456789&!@,;.".includes(char) && !(char === "@" || char === ","))
  )
    return "none";
  return { from, code: body.slice(from, at + 1), next: at + 1 };
}

function subscripts(scanner: Scanner, body: string, from: number): number {
  let at = from;
  for (;;) {
    const arrow = body.startsWith("->", at) ? at + 2 : at;
    const open = body[arrow] ?? "";
    if (scanner.language === "php" && arrow > at && isNameStart(scanner.lexicon, open)) {
      at = arrow;
      while (isNamePart(scanner.lexicon, body[at] ?? "")) at++;
      continue;
    }
    if (open !== "[" && !(open === "{" && scanner.language === "perl")) return at;
    // `$x[^a]` in a pattern is a class, `$x[1]` an element.
    const first = body[arrow + 1] ?? "";
    if (open === "[" && !isNamePart(scanner.lexicon, first) && first !== "$" && first !== "-" && first !== "'") return at;
    // A subscript is short; the limit keeps a text of nothing but `$a[$a[…` from being searched again and again.
    const end = matchingBrace(body.slice(0, arrow + MAX_SUBSCRIPT), arrow, open, open === "[" ? "]" : "}");
    if (end < 0) return at;
    at = end + 1;
  }
}

/** Where the bracket at `from` closes, with strings, nested brackets of its kind and template holes skipped; -1 when it never does. */
export function matchingBrace(code: string, from: number, open: string, close: string): number {
  // A stack, not recursion: the nesting of hostile text has no limit.
  const stack: string[] = [];
  for (let at = from; at < code.length; at++) {
    const char = code[at] ?? "";
    const inside = stack.at(-1);
    if (inside === "'" || inside === '"' || inside === "`") {
      if (char === "\\") at++;
      else if (char === inside) stack.pop();
      else if (inside === "`" && code.startsWith("${", at)) {
        stack.push(open);
        at++;
      }
    } else if (char === "\\") at++;
    else if (char === "/" && patternMayBegin(code, at)) at = patternEnd(code, at);
    else if (char === "'" || char === '"' || char === "`") stack.push(char);
    else if (char === open) stack.push(open);
    else if (char === close) {
      stack.pop();
      if (stack.length === 0) return at;
    }
  }
  return -1;
}

// A pattern may hold quotes and braces that are none; it begins where an operand may.
function patternMayBegin(code: string, at: number): boolean {
  let before = at - 1;
  while (code[before] === " ") before--;
  return "(,=:[!&|?{;~".includes(code[before] ?? "(") && code[at + 1] !== "/" && code[at + 1] !== "*";
}

/** How far the end of a pattern in a hole is looked for, in UTF-16 units. */
export const MAX_HOLE_PATTERN = 256;

// The place of the last character of the pattern; the beginning where it does not end on its line, and near: a text of nothing but `=/[=/[…` would be
// searched to its end again and again.
function patternEnd(code: string, from: number): number {
  let inClass = false;
  const end = Math.min(code.length, from + 1 + MAX_HOLE_PATTERN);
  for (let at = from + 1; at < end && code[at] !== "\n"; at++) {
    if (code[at] === "\\") at++;
    else if (code[at] === "[") inClass = true;
    else if (code[at] === "]") inClass = false;
    else if (code[at] === "/" && !inClass) return at;
  }
  return from;
}
