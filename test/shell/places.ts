// Places in a syntax tree: in each other, in order, and inside the text. Thrown at the first that is not.

import type { Span } from "../../src/base/span.js";
import type { Command, Pipeline, Script, Word, WordPart } from "../../src/change/shell/index.js";

/** UTF-8 bytes; half a surrogate pair counts three. */
export function sizeBytes(text: string): number {
  let size = 0;
  for (const character of text) {
    const code = character.codePointAt(0) ?? 0;
    size += code < 0x80 ? 1 : code < 0x800 ? 2 : code < 0x10000 ? 3 : 4;
  }
  return size;
}

export function expectInside(inner: Span, outer: Span): void {
  if (inner.start > inner.end || inner.start < outer.start || inner.end > outer.end) {
    throw new Error(`${inner.start}-${inner.end} is not inside ${outer.start}-${outer.end}`);
  }
}

/** Each inside the whole, and none before the end of the one before it. */
function expectInOrder(spans: readonly Span[], whole: Span): void {
  let end = whole.start;
  for (const span of spans) {
    expectInside(span, { start: end, end: whole.end });
    end = span.end;
  }
}

export function checkScript(list: Script, whole: Span): void {
  expectInside(list.span, whole);
  expectInOrder(
    list.items.map(({ span }) => span),
    list.span,
  );
  for (const item of list.items) {
    const pipelines = [item.first, ...item.rest.map(({ pipeline }) => pipeline)];
    expectInOrder(
      pipelines.map(({ span }) => span),
      item.span,
    );
    pipelines.forEach(checkPipeline);
  }
}

function checkPipeline(pipeline: Pipeline): void {
  if (pipeline.stderr.length !== pipeline.commands.length - 1) throw new Error("a pipeline has another number of pipes than of commands");
  expectInOrder(
    pipeline.commands.map(({ span }) => span),
    pipeline.span,
  );
  pipeline.commands.forEach(checkCommand);
}

function checkCommand(command: Command): void {
  const words = wordsOf(command);
  const pieces = command.kind === "simple" ? [...command.assignments, ...words] : words;
  const places = [...pieces, ...command.redirects].map(({ span }) => span);
  expectInOrder(
    places.sort((a, b) => a.start - b.start || a.end - b.end),
    command.span,
  );
  words.forEach(checkWord);
  if (command.kind === "simple") {
    for (const { subscript, value, elements, span } of command.assignments) {
      const parts = [subscript, value, ...(elements ?? [])].filter((word) => word !== null);
      expectInOrder(
        parts.map((word) => word.span),
        span,
      );
      parts.forEach(checkWord);
    }
  }
  // The body of a here-document lies after the line; every other target lies in its redirect.
  for (const { operator, target, span } of command.redirects) {
    checkWord(target);
    if (!operator.startsWith("<<") || operator === "<<<") expectInside(target.span, span);
  }
  for (const body of bodiesOf(command)) checkScript(body, command.span);
  if (command.kind === "function") checkCommand(command.body);
}

function wordsOf(command: Command): readonly Word[] {
  switch (command.kind) {
    case "simple":
    case "test":
      return command.words;
    case "for":
      return command.values ?? [];
    case "arithmetic":
    case "arithmetic_for":
      return [command.expression];
    case "case":
      return [command.subject, ...command.branches.flatMap(({ patterns }) => patterns)];
    default:
      return [];
  }
}

function bodiesOf(command: Command): readonly Script[] {
  switch (command.kind) {
    case "subshell":
    case "group":
    case "for":
    case "arithmetic_for":
      return [command.body];
    case "while":
    case "until":
      return [command.condition, command.body];
    case "if":
      return [
        ...command.clauses.flatMap(({ condition, body }) => [condition, body]),
        ...(command.otherwise === null ? [] : [command.otherwise]),
      ];
    case "case":
      return command.branches.map(({ body }) => body);
    default:
      return [];
  }
}

function checkWord(word: Word): void {
  if (word.parts.length === 0) throw new Error("a word has no parts");
  checkParts(word.parts, word.span);
}

function checkParts(parts: readonly WordPart[], whole: Span): void {
  expectInOrder(
    parts.map(({ span }) => span),
    whole,
  );
  for (const part of parts) {
    if (part.kind === "double" || part.kind === "arithmetic") checkParts(part.parts, part.span);
    else if (part.kind === "command_substitution" || part.kind === "process_substitution") checkScript(part.body, part.span);
    else if (part.kind === "parameter") {
      const words = [part.subscript, ...part.arguments].filter((word) => word !== null);
      expectInOrder(
        words.map(({ span }) => span),
        part.span,
      );
      words.forEach(checkWord);
    }
  }
}
