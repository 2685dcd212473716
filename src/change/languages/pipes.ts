// Opening a pipe where a file is opened: `open(F, "rm x |")` in perl, `open("|rm x")` in ruby. Implements spec/languages.md section 7.3.
// Twin of go/change/languages/pipes.go.

import { trimAscii } from "./ascii.js";
import { fileDeed, shellCode, wordsDeed } from "./deed-makers.js";
import { PLAIN, type Thing, textOf, textThing, UNKNOWN } from "./things.js";
import { emitUnknownCode, type World } from "./world.js";

/** `open(HANDLE, mode, path)` and `open(HANDLE, "mode path")` of perl; `words` are those after the handle. */
export function perlOpen(world: World, words: readonly Thing[]): void {
  const [first = UNKNOWN, ...rest] = words;
  const mode = textOf(first);
  if (rest.length === 0) {
    if (mode === null) unknownOpen(world, first);
    else twoArguments(world, trimAscii(mode));
    return;
  }
  const name = trimAscii((mode ?? "").split(":")[0] ?? "");
  if (name === "-|" || name === "|-") {
    if (rest.length === 1) shellCode(world, rest[0] ?? UNKNOWN, null);
    else wordsDeed(world, rest, { cwd: null, input: null, environment: null });
    return;
  }
  const [path = UNKNOWN] = rest;
  if (path.kind === "record" || path === PLAIN) return;
  const writes = mode === null || name.includes(">");
  if (!writes || name.includes("+")) fileDeed(world, "read", "exact", path);
  if (writes) fileDeed(world, "write", "exact", path);
}

// Two arguments, the second unknown: its beginning may say what it is; else it may be a pipe.
function unknownOpen(world: World, thing: Thing): void {
  const prefix = thing.kind === "value" && thing.value.kind === "unknown" ? thing.value.prefix : "";
  if (prefix.startsWith("<")) {
    fileDeed(world, "read", "exact", UNKNOWN);
    return;
  }
  if (prefix.startsWith(">")) {
    fileDeed(world, "write", "exact", UNKNOWN);
    return;
  }
  emitUnknownCode(world, "shell");
}

function twoArguments(world: World, text: string): void {
  if (text.startsWith("|")) {
    shellCode(world, textThing(trimAscii(text.slice(1))), null);
    return;
  }
  if (text.endsWith("|")) {
    shellCode(world, textThing(trimAscii(text.slice(0, -1))), null);
    return;
  }
  let at = 0;
  while (at < text.length && "+<>".includes(text[at] ?? " ")) at++;
  const mode = text.slice(0, at);
  const path = textThing(trimAscii(text.slice(at)));
  if (path === null || text.slice(at).startsWith("&") || trimAscii(text.slice(at)) === "-") return;
  if (!mode.includes(">") || mode.includes("+")) fileDeed(world, "read", "exact", path);
  if (mode.includes(">") || mode.includes("+")) fileDeed(world, "write", "exact", path);
}

/** True when a path of ruby is a pipe, which is then run. */
export function rubyPipe(world: World, thing: Thing): boolean {
  const text = textOf(thing);
  if (world.language !== "ruby" || !text?.startsWith("|")) return false;
  shellCode(world, textThing(text.slice(1)), null);
  return true;
}
