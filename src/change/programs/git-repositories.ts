// Whole repositories: clone, init, submodules, archives, bundles, patches by mail, credentials. Implements spec/git.md section 15.
// Twin of go/change/programs/git_repositories.go.

import { within } from "../catalogue/value-parts.js";
import type { Deed } from "../deeds.js";
import { type Argument, text, UNKNOWN_WORD } from "../values.js";
import { cloneFolder, contact } from "./git-address.js";
import { normalKey, splitPair } from "./git-config.js";
import { configuredCode, givenCode } from "./git-injected-code.js";
import { code, command, file, type GitLine, git, has, lastOf, may, operands, valuesOf } from "./git-line.js";
import { pathspecDeeds } from "./git-pathspec.js";

export function clone(line: GitLine): readonly Deed[] {
  const [source, folder] = operands(line);
  if (source === undefined) return [];
  const target = folder ?? { value: cloneFolder(source.value), span: source.span };
  const settings = valuesOf(line, "config").flatMap((pair) => setting(line, pair));
  return [...contact(line, source, "receive", "folder"), ...templates(line), ...settings, file(line, "write", target, "tree")];
}

/** `-c key=value` is written to the new repository and counts at once. */
function setting(line: GitLine, pair: Argument): readonly Deed[] {
  const { key, value } = splitPair(pair.value);
  const name = key === null ? null : normalKey(key);
  if (key === null) return [{ kind: "opaque", reason: "unknown_code", detail: "git_config", span: pair.span }];
  return name === null || value === null ? [] : configuredCode(line, name, { value, span: pair.span });
}

/** A template brings hooks. */
function templates(line: GitLine): readonly Deed[] {
  const template = lastOf(line, "template");
  return template === null ? [] : givenCode(line, "folder", template);
}

export function init(line: GitLine): readonly Deed[] {
  const folder = operands(line)[0] ?? { value: text("."), span: line.span };
  return [...templates(line), file(line, "write", folder)];
}

export function addSubmodule(line: GitLine): readonly Deed[] {
  const [source, folder] = operands(line);
  if (source === undefined) return [];
  const target = folder ?? { value: cloneFolder(source.value), span: source.span };
  return [...contact(line, source, "receive", "folder"), git(line, "configure"), git(line, "stage"), file(line, "write", target, "tree")];
}

export function updateSubmodules(line: GitLine): readonly Deed[] {
  const discarded = may(line, "force") ? [git(line, "discard_changes", { force: "force" })] : [];
  return has(line, "no_fetch") ? discarded : [...discarded, git(line, "fetch")];
}

export function deinitSubmodules(line: GitLine): readonly Deed[] {
  return may(line, "force") ? [git(line, "discard_changes", { force: "force" }), git(line, "configure")] : [git(line, "configure")];
}

/** One word is shell code, several are a command; both run in every submodule. */
export function forEachSubmodule(line: GitLine): readonly Deed[] {
  const first = operands(line)[0];
  if (first === undefined) return [];
  const words = operands(line);
  return words.length === 1 ? [code(line, "shell", first, { cwd: UNKNOWN_WORD })] : [command(line, words, { cwd: UNKNOWN_WORD })];
}

export function lfsTrack(line: GitLine): readonly Deed[] {
  if (operands(line).length === 0 || has(line, "dry_run", "d")) return [];
  return [file(line, "write", { value: text(".gitattributes"), span: line.span })];
}

/** Enters git into the machine's scheduler. */
export function scheduleMaintenance(line: GitLine): readonly Deed[] {
  return [
    git(line, "configure"),
    { kind: "operate", system: "host", operation: "schedule", target: text("git maintenance"), span: line.span },
  ];
}

/** The words are a git command for every repository that the configuration lists. */
export function forEachRepository(line: GitLine): readonly Deed[] {
  const words = operands(line);
  if (words.length === 0) return [];
  return [command(line, [{ value: text("git"), span: line.span }, ...words], { cwd: UNKNOWN_WORD })];
}

export function sendEmail(line: GitLine): readonly Deed[] {
  const read = line.name === "send-email" ? operands(line).map((word) => file(line, "read", word)) : [];
  if (has(line, "dry_run")) return read;
  const server = lastOf(line, "smtp_server");
  if (server?.value.kind === "text" && server.value.text.startsWith("/")) return [...read, ...givenCode(line, "program", server)];
  const destination = server?.value ?? UNKNOWN_WORD;
  return [...read, { kind: "network", destination, direction: "send", data: "derived", span: server?.span ?? line.span }];
}

/** Named paths come out readable; without any, only what the commit holds is packed. */
export function archive(line: GitLine): readonly Deed[] {
  const remote = lastOf(line, "remote");
  const contacted = remote === null ? [] : contact(line, remote, "receive");
  return [...contacted, ...pathspecDeeds(line, "read", operands(line).slice(1), "exact")];
}

export function createBundle(line: GitLine): readonly Deed[] {
  const target = operands(line)[0];
  return target === undefined || (target.value.kind === "text" && target.value.text === "-") ? [] : [file(line, "write", target)];
}

/** One file for each commit, in the named folder or here. */
export function formatPatch(line: GitLine): readonly Deed[] {
  if (has(line, "stdout") || lastOf(line, "output") !== null) return [];
  const named = lastOf(line, "output_directory");
  const pattern = { kind: "pattern", glob: "*.patch" } as const;
  if (named === null) return [file(line, "write", { value: pattern, span: line.span })];
  return [file(line, "write", { value: within(named.value, pattern), span: named.span })];
}

/** Passwords come out on standard output. */
export function showCredential(line: GitLine): readonly Deed[] {
  const { home } = line.call.facts;
  const value = home === "" ? UNKNOWN_WORD : text(`${home}/.git-credentials`);
  return [{ kind: "file", effect: "read", path: lastOf(line, "file")?.value ?? value, extent: "exact", span: line.span }];
}
