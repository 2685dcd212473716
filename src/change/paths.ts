// One spelling for every path: absolute, no `.`, no `..`, no doubled or trailing slash, links followed as the kernel does.
// Implements spec/change.md section 4. Twin of go/change/model/paths.go. It knows links only from the facts, and reads no file system.

import { escapeGlob, hasActive, LIMITS, unescapeGlob, utf8Length } from "./words/index.js";

/** Where paths are resolved: the working folder (null: unknown) and the links that are known. */
export interface PathView {
  readonly cwd: string | null;
  link(path: string): string | null;
}

/** Whether a link that the path itself names is followed: `cat` reads behind it, `rm` removes the link. */
export type Follow = "all" | "parents";

/** Bytes of the longest path that a kernel takes. */
export const PATH_BYTES = 4096;

/**
 * The absolute path where it is resolved as it is written: printable ASCII without `\\`, `.`, `..`, doubled slashes and drives, not in `/proc` or `/dev`.
 * Most paths are so, and where there are no links need nothing else. Null for all others.
 */
export function plainPath(path: string, cwd: string | null): string | null {
  if (path.startsWith("/")) return isPlain(path) ? path : null;
  if (cwd === null || path.charAt(1) === ":") return null;
  const whole = cwd === "/" ? `/${path}` : `${cwd}/${path}`;
  return isPlain(whole) ? whole : null;
}

function isPlain(path: string): boolean {
  if (path.length > PATH_BYTES || path.startsWith("/proc") || path.startsWith("/dev") || !path.startsWith("/") || path.endsWith("/"))
    return false;
  for (let i = 1; i < path.length; i++) {
    const unit = path.charCodeAt(i);
    if (unit < 0x20 || unit > 0x7e || unit === BACKSLASH) return false;
    if (path.charCodeAt(i - 1) === SLASH && (unit === SLASH || (unit === DOT && isDots(path, i)))) return false;
  }
  return true;
}

/** Whether the component that begins here is `.`, or begins with `..`. */
function isDots(path: string, at: number): boolean {
  const next = path.charCodeAt(at + 1);
  return at + 1 === path.length || next === SLASH || next === DOT;
}

const SLASH = 0x2f;
const DOT = 0x2e;
const BACKSLASH = 0x5c;

/** The canonical absolute path, or null when it cannot be known: relative to an unknown folder, too long, a circle of links. */
export function canonicalPath(path: string, view: PathView, follow: Follow = "all"): string | null {
  return resolve(path, view, follow, false);
}

/** The same for a glob: literal components are resolved, active ones stay. A `..` after `**` could be anywhere: null. */
export function canonicalGlob(glob: string, view: PathView, follow: Follow = "all"): string | null {
  return resolve(glob, view, follow, true);
}

// The temptation is to leave `\` and `C:\` to be odd names in the workspace: on Windows, and for Git Bash, they are the disk.
function fromWindows(path: string, backslash: string): string {
  const letter = path[0] ?? "";
  const hasDrive = path[1] === ":" && ((letter >= "a" && letter <= "z") || (letter >= "A" && letter <= "Z"));
  const rest = hasDrive ? path.slice(2) : path;
  if (!rest.startsWith(backslash) && !(hasDrive && (rest === "" || rest.startsWith("/")))) return path;
  return `${hasDrive ? `/${path.slice(0, 2)}` : ""}${rest.replaceAll(backslash, "/")}`;
}

/** The absolute path with `.` and `..` undone as text, links not followed: what a shell calls its working folder. */
export function logicalPath(path: string, cwd: string | null): string | null {
  return plainPath(path, cwd) ?? resolve(path, { cwd, link: () => null }, "parents", false, false);
}

/** The same for a folder of which only a pattern is known. */
export function logicalGlob(glob: string): string | null {
  return resolve(glob, { cwd: null, link: () => null }, "parents", true, false);
}

