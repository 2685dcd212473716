// `git config`, and the other sub-commands that only change settings. Implements spec/git.md section 15.
// Twin of go/change/programs/git_config_command.go.
// What is written to the configuration runs later, when no line shows it: code in it is told now.

import { knownPrefix } from "../catalogue/value-parts.js";
import type { Deed } from "../deeds.js";
import { type Argument, text, UNKNOWN_WORD } from "../values.js";
import { splitAlias } from "./git-alias.js";
import { normalKey } from "./git-config.js";
import { configuredCode } from "./git-injected-code.js";
import { code, command, file, type GitLine, git, has, innerName, lastOf, operands } from "./git-line.js";
import { isOwnFolder, isPersonal, redirects } from "./git-settings.js";

export function configure(line: GitLine): readonly Deed[] {
  return [git(line, "configure")];
}

const WRITING = ["add", "replace_all", "unset", "unset_all", "rename_section", "remove_section", "edit"];
const READING = ["get", "get_all", "get_regexp", "get_urlmatch", "list", "get_color", "get_colorbool"];

/** Reads and writes, in the old form (`git config key value`) and the new one (`git config set key value`). */
export function configureInner(line: GitLine): readonly Deed[] {
  const inner = innerName(line);
  const words = operands(line);
  const isWrite =
    inner === "" ? has(line, ...WRITING) || (!has(line, ...READING) && words.length > 1) : inner !== "list" && inner !== "get";
  if (!isWrite) return [...configFile(line, "read"), ...configBlob(line)];
  const [key, value] = words;
  const isRemoval =
    has(line, "unset", "unset_all", "rename_section", "remove_section") || ["unset", "rename-section", "remove-section"].includes(inner);
  const carried = key === undefined || value === undefined || isRemoval ? [] : persisted(line, key, value);
  const own = isRemoval || !isHarmless(line, key, value) ? configFile(line, "write") : [];
  return [git(line, "configure"), ...own, ...carried];
}

/** What sets a name or a habit is no matter for the person's file of settings; a named file is a file like any other. */
function isHarmless(line: GitLine, key: Argument | undefined, value: Argument | undefined): boolean {
  if (key?.value.kind !== "text" || value === undefined || lastOf(line, "file") !== null || has(line, "system")) return false;
  const name = normalKey(key.value.text);
  if (name === null) return false;
  return isPersonal(name) || (value.value.kind === "text" && isOwnFolder(name, value.value.text, line.call));
}

/** A file other than the repository's own: named, or the person's or machine's. */
function configFile(line: GitLine, effect: "read" | "write"): readonly Deed[] {
  const named = lastOf(line, "file");
  if (named !== null) return knownPrefix(named.value) === "-" ? [] : [file(line, effect, named)];
  if (effect === "read") return [];
  const { home } = line.call.facts;
  if (has(line, "global")) return [file(line, effect, { value: home === "" ? UNKNOWN_WORD : text(`${home}/.gitconfig`), span: line.span })];
  return has(line, "system") ? [file(line, effect, { value: text("/etc/gitconfig"), span: line.span })] : [];
}

/** `--blob=HEAD:.gitmodules` */
function configBlob(line: GitLine): readonly Deed[] {
  const blob = lastOf(line, "blob");
  const colon = blob === null ? -1 : knownPrefix(blob.value).indexOf(":");
  if (blob === null || blob.value.kind !== "text" || colon < 0) return [];
  return [file(line, "read", { value: text(blob.value.text.slice(colon + 1)), span: blob.span })];
}

/** Code that git will run from now on. A key that nobody knows may carry any. */
function persisted(line: GitLine, key: Argument, value: Argument): readonly Deed[] {
  if (key.value.kind !== "text") return [{ kind: "opaque", reason: "unknown_code", detail: "git_config", span: key.span }];
  const name = normalKey(key.value.text);
  if (name === null) return [];
  if (redirects(name)) return [git(line, "redirect_remote", { span: key.span })];
  if (name.startsWith("alias.")) return persistedAlias(line, value);
  return configuredCode(line, name, value);
}

/** An alias to a sub-command of git is told as if it were run, since later lines only show its name. */
function persistedAlias(line: GitLine, given: Argument): readonly Deed[] {
  const { value, span } = given;
  if (value.kind !== "text") return [{ kind: "opaque", reason: "unknown_code", detail: "git_alias", span }];
  if (value.text.startsWith("!")) return [code(line, "shell", { value: text(value.text.slice(1)), span }, { cwd: line.place.top })];
  const words = splitAlias(value.text);
  if (words === null || words.length === 0) return [];
  return [
    command(
      line,
      ["git", ...words].map((word) => ({ value: text(word), span })),
    ),
  ];
}
