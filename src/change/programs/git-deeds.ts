// What a sub-command means, from the table of meanings, and what its options and the line around it add. Implements spec/git.md sections 3, 6 and 7.
// Twin of go/change/programs/git_deeds.go.

import type { Span } from "../../base/span.js";
import type { CutLine } from "../catalogue/command-line.js";
import { optionsOf } from "../catalogue/options-of.js";
import { knownPrefix, within } from "../catalogue/value-parts.js";
import type { Deed } from "../deeds.js";
import type { Call } from "../reading.js";
import type { Argument, Value } from "../values.js";
import type { Injected } from "./git-config.js";
import { givenCode, injectedCode } from "./git-injected-code.js";
import { code, couldBe, file, type GitLine } from "./git-line.js";
import { meaningOf } from "./git-meanings.js";

export function lineDeeds(line: GitLine): readonly Deed[] {
  const meaning = ONLY_LOOK.has(line.name) ? undefined : meaningOf(line.name);
  return [...injectedCode(line), ...unknownOptions(line), ...optionDeeds(line), ...(meaning === undefined ? [] : meaning(line))];
}

/** What is asked most often and has no meaning in the table: in the hook the table is a bundle of its own, which these need not load. */
export const ONLY_LOOK: ReadonlySet<string> = new Set([
  "status",
  "rev-parse",
  "ls-files",
  "describe",
  "merge-base",
  "rev-list",
  "stash list",
  "remote",
]);

/** `git log --$x`: an option of which only the beginning is known, and that could name a program or a file to write. */
function unknownOptions(line: GitLine): readonly Deed[] {
  const dangerous = optionsOf(line.program).filter((option) => option.roles?.some((role) => role !== "data" && role !== "read") === true);
  return line.cut.unknown
    .filter((word) => couldBe(word, dangerous))
    .map((word): Deed => ({ kind: "opaque", reason: "unknown_option", detail: "git", span: word.span }));
}

/** Files and code that the catalogue's roles find in option values. */
function optionDeeds(line: GitLine): readonly Deed[] {
  const deeds: Deed[] = [];
  for (const { option, means, negated, values } of line.cut.options) {
    for (const [i, value] of values.entries()) {
      const role = option.roles?.[i] ?? "data";
      if (!negated) deeds.push(...roleDeeds(line, role, value, means));
    }
  }
  return deeds;
}

/** Files that options open for writing while git still reads the line: `git diff --output=f --help` empties `f` before it prints its usage. */
export function openedByOptions(line: GitLine): readonly Deed[] {
  return optionDeeds(line).filter((deed) => deed.kind === "file" && deed.effect === "write");
}

function roleDeeds(line: GitLine, role: string, value: Argument, means: string): readonly Deed[] {
  switch (role) {
    case "read":
    case "write":
      return isStream(value.value) ? [] : [file(line, role, value)];
    case "code:shell":
      return isTransport(line, means) ? givenCode(line, "shell", value) : [code(line, "shell", value)];
    case "code:python":
      return [code(line, "python", value)];
    case "program":
      return givenCode(line, "program", value);
    default:
      return [];
  }
}

/** The other end's half of git, which an option may replace by any program. `rebase --exec` is made to run code; that is no replacement. */
function isTransport(line: GitLine, means: string): boolean {
  return means === "upload_pack" || means === "receive_pack" || (means === "exec" && line.name !== "rebase");
}

function isStream(value: Value): boolean {
  return value.kind === "text" && value.text === "-";
}

/** Trace files that variables name, programs from `--exec-path`, configuration that nobody can read. */
export function globalDeeds(call: Call, globals: CutLine, config: Injected): readonly Deed[] {
  const deeds: Deed[] = [];
  const opaque = (detail: string, span: Span): Deed => ({ kind: "opaque", reason: "unknown_code", detail, span });
  if (config.unreadable) deeds.push(opaque("git_config", call.span));
  for (const entry of config.entries) if (entry.key === null) deeds.push(opaque("git_config", entry.span));
  for (const option of globals.options) {
    const path = option.values[0];
    if (option.means !== "exec_path" || path === undefined || option.negated) continue;
    const none = { kind: "text", text: "" } as const;
    deeds.push({ kind: "git", operation: "inject_code", ref: none, remote: none, force: "none", span: path.span });
  }
  for (const [name, value] of Object.entries(call.environment)) {
    if (!name.startsWith("GIT_TRACE") || !knownPrefix(value).startsWith("/")) continue;
    deeds.push({ kind: "file", effect: "write", path: within(null, value), extent: "exact", span: call.span });
  }
  return deeds;
}