/** The absolute paths at which a link would matter: the path itself as text, and what stands before each `..` in it. */
export function pathsToLookUp(path: string, cwd: string | null): readonly string[] {
  if (utf8Length(path) > PATH_BYTES) return [];
  const asked: string[] = [];
  for (let at = path.indexOf("/.."); at >= 0 && asked.length < LIMITS.linkSteps; at = path.indexOf("/..", at + 1)) {
    const before = logicalPath(path.slice(0, at), cwd);
    if (before !== null) asked.push(before);
  }
  const whole = resolve(path, { cwd, link: () => null }, "all", false);
  const all = whole === null ? asked : [...asked, whole];
  return all.filter((one) => !one.startsWith("/proc/") && !one.startsWith("/dev/"));
}

function resolve(written: string, view: PathView, follow: Follow, glob: boolean, processes = true): string | null {
  const path = fromWindows(written, glob ? "\\\\" : "\\");
  if (path === "" || utf8Length(path) > PATH_BYTES || path.includes("\0")) return null;
  if (!path.startsWith("/") && view.cwd === null) return null;
  const inside = follow === "all" || path.endsWith("/") || path.endsWith("/.");
  const folder = (view.cwd ?? "").split("/");
  let queue = path.startsWith("/") ? path.split("/") : [...(glob ? folder.map(escapeGlob) : folder), ...path.split("/")];
  let done: string[] = [];
  // UTF-8 bytes of what is done: a folder that grows with every `cd` would otherwise cost its length for each of its components.
  let sizeBytes = 0;
  let links = 0;
  for (let i = 0; i < queue.length; i++) {
    const component = queue[i] ?? "";
    if (component === "" || component === ".") continue;
    if (component === "..") {
      const left = done.pop();
      if (left === "**") return null;
      if (left !== undefined) sizeBytes -= utf8Length(left) + 1;
      continue;
    }
    done.push(component);
    sizeBytes += utf8Length(component) + 1;
    if (sizeBytes > PATH_BYTES) return null;
    const own = processes ? processFolder(done, glob) : "plain";
    if (own === "unknown" || (own === "cwd" && view.cwd === null)) return null;
    if (own === "root" || own === "descriptors") {
      done = own === "root" ? [] : ["dev", "fd"];
      sizeBytes = own === "root" ? 0 : "/dev/fd".length;
    }
    const last = i === queue.length - 1;
    if ((last && !inside) || (glob && hasActive(component))) continue;
    const target = own === "cwd" ? view.cwd : isKernelLink(done) ? null : view.link(absolute(done, glob));
    if (target === null) continue;
    if (++links > LIMITS.linkSteps) return null;
    const way = glob ? target.split("/").map(escapeGlob) : target.split("/");
    queue = [...(target.startsWith("/") ? [] : done.slice(0, -1)), ...way, ...queue.slice(i + 1)];
    done = [];
    sizeBytes = 0;
    i = -1;
  }
  return `/${done.join("/")}`;
}

function absolute(components: readonly string[], glob: boolean): string {
  return `/${(glob ? components.map(unescapeGlob) : components).join("/")}`;
}

const KERNEL_LINKS: readonly string[] = ["fd", "stdin", "stdout", "stderr"];

// SECURITY: a fact about `/dev/fd` or `/proc/self` is about the process that looked, not about the one that will run.
function isKernelLink(done: readonly string[]): boolean {
  return done[0] === "proc" || (done[0] === "dev" && done.length === 2 && KERNEL_LINKS.includes(done[1] ?? ""));
}

type ProcessFolder = "plain" | "cwd" | "root" | "descriptors" | "unknown";

/** `/proc/self/cwd` and `/proc/self/root` are other names for the working folder and `/`; `/proc/self/fd` for `/dev/fd`. */
function processFolder(done: readonly string[], glob: boolean): ProcessFolder {
  if (done[0] !== "proc" || done.length < 3) return "plain";
  const process = done[1] ?? "";
  const own = process === "self" || process === "thread-self" || (glob && hasActive(process));
  if (done.length === 5 && done[2] === "task" && (done[4] === "cwd" || done[4] === "root")) return done[4] === "root" ? "root" : "unknown";
  if (done.length !== 3 || !(own || isNumber(process))) return "plain";
  if (done[2] === "root") return "root";
  if (done[2] === "cwd") return own ? "cwd" : "unknown";
  return done[2] === "fd" && own ? "descriptors" : "plain";
}

function isNumber(text: string): boolean {
  for (const character of text) if (character < "0" || character > "9") return false;
  return text !== "";
}
