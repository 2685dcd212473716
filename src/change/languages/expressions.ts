// Reads expressions and gives what each is known to be; the calls in them become deeds on the way. Implements spec/languages.md section 6.
// Twin of go/change/languages/expressions.go. Tolerant: a token that begins no expression is passed over, but nothing inside any bracket, string or block is ever skipped.

import { parseArguments } from "./argument-lists.js";
import { NO_ARGUMENTS } from "./arguments.js";
import { literal, wordsAscii } from "./ascii.js";
import { assign } from "./assignments.js";
import { braces, comprehension, group, listLiteral } from "./brackets.js";
import { functionEntry, handOn, invoke, letGo } from "./calls.js";
import { ASSIGNMENTS } from "./changes.js";
import { combine, EITHER } from "./combining.js";
import { shellCode } from "./deed-makers.js";
import { folded } from "./folding.js";
import { member } from "./members.js";
import { named, subscript, variable, withoutBrackets } from "./operands.js";
import { choiceThing, concat, listThing, numberThing, PLAIN, type Thing, textOf, textThing, UNKNOWN } from "./things.js";
import type { Part, Token } from "./tokens.js";
import {
  accept,
  type Cursor,
  cursorOf,
  emitUnknownCode,
  environmentValue,
  isName,
  isOperator,
  MAX_DEPTH,
  peek,
  skipNewlines,
  spend,
  type World,
} from "./world.js";

/** One expression, assignments included. */
export function expression(world: World, cursor: Cursor): Thing {
  if (!spend(world) || world.depth >= MAX_DEPTH) {
    world.exhausted = true;
    cursor.at = cursor.tokens.length;
    return UNKNOWN;
  }
  world.depth++;
  const start = cursor.at;
  const left = ternary(world, cursor);
  const result = assign(world, cursor, start, left) ?? arrow(world, cursor) ?? left;
  world.depth--;
  return result;
}

// `x => …`, `(a, b) => { … }` in JavaScript, `fn($x) => …` in PHP.
function arrow(world: World, cursor: Cursor): Thing | null {
  if ((world.language !== "javascript" && world.language !== "php") || !accept(cursor, "=>")) return null;
  world.block++;
  if (isOperator(peek(cursor), "{")) braces(world, cursor);
  else letGo(world, expression(world, cursor));
  world.block--;
  return PLAIN;
}

function ternary(world: World, cursor: Cursor): Thing {
  const left = binary(world, cursor, 1);
  if (world.language === "python") {
    if (!isName(peek(cursor), "if") || !elseFollows(world, cursor)) return left;
    cursor.at++;
    binary(world, cursor, 1);
    if (!isName(peek(cursor), "else")) return left;
    cursor.at++;
    return choiceThing([left, expression(world, cursor)]);
  }
  if (!isOperator(peek(cursor), "?")) return left;
  cursor.at++;
  skipNewlines(cursor);
  const first = isOperator(peek(cursor), ":") ? left : expression(world, cursor);
  skipNewlines(cursor);
  if (!accept(cursor, ":")) return choiceThing([left, first]);
  skipNewlines(cursor);
  return choiceThing([first, expression(world, cursor)]);
}

// `x if y else z` and not the `if` of a comprehension.
function elseFollows(world: World, cursor: Cursor): boolean {
  let depth = 0;
  for (let at = cursor.at; at < cursor.tokens.length; at++) {
    if (at - cursor.at >= MAX_ELSE_TOKENS) {
      world.exhausted = true;
      return false;
    }
    const token = cursor.tokens[at];
    if (token?.kind === "operator" && "([{".includes(token.text)) depth++;
    else if (token?.kind === "operator" && ")]}".includes(token.text)) depth--;
    if (depth < 0 || (depth === 0 && (token?.kind === "newline" || isName(token, "for")))) return false;
    if (depth === 0 && isName(token, "else")) return true;
  }
  return false;
}

/** How far the `else` of a conditional expression is looked for; beyond that nobody knows its value. */
const MAX_ELSE_TOKENS = 400;

const SUMS = ["+", "-", "."];
const PRODUCTS = ["*", "/", "%", "//", "x"];
const OTHERS = [
  "==",
  "!=",
  "===",
  "!==",
  "<",
  ">",
  "<=",
  ">=",
  "<=>",
  "=~",
  "!~",
  "|",
  "&",
  "^",
  "<<",
  ">>",
  ">>>",
  "**",
  "..",
  "...",
  "@",
  "~~",
];
const WORDS = ["in", "is", "instanceof", "eq", "ne", "lt", "gt", "le", "ge", "cmp", "xor", "isa"];

