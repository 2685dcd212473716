// What an argument is to the function that gets it, turned into deeds. Implements spec/languages.md section 7.
// Twin of go/change/languages/roles.go.
// An unknown path stays a deed with an unknown path; unknown code is opaque. Nothing here judges what a path or a command means.

import type { Arguments } from "./arguments.js";
import { upperAscii } from "./ascii.js";
import { environmentDump, fileDeed, hostDeed, isUrl, scriptDeed, shellCode, sqlCode, urlDeed, wordsDeed } from "./deed-makers.js";
import { perlOpen, rubyPipe } from "./pipes.js";
import type { Entry } from "./table.js";
import { alternatives, joinPaths, PLAIN, type Thing, textOf, textThing, UNKNOWN } from "./things.js";
import { emitUnknownCode, setEnvironment, spend, type World } from "./world.js";

/** One argument of one call: its entry, its role, all arguments, and which it is (-1 for the receiver). */
export interface Place {
  readonly entry: Entry;
  readonly role: string;
  readonly args: Arguments;
  readonly index: number;
}

/** Does to `thing` what its role says. */
export function perform(world: World, place: Place, thing: Thing): void {
  if (!spend(world)) return;
  const { role } = place;
  if (fileRole(world, place, thing) || codeRole(world, place, thing)) return;
  switch (role) {
    case "send":
    case "receive":
    case "url":
      urlDeed(world, thing, role === "url" ? sends(place.args) : role, dataOf(place));
      return;
    case "url_known":
      if (isUrl(textOf(thing) ?? "")) urlDeed(world, thing, "receive", null);
      return;
    case "host":
      hostDeed(world, thing);
      return;
    case "callback":
      callback(world, place, thing);
      return;
    case "chdir":
      world.cwd = world.cwd === null ? thing : joinPaths(world.cwd, thing);
      return;
    case "setenv":
      setEnvironment(world, textOf(thing) ?? "", wordValue(place.args.positional[place.index + 1] ?? UNKNOWN));
      return;
    case "putenv":
      putenv(world, thing);
      return;
    case "dump":
      environmentDump(world);
      return;
    case "opaque":
      emitUnknownCode(world);
      return;
    case "skip":
    case "mode":
      return;
    default:
      world.engine.handOn(world, thing);
  }
}

function fileRole(world: World, place: Place, thing: Thing): boolean {
  switch (place.role) {
    case "read":
    case "write":
    case "delete":
      fileDeed(world, place.role, "exact", thing);
      return true;
    case "read_tree":
      fileDeed(world, "read", "tree", thing);
      return true;
    case "write_tree":
      fileDeed(world, "write", "tree", thing);
      return true;
    case "delete_tree":
      fileDeed(world, "delete", "tree", thing);
      return true;
    case "delete_contents":
      fileDeed(world, "delete", "contents", thing);
      return true;
    case "delete_maybe_tree":
      fileDeed(world, "delete", isOn(option(place.args, "recursive")) ? "tree" : "exact", thing);
      return true;
    case "move":
      fileDeed(world, "read", "tree", thing);
      fileDeed(world, "delete", "tree", thing);
      return true;
    case "open":
      opened(world, place, thing);
      return true;
    case "perl_open":
      if (place.index === 1) perlOpen(world, place.args.positional.slice(1));
      return true;
    default:
      return false;
  }
}

function codeRole(world: World, place: Place, thing: Thing): boolean {
  switch (place.role) {
    case "shell":
      shellCode(world, thing, inputOf(place.args));
      return true;
    case "sql":
      sqlCode(world, thing);
      return true;
    case "code":
      evaluated(world, thing);
      return true;
    case "code_text":
      if (textOf(thing) !== null) evaluated(world, thing);
      else if (thing.kind === "value" && thing.value.kind !== "unknown") emitUnknownCode(world);
      return true;
    case "script":
      scriptDeed(world, world.language, thing);
      return true;
    case "require":
      required(world, thing);
      return true;
    case "process":
      processRun(world, place, thing);
      return true;
    case "command":
      commandRun(world, { ...place.args, positional: place.args.positional.slice(place.index) });
      return true;
    case "popen":
      popen(world, place, thing);
      return true;
    case "load":
      loaded(world, thing);
      return true;
    case "exec_list":
      if (place.index >= 0) executed(world, place, thing);
      return true;
    default:
      return false;
  }
}

