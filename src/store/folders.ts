// Where CAVRA keeps things on this machine, and whether that place can be trusted. Implements spec/record.md section 8.
// SECURITY: a folder that others may write to, or that belongs to somebody else, could be changed under us; a link could lead anywhere.

import { closeSync, constants, fsyncSync, lstatSync, mkdirSync, openSync, type Stats } from "node:fs";
import { dirname, isAbsolute, join } from "node:path";
import { CavraError } from "../base/index.js";

type Environment = Readonly<Record<string, string | undefined>>;

/** `CAVRA_STATE_DIR`, else `$XDG_STATE_HOME/cavra`, else `~/.local/state/cavra`. Nothing is touched. */
export function stateDir(env: Environment): string {
  return placeFor(env, "CAVRA_STATE_DIR", "XDG_STATE_HOME", ".local/state");
}

/** `CAVRA_CONFIG_DIR`, else `$XDG_CONFIG_HOME/cavra`, else `~/.config/cavra`. Nothing is touched. */
export function configDir(env: Environment): string {
  return placeFor(env, "CAVRA_CONFIG_DIR", "XDG_CONFIG_HOME", ".config");
}

function placeFor(env: Environment, own: string, base: string, fallback: string): string {
  const chosen = env[own];
  if (chosen) {
    if (isAbsolute(chosen)) return chosen;
    throw new CavraError("state_folder_not_absolute", `\`${own}\` must be an absolute path, not \`${chosen}\``, { hint: `set ${own}` });
  }
  // The XDG specification says that a relative path is to be ignored.
  const root = env[base];
  if (root && isAbsolute(root)) return join(root, "cavra");
  const home = env.HOME;
  if (home && isAbsolute(home)) return join(home, fallback, "cavra");
  throw new CavraError("no_home_folder", `neither \`${own}\`, \`${base}\` nor \`HOME\` says where to keep things`, { hint: `set ${own}` });
}

/** Makes the folder (mode 0700) and its parents where they are missing, and refuses one that cannot be trusted. */
export function ensurePrivateFolder(folder: string): void {
  let stats = lookAt(folder);
  if (stats === null) {
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    stats = lookAt(folder);
  }
  const problem = stats === null ? "missing" : untrusted(stats);
  if (problem !== null) throw new CavraError(`state_folder_${problem}`, `\`${folder}\` is ${PROBLEMS[problem]}`, { hint: HINTS[problem] });
}

type FolderProblem = "missing" | "symlink" | "not_a_folder" | "foreign" | "world_writable";

const PROBLEMS: Readonly<Record<FolderProblem, string>> = {
  missing: "missing",
  symlink: "a symbolic link",
  not_a_folder: "not a folder",
  foreign: "owned by another user",
  world_writable: "writable by everybody",
};

const HINTS: Readonly<Record<FolderProblem, string>> = {
  missing: "make it, or set CAVRA_STATE_DIR",
  symlink: "set CAVRA_STATE_DIR to the folder that the link leads to",
  not_a_folder: "move it away, or set CAVRA_STATE_DIR",
  foreign: "set CAVRA_STATE_DIR to a folder of your own",
  world_writable: "run `chmod 700` on it",
};

function lookAt(path: string): Stats | null {
  return lstatSync(path, { throwIfNoEntry: false }) ?? null;
}

function untrusted(stats: Stats): FolderProblem | null {
  if (stats.isSymbolicLink()) return "symlink";
  if (!stats.isDirectory()) return "not_a_folder";
  if (process.getuid !== undefined && stats.uid !== process.getuid()) return "foreign";
  return process.platform !== "win32" && (stats.mode & 0o002) !== 0 ? "world_writable" : null;
}

/** Makes the names in a folder, and the folder's own name in its parents, survive a loss of power. */
export function syncFolderChain(folder: string): void {
  if (process.platform === "win32") return; // folders cannot be opened there; NTFS journals names itself
  for (let path = folder; ; path = dirname(path)) {
    // Upwards only as far as the folders are ours: somebody else's were there before us.
    const stats = lookAt(path);
    if (path !== folder && (stats === null || stats.uid !== process.getuid?.())) return;
    syncFolder(path);
    if (dirname(path) === path) return;
  }
}

function syncFolder(path: string): void {
  const handle = openSync(path, constants.O_RDONLY | constants.O_DIRECTORY);
  try {
    fsyncSync(handle);
  } finally {
    closeSync(handle);
  }
}
