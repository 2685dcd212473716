// A line in other words that do the same, or carry it: quoted otherwise, options written or ordered otherwise, behind a program that runs it.
// What a way does not fit gives no line.

import { entryOf } from "../src/change/catalogue/lookup.js";
import type { Option, Program } from "../src/change/catalogue/model.js";
import { optionsOf } from "../src/change/catalogue/options-of.js";
import { readShell, type SimpleCommand, unsupportedPlaces, type Word } from "../src/change/shell/index.js";
import { CATALOGUE } from "../test/change/setting.js";

/** Programs that change the shell they run in, or read the line itself otherwise. */
const OF_THE_SHELL = new Set(
  ". : [ alias bg break builtin cd chdir command continue coproc declare dirs disown enable env eval exec exit export fc fg getopts hash let local mapfile popd printf pushd read readarray readonly return set shift shopt source sudo test time times trap typeset ulimit umask unalias unset wait".split(
    " ",
  ),
);
const PLAIN = /^[A-Za-z0-9_./:@%+-]+$/;

/** The one simple command that the whole line is; null for every other line. */
export function onlyCommand(line: string): SimpleCommand | null {
  const script = readShell(line);
  const [item, more] = script.items;
  const [only, next] = item?.first.commands ?? [];
  if (item === undefined || more !== undefined || item.background || item.rest.length > 0 || next !== undefined) return null;
  if (only?.kind !== "simple" || item.first.timed || item.first.negated || only.assignments.length > 0) return null;
  if (line.slice(0, only.span.start).trim() !== "") return null;
  return unsupportedPlaces(script).length > 0 || line.includes("<<") || line.includes("#") ? null : only;
}

export function isOfTheShell(name: string): boolean {
  return OF_THE_SHELL.has(name);
}

/** The text of a word of plain letters without quotes; null for every other word. */
export function plainText(word: Word | undefined): string | null {
  const [part, more] = word?.parts ?? [];
  return part?.kind === "literal" && more === undefined && PLAIN.test(part.text) ? part.text : null;
}

/** Every word behind the first one, quoted in each way. */
export function quotedOtherwise(line: string, { words }: SimpleCommand): readonly string[] {
  const plain = words.slice(1).filter((word) => plainText(word) !== null);
  if (plain.length === 0) return [];
  return [
    (text: string) => `'${text}'`,
    (text: string) => `"${text}"`,
    (text: string) => `\\${text}`,
    (text: string) => `${text.slice(0, 1)}''${text.slice(1)}`,
  ].map((quote) => [...plain].reverse().reduce((said, word) => replaced(said, word, word, quote(plainText(word) ?? "")), line));
}

/** `--option value` as `--option=value`. Behind other words it may be another program's. */
export function optionJoined(line: string, { words }: SimpleCommand): string | null {
  const [first, second] = [words[1], words[2]];
  const option = listed(words[0], first);
  const [name, value] = [plainText(first), plainText(second)];
  if (option?.arity !== 1 || option.optional === true || name?.startsWith("--") !== true || value === null || value.startsWith("-"))
    return null;
  return first === undefined || second === undefined ? null : replaced(line, first, second, `${name}=${value}`);
}

/** Two flags behind the program's name in the other order. */
export function flagsSwapped(line: string, { words }: SimpleCommand): string | null {
  const [first, second] = [words[1], words[2]];
  const [left, right] = [listed(words[0], first), listed(words[0], second)];
  if (first === undefined || second === undefined || left === undefined || right === undefined || left === right) return null;
  const program = programOf(words[0]);
  if (program?.special !== undefined || ![left, right].every(isFlag)) return null;
  return replaced(line, first, second, `${plainText(second)} ${plainText(first)}`);
}

function isFlag({ arity, optional, digits, clears, last }: Option): boolean {
  return (arity ?? 0) === 0 && optional !== true && digits !== true && clears === undefined && last !== true;
}

function programOf(word: Word | undefined): Program | undefined {
  return entryOf(CATALOGUE.programs, plainText(word) ?? "");
}

function listed(program: Word | undefined, word: Word | undefined): Option | undefined {
  const [known, name] = [programOf(program), plainText(word)];
  if (known === undefined || name === null || known.grammar?.key_value === true) return undefined;
  const options = optionsOf(known).filter((option) => option.names.includes(name));
  return options.length === 1 ? options[0] : undefined;
}

/** Spans count bytes. */
function replaced(line: string, from: Word, to: Word, text: string): string {
  const bytes = Buffer.from(line);
  return bytes.subarray(0, from.span.start).toString() + text + bytes.subarray(to.span.end).toString();
}
