// What a line does hangs on no way of writing it: quotes, the form and order of options, and programs that carry it take no effect away;
// and two lines, of which the first leaves nothing behind, do together what each does alone.

import { entryOf } from "../../src/change/catalogue/lookup.js";
import { optionsOf } from "../../src/change/catalogue/options-of.js";
import type { Effect, WholeCatalogue } from "../../src/change/index.js";
import { readShell, unsupportedPlaces } from "../../src/change/shell/index.js";
import { CATALOGUE, effectsOf } from "../../test/change/setting.js";
import type { Target } from "../engine.js";
import { flagsSwapped, isOfTheShell, onlyCommand, optionJoined, plainText, quotedOtherwise } from "../rewritten.js";
import { corpusLines, isWhole } from "../seeds.js";

const whole = CATALOGUE as WholeCatalogue;
const NAMES = Object.keys(whole.programs);
const OPTIONS = [...new Set(Object.values(whole.programs).flatMap((program) => optionsOf(program).flatMap((option) => option.names)))];
const WORDS = "-- - . .. * x a/b .env ~/x $x 'a b' \"$y\" @f :h:p h:/p https://h/x <i >o | && ; \n".split(" ");

export const rewritings: Target = {
  name: "rewritings",
  seeds: () => [...corpusLines(), ...pairs(corpusLines()), ...NAMES.flatMap((name) => optionLines(name))],
  pieces: [...NAMES, ...OPTIONS, ...WORDS, ...WORDS].map((word) => ` ${word} `),
  maxLength: 300,
  check(text) {
    if (!isWhole(text) || text.includes("\0")) return;
    const cut = text.indexOf("\n");
    if (cut >= 0) {
      expectBoth(text.slice(0, cut), text.slice(cut + 1));
      return;
    }
    const only = onlyCommand(text);
    if (only === null) return;
    const effects = effectsOf(text);
    if (isBeyond(effects)) return;
    const name = plainText(only.words[0]);
    const known = name !== null && entryOf(whole.programs, name) !== undefined && !isOfTheShell(name);
    if (name !== null && !isOfTheShell(name))
      for (const other of quotedOtherwise(text, only)) expectSame(effects, other, "quoted otherwise");
    if (!known) return;
    for (const other of [optionJoined(text, only), flagsSwapped(text, only)])
      if (other !== null) expectSame(effects, other, "options written otherwise");
    for (const carrier of ["sudo", "env", "command"]) expectAll(effects, effectsOf(`${carrier} ${text}`), carrier);
  },
};

function optionLines(name: string): readonly string[] {
  const options = optionsOf(whole.programs[name] ?? {});
  const flags = options.filter(({ arity }) => (arity ?? 0) === 0).flatMap(({ names }) => names);
  const values = options.filter(({ arity }) => arity === 1).flatMap(({ names }) => names.filter((one) => one.startsWith("--")));
  return [`${name} a b`, `${name} ${flags.slice(0, 2).join(" ")} a b`, ...values.map((one) => `${name} ${one} v a b`)];
}

function pairs(lines: readonly string[]): readonly string[] {
  const short = lines.filter((line) => line.length < 100 && !line.includes("\n"));
  return short.map((line, i) => `${line}\n${short[(i * 7 + 3) % short.length]}`);
}

function isBeyond(effects: readonly Effect[]): boolean {
  return effects.some((effect) => effect.kind === "opaque" && effect.reason === "limit_exceeded");
}

/** An effect without its place in the line, and without what carries it. */
function bare({ span: _, via: __, ...effect }: Effect): string {
  return JSON.stringify(effect);
}

function carried({ span: _, ...effect }: Effect): string {
  return JSON.stringify(effect);
}

function expectSame(effects: readonly Effect[], other: string, what: string): void {
  const [left, right] = [effects, effectsOf(other)].map((all) => [...new Set(all.map(carried))].sort().join("\n"));
  if (left !== right) throw new Error(`${what}, the effects are others: ${JSON.stringify(other)}`);
}

function expectAll(effects: readonly Effect[], more: readonly Effect[], carrier: string): void {
  const there = new Set(more.map(bare));
  const lost = effects.find((effect) => !there.has(bare(effect)));
  if (lost !== undefined && !isBeyond(more)) throw new Error(`${carrier} loses ${bare(lost)}`);
}

function expectBoth(first: string, second: string): void {
  const script = readShell(second);
  if (!leavesNothing(first) || unsupportedPlaces(script).length > 0 || second.includes("<<")) return;
  const [alone, behind, both] = [effectsOf(first), effectsOf(second), effectsOf(`${first}\n${second}`)];
  if ([alone, behind, both].some(isBeyond)) return;
  const [apart, together] = [[...alone, ...behind], both].map((all) => [...new Set(all.map(carried))].sort().join("\n"));
  if (apart !== together) throw new Error("two lines do together what neither does, or less");
}

/** One known program of plain words, which writes nothing, changes no git state, and is none of the shell's own. */
function leavesNothing(line: string): boolean {
  const only = onlyCommand(line);
  if (only === null || !only.words.every((word) => plainText(word) !== null)) return false;
  const name = plainText(only.words[0]) ?? "";
  if (entryOf(whole.programs, name) === undefined || isOfTheShell(name) || only.redirects.length > 0) return false;
  return effectsOf(line).every(({ kind }) => kind === "exec" || kind === "read" || kind === "network");
}
