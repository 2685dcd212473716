// Reads the commands inside `$( … )`, `<( … )`, `>( … )` and backticks. Implements spec/shell.md section 6.2. Twin of go/change/shell.
// A parenthesised body is read in place, because only a full reading finds its end; what is wrong in it is wrong with the whole line.
// Backticks end at the next backtick, and are read later: what is wrong in them stays in them.

import { BACKSLASH, BACKTICK, CLOSE, DOLLAR, DOUBLE_QUOTE } from "./characters.js";
import {
  type Cursor,
  codeAt,
  enter,
  findCode,
  leave,
  nested,
  type Quoting,
  type Substitution,
  type SubstitutionState,
  skipContinuations,
  span,
} from "./cursor.js";
import { settleHereDocuments } from "./here-documents.js";
import type { Script } from "./syntax.js";

/** The commands from `start`, just after the opening parenthesis, and the index after the closing one; null where nothing can be trusted. */
export function readSubstitution(c: Cursor, start: number): Substitution | null {
  const known = c.substitutions?.get(start);
  // A here-document's body may end inside of what was read there.
  if (known !== undefined && known.end <= c.end) return known;
  if (!enter(c)) return null;
  const { pos, pending, substitution } = c;
  const state: SubstitutionState = { hereDocument: false, conditions: 0, reprinted: false };
  c.pos = start;
  c.pending = [];
  c.substitution = state;
  const list = c.grammar.readList(c, "substitution");
  const settled = settleHereDocuments(c);
  const body = state.reprinted && !c.dead ? withReprinted(c, list) : list;
  if (!c.dead && codeAt(c, c.pos) === CLOSE) c.pos++;
  const found: Substitution = { body, end: c.pos };
  c.substitution = substitution;
  // What waited for the next line never gets it when the rest is swallowed.
  c.pending = c.dead ? [] : pending;
  leave(c);
  if (!settled) return null;
  if (!c.dead) {
    c.substitutions ??= new Map();
    c.substitutions.set(start, found);
    c.pos = pos;
  }
  return found;
}

// Bash 5.2 reads `$( … )`, prints what it read, and runs what it reads from that. After a here-document it leaves out `;`,
// so that `$(cat <<E⏎E⏎rm a; cd b)` removes `b` too. What was written stays visible, and an opaque command at the end says that it is not all.
function withReprinted(c: Cursor, list: Script): Script {
  const place = span(c, c.pos, c.pos);
  const command = { kind: "unsupported", reason: "reprinted_here_document", redirects: [], span: place } as const;
  const first = { negated: false, timed: false, commands: [command], stderr: [], span: place };
  return { items: [...list.items, { first, rest: [], background: false, span: place }], span: { start: list.span.start, end: place.end } };
}

/** The script between two backticks: `start` and `end` are the indices of its text. */
export function readBackticks(c: Cursor, start: number, end: number, quoting: Quoting): Script {
  const inner = nested(c, start, end);
  return c.grammar.readList(findCode(inner, BACKSLASH, start) < end ? withoutEscapes(c, start, end, quoting) : inner, "end");
}

// The temptation is to read the text as it stands; but inside backticks `\\\`` is a nested backtick and `\\$` a dollar sign.
function withoutEscapes(c: Cursor, start: number, end: number, quoting: Quoting): Cursor {
  const offsets: number[] = [];
  let text = "";
  let from = start;
  let at = start;
  const keep = (until: number) => {
    text += c.text.slice(from, until);
    for (let i = from; i < until; i++) offsets.push(c.offsets === null ? i : (c.offsets[i] ?? 0));
  };
  while (at < end) {
    if (c.text.charCodeAt(at) !== BACKSLASH) {
      at++;
      continue;
    }
    const past = Math.min(skipContinuations(c, at), end);
    const next = c.text.charCodeAt(at + 1);
    if (past > at || next === BACKTICK || next === BACKSLASH || next === DOLLAR || (next === DOUBLE_QUOTE && quoting === "double")) {
      keep(at);
      from = past > at ? past : at + 1;
      at = past > at ? past : at + 2;
    } else {
      at += 2;
    }
  }
  keep(end);
  offsets.push(c.offsets === null ? end : (c.offsets[end] ?? 0));
  return { ...nested(c, 0, text.length), text, offsets: Uint32Array.from(offsets), cut: -1, substitutions: null };
}
