// The door of the program readers: a call goes in, what it asks for comes out. Implements spec/catalogue.md sections 8 and 10.
// Twin of go/change/programs/programs.go.

import { sortedByBytes } from "../../base/order.js";
import { interpretProgram } from "../catalogue/interpret.js";
import { described, entryOf, lookupProgram, programName, programOf } from "../catalogue/lookup.js";
import type { Catalogue, Content } from "../catalogue/model.js";
import { knownPrefix } from "../catalogue/value-parts.js";
import type { Language } from "../deeds.js";
import type { Call, Reader, Reading } from "../reading.js";
import { carried } from "./carried.js";
import { readEnv } from "./env.js";
import { readGit } from "./git.js";
import { readFd, readFind, readParallel, readPatch, readTar, readTerminal, readXargs } from "./rarer.js";
import { readSu } from "./su.js";
import { variableDeeds, withOptionVariables } from "./variables.js";

export { lookupProgram, programName };

/** Readers in code, by the `special` of the catalogue. */
const SPECIAL: ReadonlyMap<string, Reader> = new Map<string, Reader>([
  ["env", (call) => readEnv(call)],
  ["fd", readFd],
  ["find", readFind],
  ["git", readGit],
  ["parallel", readParallel],
  ["patch", readPatch],
  ["su", readSu],
  ["tar", readTar],
  ["terminal", readTerminal],
  ["xargs", readXargs],
]);

/** What running the program asks for. `call.name` is the canonical name that `lookupProgram` gave, or any other for a program that is not known. */
export function readProgram(call: Call): Reading {
  const program = programOf(call.catalogue, call.name);
  if (program === undefined) {
    const bare = unknownReading(call);
    return { ...bare, deeds: [...variableDeeds(call, bare), ...carried(call)] };
  }
  const reader = SPECIAL.get(program.special ?? "") ?? ((one: Call) => interpretProgram(program, one));
  if (call.inherits === true) return reader(call);
  const reading = reader(withOptionVariables(call));
  return { ...reading, deeds: [...variableDeeds(call, reading), ...reading.deeds] };
}

/** A program that the catalogue does not have: nothing is invented, its options are named as they are written. */
function unknownReading(call: Call): Reading {
  const written = call.words.map((word) => knownPrefix(word.value)).filter((word) => word.startsWith("-") && word.length > 1);
  const names = written.map((word) => (word.includes("=") ? word.slice(0, word.indexOf("=")) : word));
  return { deeds: [], subcommand: "", options: sortedByBytes(names), known: false, harmless: false, output: { kind: "stream" } };
}

/** Where what the program (or its sub-command) writes comes from, as the catalogue says it; "" when its deeds say it. */
export function contentOf(catalogue: Catalogue, name: string, subcommand: string): Content | "" {
  const program = programOf(catalogue, name);
  const inner = subcommand === "" ? undefined : described(program?.subcommands ?? {}, program?.subcommand_same ?? {}, subcommand);
  return inner?.content ?? program?.content ?? "";
}

/**
 * `node …/cavra.cjs`, `php artisan`: the program of which the file is another name, by its last one, two or three components; null for every other
 * file. To a shell a file whose name has no `.` is one's own script, whatever it is called.
 */
export function programOfFile(catalogue: Catalogue, path: string, language: Language): string | null {
  const name = path.slice(path.lastIndexOf("/") + 1);
  const toInterpreter = language !== "shell" && language !== "unknown";
  if (!toInterpreter && !name.includes(".")) return null;
  if (toInterpreter && programOf(catalogue, name) !== undefined) return name;
  const components = path.split("/");
  for (const count of [1, 2, 3]) {
    const found = entryOf(catalogue.aliases, components.slice(-count).join("/"));
    if (found !== undefined) return found;
  }
  return null;
}
