// Programs and code that configuration, variables and options give to git. Implements spec/git.md section 7.
// Twin of go/change/programs/git_injected_code.go.
// Both are said: the deed `inject_code`, because git is made to run something else than itself, and what that code does.

import { foldAscii } from "../../base/glob.js";
import { knownPrefix } from "../catalogue/value-parts.js";
import type { Deed } from "../deeds.js";
import { type Argument, text, type Value } from "../values.js";
import { CODE_VARIABLES, type CodeKey, type CodeKind, codeKeyOf } from "./git-code-keys.js";
import { type ConfigEntry, lastEntry } from "./git-config.js";
import { code, command, type GitLine, git, gitOutput } from "./git-line.js";
import { runs } from "./git-triggers.js";

/** Deeds of everything that the line injects and this sub-command runs. */
export function injectedCode(line: GitLine): readonly Deed[] {
  const deeds: Deed[] = [...strangeRepository(line)];
  for (const entry of line.config) {
    const codeKey = entry.key === null ? null : codeKeyOf(entry.key);
    if (codeKey === null || !runs(line, codeKey.group, entry.key) || isOverridden(line.config, entry, codeKey)) continue;
    if (entry.value !== null)
      deeds.push(...codeDeeds(line, codeKey.kind, { value: entry.value, span: entry.span }, codeKey.group === "pager"));
  }
  for (const { name, kind, group } of CODE_VARIABLES) {
    const value = lineVariable(line, name);
    if (value !== null && runs(line, group, null)) deeds.push(...codeDeeds(line, kind, { value, span: line.call.span }, group === "pager"));
  }
  return deeds;
}

/** Clause 7.6: a repository that the line points at, where anybody may have written its settings and hooks. */
function strangeRepository(line: GitLine): readonly Deed[] {
  const { call } = line;
  const option = line.globals.options.filter(({ means }) => means === "git_dir").at(-1)?.values[0];
  const value = option?.value ?? lineVariable(line, "GIT_DIR");
  if (value === null) return [];
  const path = knownPrefix(value);
  const isTemporary = call.facts.temp_roots.some((root) => path === root || path.startsWith(`${root}/`));
  return isTemporary ? [git(line, "inject_code", { span: option?.span ?? call.span })] : [];
}

/** A variable that the line itself sets. What the agent's shell inherited is not the action's doing. */
function lineVariable(line: GitLine, name: string): Value | null {
  const { environment, facts } = line.call;
  const value = Object.hasOwn(environment, name) ? environment[name] : undefined;
  if (value === undefined) return null;
  const inherited = Object.hasOwn(facts.environment, name) ? facts.environment[name] : undefined;
  return value.kind === "text" && value.text === inherited ? null : value;
}

/** Deeds of one configuration value that git runs, now or (when it is written to a file) from now on. */
export function configuredCode(line: GitLine, key: string, value: Argument): readonly Deed[] {
  const codeKey = codeKeyOf(key);
  return codeKey === null ? [] : codeDeeds(line, codeKey.kind, value, codeKey.group === "pager");
}

/** A program that the line names in place of git's own (`--upload-pack`, `--template`). */
export function givenCode(line: GitLine, kind: CodeKind, value: Argument): readonly Deed[] {
  return codeDeeds(line, kind, value, false);
}

function isOverridden(entries: readonly ConfigEntry[], entry: ConfigEntry, codeKey: CodeKey): boolean {
  return codeKey.kind !== "helper" && entry.key !== null && lastEntry(entries, entry.key) !== entry;
}

const TRUTHS = ["", "true", "false", "yes", "no", "on", "off", "1", "0"];

function codeDeeds(line: GitLine, kind: CodeKind, given: Argument, isFilter: boolean): readonly Deed[] {
  const known = given.value.kind === "text" ? given.value.text : null;
  if (known !== null && (TRUTHS.includes(foldAscii(known)) || known === "/dev/null")) return [];
  const injected = git(line, "inject_code", { span: given.span });
  const more = isFilter ? { stdin: gitOutput(given.span) } : {};
  switch (kind) {
    case "folder":
      return [injected];
    case "program":
      return [...(isPlain(known) ? [] : [injected]), command(line, [given], more)];
    case "helper":
      return helperDeeds(line, given, known, injected);
    case "shell":
      return [...(isPlain(known) ? [] : [injected]), code(line, "shell", withoutBang(given), more)];
  }
}

/** `!code`, an absolute path, or the end of `git-credential-…`. */
function helperDeeds(line: GitLine, given: Argument, known: string | null, injected: Deed): readonly Deed[] {
  const prefix = knownPrefix(given.value);
  if (known === null || prefix.startsWith("!") || prefix.startsWith("/")) return [injected, code(line, "shell", withoutBang(given))];
  const name = known.split(" ")[0] ?? "";
  if (["store", "cache", "osxkeychain", "manager", "manager-core", "libsecret", "wincred"].includes(name)) return [];
  return [injected, code(line, "shell", { value: text(`git-credential-${known}`), span: given.span })];
}

function withoutBang(given: Argument): Argument {
  const { value } = given;
  return value.kind === "text" && value.text.startsWith("!") ? { value: text(value.text.slice(1)), span: given.span } : given;
}

const PLAIN_PROGRAMS = [
  ":",
  "true",
  "false",
  "cat",
  "less",
  "more",
  "head",
  "bat",
  "delta",
  "ssh",
  "vi",
  "vim",
  "nvim",
  "nano",
  "emacs",
  "code",
  "ed",
  "sed",
  "echo",
  "gpg",
  "gpg2",
  "ssh-keygen",
  "git-upload-pack",
  "git-receive-pack",
  "git-upload-archive",
];

/** Known pagers, editors and transports with plain words, or with words in single quotes, in which nothing is expanded: what people set every day. */
function isPlain(known: string | null): boolean {
  if (known === null) return false;
  const parts = known.split("'");
  if (parts.length % 2 === 0) return false;
  for (const [i, part] of parts.entries()) if (i % 2 === 0) for (const unit of part) if (!isPlainUnit(unit)) return false;
  const program = known.split(" ")[0] ?? "";
  return PLAIN_PROGRAMS.includes(program.startsWith("/usr/bin/") ? program.slice(9) : program);
}

function isPlainUnit(unit: string): boolean {
  return (unit >= "a" && unit <= "z") || (unit >= "A" && unit <= "Z") || (unit >= "0" && unit <= "9") || " -_./:=+,@~".includes(unit);
}
