// `cd`, `pushd`, `popd`: the working folder. Implements spec/change.md section 7.11. Twin of go/change/walk/builtins_folders.go.
// That the folder exists is taken for granted; where it cannot be known, every later relative path is unknown.

import { type Argument, UNKNOWN_WORD, type Value } from "../values.js";
import { knownPrefix } from "../words/index.js";
import type { Builtin } from "./builtins-variables.js";
import { type Frame, QUIET, type Ran } from "./frame.js";
import type { NamedCall } from "./functions.js";
import { folderFrom } from "./nesting.js";
import { knownPath } from "./targets.js";
import { readVariable } from "./variables.js";

export const FOLDERS: Readonly<Record<string, Builtin>> = {
  cd,
  chdir: cd,
  pushd,
  popd,
};

function cd(call: NamedCall): Ran {
  const { options, operands } = cut(call.words);
  if (operands.length > 1) return QUIET;
  move(destination(operands[0]?.value, call.frame), options.includes("P"), call.frame);
  return QUIET;
}

function cut(words: readonly Argument[]): { options: string; operands: readonly Argument[] } {
  let options = "";
  for (const [i, { value }] of words.entries()) {
    if (value.kind !== "text" || value.text === "-" || !value.text.startsWith("-")) return { options, operands: words.slice(i) };
    if (value.text === "--") return { options, operands: words.slice(i + 1) };
    options += value.text.slice(1);
  }
  return { options, operands: [] };
}

function destination(operand: Value | undefined, frame: Frame): Value {
  const { now } = frame.shell;
  if (operand === undefined) {
    const home = readVariable("HOME", frame);
    return home.kind === "scalar" ? folderFrom(now.cwd, home.value) : UNKNOWN_WORD;
  }
  if (operand.kind === "unknown") return UNKNOWN_WORD;
  if (operand.kind === "text" && operand.text === "-") return now.previousCwd;
  // With CDPATH a relative name may lead anywhere.
  const written = knownPrefix(operand);
  const relative = !["/", "./", "../"].some((start) => written.startsWith(start)) && written !== "." && written !== "..";
  if (relative && now.variables.map.has("CDPATH")) return UNKNOWN_WORD;
  return folderFrom(now.cwd, operand);
}

function move(to: Value, physical: boolean, frame: Frame): void {
  const { now } = frame.shell;
  let cwd = physical && to.kind === "pattern" ? UNKNOWN_WORD : to;
  if (to.kind === "text") {
    const real = knownPath(to.text, frame, "all");
    if (physical) cwd = real === null ? UNKNOWN_WORD : { kind: "text", text: real };
  }
  frame.shell.now = { ...now, cwd, previousCwd: now.cwd };
}

function pushd(call: NamedCall): Ran {
  const { frame } = call;
  const operand = call.words.find(({ value }) => !(value.kind === "text" && (value.text === "-n" || value.text === "--")));
  const { cwd, folders } = frame.shell.now;
  if (operand === undefined) {
    move(folders[0] ?? UNKNOWN_WORD, false, frame);
    frame.shell.now = { ...frame.shell.now, folders: [cwd, ...folders.slice(1)] };
    return QUIET;
  }
  const rotates = operand.value.kind === "text" && (operand.value.text.startsWith("+") || operand.value.text.startsWith("-"));
  move(rotates ? UNKNOWN_WORD : destination(operand.value, frame), false, frame);
  frame.shell.now = { ...frame.shell.now, folders: [cwd, ...folders] };
  return QUIET;
}

function popd(call: NamedCall): Ran {
  const { frame } = call;
  const { folders } = frame.shell.now;
  if (folders.length === 0) return QUIET;
  move(call.words.length === 0 ? (folders[0] ?? UNKNOWN_WORD) : UNKNOWN_WORD, false, frame);
  frame.shell.now = { ...frame.shell.now, folders: folders.slice(1) };
  return QUIET;
}
