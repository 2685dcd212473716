// From the value of an operand to the target of a file effect. Implements spec/change.md section 4.5. Twin of go/change/walk/targets.go.
// An operand that cannot be known gives the target `unknown`; the effect is never dropped for it.

import { within } from "../catalogue/value-parts.js";
import { type Extent, UNKNOWN } from "../model.js";
import { canonicalGlob, canonicalPath, type Follow, type PathView, pathsToLookUp, plainPath } from "../paths.js";
import type { Value } from "../values.js";
import { hasActive, knownPrefix, unescapeGlob } from "../words/index.js";
import { type Frame, want } from "./frame.js";

export interface Target {
  readonly target: string;
  readonly extent: Extent;
  /** A device that holds nothing: no effect. */
  readonly device: boolean;
}

const UNKNOWN_TARGET: Target = { target: UNKNOWN, extent: "unknown", device: false };

const NO_TARGET: Target = { target: "", extent: "exact", device: true };

export function fileTarget(path: Value, extent: "exact" | "tree" | "contents", frame: Frame, follow: Follow): Target {
  if (path.kind === "unknown") return UNKNOWN_TARGET;
  const { cwd } = frame.shell.now;
  // In a folder of which only a pattern is known (`cd "$(mktemp -d)"`) every relative path is one.
  if (cwd.kind === "pattern" && !knownPrefix(path).startsWith("/") && !(path.kind === "text" && path.text === ""))
    return fileTarget(within(cwd, path), extent, frame, follow);
  if (path.kind === "text") {
    // An empty path names nothing: the kernel refuses it.
    if (path.text === "") return NO_TARGET;
    const target = knownPath(path.text, frame, follow);
    if (target === null) return UNKNOWN_TARGET;
    return { target, extent, device: isDevice(target) };
  }
  const glob = canonicalGlob(path.glob, viewOf(frame), follow);
  if (glob === null) return UNKNOWN_TARGET;
  if (!hasActive(glob)) return { target: unescapeGlob(glob), extent, device: isDevice(unescapeGlob(glob)) };
  // A tree of a pattern: `/**` covers what the pattern names and all below it.
  const whole = extent === "exact" || glob.endsWith("/**") ? glob : `${glob === "/" ? "" : glob}/**`;
  return { target: whole, extent: "pattern", device: isDevice(glob) };
}

/** The canonical path of a known text; null when it cannot be known here. Asks the caller for the links on the way. */
export function knownPath(path: string, frame: Frame, follow: Follow): string | null {
  const { cwd, links } = frame.shell.now;
  const plain = links.map.size > 0 || frame.walk.hasLinks ? null : plainPath(path, cwd.kind === "text" ? cwd.text : null);
  if (plain !== null) {
    if (frame.place === "here") want(frame.walk.wants.paths, plain);
    return plain;
  }
  const view = viewOf(frame);
  if (frame.place === "here") for (const asked of pathsToLookUp(path, view.cwd)) want(frame.walk.wants.paths, asked);
  return canonicalPath(path, view, follow);
}

export function viewOf(frame: Frame): PathView {
  const { cwd, links } = frame.shell.now;
  const { facts } = frame.walk;
  return {
    cwd: cwd.kind === "text" ? cwd.text : null,
    link: (path) => {
      const made = links.map.get(path);
      if (made !== undefined) return made;
      return frame.place === "here" && Object.hasOwn(facts.links, path) ? (facts.links[path] ?? null) : null;
    },
  };
}

const DEVICES: readonly string[] = [
  "/dev/null",
  "/dev/zero",
  "/dev/full",
  "/dev/random",
  "/dev/urandom",
  "/dev/tty",
  "/dev/stdin",
  "/dev/stdout",
  "/dev/stderr",
];

/** Files that hold nothing and keep nothing. */
export function isDevice(path: string): boolean {
  if (!path.startsWith("/dev/")) return false;
  return DEVICES.includes(path) || path.startsWith("/dev/fd/") || path === "/dev/fd";
}

/** A place where anybody puts things: below a temporary folder, outside the workspace, on this machine. */
export function isScratch(path: string, frame: Frame): boolean {
  const { facts, workspaceRoot } = frame.walk;
  if (frame.place === "elsewhere" || isBelow(path, workspaceRoot)) return false;
  return facts.temp_roots.some((root) => path === root || isBelow(path, root));
}

export function isBelow(path: string, folder: string): boolean {
  return folder !== "" && path.startsWith(folder.endsWith("/") ? folder : `${folder}/`);
}
