// Names, variables, subscripts, and calls without brackets. Implements spec/languages.md section 6.2.
// Twin of go/change/languages/operands.go.

import { parseBareArguments, rubyBlock } from "./argument-lists.js";
import { NO_ARGUMENTS } from "./arguments.js";
import { functionEntry, invoke, letGo, methodEntry } from "./calls.js";
import { scriptDeed } from "./deed-makers.js";
import { folded } from "./folding.js";
import { memberOf, resolved } from "./members.js";
import { entryFrom } from "./table.js";
import {
  choiceThing,
  concat,
  HIDDEN,
  isHidden,
  itemAt,
  listThing,
  numberThing,
  PLAIN,
  type Thing,
  textOf,
  textThing,
  UNKNOWN,
} from "./things.js";
import type { Token } from "./tokens.js";
import { accept, type Cursor, emitUnknownCode, isOperator, lookUp, peek, spend, type World } from "./world.js";

const PREFIX_WORDS = [
  ..."not await new typeof delete void yield return throw raise my our local state const let var async export default static assert del echo defined ref scalar".split(
    " ",
  ),
  ..."go in of is and or else elsif then when case do begin ensure try finally print puts p".split(" "),
];

/** A name: a keyword, a value of the table, a variable, or the name of something. */
export function named(world: World, cursor: Cursor): Thing {
  const token = peek(cursor);
  cursor.at++;
  if (token === undefined) return UNKNOWN;
  const text = world.language === "php" && token.text.startsWith("\\") ? token.text.slice(1) : token.text;
  if (world.table.lexicon.keywords.includes(text)) return keyword(world, cursor, text);
  const bound = lookUp(world, text);
  if (bound !== null) return bound;
  const opened = world.open.find((module) => functionEntry(world, `${module}.${text}`) !== null);
  return resolved(world, opened === undefined ? text : `${opened}.${text}`);
}

function keyword(world: World, cursor: Cursor, text: string): Thing {
  if (text === "True" || text === "true") return numberThing(1);
  if (text === "False" || text === "false") return numberThing(0);
  if (text === "lambda") return lambda(world, cursor);
  if (text === "import" && world.language === "javascript") return { kind: "name", name: "import" };
  if (text === "do" && world.language === "perl" && peek(cursor)?.kind === "string") {
    scriptDeed(world, "perl", world.engine.operand(world, cursor));
    return UNKNOWN;
  }
  if (!PREFIX_WORDS.includes(text) || peek(cursor) === undefined || peek(cursor)?.kind === "newline") return PLAIN;
  const thing = world.engine.operand(world, cursor);
  // What is returned may be called by whoever gets it.
  if (text === "return" || text === "yield") letGo(world, thing);
  return thing;
}

// `lambda a, b=1: body`
function lambda(world: World, cursor: Cursor): Thing {
  while (cursor.at < cursor.tokens.length && !isOperator(peek(cursor), ":") && peek(cursor)?.kind !== "newline" && spend(world)) {
    const before = cursor.at;
    if (accept(cursor, "=")) world.engine.expression(world, cursor);
    if (cursor.at === before) cursor.at++;
  }
  if (accept(cursor, ":")) {
    world.block++;
    letGo(world, world.engine.expression(world, cursor));
    world.block--;
  }
  return PLAIN;
}

/** `$name`, `@name`, `$name[0]` (an element of `@name` in perl). */
export function variable(world: World, cursor: Cursor): Thing {
  const token = peek(cursor);
  cursor.at++;
  if (token === undefined) return UNKNOWN;
  let name = token.text;
  const next = peek(cursor);
  if (world.language === "perl" && next !== undefined && !next.gap && name.startsWith("$")) {
    if (isOperator(next, "[")) name = `@${name.slice(1)}`;
    else if (isOperator(next, "{")) name = `%${name.slice(1)}`;
  }
  const bound = lookUp(world, name);
  if (bound !== null) return bound;
  const thing = resolved(world, name);
  // The whole environment: `keys %ENV`, `each %ENV`.
  if (token.text === "%ENV" && !isOperator(next, "=")) world.engine.handOn(world, thing);
  return thing.kind === "name" ? UNKNOWN : thing;
}

/** `a[…]`, and `a{…}` in perl; null when no subscript follows. */
export function subscript(world: World, cursor: Cursor, thing: Thing): Thing | null {
  const token = peek(cursor);
  const previous = cursor.tokens[cursor.at - 1];
  if (token?.kind !== "operator" || previous === undefined) return null;
  const close = token.text === "[" ? "]" : "}";
  if (
    token.text === "{" &&
    !(world.language === "perl" && !token.gap && (previous.kind === "variable" || isOperator(previous, "->") || isOperator(previous, "}")))
  )
    return null;
  if (token.text !== "[" && token.text !== "{") return null;
  if (token.gap && !gapAllowed(world, previous)) return null;
  if (previous.kind === "name" && world.table.lexicon.keywords.includes(previous.text)) return null;
  cursor.at++;
  const keys = subscriptKeys(world, cursor, close);
  const chosen = chosenBy(world, thing, keys);
  // A member that is named while the program runs, and then called, can be any function.
  if (world.language === "javascript" && isOperator(peek(cursor), "(") && keys.some(isMade)) emitUnknownCode(world);
  return chosen;
}

// In ruby and perl a bracket behind a name and a blank begins an argument; behind a text or a bracket it chooses from it.
function gapAllowed(world: World, previous: Token): boolean {
  if (world.language === "ruby") return previous.kind === "string" || isOperator(previous, ")");
  return world.language !== "perl" || isOperator(previous, ")");
}

// A key that was put together or decoded from something unknown; a plain unknown one is how tables of handlers are used.
function isMade(key: Thing | null): boolean {
  if (key === null) return false;
  return isHidden(key) || (key.kind === "value" && key.value.kind === "unknown" && key.value.prefix !== "");
}

