// Reads the arguments of a call, with and without brackets, and the blocks behind it. Implements spec/languages.md section 6.4.
// Twin of go/change/languages/argument_lists.go.

import type { Arguments } from "./arguments.js";
import { comprehension } from "./brackets.js";
import { elementOf, itemsOf } from "./iteration.js";
import { itemsPerhaps, listThing, type Thing, UNKNOWN, UNKNOWN_MANY } from "./things.js";
import type { Token } from "./tokens.js";
import { accept, type Cursor, isName, isOperator, peek, skipNewlines, spend, type World } from "./world.js";

interface Growing {
  readonly positional: Thing[];
  readonly named: Map<string, Thing>;
  open: boolean;
}

/** Reads `( … )`. `callee` is what is called: the function given to `list.forEach` is read with its parameter bound. */
export function parseArguments(world: World, cursor: Cursor, callee: Thing): Arguments {
  const args: Growing = { positional: [], named: new Map(), open: false };
  if (world.language === "python") {
    const generated = comprehension(world, cursor);
    if (generated !== null) return { ...args, positional: [generated] };
  }
  cursor.at++;
  while (cursor.at < cursor.tokens.length && !isOperator(peek(cursor), ")") && spend(world)) {
    const token = peek(cursor);
    if (token?.kind === "newline" || isOperator(token, ",") || isOperator(token, ";")) {
      cursor.at++;
      continue;
    }
    argument(world, cursor, callee, args);
  }
  accept(cursor, ")");
  return args;
}

const ENDS = ["if", "unless", "while", "until", "for", "foreach", "or", "and", "do", "rescue", "then", "else", "end"];

/** Reads arguments up to the end of the statement: `system "a", "b" if $x`. */
export function parseBareArguments(world: World, cursor: Cursor, callee: Thing): Arguments {
  const args: Growing = { positional: [], named: new Map(), open: false };
  while (cursor.at < cursor.tokens.length && spend(world)) {
    const token = peek(cursor);
    if (token === undefined || token.kind === "newline" || (token.kind === "name" && ENDS.includes(token.text))) break;
    if (token.kind === "operator" && [")", "]", "}", ";", "||", "&&", "|", "?", ":"].includes(token.text)) break;
    argument(world, cursor, callee, args);
    // `exec { "rm" } "x"` and `print { $fh } "x"` in perl: no comma stands behind the block.
    if (world.language === "perl" && args.positional.length === 1 && args.positional[0]?.kind === "record") continue;
    if (!accept(cursor, ",") && !accept(cursor, "=>")) break;
    skipNewlines(cursor);
  }
  return args;
}

function argument(world: World, cursor: Cursor, callee: Thing, args: Growing): void {
  const before = cursor.at;
  if (spreadArgument(world, cursor, args) || namedArgument(world, cursor, args)) return;
  const thing = iterated(world, cursor, callee) ?? world.engine.expression(world, cursor);
  if (cursor.at === before) cursor.at++;
  else args.positional.push(...((world.language === "perl" ? itemsPerhaps(thing) : null) ?? [thing]));
}

// `*list`, `**options`, `...list`.
function spreadArgument(world: World, cursor: Cursor, args: Growing): boolean {
  const token = peek(cursor);
  if (!isOperator(token, "*") && !isOperator(token, "**") && !isOperator(token, "...")) return false;
  cursor.at++;
  const thing = world.engine.expression(world, cursor);
  const items = itemsPerhaps(thing);
  if (items !== null) args.positional.push(...items);
  else if (thing.kind === "record") for (const [name, value] of thing.entries) args.named.set(name, value);
  else {
    args.open = true;
    if (!isOperator(token, "**")) args.positional.push(UNKNOWN_MANY);
  }
  return true;
}

// `name=value` (python), `name: value` (ruby, PHP), `name => value` (perl, ruby).
function namedArgument(world: World, cursor: Cursor, args: Growing): boolean {
  const token = peek(cursor);
  const mark = peek(cursor, 1);
  const { language } = world;
  if (token === undefined || (token.kind !== "name" && token.kind !== "string")) return false;
  const assigns = language === "python" && token.kind === "name" && isOperator(mark, "=");
  const labels = (language === "ruby" || (language === "php" && token.kind === "name")) && isOperator(mark, ":");
  const arrows = (language === "ruby" || language === "perl") && isOperator(mark, "=>");
  if (!assigns && !labels && !arrows) return false;
  cursor.at += 2;
  skipNewlines(cursor);
  const value = world.engine.expression(world, cursor);
  args.named.set(nameOf(token), value);
  return true;
}

function nameOf(token: Token): string {
  const part = token.parts[0];
  return token.kind === "name" ? token.text : part?.kind === "text" ? part.text : "";
}

// `list.forEach(x => …)`: read once for every item that is known.
function iterated(world: World, cursor: Cursor, callee: Thing): Thing | null {
  if (world.language === "javascript" && callee.kind === "name" && callee.name.endsWith(".then"))
    return awaited(world, cursor, callee.name.slice(0, -5));
  if (
    world.language !== "javascript" ||
    callee.kind !== "method" ||
    !["forEach", "map", "filter", "flatMap", "some", "every"].includes(callee.name)
  )
    return null;
  const parameter = arrowParameter(cursor);
  return parameter === null ? null : eachItem(world, cursor, parameter, callee.self);
}

