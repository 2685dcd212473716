// Every simple command of a text, as the source text of its words: what three readers of the shell can be compared by.

import { spawnSync } from "node:child_process";
import { forEachChild, parse, type SyntaxNode } from "unbash";
import { type Command, readShell, type Script, unsupportedPlaces, type Word, type WordPart } from "../../src/change/shell/index.js";

/** Calls in the order of their first words; null where the reader refuses the text or part of it. */
export type Calls = readonly string[] | null;

interface Found {
  readonly start: number;
  readonly words: readonly string[];
}

function listed(found: readonly Found[]): readonly string[] {
  const calls = [...found].filter(({ words }) => words.length > 0 && words[0] !== "let");
  return calls.sort((a, b) => a.start - b.start || b.words.length - a.words.length).map(({ words }) => words.join("\u001f"));
}

/** The text of a word without line continuations and what `$'…'` stands for; only for comparing. */
function plain(text: string): string {
  return text.replaceAll("\\\n", "");
}

export function ourCalls(text: string): Calls {
  const script = readShell(text);
  if (unsupportedPlaces(script).length > 0) return null;
  const found: Found[] = [];
  const bytes = Buffer.from(text);
  const source = ({ start, end }: { start: number; end: number }) => plain(bytes.subarray(start, end).toString());
  const visitWord = (word: Word | null) => word?.parts.forEach(visitPart);
  const visitPart = (part: WordPart): void => {
    if (part.kind === "double" || part.kind === "arithmetic") part.parts.forEach(visitPart);
    else if (part.kind === "command_substitution" || part.kind === "process_substitution") visitScript(part.body);
    else if (part.kind === "parameter") [part.subscript, ...part.arguments].forEach(visitWord);
  };
  const visitScript = (list: Script): void => {
    for (const item of list.items)
      for (const { commands } of [item.first, ...item.rest.map(({ pipeline }) => pipeline)]) commands.forEach(visitCommand);
  };
  const visitCommand = (command: Command): void => {
    for (const { target } of command.redirects) visitWord(target);
    if (command.kind === "simple") {
      const program = command.words[0];
      const arguments_ = [
        ...command.words,
        ...command.assignments.filter(({ span }) => program !== undefined && span.start > program.span.start),
      ];
      arguments_.sort((a, b) => a.span.start - b.span.start);
      found.push({ start: program?.span.start ?? 0, words: arguments_.map(({ span }) => source(span)) });
      command.words.forEach(visitWord);
      for (const { subscript, value, elements } of command.assignments) [subscript, value, ...(elements ?? [])].forEach(visitWord);
    } else if (command.kind === "if") {
      for (const { condition, body } of command.clauses) [condition, body].forEach(visitScript);
      if (command.otherwise !== null) visitScript(command.otherwise);
    } else if (command.kind === "for") {
      command.values?.forEach(visitWord);
      visitScript(command.body);
    } else if (command.kind === "case") {
      visitWord(command.subject);
      for (const { patterns, body } of command.branches) {
        patterns.forEach(visitWord);
        visitScript(body);
      }
    } else if (command.kind === "function") visitCommand(command.body);
    else if (command.kind === "test") command.words.forEach(visitWord);
    else if (command.kind === "while" || command.kind === "until") [command.condition, command.body].forEach(visitScript);
    else if (command.kind === "arithmetic") visitWord(command.expression);
    else if (command.kind === "arithmetic_for") {
      visitWord(command.expression);
      visitScript(command.body);
    } else if (command.kind === "group" || command.kind === "subshell") visitScript(command.body);
  };
  visitScript(script);
  return listed(found);
}

export function unbashCalls(text: string): Calls {
  const found: Found[] = [];
  let refused = false;
  const visit = (node: SyntaxNode): void => {
    if ("errors" in node && node.errors !== undefined && node.errors.length > 0) refused = true;
    if (node.type === "Command" && node.name !== undefined) {
      const words = [node.name, ...node.suffix.filter(({ type }) => type === "Word" || type === "Assignment")];
      found.push({ start: node.name.pos, words: words.map(({ pos, end }) => plain(text.slice(pos, end))) });
    }
    forEachChild(node, visit);
  };
  visit(parse(text));
  return refused ? null : listed(found);
}

interface Json {
  readonly [key: string]: unknown;
}

/** What shfmt says where it refuses the text; "" where it accepts it. */
export function shfmtRefusal(path: string, text: string): string {
  const result = runShfmt(path, text);
  return result.status === 0 ? "" : result.stderr;
}

function runShfmt(path: string, text: string) {
  return spawnSync(path, ["-ln=bash", "--to-json"], { input: text, encoding: "utf8", timeout: 20_000, maxBuffer: 1 << 28 });
}

/** `shfmt --to-json`, for the program at `path`. */
export function shfmtCalls(path: string, text: string): Calls {
  const result = runShfmt(path, text);
  if (result.status !== 0) return null;
  const bytes = Buffer.from(text);
  const found: Found[] = [];
  const offset = (place: unknown) => (place as { Offset: number }).Offset;
  const source = (node: Json) => plain(bytes.subarray(offset(node.Pos), offset(node.End)).toString());
  const visit = (value: unknown): void => {
    if (Array.isArray(value)) {
      value.forEach(visit);
      return;
    }
    if (typeof value !== "object" || value === null) return;
    const node = value as Json;
    const words = (node.Args ?? []) as Json[];
    if (node.Type === "CallExpr" && words[0] !== undefined) found.push({ start: offset(words[0].Pos), words: words.map(source) });
    if (node.Type === "DeclClause") {
      const variant = (node.Variant as Json).Value as string;
      found.push({ start: offset(node.Pos), words: [variant, ...words.map(source)] });
    }
    Object.values(node).forEach(visit);
  };
  visit(JSON.parse(result.stdout));
  return listed(found);
}