// `open(path, mode)`: the mode says what is done; a mode nobody knows may do all of it.
function opened(world: World, place: Place, thing: Thing): void {
  if (rubyPipe(world, thing)) return;
  const at = place.entry.parameters.findIndex((parameter) => parameter.role === "mode");
  const given = place.args.positional[at] ?? option(place.args, "mode") ?? option(place.args, "flag");
  for (const mode of given === undefined ? [null] : alternatives(given)) {
    const text = mode === null ? "r" : mode.kind === "number" ? "r" : mode.kind === "plain" || mode.kind === "record" ? "r" : textOf(mode);
    if (text === null || mode?.kind === "method") fileDeed(world, "read", "exact", thing);
    const writes = text === null || [..."wax+c"].some((letter) => text.includes(letter));
    if (text !== null && (!writes || text.includes("r"))) fileDeed(world, "read", "exact", thing);
    if (writes) fileDeed(world, "write", "exact", thing);
  }
}

function evaluated(world: World, thing: Thing): void {
  for (const one of alternatives(thing)) {
    const text = textOf(one);
    if (text !== null) world.evaluated.push(world.engine.code(world, text));
    else if (isInput(one) && world.context.stdin.kind === "text") world.evaluated.push(world.engine.code(world, world.context.stdin.text));
    else if (one.kind === "object" && one.type === "contents" && !isInput(one)) scriptDeed(world, world.language, one.of);
    else if (one.kind !== "plain" && one.kind !== "number" && one.kind !== "record") emitUnknownCode(world);
  }
}

// Standard input, or what is read from descriptor 0.
function isInput(thing: Thing): boolean {
  return thing.kind === "object" && (thing.type === "stdin" || (thing.type === "contents" && thing.of.kind === "number"));
}

// `require('./x.json')` reads, `require('./x.js')` runs; a package is installed code.
function required(world: World, thing: Thing): void {
  for (const one of alternatives(thing)) {
    const text = textOf(one);
    if (text === null) emitUnknownCode(world);
    else if (text.endsWith(".json")) fileDeed(world, "read", "exact", one);
    else if (text.startsWith("./") || text.startsWith("../") || text.startsWith("/")) scriptDeed(world, world.language, one);
  }
}

// `require "x.pl"`, `load "x.rb"` run a file; a bare name is installed code.
function loaded(world: World, thing: Thing): void {
  for (const one of alternatives(thing)) if (one.kind !== "name" && one.kind !== "number") scriptDeed(world, world.language, one);
}

// A list is the words of a command, a text is for a shell.
function popen(world: World, place: Place, thing: Thing): void {
  for (const one of alternatives(thing)) {
    if (one.kind === "list")
      wordsDeed(
        world,
        one.items.filter((item) => item.kind !== "record"),
        placeOf(place.args),
      );
    else shellCode(world, one, null, cwdOf(place.args));
  }
}

// `subprocess.run(["ls", x])`, `run("ls", shell=True)`, `spawn("ls", ["-l"], {shell: true})`.
function processRun(world: World, place: Place, thing: Thing): void {
  const { args } = place;
  const shell = option(args, "shell");
  const following = args.positional[place.index + 1];
  for (const one of alternatives(thing)) {
    if (one.kind === "list" && !isOn(shell)) wordsDeed(world, one.items, placeOf(args));
    else if (isOn(shell)) shellCode(world, joinedWords(one, following), inputOf(args), cwdOf(args));
    else if (one.kind === "list") wordsDeed(world, one.items, placeOf(args));
    else
      wordsDeed(
        world,
        [
          one,
          ...(following?.kind === "list"
            ? following.items
            : following === undefined || following.kind === "record" || world.language === "python" || isFunction(following)
              ? []
              : [MANY]),
        ],
        placeOf(args),
      );
  }
}

function isFunction(thing: Thing): boolean {
  return thing.kind === "plain" || thing.kind === "number";
}

const MANY: Thing = { kind: "value", value: { kind: "unknown", prefix: "", many: true } };

// A shell gets the first item of a list as its code, or the words joined by blanks where the language joins them.
function joinedWords(thing: Thing, following: Thing | undefined): Thing {
  const words = [...(thing.kind === "list" ? thing.items.slice(0, 1) : [thing]), ...(following?.kind === "list" ? following.items : [])];
  const texts = words.map(textOf);
  return texts.every((text) => text !== null) ? textThing(texts.join(" ")) : UNKNOWN;
}

