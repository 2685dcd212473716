// xargs: makes command lines of its standard input. Implements spec/catalogue.md clause 10.2. Twin of go/change/programs/xargs.go.
// Known text gives the very commands; lines of known form give patterns; all else gives words of which nothing is known.

import { wholeNumber } from "../../base/ascii.js";
import { knownText } from "../catalogue/command-line.js";
import { type Context, contextOf } from "../catalogue/context.js";
import { inSourceOrder, readingOf } from "../catalogue/interpret.js";
import { locate } from "../catalogue/locate.js";
import type { Deed, Scope } from "../deeds.js";
import type { Call, Reading } from "../reading.js";
import { type Argument, text, UNKNOWN_WORD, type Value } from "../values.js";
import { bareProgram } from "./bare-program.js";
import { replaceInWords } from "./replace.js";
import { splitAt, splitForXargs } from "./split.js";

/** More commands than this are told as one, for items of which nothing is known. */
export const MAX_XARGS_COMMANDS = 64;

export function readXargs(call: Call): Reading {
  const context = contextOf(locate(bareProgram(call), call.words), call);
  const base = readingOf(context);
  const { operands } = context.located.line;
  if (operands.length === 0) return base;
  const deeds = commandsOf(context).map(
    (words): Deed => ({ kind: "command", words, scope: innerScope(context), span: operands[0]?.span ?? call.span }),
  );
  return { ...base, deeds: inSourceOrder([...base.deeds, ...deeds]) };
}

/** The command reads nothing: its standard input is /dev/null. */
function innerScope(context: Context): Scope {
  return { place: "child", cwd: null, environment: [], stdin: { kind: "text", text: "", span: context.call.span } };
}

function commandsOf(context: Context): readonly (readonly Argument[])[] {
  const { operands } = context.located.line;
  const mark = markOf(context);
  const items = itemsOf(context, mark !== null);
  if (mark === null) return [...chunks(items, context)].map((chunk) => [...operands, ...chunk]);
  if (items.length > MAX_XARGS_COMMANDS) return [replaceInWords(operands, mark, UNKNOWN_WORD)];
  return items.map((item) => replaceInWords(operands, mark, single(item.value)));
}

function single(value: Value): Value {
  return value.kind === "unknown" ? { ...value, many: false } : value;
}

/** The mark of -I, -i and -J; null when the items are appended. */
function markOf(context: Context): string | null {
  let mark: string | null = null;
  for (const one of context.located.line.options) {
    if (one.means !== "replace") continue;
    const value = one.values[0];
    mark = value === undefined ? "{}" : (knownText(value.value) ?? "{}");
  }
  return mark;
}

/** The words that come from standard input or from the file of -a. */
function itemsOf(context: Context, byLine: boolean): readonly Argument[] {
  const { call, around } = context;
  const { stdin } = call;
  const unknown: Argument = { value: { kind: "unknown", prefix: "", many: true, derived: true }, span: call.span };
  if (around.meanings.has("arg_file") || stdin.kind === "inherited" || stdin.kind === "stream") return [unknown];
  if (stdin.kind === "lines") return stdin.globs.map((glob) => ({ value: { kind: "pattern", glob }, span: stdin.span }));
  const delimiter = delimiterOf(context);
  const items = delimiter === null ? splitForXargs(stdin.text, byLine) : splitAt(stdin.text, delimiter);
  return items === null ? [unknown] : items.map((item) => ({ value: text(item), span: stdin.span }));
}

function delimiterOf(context: Context): string | null {
  const { meanings, options } = context.around;
  if (meanings.has("null")) return "\0";
  const given = options.find((one) => one.means === "delimiter")?.values[0];
  if (given === undefined) return null;
  const written = knownText(given.value) ?? "\n";
  return written === "\\n" ? "\n" : written === "\\t" ? "\t" : written === "\\0" ? "\0" : firstOf(written);
}

/** The first character, not the first unit of it. */
function firstOf(written: string): string {
  for (const character of written) return character;
  return "";
}

/** -n and -L make several commands; without items GNU xargs still runs the command once. */
function chunks(items: readonly Argument[], context: Context): readonly (readonly Argument[])[] {
  const given = context.located.line.options.findLast((one) => one.means === "max_args" || one.means === "max_lines")?.values[0];
  const size = given === undefined ? 0 : (wholeNumber(knownText(given.value) ?? "") ?? 0);
  if (items.length === 0) return context.around.meanings.has("no_run_if_empty") ? [] : [[]];
  if (size === 0 || items.length / size > MAX_XARGS_COMMANDS) return [items];
  const found: (readonly Argument[])[] = [];
  for (let i = 0; i < items.length; i += size) found.push(items.slice(i, i + size));
  return found;
}
