// Finds the sub-command of a command line and cuts the rest of its words. Implements spec/catalogue.md clauses 2.5 and 7.1. Twin of go/locate.go.

import type { Argument } from "../values.js";
import { type CutLine, cutCommandLine } from "./command-line.js";
import type { Grammar, Option, Program } from "./model.js";

/** A program with its sub-command found and its words cut. */
export interface Located {
  readonly program: Program;
  /** Canonical names of the sub-commands, outermost first. */
  readonly subcommands: readonly string[];
  /** The word in the place of a sub-command that cannot be known. */
  readonly unknown_subcommand: Argument | null;
  readonly options: readonly Option[];
  readonly line: CutLine;
}

/** Follows the sub-commands, then cuts what is left with the options of all of them. */
export function locate(program: Program, words: readonly Argument[]): Located {
  let current = program;
  let options = program.options ?? [];
  let rest = words;
  let before: CutLine["options"] = [];
  const subcommands: string[] = [];
  for (;;) {
    const below = current.subcommands ?? {};
    if (Object.keys(below).length === 0) break;
    const head = cutCommandLine(untilFirstOperand(current.grammar), options, rest);
    const [word, ...after] = head.operands;
    if (word === undefined) break;
    before = [...before, ...head.options];
    rest = after;
    if (word.value.kind !== "text") return finish(current, subcommands, word, options, before, rest);
    const name = canonicalName(current, word.value.text);
    subcommands.push(name);
    const next = Object.hasOwn(below, name) ? below[name] : undefined;
    current = next ?? unlistedSubcommand(current);
    options = [...(current.options ?? []), ...options];
  }
  return finish(current, subcommands, null, options, before, rest);
}

function finish(
  program: Program,
  subcommands: readonly string[],
  unknown: Argument | null,
  options: readonly Option[],
  before: CutLine["options"],
  rest: readonly Argument[],
): Located {
  const line = cutCommandLine(program.grammar ?? {}, options, rest);
  return { program, subcommands, unknown_subcommand: unknown, options, line: { ...line, options: [...before, ...line.options] } };
}

function untilFirstOperand(grammar: Grammar | undefined): Grammar {
  return { ...grammar, options_end: "first_operand" };
}

function canonicalName(program: Program, name: string): string {
  const aliases = program.subcommand_aliases ?? {};
  return Object.hasOwn(aliases, name) ? (aliases[name] ?? name) : name;
}

function unlistedSubcommand(above: Program): Program {
  return above.grammar === undefined ? {} : { grammar: above.grammar };
}
