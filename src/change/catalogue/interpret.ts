// What a command line asks for, read from the program's entry in the catalogue. Implements spec/catalogue.md section 8. Twin of go/interpret.go.
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
  return {
    deeds: inSourceOrder([
      ...unknownSubcommandDeeds(located),
      ...unknownOptionDeeds(context),
      ...context.uses.flatMap((use) => [
        ...fileDeeds(use, context),
        ...injectedDeeds(use, call),
        ...(isOrdinaryProgram(use) ? [] : codeDeeds(use, context)),
      ]),
      ...networkDeeds(context),
      ...templateDeeds(context),
      ...stdinDeeds(context),
    ]),
    subcommand: located.unknown_subcommand === null ? located.subcommands.join(" ") : "unknown",
    options: sortedByBytes(around.meanings),
    known: true,
    harmless:
      program.harmless === true &&
      located.unknown_subcommand === null &&
      (line.unlisted.length === 0 || program.grammar?.unlisted !== undefined),
    output: outputOf(program.output ?? "", context),
  };
}

/** A sub-command that cannot be known is a program that cannot be known, unless all of them are harmless. */
function unknownSubcommandDeeds(located: Located): readonly Deed[] {
  if (located.unknown_subcommand === null) return [];
  const harmless = Object.values(located.program.subcommands ?? {}).every((one) => one.harmless === true);
  return harmless ? [] : [{ kind: "opaque", reason: "unknown_subcommand", detail: "", span: located.unknown_subcommand.span }];
}

/** Stable: deeds of one word stay in the order in which they were told. */
export function inSourceOrder(deeds: readonly Deed[]): readonly Deed[] {
  return [...deeds].sort((a, b) => a.span.start - b.span.start);
}

/** A reading that only says that the program runs. */
export function bareReading(known: boolean, harmless: boolean): Reading {
  return { deeds: [], subcommand: "", options: [], known, harmless, output: { kind: "stream" } };
}
