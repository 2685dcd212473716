// What calling a thing does: the table's entry for it, its roles in order, its result. Implements spec/languages.md section 7.
// Twin of go/change/languages/calls.go.
// A function that is handed on without being called is treated as called with unknown arguments: whoever gets it may call it.

import { type Arguments, NO_ARGUMENTS } from "./arguments.js";
import { lowerAscii } from "./ascii.js";
import { environmentDump } from "./deed-makers.js";
import { folded } from "./folding.js";
import { listing } from "./iteration.js";
import { perform } from "./roles.js";
import { type Entry, entryFrom } from "./table.js";
import {
  alternatives,
  choiceThing,
  concat,
  isHidden,
  itemAt,
  joinPaths,
  listThing,
  PLAIN,
  type Thing,
  textOf,
  textThing,
  UNKNOWN,
} from "./things.js";
import { emitUnknownCode, environmentValue, spend, type World } from "./world.js";

/** Calls a thing and gives its result. */
export function invoke(world: World, thing: Thing, args: Arguments): Thing {
  if (!spend(world)) return UNKNOWN;
  switch (thing.kind) {
    case "choice":
      return choiceThing(thing.items.map((one) => invoke(world, one, args)));
    case "name":
      return invokeName(world, thing.name, args);
    case "method":
      return invokeMethod(world, thing.self, thing.name, args);
    case "value":
      return invokeValue(world, thing, args);
    case "hidden":
      emitUnknownCode(world);
      return UNKNOWN;
    default:
      handAllOn(world, args);
      return thing.kind === "plain" ? PLAIN : UNKNOWN;
  }
}

// In PHP a text is the name of the function it is called as; what text is not known can name any.
function invokeValue(world: World, thing: Thing, args: Arguments): Thing {
  const name = textOf(thing);
  if (world.language === "php" || (world.language === "perl" && name !== null)) {
    if (name !== null) return invokeName(world, canonicalName(world, name), args);
    emitUnknownCode(world);
  }
  handAllOn(world, args);
  return UNKNOWN;
}

function invokeName(world: World, name: string, args: Arguments): Thing {
  const entry = functionEntry(world, name);
  if (entry !== null) return apply(world, entry, PLAIN, args);
  const method = name.slice(name.lastIndexOf(".") + 1);
  const rerouted = indirect(world, name.slice(0, Math.max(0, name.length - method.length - 1)), method, args);
  if (rerouted !== null) return rerouted;
  const loose = method === name ? undefined : entryIn(world, "any", method);
  if (loose !== undefined) return apply(world, loose, UNKNOWN, args);
  handAllOn(world, args);
  return UNKNOWN;
}

// `exec.call(null, x)`, `exec.apply(null, [x])`, `exec.bind(null)` in JavaScript; `.call(x)` and `.to_proc` in ruby.
function indirect(world: World, base: string, method: string, args: Arguments): Thing | null {
  if (!["call", "apply", "bind", "to_proc"].includes(method) || functionEntry(world, base) === null) return null;
  const callee: Thing = { kind: "name", name: base };
  if (method === "bind" || method === "to_proc")
    return args.positional.length > 1 ? invoke(world, callee, { ...args, positional: args.positional.slice(1), open: true }) : callee;
  if (world.language === "ruby") return invoke(world, callee, args);
  const list = args.positional[1];
  if (method === "call") return invoke(world, callee, { ...args, positional: args.positional.slice(1) });
  return invoke(world, callee, list?.kind === "list" ? { ...args, positional: list.items } : { ...NO_ARGUMENTS, open: true });
}

function invokeMethod(world: World, self: Thing, name: string, args: Arguments): Thing {
  if (self.kind === "choice") return choiceThing(self.items.map((one) => invokeMethod(world, one, name, args)));
  const entry = methodEntry(world, self, name);
  if (entry === null) {
    handAllOn(world, args);
    return isHidden(self) ? self : UNKNOWN;
  }
  return apply(world, entry, self, args);
}

/** The entry of a method for a receiver: of its type, else of any. */
export function methodEntry(world: World, self: Thing, name: string): Entry | null {
  const type = typeOf(self);
  return (
    entryIn(world, type, name) ??
    (type === "text" || type === "list" ? null : (entryIn(world, "any", name) ?? entryIn(world, "text", name) ?? null))
  );
}

function typeOf(thing: Thing): string {
  if (thing.kind === "object") return thing.type;
  if (thing.kind === "list") return "list";
  if (thing.kind === "record") return "record";
  return thing.kind === "value" && thing.value.kind !== "unknown" ? "text" : "any";
}

