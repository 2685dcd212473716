// What git prints, where it can be told: names of the current branch, one-word answers, lists of paths. Implements spec/git.md section 10.
// Twin of go/change/programs/git_output.go.

import type { Output } from "../reading.js";
import { type GitLine, has, operands } from "./git-line.js";
import { isHead } from "./git-refs.js";

const STREAM: Output = { kind: "stream" };
/** A hash or a name without a slash. */
const WORD: Output = { kind: "lines", globs: ["*"] };
/** Paths below the folder that git works in; never one that leads out of it. */
const PATHS: Output = { kind: "lines", globs: ["**/*"] };

export function gitOutputOf(line: GitLine): Output {
  switch (line.name) {
    case "branch":
      return has(line, "show_current") ? branch(line) : STREAM;
    case "rev-parse":
      return revParse(line);
    case "symbolic-ref":
      return has(line, "short") && operands(line).length === 1 ? branch(line) : STREAM;
    case "merge-base":
    case "hash-object":
    case "write-tree":
    case "commit-tree":
      return WORD;
    case "ls-files":
      return has(line, "stage", "format", "t", "unmerged") || line.place.folder !== null ? STREAM : PATHS;
    case "diff":
    case "ls-tree":
      return has(line, "name_only") && line.place.folder === null ? PATHS : STREAM;
    default:
      return STREAM;
  }
}

function branch(line: GitLine): Output {
  return line.place.branch === "" ? STREAM : { kind: "text", text: `${line.place.branch}\n` };
}

function revParse(line: GitLine): Output {
  if (has(line, "parseopt", "sq_quote")) return STREAM;
  const names = operands(line).map(({ value }) => (value.kind === "text" ? value.text : ""));
  if (has(line, "abbrev_ref")) return names.length === 1 && isHead(names[0] ?? "") ? branch(line) : STREAM;
  if (has(line, "show_toplevel")) return topLevel(line);
  if (has(line, "symbolic_full_name", "git_dir", "show_cdup", "show_prefix", "git_path")) return STREAM;
  // A word that is no revision is printed as it stands, so only those without a slash are sure to give a name.
  return names.length > 0 && names.every((name) => name !== "" && !name.includes("/")) ? WORD : STREAM;
}

/** The workspace is taken for the repository that it is the top of (section 2), here as for every path from the top. */
function topLevel(line: GitLine): Output {
  const { top } = line.place;
  return top.kind === "text" && top.text !== "" && top.text === line.call.workspace_root ? { kind: "text", text: `${top.text}\n` } : STREAM;
}
