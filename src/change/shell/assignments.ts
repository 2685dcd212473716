// Reads `name=value`, `name+=value`, `name[subscript]=value` and `name=( … )`. Implements spec/shell.md section 8.2.
// Twin of go/change/shell.

import { breaksWord, CLOSE, EQUALS, isNameCharacter, isNameStart, NEWLINE, OPEN, OPEN_BRACKET, PLUS } from "./characters.js";
import {
  type Cursor,
  codeAfter,
  codeAt,
  endReason,
  nested,
  skipContinuations,
  span,
  swallowWord,
  unsupportedPart,
  word,
} from "./cursor.js";
import { readNewline } from "./here-documents.js";
import { skipBracket } from "./matched.js";
import { IN_ARITHMETIC, readQuotedText } from "./quotes.js";
import type { Assignment, UnsupportedReason, Word } from "./syntax.js";
import { readWord, readWordAfter, skipBlanksAndComment, startsProcessSubstitution, startsWord } from "./words.js";

/** The assignment at the cursor; or null, with the cursor where it was. */
export function readAssignment(c: Cursor): Assignment | null {
  const start = c.pos;
  if (!isNameStart(codeAt(c, start))) return null;
  const nameEnd = skipName(c, start);
  const code = codeAt(c, nameEnd);
  if (code !== EQUALS && code !== PLUS && code !== OPEN_BRACKET) return null;
  const bracketEnd = code === OPEN_BRACKET ? skipBracket(c, nameEnd + 1, "subscript") : nameEnd;
  if (bracketEnd < 0) {
    c.pos = start;
    return null;
  }
  const equals = equalsAt(c, bracketEnd);
  if (equals < 0) return null;
  const subscript = bracketEnd > nameEnd ? readSubscript(c, nameEnd + 1, bracketEnd - 1) : null;
  const name = withoutContinuations(c.text.slice(start, nameEnd));
  const append = c.text.charCodeAt(skipContinuations(c, bracketEnd)) === PLUS;
  c.pos = equals + 1;
  const { value, elements } = readValue(c, subscript !== null);
  return { name, append, subscript, value, elements, span: span(c, start, c.pos) };
}

/** Whether the assignment at the cursor has no value because nothing more can be read: it is whole also where a cut follows. */
export function assignsNothingAtEnd(c: Cursor): boolean {
  if (!isNameStart(codeAt(c, c.pos))) return false;
  const nameEnd = skipName(c, c.pos);
  const bracketEnd = codeAt(c, nameEnd) === OPEN_BRACKET ? skipBracket(c, nameEnd + 1, "subscript") : nameEnd;
  const equals = bracketEnd < 0 ? -1 : equalsAt(c, bracketEnd);
  return equals >= 0 && skipContinuations(c, equals + 1) >= c.end;
}

/** `name=( … )` among the arguments of a declaration; null for anything else. */
export function readArrayArgument(c: Cursor): Assignment | null {
  if (!isNameStart(codeAt(c, c.pos))) return null;
  const equals = equalsAt(c, skipName(c, c.pos));
  return equals >= 0 && codeAfter(c, equals) === OPEN ? readAssignment(c) : null;
}

/** `name[…]` that is no assignment, but whose brackets hold what would otherwise break the word: bash takes it for one word. */
export function readBracketedWord(c: Cursor): Word | null {
  const start = c.pos;
  // Looking for the end of the brackets may have shown that nothing here can be trusted.
  if (c.dead) return swallowWord(c, endReason(c), start);
  if (!isNameStart(codeAt(c, start))) return null;
  const open = skipName(c, start);
  if (codeAt(c, open) !== OPEN_BRACKET) return null;
  const end = skipBracket(c, open + 1, "subscript");
  if (end < 0) return swallowWord(c, endReason(c), start);
  if (!holdsBreak(c, open, end)) return null;
  c.pos = end;
  return readWordAfter(c, [unsupportedPart(c, "subscripted_declaration", start, end)], start);
}

function holdsBreak(c: Cursor, start: number, end: number): boolean {
  for (let at = start; at < end; at++) {
    // A backslash takes the next character with it; a line continuation is nothing.
    if (c.text.charCodeAt(at) === 0x5c && c.text.charCodeAt(++at) === NEWLINE) continue;
    if (at < end && breaksWord(c.text.charCodeAt(at))) return true;
  }
  return false;
}

