// Cuts SQL into statements of tokens, and finds the lines that are meant for the client. Implements spec/languages.md section 11.1.
// Twin of go/change/languages/sql_scan.go. A backslash in a string is an escape in one database and a letter in another: the caller scans both ways.

import { trimAscii, upperAscii } from "./ascii.js";
export interface SqlToken {
  readonly kind: "word" | "string" | "name" | "mark";
  /** Words in upper case ASCII as `text`, as written in `raw`; strings and quoted names without their quotes. */
  readonly text: string;
  readonly raw: string;
}

/** A statement, or a line for the client (`\! ls`, `.shell ls`, `system ls`). */
export type SqlPart =
  | { readonly kind: "statement"; readonly tokens: readonly SqlToken[] }
  | { readonly kind: "meta"; readonly line: string };

export const MAX_SQL_TOKENS = 60_000;

interface Scanner {
  readonly text: string;
  readonly backslash: boolean;
  readonly parts: SqlPart[];
  tokens: SqlToken[];
  at: number;
  budget: number;
}

/** The parts of an SQL text; null when a string or comment never ends or there are too many tokens. */
export function scanSql(text: string, backslash: boolean): readonly SqlPart[] | null {
  const scanner: Scanner = { text, backslash, parts: [], tokens: [], at: 0, budget: MAX_SQL_TOKENS };
  while (scanner.at < text.length) {
    if (scanner.budget-- <= 0 || !step(scanner)) return null;
  }
  flush(scanner);
  return scanner.parts;
}

function step(scanner: Scanner): boolean {
  const { text } = scanner;
  const char = text[scanner.at] ?? "";
  if (" \t\r\n\f".includes(char)) {
    scanner.at++;
    return true;
  }
  if (meta(scanner) || comment(scanner)) return scanner.at >= 0;
  if (char === ";") {
    flush(scanner);
    scanner.at++;
    return true;
  }
  if (char === "'" || char === '"' || char === "`" || char === "[") return quoted(scanner, char);
  if (char === "$" && dollar(scanner)) return scanner.at >= 0;
  if (isWordChar(char)) return word(scanner);
  scanner.tokens.push({ kind: "mark", text: char, raw: char });
  scanner.at++;
  return true;
}

// Lines for the client: `\…` anywhere between tokens (psql, mysql), `.…` and `system …` where a statement could begin.
function meta(scanner: Scanner): boolean {
  const { text } = scanner;
  const char = text[scanner.at];
  const begins = scanner.tokens.length === 0;
  const dotted = char === "." && begins;
  const worded = begins && ["system ", "source ", "tee ", "pager "].some((name) => startsWithWord(text, scanner.at, name));
  if (char !== "\\" && !dotted && !worded) return false;
  const end = text.indexOf("\n", scanner.at);
  const stop = end < 0 ? text.length : end;
  const line = text.slice(scanner.at, stop);
  // `select 1 \g file` ends the statement that stands before it.
  if (char === "\\") flush(scanner);
  scanner.parts.push({ kind: "meta", line: trimAscii(line) });
  scanner.at = stop;
  return true;
}

function startsWithWord(text: string, at: number, word: string): boolean {
  return upperAscii(text.slice(at, at + word.length)) === upperAscii(word);
}

function comment(scanner: Scanner): boolean {
  const { text } = scanner;
  const lineComment = text.startsWith("--", scanner.at) || (text[scanner.at] === "#" && scanner.tokens.at(-1)?.kind !== "mark");
  if (lineComment) {
    const end = text.indexOf("\n", scanner.at);
    scanner.at = end < 0 ? text.length : end;
    return true;
  }
  if (!text.startsWith("/*", scanner.at)) return false;
  // `/*! DROP … */` is no comment to mysql: its inside is read.
  if (text[scanner.at + 2] === "!" || text.startsWith("/*M!", scanner.at)) {
    scanner.at += text[scanner.at + 2] === "!" ? 3 : 4;
    while (text[scanner.at] !== undefined && "0123456789".includes(text[scanner.at] ?? "x")) scanner.at++;
    return true;
  }
  const end = text.indexOf("*/", scanner.at + 2);
  scanner.at = end < 0 ? -1 : end + 2;
  return true;
}

function quoted(scanner: Scanner, open: string): boolean {
  const { text } = scanner;
  const close = open === "[" ? "]" : open;
  let value = "";
  for (let at = scanner.at + 1; at < text.length; at++) {
    const char = text[at] ?? "";
    if (char === "\\" && scanner.backslash && open !== "`" && open !== "[") {
      value += text[at + 1] ?? "";
      at++;
    } else if (char === close && text[at + 1] === close && open !== "[") {
      value += char;
      at++;
    } else if (char === close) {
      scanner.tokens.push({ kind: open === "'" ? "string" : "name", text: value, raw: value });
      scanner.at = at + 1;
      return true;
    } else value += char;
  }
  return false;
}

// `$$ … $$`, `$tag$ … $tag$`; `$1` is a parameter.
function dollar(scanner: Scanner): boolean {
  const { text } = scanner;
  let at = scanner.at + 1;
  while (at < text.length && isWordChar(text[at] ?? "") && text[at] !== "$") at++;
  if (text[at] !== "$" || isDigit(text[scanner.at + 1] ?? "")) return false;
  const tag = text.slice(scanner.at, at + 1);
  const end = text.indexOf(tag, at + 1);
  if (end < 0) {
    scanner.at = -1;
    return true;
  }
  const body = text.slice(at + 1, end);
  scanner.tokens.push({ kind: "string", text: body, raw: tag });
  scanner.at = end + tag.length;
  return true;
}

function word(scanner: Scanner): boolean {
  const from = scanner.at;
  while (scanner.at < scanner.text.length && (isWordChar(scanner.text[scanner.at] ?? "") || scanner.text[scanner.at] === ".")) scanner.at++;
  const raw = scanner.text.slice(from, scanner.at);
  scanner.tokens.push({ kind: "word", text: upperAscii(raw), raw });
  return true;
}

function flush(scanner: Scanner): void {
  if (scanner.tokens.length > 0) scanner.parts.push({ kind: "statement", tokens: scanner.tokens });
  scanner.tokens = [];
}

function isDigit(char: string): boolean {
  return char >= "0" && char <= "9" && char.length === 1;
}

function isWordChar(char: string): boolean {
  return isDigit(char) || (char >= "a" && char <= "z") || (char >= "A" && char <= "Z") || char === "_" || char === "@" || char > "\u007f";
}