// `import("fs").then(({ unlinkSync, rm: r }) => …)`: the parameter is the module.
function awaited(world: World, cursor: Cursor, module: string): Thing | null {
  const whole = arrowParameter(cursor);
  const names = whole !== null ? [{ key: "", name: whole }] : destructured(cursor);
  if (names.length === 0) return null;
  const before = names.map(({ name }) => [name, world.pinned.get(name)] as const);
  for (const { key, name } of names)
    world.pinned.set(name, key === "" ? { kind: "name", name: module } : world.engine.member(world, { kind: "name", name: module }, key));
  // The parameters themselves are passed over: to read `{ unlinkSync }` as a mapping would hand the function on.
  if (whole === null) while (cursor.at < cursor.tokens.length && !isOperator(peek(cursor), "=>")) cursor.at++;
  const result = world.engine.expression(world, cursor);
  for (const [name, thing] of before) {
    if (thing === undefined) world.pinned.delete(name);
    else world.pinned.set(name, thing);
  }
  return result;
}

// The names in `({ a, b: c }) =>`.
function destructured(cursor: Cursor): { key: string; name: string }[] {
  const names: { key: string; name: string }[] = [];
  if (!isOperator(peek(cursor), "(") || !isOperator(peek(cursor, 1), "{")) return names;
  for (let at = 2; !isOperator(peek(cursor, at), "}"); at++) {
    const token = peek(cursor, at);
    if (token === undefined) return [];
    if (token.kind !== "name") continue;
    const renamed = isOperator(peek(cursor, at + 1), ":") ? peek(cursor, at + 2) : undefined;
    names.push({ key: token.text, name: renamed?.text ?? token.text });
    if (renamed !== undefined) at += 2;
  }
  return names;
}

// The name in `x =>`, `(x) =>`, `(x, i) =>`, `async x =>`, `function (x)`.
function arrowParameter(cursor: Cursor): string | null {
  let at = 0;
  while (isName(peek(cursor, at), "async") || isName(peek(cursor, at), "function")) at++;
  if (peek(cursor, at)?.kind === "name" && isOperator(peek(cursor, at + 1), "=>")) return peek(cursor, at)?.text ?? null;
  if (!isOperator(peek(cursor, at), "(") || peek(cursor, at + 1)?.kind !== "name") return null;
  const after = peek(cursor, at + 2);
  return isOperator(after, ")") || isOperator(after, ",") ? (peek(cursor, at + 1)?.text ?? null) : null;
}

/** Reads what stands here once for every item of `over`, with `name` bound to the item; once with an unknown item where they are not known. */
export function eachItem(world: World, cursor: Cursor, name: string, over: Thing): Thing {
  const items = itemsOf(over);
  const start = cursor.at;
  const before = world.pinned.get(name);
  const results: Thing[] = [];
  for (const item of items ?? [elementOf(world, over)]) {
    cursor.at = start;
    world.pinned.set(name, item);
    results.push(world.engine.expression(world, cursor));
    if (!spend(world)) break;
  }
  if (items?.length === 0) world.engine.expression(world, cursor);
  if (before === undefined) world.pinned.delete(name);
  else world.pinned.set(name, before);
  return items === null ? UNKNOWN : listThing(results);
}

/** `{ |x| … }` and `do |x| … end` behind a call in ruby; the block is read with its first parameter bound. */
export function rubyBlock(world: World, cursor: Cursor, callee: Thing): boolean {
  const brace = isOperator(peek(cursor), "{");
  if (world.language !== "ruby" || !(brace || isName(peek(cursor), "do"))) return false;
  const names: string[] = [];
  let at = 1;
  if (isOperator(peek(cursor, at), "|")) {
    for (at = 2; cursor.at + at < cursor.tokens.length && !isOperator(peek(cursor, at), "|"); at++) {
      const token = peek(cursor, at);
      if (token?.kind === "name") names.push(token.text);
    }
    at++;
  }
  const over = callee.kind === "method" ? elementOf(world, callee.self) : UNKNOWN;
  const saved = names.map((name) => [name, world.pinned.get(name)] as const);
  names.forEach((name, index) => {
    world.pinned.set(name, index === 0 ? over : UNKNOWN);
  });
  cursor.at += at;
  world.block++;
  while (cursor.at < cursor.tokens.length && !isOperator(peek(cursor), "}") && !(isName(peek(cursor), "end") && !brace) && spend(world)) {
    const before = cursor.at;
    world.engine.statements(world, cursor, true);
    if (cursor.at === before) cursor.at++;
  }
  world.block--;
  if (cursor.at < cursor.tokens.length) cursor.at++;
  for (const [name, thing] of saved) {
    if (thing === undefined) world.pinned.delete(name);
    else world.pinned.set(name, thing);
  }
  return true;
}