function entryIn(world: World, type: string, method: string): Entry | undefined {
  const methods = world.table.methods;
  if (!Object.hasOwn(methods, type)) return undefined;
  const found = methods[type];
  return found !== undefined && Object.hasOwn(found, method) ? entryFrom(found[method] ?? "") : undefined;
}

/** The entry of a function by its full name, or of a part of it that stands for everything below (`ctypes.*`). */
export function functionEntry(world: World, name: string): Entry | null {
  const { functions } = world.table;
  const key = world.language === "php" ? lowerAscii(name) : name;
  if (Object.hasOwn(functions, key)) return entryFrom(functions[key] ?? "");
  for (let dot = key.lastIndexOf("."); dot > 0; dot = key.lastIndexOf(".", dot - 1)) {
    const all = `${key.slice(0, dot)}.*`;
    if (Object.hasOwn(functions, all)) return entryFrom(functions[all] ?? "");
  }
  return null;
}

/** The full name that a name stands for: `node:fs.rmSync` → `fs.rmSync`. */
export function canonicalName(world: World, name: string): string {
  let current = name;
  for (let round = 0; round < 4; round++) {
    const next = renamed(world, current);
    if (next === current) return current;
    current = next;
  }
  return current;
}

function renamed(world: World, name: string): string {
  for (let end = name.length; end > 0; end = name.lastIndexOf(".", end - 1)) {
    const head = name.slice(0, end);
    if (!Object.hasOwn(world.table.renames, head)) continue;
    const tail = name.slice(end);
    const stem = world.table.renames[head] ?? "";
    return stem === "" ? tail.slice(1) : stem + tail;
  }
  return name;
}

function apply(world: World, entry: Entry, self: Thing, args: Arguments): Thing {
  if (entry.self !== "") perform(world, { entry, role: entry.self, args, index: -1 }, self);
  const seen = new Set<number>();
  entry.parameters.forEach((parameter, index) => {
    const named = parameter.name === "" ? undefined : args.named.get(parameter.name);
    const thing = args.positional[index] ?? named;
    if (index < args.positional.length) seen.add(index);
    if (thing !== undefined) perform(world, { entry, role: parameter.role, args, index }, thing);
    else if (args.open) perform(world, { entry, role: parameter.role, args, index }, UNKNOWN);
  });
  const last = entry.parameters.at(-1);
  for (let index = entry.parameters.length; index < args.positional.length; index++) {
    const thing = args.positional[index];
    if (thing === undefined) continue;
    if (entry.rest && last !== undefined) perform(world, { entry, role: last.role, args, index }, thing);
    else letGo(world, thing);
  }
  for (const thing of args.named.values()) letGo(world, thing);
  return resultOf(world, entry.result, self, args);
}

function resultOf(world: World, result: string, self: Thing, args: Arguments): Thing {
  const first = args.positional[0] ?? UNKNOWN;
  if (result === "" || result === "unknown") return UNKNOWN;
  if (result.startsWith("fold:")) return folded(world, result.slice(5), self, args.positional);
  if (result.startsWith("name:")) return { kind: "name", name: result.slice(5) };
  switch (result) {
    case "plain":
      return PLAIN;
    case "first":
      return first;
    case "self":
      return self;
    case "vars":
      return args.positional.length > 0 ? first : { kind: "name", name: "" };
    case "hidden":
      return { kind: "hidden" };
    case "module":
      return moduleNamed(world, first);
    case "attribute":
      return attributeOf(world, first, args.positional[1] ?? UNKNOWN);
    case "evaluated":
      return world.evaluated.pop() ?? UNKNOWN;
    case "called":
      return invoke(world, first, { ...NO_ARGUMENTS, positional: args.positional.slice(1) });
    case "sent":
      return textOf(first) === null
        ? UNKNOWN
        : invoke(world, nameOf(world, textOf(first) ?? ""), { ...NO_ARGUMENTS, positional: args.positional.slice(1) });
    case "mapped":
      return mapped(world, first, args.positional[1] ?? UNKNOWN);
    case "input_text":
      return world.context.stdin.kind === "text" ? textThing(world.context.stdin.text) : UNKNOWN;
    case "here":
      return { kind: "object", type: "path", of: textThing(".") };
    case "home":
      return environmentValue(world, "HOME");
    case "home_path":
      return { kind: "object", type: "path", of: environmentValue(world, "HOME") };
    case "expanded":
    case "expanded_path":
      return result === "expanded" ? expanded(world, first) : { kind: "object", type: "path", of: expanded(world, unwrapped(self)) };
    case "argument":
      return shifted(world);
    case "list_first":
      return itemAt(self, 0);
    case "environment_variable":
      if (args.positional.length === 0) return { kind: "object", type: "environment", of: UNKNOWN };
      return environmentValue(world, textOf(first) ?? "");
    case "children":
      return listThing([{ kind: "object", type: "path", of: joinPaths(unwrapped(self), ANY_NAME) }]);
    case "self_module":
      return moduleNamed(world, self);
    case "path":
      return {
        kind: "object",
        type: "path",
        of: args.positional.length === 0 ? UNKNOWN : args.positional.map(unwrapped).reduce(joinPaths),
      };
    case "joined":
      return args.positional.map(unwrapped).reduce<Thing | null>((all, one) => (all === null ? one : joinPaths(all, one)), null) ?? UNKNOWN;
    case "below":
      return { kind: "object", type: "path", of: joinPaths(unwrapped(self), unwrapped(first)) };
    case "paths":
    case "paths_below":
    case "names":
      return listing(result, unwrapped(self.kind === "plain" ? UNKNOWN : self), unwrapped(first));
    case "walked":
      return walked(unwrapped(first));
    case "contents":
      return { kind: "object", type: "contents", of: unwrapped(self.kind === "object" ? self : first) };
    default:
      return { kind: "object", type: result, of: unwrapped(args.positional.length > 0 ? first : self) };
  }
}

