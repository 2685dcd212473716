// Where a git command works: `-C`, `--git-dir`, `--work-tree` and their variables, and which facts hold there. Implements spec/git.md section 2.
// Twin of go/change/programs/git_place.go.
// The facts tell of one repository only; the temptation is to use its branch for any other that the line moves to.

import type { CutLine } from "../catalogue/command-line.js";
import { within } from "../catalogue/value-parts.js";
import type { Call } from "../reading.js";
import { text, UNKNOWN_WORD, type Value } from "../values.js";

export interface GitPlace {
  /** Folder from `-C`, to which paths on the line are relative; null when git works where the call does. */
  readonly folder: Value | null;
  /** Top of the work tree, as far as it can be told. */
  readonly top: Value;
  /** Current and upstream branch, upstream remote; "" when they are not known, or when this is not the repository that the facts tell of. */
  readonly branch: string;
  readonly upstream_branch: string;
  readonly upstream_remote: string;
}

/** `globals` are the options before the sub-command. */
export function placeOf(call: Call, globals: CutLine): GitPlace {
  const folder = folderOf(globals);
  const tree = lastValue(globals, "work_tree") ?? call.environment.GIT_WORK_TREE ?? null;
  const repository = lastValue(globals, "git_dir") ?? call.environment.GIT_DIR ?? null;
  const isMoved =
    !isOneOf(folder, [".", call.workspace_root]) || !isOneOf(tree, [".", call.workspace_root]) || !isOneOf(repository, [".git"]);
  const isOurs = !isMoved && isInside(call.cwd, call.workspace_root);
  // The facts are asked when a reader asks: most commands have no use for them, and the caller would have to look them up.
  return {
    folder,
    top: topOf(call, folder, tree, isOurs),
    get branch() {
      return isOurs ? call.facts.git.current_branch : "";
    },
    get upstream_branch() {
      return isOurs ? call.facts.git.upstream_branch : "";
    },
    get upstream_remote() {
      return isOurs ? call.facts.git.upstream_remote : "";
    },
  };
}

function folderOf(globals: CutLine): Value | null {
  let folder: Value | null = null;
  for (const option of globals.options) {
    const value = option.values[0]?.value;
    if (option.means === "C" && value !== undefined && !(value.kind === "text" && value.text === "")) folder = within(folder, value);
  }
  return folder;
}

function topOf(call: Call, folder: Value | null, tree: Value | null, isOurs: boolean): Value {
  if (tree !== null) return within(folder, tree);
  if (isOurs && call.workspace_root !== "") return text(call.workspace_root);
  return folder ?? text(".");
}

function lastValue(globals: CutLine, means: string): Value | null {
  let last: Value | null = null;
  for (const option of globals.options) if (option.means === means) last = option.values[0]?.value ?? UNKNOWN_WORD;
  return last;
}

function isOneOf(value: Value | null, known: readonly string[]): boolean {
  return value === null || (value.kind === "text" && known.includes(value.text));
}

function isInside(cwd: Value, root: string): boolean {
  return cwd.kind === "text" && root !== "" && (cwd.text === root || cwd.text.startsWith(root.endsWith("/") ? root : `${root}/`));
}
