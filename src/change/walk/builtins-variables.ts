// `export`, `declare`, `local`, `readonly`, `unset`. Implements spec/change.md section 7.11. Twin of go/change/walk/builtins_variables.go.

import { type Argument, text, type Value } from "../values.js";
import { concatValues, type Variable } from "../words/index.js";
import { type Frame, QUIET, type Ran } from "./frame.js";
import type { NamedCall } from "./functions.js";
import { removeFrom, setIn } from "./table.js";
import { bindVariable, readVariable, rememberLocal, setVariable } from "./variables.js";

export type Builtin = (call: NamedCall) => Ran;

export const DECLARERS: Readonly<Record<string, Builtin>> = {
  export: declare,
  declare,
  typeset: declare,
  local: declare,
  readonly: declare,
  unset,
};

const ANY_VALUE: Value = { kind: "unknown", prefix: "", many: true };
const ANYTHING: Variable = { kind: "scalar", value: ANY_VALUE };

function declare(call: NamedCall): Ran {
  const { frame } = call;
  const { letters, cleared, operands } = cutOptions(call.words);
  if (letters.includes("p")) return QUIET;
  const local =
    call.name === "local" || ((call.name === "declare" || call.name === "typeset") && frame.locals !== null && !letters.includes("g"));
  const exported =
    call.name === "export" ? !letters.includes("n") : letters.includes("x") ? true : cleared.includes("x") ? false : undefined;
  for (const word of operands) {
    const { name, append, value } = cutAssignment(word.value);
    if (name === null) continue;
    if (letters.includes("f")) {
      if (exported === true) setIn(frame.shell.now.exportedFunctions, name, true);
      continue;
    }
    // A fresh local has no value, whatever the name held outside.
    if (local && frame.locals !== null && !frame.locals.has(name)) {
      rememberLocal(name, frame);
      setVariable(name, { kind: "unset" }, frame, exported);
    }
    // `declare -g` in a function that has a local of that name changes one of which nothing is known here.
    const isHidden = letters.includes("g") && frame.locals?.has(name) === true;
    // Outside of functions bash refuses `local`, and other shells do not.
    const isNowhere = call.name === "local" && frame.locals === null;
    const isUnclear = isHidden || isNowhere || has(letters, FOLDING) || letters.includes("A");
    declareOne(name, append, isUnclear && value !== null ? ANY_VALUE : value, exported, frame);
    if (call.name === "readonly" || letters.includes("r") || has(letters, FOLDING)) bindVariable(name, frame);
    if (letters.includes("n") && value !== null) bindAnother(value, frame);
  }
  return QUIET;
}

/** Numbers, lower case, upper case, capitals, another variable's name. */
const FOLDING = "ilucn";

function has(letters: string, wanted: string): boolean {
  for (const letter of wanted) if (letters.includes(letter)) return true;
  return false;
}

/** What is assigned to a `declare -n` goes to the variable that it names. */
function bindAnother(value: Value, frame: Frame): void {
  if (value.kind !== "text" || !isName(value.text)) return;
  bindVariable(value.text, frame);
  setVariable(value.text, ANYTHING, frame);
}

function declareOne(name: string, append: boolean, value: Value | null, exported: boolean | undefined, frame: Frame): void {
  const before = readVariable(name, frame);
  if (value === null) {
    // `export x` keeps the value that is there.
    if (exported !== undefined) setVariable(name, before, frame, exported);
    return;
  }
  const first = before.kind === "array" ? before.values[0] : before.kind === "scalar" ? before.value : undefined;
  const whole = append ? concatValues(first ?? text(""), value, frame.walk.budget) : value;
  setVariable(name, { kind: "scalar", value: whole }, frame, exported);
}

interface CutWords {
  readonly letters: string;
  readonly cleared: string;
  readonly operands: readonly Argument[];
}

/** Leading `-x` and `+x` words, up to `--`. */
export function cutOptions(words: readonly Argument[]): CutWords {
  let letters = "";
  let cleared = "";
  for (const [i, word] of words.entries()) {
    const known = word.value.kind === "text" ? word.value.text : "";
    if (known === "--") return { letters, cleared, operands: words.slice(i + 1) };
    if (known.length > 1 && known.startsWith("-")) letters += known.slice(1);
    else if (known.length > 1 && known.startsWith("+")) cleared += known.slice(1);
    else return { letters, cleared, operands: words.slice(i) };
  }
  return { letters, cleared, operands: [] };
}

/** `name=value` in a word of which at least the name is known. */
export function cutAssignment(word: Value): { name: string | null; append: boolean; value: Value | null } {
  const written = word.kind === "text" ? word.text : word.kind === "pattern" ? word.glob : word.prefix;
  const equals = written.indexOf("=");
  const left = equals < 0 ? written : written.slice(0, equals);
  const append = equals > 0 && left.endsWith("+");
  const name = append ? left.slice(0, -1) : left;
  if (!isName(name) || (equals < 0 && word.kind !== "text")) return { name: null, append: false, value: null };
  if (equals < 0) return { name, append: false, value: null };
  const rest = written.slice(equals + 1);
  if (word.kind === "text") return { name, append, value: text(rest) };
  return { name, append, value: word.kind === "pattern" ? { ...word, glob: rest } : { ...word, prefix: rest } };
}

export function isName(name: string): boolean {
  for (let i = 0; i < name.length; i++) {
    const c = name[i] ?? "";
    const letter = (c >= "a" && c <= "z") || (c >= "A" && c <= "Z") || c === "_";
    if (!letter && !(i > 0 && c >= "0" && c <= "9")) return false;
  }
  return name !== "";
}

function unset(call: NamedCall): Ran {
  const { frame } = call;
  const { letters, operands } = cutOptions(call.words);
  for (const { value } of operands) {
    if (value.kind !== "text") continue;
    const isFunction = letters.includes("f") || (!letters.includes("v") && !frame.shell.now.variables.map.has(value.text));
    if (isFunction) removeFrom(frame.shell.now.functions, value.text);
    if (letters.includes("f")) continue;
    const bracket = value.text.indexOf("[");
    const name = bracket < 0 ? value.text : value.text.slice(0, bracket);
    if (isName(name)) setVariable(name, bracket < 0 ? { kind: "unset" } : ANYTHING, frame);
  }
  return QUIET;
}
