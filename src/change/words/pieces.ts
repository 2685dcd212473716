// A field under construction: known text, holes and globs side by side, and the value that they make together.
// Implements spec/change.md sections 5.2 and 5.3.
// Twin of go/change/words/pieces.go. Nothing is ever guessed: a hole that might hold a `/` makes the field unknown.

import { compareBytes } from "../../base/order.js";
import { text, type Value } from "../values.js";
import { type Budget, spendText } from "./budget.js";
import { escapeGlob, globPrefix, hasActive, unescapeGlob } from "./glob.js";

export type Piece =
  /** `quoted` text is never a glob. */
  | { readonly kind: "text"; readonly text: string; readonly quoted: boolean }
  /** Some text; `flat`: one that holds neither `/` nor a blank and is not empty. `many`: any number of words. */
  | {
      readonly kind: "hole";
      readonly flat: boolean;
      readonly many: boolean;
      readonly derived: boolean;
      readonly trusted: boolean;
      readonly ends?: string;
    }
  /** Some text that matches the glob. */
  | { readonly kind: "glob"; readonly glob: string; readonly random?: true; readonly names?: true };

export type Field = readonly Piece[];

export const FLAT_HOLE: Piece = { kind: "hole", flat: true, many: false, derived: false, trusted: false };

/** The pieces that a value puts into a field. Unquoted, an unknown value may be any number of words. */
export function piecesOf(value: Value, quoted: boolean): readonly Piece[] {
  switch (value.kind) {
    case "text":
      return [{ kind: "text", text: value.text, quoted }];
    case "pattern":
      return [{ ...value, kind: "glob" }];
    case "unknown": {
      const hole: Piece = {
        kind: "hole",
        flat: false,
        many: !quoted || value.many,
        derived: value.derived === true,
        trusted: value.trusted === true,
        ...(value.ends === undefined ? {} : { ends: value.ends }),
      };
      return value.prefix === "" ? [hole] : [{ kind: "text", text: value.prefix, quoted }, hole];
    }
  }
}

/** The value of a finished field. `globbing` is false where the shell does not expand file names. */
export function fieldValue(field: Field, globbing: boolean, budget: Budget): Value {
  const plain = plainText(field, globbing);
  if (plain !== null) return spendText(budget, plain) ? text(plain) : { kind: "unknown", prefix: "", many: false };
  const only = field[0];
  if (field.length === 1 && only?.kind === "hole" && !only.flat) return unknown("", [only]);
  let glob = "";
  for (const [i, piece] of field.entries()) {
    if (piece.kind === "hole" && !piece.flat) return unknown(globPrefix(glob), field);
    const part = pieceGlob(piece, globbing);
    // `x` before `**` would change what `**` means, so such a field is known by its beginning only.
    if (part.includes("**") && piece.kind === "glob" && !standsAlone(field, i)) return unknown(globPrefix(glob), field);
    glob += part;
  }
  if (!spendText(budget, glob)) return { kind: "unknown", prefix: "", many: false };
  const isRandom = field.every((piece) => (piece.kind === "text" ? piece.quoted || !globbing : piece.kind === "glob" && piece.random));
  const isNames = field.some((piece) => piece.kind === "glob" && piece.names === true);
  return { kind: "pattern", glob, ...(isRandom ? { random: true } : {}), ...(isNames ? { names: true } : {}) };
}

/** One of the names that a glob stands for: the variable of a loop, `$1`. */
export function oneOf(value: Value): Value {
  if (value.kind !== "pattern" || value.names !== true) return value;
  return { kind: "pattern", glob: value.glob, ...(value.random === true ? { random: true } : {}) };
}

/** Any number of words: a list that nobody knows, or the file names that a glob stands for. */
export function mayBeMany(value: Value): boolean {
  return value.kind === "unknown" ? value.many : value.kind === "pattern" && value.names === true;
}

/** The text of a field in which nothing is open, else null. */
export function plainText(field: Field, globbing: boolean): string | null {
  let plain = "";
  for (const piece of field) {
    if (piece.kind !== "text") return null;
    if (globbing && !piece.quoted && "*?[".split("").some((character) => piece.text.includes(character))) {
      if (hasActive(fieldGlob(field))) return null;
      globbing = false;
    }
    plain += piece.text;
  }
  return plain;
}

/** The glob that a field of texts stands for. */
export function fieldGlob(field: Field): string {
  return field.map((piece) => pieceGlob(piece, true)).join("");
}

function pieceGlob(piece: Piece, globbing: boolean): string {
  if (piece.kind === "hole") return "*";
  if (piece.kind === "glob") return piece.glob;
  return piece.quoted || !globbing ? escapeGlob(piece.text) : piece.text.replaceAll("\\", "\\\\");
}

