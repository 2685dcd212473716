// What CAVRA knows about the functions of a language, as data. Implements spec/languages.md section 4.
// Twin of go/change/languages/table.go.
// Compiled from spec/catalogue/languages.yaml by scripts/generate-languages.mjs; this file only gives it its shape.

import compiled from "../../generated/languages.json" with { type: "json" };
import { trimAscii } from "./ascii.js";
import type { General } from "./scanner.js";
import type { Lexicon } from "./tokens.js";

export interface LanguageTable {
  readonly lexicon: Lexicon;
  /** Full name (`os.remove`) → what calling it does. A name that ends in `.*` stands for everything below it. */
  readonly functions: Readonly<Record<string, string>>;
  /** Type of the receiver (`path`, `file`, `text`, `list`, `any`, …) → method → what calling it does. */
  readonly methods: Readonly<Record<string, Readonly<Record<string, string>>>>;
  /** Name → what it is without being called: a result, as in an entry (`arguments`, `stdin`, `environment`, `name:os`). */
  readonly values: Readonly<Record<string, string>>;
  /** Beginning of a name → what stands for it (`node:fs` → `fs`). */
  readonly renames: Readonly<Record<string, string>>;
  /** Names that reach into the machinery of the language: naming them is enough to hide code. */
  readonly hiding: readonly string[];
  /** Names that take the words after them as arguments without brackets, besides the functions of perl and ruby. */
  readonly bare: readonly string[];
  /** Methods and functions that put something behind what they are called on. */
  readonly growing: readonly string[];
  /** Methods and functions that change what they are called on in any other way. */
  readonly changing: readonly string[];
}

/** An entry, read from its line (spec/languages.md section 4.1). `parameters` in order; the last may stand for all that follow. `self` is the role of the receiver. `result` says what the call gives. */
export interface Entry {
  readonly parameters: readonly Parameter[];
  readonly rest: boolean;
  readonly self: string;
  readonly result: string;
}

export interface Parameter {
  readonly name: string;
  readonly role: string;
}

const TABLES = compiled as unknown as Readonly<Record<General, LanguageTable>>;

export function tableOf(language: General): LanguageTable {
  return TABLES[language];
}

/** `path:delete other:write... -> result` */
export function entryFrom(line: string): Entry {
  const arrow = line.indexOf("->");
  const left = arrow < 0 ? line : line.slice(0, arrow);
  const parameters: Parameter[] = [];
  let rest = false;
  let self = "";
  for (const word of left.split(" ")) {
    if (word === "") continue;
    const many = word.endsWith("...");
    const [name = "", role = ""] = (many ? word.slice(0, -3) : word).split(":");
    if (name === "self") self = role;
    else parameters.push({ name: name === "_" ? "" : name, role });
    rest ||= many;
  }
  return { parameters, rest, self, result: arrow < 0 ? "" : trimAscii(line.slice(arrow + 2)) };
}
