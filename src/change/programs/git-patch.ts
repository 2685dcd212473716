// The files that a patch changes, when its text stands on the line. Implements spec/git.md section 11.8.
// Twin of go/change/programs/git_patch.go.

import { trimEndAscii } from "../../base/ascii.js";
import { within } from "../catalogue/value-parts.js";
import type { Deed } from "../deeds.js";
import { text } from "../values.js";
import { type GitLine, lastOf, operands, valuesOf } from "./git-line.js";

/** A patch that names more files than this counts as one over the whole work tree. */
export const MAX_PATCHED_FILES = 200;

/** Write and delete deeds for each file of a known patch on standard input; else one write of the whole work tree. */
export function patchedFiles(line: GitLine): readonly Deed[] {
  const { stdin } = line.call;
  const fromStdin = operands(line).every(({ value }) => value.kind === "text" && value.text === "-");
  const directory = lastOf(line, "directory");
  const folder = directory === null ? (line.place.folder ?? text(".")) : within(line.place.top, directory.value);
  const whole: Deed = { kind: "file", effect: "write", path: folder, extent: "tree", span: line.span };
  const isMoved = line.place.folder !== null || directory !== null || valuesOf(line, "p").length > 0;
  if (!fromStdin || stdin.kind !== "text" || isMoved) return [whole];
  const names = filesOf(stdin.text);
  if (names === null || names.length === 0) return [whole];
  return names.map(({ path, effect }): Deed => ({ kind: "file", effect, path: text(path), extent: "exact", span: stdin.span }));
}

interface Patched {
  readonly path: string;
  readonly effect: "write" | "delete";
}

/** `--- a/x` and `+++ b/x`; `rename to x`; `diff --git a/x b/x`. null when a name is quoted, has no folder to strip, or there are too many. */
function filesOf(patch: string): readonly Patched[] | null {
  const files = new Map<string, Patched>();
  let old = "";
  for (const line of patch.split("\n")) {
    const both = line.startsWith("diff --git ") ? bothNames(trimEndAscii(line.slice(11))) : null;
    if (both !== null) files.set(`write ${both}`, { path: both, effect: "write" });
    const name = headerName(line);
    if (name === null) continue;
    if (name.startsWith('"')) return null;
    if (line.startsWith("--- ")) {
      old = name;
      continue;
    }
    const isDeleted = name === "/dev/null";
    const path = line.startsWith("+++ ") ? withoutFirst(isDeleted ? old : name) : name;
    if (path === null || files.size >= MAX_PATCHED_FILES) return null;
    const effect = isDeleted || line.startsWith("rename from ") ? "delete" : "write";
    files.set(`${effect} ${path}`, { path, effect });
  }
  return [...files.values()];
}

/** `a/x b/x` is x: a change of mode, or of a file that is no text, has no other line that names it. Renames have lines of their own. */
function bothNames(names: string): string | null {
  const half = (names.length - 1) / 2;
  const left = names.slice(0, half);
  const right = names.slice(half + 1);
  return names.length % 2 === 1 && names.charAt(half) === " " && withoutFirst(left) === withoutFirst(right) ? withoutFirst(left) : null;
}

function headerName(line: string): string | null {
  for (const header of ["--- ", "+++ ", "rename from ", "rename to ", "copy to "]) {
    if (line.startsWith(header)) return trimEndAscii(line.slice(header.length).split("\t")[0] ?? "");
  }
  return null;
}

/** git strips one component, as `patch -p1` does. */
function withoutFirst(name: string): string | null {
  const slash = name.indexOf("/");
  return slash < 0 || slash === name.length - 1 ? null : name.slice(slash + 1);
}
