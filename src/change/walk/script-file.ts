// Runs a file of code: `bash x.sh`, `source x`, `./x`. Implements spec/change.md section 7.10. Twin of go/change/walk/script_file.go.
// A script on disk is read and run, and is not opaque: that it runs is told, and whoever reviews scripts reviews files. What the line has just
// downloaded, or written with content that cannot be known, is opaque, and so is what lies in a temporary folder where nobody reviews anything.

import type { Span } from "../../base/span.js";
import type { Language } from "../deeds.js";
import { programOfFile } from "../programs/index.js";
import { type Argument, type Stdin, text, UNKNOWN_WORD, UNKNOWN_WORDS, type Value } from "../values.js";
import { fileAt, filesNamed, UNKNOWN_CONTENT } from "./files.js";
import { type Frame, NOTHING, type Ran, STREAM, want } from "./frame.js";
import { type FileState, onDiskAs } from "./shell.js";
import { emit, emitOpaque } from "./sink.js";
import { fileTarget, isBelow, isDevice, isScratch } from "./targets.js";

const UNSURE: Ran = { output: STREAM, status: "either" };

/** A file of code that is about to run. `direct`: by its own name, so that its first line says what it is. */
interface Run {
  readonly language: Language;
  readonly path: string;
  readonly direct: boolean;
  /** Found by its bare name in the PATH that the line has set. */
  readonly byName: boolean;
  readonly positional: readonly Argument[];
  readonly span: Span;
}

export function walkScriptFile(language: Language, path: Value, positional: readonly Argument[], span: Span, frame: Frame): Ran {
  const file = fileTarget(path, "exact", frame, "all");
  if (file.extent === "unknown") return unknownScript(language, positional, span, frame);
  if (file.target === "") return UNSURE;
  if (file.target === "/dev/stdin" || file.target === "/dev/fd/0")
    return frame.walk.steps.code(language, inputCode(frame.input.stdin), positional, span, frame);
  if (!file.device) emit(frame, span, { kind: "read", target: file.target, extent: file.extent });
  const program = programOfFile(frame.walk.catalogue, file.target, language);
  if (program !== null) {
    const ran = runAsProgram(program, positional, span, frame);
    if (fileAt(file.target, frame) === null) return ran;
  }
  const run = { language, path: file.target, direct: false, byName: false, positional, span };
  if (file.extent === "pattern") {
    // Files of the line that the pattern may name count; the others are scripts on disk.
    runState(filesNamed(file.target, frame) ?? onDiskAs(file.target), run, frame);
    return UNSURE;
  }
  return runState(fileAt(file.target, frame) ?? (isDevice(file.target) ? UNKNOWN_CONTENT : onDiskAs(file.target)), run, frame);
}

/** Elsewhere the working folder is never known: there a script whose word is known is one like any other of that place. */
function unknownScript(language: Language, positional: readonly Argument[], span: Span, frame: Frame): Ran {
  const word = positional[0]?.value;
  if (frame.place !== "elsewhere" || word?.kind !== "text") {
    emitOpaque(frame, span, "unknown_code", language);
    return UNSURE;
  }
  const program = programOfFile(frame.walk.catalogue, word.text, language);
  return program === null ? UNSURE : runAsProgram(program, positional, span, frame);
}

/** Without words it may be loaded by code that gives it words which nobody sees. */
function runAsProgram(program: string, positional: readonly Argument[], span: Span, frame: Frame): Ran {
  const given = positional.length <= 1 ? [{ value: UNKNOWN_WORDS, span }] : positional.slice(1);
  const words = [{ value: text(program), span: positional[0]?.span ?? span }, ...given];
  return frame.walk.steps.words(words, span, frame, { environment: [], functions: false, builtins: false });
}

/** Standard input as code. */
export function inputCode(stdin: Stdin): Value {
  return stdin.kind === "text" ? text(stdin.text) : UNKNOWN_WORD;
}

/** A program that was called by a path: perhaps the line wrote it, perhaps it is a script. */
export function runFile(path: string, known: boolean, words: readonly Argument[], span: Span, frame: Frame, program: string): Ran | null {
  const at = words[0]?.span ?? span;
  if (path === "unknown") {
    if (!known) emitOpaque(frame, at, "unknown_program", "");
    return null;
  }
  const state = fileAt(path, frame);
  const name = words[0]?.value;
  const byName = name?.kind === "text" && !name.text.includes("/");
  if (state === null && known && !byName) return null;
  if (!known || state === null) emit(frame, at, { kind: "read", target: path, extent: "exact" });
  const inner: Frame = { ...frame, via: [...frame.via, program] };
  return runState(state ?? onDiskAs(path), { language: "unknown", path, direct: true, byName, positional: words, span: at }, inner);
}

