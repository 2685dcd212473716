// What a pathspec can reach: magic, exclusion, globs that cross folders. Implements spec/git.md section 5.
// Twin of go/change/programs/git_pathspec.go.
// Always a superset: what cannot be said as one path becomes a glob that matches at least as much.

import type { Span } from "../../base/span.js";
import { escapeGlob, knownPrefix, within } from "../catalogue/value-parts.js";
import type { Deed } from "../deeds.js";
import { type Argument, text, type Value } from "../values.js";
import type { GitLine } from "./git-line.js";

/** File deeds for what the pathspecs reach. Only exclusions, or `:`, reach the whole work tree. */
export function pathspecDeeds(
  line: GitLine,
  effect: "read" | "write" | "delete",
  words: readonly Argument[],
  extent: "exact" | "tree",
): readonly Deed[] {
  const deeds: Deed[] = [];
  for (const word of words) {
    const path = reachOf(line, word.value);
    if (path !== null) deeds.push(fileAt(effect, path, extent, word.span));
  }
  const first = words[0];
  // What is only read is told path by path: "everything but x" would claim every secret, and git shows only what it tracks.
  return deeds.length > 0 || first === undefined || effect === "read" ? deeds : [fileAt(effect, line.place.top, "tree", first.span)];
}

function fileAt(effect: "read" | "write" | "delete", path: Value, extent: "exact" | "tree", span: Span): Deed {
  return { kind: "file", effect, path, extent: path.kind === "pattern" ? "exact" : extent, span };
}

/** The path, seen from where the call works; null for an exclusion. */
function reachOf(line: GitLine, value: Value): Value | null {
  const written = knownPrefix(value);
  if (value.kind !== "text") return written.startsWith(":!") || written.startsWith(":^") ? null : within(line.place.folder, value);
  const { magic, rest } = readMagic(value.text);
  if (magic.includes("exclude")) return null;
  const base = magic.includes("top") ? line.place.top : line.place.folder;
  if (rest === "") return magic.length > 0 || value.text === ":" ? line.place.top : (base ?? text("."));
  return within(base, magic.includes("literal") ? text(rest) : globOf(rest, magic.includes("glob")));
}

interface Magic {
  readonly magic: readonly string[];
  readonly rest: string;
}

/** `:(top,exclude)x`, `:/x`, `:!x`, `:^x`. */
export function readMagic(written: string): Magic {
  if (!written.startsWith(":")) return { magic: [], rest: written };
  if (written.startsWith(":(")) {
    const close = written.indexOf(")");
    if (close < 0) return { magic: [], rest: written };
    return { magic: written.slice(2, close).split(","), rest: written.slice(close + 1) };
  }
  const magic: string[] = [];
  let i = 1;
  for (; i < written.length; i++) {
    const unit = written.charAt(i);
    if (unit === "/") magic.push("top");
    else if (unit === "!" || unit === "^") magic.push("exclude");
    else break;
  }
  return { magic, rest: written.charAt(i) === ":" ? written.slice(i + 1) : written.slice(i) };
}

/** In a pathspec `*` and `?` match `/` too, unless `:(glob)` stands before: the folders before the first wildcard, any folders, the end after the last one. */
function globOf(written: string, isPathname: boolean): Value {
  const first = firstWildcard(written);
  if (first < 0) return text(written);
  if (isPathname) return { kind: "pattern", glob: written };
  const folder = written.slice(0, written.lastIndexOf("/", first) + 1);
  const tail = tailAfterWildcards(written.slice(written.lastIndexOf("/") + 1));
  return { kind: "pattern", glob: `${escapeGlob(folder)}**/*${escapeGlob(tail)}` };
}

function firstWildcard(written: string): number {
  for (let i = 0; i < written.length; i++) if ("*?[\\".includes(written.charAt(i))) return i;
  return -1;
}

function tailAfterWildcards(name: string): string {
  let start = 0;
  for (let i = 0; i < name.length; i++) if ("*?[]\\".includes(name.charAt(i))) start = i + 1;
  return name.slice(start);
}