/** Whether no `**` at an end of the glob touches what stands beside it. */
function standsAlone(field: Field, at: number): boolean {
  const own = field[at];
  const glob = own?.kind === "glob" ? own.glob : "";
  const before = field[at - 1];
  const after = field[at + 1];
  return (
    (before === undefined || !glob.startsWith("**") || (before.kind === "text" && before.text.endsWith("/"))) &&
    (after === undefined || !glob.endsWith("**") || (after.kind === "text" && after.text.startsWith("/")))
  );
}

function unknown(prefix: string, field: Field): Value {
  const holes = field.filter((piece) => piece.kind === "hole");
  const ends = endOf(field);
  return {
    kind: "unknown",
    prefix,
    many: holes.some((hole) => hole.many),
    ...(holes.some((hole) => hole.derived) ? { derived: true } : {}),
    ...(field.length === 1 && holes[0]?.trusted === true ? { trusted: true } : {}),
    ...(ends === null ? {} : { ends }),
  };
}

/** What the field surely ends in, from the last `/` on. Nothing where what a program printed may come apart into several words. */
function endOf(field: Field): string | null {
  const last = field.at(-1);
  if (last?.kind === "hole") return last.ends ?? null;
  if (last?.kind !== "text" || field.some((piece) => piece.kind === "hole" && piece.derived && piece.many)) return null;
  const ends = last.text.slice(Math.max(0, last.text.lastIndexOf("/")));
  const isActive = !last.quoted && ["*", "?", "["].some((character) => ends.includes(character));
  return ends.startsWith("/") && ends.length > 1 && !isActive ? ends : null;
}

/** One text after the other. */
export function concatValues(left: Value, right: Value, budget: Budget): Value {
  return fieldValue([...piecesOf(left, true), ...piecesOf(right, true)], false, budget);
}

/** A value that covers both: what a variable may hold after either branch. */
export function joinValues(left: Value, right: Value): Value {
  if (sameValue(left, right)) return mayBeMany(right) ? right : left;
  const many = left.kind === "unknown" ? left.many : right.kind === "unknown" && right.many;
  const a = flatEnds(left);
  const b = flatEnds(right);
  if (a !== null && b !== null) {
    const prefix = commonPrefix(a.prefix, b.prefix);
    const suffix = commonSuffix(a.suffix.slice(a.overlaps ? prefix.length : 0), b.suffix.slice(b.overlaps ? prefix.length : 0));
    const dotted = prefix === "" && (a.prefix.startsWith(".") || b.prefix.startsWith("."));
    const names = mayBeMany(left) || mayBeMany(right) ? ({ names: true } as const) : {};
    if (!dotted) return { kind: "pattern", glob: `${escapeGlob(prefix)}*${escapeGlob(suffix)}`, ...names };
  }
  const derived = (left.kind === "unknown" && left.derived === true) || (right.kind === "unknown" && right.derived === true);
  return { kind: "unknown", prefix: commonPrefix(knownPrefix(left), knownPrefix(right)), many, ...(derived ? { derived: true } : {}) };
}

/** Beginning and end of a value that could be a flat hole: a text, or text around one `*`. `overlaps`: both ends are the same text. */
function flatEnds(value: Value): { readonly prefix: string; readonly suffix: string; readonly overlaps: boolean } | null {
  if (value.kind === "text") return isFlat(value.text) ? { prefix: value.text, suffix: value.text, overlaps: true } : null;
  if (value.kind === "unknown") return null;
  const prefix = globPrefix(value.glob);
  const rest = value.glob.slice(escapeGlob(prefix).length);
  if (!rest.startsWith("*") || hasActive(rest.slice(1)) || !isFlat(value.glob)) return null;
  return { prefix, suffix: unescapeGlob(rest.slice(1)), overlaps: false };
}

export function sameValue(left: Value, right: Value): boolean {
  if (left.kind === "text") return right.kind === "text" && left.text === right.text;
  if (left.kind === "pattern") return right.kind === "pattern" && left.glob === right.glob && left.random === right.random;
  return (
    right.kind === "unknown" &&
    left.prefix === right.prefix &&
    left.many === right.many &&
    left.derived === right.derived &&
    left.ends === right.ends &&
    left.trusted === right.trusted
  );
}

/** The text that every possible value begins with. */
export function knownPrefix(value: Value): string {
  if (value.kind === "text") return value.text;
  return value.kind === "pattern" ? globPrefix(value.glob) : value.prefix;
}

/** Neither empty nor with a `/` or white space: safe to stand for one component of a path. */
function isFlat(text: string): boolean {
  return text !== "" && !["/", " ", "\t", "\n"].some((character) => text.includes(character));
}

function commonPrefix(left: string, right: string): string {
  const a = Array.from(left);
  const b = Array.from(right);
  let n = 0;
  while (n < a.length && n < b.length && compareBytes(a[n] ?? "", b[n] ?? "") === 0) n++;
  return a.slice(0, n).join("");
}

function commonSuffix(left: string, right: string): string {
  const a = Array.from(left).reverse();
  const b = Array.from(right).reverse();
  let n = 0;
  while (n < a.length && n < b.length && a[n] === b[n]) n++;
  return a.slice(0, n).reverse().join("");
}
