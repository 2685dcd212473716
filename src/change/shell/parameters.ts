// Reads `$name` and `${…}`. Implements spec/shell.md section 6.1. Twin of go/change/shell.
// What bash calls a bad substitution, and the forms that run or rename what a variable holds, are opaque; their end is found all the same.

import {
  AT,
  BANG,
  CLOSE_BRACE,
  CLOSE_BRACKET,
  COLON,
  DOLLAR,
  HASH,
  isDigit,
  isNameCharacter,
  isNameStart,
  MINUS,
  OPEN_BRACKET,
  QUESTION,
  SLASH,
  STAR,
} from "./characters.js";
import {
  type Cursor,
  codeAfter,
  codeAt,
  endReason,
  enter,
  leave,
  type Quoting,
  skipContinuations,
  span,
  swallowPart,
  unsupportedPart,
  word,
} from "./cursor.js";
import { skipBracket } from "./matched.js";
import { IN_DOUBLE_BRACES, IN_HERE_DOCUMENT_BRACES, IN_OFFSET, IN_SUBSCRIPT, readQuotedText } from "./quotes.js";
import type { ParameterPart, UnsupportedReason, Word, WordPart } from "./syntax.js";
import { readUnquotedText } from "./unquoted.js";

/** `$name`, `$1`, `$@` …: the cursor is at `$`; null where no name follows. */
export function readSimpleParameter(c: Cursor): ParameterPart | null {
  const start = c.pos;
  const at = skipContinuations(c, start + 1);
  const code = codeAt(c, at);
  if (isNameStart(code)) {
    c.pos = at;
    return plain(c, readName(c), start);
  }
  if (!isDigit(code) && !isSpecialName(code)) return null;
  c.pos = at + 1;
  return plain(c, String.fromCharCode(code), start);
}

function plain(c: Cursor, name: string, start: number): ParameterPart {
  return { kind: "parameter", name, subscript: null, operator: "", arguments: [], span: span(c, start, c.pos) };
}

/** `${…}`: the cursor is at `$`, `brace` at the `{`. */
export function readBracedParameter(c: Cursor, brace: number, quoting: Quoting): WordPart {
  const start = c.pos;
  if (!enter(c)) return swallowPart(c, "limit_exceeded", start);
  c.pos = brace + 1;
  const part = readInside(c, start, quoting);
  leave(c);
  if (c.dead) return typeof part === "string" ? swallowPart(c, endReason(c), start) : part;
  if (typeof part === "string") return refuse(c, part, start, brace);
  if (codeAt(c, c.pos) !== CLOSE_BRACE) return refuse(c, "syntax_error", start, brace);
  c.pos++;
  return { ...part, span: span(c, start, c.pos) };
}

/** The whole `${…}` is opaque, up to the brace where bash sees its end. */
function refuse(c: Cursor, reason: UnsupportedReason, start: number, brace: number): WordPart {
  const end = skipBracket(c, brace + 1, "braces");
  if (end < 0) return swallowPart(c, endReason(c), start);
  c.pos = end;
  return unsupportedPart(c, reason, start, end);
}

/** Everything up to the closing brace, or why it is outside the grammar. */
function readInside(c: Cursor, start: number, quoting: Quoting): ParameterPart | UnsupportedReason {
  c.pos = skipContinuations(c, c.pos);
  const first = codeAt(c, c.pos);
  const second = codeAfter(c, c.pos);
  if (first === BANG && second !== CLOSE_BRACE) return readIndices(c, start);
  if (first === HASH && second !== CLOSE_BRACE) return readLength(c, start);
  const name = readParameterName(c);
  if (name === "") return "syntax_error";
  const subscript = hasSubscript(c, name) ? readSubscript(c) : null;
  const operator = readOperator(c);
  if (operator === null) return codeAt(c, c.pos) === AT ? "transforming_expansion" : "syntax_error";
  const words = readArguments(c, operator, quoting);
  const plain = quoting !== "unquoted" && isWordOperator(operator) ? "quoted" : "literal";
  if (!c.dead && words.some((one) => hasSeeminglyNested(one, plain))) return "syntax_error";
  return { kind: "parameter", name, subscript, operator, arguments: words, span: span(c, start, c.pos) };
}

