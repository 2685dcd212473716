// Reads a repository's branch, default branch, upstream and remote from its files. It runs no program: `git` itself would run hooks,
// pagers and file-system monitors that the repository's own configuration names.

import { statSync } from "node:fs";
import { dirname, isAbsolute, join, resolve } from "node:path";
import type { GitFacts } from "../change/index.js";
import { readRegularFile } from "./regular-file.js";

/** Root folder of the repository that holds `folder`, or null. */
export function repositoryRoot(folder: string): string | null {
  for (let at = resolve(folder); ; at = dirname(at)) {
    if (exists(join(at, ".git"))) return at;
    if (at === dirname(at)) return null;
  }
}

/** What git would say of the repository around `folder`; empty strings where nothing is known. */
export function readGitFacts(folder: string): GitFacts {
  const place = gitPlace(folder);
  if (place === null) return { current_branch: "", default_branch: "", upstream_remote: "", upstream_branch: "" };
  const current = branchOf(read(join(place.own, "HEAD")));
  const settings = configuration(read(join(place.common, "config")));
  const remote = settings.get(`branch.${current}.remote`) ?? "";
  return {
    current_branch: current,
    default_branch: defaultBranch(place.common, remote === "" ? "origin" : remote),
    upstream_remote: remote,
    upstream_branch: (settings.get(`branch.${current}.merge`) ?? "").replace("refs/heads/", ""),
  };
}

/** The branch that is checked out and where the repository comes from: what a record says of it, in two reads. */
export function branchAndOrigin(folder: string): { readonly branch: string; readonly origin: string } {
  const place = gitPlace(folder);
  if (place === null) return { branch: "", origin: "" };
  const url = configuration(read(join(place.common, "config"))).get("remote.origin.url") ?? "";
  return { branch: branchOf(read(join(place.own, "HEAD"))), origin: withoutSecrets(url) };
}

/** The URL without user, password and query. */
function withoutSecrets(url: string): string {
  const cut = url.indexOf("://");
  if (cut === -1) return url;
  const rest = url.slice(cut + 3).split(/[?#]/)[0] ?? "";
  const slash = rest.indexOf("/");
  const at = rest.lastIndexOf("@", slash === -1 ? rest.length : slash);
  return `${url.slice(0, cut)}://${rest.slice(at + 1)}`;
}

function gitPlace(folder: string): { readonly own: string; readonly common: string } | null {
  const root = repositoryRoot(folder);
  if (root === null) return null;
  const dot = join(root, ".git");
  const pointer = read(dot);
  const own = pointer.startsWith("gitdir:") ? against(root, pointer.slice(7).trim()) : dot;
  const common = read(join(own, "commondir")).trim();
  return { own, common: common === "" ? own : against(own, common) };
}

function defaultBranch(common: string, remote: string): string {
  const prefix = `ref: refs/remotes/${remote}/`;
  const head = read(join(common, "refs/remotes", remote, "HEAD")).trim();
  if (head.startsWith(prefix)) return head.slice(prefix.length);
  const packed = read(join(common, "packed-refs"));
  const has = (name: string) => exists(join(common, "refs/heads", name)) || packed.includes(` refs/heads/${name}\n`);
  return ["main", "master"].find(has) ?? "";
}

function branchOf(head: string): string {
  return head.startsWith("ref: refs/heads/") ? head.slice(16).trim() : "";
}

/** The plain part of git's configuration grammar: sections, sub-sections, `key = value`. The last value wins. */
function configuration(source: string): Map<string, string> {
  const settings = new Map<string, string>();
  let section = "";
  for (const raw of source.split("\n")) {
    const line = raw.trim();
    if (line.startsWith("[")) section = sectionName(line);
    const equals = line.indexOf("=");
    if (line.startsWith("#") || line.startsWith(";") || line.startsWith("[") || equals === -1) continue;
    settings.set(
      `${section}.${line.slice(0, equals).trim().toLowerCase()}`,
      line
        .slice(equals + 1)
        .trim()
        .replaceAll('"', ""),
    );
  }
  return settings;
}

function sectionName(line: string): string {
  const inside = line.slice(1, line.lastIndexOf("]"));
  const quote = inside.indexOf('"');
  if (quote === -1) return inside.trim().toLowerCase();
  return `${inside.slice(0, quote).trim().toLowerCase()}.${inside.slice(quote + 1, inside.lastIndexOf('"'))}`;
}

function against(folder: string, path: string): string {
  return isAbsolute(path) ? path : join(folder, path);
}

/** Of a file of git's that we read; `packed-refs` of a large repository has some megabytes. */
const GIT_FILE_BYTES = 16 * 1024 * 1024;

function read(path: string): string {
  return readRegularFile(path, GIT_FILE_BYTES)?.toString("utf8") ?? "";
}

function exists(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false }) !== undefined;
}
