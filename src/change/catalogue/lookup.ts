// Finds a program by the word that runs it. Implements spec/catalogue.md clause 2.1. Twin of go/change/catalogue/lookup.go.

import { foldAscii } from "../../base/glob.js";
import type { Catalogue, Program, Table } from "./model.js";

const ENDINGS = [".exe", ".cmd", ".bat", ".com"];

export interface Found {
  /** Canonical name. */
  readonly name: string;
  readonly program: Program;
}

/** The program that `word` runs, or null when the catalogue does not have it. */
export function lookupProgram(catalogue: Catalogue, word: string): Found | null {
  const name = programName(word);
  return named(catalogue, name) ?? versioned(catalogue, name) ?? ofPackage(catalogue, name);
}

/** `npx cavra@latest`: a package with its version. */
function ofPackage(catalogue: Catalogue, name: string): Found | null {
  const at = name.lastIndexOf("@");
  return at <= 0 ? null : named(catalogue, name.slice(0, at));
}

/** The name by which a program that the catalogue does not have is called: the last component, lower case, without `.exe`. */
export function programName(word: string): string {
  const base = lowerAscii(word.slice(Math.max(word.lastIndexOf("/"), word.lastIndexOf("\\")) + 1));
  if (base.charAt(base.length - 4) !== ".") return base;
  const ending = ENDINGS.find((one) => base.endsWith(one) && base.length > one.length);
  return ending === undefined ? base : base.slice(0, -ending.length);
}

/** The description of a program by its canonical name. */
export function programOf(catalogue: Catalogue, name: string): Program | undefined {
  return described(catalogue.programs, catalogue.same, name);
}

/** The description under that name, its own or the one that it shares. */
export function described(programs: Table<Program>, same: Table<string>, name: string): Program | undefined {
  const own = entryOf(programs, name);
  if (own !== undefined) return own;
  const shared = entryOf(same, name);
  return shared === undefined ? undefined : entryOf(programs, shared);
}

export function entryOf<T>(table: Table<T>, name: string): T | undefined {
  if (typeof table === "function") return table(name);
  return Object.hasOwn(table, name) ? table[name] : undefined;
}

function named(catalogue: Catalogue, name: string): Found | null {
  const canonical = entryOf(catalogue.aliases, name) ?? name;
  const program = programOf(catalogue, canonical);
  return program === undefined ? null : { name: canonical, program };
}

function versioned(catalogue: Catalogue, name: string): Found | null {
  let end = name.length;
  while (end > 0 && isVersionUnit(name.charAt(end - 1))) end -= 1;
  if (end === name.length || end === 0) return null;
  const stem = name[end - 1] === "-" ? name.slice(0, end - 1) : name.slice(0, end);
  const found = named(catalogue, stem);
  return found?.program.versioned === true ? found : null;
}

function isVersionUnit(unit: string): boolean {
  return unit === "." || (unit >= "0" && unit <= "9");
}

export function lowerAscii(word: string): string {
  return foldAscii(word);
}
