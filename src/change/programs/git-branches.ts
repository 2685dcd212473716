// Branches, tags and work trees: checkout, switch, branch, tag, update-ref, worktree, bisect. Implements spec/git.md section 12.
// Twin of go/change/programs/git_branches.go.

import { baseName } from "../catalogue/value-parts.js";
import type { Deed } from "../deeds.js";
import { type Argument, UNKNOWN_WORD, type Value } from "../values.js";
import {
  afterSeparator,
  beforeSeparator,
  command,
  currentBranch,
  file,
  type GitLine,
  git,
  has,
  lastOf,
  may,
  operands,
} from "./git-line.js";
import { pathspecDeeds } from "./git-pathspec.js";
import { isHead, isSurelyPath, isSurelyRevision, looksLikeBranch, looksLikeFile, shortRef } from "./git-refs.js";

/** A branch to switch to, or paths to overwrite, or both readings when the word could be either. */
export function checkout(line: GitLine): readonly Deed[] {
  const created = lastOf(line, "create", "orphan");
  const moved = lastOf(line, "force_create");
  const forced = may(line, "force") ? [git(line, "discard_changes", { force: "force" })] : [];
  if (created !== null || moved !== null) return [...forced, ...createAndSwitch(line, created, moved)];
  const before = beforeSeparator(line);
  const after = afterSeparator(line);
  const fromFile = lastOf(line, "pathspec_from_file") !== null;
  if (after.length > 0 || fromFile || has(line, "patch")) return discardPaths(line, line.cut.separator === null ? before.slice(1) : after);
  const first = before[0];
  if (first === undefined) return forced;
  if (before.length > 1) return [...forced, ...discardPaths(line, pathsAmong(before))];
  // With `--ours` and `--theirs` git takes no branch.
  if (line.cut.separator === null && (has(line, "ours", "theirs") || isPathHere(line, first.value)))
    return [...forced, ...discardPaths(line, before)];
  return [...forced, ...switchDeeds(line, first)];
}

/** Of several operands the first is the tree to take them from, unless it can only be a path. */
function pathsAmong(words: readonly Argument[]): readonly Argument[] {
  const first = words[0]?.value;
  return first?.kind === "text" && isSurelyPath(first.text) ? words : words.slice(1);
}

function discardPaths(line: GitLine, paths: readonly Argument[]): readonly Deed[] {
  const span = paths[0]?.span ?? line.span;
  return [git(line, "discard_changes", { span }), ...pathspecDeeds(line, "write", paths, "tree")];
}

/** No ref can be spelled so, or the folder has a file of that name, or it ends like a file. */
function isPathHere(line: GitLine, value: Value): boolean {
  if (value.kind === "pattern") return true;
  if (value.kind !== "text") return false;
  if (isSurelyPath(value.text)) return true;
  if (isSurelyRevision(line.place, value.text)) return false;
  const { git: known } = line.call.facts;
  const listed = isListed(line, value.text);
  if (listed !== null) return listed && (looksLikeFile(value.text) || !Object.values(known).includes(value.text));
  return looksLikeFile(value.text) && !looksLikeBranch(value.text);
}

/** Whether the working folder has what the name begins with; null where nobody looked. */
function isListed(line: GitLine, name: string): boolean | null {
  const { cwd, facts } = line.call;
  if (cwd.kind !== "text" || line.place.folder !== null || !Object.hasOwn(facts.listings, cwd.text)) return null;
  return facts.listings[cwd.text]?.includes(name.split("/")[0] ?? name) === true;
}

function switchDeeds(line: GitLine, target: Argument): readonly Deed[] {
  const ref = shortRef(line.place, target.value);
  const tracked = has(line, "track") && !has(line, "detach") && ref.kind === "text" && ref.text.includes("/");
  if (!tracked) return [git(line, "switch", { ref, span: target.span })];
  const name = { kind: "text", text: ref.text.slice(ref.text.indexOf("/") + 1) } as const;
  return [git(line, "create_branch", { ref: name, span: target.span }), git(line, "switch", { ref: name, span: target.span })];
}