// `${x-$${}}`: bash ends it at the first brace when it reads it, and at the second when it expands it. `plain`: what text without quotes is there.
function hasSeeminglyNested({ parts }: Word, plain: "literal" | "quoted"): boolean {
  return parts.some((part, i) => {
    const before = parts[i - 1];
    const isOpen = part.kind === plain && part.text.startsWith("{");
    return isOpen && before?.kind === "parameter" && before.name === "$" && before.span.end - before.span.start === 2;
  });
}

/** `${!name[@]}` and `${!name[*]}`: the indices of an array. Every other form names a variable by what another one holds. */
function readIndices(c: Cursor, start: number): ParameterPart | UnsupportedReason {
  c.pos = skipContinuations(c, c.pos + 1);
  if (!isNameStart(codeAt(c, c.pos))) return "indirect_expansion";
  const name = readName(c);
  const subscript = hasSubscript(c, name) ? readSubscript(c) : null;
  const only = subscript?.parts.length === 1 ? subscript.parts[0] : undefined;
  const isWhole = only?.kind === "literal" && (only.text === "@" || only.text === "*");
  c.pos = skipContinuations(c, c.pos);
  if (c.dead || !isWhole || codeAt(c, c.pos) !== CLOSE_BRACE) return "indirect_expansion";
  return { kind: "parameter", name, subscript, operator: "!indices", arguments: [], span: span(c, start, c.pos) };
}

/** `${#name}`; anything after the name is outside the grammar. */
function readLength(c: Cursor, start: number): ParameterPart | UnsupportedReason {
  c.pos = skipContinuations(c, c.pos + 1);
  const name = readParameterName(c);
  const subscript = hasSubscript(c, name) ? readSubscript(c) : null;
  c.pos = skipContinuations(c, c.pos);
  if (name === "" || (!c.dead && codeAt(c, c.pos) !== CLOSE_BRACE)) return "syntax_error";
  return { kind: "parameter", name, subscript, operator: "#length", arguments: [], span: span(c, start, c.pos) };
}

function readParameterName(c: Cursor): string {
  const code = codeAt(c, c.pos);
  if (isNameStart(code)) return readName(c);
  const start = c.pos;
  if (isSpecialName(code)) c.pos++;
  else while (isDigit(codeAt(c, c.pos))) c.pos++;
  return c.text.slice(start, c.pos);
}

function readName(c: Cursor): string {
  let name = "";
  for (;;) {
    const start = c.pos;
    while (c.pos < c.end && isNameCharacter(c.text.charCodeAt(c.pos))) c.pos++;
    name += c.text.slice(start, c.pos);
    const past = skipContinuations(c, c.pos);
    if (past === c.pos || !isNameCharacter(codeAt(c, past))) return name;
    c.pos = past;
  }
}

/** `* @ # ? - $ !`: names of one character that are not letters. */
function isSpecialName(code: number): boolean {
  return code === STAR || code === AT || code === HASH || code === QUESTION || code === MINUS || code === DOLLAR || code === BANG;
}

/** Only what could be an array has elements. */
function hasSubscript(c: Cursor, name: string): boolean {
  return isNameStart(name.charCodeAt(0)) && codeAt(c, skipContinuations(c, c.pos)) === OPEN_BRACKET;
}

/** `[…]` at the cursor; null, with the cursor where it was, if it does not end before the brace. */
function readSubscript(c: Cursor): Word | null {
  const start = skipContinuations(c, c.pos);
  c.pos = start;
  c.pos++;
  const parts = readQuotedText(c, IN_SUBSCRIPT);
  if (c.dead) return word(c, parts, start + 1, c.pos);
  if (codeAt(c, c.pos) !== CLOSE_BRACKET || parts.length === 0) {
    c.pos = start;
    return null;
  }
  const subscript = word(c, parts, start + 1, c.pos);
  c.pos++;
  return subscript;
}

