// What the line knows of files that it wrote itself, so that writing a script and then running it is seen. Implements spec/change.md section 7.9.
// Twin of go/walk_files.go. A file that the line did not touch is what is on disk; one that it filled with unknown content is not code that anyone knows.

import type { Deed } from "../deeds.js";
import type { Output, Reading } from "../reading.js";
import type { Argument } from "../values.js";
import { knownPrefix, LIMITS } from "../words/index.js";
import { type Frame, STREAM } from "./frame.js";
import type { FileState } from "./shell.js";
import { removeFrom, setIn } from "./table.js";
import { knownPath } from "./targets.js";

export const UNKNOWN_CONTENT: FileState = { texts: [], lines: null, unknown: true, disk: false, trusted: false };

/** What is known of the file at a canonical path; null when the line did not touch it. */
export function fileAt(path: string, frame: Frame): FileState | null {
  const { map } = frame.shell.now.files;
  if (map.size === 0) return null;
  const own = map.get(path);
  if (own !== undefined) return own;
  for (let slash = path.lastIndexOf("/"); slash > 0; slash = path.lastIndexOf("/", slash - 1)) {
    const around = map.get(path.slice(0, slash + 1));
    if (around !== undefined) return around;
  }
  return null;
}

/** Keeps what an output wrote to a file. */
export function fillFile(path: string, output: Output, append: boolean, frame: Frame): void {
  const { files } = frame.shell.now;
  setIn(files, path, append ? appended(files.map.get(path), output) : written(output));
}

function written(output: Output): FileState {
  return {
    texts: output.kind === "text" ? [output.text] : [],
    lines: output.kind === "lines" ? output.globs : null,
    unknown: output.kind !== "text" && output.kind !== "trusted_code",
    disk: false,
    trusted: output.kind === "trusted_code",
  };
}

// What is added to a file on disk is known even where the rest is not: it is looked at when the file runs.
function appended(before: FileState | undefined, output: Output): FileState {
  if (output.kind !== "text") return { ...(before ?? UNKNOWN_CONTENT), unknown: true, lines: null };
  if (before === undefined) return { texts: [output.text], lines: null, unknown: false, disk: true, trusted: false };
  const texts = before.texts.map((known) => known + output.text).filter((known) => known.length <= LIMITS.valueBytes);
  return { ...before, lines: null, texts, unknown: before.unknown || texts.length < before.texts.length };
}

/** Programs whose writing leaves the content as it is. */
const METADATA: readonly string[] = ["chmod", "chown", "chgrp", "touch", "setfacl", "chattr", "xattr", "mkdir", "sync", "truncate"];

/** Programs that build what they write from files: running it is like running a script on disk. */
const BUILDERS: readonly string[] = [
  "gcc",
  "g++",
  "cc",
  "c++",
  "clang",
  "clang++",
  "ld",
  "go",
  "rustc",
  "cargo",
  "make",
  "cmake",
  "ninja",
  "javac",
  "tsc",
  "esbuild",
  "npm",
  "npx",
  "pnpm",
  "yarn",
  "bun",
  "deno",
  "pip",
  "uv",
  "poetry",
  "python",
  "bundle",
  "gem",
  "composer",
  "mvn",
  "gradle",
  "dotnet",
  "swiftc",
  "zig",
];

const COPIERS: readonly string[] = ["cp", "mv", "install", "ln"];

/** Keeps what a program did to the content of files, after its deeds were told. */
export function noteWrites(program: string, reading: Reading, frame: Frame): void {
  const deeds = reading.deeds.filter((deed) => deed.kind === "file");
  if (deeds.length === 0 || METADATA.includes(program)) return;
  if (COPIERS.includes(program) && noteCopy(program, deeds, reading, frame)) return;
  const builds = BUILDERS.includes(program) || (program === "git" && reading.subcommand !== "clone");
  for (const deed of deeds) {
    if (deed.path.kind !== "text" || deed.effect === "read") continue;
    const path = knownPath(deed.path.text, frame, "all");
    if (path === null) continue;
    if (deed.effect === "delete" || builds) {
      removeFrom(frame.shell.now.files, path);
      continue;
    }
    if (program === "tee") fillFile(path, inputText(frame), reading.options.includes("append"), frame);
    else setIn(frame.shell.now.files, deed.extent === "exact" ? path : `${path}/`, UNKNOWN_CONTENT);
  }
}

