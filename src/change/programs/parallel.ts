// GNU parallel: a command for every combination of arguments. Implements spec/catalogue.md clause 10.4.
// Twin of go/change/programs/parallel.go.
// parallel joins its words by blanks and gives them to a shell, with the arguments quoted. Both readings are told where they differ:
// the words as they stand (what was meant), and the joined text (what runs).

import { scopeOf } from "../catalogue/code-roles.js";
import { knownText } from "../catalogue/command-line.js";
import { type Context, contextOf } from "../catalogue/context.js";
import { inSourceOrder, readingOf } from "../catalogue/interpret.js";
import { locate } from "../catalogue/locate.js";
import type { Deed } from "../deeds.js";
import type { Call, Reading } from "../reading.js";
import { type Argument, text, type Value } from "../values.js";
import { bareProgram } from "./bare-program.js";
import { hasMark, replaceInWords } from "./replace.js";
import { splitAt } from "./split.js";

/** More combinations than this are told as one, for arguments of which nothing is known. */
export const MAX_PARALLEL_COMMANDS = 64;
/** So are arguments of more sources than this, and commands that are more words than this in all. */
export const MAX_PARALLEL_SOURCES = 16;
export const MAX_PARALLEL_WORDS = 4096;

const SOURCES = [":::", ":::+", "::::", "::::+"];
/** With one of these it tells about itself and runs nothing. */
const IDLE = ["help", "version", "bibtex", "citation", "number_of_cores", "number_of_cpus"];
const UNKNOWN_ARGUMENT: Value = { kind: "unknown", prefix: "", many: false, derived: true };

export function readParallel(call: Call): Reading {
  const context = contextOf(locate(bareProgram(call), call.words), call);
  const base = readingOf(context);
  if (IDLE.some((meaning) => context.around.meanings.has(meaning))) return base;
  const { template, combinations, files } = partsOf(context);
  const scope = scopeOf(context.around.meanings.has("sshlogin") ? "elsewhere" : "child", context, null);
  const reads = files.map((file): Deed => ({ kind: "file", effect: "read", path: file.value, extent: "exact", span: file.span }));
  const runs = context.around.meanings.has("dry_run") ? [] : combinations.flatMap((one) => commandDeeds(template, one, context));
  return { ...base, deeds: inSourceOrder([...base.deeds, ...reads, ...runs.map((deed) => ("scope" in deed ? { ...deed, scope } : deed))]) };
}

interface Parts {
  readonly template: readonly Argument[];
  /** Each is one value for every source. */
  readonly combinations: readonly (readonly Argument[])[];
  readonly files: readonly Argument[];
}

function partsOf(context: Context): Parts {
  const words = context.located.line.operands;
  const first = words.findIndex(isSource);
  const template = first < 0 ? words : words.slice(0, first);
  if (context.around.meanings.has("pipe")) return { template, combinations: [[]], files: [] };
  const found = first < 0 ? { combinations: stdinItems(context).map((item) => [item]), files: [] } : combine(words.slice(first), context);
  const isTooMuch = found.combinations.length * template.length > MAX_PARALLEL_WORDS;
  return isTooMuch ? { ...found, template, combinations: unknownCombination(context) } : { ...found, template };
}

function unknownCombination(context: Context): readonly (readonly Argument[])[] {
  return [[{ value: UNKNOWN_ARGUMENT, span: context.call.span }]];
}

function combine(words: readonly Argument[], context: Context): Omit<Parts, "template"> {
  const files: Argument[] = [];
  let combinations: readonly (readonly Argument[])[] = [[]];
  let at = 0;
  let isTooMany = words.filter(isSource).length > MAX_PARALLEL_SOURCES;
  while (at < words.length) {
    const mark = knownText(words[at]?.value ?? text("")) ?? "";
    const following = words.slice(at + 1);
    const end = following.findIndex(isSource);
    const items = end < 0 ? following : following.slice(0, end);
    at += items.length + 1;
    if (mark.startsWith("::::")) files.push(...items.filter((file) => knownText(file.value) !== "-"));
    const values = mark.startsWith("::::") ? [{ value: UNKNOWN_ARGUMENT, span: context.call.span }] : items;
    if (isTooMany) continue;
    combinations = mark.endsWith("+") ? linked(combinations, values) : crossed(combinations, values);
    isTooMany = combinations.length > MAX_PARALLEL_COMMANDS;
  }
  return { combinations: isTooMany ? unknownCombination(context) : combinations, files };
}

function isSource(word: Argument): boolean {
  return SOURCES.includes(knownText(word.value) ?? "");
}

/** Without a value the source adds nothing: `parallel git reset --hard :::` still tells the command. */
function crossed(combinations: readonly (readonly Argument[])[], values: readonly Argument[]): readonly (readonly Argument[])[] {
  if (values.length === 0) return combinations;
  if (combinations.length * values.length > MAX_PARALLEL_COMMANDS) return Array.from({ length: MAX_PARALLEL_COMMANDS + 1 }, () => []);
  return combinations.flatMap((one) => values.map((value) => [...one, value]));
}

function linked(combinations: readonly (readonly Argument[])[], values: readonly Argument[]): readonly (readonly Argument[])[] {
  return combinations.map((one, i) => {
    const value = values[i % Math.max(values.length, 1)];
    return value === undefined ? one : [...one, value];
  });
}

