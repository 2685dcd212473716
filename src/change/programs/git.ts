// Reads a git command line: global options, injected configuration, alias, sub-command, meaning. Implements spec/git.md section 1.
// Twin of go/change/programs/git.go.
// Total. Options and sub-commands are data (spec/catalogue/git.yaml); only what a sub-command means is code.

import { sortedByBytes } from "../../base/order.js";
import type { Span } from "../../base/span.js";
import { type CutLine, cutCommandLine } from "../catalogue/command-line.js";
import { programOf } from "../catalogue/lookup.js";
import type { Program } from "../catalogue/model.js";
import { optionsOf } from "../catalogue/options-of.js";
import type { Deed } from "../deeds.js";
import type { Call, Reading } from "../reading.js";
import type { Argument } from "../values.js";
import { aliasOf, MAX_ALIAS_STEPS } from "./git-alias.js";
import { type Injected, injectedConfig } from "./git-config.js";
import { globalDeeds, lineDeeds, openedByOptions } from "./git-deeds.js";
import type { GitLine } from "./git-line.js";
import { gitOutputOf } from "./git-output.js";
import { placeOf } from "./git-place.js";

const UNREAD: Reading = { deeds: [], subcommand: "", options: [], known: true, harmless: true, output: { kind: "stream" } };

export function readGit(call: Call): Reading {
  const reading = readStep(call, 0);
  return { ...reading, deeds: inSourceOrder(reading.deeds) };
}

function readStep(call: Call, step: number): Reading {
  const program = programOf(call.catalogue, "git");
  if (program === undefined) return { ...UNREAD, known: false, harmless: false };
  const globals = cutCommandLine({ ...program.grammar, options_end: "first_operand" }, optionsOf(program), call.words);
  const config = injectedConfig(call, globals);
  const around = globalDeeds(call, globals, config);
  const word = globals.operands[0];
  if (globals.options.some(({ means }) => means === "help" || means === "version")) return { ...UNREAD, deeds: around };
  if (word === undefined) return globals.unknown.length > 0 ? unknownSubcommand(call, around) : { ...UNREAD, deeds: around };
  if (word.value.kind !== "text" || globals.unknown.some((unknown) => unknown !== word)) return unknownSubcommand(call, around);
  const found = findSubcommand(program, globals, call.words);
  if (found === null) return readOther(call, globals, config, word, word.value.text, around, step);
  return readSubcommand({ call, globals, config: config.entries, place: placeOf(call, globals), ...found }, around);
}

/** `git $x`: any sub-command, so nobody knows. */
function unknownSubcommand(call: Call, around: readonly Deed[]): Reading {
  const opaque: Deed = { kind: "opaque", reason: "unknown_subcommand", detail: "git", span: call.span };
  return { ...UNREAD, deeds: [...around, opaque], subcommand: "unknown", harmless: false };
}

/** A sub-command that the catalogue does not have: an alias that the line defines, or a program that it does not know. */
function readOther(
  call: Call,
  globals: CutLine,
  config: Injected,
  word: Argument,
  name: string,
  around: readonly Deed[],
  step: number,
): Reading {
  const at = globals.operands_at[0] ?? 0;
  const place = placeOf(call, globals);
  const alias = aliasOf({
    call,
    config: config.entries,
    place,
    name,
    word,
    before: call.words.slice(0, at),
    after: call.words.slice(at + 1),
  });
  if (alias === null)
    return { ...UNREAD, deeds: around, subcommand: name, options: writtenOptions(call, at), known: false, harmless: false };
  if (alias.kind === "deeds") return { ...UNREAD, deeds: [...around, ...alias.deeds], subcommand: name, harmless: false };
  if (step >= MAX_ALIAS_STEPS) return unknownSubcommand(call, around);
  return readStep({ ...call, words: alias.words }, step + 1);
}

function writtenOptions(call: Call, at: number): readonly string[] {
  const cut = cutCommandLine({}, [], call.words.slice(at + 1));
  return sortedByBytes(cut.options.map(({ option }) => option.names[0] ?? ""));
}

type Found = Pick<GitLine, "name" | "span" | "program" | "cut">;

/** The sub-command and, where it has its own (`stash drop`), the inner one; null when the catalogue does not have it. */
function findSubcommand(git: Program, globals: CutLine, words: readonly Argument[]): Found | null {
  let found: Found | null = null;
  let program = git;
  let cut = globals;
  let rest = words;
  for (;;) {
    const at = cut.operands_at[0];
    const word = at === undefined ? undefined : rest[at];
    // INVARIANT: git's own `--` before the sub-command is the only one that a sub-command may follow.
    if (at === undefined || word?.value.kind !== "text" || (found !== null && cut.separator === 0)) return found;
    const canonical = canonicalName(program, word.value.text);
    if (canonical === null) return found;
    program = program.subcommands?.[canonical] ?? {};
    const inner = rest.slice(at + 1);
    const before = found === null ? [] : cutBefore(cut, at);
    rest = inner;
    cut = cutCommandLine(program.grammar ?? {}, optionsOf(program), inner);
    cut = before.length === 0 ? cut : { ...cut, options: [...before, ...cut.options] };
    const span: Span = found === null ? word.span : { start: found.span.start, end: word.span.end };
    found = { name: found === null ? canonical : `${found.name} ${canonical}`, span, program, cut };
  }
}

/** `git notes --ref=x add`: options of the outer sub-command hold for the inner one. */
function cutBefore(cut: CutLine, at: number): CutLine["options"] {
  return cut.options.filter((option) => option.at < at);
}

function canonicalName(program: Program, written: string): string | null {
  const { subcommands = {}, subcommand_aliases: aliases = {} } = program;
  if (Object.hasOwn(subcommands, written)) return written;
  return Object.hasOwn(aliases, written) ? (aliases[written] ?? null) : null;
}

function readSubcommand(line: GitLine, around: readonly Deed[]): Reading {
  const options = sortedByBytes(line.cut.options.filter(({ negated }) => !negated).map(({ means }) => means));
  const isStrange = line.program.grammar?.unlisted !== "flag" && line.cut.unlisted.length > 0;
  const known = { subcommand: line.name, options, known: true };
  if (asksForHelp(line)) return { ...known, deeds: [...around, ...openedByOptions(line)], harmless: true, output: { kind: "stream" } };
  const harmless = line.program.harmless === true && !isStrange;
  return { ...known, deeds: [...around, ...lineDeeds(line)], harmless, output: gitOutputOf(line) };
}

/** `--help`, or `-h` where it is no option of the sub-command: git prints how it is used and does nothing. */
function asksForHelp(line: GitLine): boolean {
  // SECURITY: some sub-commands take everything behind their first operand for operands: `git config core.pager x --help` sets it.
  const first = STOPS_AT_OPERAND.has(line.name) ? line.cut.operands[0] : undefined;
  const end = first === undefined ? line.call.words.length : line.call.words.indexOf(first);
  return line.cut.unlisted.some((word) => isHelp(word) && line.call.words.indexOf(word) < end);
}

const STOPS_AT_OPERAND = new Set(["config", "ls-remote", "fetch-pack"]);

function isHelp({ value }: Argument): boolean {
  return value.kind === "text" && (value.text === "-h" || value.text === "--help");
}

function inSourceOrder(deeds: readonly Deed[]): readonly Deed[] {
  const keyed = deeds.map((deed, index) => ({ deed, index }));
  keyed.sort((a, b) => a.deed.span.start - b.deed.span.start || a.index - b.index);
  return keyed.map(({ deed }) => deed);
}
