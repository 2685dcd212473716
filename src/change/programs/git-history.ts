// History: commit, merge, rebase, cherry-pick, revert, am, and what rewrites or throws away commits. Implements spec/git.md section 13.
// Twin of go/change/programs/git_history.go.
// `ref` is the branch that changes: the current one, unless the line names another.

import type { Deed } from "../deeds.js";
import { text, UNKNOWN_WORD, type Value } from "../values.js";
import { lastEntry } from "./git-config.js";
import { currentBranch, file, type GitLine, git, has, lastOf, may, operands, valuesOf } from "./git-line.js";
import { patchedFiles } from "./git-patch.js";
import { pathspecDeeds } from "./git-pathspec.js";
import { shortRef } from "./git-refs.js";

export function commit(line: GitLine): readonly Deed[] {
  if (has(line, "dry_run", "short", "porcelain", "long")) return [];
  const operation = may(line, "amend") ? "amend" : "commit";
  const read = pathspecDeeds(line, "read", operands(line), "exact");
  return [git(line, operation, { ref: currentBranch(line) }), ...read];
}

export function merge(line: GitLine): readonly Deed[] {
  return [step(line, "merge")];
}

export function cherryPick(line: GitLine): readonly Deed[] {
  return [step(line, "cherry_pick")];
}

export function revert(line: GitLine): readonly Deed[] {
  return [step(line, "revert")];
}

/** `--abort` throws away what the operation and the person did since it began. */
function step(line: GitLine, operation: string): Deed {
  return git(line, may(line, "abort") ? "abort" : operation, { ref: currentBranch(line) });
}

export function rebase(line: GitLine): readonly Deed[] {
  if (has(line, "show_current_patch")) return [];
  if (may(line, "abort")) return [git(line, "abort", { ref: currentBranch(line) })];
  const onto = has(line, "root") ? operands(line)[0] : operands(line)[1];
  const ref: Value = onto === undefined ? currentBranch(line) : shortRef(line.place, onto.value);
  return [git(line, "rebase", { ref })];
}

export function am(line: GitLine): readonly Deed[] {
  if (has(line, "show_current_patch")) return [];
  if (may(line, "abort")) return [git(line, "abort", { ref: currentBranch(line) })];
  const read = operands(line).map((word) => file(line, "read", word));
  return [git(line, "commit", { ref: currentBranch(line) }), ...read, ...patchedFiles(line)];
}

/** Notes are commits on a ref of their own. */
export function notes(line: GitLine): readonly Deed[] {
  if (has(line, "dry_run")) return [];
  const given = lastOf(line, "ref");
  const ref: Value =
    given === null ? text("refs/notes/commits") : given.value.kind === "text" ? text(notesRef(given.value.text)) : UNKNOWN_WORD;
  return [git(line, "commit", { ref })];
}

function notesRef(written: string): string {
  if (written.startsWith("refs/notes/")) return written;
  return written.startsWith("notes/") ? `refs/${written}` : `refs/notes/${written}`;
}

export function replace(line: GitLine): readonly Deed[] {
  const isList = has(line, "list") || (operands(line).length === 0 && !has(line, "delete", "edit", "graft", "convert_graft_file"));
  return isList ? [] : rewrite(line);
}

/** Commits are made anew, or those that only the reflog holds are given up. */
export function rewrite(line: GitLine): readonly Deed[] {
  if (has(line, "dry_run", "analyze")) return [];
  return [git(line, "rewrite_history", { ref: UNKNOWN_WORD, force: "force" })];
}

export function replay(line: GitLine): readonly Deed[] {
  const advanced = valuesOf(line, "advance");
  return advanced.map(({ value, span }) => git(line, "rewrite_history", { ref: shortRef(line.place, value), span }));
}

const GC_AGES = ["gc.pruneexpire", "gc.reflogexpire", "gc.reflogexpireunreachable"];

/** gc keeps what is younger than two weeks, unless the line says otherwise. */
export function collect(line: GitLine): readonly Deed[] {
  const ages = [...valuesOf(line, "prune").map(({ value }) => value), ...GC_AGES.map((key) => lastEntry(line.config, key)?.value ?? null)];
  return ages.some(isShorter) ? rewrite(line) : [];
}

function isShorter(age: Value | null): boolean {
  return age !== null && !(age.kind === "text" && (age.text === "never" || age.text === "2.weeks.ago"));
}

export function repack(line: GitLine): readonly Deed[] {
  const ages = [...valuesOf(line, "unpack_unreachable"), ...valuesOf(line, "cruft_expiration")];
  return ages.some(({ value }) => isShorter(value)) ? rewrite(line) : [];
}