function stdinItems(context: Context): readonly Argument[] {
  const { stdin, span } = context.call;
  const unknown: readonly Argument[] = [{ value: UNKNOWN_ARGUMENT, span }];
  if (stdin.kind === "lines")
    return stdin.globs.length > MAX_PARALLEL_COMMANDS
      ? unknown
      : stdin.globs.map((glob) => ({ value: { kind: "pattern", glob }, span: stdin.span }));
  if (stdin.kind !== "text" || context.around.meanings.has("arg_file")) return unknown;
  const items = splitAt(stdin.text, context.around.meanings.has("null") ? "\0" : "\n");
  return items.length > MAX_PARALLEL_COMMANDS ? unknown : items.map((item) => ({ value: text(item), span: stdin.span }));
}

function commandDeeds(template: readonly Argument[], items: readonly Argument[], context: Context): readonly Deed[] {
  const scope = scopeOf("child", context);
  if (template.length === 0) {
    return items.slice(0, 1).map(({ value, span }) => ({ kind: "code", language: "shell", code: value, positional: [], scope, span }));
  }
  const words = filled(template, items, context);
  const [first] = words;
  const span = first?.span ?? context.call.span;
  const asWords: Deed = { kind: "command", words, scope, span };
  const joined = joinedCode(template, items, context);
  const changesCode =
    template.length === 1
      ? !isPlain(knownText(template[0]?.value ?? text("")))
      : template.some((word) => hasControl(knownText(word.value)));
  if (joined === null || !changesCode) return [asWords];
  const asCode: Deed = { kind: "code", language: "shell", code: text(joined), positional: [], scope, span };
  return template.length === 1 ? [asCode] : [asWords, asCode];
}

/** Each mark replaced; without any mark the arguments are appended. */
function filled(template: readonly Argument[], items: readonly Argument[], context: Context): readonly Argument[] {
  const marks = marksOf(items, context);
  if (!marks.some(({ mark }) => hasMark(template, mark))) return [...template, ...items];
  return marks.reduce<readonly Argument[]>((words, { mark, value }) => replaceInWords(words, mark, value), template);
}

interface Mark {
  readonly mark: string;
  readonly value: Value;
}

function marksOf(items: readonly Argument[], context: Context): readonly Mark[] {
  const own = context.located.line.options.findLast((one) => one.means === "replace")?.values[0];
  const whole = own === undefined ? "{}" : (knownText(own.value) ?? "{}");
  const numbered = items.flatMap(({ value }, i) => spellings(value, String(i + 1)));
  const all: Value = items.length === 1 ? (items[0]?.value ?? UNKNOWN_ARGUMENT) : joinTexts(items);
  return [...numbered, ...spellings(all, ""), ...(whole === "{}" ? [] : [{ mark: whole, value: all }])].filter(({ mark }) => mark !== "");
}

function joinTexts(items: readonly Argument[]): Value {
  const known = items.map((item) => knownText(item.value));
  return known.every((one) => one !== null) ? text(known.join(" ")) : UNKNOWN_ARGUMENT;
}

/** `{}` the argument, `{.}` without its ending, `{/}` its last component, `{//}` its folder, `{/.}` both; with a number, of that source. */
function spellings(value: Value, number: string): readonly Mark[] {
  const known = knownText(value);
  const via = (change: (path: string) => string): Value => (known === null ? UNKNOWN_ARGUMENT : text(change(known)));
  return [
    { mark: `{${number}}`, value },
    { mark: `{${number}.}`, value: via(withoutEnding) },
    { mark: `{${number}/}`, value: via(lastOf) },
    { mark: `{${number}//}`, value: via(folderOf) },
    { mark: `{${number}/.}`, value: via((path) => withoutEnding(lastOf(path))) },
  ];
}

function withoutEnding(path: string): string {
  const dot = path.lastIndexOf(".");
  return dot > path.lastIndexOf("/") + 1 ? path.slice(0, dot) : path;
}

function lastOf(path: string): string {
  return path.slice(path.lastIndexOf("/") + 1);
}

function folderOf(path: string): string {
  const slash = path.lastIndexOf("/");
  return slash < 0 ? "." : slash === 0 ? "/" : path.slice(0, slash);
}

/** The text that the shell gets; null when a word or an argument is not known. */
function joinedCode(template: readonly Argument[], items: readonly Argument[], context: Context): string | null {
  const quotedItems = items.map(
    ({ value, span }): Argument => (value.kind === "text" ? { value: text(shellQuoted(value.text)), span } : { value, span }),
  );
  const words = filled(template, quotedItems, context).map((word) => knownText(word.value));
  return words.every((word) => word !== null) ? words.join(" ") : null;
}

/** Text that a shell reads as itself. */
export function shellQuoted(known: string): string {
  return known !== "" && isPlain(known) ? known : `'${known.replaceAll("'", "'\\''")}'`;
}

/** What makes more commands of the joined words than of the words. Quotes and brackets that are lost by joining only break it. */
function hasControl(known: string | null): boolean {
  return known !== null && ([";", "|", "&", "`", "\n"].some((mark) => known.includes(mark)) || known.includes("$("));
}

function isPlain(known: string | null): boolean {
  if (known === null) return false;
  for (const unit of known) {
    const letter = (unit >= "a" && unit <= "z") || (unit >= "A" && unit <= "Z") || (unit >= "0" && unit <= "9");
    if (!letter && !"_-./:=+,@%{}^".includes(unit)) return false;
  }
  return true;
}
