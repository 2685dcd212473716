// A command behind a program that nobody knows: `rtk git reset --hard`, `mywrapper -- rm -rf /`. Implements spec/catalogue.md clause 10.9.
// Twin of go/change/programs/carried.go.
// There are more wrappers than any catalogue has. What looks like one is told besides; the program itself stays unknown.

import { knownText } from "../catalogue/command-line.js";
import { lookupProgram } from "../catalogue/lookup.js";
import type { Program } from "../catalogue/model.js";
import type { Deed } from "../deeds.js";
import type { Call } from "../reading.js";

/** Words after an unknown program that are looked at. */
export const MAX_CARRIED_WORDS = 16;

const ROLES: readonly string[] = ["command", "delete", "shell_words", "code:shell"];
const SPECIAL: readonly string[] = ["env", "find", "git", "parallel", "su", "xargs"];

/** The first operand, or the word after `--`, where it names a program which deletes, runs a command, or is git or a shell, with the words after it. */
export function carried(call: Call): readonly Deed[] {
  const texts = call.words.slice(0, MAX_CARRIED_WORDS).map((word) => knownText(word.value) ?? "");
  const at = [texts.findIndex((word) => !word.startsWith("-")), texts.indexOf("--") + 1].find((index) =>
    isCarrier(texts[index] ?? "", call),
  );
  const first = call.words[at ?? -1];
  // A word that is the last one names a thing.
  if (at === undefined || first === undefined || at === call.words.length - 1) return [];
  return [
    { kind: "command", words: call.words.slice(at), scope: { place: "child", cwd: null, environment: [], stdin: null }, span: first.span },
  ];
}

function isCarrier(word: string, call: Call): boolean {
  if (word === "" || word.startsWith("-")) return false;
  const program = lookupProgram(call.catalogue, word)?.program;
  return program !== undefined && (SPECIAL.includes(program.special ?? "") || hasRole(program));
}

// The temptation is to take every program that the catalogue has: `install`, `link`, `test` and `open` are what tools call their own sub-commands.
function hasRole(program: Program): boolean {
  return program.operands?.some(({ role }) => ROLES.includes(role)) === true;
}