const OPERATORS: readonly string[] = [
  ":-",
  ":=",
  ":?",
  ":+",
  "-",
  "=",
  "?",
  "+",
  "##",
  "#",
  "%%",
  "%",
  "//",
  "/#",
  "/%",
  "/",
  "^^",
  "^",
  ",,",
  ",",
];

/** The operator at the cursor, "" before the closing brace, `:` before an offset; null where bash knows none or the grammar leaves it out. */
function readOperator(c: Cursor): string | null {
  c.pos = skipContinuations(c, c.pos);
  if (c.dead || codeAt(c, c.pos) === CLOSE_BRACE) return "";
  // The temptation is to read `/` and `#` as anchors everywhere: in `${v///}` the operator is `//` and the pattern is `/`.
  for (const operator of OPERATORS) {
    if (c.text.startsWith(operator, c.pos) && c.pos + operator.length <= c.end) {
      c.pos += operator.length;
      return operator;
    }
  }
  if (codeAt(c, c.pos) !== COLON || codeAfter(c, c.pos) === CLOSE_BRACE) return null;
  c.pos++;
  return ":";
}

function readArguments(c: Cursor, operator: string, quoting: Quoting): Word[] {
  if (operator === "" || c.dead) return [];
  if (operator === ":") return readOffsets(c);
  if (operator.charAt(0) === "/") return readReplacement(c, operator, quoting);
  const at = skipContinuations(c, c.pos);
  if ("^,".includes(operator.charAt(0)) && codeAt(c, at) === CLOSE_BRACE) {
    c.pos = at;
    return [];
  }
  return [readArgument(c, isWordOperator(operator) ? "word" : "pattern", quoting)];
}

/** `:-` and its like, whose argument is read as what surrounds the braces is. */
function isWordOperator(operator: string): boolean {
  return operator !== ":" && !"/#%^,".includes(operator.charAt(0));
}

function readOffsets(c: Cursor): Word[] {
  const words: Word[] = [];
  for (;;) {
    const start = c.pos;
    words.push(argument(c, readQuotedText(c, IN_OFFSET), start));
    if (codeAt(c, c.pos) !== COLON || words.length === 2) return words;
    c.pos++;
  }
}

function readReplacement(c: Cursor, operator: string, quoting: Quoting): Word[] {
  // A slash at the very beginning belongs to the pattern of `//`; in `${v/%/x}` it ends an empty one.
  const words = [readArgument(c, operator === "//" ? "replaced_all" : "replaced", quoting)];
  if (codeAt(c, c.pos) !== SLASH) return words;
  c.pos++;
  words.push(readArgument(c, "pattern", quoting));
  return words;
}

/** `word`: the text after `:-` and its like; `pattern`: quotes count even between double quotes and in here-documents; `replaced…`: a pattern that ends at `/`. */
type Role = "word" | "pattern" | "replaced" | "replaced_all";

function readArgument(c: Cursor, role: Role, quoting: Quoting): Word {
  const start = c.pos;
  if (role === "word" && quoting === "here_document") return argument(c, readQuotedText(c, IN_HERE_DOCUMENT_BRACES), start);
  if (role === "word" && quoting === "double") return argument(c, readQuotedText(c, IN_DOUBLE_BRACES), start);
  const stop = role.startsWith("replaced") ? SLASH : -1;
  const parts = readUnquotedText(c, stop, role === "replaced_all" ? start + 1 : start);
  return argument(c, quoting === "here_document" ? parts.map(refuseProcess) : parts, start);
}

// Bash looks for the end of `<(` there, and then takes it for text.
function refuseProcess(part: WordPart): WordPart {
  return part.kind === "process_substitution" ? { kind: "unsupported", reason: "syntax_error", span: part.span } : part;
}

/** An argument may be empty: then it is one empty literal. */
function argument(c: Cursor, parts: WordPart[], start: number): Word {
  if (parts.length === 0) parts.push({ kind: "literal", text: "", span: span(c, start, start) });
  return word(c, parts, start, c.pos);
}