function levelOf(world: World, token: Token | undefined): number {
  if (token === undefined || (token.kind !== "operator" && token.kind !== "name")) return 0;
  const { text } = token;
  const perl = world.language === "perl";
  if (token.kind === "name") return text === "or" || text === "and" ? 1 : text === "x" && perl ? 4 : WORDS.includes(text) ? 2 : 0;
  if (text === "//") return perl ? 1 : 4;
  if (EITHER.includes(text)) return 1;
  if (SUMS.includes(text)) return text === "." && world.language !== "perl" && world.language !== "php" ? 0 : 3;
  if (PRODUCTS.includes(text)) return 4;
  return OTHERS.includes(text) ? 2 : 0;
}

function binary(world: World, cursor: Cursor, level: number): Thing {
  if (level > 4) return unary(world, cursor);
  let left = binary(world, cursor, level + 1);
  while (spend(world)) {
    const before = cursor.at;
    // An operator at the beginning of a line goes on with the line before, except where newlines end statements.
    if (!world.table.lexicon.newlines_end_statements) skipNewlines(cursor);
    const token = peek(cursor);
    if (token === undefined || levelOf(world, token) !== level) {
      cursor.at = before;
      return left;
    }
    cursor.at++;
    skipNewlines(cursor);
    const right = binary(world, cursor, level + 1);
    left = combine(world, token.text, left, right);
  }
  return left;
}

const PREFIXES = ["-", "+", "!", "~", "++", "--", "\\", "&", "*", "**", "...", "@", "$", "%", "<", "!!", "&&", ":", "::"];

/** One operand with the signs before it and everything that follows it. */
export function operand(world: World, cursor: Cursor): Thing {
  return unary(world, cursor);
}

function unary(world: World, cursor: Cursor): Thing {
  const token = peek(cursor);
  if (!spend(world) || world.depth >= MAX_DEPTH) {
    world.exhausted = true;
    cursor.at = cursor.tokens.length;
    return UNKNOWN;
  }
  world.depth++;
  const thing =
    token?.kind === "operator" && PREFIXES.includes(token.text)
      ? signed(world, cursor, token.text)
      : postfix(world, cursor, primary(world, cursor));
  world.depth--;
  return thing;
}

function signed(world: World, cursor: Cursor, sign: string): Thing {
  cursor.at++;
  const thing = unary(world, cursor);
  if (sign === "-" && thing.kind === "number") return numberThing(-thing.number);
  return sign === "!" || sign === "~" ? PLAIN : thing;
}

function primary(world: World, cursor: Cursor): Thing {
  const token = peek(cursor);
  if (token === undefined || !spend(world)) return UNKNOWN;
  switch (token.kind) {
    case "string":
      return stringLiteral(world, cursor);
    case "command":
      cursor.at++;
      shellCode(world, joined(world, token.parts), null);
      return UNKNOWN;
    case "words":
      cursor.at++;
      return listThing(splitWords(joined(world, token.parts)));
    case "glob":
      cursor.at++;
      return token.parts.length === 0 ? UNKNOWN : listThing([folded(world, "glob", null, [joined(world, token.parts)])]);
    case "pattern":
      cursor.at++;
      joined(world, token.parts);
      return PLAIN;
    case "hidden":
      cursor.at++;
      emitUnknownCode(world);
      return UNKNOWN;
    case "number":
      cursor.at++;
      return numberLiteral(token.text);
    case "variable":
      return variable(world, cursor);
    case "name":
      return named(world, cursor);
    case "operator":
      return bracket(world, cursor, token.text);
    case "newline":
      return UNKNOWN;
  }
}

function bracket(world: World, cursor: Cursor, text: string): Thing {
  if (text === "(") return comprehension(world, cursor) ?? group(world, cursor);
  if (text === "[") return comprehension(world, cursor) ?? listLiteral(world, cursor);
  if (text === "{") return comprehension(world, cursor) ?? braces(world, cursor);
  return UNKNOWN;
}

function numberLiteral(text: string): Thing {
  const value = literal(text);
  return value === null ? PLAIN : numberThing(value);
}

