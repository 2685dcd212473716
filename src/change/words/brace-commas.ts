// Whether a comma is written somewhere in the parts of a word, quoted ones included: bash looks for one in the text between braces.
// Implements spec/change.md section 5.4.
// Twin of go/change/words/brace_commas.go. The tree has lost quotes and comments, so that it cannot always be told.

import type { Command, ParameterPart, Script, Word, WordPart } from "../shell/syntax.js";

export type Answer = "yes" | "no" | "maybe";

/** A comma behind a backslash does not count. */
export function commaIn(parts: readonly WordPart[]): Answer {
  return any(parts.map(inPart));
}

function any(answers: readonly Answer[]): Answer {
  return answers.includes("yes") ? "yes" : answers.includes("maybe") ? "maybe" : "no";
}

function inPart(part: WordPart): Answer {
  switch (part.kind) {
    case "literal":
      return inText(part.text);
    case "quoted":
      return part.text === "," && part.span.end - part.span.start === 2 ? "no" : inText(part.text);
    case "double":
    case "arithmetic":
      return commaIn(part.parts);
    case "parameter":
      return inParameter(part);
    case "command_substitution":
      return inSubstitution(part.body, part.span.end - part.span.start);
    case "process_substitution":
    case "unsupported":
      return "maybe";
  }
}

/** Directly behind a backslash it may be that the backslash is itself escaped. */
function inText(text: string): Answer {
  let answer: Answer = "no";
  for (let at = text.indexOf(","); at >= 0; at = text.indexOf(",", at + 1)) {
    if (at === 0 || text[at - 1] !== "\\") return "yes";
    answer = "maybe";
  }
  return answer;
}

function inParameter({ subscript, operator, arguments: words }: ParameterPart): Answer {
  if (operator.startsWith(",")) return "yes";
  return any([subscript, ...words].map(inWord));
}

function inWord(word: Word | null): Answer {
  return word === null ? "no" : commaIn(word.parts);
}

/** `$(nproc)`, `$(wc -l <f)`: one simple command that fills the parentheses. In anything else a comment could hold the comma. */
function inSubstitution(body: Script, sizeBytes: number): Answer {
  const only = body.items.length === 1 && sizeBytes === body.span.end - body.span.start + 3 ? body.items[0] : undefined;
  if (only === undefined || only.rest.length > 0 || only.background || only.first.commands.length !== 1) return "maybe";
  return inCommand(only.first.commands[0]);
}

function inCommand(command: Command | undefined): Answer {
  if (command?.kind !== "simple" || command.assignments.length > 0) return "maybe";
  if (command.redirects.some(({ operator }) => operator === "<<" || operator === "<<-")) return "maybe";
  return any([...command.words, ...command.redirects.map(({ target }) => target)].map(inWord));
}
