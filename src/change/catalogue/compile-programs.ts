// Compiles the `programs` sections: names, aliases, `like`, sub-commands and grammar. Implements spec/catalogue.md sections 2.1, 2.2 and 2.5.
// No twin: only the compiled catalogue travels.

import { compareBytes } from "../../base/order.js";
import { compileEffects, compileOptions, compileSlots, compileStdin } from "./compile-parts.js";
import { Fields, sparse } from "./fields.js";
import type { Content, Grammar, Option, Program } from "./model.js";
import { optionsOf, packed } from "./options-of.js";
import type { Entry, Problems, Source } from "./source.js";

const PROGRAM_KEYS = [
  "about",
  "aliases",
  "like",
  "harmless",
  "versioned",
  "options",
  "flags",
  "values",
  "operands",
  "subcommands",
  "harmless_subcommands",
  "setup_subcommands",
  "effects",
  "stdin",
  "output",
  "special",
  "content",
  "options_end",
  "long",
  "abbreviate",
  "negate",
  "key_value",
  "leading_cluster",
  "plus",
  "number",
  "keep_name",
  "unlisted",
];

interface Named {
  readonly programs: Readonly<Record<string, Program>>;
  /** Further name of one description → the first. */
  readonly same: Readonly<Record<string, string>>;
  readonly aliases: Readonly<Record<string, string>>;
}

/** What is known while one level of names (programs, or the sub-commands of one program) is compiled. */
interface Level {
  readonly entries: ReadonlyMap<string, Entry>;
  readonly done: Map<string, Program>;
  readonly open: Set<string>;
  readonly above: Level | null;
  /** Grammar that sub-commands take over. */
  readonly inherited: Grammar;
  readonly problems: Problems;
}

export function compilePrograms(sections: readonly Entry[], problems: Problems): Named {
  const entries = sections.flatMap((section) => (section.value.kind === "map" ? section.value.entries : []));
  return compileLevel(entries, null, {}, problems);
}

function compileLevel(written: readonly Entry[], above: Level | null, inherited: Grammar, problems: Problems): Named {
  const entries = new Map<string, Entry>();
  for (const entry of written) {
    for (const name of namesOf(entry.key)) {
      if (entries.has(name)) problems.add(entry.at, `\`${name}\` is described twice`);
      entries.set(name, entry);
    }
  }
  const level: Level = { entries, done: new Map(), open: new Set(), above, inherited, problems };
  const first = written.flatMap((entry) => namesOf(entry.key).slice(0, 1)).sort(compareBytes);
  const programs = Object.fromEntries(first.map((name) => [name, programNamed(name, level)]));
  return { programs, same: sameOf(written), aliases: aliasesOf(level, written) };
}

function sameOf(written: readonly Entry[]): Readonly<Record<string, string>> {
  const pairs = written.flatMap((entry) => {
    const [first = "", ...further] = namesOf(entry.key);
    return further.map((name) => [name, first] as const);
  });
  return sorted(Object.fromEntries(pairs));
}

function aliasesOf(level: Level, written: readonly Entry[]): Readonly<Record<string, string>> {
  const aliases = new Map<string, string>();
  for (const entry of written) {
    const source = entry.value.kind === "map" ? entry.value.entries.find((one) => one.key === "aliases") : undefined;
    if (source === undefined) continue;
    const only = new Fields({ kind: "map", entries: [source], at: entry.at }, ["aliases"], level.problems);
    for (const alias of only.names("aliases")) {
      if (aliases.has(alias) || level.entries.has(alias)) level.problems.add(source.at, `\`${alias}\` is described twice`);
      aliases.set(alias, namesOf(entry.key)[0] ?? "");
    }
  }
  return Object.fromEntries([...aliases].sort(([a], [b]) => compareBytes(a, b)));
}

function programNamed(name: string, level: Level): Program {
  const done = level.done.get(name);
  if (done !== undefined) return done;
  const entry = level.entries.get(name);
  if (entry === undefined) return {};
  if (level.open.has(name)) {
    level.problems.add(entry.at, `\`${name}\` is like itself`);
    return {};
  }
  level.open.add(name);
  const program = compileProgram(entry.value, level, name);
  level.open.delete(name);
  level.done.set(name, program);
  return program;
}

function compileProgram(source: Source, level: Level, name: string): Program {
  const { problems } = level;
  const empty = source.kind === "scalar" && source.value === null;
  const fields = new Fields(empty ? { kind: "map", entries: [], at: source.at } : source, PROGRAM_KEYS, problems);
  const model = modelFor(fields, level, name);
  const grammar = compileGrammar(fields, model.grammar ?? level.inherited);
  const own: Program = {
    harmless: fields.has("harmless") ? fields.flag("harmless") : (model.harmless ?? false),
    versioned: fields.flag("versioned"),
    grammar,
    ...packed(mergeOptions(optionsOf(model), compileOptions(fields, problems))),
    operands: fields.has("operands") ? compileSlots(fields.items("operands"), problems) : (model.operands ?? []),
    effects: fields.has("effects") ? compileEffects(fields.items("effects"), problems) : (model.effects ?? []),
    stdin: fields.has("stdin") ? compileStdin(fields.items("stdin"), problems) : (model.stdin ?? []),
    output: fields.has("output") ? fields.text("output") : (model.output ?? ""),
    special: fields.has("special") ? fields.text("special") : (model.special ?? ""),
    ...contentFor(fields, model, problems),
    ...compileSubcommands(fields, level, grammar, model),
  };
  return sparse(own);
}

const CONTENTS: readonly Content[] = ["kept", "copied", "input", "made", "fetched"];