function stringLiteral(world: World, cursor: Cursor): Thing {
  let thing: Thing = textThing("");
  for (let token = peek(cursor); token?.kind === "string"; token = peek(cursor)) {
    cursor.at++;
    thing = concat(thing, joined(world, token.parts));
    if (world.language !== "python" && world.language !== "ruby") break;
  }
  return thing;
}

/** The text of a string with its holes filled. */
export function joined(world: World, parts: readonly Part[]): Thing {
  let thing: Thing = textThing("");
  for (const part of parts) {
    if (part.kind === "text") thing = concat(thing, textThing(part.text));
    else {
      const inner = hole(world, part.tokens);
      handOn(world, inner);
      thing = concat(thing, inner);
    }
  }
  return thing;
}

function hole(world: World, tokens: readonly Token[]): Thing {
  const cursor = cursorOf(tokens);
  let last: Thing = UNKNOWN;
  let count = 0;
  while (cursor.at < tokens.length && spend(world)) {
    const before = cursor.at;
    if (peek(cursor)?.kind === "newline" || isOperator(peek(cursor), ";")) {
      cursor.at++;
      continue;
    }
    last = expression(world, cursor);
    count++;
    if (cursor.at === before) cursor.at++;
  }
  const single = count === 1 && last.kind === "list" && last.items.length === 1 ? last.items[0] : undefined;
  return count === 1 ? (single ?? last) : UNKNOWN;
}

function splitWords(thing: Thing): readonly Thing[] {
  const text = textOf(thing);
  if (text === null) return [UNKNOWN];
  return wordsAscii(text).map(textThing);
}

/** Everything that may follow an operand: members, calls, subscripts. */
export function postfix(world: World, cursor: Cursor, first: Thing): Thing {
  let thing = first;
  while (spend(world)) {
    const before = cursor.at;
    if (chainContinues(cursor)) skipNewlines(cursor);
    const next =
      member(world, cursor, thing) ??
      called(world, cursor, thing) ??
      subscript(world, cursor, thing) ??
      withoutBrackets(world, cursor, thing);
    if (next === null) {
      cursor.at = before;
      if (isOperator(peek(cursor), "++") || isOperator(peek(cursor), "--")) cursor.at++;
      return setVariable(world, cursor, thing);
    }
    thing = next;
  }
  return thing;
}

// `process.env.HOME` is what it holds, where that is known and nothing is put into it here.
function setVariable(world: World, cursor: Cursor, thing: Thing): Thing {
  if (thing.kind !== "object" || thing.type !== "environment_variable") return thing;
  const next = peek(cursor);
  if (next?.kind === "operator" && ASSIGNMENTS.includes(next.text)) return thing;
  const value = environmentValue(world, textOf(thing.of) ?? "");
  return textOf(value) === null ? thing : value;
}

// `.then(…)` on a line of its own.
function chainContinues(cursor: Cursor): boolean {
  if (peek(cursor)?.kind !== "newline") return false;
  let at = cursor.at;
  while (cursor.tokens[at]?.kind === "newline") at++;
  const token = cursor.tokens[at];
  return token?.kind === "operator" && [".", "?.", "->", "&."].includes(token.text);
}

function called(world: World, cursor: Cursor, thing: Thing): Thing | null {
  if (peek(cursor)?.kind === "string" && world.language === "javascript" && cursor.at > 0 && peek(cursor)?.gap === false)
    return tagged(world, cursor, thing);
  if (!isOperator(peek(cursor), "(")) return null;
  if (cursor.at > 0 && !callable(cursor)) return null;
  const args = parseArguments(world, cursor, thing);
  return invoke(world, thing, args);
}

// String.raw`…`, and $`…` which runs a command.
function tagged(world: World, cursor: Cursor, thing: Thing): Thing | null {
  if (thing.kind !== "name") return null;
  const text = stringLiteral(world, cursor);
  return invoke(
    world,
    { kind: "name", name: functionEntry(world, `${thing.name}\`\``) === null ? thing.name : `${thing.name}\`\`` },
    { ...NO_ARGUMENTS, positional: [text] },
  );
}

// A bracket calls what stands right before it; `return (x)` and `if (x)` call nothing.
function callable(cursor: Cursor): boolean {
  const last = cursor.tokens[cursor.at - 1];
  if (last === undefined || last.kind === "newline" || last.kind === "number") return false;
  return last.kind !== "operator" || [")", "]", "}", "->", "?.", ".", "&."].includes(last.text);
}