// `system("ls -l")` is for a shell, `system("ls", "-l")` is not.
function commandRun(world: World, args: Arguments): void {
  const words = args.positional.filter((thing) => thing.kind !== "record");
  const [first] = words;
  // `exec { $program } "argv0", …` in perl runs what the block gives.
  if (world.language === "perl" && words.length < args.positional.length) emitUnknownCode(world);
  if (first === undefined) return;
  if (words.length === 1 && first.kind === "list" && world.language !== "ruby") {
    wordsDeed(world, first.items, placeOf(args));
    return;
  }
  if (words.length === 1 && first.kind === "list") {
    wordsDeed(world, first.items.slice(0, 1), placeOf(args));
    return;
  }
  if (words.length === 1) {
    shellCode(world, first, null, cwdOf(args));
    return;
  }
  // `system(["ls", "argv0"], "-l")` in ruby names the program and what it is told to be called.
  const program = first.kind === "list" ? (first.items[0] ?? UNKNOWN) : first;
  wordsDeed(world, [program, ...words.slice(1)], placeOf(args));
}

// `execv(path, [argv0, …])`, `execl(path, argv0, …)`: the first word after the path is only what the program is told to be called.
function executed(world: World, place: Place, thing: Thing): void {
  const rest = place.args.positional.slice(place.index + 1);
  const [list] = rest;
  const words =
    list === undefined
      ? []
      : list.kind === "list"
        ? list.items.slice(1)
        : rest.length > 1 || textOf(list) !== null
          ? rest.slice(1)
          : [MANY];
  wordsDeed(world, [thing, ...words], placeOf(place.args));
}

function callback(world: World, place: Place, thing: Thing): void {
  const name = textOf(thing);
  const callee: Thing = name === null ? thing : { kind: "name", name };
  if (callee.kind === "name" || callee.kind === "method")
    world.engine.invoke(world, callee, { positional: place.args.positional.slice(place.index + 1), named: new Map(), open: true });
}

function putenv(world: World, thing: Thing): void {
  const text = textOf(thing);
  const equals = text?.indexOf("=") ?? -1;
  if (text === null || equals < 0) return;
  setEnvironment(world, text.slice(0, equals), { kind: "text", text: text.slice(equals + 1) });
}

/** An option by name: a named argument, or a key of a mapping among the arguments. */
export function option(args: Arguments, name: string): Thing | undefined {
  const named = args.named.get(name);
  if (named !== undefined) return named;
  for (const thing of args.positional) if (thing.kind === "record" && thing.entries.has(name)) return thing.entries.get(name);
  return undefined;
}

function isOn(thing: Thing | undefined): boolean {
  if (thing === undefined || thing === PLAIN || thing.kind === "plain") return false;
  return thing.kind !== "number" || thing.number !== 0;
}

function cwdOf(args: Arguments): Thing | null {
  return option(args, "cwd") ?? option(args, "chdir") ?? null;
}

function inputOf(args: Arguments): Thing | null {
  return option(args, "input") ?? null;
}

function placeOf(args: Arguments): { cwd: Thing | null; input: Thing | null; environment: Thing | null } {
  return { cwd: cwdOf(args), input: inputOf(args), environment: option(args, "env") ?? null };
}

function wordValue(
  thing: Thing,
): { readonly kind: "text"; readonly text: string } | { readonly kind: "unknown"; readonly prefix: string; readonly many: boolean } {
  const text = textOf(thing);
  return text === null ? { kind: "unknown", prefix: "", many: false } : { kind: "text", text };
}

const SENDING = ["data", "json", "files", "body", "form", "multipart"];

function sends(args: Arguments): "send" | "receive" {
  const method = option(args, "method");
  const verb = method === undefined ? null : textOf(method);
  if (verb !== null) return ["GET", "HEAD", "OPTIONS"].includes(upperAscii(verb)) ? "receive" : "send";
  return method !== undefined || SENDING.some((name) => option(args, name) !== undefined) ? "send" : "receive";
}

function dataOf(place: Place): Thing | null {
  for (const name of SENDING) {
    const thing = option(place.args, name);
    if (thing !== undefined) return thing;
  }
  const next = place.args.positional[place.index + 1];
  return next === undefined || next.kind === "record" ? null : next;
}
