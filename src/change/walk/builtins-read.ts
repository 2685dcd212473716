// `read` and `mapfile`: known input becomes known variables. Implements spec/change.md section 7.11.
// Twin of go/change/walk/builtins_read.go.

import { type Argument, text, UNKNOWN_WORD, type Value } from "../values.js";
import { LIMITS, spend, type Variable } from "../words/index.js";
import { type Builtin, isName } from "./builtins-variables.js";
import { type Frame, type Input, NOTHING, QUIET, type Ran, type Status } from "./frame.js";
import type { NamedCall } from "./functions.js";
import { readVariable, setVariable } from "./variables.js";

export const READERS: Readonly<Record<string, Builtin>> = {
  read,
  mapfile,
  readarray: mapfile,
};

interface Cut {
  readonly raw: boolean;
  readonly delimiter: string | null;
  readonly array: string | null;
  readonly foreign: boolean;
  /** Option `-t` of `mapfile`: the delimiters are taken away. */
  readonly trimmed: boolean;
  /** Option `-n` of `mapfile`: so many lines at most; 0 for all. */
  readonly most: number;
  readonly names: readonly string[];
}

/** Letters of options that take a value. */
const READ_VALUES = "adinNptu";
const MAPFILE_VALUES = "dnOsuCc";
const FLAGS = "rseEt";

function cut(words: readonly Argument[], withValue: string): Cut {
  let raw = false;
  let delimiter: string | null = "\n";
  let array: string | null = null;
  let foreign = false;
  let trimmed = false;
  let most = 0;
  const names: string[] = [];
  let isOver = false;
  for (let i = 0; i < words.length; i++) {
    const value = words[i]?.value;
    if (value?.kind !== "text") {
      // It may be an option, a name, or none, with which nothing is assigned (`read -a L *`).
      foreign = true;
      continue;
    }
    if (names.length > 0 || isOver || !value.text.startsWith("-") || value.text.length < 2) {
      names.push(value.text);
      continue;
    }
    if (value.text === "--") {
      isOver = true;
      continue;
    }
    for (let at = 1; at < value.text.length; at++) {
      const letter = value.text[at] ?? "";
      if (letter === "r") raw = true;
      if (letter === "t") trimmed = true;
      // With an option that it does not have, bash assigns nothing.
      if (!withValue.includes(letter) && !FLAGS.includes(letter)) foreign = true;
      if (!withValue.includes(letter)) continue;
      const attached = value.text.slice(at + 1);
      const next = attached === "" ? words[++i]?.value : text(attached);
      if (letter === "d") delimiter = next?.kind === "text" ? (Array.from(next.text)[0] ?? "\0") : null;
      if (letter === "a") array = next?.kind === "text" ? next.text : null;
      // Another input, some of its lines, or other places than from the first on.
      if (letter === "u" || (withValue === MAPFILE_VALUES && !"dn".includes(letter))) foreign = true;
      if (withValue === MAPFILE_VALUES && letter === "n") {
        const count = next?.kind === "text" ? lineCount(next.text) : null;
        most = count ?? 0;
        foreign ||= count === null;
      }
      if (withValue === READ_VALUES && (letter === "n" || letter === "N")) delimiter = null;
      break;
    }
  }
  // Into an element, or into what is no name: which variables keep what they hold is not followed.
  const wholes = names.map((name) => name.split("[")[0] ?? "").filter(isName);
  return { raw, delimiter, array, foreign: foreign || !names.every(isName), trimmed, most, names: wholes };
}

// Up to five digits: more lines are beyond the limit in any case.
function lineCount(word: string): number | null {
  if (word === "" || word.length > 5) return null;
  for (const char of word) if (char < "0" || char > "9") return null;
  return Number(word);
}

function read(call: NamedCall): Ran {
  const { frame } = call;
  const { raw, delimiter, array, foreign, names } = cut(call.words, READ_VALUES);
  const line = foreign || delimiter === null ? UNREAD : takeLine(frame.input, delimiter);
  spend(frame.walk.budget, 1);
  const value = line.value.kind === "text" && !raw ? text(line.value.text.replaceAll("\\", "")) : line.value;
  if (array !== null) setVariable(array, arrayOf(value, frame), frame);
  else assignFields(names.length === 0 ? ["REPLY"] : names, value, names.length === 0, frame);
  return { output: NOTHING, status: line.status };
}

interface Line {
  readonly value: Value;
  readonly status: Status;
}

const UNREAD: Line = { value: { kind: "unknown", prefix: "", many: false, derived: true }, status: "either" };