// The parts between `:`; null for an empty one.
function subscriptKeys(world: World, cursor: Cursor, close: string): (Thing | null)[] {
  const keys: (Thing | null)[] = [null];
  const word = peek(cursor);
  if (close === "}" && (word?.kind === "name" || word?.kind === "string") && isOperator(peek(cursor, 1), "}")) {
    const part = word.parts[0];
    cursor.at += 2;
    return [textThing(word.kind === "name" ? word.text : part?.kind === "text" ? part.text : "")];
  }
  const several: Thing[] = [];
  let commas = 0;
  while (cursor.at < cursor.tokens.length && !isOperator(peek(cursor), close) && spend(world)) {
    const before = cursor.at;
    if (accept(cursor, ":")) keys.push(null);
    else if (accept(cursor, "::")) keys.push(null, null);
    else if (accept(cursor, ",")) commas++;
    else if (peek(cursor)?.kind !== "newline") {
      const key = world.engine.expression(world, cursor);
      keys[keys.length - 1] = key;
      several.push(key);
    }
    if (cursor.at === before) cursor.at++;
  }
  accept(cursor, close);
  // The temptation is to take the last one: `"rm -rf /"[0, 6]` would be what stands at its sixth place.
  return commas > 0 ? [listThing(several)] : keys;
}

function chosenBy(world: World, thing: Thing, keys: readonly (Thing | null)[]): Thing {
  const [key] = keys;
  if (keys.length > 1)
    return folded(
      world,
      "slice",
      thing,
      keys.map((one) => one ?? PLAIN),
    );
  if (thing.kind === "choice") return { kind: "choice", items: thing.items.map((one) => chosenBy(world, one, keys)) };
  if (key === null || key === undefined) return UNKNOWN;
  if (key.kind === "number") return key.number < 0 && world.language === "javascript" ? UNKNOWN : itemAt(thing, key.number);
  // `Dir["*.log", "*.tmp"]`
  if (thing.kind === "name" && functionEntry(world, `${thing.name}.[]`) !== null)
    return (key.kind === "list" ? key.items : [key])
      .map((one) => invoke(world, { kind: "name", name: `${thing.name}.[]` }, { ...NO_ARGUMENTS, positional: [one] }))
      .reduce(concat, listThing([]));
  if (key.kind === "list") return thing.kind === "list" ? choiceThing([...thing.items, UNKNOWN]) : isHidden(thing) ? HIDDEN : UNKNOWN;
  const name = textOf(key);
  // Only in JavaScript is a subscript the same as a member.
  const element = world.language !== "javascript" && (thing.kind === "value" || thing.kind === "plain" || thing.kind === "method");
  if (name !== null && element) return UNKNOWN;
  if (name !== null) return thing.kind === "record" ? (thing.entries.get(name) ?? UNKNOWN) : memberOf(world, thing, name);
  if (thing.kind === "object" && thing.type === "environment") return { kind: "object", type: "environment_variable", of: key };
  if (thing.kind === "name" && (thing.name === "" || knownModule(world, thing.name))) emitUnknownCode(world);
  if (thing.kind === "list") return choiceThing([...thing.items, UNKNOWN]);
  return thing.kind === "hidden" ? thing : UNKNOWN;
}

function knownModule(world: World, name: string): boolean {
  const { functions } = world.table;
  for (const [known, line] of Object.entries(functions)) {
    if (!known.startsWith(`${name}.`)) continue;
    const entry = entryFrom(line);
    if (entry.self !== "" || entry.parameters.some(({ role }) => role !== "" && role !== "skip")) return true;
  }
  return false;
}

/** `system "x"`, `FileUtils.rm_rf "x"`, `unlink` alone; and the block behind a call in ruby. */
export function withoutBrackets(world: World, cursor: Cursor, thing: Thing): Thing | null {
  const previous = cursor.tokens[cursor.at - 1];
  if (rubyBlock(world, cursor, thing)) return UNKNOWN;
  if (previous?.kind !== "name" || !mayStandBare(world, previous.text)) return null;
  const entry =
    thing.kind === "name" ? functionEntry(world, thing.name) : thing.kind === "method" ? methodEntry(world, thing.self, thing.name) : null;
  if (entry === null) return null;
  if (beginsArgument(world, peek(cursor), peek(cursor, 1))) return invoke(world, thing, parseBareArguments(world, cursor, thing));
  if (world.language === "python" || world.language === "php") return null;
  // `unlink;` works on `$_`.
  const subject = lookUp(world, "$_") ?? UNKNOWN;
  const topical = world.language === "perl" && thing.kind === "name" && entry.parameters.length > 0 && entry.parameters[0]?.role !== "";
  return invoke(world, thing, topical ? { ...NO_ARGUMENTS, positional: [subject] } : NO_ARGUMENTS);
}

function mayStandBare(world: World, name: string): boolean {
  return world.language === "perl" || world.language === "ruby" || world.table.bare.includes(name);
}

function beginsArgument(world: World, token: Token | undefined, after: Token | undefined): boolean {
  if (token === undefined || token.kind === "newline") return false;
  if (token.kind === "name")
    return !world.table.lexicon.keywords.includes(token.text) || ["my", "our", "new", "not", "local", "lambda"].includes(token.text);
  if (token.kind !== "operator") return true;
  if (token.text === "[" || token.text === "{") return token.gap && world.language !== "ruby" ? true : token.text === "[" && token.gap;
  if (token.text === "-" || token.text === "*" || token.text === "&" || token.text === "::") return token.gap && after?.gap === false;
  return token.text === "\\" || token.text === "->" || token.text === "@" || token.text === "$";
}
