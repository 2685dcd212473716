// Writes a syntax tree as one line of text, as spec/shell.md section 2.6 defines it. The shared vectors are written in it.

import type { Span } from "../../src/base/span.js";
import {
  type Assignment,
  type Command,
  type ListItem,
  type ParameterPart,
  type Pipeline,
  type Redirect,
  type Script,
  unsupportedPlaces,
  type Word,
  type WordPart,
} from "../../src/change/shell/index.js";

/** `tree`: the tree; `spans`: with the place of every command, word, assignment, redirect and unsupported part; `places`: the unsupported places alone. */
export type Show = "tree" | "spans" | "places";

export function render(script: Script, show: Show): string {
  if (show !== "places") return renderScript(script, { spans: show === "spans" });
  return unsupportedPlaces(script)
    .map(({ reason, span }) => `${reason}@${span.start}-${span.end}`)
    .join(" ");
}

interface Style {
  readonly spans: boolean;
}

function at(text: string, span: Span, style: Style): string {
  return style.spans ? `${text}@${span.start}-${span.end}` : text;
}

function renderScript(script: Script, style: Style): string {
  return `[${script.items.map((item) => renderItem(item, style)).join(" ")}]`;
}

function renderItem(item: ListItem, style: Style): string {
  const rest = item.rest.map(({ operator, pipeline }) => ` ${operator} ${renderPipeline(pipeline, style)}`).join("");
  const list = rest === "" ? renderPipeline(item.first, style) : `(${renderPipeline(item.first, style)}${rest})`;
  return item.background ? `(& ${list})` : list;
}

function renderPipeline(pipeline: Pipeline, style: Style): string {
  let text = "";
  pipeline.commands.forEach((command, index) => {
    if (index > 0) text += pipeline.stderr[index - 1] ? " |& " : " | ";
    text += renderCommand(command, style);
  });
  if (pipeline.commands.length > 1) text = `(${text})`;
  if (pipeline.timed) text = `(time ${text})`;
  return pipeline.negated ? `(! ${text})` : text;
}

function renderCommand(command: Command, style: Style): string {
  const pieces = [...commandPieces(command, style), ...command.redirects.map((redirect) => renderRedirect(redirect, style))];
  return at(`(${pieces.join(" ")})`, command.span, style);
}

function commandPieces(command: Command, style: Style): readonly string[] {
  const words = (list: readonly Word[]) => list.map((word) => renderWord(word, style));
  const script = (list: Script) => renderScript(list, style);
  switch (command.kind) {
    case "simple":
      return [...command.assignments.map((assignment) => renderAssignment(assignment, style)), ...words(command.words)];
    case "subshell":
    case "group":
      return [command.kind, script(command.body)];
    case "if":
      return [
        ...command.clauses.flatMap(({ condition, body }, index) => [index === 0 ? "if" : "elif", script(condition), script(body)]),
        ...(command.otherwise === null ? [] : ["else", script(command.otherwise)]),
      ];
    case "while":
    case "until":
      return [command.kind, script(command.condition), script(command.body)];
    case "for":
      return ["for", command.variable, command.values === null ? "*" : `(${words(command.values).join(" ")})`, script(command.body)];
    case "arithmetic_for":
      return ["for_arithmetic", renderWord(command.expression, style), script(command.body)];
    case "case":
      return [
        "case",
        renderWord(command.subject, style),
        ...command.branches.map(({ patterns, body, ends }) => `(${words(patterns).join(" | ")} ${script(body)} ${ends})`),
      ];
    case "function":
      return ["function", command.name, renderCommand(command.body, style)];
    case "test":
      return ["test", ...words(command.words)];
    case "arithmetic":
      return ["arithmetic", renderWord(command.expression, style)];
    case "unsupported":
      return ["unsupported", command.reason];
  }
}

function renderAssignment(assignment: Assignment, style: Style): string {
  const subscript = assignment.subscript === null ? "" : `[${renderWord(assignment.subscript, style)}]`;
  const array = assignment.elements === null ? "" : `(${assignment.elements.map((word) => renderWord(word, style)).join(" ")})`;
  const value = assignment.value === null ? array : renderWord(assignment.value, style);
  return at(`${assignment.name}${subscript}${assignment.append ? "+=" : "="}${value}`, assignment.span, style);
}

function renderRedirect(redirect: Redirect, style: Style): string {
  const prefix = redirect.variable === null ? (redirect.fd ?? "") : `{${redirect.variable}}`;
  return at(`${prefix}${redirect.operator}${renderWord(redirect.target, style)}`, redirect.span, style);
}

function renderWord(word: Word, style: Style): string {
  return at(renderParts(word.parts, style), word.span, style);
}

function renderParts(parts: readonly WordPart[], style: Style): string {
  return parts.map((part) => renderPart(part, style)).join("+");
}

function renderPart(part: WordPart, style: Style): string {
  switch (part.kind) {
    case "literal":
      return quote(part.text);
    case "quoted":
      return `q${quote(part.text)}`;
    case "double":
      return `d{${renderParts(part.parts, style)}}`;
    case "parameter":
      return renderParameter(part, style);
    case "command_substitution":
      return `$${renderScript(part.body, style)}`;
    case "process_substitution":
      return `${part.direction}${renderScript(part.body, style)}`;
    case "arithmetic":
      return `$((${renderParts(part.parts, style)}))`;
    case "unsupported":
      return at(`!${part.reason}`, part.span, style);
  }
}

function renderParameter(part: ParameterPart, style: Style): string {
  const subscript = part.subscript === null ? "" : `[${renderWord(part.subscript, style)}]`;
  const words = part.arguments.map((word) => ` ${renderWord(word, style)}`).join("");
  return `\${${part.name}${subscript}${part.operator === "" ? "" : ` ${part.operator}`}${words}}`;
}

/** Double quotes around it; `\` before `"` and `\`; newline, tab and return as `\n`, `\t`, `\r`; other characters below U+0020 as `\u00xx`. */
function quote(text: string): string {
  let result = "";
  for (const character of text) {
    const code = character.codePointAt(0) ?? 0;
    if (character === '"' || character === "\\") result += `\\${character}`;
    else if (character === "\n") result += "\\n";
    else if (character === "\t") result += "\\t";
    else if (character === "\r") result += "\\r";
    else if (code < 0x20) result += `\\u${code.toString(16).padStart(4, "0")}`;
    else result += character;
  }
  return `"${result}"`;
}
