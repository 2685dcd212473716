// Puts the hook into a settings file on disk and takes it out again. Implements spec/agents.md section 4.
// What it needs to restore a file byte for byte is kept in the state folder; a settings file is replaced in one step, never half written.

import { existsSync, lstatSync, mkdirSync, readFileSync, realpathSync, renameSync, rmdirSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { CavraError, ok, type Problem, type Result, sha256 } from "../../base/index.js";
import { missingProgram } from "./hook-program.js";
import { findHook, type HookSpec, type InstalledHook, whyIdle, withHook, withoutHook } from "./settings.js";

/** What is remembered of an installation. `before` null: there was no file. */
interface Installation {
  readonly path: string;
  readonly before: string | null;
  /** False where a hook of ours was in the file that we know nothing about: `before` is then only what is left without it. */
  readonly exact: boolean;
  readonly after_digest: string;
  readonly installed_at: string;
}

export interface InstallReport {
  readonly path: string;
  readonly done: "installed" | "unchanged" | "restored" | "taken_out" | "not_installed";
}

/** The settings file of a repository, or of the person. */
export function settingsPath(root: string): string {
  return join(root, ".claude", "settings.json");
}

/** Where the hook is to find the policy and keep the record. */
export interface HookFolders {
  readonly state: string;
  readonly config: string;
}

/**
 * The command for the host's settings: absolute, and a refusal whatever happens to the process. `sh` runs it.
 * SECURITY: the folders stand in it, because a repository's own settings can set variables for the host's hooks, and would bring their own policy so.
 */
export function hookCommand(node: string, program: string, { state, config }: HookFolders): string {
  // A refusal of our own (2) has told its reason already; everything else ends here, with a reason and the refusal.
  const failed =
    "{ [ $? -eq 2 ] || echo 'cavra: the hook could not run, so the call is refused; run `cavra agent doctor claude-code`' >&2; exit 2; }";
  const variables = `NODE_OPTIONS= NODE_EXTRA_CA_CERTS= CAVRA_STATE_DIR=${quoted(state)} CAVRA_CONFIG_DIR=${quoted(config)}`;
  return `${variables} ${quoted(node)} ${quoted(program)} hook claude-code || ${failed}`;
}

function quoted(path: string): string {
  return `'${path.replaceAll("'", "'\\''")}'`;
}

export function installHook(path: string, spec: HookSpec, stateFolder: string, now: string): Result<InstallReport> {
  const file = target(path);
  const before = existsSync(file) ? readText(file) : null;
  const edited = withHook(before ?? "", spec);
  if (!edited.ok) return inFile(edited.problem, path);
  if (edited.value === before) return ok({ path, done: "unchanged" });
  const memory = memoryOf(stateFolder, file);
  const original = originalOf(before, readMemory(memory));
  mkdirSync(dirname(memory), { recursive: true, mode: 0o700 });
  replace(
    memory,
    JSON.stringify({ path: file, ...original, after_digest: sha256(edited.value), installed_at: now } satisfies Installation),
    0o600,
  );
  mkdirSync(dirname(file), { recursive: true });
  replace(file, edited.value, 0o644);
  return ok({ path, done: "installed" });
}

export function uninstallHook(path: string, stateFolder: string): Result<InstallReport> {
  const file = target(path);
  if (!existsSync(file)) return ok({ path, done: "not_installed" });
  const current = readText(file);
  const found = findHook(current);
  if (!found.ok) return inFile(found.problem, path);
  if (found.value === null) return ok({ path, done: "not_installed" });
  const memory = memoryOf(stateFolder, file);
  const known = readMemory(memory);
  if (known !== null && known.after_digest === sha256(current)) {
    restore(file, known.before);
    rmSync(memory, { force: true });
    return ok({ path, done: known.exact === false ? "taken_out" : "restored" });
  }
  const edited = withoutHook(current);
  if (!edited.ok) return inFile(edited.problem, path);
  // A file that installing made and that holds nothing else goes, whoever touched our lines in it.
  const ours = known?.before === null && isEmptyObject(edited.value);
  restore(file, ours ? null : edited.value);
  rmSync(memory, { force: true });
  if (ours) return ok({ path, done: "restored" });
  return ok({ path, done: "taken_out" });
}

/** A hook of ours that was found. `since` is "" when somebody else put it there; `idle` says why the host would not ask it before every call. */
export interface FoundHook {
  readonly hook: InstalledHook;
  readonly since: string;
  readonly idle: Problem | null;
}

/** Our hook in the file at `path`, or null. */
export function installedHook(path: string, stateFolder: string): Result<FoundHook | null> {
  if (!existsSync(path)) return ok(null);
  const text = readText(path);
  const found = findHook(text);
  if (!found.ok) return inFile(found.problem, path);
  if (found.value === null) return ok(null);
  const since = installedAt(path, stateFolder);
  return ok({ hook: found.value, since, idle: whyIdle(text, found.value) ?? missingProgram(found.value.command) });
}

/** When the hook was put into the file at `path`, or "" if we never did or took it out again: a hook that should be there. */
export function installedAt(path: string, stateFolder: string): string {
  return readMemory(memoryOf(stateFolder, target(path)))?.installed_at ?? "";
}

/** The hook that should stand in one of these files and does not, when none stands in any of them. */
export function lostHook(paths: readonly string[], stateFolder: string): Problem | null {
  for (const path of paths) {
    const since = installedAt(path, stateFolder);
    if (since === "") continue;
    return {
      code: "not_installed",
      message: `the hook that was installed on ${since.slice(0, 10)} in \`${path}\` is gone or was changed: nothing is asked`,
      hint: "run `cavra agent install claude-code`",
    };
  }
  return null;
}

// A settings file that is a link (dotfiles are often kept so) stays one; what it leads to is edited.
function target(path: string): string {
  try {
    return lstatSync(path).isSymbolicLink() ? realpathSync(path) : path;
  } catch {
    return path;
  }
}

function readText(path: string): string {
  try {
    return readFileSync(path, "utf8");
  } catch (cause) {
    throw new CavraError("settings_unreadable", `\`${path}\` cannot be read`, {
      hint: "check that it is a file and that you may read it",
      cause,
    });
  }
}

function withoutOurs(before: string | null): string | null {
  if (before === null) return null;
  const clean = withoutHook(before);
  return clean.ok ? clean.value : before;
}

/** The file as it was before us: known to the byte where we never were in it or an earlier installation is still in place, else what is left without our hook. */
function originalOf(before: string | null, known: Installation | null): Pick<Installation, "before" | "exact"> {
  if (known !== null && before !== null && known.after_digest === sha256(before))
    return { before: known.before, exact: known.exact !== false };
  const left = withoutOurs(before);
  if (left === before) return { before, exact: true };
  if (known?.before === null && left !== null && isEmptyObject(left)) return { before: null, exact: true };
  return { before: left, exact: false };
}

function isEmptyObject(text: string): boolean {
  return text.replaceAll(/\s/g, "") === "{}";
}

function inFile(problem: Problem, path: string): Result<never> {
  return { ok: false, problem: { ...problem, at: path } };
}

function restore(file: string, before: string | null): void {
  if (before !== null) {
    replace(file, before, 0o644);
    return;
  }
  rmSync(file);
  try {
    rmdirSync(dirname(file));
  } catch {
    // Other files live there: the folder is not ours to remove.
  }
}

function memoryOf(stateFolder: string, file: string): string {
  return join(stateFolder, "installs", `${sha256(file).slice("sha256:".length, "sha256:".length + 32)}.json`);
}

function readMemory(path: string): Installation | null {
  try {
    return JSON.parse(readFileSync(path, "utf8")) as Installation;
  } catch {
    return null;
  }
}

function replace(path: string, text: string, mode: number): void {
  const draft = `${path}.cavra-${process.pid}`;
  try {
    const known = existsSync(path) ? lstatSync(path).mode & 0o777 : mode;
    writeFileSync(draft, text, { mode: known, flag: "wx" });
    renameSync(draft, path);
  } catch (cause) {
    rmSync(draft, { force: true });
    throw new CavraError("settings_unwritable", `\`${path}\` cannot be written`, { hint: "check who owns the file and its folder", cause });
  }
}
