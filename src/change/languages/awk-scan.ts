// Cuts awk programs into tokens. Implements spec/languages.md section 10.1. Twin of go/change/languages/awk_scan.go.

import { undoEscapes } from "./escapes.js";

export interface AwkToken {
  readonly kind: "name" | "number" | "string" | "pattern" | "operator" | "newline";
  readonly text: string;
}

/** Longest bracket expression in a pattern, in UTF-16 units. */
const MAX_CLASS = 512;

export const MAX_AWK_TOKENS = 60_000;

const OPERATORS = "**= |& && || >> == <= >= != !~ ++ -- += -= *= /= %= ^= ** { } ( ) [ ] ; , + - * / % ^ ! > < | ? : ~ $ = @".split(" ");
const VALUE_ENDS = [")", "]", "$", "++", "--"];

/** The tokens of a program, or null when a string or pattern never ends, brackets do not match, or there are too many. */
export function scanAwk(code: string): readonly AwkToken[] | null {
  const tokens: AwkToken[] = [];
  for (let at = 0; at < code.length; ) {
    if (tokens.length > MAX_AWK_TOKENS) return null;
    const char = code[at] ?? "";
    if (char === " " || char === "\t" || char === "\r") at++;
    else if (char === "\\" && (code[at + 1] === "\n" || code.startsWith("\r\n", at + 1))) at = code.indexOf("\n", at) + 1;
    else if (char === "#") at = code.indexOf("\n", at) < 0 ? code.length : code.indexOf("\n", at);
    else if (char === "\n") {
      tokens.push({ kind: "newline", text: "\n" });
      at++;
    } else {
      const next = quoted(code, at, tokens) ?? word(code, at, tokens) ?? operator(code, at, tokens);
      if (next < 0) return null;
      at = next;
    }
  }
  return matched(tokens) ? tokens : null;
}

// A string or a pattern; -1 when it never ends, null when none begins here.
function quoted(code: string, at: number, tokens: AwkToken[]): number | null {
  const mark = code[at] ?? "";
  if (mark !== '"' && !(mark === "/" && patternMayBegin(tokens))) return null;
  let inClass = false;
  let classes = true;
  for (let end = at + 1; end < code.length; end++) {
    const char = code[end];
    if (char === "\\") end++;
    else if (char === "\n") return -1;
    else if (mark === "/" && char === "[" && !inClass && classes) {
      inClass = hasClassEnd(code, end);
      // Where one has no end on this line, none behind it has: searching again would take the square of the time.
      classes = inClass;
    } else if (mark === "/" && char === "]") inClass = false;
    else if (char === mark && !inClass) {
      tokens.push({ kind: mark === '"' ? "string" : "pattern", text: mark === '"' ? undoEscapes(code.slice(at + 1, end), "perl") : "" });
      return end + 1;
    }
  }
  return -1;
}

function hasClassEnd(code: string, from: number): boolean {
  for (let at = from + 2; at < Math.min(code.length, from + MAX_CLASS) && code[at] !== "\n"; at++) if (code[at] === "]") return true;
  return false;
}

function patternMayBegin(tokens: readonly AwkToken[]): boolean {
  const last = tokens.at(-1);
  if (last === undefined || last.kind === "newline") return true;
  if (last.kind === "operator") return !VALUE_ENDS.includes(last.text);
  return last.kind === "name" && ["print", "printf", "return", "in", "getline", "case", "else", "do"].includes(last.text);
}

function word(code: string, at: number, tokens: AwkToken[]): number | null {
  const number = isDigit(code[at]) || (code[at] === "." && isDigit(code[at + 1]));
  let end = at;
  while (end < code.length && (isLetter(code[end]) || isDigit(code[end]) || (number && code[end] === "."))) end++;
  if (end === at) return null;
  tokens.push({ kind: number ? "number" : "name", text: code.slice(at, end) });
  return end;
}

function operator(code: string, at: number, tokens: AwkToken[]): number {
  const text = OPERATORS.find((mark) => code.startsWith(mark, at));
  if (text === undefined) return -1;
  tokens.push({ kind: "operator", text });
  return at + text.length;
}

function matched(tokens: readonly AwkToken[]): boolean {
  const open: string[] = [];
  for (const token of tokens) {
    if (token.kind !== "operator") continue;
    const opening = "([{".indexOf(token.text);
    if (token.text.length === 1 && opening >= 0) open.push(")]}"[opening] ?? "");
    else if (token.text.length === 1 && ")]}".includes(token.text) && open.pop() !== token.text) return false;
  }
  return open.length === 0;
}

function isDigit(char: string | undefined): boolean {
  return char !== undefined && char >= "0" && char <= "9";
}

function isLetter(char: string | undefined): boolean {
  return char !== undefined && ((char >= "a" && char <= "z") || (char >= "A" && char <= "Z") || char === "_");
}
