// Imports, definitions and loops of each language. Implements spec/languages.md section 6.7. Twin of go/change/languages/declarations.go.
// Each function is true when it read a statement, or its beginning; the rest is then read like any other text.

import { canonicalName } from "./calls.js";
import { elementOf } from "./iteration.js";
import { resolved } from "./members.js";
import { itemAt, PLAIN, UNKNOWN } from "./things.js";
import { accept, bind, type Cursor, emitUnknownCode, isName, isOperator, peek, skipNewlines, spend, type World } from "./world.js";

export function pythonStatement(world: World, cursor: Cursor): boolean {
  switch (peek(cursor)?.text) {
    case "import":
      return pythonImport(world, cursor);
    case "from":
      return pythonFrom(world, cursor);
    case "def":
    case "class":
      return definition(world, cursor);
    case "for":
      return pythonFor(world, cursor);
    case "with":
      return pythonWith(world, cursor);
    case "global":
    case "nonlocal":
      return skipStatement(cursor);
    default:
      return false;
  }
}

// `import a.b as c, d`
function pythonImport(world: World, cursor: Cursor): boolean {
  cursor.at++;
  do {
    const module = dotted(cursor);
    if (module === "") return true;
    const top = module.split(".")[0] ?? module;
    if (world.table.hiding.includes(module)) emitUnknownCode(world);
    if (isName(peek(cursor), "as")) {
      bind(world, peek(cursor, 1)?.text ?? "", { kind: "name", name: canonicalName(world, module) });
      cursor.at += 2;
    } else bind(world, top, { kind: "name", name: top === module ? canonicalName(world, top) : top });
  } while (accept(cursor, ","));
  return true;
}

// `from a.b import c as d, e`, `from a import *`
function pythonFrom(world: World, cursor: Cursor): boolean {
  cursor.at++;
  const module = dotted(cursor);
  if (!isName(peek(cursor), "import")) return true;
  cursor.at++;
  if (accept(cursor, "*")) {
    world.open.push(canonicalName(world, module));
    return true;
  }
  const bracket = accept(cursor, "(");
  while (cursor.at < cursor.tokens.length && spend(world)) {
    if (bracket) skipNewlines(cursor);
    const name = peek(cursor);
    if (name?.kind !== "name") break;
    cursor.at++;
    const alias = isName(peek(cursor), "as") ? (peek(cursor, 1)?.text ?? "") : "";
    if (alias !== "") cursor.at += 2;
    bind(
      world,
      alias === "" ? name.text : alias,
      resolved(world, module.startsWith(".") ? `.${module}.${name.text}` : `${module}.${name.text}`),
    );
    if (!accept(cursor, ",")) break;
  }
  if (bracket) {
    skipNewlines(cursor);
    accept(cursor, ")");
  }
  return true;
}

function dotted(cursor: Cursor): string {
  let name = "";
  for (let token = peek(cursor); token !== undefined; token = peek(cursor)) {
    const joins = token.kind === "operator" && (token.text === "." || token.text === "...");
    if (!joins && !(token.kind === "name" && !(isName(token, "import") || isName(token, "as")) && (name === "" || name.endsWith("."))))
      break;
    name += token.text;
    cursor.at++;
  }
  return name;
}

// The name is defined here, whatever it means elsewhere; parameters and body are read as they stand.
function definition(world: World, cursor: Cursor): boolean {
  const name = peek(cursor, 1);
  if (name?.kind !== "name") return false;
  bind(world, name.text, PLAIN);
  cursor.at += 2;
  return true;
}

function pythonFor(world: World, cursor: Cursor): boolean {
  const names: string[] = [];
  let ahead = 1;
  let flat = true;
  for (; peek(cursor, ahead) !== undefined && !isName(peek(cursor, ahead), "in"); ahead++) {
    const token = peek(cursor, ahead);
    if (token?.kind === "newline") return false;
    if (token?.kind === "name") names.push(token.text);
    else if (token?.text !== ",") flat = false;
  }
  cursor.at += ahead + 1;
  const over = world.engine.expression(world, cursor);
  const element = elementOf(world, over);
  names.forEach((name, index) => {
    bind(world, name, names.length === 1 ? element : itemAt(flat && element.kind === "list" ? element : UNKNOWN, index));
  });
  return true;
}

// `with open(p) as f, g() as h:`
function pythonWith(world: World, cursor: Cursor): boolean {
  cursor.at++;
  accept(cursor, "(");
  while (cursor.at < cursor.tokens.length && spend(world)) {
    const before = cursor.at;
    const thing = world.engine.expression(world, cursor);
    if (isName(peek(cursor), "as") && peek(cursor, 1)?.kind === "name") {
      bind(world, peek(cursor, 1)?.text ?? "", thing);
      cursor.at += 2;
    }
    skipNewlines(cursor);
    if (!accept(cursor, ",") || cursor.at === before) break;
    skipNewlines(cursor);
  }
  return true;
}

function skipStatement(cursor: Cursor): boolean {
  while (cursor.at < cursor.tokens.length && peek(cursor)?.kind !== "newline" && !isOperator(peek(cursor), ";")) cursor.at++;
  return true;
}