function contentFor(fields: Fields, model: Program, problems: Problems): Pick<Program, "content"> {
  if (!fields.has("content")) return model.content === undefined ? {} : { content: model.content };
  const written = fields.text("content");
  const known = CONTENTS.find((one) => one === written);
  if (known === undefined) problems.add(fields.source("content")?.at ?? fields.at, `\`content\` is not one of ${CONTENTS.join(", ")}`);
  return known === undefined ? {} : { content: known };
}

function modelFor(fields: Fields, level: Level, name: string): Program {
  const like = fields.text("like");
  if (like === "") return {};
  for (let at: Level | null = level; at !== null; at = at.above) {
    if (at.entries.has(like) && !(at === level && like === name)) return programNamed(like, at);
  }
  level.problems.add(fields.source("like")?.at ?? fields.at, `\`${name}\` is like \`${like}\`, which is not described`);
  return {};
}

function compileSubcommands(
  fields: Fields,
  level: Level,
  grammar: Grammar,
  model: Program,
): Pick<Program, "subcommands" | "subcommand_aliases" | "subcommand_same"> {
  const source = fields.source("subcommands");
  if (source !== null && source.kind !== "map") level.problems.add(source.at, "`subcommands` is a mapping");
  const written = source?.kind === "map" ? source.entries : [];
  const { key_value: _, leading_cluster: __, plus: ___, number: ____, keep_name: _____, ...inherited } = grammar;
  const compiled = compileLevel(written, level, inherited, level.problems);
  const harmless = shortSubcommands(fields.names("harmless_subcommands"), harmlessSubcommand(inherited));
  const setup = shortSubcommands(fields.names("setup_subcommands"), { ...harmlessSubcommand(inherited), output: "trusted_code" });
  const short = { ...harmless.programs, ...setup.programs };
  const same = { ...compiled.same, ...harmless.same, ...setup.same };
  for (const name of [...fields.names("harmless_subcommands"), ...fields.names("setup_subcommands")]) {
    const twice = Object.hasOwn(compiled.programs, name) || Object.hasOwn(compiled.same, name);
    if (twice) level.problems.add(fields.at, `\`${name}\` is described twice`);
  }
  const own = { ...short, ...compiled.programs };
  const fromModel = unsharedWith(model, own, same);
  return {
    subcommands: sorted({ ...fromModel.subcommands, ...own }),
    subcommand_same: sorted({ ...fromModel.subcommand_same, ...same }),
    subcommand_aliases: sorted({ ...(model.subcommand_aliases ?? {}), ...compiled.aliases }),
  };
}

/** The model's sub-commands without those that are described anew; a name that shared the description of one of those gets its own copy. */
function unsharedWith(
  model: Program,
  own: Readonly<Record<string, Program>>,
  same: Readonly<Record<string, string>>,
): Required<Pick<Program, "subcommands" | "subcommand_same">> {
  const anew = (name: string): boolean => Object.hasOwn(own, name) || Object.hasOwn(same, name);
  const { subcommands = {}, subcommand_same: shared = {} } = model;
  const kept = Object.entries(subcommands).filter(([name]) => !anew(name));
  const further = Object.entries(shared).filter(([name]) => !anew(name));
  const copied = further.filter(([, first]) => anew(first)).map(([name, first]) => [name, subcommands[first] ?? {}] as const);
  return {
    subcommands: Object.fromEntries([...kept, ...copied]),
    subcommand_same: Object.fromEntries(further.filter(([, first]) => !anew(first))),
  };
}

/** Several names of one description. */
function shortSubcommands(names: readonly string[], program: Program): Omit<Named, "aliases"> {
  const [first, ...further] = names;
  if (first === undefined) return { programs: {}, same: {} };
  return { programs: { [first]: program }, same: Object.fromEntries(further.map((name) => [name, first])) };
}

function harmlessSubcommand(inherited: Grammar): Program {
  return { harmless: true, grammar: { ...inherited, unlisted: inherited.unlisted ?? "flag" } };
}

function compileGrammar(fields: Fields, inherited: Grammar): Grammar {
  const flags = ["abbreviate", "negate", "key_value", "leading_cluster", "plus", "number", "keep_name"] as const;
  const given = flags.filter((name) => fields.has(name)).map((name) => [name, fields.flag(name)] as const);
  const end = fields.choice("options_end", ["anywhere", "first_operand", "second_operand"], inherited.options_end ?? "anywhere");
  const long = fields.choice("long", ["double", "single", "both"], inherited.long ?? "double");
  const unlisted = fields.choice("unlisted", ["strange", "flag", "value"], inherited.unlisted ?? "strange");
  const { options_end: _, long: __, unlisted: ___, ...rest } = inherited;
  return sparse({
    ...rest,
    ...Object.fromEntries(given),
    ...(end === "anywhere" ? {} : { options_end: end }),
    ...(long === "double" ? {} : { long }),
    ...(unlisted === "strange" ? {} : { unlisted }),
  });
}

function mergeOptions(base: readonly Option[], own: readonly Option[]): readonly Option[] {
  const named = new Set(own.flatMap((option) => option.names));
  return [...base.filter((option) => !option.names.some((name) => named.has(name))), ...own];
}

function namesOf(key: string): readonly string[] {
  return key
    .split(",")
    .map((name) => name.trim())
    .filter((name) => name !== "");
}

function sorted<T>(record: Readonly<Record<string, T>>): Readonly<Record<string, T>> {
  return Object.fromEntries(Object.entries(record).sort(([a], [b]) => compareBytes(a, b)));
}
