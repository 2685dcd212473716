// The work tree, the index and the stash: add, rm, mv, restore, reset, clean, apply, stash. Implements spec/git.md section 11.
// Twin of go/change/programs/git_tree.go.

import { foldAscii } from "../../base/glob.js";
import { append, baseName, knownPrefix } from "../catalogue/value-parts.js";
import type { Deed } from "../deeds.js";
import { type Argument, text } from "../values.js";
import { lastEntry } from "./git-config.js";
import { beforeSeparator, currentBranch, file, type GitLine, git, has, hasLooseWord, lastOf, may, operands } from "./git-line.js";
import { patchedFiles } from "./git-patch.js";
import { pathspecDeeds } from "./git-pathspec.js";
import { isHead, isSurelyPath, isSurelyRevision, looksLikeFile } from "./git-refs.js";

export function add(line: GitLine): readonly Deed[] {
  if (has(line, "dry_run")) return [];
  return [git(line, "stage"), ...pathspecDeeds(line, "read", operands(line), "exact")];
}

export function stageOnly(line: GitLine): readonly Deed[] {
  return [git(line, "stage")];
}

/** Where git no longer looks at a file, a change to it is no longer seen: that is as good as changing it. */
export function updateIndex(line: GitLine): readonly Deed[] {
  const hides = ["assume_unchanged", "skip_worktree", "fsmonitor_valid"].some((one) => may(line, one, `no_${one}`));
  return [git(line, "stage"), ...(hides ? operands(line).map((path) => file(line, "write", path)) : [])];
}

export function remove(line: GitLine): readonly Deed[] {
  if (has(line, "dry_run")) return [];
  const staged = git(line, "stage");
  if (has(line, "cached")) return [staged];
  const extent = may(line, "recursive") ? "tree" : "exact";
  const deleted = pathspecDeeds(line, "delete", operands(line), extent);
  return may(line, "force") ? [git(line, "discard_changes", { force: "force" }), staged, ...deleted] : [staged, ...deleted];
}

/** The last operand is where the others go: a folder, or the new name of a single one. */
export function move(line: GitLine): readonly Deed[] {
  const target = operands(line).at(-1);
  const sources = operands(line).slice(0, -1);
  if (has(line, "dry_run") || target === undefined || sources.length === 0) return [];
  const deeds: Deed[] = [git(line, "stage")];
  for (const source of sources) deeds.push(file(line, "read", source, "tree"), file(line, "delete", source, "tree"));
  const isFolder = sources.length > 1 || knownPrefix(target.value).endsWith("/") || knownPrefix(target.value) === ".";
  if (!isFolder) deeds.push(file(line, "write", target, "tree"));
  for (const source of sources) {
    const base = baseName(source.value);
    const known = target.value.kind === "text" && base !== null && base.kind === "text";
    const separator = knownPrefix(target.value).endsWith("/") ? "" : "/";
    const value = known ? append(target.value, separator + base.text) : target.value;
    deeds.push(file(line, "write", { value, span: target.span }, "tree"));
  }
  return deeds;
}

/** Without `--staged`, or with `--worktree`, the work tree is overwritten. */
export function restore(line: GitLine): readonly Deed[] {
  const isStaged = has(line, "staged");
  const isTree = may(line, "worktree") || !(isStaged || isTakenBack(line, "worktree"));
  const paths = operands(line);
  if (paths.length === 0 && !has(line, "patch") && lastOf(line, "pathspec_from_file") === null) return [];
  const deeds: Deed[] = isStaged ? [git(line, "stage")] : [];
  return isTree ? [git(line, "discard_changes"), ...deeds, ...pathspecDeeds(line, "write", paths, "tree")] : deeds;
}

function isTakenBack(line: GitLine, meaning: string): boolean {
  return line.cut.options.filter(({ means }) => means === meaning).at(-1)?.negated === true;
}