export function javascriptStatement(world: World, cursor: Cursor): boolean {
  switch (peek(cursor)?.text) {
    case "import":
      return isOperator(peek(cursor, 1), "(") || isOperator(peek(cursor, 1), ".") ? false : javascriptImport(world, cursor);
    case "function":
    case "class":
      return definition(world, cursor);
    case "for":
      return javascriptFor(world, cursor);
    default:
      return false;
  }
}

// `import fs, {a as b} from "fs"`, `import * as fs from "fs"`, `import "x"`
function javascriptImport(world: World, cursor: Cursor): boolean {
  cursor.at++;
  const names: { local: string; imported: string }[] = [];
  for (; cursor.at < cursor.tokens.length && peek(cursor)?.kind !== "string" && spend(world); cursor.at++) {
    const token = peek(cursor);
    if (token?.kind !== "name" || token.text === "from" || token.text === "as" || token.text === "type") continue;
    const previous = cursor.tokens[cursor.at - 1];
    if (isName(previous, "as"))
      names.push({
        local: token.text,
        imported: isOperator(cursor.tokens[cursor.at - 2], "*") ? "" : (cursor.tokens[cursor.at - 2]?.text ?? ""),
      });
    else if (!isName(peek(cursor, 1), "as"))
      names.push({ local: token.text, imported: isOperator(previous, "{") || isOperator(previous, ",") ? token.text : "" });
  }
  const part = peek(cursor)?.parts[0];
  const module = part?.kind === "text" ? part.text : "";
  for (const { local, imported } of names)
    bind(world, local, resolved(world, imported === "" || imported === "default" ? module : `${module}.${imported}`));
  // The path itself is read as a call of `require` is.
  world.engine.invoke(
    world,
    { kind: "name", name: "require" },
    { positional: [{ kind: "value", value: { kind: "text", text: module } }], named: new Map(), open: false },
  );
  cursor.at++;
  return true;
}

// `for (const x of list)`
function javascriptFor(world: World, cursor: Cursor): boolean {
  let ahead = isName(peek(cursor, 1), "await") ? 2 : 1;
  if (!isOperator(peek(cursor, ahead), "(")) return false;
  ahead++;
  if (["const", "let", "var"].includes(peek(cursor, ahead)?.text ?? "")) ahead++;
  const name = peek(cursor, ahead);
  if (name?.kind !== "name" || !(isName(peek(cursor, ahead + 1), "of") || isName(peek(cursor, ahead + 1), "in"))) return false;
  const of = isName(peek(cursor, ahead + 1), "of");
  cursor.at += ahead + 2;
  const over = world.engine.expression(world, cursor);
  bind(world, name.text, of ? elementOf(world, over) : UNKNOWN);
  accept(cursor, ")");
  return true;
}

export function perlStatement(world: World, cursor: Cursor): boolean {
  switch (peek(cursor)?.text) {
    case "use":
    case "no":
    case "package":
      return perlUse(world, cursor);
    case "sub":
      return definition(world, cursor);
    case "for":
    case "foreach":
      return perlFor(world, cursor);
    default:
      return false;
  }
}

// `use POSIX;`, `use File::Path qw(rmtree);`: names are known without it; `use lib` and `use if` only change where modules come from.
function perlUse(world: World, cursor: Cursor): boolean {
  cursor.at++;
  if (peek(cursor)?.kind === "name") cursor.at++;
  while (
    cursor.at < cursor.tokens.length &&
    !isOperator(peek(cursor), ";") &&
    !isOperator(peek(cursor), "}") &&
    peek(cursor)?.kind !== "newline"
  ) {
    const before = cursor.at;
    world.engine.expression(world, cursor);
    if (cursor.at === before) cursor.at++;
  }
  return true;
}

function perlFor(world: World, cursor: Cursor): boolean {
  let ahead = 1;
  if (["my", "our"].includes(peek(cursor, ahead)?.text ?? "")) ahead++;
  const named = peek(cursor, ahead)?.kind === "variable" ? (peek(cursor, ahead)?.text ?? "$_") : "$_";
  if (named !== "$_") ahead++;
  if (!isOperator(peek(cursor, ahead), "(")) return false;
  cursor.at += ahead;
  const over = world.engine.operand(world, cursor);
  const element = elementOf(world, over.kind === "list" ? over : { kind: "list", items: [over] });
  if (named === "$_") world.pinned.set("$_", element);
  else bind(world, named, element);
  return true;
}

export function rubyStatement(world: World, cursor: Cursor): boolean {
  switch (peek(cursor)?.text) {
    case "def":
    case "class":
    case "module":
      return definition(world, cursor);
    case "for":
      return pythonFor(world, cursor);
    default:
      return false;
  }
}

// `foreach (list as $k => $v)`
export function phpStatement(world: World, cursor: Cursor): boolean {
  const word = peek(cursor)?.text;
  if (word === "use" || word === "namespace") return skipStatement(cursor);
  if (word === "function" || word === "class") return definition(world, cursor);
  if (word !== "foreach" || !isOperator(peek(cursor, 1), "(")) return false;
  cursor.at += 2;
  const over = world.engine.expression(world, cursor);
  const names: string[] = [];
  for (; cursor.at < cursor.tokens.length && !isOperator(peek(cursor), ")"); cursor.at++) {
    const token = peek(cursor);
    if (token?.kind === "variable") names.push(token.text);
  }
  names.forEach((name, index) => {
    bind(world, name, index === names.length - 1 ? elementOf(world, over) : UNKNOWN);
  });
  cursor.at++;
  return true;
}
