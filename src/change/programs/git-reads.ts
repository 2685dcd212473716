// Files that reading sub-commands show: `show HEAD:.env`, `diff -- .env`, `blame .env`. Implements spec/git.md section 16.
// Twin of go/change/programs/git_reads.go.
// A path is told as itself, without what is below it: git shows only what it tracks, and a folder would seem to give every secret in it away.

import { dropPrefix, knownPrefix, within } from "../catalogue/value-parts.js";
import type { Deed } from "../deeds.js";
import type { Argument, Value } from "../values.js";
import { afterSeparator, beforeSeparator, file, type GitLine, has, operands, valuesOf } from "./git-line.js";
import { pathspecDeeds } from "./git-pathspec.js";
import { isSurelyRevision, shortRef } from "./git-refs.js";

export function diff(line: GitLine): readonly Deed[] {
  if (has(line, "no_index")) return operands(line).map((word) => file(line, "read", word, "tree"));
  return [...blobs(line), ...named(line)];
}

export function show(line: GitLine): readonly Deed[] {
  return [...blobs(line), ...(line.name === "show" ? named(line) : [])];
}

/** Content is shown only with a patch, or with `-L`. */
export function log(line: GitLine): readonly Deed[] {
  const ranges = valuesOf(line, "L").flatMap(({ value, span }) => rangeFile(line, value, span));
  return has(line, "patch", "u", "cc") ? [...ranges, ...named(line)] : ranges;
}

/** `-L 1,5:path` */
function rangeFile(line: GitLine, value: Value, span: Argument["span"]): readonly Deed[] {
  const prefix = knownPrefix(value);
  const colon = prefix.lastIndexOf(":");
  return colon < 0 ? [] : [file(line, "read", { value: dropPrefix(value, colon + 1), span })];
}

export function blame(line: GitLine): readonly Deed[] {
  const after = afterSeparator(line);
  const path = after.length > 0 ? after : beforeSeparator(line).slice(-1);
  return pathspecDeeds(line, "read", path, "exact");
}

/** The first operand is what to look for, unless `-e` or `-f` says it. */
export function grep(line: GitLine): readonly Deed[] {
  const isGiven = valuesOf(line, "e", "f").length > 0;
  if (has(line, "no_index"))
    return operands(line)
      .slice(isGiven ? 0 : 1)
      .map((word) => file(line, "read", word, "tree"));
  const before = beforeSeparator(line).slice(isGiven ? 0 : 1);
  return [
    ...blobs(line),
    ...pathsOf(line, before),
    ...pathsOf(line, isGiven || beforeSeparator(line).length > 0 ? afterSeparator(line) : afterSeparator(line).slice(1)),
  ];
}

export function files(line: GitLine): readonly Deed[] {
  const named = line.name === "hash-object" || line.name === "mailsplit" ? operands(line) : operands(line).slice(0, 1);
  return named.filter(({ value }) => knownPrefix(value) !== "-").map((word) => file(line, "read", word));
}

/** The first file is overwritten with the result unless `-p` prints it. */
export function mergeFile(line: GitLine): readonly Deed[] {
  const read = operands(line).map((word) => file(line, "read", word));
  const target = operands(line)[0];
  return target === undefined || has(line, "stdout") ? read : [...read, file(line, "write", target)];
}

export function trailers(line: GitLine): readonly Deed[] {
  const read = operands(line).map((word) => file(line, "read", word));
  return has(line, "in_place") ? [...read, ...operands(line).map((word) => file(line, "write", word))] : read;
}

/** `revision:path`, from the top, or with `./` from here; `:path` and `:0:path` are the index. */
function blobs(line: GitLine): readonly Deed[] {
  return beforeSeparator(line).flatMap(({ value, span }) => {
    const path = blobPath(line, value);
    return path === null ? [] : [{ kind: "file", effect: "read", path, extent: "exact", span } as const];
  });
}

function blobPath(line: GitLine, value: Value): Value | null {
  const prefix = knownPrefix(value);
  const colon = prefix.indexOf(":");
  if (colon < 0 || prefix.startsWith(":(") || prefix.startsWith(":/") || prefix.startsWith(":!") || prefix.startsWith(":^")) return null;
  const isStage = colon === 0 && prefix.charAt(2) === ":" && "0123".includes(prefix.charAt(1));
  const path = dropPrefix(value, isStage ? 3 : colon + 1);
  if (path.kind === "text" && path.text === "") return null;
  return within(knownPrefix(path).startsWith("./") || knownPrefix(path).startsWith("../") ? line.place.folder : line.place.top, path);
}

/** Paths after `--`, and words before it that need not be revisions. */
function named(line: GitLine): readonly Deed[] {
  return [...pathsOf(line, beforeSeparator(line)), ...pathspecDeeds(line, "read", afterSeparator(line), "exact")];
}

function pathsOf(line: GitLine, words: readonly Argument[]): readonly Deed[] {
  return pathspecDeeds(
    line,
    "read",
    words.filter(({ value }) => mayBePath(line, value)),
    "exact",
  );
}

function mayBePath(line: GitLine, value: Value): boolean {
  if (value.kind === "pattern") return true;
  if (value.kind === "unknown") return false;
  if (value.text.startsWith(":")) return "(/!^".includes(value.text.charAt(1));
  if (isSurelyRevision(line.place, value.text) || value.text.indexOf(":") > 0 || value.text.startsWith("^")) return false;
  const ref = shortRef(line.place, value);
  const branches: readonly string[] = [line.call.facts.git.default_branch, line.call.facts.git.upstream_branch, "main", "master"];
  return !(ref.kind === "text" && branches.includes(ref.text));
}