function skipName(c: Cursor, start: number): number {
  let at = start;
  while (at < c.end && isNameCharacter(c.text.charCodeAt(at))) {
    at++;
    // A line continuation inside the name vanishes.
    if (codeAt(c, at) === 0x5c) at = skipContinuations(c, at);
  }
  return at;
}

function withoutContinuations(text: string): string {
  return text.includes("\\") ? text.split("\\\n").join("") : text;
}

/** The index of the `=` of `=` or `+=` at `at`; -1 for anything else. */
function equalsAt(c: Cursor, at: number): number {
  const first = skipContinuations(c, at);
  if (codeAt(c, first) === EQUALS) return first;
  if (codeAt(c, first) !== PLUS) return -1;
  const second = skipContinuations(c, first + 1);
  return codeAt(c, second) === EQUALS ? second : -1;
}

function readSubscript(c: Cursor, start: number, end: number): Word {
  const parts = readQuotedText(nested(c, start, end), IN_ARITHMETIC);
  if (parts.length === 0) parts.push({ kind: "literal", text: "", span: span(c, start, end) });
  return word(c, parts, start, end);
}

interface AssignedValue {
  readonly value: Word | null;
  readonly elements: readonly Word[] | null;
}

function readValue(c: Cursor, subscripted: boolean): AssignedValue {
  const open = skipContinuations(c, c.pos);
  if (codeAt(c, open) === OPEN) return readArray(c, open, subscripted);
  const code = codeAt(c, open);
  if (code < 0 || (breaksWord(code) && !startsProcessSubstitution(c, open))) return { value: null, elements: null };
  c.pos = open;
  return { value: readWord(c), elements: null };
}

/** `( … )` after `=`. Text glued to its end, or a subscript before it, makes it something that bash refuses or takes for a string. */
function readArray(c: Cursor, open: number, subscripted: boolean): AssignedValue {
  c.pos = open + 1;
  const elements: Word[] = [];
  const trouble = readElements(c, elements);
  if (trouble !== null) return { value: swallowWord(c, trouble, open), elements: null };
  const end = c.pos;
  c.pos = skipContinuations(c, end);
  const glued = !c.dead && (startsWord(c) || codeAt(c, c.pos) === 0x23);
  if (!glued) c.pos = end;
  if (glued) readWord(c);
  if (!glued && !subscripted) return { value: null, elements };
  return { value: word(c, [unsupportedPart(c, "syntax_error", open, c.pos)], open, c.pos), elements: null };
}

/** Fills `elements` and passes the closing parenthesis; or says why the text is refused. */
function readElements(c: Cursor, elements: Word[]): UnsupportedReason | null {
  for (;;) {
    skipBlanksAndComment(c);
    if (c.dead) return null;
    const code = codeAt(c, c.pos);
    if (code < 0) return endReason(c);
    if (code === CLOSE) {
      c.pos++;
      return null;
    }
    if (code === NEWLINE) readNewline(c);
    else if (!startsWord(c)) return "syntax_error";
    else if (!readElement(c, code, elements)) return "syntax_error";
  }
}

/** Adds one element; false for one that bash reads wrongly. */
function readElement(c: Cursor, code: number, elements: Word[]): boolean {
  const start = c.pos;
  elements.push(code === OPEN_BRACKET ? readKeyedElement(c) : readWord(c));
  // Bash 5.2 forgets inside `$( … )` that a backslash quotes what follows it in an array: `$(a=(\"))` is refused.
  const slash = c.substitution !== null ? c.text.indexOf("\\", start) : -1;
  return slash < 0 || slash >= (c.cut < 0 ? c.pos : Math.min(c.pos, c.cut));
}

/** `[key]=value` inside an array: the key is opaque. */
function readKeyedElement(c: Cursor): Word {
  const start = c.pos;
  const end = skipBracket(c, start + 1, "subscript");
  if (end < 0) return swallowWord(c, endReason(c), start);
  const equals = equalsAt(c, end);
  if (equals < 0 && !holdsBreak(c, start, end)) return readWord(c);
  c.pos = equals < 0 ? end : equals + 1;
  return readWordAfter(c, [unsupportedPart(c, "subscripted_declaration", start, c.pos)], start);
}

/** Whether a word of a declaration names an element: `declare a[1]=x`. */
export function isSubscripted(argument: Word): boolean {
  const first = argument.parts[0];
  if (first?.kind !== "literal" || !isNameStart(first.text.charCodeAt(0))) return false;
  let at = 1;
  while (at < first.text.length && isNameCharacter(first.text.charCodeAt(at))) at++;
  return first.text.charCodeAt(at) === OPEN_BRACKET;
}
