// Which sub-commands come to run the pager, the editor, the transport, and the other programs that can be injected. Implements spec/git.md clause 7.3.
// Twin of go/change/programs/git_triggers.go.

import type { CodeGroup } from "./git-code-keys.js";
import { type GitLine, has, lastOf, operands } from "./git-line.js";

const PAGED = [
  "log",
  "diff",
  "show",
  "blame",
  "annotate",
  "grep",
  "shortlog",
  "reflog",
  "range-diff",
  "branch",
  "tag",
  "config",
  "help",
  "stash list",
  "stash show",
  "reflog show",
  "config list",
  "config get",
  "for-each-ref",
  "show-branch",
  "format-patch",
];
const NETWORK = [
  "clone",
  "fetch",
  "pull",
  "push",
  "ls-remote",
  "fetch-pack",
  "send-pack",
  "remote update",
  "remote show",
  "remote prune",
  "submodule update",
  "submodule add",
  "lfs fetch",
  "lfs pull",
  "lfs push",
  "lfs clone",
  "lfs lock",
  "lfs unlock",
  "lfs locks",
  "subtree add",
  "subtree pull",
  "subtree push",
  "maintenance run",
  "backfill",
  "bundle unbundle",
  "credential fill",
  "credential approve",
  "credential reject",
  "imap-send",
  "send-email",
  "request-pull",
];
const MERGING = [
  "merge",
  "pull",
  "rebase",
  "cherry-pick",
  "revert",
  "am",
  "apply",
  "stash apply",
  "stash pop",
  "stash branch",
  "checkout",
  "switch",
  "restore",
  "merge-tree",
  "read-tree",
  "replay",
  "subtree merge",
  "subtree pull",
  "notes merge",
];
const SIGNING = [
  "commit",
  "tag",
  "merge",
  "pull",
  "push",
  "rebase",
  "cherry-pick",
  "revert",
  "am",
  "verify-commit",
  "verify-tag",
  "commit-tree",
  "log",
  "show",
];
const DIFFING = [
  "diff",
  "show",
  "diff-files",
  "diff-index",
  "diff-tree",
  "range-diff",
  "format-patch",
  "difftool",
  "stash show",
  "blame",
  "annotate",
  "grep",
  "cat-file",
  "log",
  "commit",
  "add",
];
const NO_INDEX = [
  "version",
  "help",
  "config",
  "var",
  "init",
  "clone",
  "ls-remote",
  "remote",
  "check-ref-format",
  "credential",
  "credential-store",
  "credential-cache",
  "bundle",
  "rev-parse",
  "lfs",
  "fetch",
  "fetch-pack",
  "push",
  "send-pack",
  "branch",
  "tag",
  "log",
  "reflog",
  "for-each-ref",
  "show-ref",
  "notes",
  "var",
  "cat-file",
  "merge-base",
  "rev-list",
];
const TOOLS = ["difftool", "mergetool", "gui", "citool"];

/** Whether this sub-command comes to run what the group is about. `key` is the configuration key, for `pager.<name>`. */
export function runs(line: GitLine, group: CodeGroup, key: string | null): boolean {
  const outer = line.name.split(" ")[0] ?? "";
  switch (group) {
    case "always":
      return true;
    case "network":
      return isNetworked(line);
    case "pager":
      return isPaged(line) && (key === null || key === "core.pager" || key === `pager.${outer}`);
    case "editor":
      return isEdited(line);
    case "sequence":
      return line.name === "rebase" && (has(line, "interactive", "edit_todo") || has(line, "rebase_merges"));
    case "diff":
      return DIFFING.includes(line.name) && (line.name !== "log" || has(line, "patch", "u", "ext_diff", "cc"));
    case "merge":
      return MERGING.includes(line.name);
    case "sign":
      return SIGNING.includes(line.name);
    case "hooks":
      return line.program.grammar?.unlisted !== "flag";
    case "patch":
      return has(line, "patch", "interactive");
    case "mail":
      return outer === "send-email" || outer === "imap-send";
    case "archive":
      return outer === "archive";
    case "tools":
      return TOOLS.includes(outer);
    case "submodule":
      return line.name === "submodule update" || line.name === "submodule add" || has(line, "recurse_submodules");
    case "objects":
      return ["gc", "prune", "repack", "maintenance"].includes(outer);
    case "templates":
      return outer === "init" || outer === "clone";
    case "web":
      return outer === "help" || outer === "instaweb";
    case "index":
      return !NO_INDEX.includes(outer);
  }
}

function isNetworked(line: GitLine): boolean {
  if (line.name === "archive") return has(line, "remote");
  if (line.name === "remote add") return has(line, "fetch");
  if (line.name === "remote set-head") return has(line, "auto");
  return NETWORK.includes(line.name);
}

function isPaged(line: GitLine): boolean {
  const paging = line.globals.options.filter((option) => option.means === "paginate" || option.means === "no_pager").at(-1);
  if (paging !== undefined) return (paging.means === "paginate") !== paging.negated;
  return PAGED.includes(line.name);
}

/** Sub-commands that open an editor unless they are given their text. */
function isEdited(line: GitLine): boolean {
  if (has(line, "edit", "edit_description", "edit_todo")) return true;
  if (has(line, "no_edit") || has(line, "message", "file", "reuse_message")) return false;
  switch (line.name) {
    case "commit":
      return lastOf(line, "fixup") === null && !isEditTakenBack(line);
    case "rebase":
      return has(line, "interactive", "continue");
    case "tag":
      return has(line, "annotate", "sign", "local_user") && operands(line).length > 0;
    case "merge":
    case "pull":
    case "revert":
    case "cherry-pick":
    case "am":
      return !isEditTakenBack(line) && (line.name !== "cherry-pick" || has(line, "continue"));
    case "notes add":
    case "notes edit":
    case "notes append":
    case "config edit":
    case "history reword":
    case "history split":
      return true;
    default:
      return false;
  }
}

function isEditTakenBack(line: GitLine): boolean {
  return line.cut.options.some((option) => option.means === "edit" && option.negated);
}
