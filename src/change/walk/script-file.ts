// Runs a file of code: `bash x.sh`, `source x`, `./x`. Implements spec/change.md section 7.10. Twin of go/walk_script_file.go.
// A script on disk is read and run, and is not opaque: that it runs is told, and whoever reviews scripts reviews files. What the line has just
// downloaded, or written with content that cannot be known, is opaque.

import type { Span } from "../../base/span.js";
import type { Language } from "../deeds.js";
import { type Argument, type Stdin, text, UNKNOWN_WORD, type Value } from "../values.js";
import { matchesGlob } from "../words/index.js";
import { fileAt, UNKNOWN_CONTENT } from "./files.js";
import { type Frame, NOTHING, type Ran, STREAM } from "./frame.js";
import type { FileState } from "./shell.js";
import { emit, emitOpaque } from "./sink.js";
import { fileTarget, isDevice } from "./targets.js";

const UNSURE: Ran = { output: STREAM, status: "either" };

export function walkScriptFile(language: Language, path: Value, positional: readonly Argument[], span: Span, frame: Frame): Ran {
  const file = fileTarget(path, "exact", frame, "all");
  if (file.extent === "unknown" && path.kind === "unknown" && path.trusted === true) return UNSURE;
  if (file.extent === "unknown") {
    emitOpaque(frame, span, "unknown_code", language);
    return UNSURE;
  }
  if (file.target === "") return UNSURE;
  if (file.target === "/dev/stdin" || file.target === "/dev/fd/0")
    return frame.walk.steps.code(language, inputCode(frame.input.stdin), positional, span, frame);
  if (!file.device) emit(frame, span, { kind: "read", target: file.target, extent: file.extent });
  if (file.extent === "pattern") {
    // Any file of the line that the pattern may name counts; the others are scripts on disk.
    for (const [name, state] of frame.shell.now.files.map)
      if (matchesGlob(file.target, name)) runState(language, state, name, positional, span, frame);
    return UNSURE;
  }
  const state = fileAt(file.target, frame) ?? (isDevice(file.target) ? UNKNOWN_CONTENT : null);
  return runState(language, state, file.target, positional, span, frame);
}

/** Standard input as code. */
export function inputCode(stdin: Stdin): Value {
  return stdin.kind === "text" ? text(stdin.text) : UNKNOWN_WORD;
}

/** A program that was called by a path: perhaps the line wrote it, perhaps it is a script. */
export function runFile(path: string, known: boolean, words: readonly Argument[], span: Span, frame: Frame, program: string): Ran | null {
  if (path === "unknown") {
    if (!known) emitOpaque(frame, words[0]?.span ?? span, "unknown_program", "");
    return null;
  }
  const state = fileAt(path, frame);
  if (state === null && known) return null;
  if (!known) emit(frame, words[0]?.span ?? span, { kind: "read", target: path, extent: "exact" });
  const inner: Frame = { ...frame, via: [...frame.via, program] };
  return runState("unknown", state, path, words, words[0]?.span ?? span, inner);
}

/** `unknown` as language: the first line of the text says it. */
function runState(
  language: Language,
  state: FileState | null,
  path: string,
  positional: readonly Argument[],
  span: Span,
  frame: Frame,
): Ran {
  if (state?.unknown === true) emitOpaque(frame, span, "unknown_code", language === "unknown" ? "" : language);
  const texts = [...(state?.texts ?? []), ...(state === null || state.disk ? onDisk(path, frame) : [])];
  let ran: Ran | null = null;
  for (const code of texts) {
    const own = language === "unknown" ? languageOf(code, path) : language;
    if (own !== null) ran = runText(own, code, positional, span, frame);
  }
  if (state !== null && texts.length === 0 && !state.unknown && !state.disk && !state.trusted) return { output: NOTHING, status: "either" };
  return ran !== null && texts.length === 1 && state !== null && !state.disk && !state.unknown ? ran : UNSURE;
}

function runText(language: Language, code: string, positional: readonly Argument[], span: Span, frame: Frame): Ran {
  return frame.walk.steps.code(language, text(code), positional, span, frame);
}

function onDisk(path: string, frame: Frame): readonly string[] {
  if (frame.place === "elsewhere") return [];
  const { facts, wants } = frame.walk;
  wants.scripts.add(path);
  return Object.hasOwn(facts.scripts, path) ? [facts.scripts[path] ?? ""] : [];
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

/** The language of a script that is run by its path; null for a binary, or an interpreter that is not known. */
function languageOf(code: string, path: string): Language | null {
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
  const ending = path.slice(path.lastIndexOf("/") + 1);
  return BY_ENDING.get(ending.slice(ending.lastIndexOf(".") + 1)) ?? "shell";
}
