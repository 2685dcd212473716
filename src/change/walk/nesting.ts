// Walking something in a shell of its own, and coming back. Implements spec/change.md section 7.3. Twin of go/change/walk/nesting.go.
// Variables and folder of the inner shell are gone afterwards; files and links that it made are still there.

import { within } from "../catalogue/value-parts.js";
import type { Scope } from "../deeds.js";
import { logicalGlob, logicalPath } from "../paths.js";
import { text, UNKNOWN_WORD, type Value } from "../values.js";
import { hasActive, unescapeGlob } from "../words/index.js";
import type { Frame, Ran } from "./frame.js";
import { inputOf } from "./frame.js";
import { childShell, copyShell, type Holder, newShell, type Shell } from "./shell.js";
import { newTable, shareTable } from "./table.js";
import { setVariable } from "./variables.js";

/** A copy of the shell, as `( … )`, `$( … )` and each part of a pipeline have. */
export function inSubshell(frame: Frame, walk: (inner: Frame) => Ran): Ran {
  const shell: Holder = { now: { ...copyShell(frame.shell.now), traps: newTable() } };
  return leaving(frame, shell, { ...frame, shell, exits: { loop: null, function: null } }, walk);
}

/** Where the code or command of a deed runs. */
export function inScope(scope: Scope, program: string, frame: Frame, walk: (inner: Frame) => Ran): Ran {
  const via = [...frame.via, program];
  const input = scope.stdin === null ? frame.input : inputOf(scope.stdin);
  if (scope.place === "elsewhere") return elsewhere(scope, { ...frame, via, input }, walk);
  if (scope.place === "same" && scope.cwd === null && scope.environment.length === 0) return walk({ ...frame, via, input });
  const child = scope.place === "same" ? copyShell(frame.shell.now) : childShell(frame.shell.now);
  const shell: Holder = { now: child };
  const inner: Frame = { ...frame, via, input, shell, locals: null, exits: { loop: null, function: null } };
  settle(scope, inner);
  return leaving(frame, shell, inner, walk);
}

function elsewhere(scope: Scope, frame: Frame, walk: (inner: Frame) => Ran): Ran {
  const shell: Holder = { now: newShell(UNKNOWN_WORD) };
  const inner: Frame = { ...frame, shell, place: "elsewhere", locals: null, exits: { loop: null, function: null } };
  const { home } = frame.walk.facts;
  if (home !== "") setVariable("HOME", { kind: "scalar", value: text(home) }, inner, true);
  settle(scope, inner);
  const ran = walk(inner);
  runTraps(inner);
  return ran;
}

function settle(scope: Scope, inner: Frame): void {
  if (scope.cwd !== null) inner.shell.now = { ...inner.shell.now, cwd: folderFrom(inner.shell.now.cwd, scope.cwd) };
  for (const { name, value } of scope.environment) setVariable(name, { kind: "scalar", value }, inner, true);
}

function leaving(frame: Frame, shell: Holder, inner: Frame, walk: (inner: Frame) => Ran): Ran {
  const ran = walk(inner);
  runTraps(inner);
  keepFiles(frame.shell, shell.now);
  return ran;
}

function keepFiles(holder: Holder, from: Shell): void {
  const { now } = holder;
  if (now.files.map === from.files.map && now.links.map === from.links.map) return;
  holder.now = { ...now, files: shareTable(from.files), links: shareTable(from.links) };
}

/** Runs what `trap` has left for the end of the shell. It sees the shell as it is then. */
export function runTraps(frame: Frame): void {
  const { traps } = frame.shell.now;
  if (traps.map.size === 0) return;
  frame.shell.now = { ...frame.shell.now, traps: newTable() };
  for (const code of new Set(traps.map.values()))
    frame.walk.steps.code("shell", code.value, [], code.span, { ...frame, via: [...frame.via, "trap"] });
}

/** The folder that `cd` to a path leads to. */
export function folderFrom(cwd: Value, path: Value): Value {
  if (path.kind === "text" && path.text === "") return cwd;
  if (path.kind === "pattern" || (path.kind === "text" && cwd.kind === "pattern")) return folderGlob(within(cwd, path));
  if (path.kind !== "text") return UNKNOWN_WORD;
  const folder = logicalPath(path.text, cwd.kind === "text" ? cwd.text : null);
  return folder === null ? UNKNOWN_WORD : text(folder);
}

function folderGlob(path: Value): Value {
  if (path.kind === "text") return text(logicalPath(path.text, null) ?? path.text);
  const glob = path.kind === "pattern" ? logicalGlob(path.glob) : null;
  if (glob === null) return UNKNOWN_WORD;
  return hasActive(glob) ? { kind: "pattern", glob } : text(unescapeGlob(glob));
}