function createAndSwitch(line: GitLine, created: Argument | null, moved: Argument | null): readonly Deed[] {
  const name = moved ?? created;
  if (name === null) return [];
  const ref = shortRef(line.place, name.value);
  const first =
    moved === null
      ? git(line, "create_branch", { ref, span: name.span })
      : git(line, "move_branch", { ref, force: "force", span: name.span });
  return [first, git(line, "switch", { ref, span: name.span })];
}

export function switchTo(line: GitLine): readonly Deed[] {
  const forced = may(line, "discard_changes") ? [git(line, "discard_changes", { force: "force" })] : [];
  const created = lastOf(line, "create", "orphan");
  const moved = lastOf(line, "force_create");
  if (created !== null || moved !== null) return [...forced, ...createAndSwitch(line, created, moved)];
  const target = operands(line)[0];
  return target === undefined ? forced : [...forced, ...switchDeeds(line, target)];
}

export function stashBranch(line: GitLine): readonly Deed[] {
  return [...createAndSwitch(line, operands(line)[0] ?? null, null), git(line, "stash")];
}

const LISTING = ["list", "show_current", "contains", "no_contains", "merged", "no_merged", "points_at", "all"];

export function branch(line: GitLine): readonly Deed[] {
  const names = operands(line);
  const remote = has(line, "remotes") ? ({ kind: "text", text: "" } as const) : undefined;
  if (may(line, "delete", "delete_force")) {
    const force = may(line, "delete_force") || may(line, "force") ? "force" : "none";
    return names.map(({ value, span }) =>
      git(line, "delete_branch", { ref: shortRef(line.place, value), force, span, ...(remote ? { remote } : {}) }),
    );
  }
  if (has(line, "move", "move_force")) return renamed(line, names, "rename_branch");
  if (has(line, "copy", "copy_force")) return renamed(line, names, "create_branch");
  if (has(line, "unset_upstream", "edit_description") || lastOf(line, "set_upstream_to") !== null) return [git(line, "configure")];
  const name = names[0];
  if (name === undefined || has(line, ...LISTING, "remotes")) return [];
  const operation = may(line, "force") ? "move_branch" : "create_branch";
  return [
    git(line, operation, { ref: shortRef(line.place, name.value), force: operation === "move_branch" ? "force" : "none", span: name.span }),
  ];
}

/** `-m new` renames the current branch, `-m old new` another one; forced, the new name may have been a branch, which moves. */
function renamed(line: GitLine, names: readonly Argument[], operation: string): readonly Deed[] {
  const to = names.at(-1);
  if (to === undefined) return [];
  const from = names.length > 1 ? names[0] : undefined;
  const forced = may(line, "move_force", "copy_force", "force");
  const target = shortRef(line.place, to.value);
  const ref = operation === "create_branch" ? target : from === undefined ? currentBranch(line) : shortRef(line.place, from.value);
  const first = git(line, operation, { ref, span: to.span, force: forced ? "force" : "none" });
  return forced ? [first, git(line, "move_branch", { ref: target, force: "force", span: to.span })] : [first];
}

const TAG_LISTING = ["list", "contains", "no_contains", "merged", "no_merged", "points_at", "n", "verify"];

export function tag(line: GitLine): readonly Deed[] {
  const names = operands(line);
  if (may(line, "delete")) return names.map(({ value, span }) => git(line, "delete_tag", { ref: shortRef(line.place, value), span }));
  const name = names[0];
  if (name === undefined || has(line, ...TAG_LISTING)) return [];
  return [
    git(line, "create_tag", { ref: shortRef(line.place, name.value), force: may(line, "force") ? "force" : "none", span: name.span }),
  ];
}

