// What cases are made of: every program of the catalogue with its options and sub-commands, and the texts that a policy's own rules speak of.
// Drawn from the data that both engines judge by, so that a new program or a new rule is met without a change here.

import type { WholeCatalogue } from "../../change/index.js";
import type { Clause, McpRegistry, Rulebook } from "../../policy/index.js";

/** One program or sub-command of the catalogue. */
export interface Entry {
  /** `git`, `git push`: what coverage calls it. */
  readonly name: string;
  readonly words: readonly string[];
  readonly options: readonly OptionEntry[];
  /** The roles of its operands. */
  readonly roles: readonly string[];
}

export interface OptionEntry {
  readonly names: readonly string[];
  readonly arity: number;
  readonly attached: boolean;
  readonly roles: readonly string[];
}

export interface Material {
  readonly entries: readonly Entry[];
  /** Those of git; all where there is no git. */
  readonly git: readonly Entry[];
  readonly aliases: readonly string[];
  readonly environment: readonly string[];
  /** Servers and tools, each with the names of its arguments. */
  readonly tools: readonly { readonly server: string; readonly tool: string; readonly keys: readonly string[] }[];
  /** What a registry of MCP servers lists, and for each server a tool that it does not. */
  readonly registered: readonly { readonly server: string; readonly tool: string; readonly description: string }[];
  readonly texts: PolicyTexts;
  /** Command lines from elsewhere: the development corpus, vectors. Mutations begin with them. */
  readonly lines: readonly string[];
  /** The same in other languages, by language. */
  readonly code: Readonly<Record<string, readonly string[]>>;
}

export interface GivenTexts {
  readonly lines: readonly string[];
  readonly code: readonly { readonly language: string; readonly text: string }[];
}

/** Globs of the policy by what they are matched with, as they are written. */
export interface PolicyTexts {
  readonly paths: readonly string[];
  readonly hosts: readonly string[];
  readonly refs: readonly string[];
  readonly remotes: readonly string[];
  readonly programs: readonly string[];
  readonly calls: readonly string[];
  readonly agents: readonly string[];
}

export function materialOf(
  catalogue: WholeCatalogue,
  rulebook: Rulebook,
  { lines, code }: GivenTexts,
  registry: McpRegistry | null = null,
): Material {
  const entries = Object.entries(catalogue.programs).flatMap(([name, program]) => entriesOf([name], program, []));
  const git = entries.filter(({ words }) => words[0] === "git");
  return {
    entries,
    git: git.length > 0 ? git : entries,
    aliases: Object.keys(catalogue.aliases),
    environment: Object.keys(catalogue.environment),
    tools: catalogue.mcp.flatMap(({ server, tool, arguments: keys }) =>
      tool.map((one) => ({ server: server[0] ?? "*", tool: one, keys: Object.keys(keys) })),
    ),
    registered: (registry?.servers ?? []).flatMap(({ name, tools }) => [
      { server: name, tool: "unlisted", description: "" },
      ...tools.map((tool) => ({ server: name, tool: tool.name, description: tool.description_digest })),
    ]),
    texts: policyTexts(rulebook),
    lines,
    code: byLanguage(code),
  };
}

function byLanguage(code: GivenTexts["code"]): Material["code"] {
  const known: Record<string, string[]> = Object.create(null);
  for (const { language, text } of code) {
    const texts = known[language] ?? [];
    known[language] = texts;
    texts.push(text);
  }
  return known;
}

type Program = WholeCatalogue["programs"][string];
type Option = NonNullable<Program["options"]>[number];

function entriesOf(words: readonly string[], program: Program, above: readonly OptionEntry[]): readonly Entry[] {
  const options = [...ownOptions(program), ...above];
  const own: Entry = { name: words.join(" "), words, options, roles: (program.operands ?? []).map(({ role }) => role) };
  const below = Object.entries(program.subcommands ?? {}).flatMap(([name, one]) => entriesOf([...words, name], one, options));
  return [own, ...below];
}

function ownOptions({ options = [], flags = "", values = "" }: Program): readonly OptionEntry[] {
  const listed = (text: string, arity: number) =>
    text === "" ? [] : text.split(" ").map((names) => ({ names: names.split(","), arity, attached: false, roles: [] }));
  return [...options.map(asEntry), ...listed(flags, 0), ...listed(values, 1)];
}

function asEntry({ names, arity = 0, optional = false, roles = [] }: Option): OptionEntry {
  return { names, arity, attached: optional, roles };
}

function policyTexts({ rules, exceptions, mcp_trust }: Rulebook): PolicyTexts {
  const clauses = [...rules.flatMap(({ match, unless }) => [...match, ...unless]), ...exceptions.flatMap(({ match }) => match)];
  const all = (...keys: readonly (keyof Clause)[]) => [
    ...new Set(clauses.flatMap((clause) => keys.flatMap((key) => textsOf(clause[key])))),
  ];
  return {
    paths: all("path", "covers"),
    hosts: all("host"),
    refs: all("ref"),
    remotes: all("remote"),
    programs: all("program", "subcommand", "options"),
    calls: [...all("server", "tool"), ...mcp_trust.flatMap(({ server, tools }) => [server, ...tools.map(({ tool }) => tool)])],
    agents: all("agent", "user"),
  };
}

function textsOf(value: Clause[keyof Clause]): readonly string[] {
  return Array.isArray(value) ? (value as readonly string[]) : [];
}
