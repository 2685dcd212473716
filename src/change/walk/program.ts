// From the words of a command to what it runs: a function, an alias, a builtin, or a program. Implements spec/change.md section 7.7.
// Twin of go/change/walk/program.go.
// A program that cannot be known is opaque; one that nobody has heard of is not: it runs, and nothing is invented about it.

import type { Span } from "../../base/span.js";
import { lookupProgram, programName, readProgram } from "../programs/index.js";
import type { Reading } from "../reading.js";
import type { Argument, Value } from "../values.js";
import { knownPrefix, LIMITS, spend } from "../words/index.js";
import { walkBuiltin } from "./builtins.js";
import { walkBareDeed } from "./deeds.js";
import { noteWrites } from "./file-writes.js";
import { fileAt, printed, writtenOnPath } from "./files.js";
import { type CommandManner, type Frame, NOTHING, QUIET, type Ran, STREAM, type Status, want } from "./frame.js";
import { callFunction, expandAlias } from "./functions.js";
import { runFile } from "./script-file.js";
import { joinShells } from "./shell.js";
import { emit, emitOpaque, reachLimit } from "./sink.js";
import { removeFrom, setIn } from "./table.js";
import { knownPath } from "./targets.js";
import { environmentOf, setVariable } from "./variables.js";

export function walkWords(words: readonly Argument[], span: Span, frame: Frame, manner: CommandManner): Ran {
  const first = words[0];
  if (first === undefined) return QUIET;
  if (frame.via.length >= LIMITS.carriers) {
    reachLimit(frame, span, "nesting");
    return { output: STREAM, status: "either" };
  }
  if (words.length > LIMITS.commandWords) {
    reachLimit(frame, span, "words");
    return walkWords(words.slice(0, LIMITS.commandWords), span, frame, manner);
  }
  if (!spend(frame.walk.budget, LIMITS.programUnits + words.length)) {
    reachLimit(frame, span, "work");
    return { output: STREAM, status: "either" };
  }
  if (first.value.kind !== "text")
    return programSomewhere(first.value, words, span, frame, manner) ?? unknownProgram(first, words, span, frame, manner);
  const name = first.value.text;
  if (name === "") return { output: NOTHING, status: "nonzero" };
  return withEnvironment(manner.environment, frame, () => walkNamed(name, words, span, frame, manner));
}

/** `"$JAVA_HOME/bin/java"`, `$(which node)`: the folder is open, the program is not. One that nobody knows stays opaque. */
function programSomewhere(first: Value, words: readonly Argument[], span: Span, frame: Frame, manner: CommandManner): Ran | null {
  if (first.kind !== "unknown" || first.ends === undefined || lookupProgram(frame.walk.catalogue, first.ends) === null) return null;
  const name = first.ends.slice(1);
  walkNext(first, words, span, frame, manner);
  return withEnvironment(manner.environment, frame, () => walkProgram(name, words, span, frame, "unknown"));
}

/** `$X a b`: nobody knows what runs. When `$X` may be no word at all, the next one is the program, and its danger is told too. */
function unknownProgram(first: Argument, words: readonly Argument[], span: Span, frame: Frame, manner: CommandManner): Ran {
  emitOpaque(frame, first.span, "unknown_program", "");
  walkNext(first.value, words, span, frame, manner);
  return { output: STREAM, status: "either" };
}

function walkNext(first: Value, words: readonly Argument[], span: Span, frame: Frame, manner: CommandManner): void {
  const vanishes = first.kind === "unknown" && first.many && knownPrefix(first) === "";
  const next = words[1];
  if (!vanishes || next?.value.kind !== "text" || lookupProgram(frame.walk.catalogue, next.value.text) === null) return;
  const before = frame.shell.now;
  walkWords(words.slice(1), span, frame, manner);
  frame.shell.now = joinShells(before, frame.shell.now);
}

function walkNamed(name: string, words: readonly Argument[], span: Span, frame: Frame, manner: CommandManner): Ran {
  const call = { name, words: words.slice(1), span, nameSpan: words[0]?.span ?? span, frame };
  const bodies = manner.functions ? frame.shell.now.functions.map.get(name) : undefined;
  if (bodies !== undefined) {
    const other = bodies.includes(null) ? () => walkNamed(name, words, span, frame, { ...manner, functions: false }) : null;
    return callFunction(bodies, call, other);
  }
  const alias = manner.functions ? frame.shell.now.aliases.map.get(name) : undefined;
  if (alias !== undefined) expandAlias(alias, call);
  if (manner.builtins) {
    const ran = walkBuiltin(call);
    if (ran !== null) return ran;
  }
  if (isUnlikely(name)) return unlikelyProgram(name, words, span, frame);
  return walkProgram(name, words, span, frame);
}

/** Written so, it is a mistake in quoting that means something else. What an expansion makes is looked for under that very name, and not found. */
function unlikelyProgram(name: string, words: readonly Argument[], span: Span, frame: Frame): Ran {
  const at = words[0]?.span ?? span;
  if (words[0]?.expanded !== true) emitOpaque(frame, at, "unlikely_program", "");
  else emit(frame, at, { kind: "exec", program: name, path: "", subcommand: "", options: [], known: false, harmless: false });
  return { output: STREAM, status: "either" };
}

