// A place in a text that is being read, and what the reading has used so far. Implements spec/shell.md sections 1 and 9.
// Twin of go/change/shell.
// INVARIANT: `pos` never passes `end`; once `dead` is set, `pos` is `end`, and every open construct closes without complaint.

import type { Span } from "../../base/span.js";
import { BACKSLASH, NEWLINE } from "./characters.js";
import { type Budget, MAX_NESTING_LEVELS, MAX_PARTS } from "./limits.js";
import type { Redirect, Script, UnsupportedCommand, UnsupportedReason, Word, WordPart } from "./syntax.js";

export interface Cursor {
  readonly text: string;
  pos: number;
  /** Nothing at or after it is read. */
  end: number;
  /** An unsupported place has swallowed the rest. */
  dead: boolean;
  /** Where the text was cut, at a character that no shell text can hold; -1 where it was not. */
  cut: number;
  /** UTF-8 byte offset of every code unit of `text`, and of its end; null where both are the same. */
  readonly offsets: Uint32Array | null;
  /** Here-documents whose bodies begin after the next newline. */
  pending: PendingHereDocument[];
  /** The `$( … )` that is being read; null outside of all. */
  substitution: SubstitutionState | null;
  /** The last token closed a compound command, so that a reserved word may follow without `;`. */
  closed: boolean;
  /** What was read at each `$(`, `<(` and `>(`, so that looking ahead never costs a second reading. */
  substitutions: Map<number, Substitution> | null;
  readonly budget: Budget;
  readonly grammar: Grammar;
}

/** A redirect under construction: its target is filled in when the body has been read. */
export interface PendingHereDocument {
  readonly redirect: { -readonly [K in keyof Redirect]: Redirect[K] };
  readonly delimiter: string;
  readonly quoted: boolean;
  readonly stripTabs: boolean;
}

/** What must be known about the `$( … )` around the cursor. */
export interface SubstitutionState {
  /** A here-document stands in it. */
  hereDocument: boolean;
  /** Conditions of `if` that are open. */
  conditions: number;
  /** Something follows it that bash 5.2 prints wrongly before it reads the substitution again. */
  reprinted: boolean;
}

export interface Substitution {
  readonly body: Script;
  readonly end: number;
}

/** Where a list of commands ends. */
export type Closer = "end" | "substitution" | "subshell" | "}" | "then" | "do" | "done" | "clause" | "fi" | "branch";

/** How text is read that stands inside quotes or braces: spec/shell.md section 5.1. */
export type Quoting = "unquoted" | "double" | "here_document";

/** The knots of the grammar: words hold scripts, and scripts hold words. Injected, so that no file imports in a circle. */
export interface Grammar {
  readonly readList: (c: Cursor, closer: Closer) => Script;
  /** The expansion at a `$` or backtick; null for a `$` that is plain text. */
  readonly readExpansion: (c: Cursor, quoting: Quoting) => WordPart | null;
  /** The index after the closing quote of the quote at `at`; -1 where there is none. */
  readonly skipQuoted: (c: Cursor, at: number, dollar: boolean) => number;
}

export function codeAt(c: Cursor, index: number): number {
  return index < c.end ? c.text.charCodeAt(index) : -1;
}

/** The next index that is not inside a line continuation (`\` newline). */
export function skipContinuations(c: Cursor, index: number): number {
  let at = index;
  while (at + 1 < c.end && c.text.charCodeAt(at) === BACKSLASH && c.text.charCodeAt(at + 1) === NEWLINE) at += 2;
  return at;
}

/** The index of the next `code` from `start` on, or the end. Never past the end: a search that goes on costs the square of the length. */
export function findCode(c: Cursor, code: number, start: number): number {
  let at = start;
  while (at < c.end && c.text.charCodeAt(at) !== code) at++;
  return at;
}

/** The code after `index`, line continuations left out; -1 at the end. */
export function codeAfter(c: Cursor, index: number): number {
  return codeAt(c, skipContinuations(c, index + 1));
}

export function span(c: Cursor, start: number, end: number): Span {
  return c.offsets === null ? { start, end } : { start: c.offsets[start] ?? 0, end: c.offsets[end] ?? 0 };
}

/** A word of parts that stand between two places; line continuations around them are left out. */
export function word(c: Cursor, parts: readonly WordPart[], start: number, end: number): Word {
  c.budget.words++;
  const first = parts[0];
  const last = parts.at(-1);
  if (first === undefined || last === undefined) return { parts, span: span(c, start, end) };
  return { parts, span: { start: first.span.start, end: last.span.end } };
}

/** One part that stands for everything from `start` to `end`, and nothing else is lost. */
export function unsupportedPart(c: Cursor, reason: UnsupportedReason, start: number, end: number): WordPart {
  return { kind: "unsupported", reason, span: span(c, start, end) };
}

/** One part that swallows the rest of the text. */
export function swallowPart(c: Cursor, reason: UnsupportedReason, start: number): WordPart {
  die(c);
  return { kind: "unsupported", reason, span: span(c, start, c.end) };
}

export function die(c: Cursor): void {
  if (c.cut === c.end) c.end = c.text.length;
  c.pos = c.end;
  c.dead = true;
  c.pending = [];
}

/** A word that is nothing but the rest of the text. */
export function swallowWord(c: Cursor, reason: UnsupportedReason, start: number): Word {
  const part = swallowPart(c, reason, start);
  return word(c, [part], start, c.end);
}

/** A command that stands for everything from `start` on. */
export function swallowCommand(c: Cursor, reason: UnsupportedReason, start: number): UnsupportedCommand {
  die(c);
  return { kind: "unsupported", reason, redirects: [], span: span(c, start, c.end) };
}

/** What the next character would be refused for: the text ends too early, or it is not what must stand here. */
export function refusal(c: Cursor): UnsupportedReason {
  return c.pos < c.end ? "syntax_error" : endReason(c);
}

/** Why text that goes on to the end of the input cannot be read. */
export function endReason(c: Cursor): UnsupportedReason {
  if (c.budget.exceeded) return "limit_exceeded";
  // What was swallowed while an end was looked for went beyond the cut.
  const isCut = c.cut >= 0 && (c.cut === c.end || (c.dead && c.end === c.text.length));
  return isCut ? "invalid_text" : "unterminated";
}

/** False when one more level would be too deep; then the caller swallows the rest as `limit_exceeded`. */
export function enter(c: Cursor): boolean {
  if (c.budget.nesting >= MAX_NESTING_LEVELS) {
    c.budget.exceeded = true;
    return false;
  }
  c.budget.nesting++;
  return true;
}

export function leave(c: Cursor): void {
  c.budget.nesting--;
}

/** Counts a part that has been read from `start` on; the one too many swallows the rest in its place. */
export function counted<T extends WordPart | null>(c: Cursor, part: T, start: number): T | WordPart {
  if (part === null || ++c.budget.parts <= MAX_PARTS) return part;
  return swallowPart(c, "limit_exceeded", start);
}

/**
 * A reader of its own for a piece of the same text: what goes wrong in it stays in it, and where the whole text was cut is no matter to it. What was
 * read of that piece while its end was looked for is kept.
 */
export function nested(c: Cursor, start: number, end: number): Cursor {
  return { ...c, pos: start, end, cut: -1, dead: false, pending: [], substitution: null, closed: false };
}
