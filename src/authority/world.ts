// Looks up what a change names: links, folder listings, scripts, the state of git. The rim's eyes; everything it sees is handed on as Facts.
// SECURITY: a fact is true when it is read, not when the action runs; docs/limits.md says so. It follows no link itself and opens only regular files.

import { lstatSync, opendirSync, readlinkSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import type { Action, Facts, Wants } from "../change/index.js";
import { readGitFacts } from "./git-facts.js";
import { readRegularFile } from "./regular-file.js";

/** Limits on what one action may make us look up. Beyond them a fact stays unknown, which is the careful answer. */
export const WORLD_LIMITS = { paths: 256, steps: 4096, folders: 32, names: 4096, scripts: 8, scriptBytes: 256 * 1024 };

/** What is known before anything is looked up. `environment` is the agent's as far as the host hands it on. */
export function startingFacts(environment: Readonly<Record<string, string | undefined>>, home: string): Facts {
  const known = Object.fromEntries(RELIED_ON.flatMap((name) => (environment[name] ? [[name, environment[name]]] : [])));
  return {
    home,
    temp_roots: tempRoots(environment.TMPDIR),
    environment: { HOME: home, ...known },
    links: {},
    listings: {},
    scripts: {},
    git: { current_branch: "", default_branch: "", upstream_remote: "", upstream_branch: "" },
  };
}

// Only variables that the guard's own process shares with the agent's shell and that name places. Anything else stays unknown.
const RELIED_ON = ["TMPDIR", "USER", "LOGNAME", "SHELL", "XDG_CONFIG_HOME", "XDG_STATE_HOME", "XDG_CACHE_HOME", "XDG_DATA_HOME"];

function tempRoots(tmpdir: string | undefined): readonly string[] {
  const roots = ["/tmp", "/var/tmp", "/private/tmp", "/private/var/tmp"];
  const own = tmpdir?.startsWith("/") ? resolve(tmpdir) : "";
  // A TMPDIR of `/` or of one level would make the whole machine a scratch folder.
  return own.split("/").length > 2 && !roots.includes(own) ? [own, ...roots] : roots;
}

/** The same facts with everything in `wants` looked up. Nothing here throws: what cannot be read stays unknown. */
export function lookUp(wants: Wants, action: Action, facts: Facts): Facts {
  return {
    ...facts,
    links: linksOnTheWay(wants.paths),
    listings: Object.fromEntries(wants.folders.slice(0, WORLD_LIMITS.folders).flatMap((folder) => listing(folder))),
    scripts: Object.fromEntries(wants.scripts.slice(0, WORLD_LIMITS.scripts).flatMap((path) => script(path))),
    git: wants.git ? readGitFacts(action.cwd) : facts.git,
  };
}

/** Every symbolic link that stands on the way to one of the paths, also those that a link's own target leads through. */
function linksOnTheWay(paths: readonly string[]): Record<string, string> {
  const links: Record<string, string> = Object.create(null);
  const seen = new Set<string>();
  // `/proc/self`, `/dev/fd` and their like are links to whoever looks, and that is this process: spec/change.md section 4 reads them itself.
  const queue = paths.filter((path) => !/^\/(proc|dev)(\/|$)/.test(path)).slice(0, WORLD_LIMITS.paths);
  for (let steps = 0; queue.length > 0 && steps < WORLD_LIMITS.steps; ) {
    const path = queue.shift() ?? "/";
    const parts = path.split("/").filter((part) => part !== "");
    for (let depth = 1, at = ""; depth <= parts.length && steps < WORLD_LIMITS.steps; depth++, steps++) {
      at = `${at}/${parts[depth - 1]}`;
      if (seen.has(at)) continue;
      seen.add(at);
      const target = linkTarget(at);
      if (target === "missing") break;
      if (target === "") continue;
      links[at] = target;
      queue.push(join(target, ...parts.slice(depth)));
      break;
    }
  }
  return links;
}

function linkTarget(path: string): string {
  try {
    const about = lstatSync(path, { throwIfNoEntry: false });
    if (about === undefined) return "missing";
    if (!about.isSymbolicLink()) return "";
    return resolve(dirname(path), readlinkSync(path));
  } catch {
    return "missing";
  }
}

function listing(folder: string): [string, readonly string[]][] {
  try {
    const names = namesIn(folder);
    return names.length > WORLD_LIMITS.names ? [] : [[folder, names]];
  } catch {
    return [];
  }
}

// Name by name: a folder with a million files must not cost the time that the host waits for us.
function namesIn(folder: string): readonly string[] {
  const names: string[] = [];
  const open = opendirSync(folder);
  try {
    for (let entry = open.readSync(); entry !== null && names.length <= WORLD_LIMITS.names; entry = open.readSync()) names.push(entry.name);
  } finally {
    open.closeSync();
  }
  return names;
}

function script(path: string): [string, string][] {
  try {
    const bytes = lstatSync(path).isFile() ? readRegularFile(path, WORLD_LIMITS.scriptBytes) : null;
    return bytes === null ? [] : [[path, bytes.toString("utf8")]];
  } catch {
    return [];
  }
}
