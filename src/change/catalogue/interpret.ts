// What a command line asks for, read from the program's entry in the catalogue. Implements spec/catalogue.md section 8.
// Twin of go/change/catalogue/interpret.go.
// Generic: it must never know a program by its name. Total: every line gives a reading.

import { sortedByBytes } from "../../base/order.js";
import type { Deed } from "../deeds.js";
import type { Call, Reading } from "../reading.js";
import { codeDeeds, unknownOptionDeeds } from "./code-roles.js";
import { type Context, contextOf } from "./context.js";
import { fileDeeds } from "./file-roles.js";
import { injectedDeeds, isOrdinaryProgram } from "./inject.js";
import { type Located, locate } from "./locate.js";
import type { Program } from "./model.js";
import { networkDeeds } from "./network-roles.js";
import { outputOf } from "./outputs.js";
import { stdinDeeds } from "./stdin-roles.js";
import { templateDeeds } from "./templates.js";

export function interpretProgram(program: Program, call: Call): Reading {
  const located = locate(program, call.words);
  return readingOf(contextOf(located, call));
}

export function readingOf(context: Context): Reading {
  const { located, around, call } = context;
  const { program, line } = located;
  const deeds: Deed[] = [];
  addDeeds(deeds, unknownSubcommandDeeds(located));
  addDeeds(deeds, unknownOptionDeeds(context));
  for (const use of context.uses) {
    addDeeds(deeds, fileDeeds(use, context));
    addDeeds(deeds, injectedDeeds(use, call));
    if (!isOrdinaryProgram(use)) addDeeds(deeds, codeDeeds(use, context));
  }
  addDeeds(deeds, networkDeeds(context));
  addDeeds(deeds, templateDeeds(context));
  addDeeds(deeds, stdinDeeds(context));
  return {
    deeds: inSourceOrder(deeds),
    subcommand: located.unknown_subcommand === null ? subcommandName(located.subcommands) : "unknown",
    options: sortedByBytes(around.meanings),
    known: true,
    harmless:
      program.harmless === true &&
      located.unknown_subcommand === null &&
      (line.unlisted.length === 0 || program.grammar?.unlisted !== undefined),
    output: outputOf(program.output ?? "", context),
  };
}

function addDeeds(deeds: Deed[], more: readonly Deed[]): void {
  for (const deed of more) deeds.push(deed);
}

function subcommandName(subcommands: readonly string[]): string {
  return subcommands.length === 0 ? "" : subcommands.join(" ");
}

/** A sub-command that cannot be known is a program that cannot be known, unless all of them are harmless. */
function unknownSubcommandDeeds(located: Located): readonly Deed[] {
  if (located.unknown_subcommand === null) return [];
  const harmless = Object.values(located.program.subcommands ?? {}).every((one) => one.harmless === true);
  return harmless ? [] : [{ kind: "opaque", reason: "unknown_subcommand", detail: "", span: located.unknown_subcommand.span }];
}

/** Stable: deeds of one word stay in the order in which they were told. */
export function inSourceOrder(deeds: readonly Deed[]): readonly Deed[] {
  const isSorted = deeds.every((deed, i) => i === 0 || (deeds[i - 1]?.span.start ?? 0) <= deed.span.start);
  if (isSorted) return deeds;
  return [...deeds].sort((a, b) => a.span.start - b.span.start);
}

/** A reading that only says that the program runs. */
export function bareReading(known: boolean, harmless: boolean): Reading {
  return { deeds: [], subcommand: "", options: [], known, harmless, output: { kind: "stream" } };
}