function takeLine(input: Input, delimiter: string): Line {
  const { stdin } = input;
  if (stdin.kind === "lines") {
    const glob = stdin.globs[input.taken];
    if (glob === undefined) return { value: text(""), status: "nonzero" };
    input.taken++;
    return { value: { kind: "pattern", glob }, status: "zero" };
  }
  if (stdin.kind !== "text") return UNREAD;
  if (input.taken >= stdin.text.length) return { value: text(""), status: "nonzero" };
  const end = stdin.text.indexOf(delimiter, input.taken);
  const line = stdin.text.slice(input.taken, end < 0 ? undefined : end);
  // bash says false at a last line without its end; what it read is there all the same, and usually used.
  input.taken = end < 0 ? stdin.text.length : end + delimiter.length;
  return { value: text(line), status: "zero" };
}

function assignFields(names: readonly string[], value: Value, whole: boolean, frame: Frame): void {
  const ifs = separators(frame);
  if (value.kind !== "text" || ifs === null) {
    for (const [i, name] of names.entries()) {
      const single = names.length === 1 && value.kind === "pattern";
      setVariable(name, { kind: "scalar", value: single && i === 0 ? value : UNREAD.value }, frame);
    }
    return;
  }
  if (whole) {
    for (const name of names) setVariable(name, { kind: "scalar", value }, frame);
    return;
  }
  let rest = trimStart(value.text, ifs);
  for (const [i, name] of names.entries()) {
    const last = i === names.length - 1;
    const characters = Array.from(rest);
    const end = last ? -1 : characters.findIndex((character) => ifs.includes(character));
    const field = end < 0 ? rest : characters.slice(0, end).join("");
    rest = end < 0 ? "" : trimStart(characters.slice(end + 1).join(""), ifs);
    setVariable(name, { kind: "scalar", value: text(last ? trimEnd(field, ifs) : field) }, frame);
  }
}

function separators(frame: Frame): string | null {
  const ifs: Variable = readVariable("IFS", frame);
  if (ifs.kind === "unset") return " \t\n";
  return ifs.kind === "scalar" && ifs.value.kind === "text" ? ifs.value.text : null;
}

function trimStart(line: string, ifs: string): string {
  let start = 0;
  while (start < line.length && " \t\n".includes(line[start] ?? "") && ifs.includes(line[start] ?? "")) start++;
  return line.slice(start);
}

function trimEnd(line: string, ifs: string): string {
  let end = line.length;
  while (end > 0 && " \t\n".includes(line[end - 1] ?? "") && ifs.includes(line[end - 1] ?? "")) end--;
  return line.slice(0, end);
}

function arrayOf(value: Value, frame: Frame): Variable {
  const ifs = separators(frame);
  if (value.kind !== "text" || ifs === null) return { kind: "scalar", value: { ...UNKNOWN_WORD, many: true } as Value };
  const fields: string[] = [];
  let field = "";
  for (const character of value.text) {
    if (!ifs.includes(character)) field += character;
    else if (field !== "") {
      fields.push(field);
      field = "";
    }
  }
  if (field !== "") fields.push(field);
  return { kind: "array", values: fields.map(text) };
}

function mapfile(call: NamedCall): Ran {
  const { frame } = call;
  const { names, foreign, delimiter, trimmed, most } = cut(call.words, MAPFILE_VALUES);
  const { stdin } = frame.input;
  const name = names.at(-1) ?? "MAPFILE";
  const isOpen = foreign || stdin.kind === "stream" || stdin.kind === "inherited";
  const values = isOpen || delimiter === null ? null : allLines(frame, delimiter, trimmed, most);
  setVariable(name, values === null ? UNKNOWN_LINES : { kind: "array", values }, frame);
  return QUIET;
}

const UNKNOWN_LINES: Variable = { kind: "scalar", value: { kind: "unknown", prefix: "", many: true, derived: true } };

/** Null where there are too many: what is beyond the limit must not look like lines that are not there. */
function allLines(frame: Frame, delimiter: string, trimmed: boolean, most: number): readonly Value[] | null {
  const values: Value[] = [];
  for (let line = takeLine(frame.input, delimiter); line.status === "zero"; line = takeLine(frame.input, delimiter)) {
    if (!spend(frame.walk.budget, 1) || values.length >= LIMITS.globNames) return null;
    values.push(trimmed ? line.value : withEnd(line.value, frame.input, delimiter));
    if (values.length === most) break;
  }
  return values;
}

// Without `-t` a line keeps its delimiter; a name of a glob never has one that is known.
function withEnd(value: Value, { stdin, taken }: Input, delimiter: string): Value {
  if (value.kind !== "text" || stdin.kind !== "text" || delimiter === "\0") return value;
  return stdin.text.startsWith(delimiter, taken - delimiter.length) ? text(value.text + delimiter) : value;
}
