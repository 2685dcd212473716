// Every condition of the catalogue names something that can hold. A misspelt one would turn a dry run into a danger or a danger into silence.

import { expect, it } from "vitest";
import { meaningOf } from "../../src/change/catalogue/command-line.js";
import type { Program } from "../../src/change/catalogue/model.js";
import { optionsOf } from "../../src/change/catalogue/options-of.js";
import { catalogueInSpec } from "../catalogue/table.js";

/** Conditions without an option of that meaning: spec/catalogue.md section 4. */
const AUTOMATIC = new Set(["operand", "operands", "piped", "always", "contents", "assignment", "unknown", "first", "last"]);

it("has no condition that nothing can fulfil", () => {
  const { programs } = catalogueInSpec();
  const strange = Object.entries(programs).flatMap(([name, program]) => strangeConditions(name, program, new Set()));
  expect(strange).toEqual([]);
});

function strangeConditions(name: string, program: Program, above: ReadonlySet<string>): readonly string[] {
  const own = new Set([...above, ...optionsOf(program).map(meaningOf)]);
  // An unlisted option has a meaning all the same, where the program lets it pass.
  const open = program.special !== undefined || program.grammar?.number === true;
  const strange = open ? [] : conditionsOf(program).filter((atom) => !AUTOMATIC.has(atom) && !own.has(atom));
  const below = Object.entries(program.subcommands ?? {}).flatMap(([sub, one]) => strangeConditions(`${name} ${sub}`, one, own));
  return [...new Set(strange.map((atom) => `${name}: ${atom}`)), ...below];
}

function conditionsOf({ operands = [], effects = [], stdin = [], options = [] }: Program): readonly string[] {
  const written = [...operands, ...effects, ...stdin].flatMap((one) => [...(one.when ?? []), ...(one.unless ?? [])]);
  const trees = [...operands, ...effects, ...options].flatMap((one) => (one.tree === undefined ? [] : [one.tree]));
  const atoms = [...written, ...trees].flatMap((condition) => condition.split("|"));
  return atoms.map((atom) => (atom.includes("=") ? atom.slice(0, atom.indexOf("=")) : atom));
}
