// All options of a program, the packed ones unpacked. Implements spec/catalogue.md clause 2.3. Twin of go/options_of.go.

import type { Option, Program } from "./model.js";

/** Unpacked once for each program that is asked about: a command line needs few of the thousand, and a server the same ones again. */
const UNPACKED = new WeakMap<Program, readonly Option[]>();

/** Those with more to say first, then the flags, then those with one value. */
export function optionsOf(program: Program): readonly Option[] {
  const known = UNPACKED.get(program);
  if (known !== undefined) return known;
  const options = unpackedOptions(program);
  UNPACKED.set(program, options);
  return options;
}

function unpackedOptions(program: Program): readonly Option[] {
  const flags = unpacked(program.flags).map((names) => ({ names }));
  const values = unpacked(program.values).map((names) => ({ names, arity: 1 }));
  return [...(program.options ?? []), ...flags, ...values];
}

/** The reverse: what of the options can be said in one string each. */
export function packed(options: readonly Option[]): Required<Pick<Program, "options" | "flags" | "values">> {
  const isBare = (option: Option, keys: number): boolean => Object.keys(option).length === keys;
  const flags = options.filter((option) => isBare(option, 1));
  const values = options.filter((option) => isBare(option, 2) && option.arity === 1);
  return {
    options: options.filter((option) => !flags.includes(option) && !values.includes(option)),
    flags: joinedNames(flags),
    values: joinedNames(values),
  };
}

function joinedNames(options: readonly Option[]): string {
  return options.map((option) => option.names.join(",")).join(" ");
}

function unpacked(names: string | undefined): readonly (readonly string[])[] {
  if (names === undefined || names === "") return [];
  return names.split(" ").map((one) => one.split(","));
}
