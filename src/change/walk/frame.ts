// Where a command stands while it is walked, and what the parts of the walk ask of each other. Implements spec/change.md section 7.1.
// Twin of go/change/walk/frame.go.
// The parts call each other through `steps`, so that their files import no circle.

import type { Span } from "../../base/span.js";
import type { Catalogue } from "../catalogue/model.js";
import type { Deed, Language } from "../deeds.js";
import type { Effect, Facts } from "../model.js";
import type { Output } from "../reading.js";
import type { Command, Script } from "../shell/syntax.js";
import type { Argument, Stdin, Value } from "../values.js";
import { type Budget, LIMITS } from "../words/index.js";
import type { Cell, Holder, Shell } from "./shell.js";

/** Where effects gather. */
export interface Sink {
  readonly effects: Effect[];
  readonly seen: Set<string>;
  /** True once a limit was reported. */
  limited: boolean;
}

/** What the caller could look up to know more. */
export interface WantList {
  readonly paths: Set<string>;
  readonly folders: Set<string>;
  readonly scripts: Set<string>;
  git: boolean;
}

/** Asks for one more. What is beyond the limit is not looked up, and stays as it is written. */
export function want(list: Set<string>, asked: string): void {
  if (list.size < LIMITS.wants) list.add(asked);
}

/** What all frames of one derivation share. */
export interface Walk {
  readonly facts: Facts;
  /** The facts name links. */
  readonly hasLinks: boolean;
  /** What is known of another machine: nothing, but that the person's home may be the same. */
  readonly factsElsewhere: Facts;
  readonly workspaceRoot: string;
  readonly catalogue: Catalogue;
  readonly budget: Budget;
  readonly sink: Sink;
  readonly wants: WantList;
  readonly steps: Steps;
  /** The environment that the facts supply, as values. */
  readonly inherited: Readonly<Record<string, Value>>;
  /** Number of the next `/dev/fd` file. */
  nextDescriptor: number;
}

export interface Frame {
  readonly walk: Walk;
  readonly shell: Holder;
  readonly via: readonly string[];
  readonly place: "here" | "elsewhere";
  /** Span of the word that carries the code being walked; null in the action's own text. */
  readonly carrier: Span | null;
  readonly input: Input;
  /** The code is that of a script on disk, not of the line. */
  readonly fromDisk: boolean;
  readonly codeDepth: number;
  readonly callDepth: number;
  /** Variables to put back when the function ends; null outside functions. */
  readonly locals: Map<string, Cell | undefined> | null;
  /** States in which `break`, `continue` and `return` leave. */
  readonly exits: { readonly loop: Shell[] | null; readonly function: Shell[] | null };
}

/** Standard input, and how much of it `read` has taken: bytes of a text, or globs of lines. */
export interface Input {
  readonly stdin: Stdin;
  taken: number;
}

/** The abstract exit status. */
export type Status = "zero" | "nonzero" | "either";

export interface Ran {
  readonly output: Output;
  readonly status: Status;
}

/** Assignments before a command, and whether functions are looked for. */
export interface CommandManner {
  readonly environment: readonly { readonly name: string; readonly value: Value }[];
  readonly functions: boolean;
  readonly builtins: boolean;
}

export interface Steps {
  script(script: Script, frame: Frame): Ran;
  command(command: Command, frame: Frame): Ran;
  /** A command from its words, `span` being the whole of it. */
  words(words: readonly Argument[], span: Span, frame: Frame, manner: CommandManner): Ran;
  deed(deed: Deed, program: string, frame: Frame): Ran;
  /** Code in the frame's own shell. */
  code(language: Language, code: Value, positional: readonly Argument[], span: Span, frame: Frame): Ran;
  /** A file of code in the frame's own shell. */
  scriptFile(language: Language, path: Value, positional: readonly Argument[], span: Span, frame: Frame): Ran;
}

export const NOTHING: Output = { kind: "text", text: "" };
export const STREAM: Output = { kind: "stream" };
export const QUIET: Ran = { output: NOTHING, status: "zero" };

export function inputOf(stdin: Stdin): Input {
  return { stdin, taken: 0 };
}

/** Everything that two parts print, one after the other. */
export function appendOutput(first: Output, second: Output): Output {
  if (isNothing(first)) return second;
  if (isNothing(second)) return first;
  if (first.kind === "text" && second.kind === "text" && first.text.length + second.text.length <= MAX_JOINED_UNITS)
    return { kind: "text", text: first.text + second.text };
  // SECURITY: too many globs are a stream. The temptation is to keep the first ones: a line of which nothing is told would then be none.
  if (first.kind === "lines" && second.kind === "lines" && first.globs.length + second.globs.length <= MAX_JOINED_GLOBS)
    return { kind: "lines", globs: [...first.globs, ...second.globs] };
  return STREAM;
}

/** UTF-16 units of the texts that several commands print, and forms of the lines that they do; more are a stream. */
const MAX_JOINED_UNITS = 65_536;
const MAX_JOINED_GLOBS = 200;

/** What is printed when it is not sure whether anything is, or which of two. */
export function eitherOutput(left: Output, right: Output): Output {
  if (left.kind === "text" && right.kind === "text" && left.text === right.text) return left;
  return STREAM;
}

export function isNothing(output: Output): boolean {
  return output.kind === "text" && output.text === "";
}
