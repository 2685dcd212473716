// What the line knows of files that it wrote itself, so that writing a script and then running it is seen. Implements spec/change.md section 7.9.
// Twin of go/change/walk/files.go. A file that the line did not touch is what is on disk; one that it filled with unknown content is not code that anyone knows.

import { UNKNOWN } from "../model.js";
import { contentOf } from "../programs/index.js";
import type { Output, Reading } from "../reading.js";
import type { Argument } from "../values.js";
import { knownPrefix, LIMITS, matchesGlob, spend, utf8Length } from "../words/index.js";
import { type Frame, STREAM, want } from "./frame.js";
import { type FileState, joinFileStates, NO_CONTENT, onDiskAs } from "./shell.js";
import { setIn } from "./table.js";
import { isScratch, knownPath, type Target } from "./targets.js";

export const UNKNOWN_CONTENT: FileState = { ...NO_CONTENT, unknown: true };
export const MADE: FileState = { ...NO_CONTENT, made: true };

/**
 * The name under which the content of a target is kept: its path, with `/` at the end for all that is below a folder,
 * with `*` at the beginning for whatever a pattern names. Null for what cannot be known.
 */
export function fileKey(file: Target, below = false): string | null {
  if (file.target === UNKNOWN || file.device || file.target === "") return null;
  const key = file.extent === "pattern" ? `*${file.target}` : file.target;
  return below && file.extent !== "pattern" ? `${key}/` : key;
}

/** What is known of the file at a canonical path; null when the line did not touch it. */
export function fileAt(path: string, frame: Frame): FileState | null {
  const { map } = frame.shell.now.files;
  if (map.size === 0) return null;
  const own = map.get(path);
  if (own !== undefined) return own;
  for (let slash = path.lastIndexOf("/"); slash > 0; slash = path.lastIndexOf("/", slash - 1)) {
    const around = map.get(path.slice(0, slash + 1));
    // What stands there may still be what stood there before.
    if (around !== undefined) return { ...joinFileStates(around, onDiskAs(path)), made: true };
  }
  let named: FileState | null = null;
  for (const [key, state] of map)
    if (key.startsWith("*") && mayName(key.slice(1), path, frame)) named = joinFileStates(named ?? onDiskAs(path), state);
  return named;
}

/** Matching is paid for; when nothing is left to pay with, the careful answer is yes. */
function mayName(glob: string, path: string, frame: Frame): boolean {
  const units = 1 + Math.floor((glob.length * path.length) / 4096);
  return !spend(frame.walk.budget, units) || matchesGlob(glob, path);
}

/** What may stand in a file of which a pattern is known; null when the line touched none of them. */
export function filesNamed(glob: string, frame: Frame): FileState | null {
  let all: FileState | null = null;
  for (const [key, state] of frame.shell.now.files.map)
    if (key === `*${glob}` || mayName(glob, key, frame)) all = all === null ? state : joinFileStates(all, state);
  return all;
}

/** Keeps what is written to a file. What a pattern names is some file: what was said of it before still may be so. */
export function putState(key: string, state: FileState, frame: Frame): void {
  const { files } = frame.shell.now;
  const before = key.startsWith("*") ? files.map.get(key) : undefined;
  setIn(files, key, before === undefined ? state : joinFileStates(before, state));
}

/** Keeps what an output wrote to a file. */
export function fillFile(key: string, output: Output, append: boolean, frame: Frame): void {
  putState(key, append ? appended(key, output, frame) : written(output), frame);
}

function written(output: Output): FileState {
  return {
    ...NO_CONTENT,
    texts: output.kind === "text" ? [output.text] : [],
    lines: output.kind === "lines" ? output.globs : null,
    unknown: output.kind !== "text" && output.kind !== "trusted_code",
    trusted: output.kind === "trusted_code",
  };
}

// What is added to a file on disk is known even where the rest is not: it is looked at when the file runs.
function appended(key: string, output: Output, frame: Frame): FileState {
  const before = key.startsWith("*") ? frame.shell.now.files.map.get(key) : fileAt(key, frame);
  if (output.kind !== "text") return { ...(before ?? NO_CONTENT), unknown: true, lines: null };
  if (before === undefined || before === null) return { ...onDiskAs(key), texts: [output.text] };
  const texts = before.texts.map((known) => known + output.text).filter((known) => utf8Length(known) <= LIMITS.valueBytes);
  const added = before.texts.length === 0 ? [output.text] : texts;
  return { ...before, lines: null, texts: added, unknown: before.unknown || texts.length < before.texts.length };
}

/** Standard input as what it prints when it is passed on. */
export function passedInput(frame: Frame): Output {
  const { stdin } = frame.input;
  if (stdin.kind === "text") return { kind: "text", text: stdin.text };
  return stdin.kind === "lines" ? { kind: "lines", globs: stdin.globs } : STREAM;
}

/** The only text that the file can hold; null when there may be others. */
export function onlyText(state: FileState | null): string | null {
  if (state === null || state.texts.length !== 1 || state.unknown || state.made || state.trusted || state.disk.length > 0) return null;
  return state.texts[0] ?? null;
}

/** What a program prints where only the walk knows it: the files that `cat` shows, the input that `tee` passes on. */
export function printed(program: string, words: readonly Argument[], reading: Reading, frame: Frame): Output {
  if (reading.output.kind !== "stream") return reading.output;
  if (contentOf(frame.walk.catalogue, program, reading.subcommand) === "input") return passedInput(frame);
  if (program !== "cat") return reading.output;
  if (words.length === 0) return passedInput(frame);
  let whole = "";
  for (const { value } of words) {
    const only = value.kind === "text" ? onlyText(stateOf(value.text, frame)) : null;
    if (only === null) return reading.output;
    whole += only;
  }
  return utf8Length(whole) > LIMITS.valueBytes ? reading.output : { kind: "text", text: whole };
}

/** The file of this name in a folder of a PATH that the line has set, when the line wrote it, or when it lies in a temporary folder. */
export function writtenOnPath(name: string, frame: Frame): string | null {
  const { variables, files } = frame.shell.now;
  const path = variables.map.get("PATH")?.variable;
  if (path?.kind !== "scalar") return null;
  // Of `/tmp/b:$PATH` the folders before the unknown part are known.
  const known = knownPrefix(path.value);
  const whole = path.value.kind === "text" ? known : known.slice(0, Math.max(0, known.lastIndexOf(":")));
  if (path.value.kind !== "text" && whole === "") return null;
  for (const folder of whole.split(":").slice(0, LIMITS.pathFolders)) {
    const written = `${folder === "" ? "." : folder}/${name}`;
    if (files.map.size === 0 && !isScratch(written, frame)) continue;
    const file = knownPath(written, frame, "all");
    if (file !== null && (files.map.has(file) || liesInScratch(file, name, frame))) return file;
  }
  return null;
}

function liesInScratch(file: string, name: string, frame: Frame): boolean {
  if (!isScratch(file, frame)) return false;
  const { facts, wants } = frame.walk;
  const folder = file.slice(0, Math.max(0, file.lastIndexOf("/")));
  want(wants.folders, folder);
  return Object.hasOwn(facts.listings, folder) && facts.listings[folder]?.includes(name) === true;
}

function stateOf(path: string, frame: Frame): FileState | null {
  const canonical = knownPath(path, frame, "all");
  return canonical === null ? null : fileAt(canonical, frame);
}