/** `git symbolic-ref HEAD refs/heads/x` puts HEAD on another branch without touching files. */
export function symbolicRef(line: GitLine): readonly Deed[] {
  const [name, target] = operands(line);
  if (name === undefined || (target === undefined && !has(line, "delete"))) return [];
  return [
    git(line, "switch", { ref: target === undefined ? UNKNOWN_WORD : shortRef(line.place, target.value), force: "force", span: name.span }),
  ];
}

/** The namespace of the ref says what moves or goes; refs that are neither branch nor tag hold history together. */
export function updateRef(line: GitLine): readonly Deed[] {
  const name = operands(line)[0];
  if (name === undefined || has(line, "stdin")) return [git(line, "rewrite_history", { ref: UNKNOWN_WORD, force: "force" })];
  const written = name.value.kind === "text" ? name.value.text : "";
  const target = { ref: shortRef(line.place, name.value), force: "force", span: name.span } as const;
  const isBranch = written.startsWith("refs/heads/") || isHead(written);
  if (isBranch) return [git(line, may(line, "delete") ? "delete_branch" : "move_branch", target)];
  if (written.startsWith("refs/tags/")) return [git(line, may(line, "delete") ? "delete_tag" : "create_tag", target)];
  return [git(line, "rewrite_history", target)];
}

export function addWorktree(line: GitLine): readonly Deed[] {
  const [path, start] = operands(line);
  if (path === undefined) return [];
  const deeds: Deed[] = [
    isBesideWorkspace(line, path.value) ? git(line, "add_worktree", { span: path.span }) : file(line, "write", path, "tree"),
  ];
  const created = lastOf(line, "create");
  const moved = lastOf(line, "force_create");
  if (moved !== null) deeds.push(git(line, "move_branch", { ref: shortRef(line.place, moved.value), force: "force", span: moved.span }));
  else if (created !== null) deeds.push(git(line, "create_branch", { ref: shortRef(line.place, created.value), span: created.span }));
  else if (start === undefined && !has(line, "detach")) {
    const name = baseName(path.value);
    deeds.push(git(line, "create_branch", { ref: name === null ? UNKNOWN_WORD : shortRef(line.place, name), span: path.span }));
  }
  return deeds;
}

/** A new folder next to the workspace, where people keep their other work trees. git writes into no folder that holds anything. */
function isBesideWorkspace(line: GitLine, path: Value): boolean {
  const { cwd, workspace_root: root } = line.call;
  if (path.kind !== "text" || line.place.folder !== null || cwd.kind !== "text" || cwd.text !== root) return false;
  const around = root.slice(0, root.lastIndexOf("/") + 1);
  const below = path.text.startsWith("../")
    ? path.text.slice(3)
    : around.length > 1 && path.text.startsWith(around)
      ? path.text.slice(around.length)
      : "";
  return below !== "" && below.split("/").every((name) => name !== "" && !name.startsWith("."));
}

export function moveWorktree(line: GitLine): readonly Deed[] {
  const [from, to] = operands(line);
  if (from === undefined || to === undefined) return [];
  return [file(line, "read", from, "tree"), file(line, "delete", from, "tree"), file(line, "write", to, "tree")];
}

/** Without `--force` git refuses when work would be lost, so only the forced removal is a deletion of files. */
export function removeWorktree(line: GitLine): readonly Deed[] {
  const force = may(line, "force") ? "force" : "none";
  return operands(line).flatMap((path) => {
    const removed = git(line, "remove_worktree", { force, span: path.span });
    return force === "force" ? [removed, file(line, "delete", path, "tree")] : [removed];
  });
}

export function bisect(line: GitLine): readonly Deed[] {
  return [git(line, "switch", { ref: UNKNOWN_WORD })];
}

/** Everything after `run` is the command, options and all. */
export function bisectRun(line: GitLine): readonly Deed[] {
  const words = operands(line);
  return words.length === 0 ? [] : [git(line, "switch", { ref: UNKNOWN_WORD }), command(line, words, { cwd: line.place.top })];
}
