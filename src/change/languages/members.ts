// `a.b`, `a->b`, `a::b`: members of modules, objects and unknown things. Implements spec/languages.md section 6.5.
// Twin of go/change/languages/members.go.

import { NO_ARGUMENTS } from "./arguments.js";
import { canonicalName, functionEntry, invoke, methodEntry } from "./calls.js";
import { folded } from "./folding.js";
import { choiceThing, PLAIN, type Thing, UNKNOWN } from "./things.js";
import { type Cursor, emitUnknownCode, isOperator, lookUp, peek, skipNewlines, type World } from "./world.js";

/** Longest full name that is kept, in UTF-16 units: nothing in any table is as long. */
export const MAX_NAME = 256;

/** The member that is named after this thing, or null when none is. */
export function member(world: World, cursor: Cursor, thing: Thing): Thing | null {
  const token = peek(cursor);
  if (token?.kind !== "operator" || !memberOperators(world).includes(token.text)) return null;
  let ahead = 1;
  while (peek(cursor, ahead)?.kind === "newline") ahead++;
  const name = peek(cursor, ahead);
  if (name?.kind === "name") {
    cursor.at += ahead + 1;
    return memberOf(world, calledBare(world, thing), name.text);
  }
  // `->[0]`, `->{x}`, `->(…)`, `?.(`: the subscript or call itself is read next.
  if (isOperator(name, "[") || isOperator(name, "{") || isOperator(name, "(")) {
    cursor.at++;
    skipNewlines(cursor);
    return thing;
  }
  // `$object->$method(…)`: any method at all.
  if (name?.kind === "variable" && token.text !== ".") {
    cursor.at += ahead + 1;
    return world.language === "php" ? { kind: "value", value: { kind: "unknown", prefix: "", many: false } } : PLAIN;
  }
  return null;
}

// In ruby and perl a method that is named without brackets is called: `list.first.unpack1("m")`, `Agent->new->get($url)`.
function calledBare(world: World, thing: Thing): Thing {
  if (world.language !== "ruby" && world.language !== "perl") return thing;
  const entry =
    thing.kind === "method"
      ? methodEntry(world, thing.self, thing.name)
      : thing.kind === "name" && thing.name.includes(".")
        ? functionEntry(world, thing.name)
        : null;
  return entry === null ? thing : invoke(world, thing, NO_ARGUMENTS);
}

function memberOperators(world: World): readonly string[] {
  switch (world.language) {
    case "python":
      return ["."];
    case "javascript":
      return [".", "?."];
    case "ruby":
      return [".", "&.", "::"];
    case "perl":
      return ["->"];
    case "php":
      return ["->", "?->", "::"];
  }
}

export function memberOf(world: World, thing: Thing, name: string): Thing {
  if (world.table.hiding.includes(`.${name}`)) emitUnknownCode(world);
  if (thing.kind === "name" && thing.name.length > MAX_NAME) return UNKNOWN;
  if (thing.kind === "choice") return { kind: "choice", items: thing.items.map((one) => memberOf(world, one, name)) };
  if (thing.kind === "name" && (name === "__dict__" || name === "to_proc")) return thing;
  if (thing.kind === "name" && thing.name === "") return lookUp(world, name) ?? resolved(world, name);
  if (thing.kind === "name") return resolved(world, thing.name === "" ? name : `${thing.name}.${name}`);
  if (thing.kind === "record") return thing.entries.get(name) ?? { kind: "method", self: thing, name };
  const entry = methodEntry(world, thing, name);
  if (thing.kind === "object" && thing.type === "environment" && entry === null)
    return { kind: "object", type: "environment_variable", of: { kind: "value", value: { kind: "text", text: name } } };
  if (entry?.result.startsWith("property:")) return { kind: "object", type: "path", of: folded(world, entry.result.slice(9), thing, []) };
  return { kind: "method", self: thing, name };
}

/** What a full name is: a value of the table, or the name itself. */
export function resolved(world: World, name: string): Thing {
  const full = canonicalName(world, name);
  if (world.table.hiding.includes(full)) emitUnknownCode(world);
  if (!Object.hasOwn(world.table.values, full)) return { kind: "name", name: full };
  return valueNamed(world, world.table.values[full] ?? "");
}

function valueNamed(world: World, what: string): Thing {
  if (what.startsWith("name:")) return { kind: "name", name: what.slice(5) };
  if (what.startsWith("text:")) return { kind: "value", value: { kind: "text", text: what.slice(5) } };
  if (what === "plain") return PLAIN;
  if (what === "unknown") return UNKNOWN;
  if (what === "arguments_node") return nodeArguments(world);
  if (what === "arguments" || what === "arguments_behind") {
    const words = world.context.positional.slice(what === "arguments" ? 0 : 1);
    return { kind: "list", items: words.map((argument): Thing => ({ kind: "value", value: argument.value })) };
  }
  return { kind: "object", type: what, of: UNKNOWN };
}

// `process.argv` begins with node, and goes on with the script where there is one: then everything behind it stands one place further.
function nodeArguments(world: World): Thing {
  const words: Thing[] = world.context.positional.map((argument) => ({ kind: "value", value: argument.value }));
  const items = words.map((word, index) => (index < 2 ? word : choiceThing([word, words[index - 1] ?? UNKNOWN])));
  const last = words.at(-1);
  return { kind: "list", items: last === undefined ? [] : [...items, last] };
}
