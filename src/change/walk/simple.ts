// Walks a simple command: words, assignments, redirects, then the program. Implements spec/change.md section 7.7.
// Twin of go/change/walk/simple.go.

import type { Output } from "../reading.js";
import type { Assignment, SimpleCommand, Word } from "../shell/syntax.js";
import { type Argument, type Stdin, text, UNKNOWN_WORD, type Value } from "../values.js";
import {
  concatValues,
  evaluateDeclared,
  evaluateExpression,
  evaluateText,
  evaluateWord,
  evaluateWords,
  plainWords,
  type Variable,
  type WordContext,
} from "../words/index.js";
import { type CommandManner, type Frame, NOTHING, QUIET, type Ran, STREAM } from "./frame.js";
import { withRedirects } from "./redirects.js";
import { shareTable } from "./table.js";
import { readVariable, setVariable } from "./variables.js";
import { wordContext } from "./word-context.js";

export function walkSimple(command: SimpleCommand, frame: Frame): Ran {
  const words = plainWords(command.words, frame.walk.budget) ?? expandedWords(command.words, wordContext(frame));
  if (command.redirects.length === 0) return walkExpanded(command, words, frame, false);
  return withRedirects(command.redirects, frame, (inner) => walkExpanded(command, words, inner, inner !== frame));
}

function expandedWords(words: readonly Word[], context: WordContext): readonly Argument[] {
  return isDeclaration(words[0]) ? declarationWords(words, context) : evaluateWords(words, context);
}

function walkExpanded(command: SimpleCommand, words: readonly Argument[], frame: Frame, redirectedIn: boolean): Ran {
  const { assignments } = command;
  if (words.length === 0) {
    for (const assignment of assignments) assign(assignment, frame);
    return !redirectedIn || assignments.length > 0 ? QUIET : { output: contentOfInput(frame.input.stdin), status: "zero" };
  }
  if (assignments.length === 0) return frame.walk.steps.words(words, command.span, frame, AS_TYPED);
  const at = command.words[0]?.span.start ?? 0;
  const before = assignments.filter((assignment) => assignment.span.start < at);
  const environment = environmentFor(before, frame);
  const ran = frame.walk.steps.words(words, command.span, frame, { ...AS_TYPED, environment });
  // `declare a=(1 2)`: the reader keeps compound values as assignments, after the program's word.
  for (const assignment of assignments) if (assignment.span.start >= at) assign(assignment, frame);
  return ran;
}

const AS_TYPED: CommandManner = { environment: [], functions: true, builtins: true };

/** `$(<file)` is `$(cat file)`; zsh prints a file that is redirected into nothing everywhere. */
function contentOfInput(stdin: Stdin): Output {
  switch (stdin.kind) {
    case "text":
      return { kind: "text", text: stdin.text };
    case "lines":
      return { kind: "lines", globs: stdin.globs };
    case "stream":
      return STREAM;
    case "inherited":
      return NOTHING;
  }
}

const DECLARATIONS: readonly string[] = ["export", "declare", "typeset", "local", "readonly"];

function isDeclaration(word: Word | undefined): boolean {
  const only = word?.parts[0];
  return word?.parts.length === 1 && only?.kind === "literal" && DECLARATIONS.includes(only.text);
}

/** `export a=$x`: what looks like an assignment is neither split nor globbed. */
function declarationWords(words: readonly Word[], context: WordContext): readonly Argument[] {
  return words.flatMap((word) => {
    const first = word.parts[0];
    const assigns = first?.kind === "literal" && first.text.includes("=");
    return assigns ? evaluateDeclared(word, context) : evaluateWord(word, context);
  });
}

/** Assignments before a command see each other, and are gone afterwards. */
function environmentFor(assignments: readonly Assignment[], frame: Frame): readonly { name: string; value: Value }[] {
  if (assignments.length === 0) return [];
  const { now } = frame.shell;
  frame.shell.now = { ...now, variables: shareTable(now.variables) };
  const environment = assignments.map((assignment) => {
    assign(assignment, frame);
    const variable = readVariable(assignment.name, frame);
    return { name: assignment.name, value: variable.kind === "scalar" ? variable.value : UNKNOWN_WORD };
  });
  frame.shell.now = { ...frame.shell.now, variables: now.variables };
  return environment;
}

export function assign(assignment: Assignment, frame: Frame): void {
  const context = wordContext(frame);
  const { name } = assignment;
  if (assignment.elements !== null) {
    setVariable(name, arrayOf(assignment, readVariable(name, frame), context), frame);
    return;
  }
  const value = assignment.value === null ? text("") : evaluateText(assignment.value, context);
  const before = readVariable(name, frame);
  if (assignment.subscript !== null) {
    const index = evaluateExpression(assignment.subscript.parts, assignment.subscript.span, context);
    const old = assignment.append && before.kind === "array" && index !== null ? before.values[index] : undefined;
    setVariable(name, withElement(before, index, old === undefined ? value : concatValues(old, value, context.budget)), frame);
  } else if (!assignment.append) setVariable(name, { kind: "scalar", value }, frame);
  else if (before.kind === "array")
    setVariable(name, withElement(before, 0, concatValues(before.values[0] ?? text(""), value, context.budget)), frame);
  else {
    const start = before.kind === "unset" ? text("") : before.value;
    setVariable(name, { kind: "scalar", value: concatValues(start, value, context.budget) }, frame);
  }
}

const UNKNOWN_VARIABLE: Variable = { kind: "scalar", value: { kind: "unknown", prefix: "", many: true } };

function arrayOf(assignment: Assignment, before: Variable, context: WordContext): Variable {
  const elements = assignment.elements ?? [];
  // `([3]=x [name]=y)`: where the elements land is not followed.
  const placed = elements.some((word) => word.parts[0]?.kind === "literal" && word.parts[0].text.startsWith("["));
  const values = evaluateWords(elements, context).map((argument) => argument.value);
  if (placed || values.some((value) => value.kind === "unknown" && value.many)) return UNKNOWN_VARIABLE;
  if (!assignment.append) return { kind: "array", values };
  if (before.kind === "array") return { kind: "array", values: [...before.values, ...values] };
  if (before.kind === "unset") return { kind: "array", values };
  return before.value.kind === "unknown" ? UNKNOWN_VARIABLE : { kind: "array", values: [before.value, ...values] };
}

function withElement(before: Variable, index: number | null, value: Value): Variable {
  const values = before.kind === "array" ? before.values : before.kind === "unset" ? [] : null;
  if (values === null || index === null || index < 0 || index > values.length) return UNKNOWN_VARIABLE;
  return { kind: "array", values: values.toSpliced(index, 1, value) };
}
