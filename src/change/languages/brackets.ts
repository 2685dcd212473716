// Round, square and curly brackets: groups, lists, mappings, blocks, comprehensions. Implements spec/languages.md section 6.3.
// Twin of go/change/languages/brackets.go. A block and a mapping are read by the same loop, so that no brace can hide what stands in it.

import { letGo } from "./calls.js";
import { elementOf } from "./iteration.js";
import { listThing, MAX_ITEMS, type Thing, UNKNOWN, UNKNOWN_MANY } from "./things.js";
import { accept, type Cursor, isName, isOperator, lookUp, peek, skipNewlines, spend, type World } from "./world.js";

/** `( … )`: one thing is itself, several are a list, none is an empty list. */
export function group(world: World, cursor: Cursor): Thing {
  cursor.at++;
  const items: Thing[] = [];
  let commas = 0;
  while (cursor.at < cursor.tokens.length && !isOperator(peek(cursor), ")") && spend(world)) {
    const token = peek(cursor);
    if (token?.kind === "newline" || isOperator(token, ",") || isOperator(token, ";") || isOperator(token, "=>")) {
      if (token?.kind !== "newline") commas++;
      cursor.at++;
      continue;
    }
    const before = cursor.at;
    items.push(world.engine.expression(world, cursor));
    if (cursor.at === before) cursor.at++;
  }
  accept(cursor, ")");
  const [only] = items;
  if (items.length === 1 && only !== undefined && commas === 0) return only;
  // The comma of JavaScript gives what stands last: `(0, eval)("…")`.
  const last = items.at(-1);
  const comma = world.language === "javascript" && last !== undefined;
  for (const item of comma ? items.slice(0, -1) : items) letGo(world, item);
  if (comma) return last;
  return listThing(items.flatMap((item) => (world.language === "perl" && item.kind === "list" ? item.items : [item])));
}

/** `[ … ]` and `array( … )`. */
export function listLiteral(world: World, cursor: Cursor): Thing {
  cursor.at++;
  const items: Thing[] = [];
  while (cursor.at < cursor.tokens.length && !isOperator(peek(cursor), "]") && spend(world)) {
    const token = peek(cursor);
    if (token?.kind === "newline" || isOperator(token, ",") || isOperator(token, "=>")) {
      cursor.at++;
      continue;
    }
    const before = cursor.at;
    const spread = isOperator(token, "*") || isOperator(token, "...");
    const item = world.engine.expression(world, cursor);
    if (cursor.at === before) cursor.at++;
    else if (spread) items.push(...(item.kind === "list" ? item.items : [UNKNOWN_MANY]));
    else items.push(item);
  }
  accept(cursor, "]");
  for (const item of items) letGo(world, item);
  return listThing(items);
}

/** `{ … }`: a mapping where keys stand in it, else a block. */
export function braces(world: World, cursor: Cursor): Thing {
  cursor.at++;
  world.block++;
  const entries = new Map<string, Thing>();
  while (cursor.at < cursor.tokens.length && !isOperator(peek(cursor), "}") && spend(world)) {
    const token = peek(cursor);
    if (token?.kind === "newline" || isOperator(token, ",") || isOperator(token, ";")) {
      cursor.at++;
      continue;
    }
    const before = cursor.at;
    if (!entry(world, cursor, entries)) world.engine.statements(world, cursor, true);
    if (cursor.at === before) cursor.at++;
  }
  accept(cursor, "}");
  world.block--;
  return { kind: "record", entries };
}

// `key: value`, `"key": value`, `key => value`, and `key` alone in JavaScript.
function entry(world: World, cursor: Cursor, entries: Map<string, Thing>): boolean {
  const token = peek(cursor);
  const mark = peek(cursor, 1);
  if (token === undefined || (token.kind !== "name" && token.kind !== "string" && token.kind !== "number")) return false;
  const last = token.parts.at(0);
  const key = token.kind === "string" ? (token.parts.length === 1 && last?.kind === "text" ? last.text : "") : token.text;
  if (isOperator(mark, ":") || isOperator(mark, "=>")) {
    cursor.at += 2;
    skipNewlines(cursor);
    const value = world.engine.expression(world, cursor);
    letGo(world, value);
    entries.set(key, value);
    return true;
  }
  if (world.language !== "javascript" || token.kind !== "name" || !(isOperator(mark, ",") || isOperator(mark, "}"))) return false;
  cursor.at++;
  const value = lookUp(world, key) ?? UNKNOWN;
  letGo(world, value);
  entries.set(key, value);
  return true;
}

/** A comprehension or generator of python, read once for every item where the items are known; null when none stands here. */
export function comprehension(world: World, cursor: Cursor): Thing | null {
  if (world.language !== "python") return null;
  const clause = clauseBegins(cursor);
  if (clause < 0) return null;
  const curly = isOperator(peek(cursor), "{");
  const element = cursor.at + 1;
  const saved = new Map(world.pinned);
  cursor.at = clause;
  const loops = clauses(world, cursor);
  const end = cursor.at;
  const only = loops.length === 1 ? loops[0] : undefined;
  const items = only?.over.kind === "list" && only.names.length === 1 ? only.over.items.slice(0, MAX_ITEMS) : null;
  const results: Thing[] = [];
  for (const item of items ?? [null]) {
    if (item !== null && only?.names[0] !== undefined) world.pinned.set(only.names[0], item);
    cursor.at = element;
    const result = world.engine.expression(world, cursor);
    results.push(result);
    letGo(world, result);
    if (curly && accept(cursor, ":")) letGo(world, world.engine.expression(world, cursor));
  }
  cursor.at = end + 1;
  world.pinned.clear();
  for (const [name, thing] of saved) world.pinned.set(name, thing);
  return items !== null ? listThing(results) : UNKNOWN;
}

function clauseBegins(cursor: Cursor): number {
  let depth = 0;
  for (let at = cursor.at; at < cursor.tokens.length; at++) {
    const token = cursor.tokens[at];
    if (token?.kind === "operator") {
      if ("([{".includes(token.text)) depth++;
      else if (")]}".includes(token.text)) depth--;
      if (depth === 0) return -1;
    } else if (depth === 1 && isName(token, "for")) return isName(cursor.tokens[at - 1], "async") ? at - 1 : at;
  }
  return -1;
}

// Reads `for a, b in x if y for …` up to the closing bracket.
function clauses(world: World, cursor: Cursor): { names: string[]; over: Thing }[] {
  const loops: { names: string[]; over: Thing }[] = [];
  while (cursor.at < cursor.tokens.length && !isCloser(cursor) && spend(world)) {
    const token = peek(cursor);
    cursor.at++;
    if (isName(token, "for")) {
      const names: string[] = [];
      while (cursor.at < cursor.tokens.length && !isName(peek(cursor), "in")) {
        const name = peek(cursor);
        if (name?.kind === "name") names.push(name.text);
        cursor.at++;
      }
      cursor.at++;
      const over = world.engine.expression(world, cursor);
      for (const name of names) world.pinned.set(name, names.length === 1 ? elementOf(world, over) : UNKNOWN);
      loops.push({ names, over });
    } else if (isName(token, "if")) {
      world.engine.expression(world, cursor);
    }
  }
  return loops;
}

function isCloser(cursor: Cursor): boolean {
  const token = peek(cursor);
  return token?.kind === "operator" && ")]}".includes(token.text);
}