function runState(state: FileState, run: Run, frame: Frame): Ran {
  const disk = state.disk.map((path) => ({ path, code: onDisk(path, frame) }));
  const nobodyKnows = state.unknown || (!state.made && disk.some(({ path, code }) => code === null && isStrange(path, run, frame)));
  if (nobodyKnows || (state.trusted && !isSourced(frame)))
    emitOpaque(frame, run.span, "unknown_code", run.language === "unknown" ? "" : run.language);
  let ran: Ran | null = null;
  for (const code of state.texts) ran = runText(code, run, frame) ?? ran;
  for (const { code } of disk) if (code !== null) ran = runText(code, run, { ...frame, fromDisk: true }) ?? ran;
  const sure = !state.unknown && !state.made && !state.trusted && state.disk.length === 0;
  if (sure && state.texts.length === 0) return { output: NOTHING, status: "either" };
  return ran !== null && sure && state.texts.length === 1 ? ran : UNSURE;
}

/** Only what `source` and `eval` read in the shell itself is what such a program prints its code for. */
function isSourced(frame: Frame): boolean {
  return ["source", "."].includes(frame.via.at(-1) ?? "");
}

/** Code on disk that is nobody's: a script in a temporary folder, a library that is neither the workspace's nor the system's. */
function isStrange(path: string, run: Run, frame: Frame): boolean {
  if (frame.place === "elsewhere") return false;
  if (isLibrary(path)) return !run.direct && ![frame.walk.workspaceRoot, ...SYSTEM].some((folder) => isBelow(path, folder));
  return isScratch(path, frame) && (!run.direct || run.byName || BY_ENDING.has(endingOf(path)));
}

const SYSTEM: readonly string[] = ["/usr", "/lib", "/lib32", "/lib64", "/opt", "/nix", "/System", "/Library"];

function isLibrary(path: string): boolean {
  return [".so", ".dylib", ".dll"].some((ending) => path.endsWith(ending)) || path.slice(path.lastIndexOf("/") + 1).includes(".so.");
}

function runText(code: string, run: Run, frame: Frame): Ran | null {
  const language = run.language === "unknown" ? languageOf(code, run) : run.language;
  return language === null ? null : frame.walk.steps.code(language, text(code), run.positional, run.span, frame);
}

function onDisk(path: string, frame: Frame): string | null {
  if (frame.place === "elsewhere") return null;
  const { facts, wants } = frame.walk;
  want(wants.scripts, path);
  return Object.hasOwn(facts.scripts, path) ? (facts.scripts[path] ?? "") : null;
}

const BY_ENDING: ReadonlyMap<string, Language> = new Map([
  ["sh", "shell"],
  ["bash", "shell"],
  ["zsh", "shell"],
  ["py", "python"],
  ["js", "javascript"],
  ["mjs", "javascript"],
  ["cjs", "javascript"],
  ["pl", "perl"],
  ["rb", "ruby"],
  ["php", "php"],
]);

const BY_INTERPRETER: readonly (readonly [string, Language])[] = [
  ["python", "python"],
  ["node", "javascript"],
  ["deno", "javascript"],
  ["bun", "javascript"],
  ["perl", "perl"],
  ["ruby", "ruby"],
  ["php", "php"],
  ["awk", "awk"],
  ["gawk", "awk"],
  ["sed", "sed"],
  ["make", "make"],
];

/** The language of a script that is run by its path; null for a binary, or an interpreter that is not known. A kernel leaves the rest to the shell. */
function languageOf(code: string, run: Run): Language | null {
  if (code.includes("\0")) return null;
  if (code.startsWith("#!")) {
    const words = code
      .slice(2)
      .split("\n", 1)
      .join("")
      .split(" ")
      .filter((word) => word !== "");
    const named = words.map((word) => word.slice(word.lastIndexOf("/") + 1)).filter((word) => word !== "env" && !word.startsWith("-"));
    const interpreter = named[0] ?? "";
    const found = BY_INTERPRETER.find(([name]) => interpreter.startsWith(name));
    return found?.[1] ?? (interpreter.endsWith("sh") ? "shell" : null);
  }
  return BY_ENDING.get(endingOf(run.path)) ?? (run.direct ? "shell" : null);
}

function endingOf(path: string): string {
  const name = path.slice(path.lastIndexOf("/") + 1);
  return name.slice(name.lastIndexOf(".") + 1);
}
