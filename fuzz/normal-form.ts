// Brings a tree into the form in which bash prints it, so that reading a text and reading what bash printed of it can be compared.
// The temptation is to leave out what differs. Each rule here is one thing that bash writes in another way and that means the same.

import type { Assignment, Command, IfCommand, ListItem, Pipeline, Redirect, Script, Word, WordPart } from "../src/change/shell/index.js";

const NOWHERE = { start: 0, end: 0 };

export function normalScript(script: Script): Script {
  return { ...script, items: script.items.map(normalItem) };
}

function normalItem(item: ListItem): ListItem {
  return {
    ...item,
    first: normalPipeline(item.first),
    rest: item.rest.map(({ operator, pipeline }) => ({ operator, pipeline: normalPipeline(pipeline) })),
  };
}

/** `a |& b` is `a 2>&1 | b`. */
function normalPipeline(pipeline: Pipeline): Pipeline {
  const commands = pipeline.commands.map((command, i): Command => {
    const normal = normalCommand(command);
    return pipeline.stderr[i] === true ? { ...normal, redirects: [...normal.redirects, STDERR_TOO] } : normal;
  });
  return { ...pipeline, commands, stderr: pipeline.stderr.map(() => false) };
}

const STDERR_TOO: Redirect = { operator: ">&", fd: 2, variable: null, target: literalWord("1"), span: NOWHERE };

function normalCommand(command: Command): Command {
  return { ...normalInside(command), redirects: command.redirects.map(normalRedirect) };
}

function normalInside(command: Command): Command {
  switch (command.kind) {
    case "simple":
      return { ...command, assignments: command.assignments.map(normalAssignment), words: command.words.map(normalWord) };
    case "subshell":
    case "group":
      return { ...command, body: normalScript(command.body) };
    case "if":
      return normalIf(command);
    case "while":
    case "until":
      return { ...command, condition: normalScript(command.condition), body: normalScript(command.body) };
    case "for":
      // Without `in` it walks `"$@"`, and is printed so.
      return { ...command, values: (command.values ?? [ALL_ARGUMENTS]).map(normalWord), body: normalScript(command.body) };
    case "arithmetic_for":
      return { ...command, expression: literalWord("…"), body: normalScript(command.body) };
    case "case":
      return { ...command, subject: normalWord(command.subject), branches: command.branches.map(normalBranch) };
    case "function":
      return normalFunction(command);
    case "test":
      // `[[ a ]]` is `[[ -n a ]]`.
      return { ...command, words: command.words.filter((word) => !isLiteral(word, "-n")).map(normalWord) };
    case "arithmetic":
      return { ...command, expression: normalWord(command.expression) };
    case "unsupported":
      return command;
  }
}

function normalBranch<B extends { readonly patterns: readonly Word[]; readonly body: Script }>(branch: B): B {
  return { ...branch, patterns: branch.patterns.map(normalWord), body: normalScript(branch.body) };
}

function normalAssignment(assignment: Assignment): Assignment {
  const { subscript, value, elements } = assignment;
  return {
    ...assignment,
    subscript: subscript === null ? null : normalWord(subscript),
    value: value === null ? null : normalWord(value),
    elements: elements === null ? null : elements.map(normalWord),
  };
}

function normalWord(word: Word): Word {
  return { ...word, parts: word.parts.map(normalPart) };
}

function normalPart(part: WordPart): WordPart {
  switch (part.kind) {
    case "command_substitution":
    case "process_substitution":
      return { ...part, body: normalScript(part.body) };
    case "double":
    case "arithmetic":
      return { ...part, parts: part.parts.map(normalPart) };
    case "parameter":
      return {
        ...part,
        subscript: part.subscript === null ? null : normalWord(part.subscript),
        arguments: part.arguments.map(normalWord),
      };
    default:
      return part;
  }
}

/** `elif` is an `if` in the `else`. */
function normalIf(command: IfCommand): IfCommand {
  const [first, ...others] = command.clauses.map(({ condition, body }) => ({
    condition: normalScript(condition),
    body: normalScript(body),
  }));
  const otherwise = command.otherwise === null ? null : normalScript(command.otherwise);
  if (first === undefined || others.length === 0) return { ...command, clauses: first === undefined ? [] : [first], otherwise };
  return { ...command, clauses: [first], otherwise: only(normalIf({ ...command, clauses: others, redirects: [] })) };
}

/** The body is a group, and what redirects another body redirects it inside of that group. */
function normalFunction(command: Extract<Command, { kind: "function" }>): Command {
  const body = normalCommand(command.body);
  if (body.kind === "group") return { ...command, body };
  const inside: Command = { ...body, redirects: command.redirects.map(normalRedirect) };
  return { ...command, body: { kind: "group", body: only(inside), redirects: [], span: NOWHERE }, redirects: [] };
}

function only(command: Command): Script {
  const first: Pipeline = { negated: false, timed: false, commands: [command], stderr: [], span: NOWHERE };
  return { items: [{ first, rest: [], background: false, span: NOWHERE }], span: NOWHERE };
}

/** What stands for itself where no number is written. */
const DEFAULTS: Readonly<Record<string, number>> = { ">&": 1, "<&": 0, "<>": 0 };

function normalRedirect(written: Redirect): Redirect {
  const redirect = { ...written, target: normalWord(written.target) };
  const fd = redirect.fd ?? (redirect.variable === null ? (DEFAULTS[redirect.operator] ?? null) : null);
  // Closing is the same in both directions.
  const operator = redirect.operator === "<&" && isLiteral(redirect.target, "-") ? ">&" : redirect.operator;
  return { ...redirect, operator, fd };
}

function isLiteral(word: Word, text: string): boolean {
  const part = word.parts[0];
  return word.parts.length === 1 && part?.kind === "literal" && part.text === text;
}

function literalWord(text: string): Word {
  return { parts: [{ kind: "literal", text, span: NOWHERE }], span: NOWHERE };
}

const ALL_ARGUMENTS: Word = {
  parts: [
    {
      kind: "double",
      parts: [{ kind: "parameter", name: "@", subscript: null, operator: "", arguments: [], span: NOWHERE }],
      span: NOWHERE,
    },
  ],
  span: NOWHERE,
};