/** `--hard` and `--merge` overwrite the work tree; a commit other than HEAD moves the branch; paths only touch the index. */
export function reset(line: GitLine): readonly Deed[] {
  const mode = line.cut.options.filter(({ means }) => ["mixed", "soft", "hard", "merge", "keep"].includes(means)).at(-1)?.means;
  const discards = mode === "hard" || mode === "merge" || mayBeMode(line, mode);
  const deeds: Deed[] = discards ? [git(line, "discard_changes", { force: "force" })] : [];
  const commit = beforeSeparator(line)[0];
  const isWhole = mode !== undefined && mode !== "mixed";
  if (commit === undefined) return isWhole ? deeds : [...deeds, git(line, "stage")];
  const written = commit.value.kind === "text" ? commit.value.text : null;
  const movesBranch =
    written === null || (!isHead(written) && (isWhole || isSurelyRevision(line.place, written) || !isSurelyPath(written)));
  const isPaths = operands(line).length > 1 || has(line, "patch") || (written !== null && !isWhole && looksLikeFile(written));
  if (movesBranch && !isPaths)
    deeds.push(git(line, "move_branch", { ref: currentBranch(line), force: discards ? "force" : "none", span: commit.span }));
  if (!isWhole) deeds.push(git(line, "stage"));
  return deeds;
}

/** An abbreviation of both `--merge` and `--mixed`, or a word that nobody knows: it can be `--hard`. */
function mayBeMode(line: GitLine, mode: string | undefined): boolean {
  return mode === undefined && (may(line, "hard", "merge") || hasLooseWord(line));
}

/** Nothing happens without `-f`, unless the line itself sets clean.requireForce to false. */
export function clean(line: GitLine): readonly Deed[] {
  if (has(line, "dry_run")) return [];
  const required = lastEntry(line.config, "clean.requireforce")?.value;
  const isFree =
    required !== undefined &&
    !(required?.kind === "text" && ["true", "yes", "on", "1"].includes(foldAscii(required.text))) &&
    required !== null;
  if (!isFree && !may(line, "force", "interactive") && !hasLooseWord(line)) return [];
  const forced = line.cut.options.filter(({ means, negated }) => means === "force" && !negated).length > 1;
  return [git(line, "delete_untracked", { force: forced || may(line, "ignored", "only_ignored") ? "force" : "none" })];
}

export function sparseClean(line: GitLine): readonly Deed[] {
  return may(line, "force") && !has(line, "dry_run") ? [git(line, "delete_untracked")] : [];
}

/** The files that a known patch names, else the whole work tree. */
export function apply(line: GitLine): readonly Deed[] {
  const read = operands(line)
    .filter(({ value }) => !(value.kind === "text" && value.text === "-"))
    .map((word) => file(line, "read", word));
  const onlyLooks = has(line, "stat", "numstat", "summary", "check") && !has(line, "apply");
  if (onlyLooks) return read;
  const staged = has(line, "cached", "index") ? [git(line, "stage")] : [];
  if (has(line, "cached")) return [...read, ...staged];
  return [...read, ...staged, ...patchedFiles(line)];
}

export function checkoutIndex(line: GitLine): readonly Deed[] {
  if (has(line, "no_create", "temp")) return [];
  const prefix = lastOf(line, "prefix");
  if (prefix !== null) return [file(line, "write", prefix, "tree")];
  const written = operands(line).map((word) => file(line, "write", word));
  return may(line, "force") ? [git(line, "discard_changes", { force: "force" }), ...written] : written;
}

export function readTree(line: GitLine): readonly Deed[] {
  if (has(line, "dry_run")) return [];
  return may(line, "reset") && may(line, "u")
    ? [git(line, "discard_changes", { force: "force" }), git(line, "stage")]
    : [git(line, "stage")];
}

/** `git stash $x`: the inner word can be `drop`. */
export function stash(line: GitLine): readonly Deed[] {
  const unknown: readonly Argument[] = line.name === "stash" ? line.cut.unknown : [];
  const dropped = unknown.map(({ span }) => git(line, "delete_stash", { span, ref: text("") }));
  return [git(line, "stash"), ...dropped];
}

/** With paths, their changes go to the stash, and the files are as they were before. */
export function stashPaths(line: GitLine): readonly Deed[] {
  return [...stash(line), ...pathspecDeeds(line, "write", operands(line), "exact")];
}

export function dropStash(line: GitLine): readonly Deed[] {
  return [git(line, "delete_stash")];
}