/** Code that writes a file fills it with what nobody knows here. */
export function noteCodeWrite(deed: Deed, frame: Frame): void {
  if (deed.kind !== "file" || deed.effect === "read" || deed.path.kind !== "text") return;
  const path = knownPath(deed.path.text, frame, "all");
  if (path === null) return;
  if (deed.effect === "delete") removeFrom(frame.shell.now.files, path);
  else setIn(frame.shell.now.files, deed.extent === "exact" ? path : `${path}/`, UNKNOWN_CONTENT);
}

type FileDeed = Extract<Deed, { kind: "file" }>;

/** `cp`, `mv`, `install`, `ln` of one file: what the source held, the target holds. */
function noteCopy(program: string, deeds: readonly FileDeed[], reading: Reading, frame: Frame): boolean {
  const paths = (effect: "read" | "write" | "delete") =>
    deeds.flatMap((deed) => (deed.effect === effect && deed.path.kind === "text" ? [knownPath(deed.path.text, frame, "parents")] : []));
  const sources = [...new Set([...paths("read"), ...paths("delete")])];
  // For a link the catalogue tells its target as written, then as seen from the folder of the link, which is what the kernel follows.
  const source = program === "ln" ? sources.at(-1) : sources[0];
  if (sources.length === 0 || source === null || source === undefined) return false;
  if (program === "ln" && reading.options.some((option) => option === "symbolic" || option === "s")) {
    for (const path of paths("write")) if (path !== null && path !== source) setIn(frame.shell.now.links, path, source);
    return true;
  }
  const state = sources.length === 1 ? fileAt(source, frame) : null;
  for (const path of paths("write")) {
    if (path === null) continue;
    setIn(frame.shell.now.files, path, state ?? UNKNOWN_CONTENT);
    // A folder was copied, perhaps: what lies below is as unknown.
    if (deeds.some((deed) => deed.effect === "write" && deed.extent !== "exact")) setIn(frame.shell.now.files, `${path}/`, UNKNOWN_CONTENT);
  }
  for (const path of paths("delete")) if (path !== null) removeFrom(frame.shell.now.files, path);
  return true;
}

function inputText(frame: Frame): Output {
  const { stdin } = frame.input;
  if (stdin.kind === "text") return { kind: "text", text: stdin.text };
  return stdin.kind === "lines" ? { kind: "lines", globs: stdin.globs } : STREAM;
}

/** What a program prints where only the walk knows it: the files that `cat` shows, the input that `tee` passes on. */
export function printed(program: string, words: readonly Argument[], reading: Reading, frame: Frame): Output {
  if (reading.output.kind !== "stream") return reading.output;
  if (program === "tee") return inputText(frame);
  if (program !== "cat") return reading.output;
  if (words.length === 0) return inputText(frame);
  let whole = "";
  for (const word of words) {
    const state = word.value.kind === "text" ? stateOf(word.value.text, frame) : null;
    const only = state?.texts[0];
    if (state === null || only === undefined || state.texts.length > 1 || state.unknown || state.disk) return reading.output;
    whole += only;
  }
  return whole.length > LIMITS.valueBytes ? reading.output : { kind: "text", text: whole };
}

/** The file of this name in a folder of a PATH that the line has set, when the line wrote it. */
export function writtenOnPath(name: string, frame: Frame): string | null {
  const { variables, files } = frame.shell.now;
  const path = variables.map.get("PATH")?.variable;
  if (files.map.size === 0 || path?.kind !== "scalar") return null;
  // Of `/tmp/b:$PATH` the folders before the unknown part are known.
  const known = knownPrefix(path.value);
  const whole = path.value.kind === "text" ? known : known.slice(0, Math.max(0, known.lastIndexOf(":")));
  if (path.value.kind !== "text" && whole === "") return null;
  for (const folder of whole.split(":").slice(0, LIMITS.pathFolders)) {
    const file = knownPath(`${folder === "" ? "." : folder}/${name}`, frame, "all");
    if (file !== null && files.map.has(file)) return file;
  }
  return null;
}

/** What is known of the file that a word names. */
export function stateOf(path: string, frame: Frame): FileState | null {
  const canonical = knownPath(path, frame, "all");
  return canonical === null ? null : fileAt(canonical, frame);
}
