// Settings that git keeps: which of them anybody may set, and which lead its contacts elsewhere. Implements spec/git.md clause 15.7.
// Twin of go/change/programs/git_settings.go.
// Code in settings is told by git-injected-code.ts; what is listed here as harmless never holds any.

import type { Call } from "../reading.js";
import { codeKeyOf } from "./git-code-keys.js";

/** Sections of which every key without sub-section is about names, looks and habits. */
const PERSONAL: readonly string[] = [
  "user",
  "author",
  "committer",
  "advice",
  "blame",
  "branch",
  "color",
  "column",
  "commit",
  "fetch",
  "log",
  "pull",
  "push",
  "rebase",
  "rerere",
  "status",
  "tag",
];

const PERSONAL_KEYS: readonly string[] = [
  "core.abbrev",
  "core.autocrlf",
  "core.eol",
  "core.filemode",
  "core.ignorecase",
  "core.longpaths",
  "core.precomposeunicode",
  "core.quotepath",
  "core.safecrlf",
  "diff.algorithm",
  "diff.colormoved",
  "diff.renames",
  "format.pretty",
  "http.postbuffer",
  "init.defaultbranch",
  "merge.conflictstyle",
  "merge.ff",
];

/** A key (spec/git.md 6.2) that runs nothing, hides nothing and leads nowhere. */
export function isPersonal(key: string): boolean {
  const dot = key.indexOf(".");
  if (codeKeyOf(key) !== null) return false;
  return PERSONAL_KEYS.includes(key) || (dot === key.lastIndexOf(".") && PERSONAL.includes(key.slice(0, dot)));
}

/** Trust in the workspace itself, which is where the agent works anyway. */
export function isOwnFolder(key: string, value: string, call: Call): boolean {
  return key === "safe.directory" && call.workspace_root !== "" && value === call.workspace_root;
}

/** Keys by which an address comes to stand for another one. */
export function redirects(key: string): boolean {
  const section = key.slice(0, key.indexOf("."));
  const name = key.slice(key.lastIndexOf(".") + 1);
  if (section === "url") return name === "insteadof" || name === "pushinsteadof";
  if (section === "remote") return name === "url" || name === "pushurl" || name === "proxy";
  return section === "http" && name === "proxy";
}
