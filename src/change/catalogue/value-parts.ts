// Parts of values: the text that is known at the beginning, what follows it, folders and last components. Implements spec/catalogue.md section 8.1.
// Twin of go/change/catalogue/value_parts.go. Nothing here guesses: what cannot be said of every possible text becomes unknown.

import type { Value } from "../values.js";
import { text, UNKNOWN_WORD } from "../values.js";

/** The text with which every possible text of the value begins. */
export function knownPrefix(value: Value): string {
  switch (value.kind) {
    case "text":
      return value.text;
    case "pattern":
      return literalPrefix(value.glob).literal;
    case "unknown":
      return value.prefix;
  }
}

/** The value without its first `count` characters, which must be known. */
export function dropPrefix(value: Value, count: number): Value {
  switch (value.kind) {
    case "text":
      return text(value.text.slice(count));
    case "pattern":
      return { kind: "pattern", glob: value.glob.slice(globLength(value.glob, count)) };
    case "unknown":
      return { ...value, prefix: value.prefix.slice(count), many: false };
  }
}

export function prepend(known: string, value: Value): Value {
  switch (value.kind) {
    case "text":
      return text(known + value.text);
    case "pattern":
      return { kind: "pattern", glob: escapeGlob(known) + value.glob };
    case "unknown":
      return { ...value, prefix: known + value.prefix };
  }
}

export function append(value: Value, known: string): Value {
  switch (value.kind) {
    case "text":
      return text(value.text + known);
    case "pattern":
      return { kind: "pattern", glob: value.glob + escapeGlob(known) };
    case "unknown":
      return value;
  }
}

/** `path` as seen from `folder` (null: from where it is used). What may be absolute and what may not cannot be told apart when the path is unknown. */
export function within(folder: Value | null, path: Value): Value {
  const start = knownPrefix(path);
  if (folder === null || start.startsWith("/")) return path;
  if (path.kind === "unknown" && start === "") return path;
  if (folder.kind === "text") return prepend(folder.text.endsWith("/") ? folder.text : `${folder.text}/`, path);
  if (folder.kind === "unknown") return { kind: "unknown", prefix: folder.prefix, many: false };
  return path.kind === "unknown"
    ? UNKNOWN_WORD
    : { kind: "pattern", glob: `${folder.glob}/${path.kind === "text" ? escapeGlob(path.text) : path.glob}` };
}

/** The folder that a path stands in, `.` when it has none. */
export function folderOf(path: Value): Value {
  if (path.kind === "unknown") return UNKNOWN_WORD;
  const written = withoutTrailingSlashes(path.kind === "text" ? path.text : path.glob);
  const slash = written.lastIndexOf("/");
  const folder = slash < 0 ? "." : slash === 0 ? "/" : written.slice(0, slash);
  return path.kind === "text" ? text(folder) : { kind: "pattern", glob: folder };
}

/** The last component; null when there is none (`/`, `.`, `..`, `a/.`). */
export function baseName(path: Value): Value | null {
  if (path.kind === "unknown") return UNKNOWN_WORD;
  const written = path.kind === "text" ? path.text : path.glob;
  const trimmed = withoutTrailingSlashes(written);
  const base = trimmed.slice(trimmed.lastIndexOf("/") + 1);
  if (base === "" || base === "." || base === "..") return null;
  if (path.kind === "text") return text(base);
  return base === "**" ? UNKNOWN_WORD : { kind: "pattern", glob: base };
}

export function withoutTrailingSlashes(path: string): string {
  let end = path.length;
  while (end > 1 && path[end - 1] === "/") end -= 1;
  return path.slice(0, end);
}

/** Text as a glob that matches only it. */
export function escapeGlob(literal: string): string {
  let glob = "";
  for (const unit of literal) glob += unit === "*" || unit === "?" || unit === "[" || unit === "]" || unit === "\\" ? `\\${unit}` : unit;
  return glob;
}

/** The values joined by `separator`: text when all are, else unknown from the first that is not. */
export function joined(values: readonly Value[], separator: string): Value {
  let known = "";
  for (const [i, value] of values.entries()) {
    if (i > 0) known += separator;
    if (value.kind !== "text")
      return { kind: "unknown", prefix: known + knownPrefix(value), many: false, ...(isDerived(values) ? { derived: true } : {}) };
    known += value.text;
  }
  return text(known);
}

function isDerived(values: readonly Value[]): boolean {
  return values.some((value) => value.kind === "unknown" && value.derived === true);
}

function literalPrefix(glob: string): { readonly literal: string; readonly length: number } {
  let literal = "";
  let i = 0;
  while (i < glob.length) {
    const unit = glob.charAt(i);
    if (unit === "*" || unit === "?" || unit === "[") break;
    if (unit === "\\" && i + 1 < glob.length) i += 1;
    literal += glob.charAt(i);
    i += 1;
  }
  return { literal, length: i };
}

/** How many characters of the glob stand for its first `count` literal ones. */
function globLength(glob: string, count: number): number {
  let i = 0;
  for (let taken = 0; taken < count && i < glob.length; taken++) i += glob.charAt(i) === "\\" && i + 1 < glob.length ? 2 : 1;
  return i;
}
