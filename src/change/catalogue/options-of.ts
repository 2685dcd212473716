// All options of a program, the packed ones unpacked. Implements spec/catalogue.md clause 2.3. Twin of go/change/catalogue/options_of.go.

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

/** The options of a program before those of the programs above it, the same list for the same two, so that what is remembered of it is found again. */
export function optionsBelow(program: Program, above: readonly Option[]): readonly Option[] {
  const own = optionsOf(program);
  if (own.length === 0) return above;
  const known = JOINED.get(program);
  if (known?.above === above) return known.all;
  const all = [...own, ...above];
  JOINED.set(program, { above, all });
  return all;
}

const JOINED = new WeakMap<Program, { readonly above: readonly Option[]; readonly all: readonly Option[] }>();

/** The option of each name; of several the first. */
export function optionsByName(options: readonly Option[]): ReadonlyMap<string, Option> {
  const known = BY_NAME.get(options);
  if (known !== undefined) return known;
  const byName = new Map<string, Option>();
  for (const option of options) for (const name of option.names) if (!byName.has(name)) byName.set(name, option);
  BY_NAME.set(options, byName);
  return byName;
}

const BY_NAME = new WeakMap<readonly Option[], ReadonlyMap<string, Option>>();

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
