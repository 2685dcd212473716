// Finds the sub-command of a command line and cuts the rest of its words. Implements spec/catalogue.md clauses 2.5 and 7.1.
// Twin of go/change/catalogue/locate.go.

import { compareBytes } from "../../base/order.js";
import type { Argument } from "../values.js";
import { type CutLine, cutCommandLine } from "./command-line.js";
import { described } from "./lookup.js";
import type { Grammar, Option, Program } from "./model.js";
import { optionsBelow, optionsOf } from "./options-of.js";
import { starMatches } from "./star.js";

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
  let options = optionsOf(program);
  let rest = words;
  let before: CutLine["options"] = [];
  const subcommands: string[] = [];
  for (;;) {
    const below = current.subcommands ?? {};
    if (isEmpty(below)) break;
    const head = cutCommandLine(untilFirstOperand(current.grammar), options, rest);
    const [word, ...after] = head.operands;
    if (word === undefined) break;
    before = [...before, ...head.options];
    rest = after;
    if (word.value.kind !== "text") return finish(current, subcommands, word, options, before, rest);
    const name = canonicalName(current, word.value.text);
    subcommands.push(name);
    current = subcommandNamed(current, name) ?? unlistedSubcommand(current);
    options = optionsBelow(current, options);
    if (current.grammar?.keep_name === true) rest = [word, ...after];
  }
  return finish(current, subcommands, null, options, before, rest);
}

function isEmpty(record: object): boolean {
  for (const _ in record) return false;
  return true;
}

function finish(
  program: Program,
  subcommands: readonly string[],
  unknown: Argument | null,
  options: readonly Option[],
  before: CutLine["options"],
  rest: readonly Argument[],
): Located {
  const line = cutCommandLine(program.grammar ?? NO_GRAMMAR, options, rest);
  const all = before.length === 0 ? line : { ...line, options: [...before, ...line.options] };
  return { program, subcommands, unknown_subcommand: unknown, options, line: all };
}

const NO_GRAMMAR: Grammar = {};

function untilFirstOperand(grammar: Grammar | undefined): Grammar {
  return { ...grammar, options_end: "first_operand" };
}

function canonicalName(program: Program, name: string): string {
  const aliases = program.subcommand_aliases ?? {};
  return Object.hasOwn(aliases, name) ? (aliases[name] ?? name) : name;
}

/** The entry of that name, else of the glob that says most about it (`delete-*` before `*`). A glob holds one `*`. */
function subcommandNamed(program: Program, name: string): Program | undefined {
  const { subcommands = {}, subcommand_same: same = {} } = program;
  const exact = described(subcommands, same, name);
  if (exact !== undefined) return exact;
  let best: string | undefined;
  for (const key of [...Object.keys(subcommands), ...Object.keys(same)]) {
    if (key.includes("*") && starMatches(key, name) && (best === undefined || isBetterGlob(key, best))) best = key;
  }
  return best === undefined ? undefined : described(subcommands, same, best);
}

function isBetterGlob(glob: string, than: string): boolean {
  return glob.length === than.length ? compareBytes(glob, than) < 0 : glob.length > than.length;
}

function unlistedSubcommand(above: Program): Program {
  return above.grammar === undefined ? {} : { grammar: above.grammar };
}