/** No program is called so: a whole command line in quotes, an assignment that is none, an option. A path may hold blanks. */
function isUnlikely(name: string): boolean {
  if (name.startsWith("-")) return name !== "-" && name !== "--";
  if (name.startsWith("/") || name.startsWith("./") || name.startsWith("../")) return name.endsWith("/");
  return name.includes("=") || name.includes(" ") || name.includes("\t") || name.includes("\n");
}

function walkProgram(name: string, words: readonly Argument[], span: Span, frame: Frame, at?: string): Ran {
  const { walk } = frame;
  const found = lookupProgram(walk.catalogue, name);
  const program = found === null ? programName(name) : found.name;
  const path = at ?? (name.includes("/") ? (knownPath(name, frame, "all") ?? "unknown") : "");
  const behind = at === undefined && path.startsWith("/") ? programBehind(name, path, program, found === null, frame) : null;
  if (behind !== null) return walkProgram(behind, words, span, frame, path);
  const rest = words.slice(1);
  const reading = read(program, rest, span, frame);
  const { subcommand, options, known, harmless } = reading;
  if (program === "git" && subcommand === "checkout") wantListing(frame);
  emit(frame, words[0]?.span ?? span, { kind: "exec", program, path, subcommand, options, known, harmless });
  const written = path === "" ? writtenOnPath(name, frame) : path;
  const own = written === null ? null : runFile(written, known, words, span, frame, program);
  const carried: Frame = reading.deeds.length === 0 ? frame : { ...frame, via: [...frame.via, program] };
  let inner: Ran | null = null;
  for (const deed of reading.deeds) {
    if (!spend(walk.budget, 1)) {
      reachLimit(frame, span, "work");
      break;
    }
    if (deed.kind === "command" || deed.kind === "code" || deed.kind === "script") {
      const ran = walk.steps.deed(deed, program, frame);
      inner = inner === null ? ran : { output: STREAM, status: "either" };
    } else walkBareDeed(deed, carried);
  }
  noteWrites(program, reading, frame);
  const output = printed(program, rest, reading, frame);
  return {
    output: output.kind === "stream" && passesOn(program, reading) ? (inner?.output ?? own?.output ?? output) : output,
    status: statusOf(program),
  };
}

/** What a copy (`cp /bin/rm x; ./x`) or a link stands for, where the line made it, or where nobody knows the name it has here. */
function programBehind(name: string, path: string, program: string, isStrange: boolean, frame: Frame): string | null {
  const { files, links } = frame.shell.now;
  const isLinked = links.map.size > 0 && knownPath(name, frame, "parents") !== path;
  if (files.map.size === 0 && !isLinked && !isStrange) return null;
  const sources = [...(files.map.size === 0 ? [] : (fileAt(path, frame)?.disk ?? [])), ...(isLinked || isStrange ? [path] : [])];
  const names = sources.map((source) => source.slice(source.lastIndexOf("/") + 1));
  return names.find((one) => one !== program && lookupProgram(frame.walk.catalogue, one) !== null) ?? null;
}

/** Whether `git checkout x` means a branch or a file is for the working folder to say. */
function wantListing({ walk, shell, place }: Frame): void {
  if (place === "here" && shell.now.cwd.kind === "text") want(walk.wants.folders, shell.now.cwd.text);
}

function read(program: string, words: readonly Argument[], span: Span, frame: Frame): Reading {
  const { walk, shell } = frame;
  const environment = environmentOf(shell.now, frame);
  return readProgram({
    name: program,
    words,
    span,
    stdin: frame.input.stdin,
    cwd: shell.now.cwd,
    environment,
    inherits: environment === walk.inherited,
    facts: frame.place === "here" ? walk.facts : walk.factsElsewhere,
    workspace_root: frame.place === "here" ? walk.workspaceRoot : "",
    catalogue: walk.catalogue,
  });
}

/** Programs that run their command more than once, so that what it prints is not what they print. */
const REPEATERS: readonly string[] = ["find", "xargs", "parallel", "watch", "seq", "fd", "entr"];

function passesOn(program: string, reading: Reading): boolean {
  return (
    !REPEATERS.includes(program) &&
    reading.deeds.filter((deed) => deed.kind === "command" || deed.kind === "code" || deed.kind === "script").length <= 1
  );
}

const SUCCEED: readonly string[] = ["true", ":", "echo", "printf", "mkdir", "touch", "sleep"];

function statusOf(program: string): Status {
  if (program === "false") return "nonzero";
  return SUCCEED.includes(program) ? "zero" : "either";
}

/** Sets the variables for as long as the command runs. */
function withEnvironment(environment: CommandManner["environment"], frame: Frame, walk: () => Ran): Ran {
  if (environment.length === 0) return walk();
  const before = environment.map(({ name }) => ({ name, cell: frame.shell.now.variables.map.get(name) }));
  for (const { name, value } of environment) setVariable(name, { kind: "scalar", value }, frame, true);
  const ran = walk();
  for (const { name, cell } of before) {
    if (cell === undefined) removeFrom(frame.shell.now.variables, name);
    else setIn(frame.shell.now.variables, name, cell);
  }
  return ran;
}