const ANY_NAME: Thing = { kind: "value", value: { kind: "pattern", glob: "*" } };

// `os.walk` gives a folder at or below the one that it gets, with the names in it.
function walked(folder: Thing): Thing {
  const names = listThing([ANY_NAME]);
  const below = joinPaths(folder, { kind: "value", value: { kind: "pattern", glob: "**" } });
  return listThing([listThing([below, names, names])]);
}

// `shift` takes the first word that is left: any of them outside of blocks; inside of one it may be a parameter of a function.
function shifted(world: World): Thing {
  const words = world.context.positional.slice(1).map((argument): Thing => ({ kind: "value", value: argument.value }));
  return choiceThing(world.block > 0 ? [...words, UNKNOWN] : words);
}

// `~` and `~/…` at the beginning of a path.
function expanded(world: World, path: Thing): Thing {
  const text = textOf(path);
  if (text === null || !(text === "~" || text.startsWith("~/"))) return path;
  return concat(environmentValue(world, "HOME"), textThing(text.slice(1)));
}

function unwrapped(thing: Thing): Thing {
  return thing.kind === "object" ? thing.of : thing;
}

function nameOf(world: World, name: string): Thing {
  return { kind: "name", name: canonicalName(world, name) };
}

function moduleNamed(world: World, module: Thing): Thing {
  const name = textOf(module);
  return name === null ? UNKNOWN : nameOf(world, name);
}

function attributeOf(world: World, thing: Thing, attribute: Thing): Thing {
  const name = textOf(attribute);
  if (name === null) {
    emitUnknownCode(world);
    return UNKNOWN;
  }
  if (thing.kind === "name") return nameOf(world, thing.name === "" ? name : `${thing.name}.${name}`);
  return { kind: "method", self: thing, name };
}

// `map(f, list)`: f is called once for every item that is known.
function mapped(world: World, callee: Thing, over: Thing): Thing {
  const items = over.kind === "list" ? over.items : [UNKNOWN];
  const results = items.map((item) => invoke(world, callee, { ...NO_ARGUMENTS, positional: [item] }));
  return over.kind === "list" ? listThing(results) : UNKNOWN;
}

function handAllOn(world: World, args: Arguments): void {
  for (const thing of args.positional) handOn(world, thing);
  for (const thing of args.named.values()) handOn(world, thing);
}

/** A thing is given to something that may do anything with it: functions are called, the environment is shown. */
export function handOn(world: World, thing: Thing): void {
  if (thing.kind === "object" && thing.type === "environment") environmentDump(world);
  letGo(world, thing);
}

/** What happens when a thing is handed on: a function that the table knows may be called with anything. */
export function letGo(world: World, thing: Thing): void {
  for (const one of alternatives(thing)) {
    const entry =
      one.kind === "name" ? functionEntry(world, one.name) : one.kind === "method" ? methodEntry(world, one.self, one.name) : null;
    if (entry === null || !spend(world)) continue;
    apply(world, entry, one.kind === "method" ? one.self : PLAIN, { ...NO_ARGUMENTS, open: true });
  }
}
