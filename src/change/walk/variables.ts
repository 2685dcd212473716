// Reading and setting shell variables, the special ones included. Implements spec/change.md section 7.2.
// Twin of go/change/walk/variables.go.
// A variable that neither the line nor a fact has set is unknown, never empty: the surroundings may have set it.

import { text, type Value } from "../values.js";
import { mayBeMany, spend, type Variable } from "../words/index.js";
import type { Frame } from "./frame.js";
import type { Cell, Shell } from "./shell.js";
import { setIn } from "./table.js";

const ANYTHING: Variable = { kind: "scalar", value: { kind: "unknown", prefix: "", many: true } };
const FLAT: Variable = { kind: "scalar", value: { kind: "pattern", glob: "*" } };
const NUMBER: Variable = { kind: "scalar", value: { kind: "pattern", glob: "*", random: true } };
/** Names that a login gives: neither `/` nor blanks in them. */
const FLAT_NAMES: readonly string[] = ["!", "-", "USER", "LOGNAME", "HOSTNAME"];
const NUMBERS: readonly string[] = ["?", "$", "RANDOM", "SECONDS", "LINENO", "PPID", "UID", "EUID", "BASHPID", "EPOCHSECONDS", "SRANDOM"];

export function readVariable(name: string, frame: Frame): Variable {
  const cell = frame.shell.now.variables.map.get(name);
  if (cell !== undefined) return cell.variable;
  const { facts } = frame.walk;
  const { positional, cwd, previousCwd } = frame.shell.now;
  switch (name) {
    case "#":
      return positional === null || positional.some(({ value }) => mayBeMany(value))
        ? NUMBER
        : scalar(text(String(Math.max(0, positional.length - 1))));
    case "PWD":
      return scalar(cwd);
    case "OLDPWD":
      return scalar(previousCwd);
    case "IFS":
      return scalar(text(" \t\n"));
    default:
      break;
  }
  if (NUMBERS.includes(name)) return NUMBER;
  if (frame.place === "elsewhere") return FLAT_NAMES.includes(name) ? FLAT : ANYTHING;
  if (Object.hasOwn(facts.environment, name)) return scalar(text(facts.environment[name] ?? ""));
  if (FLAT_NAMES.includes(name)) return FLAT;
  if (name === "HOME" && facts.home !== "") return scalar(text(facts.home));
  if (name === "TMPDIR" && facts.temp_roots[0] !== undefined) return scalar(text(facts.temp_roots[0]));
  return ANYTHING;
}

function scalar(value: Value): Variable {
  return { kind: "scalar", value };
}

/** Sets a variable of the frame's shell; what was exported stays exported, and one value for an array is its first. */
export function setVariable(name: string, variable: Variable, frame: Frame, exported?: boolean): void {
  const { variables } = frame.shell.now;
  if (variables.shared && variables.map.size > 0) spend(frame.walk.budget, 1 + Math.floor(variables.map.size / 8));
  const was = variables.map.get(name);
  const inherited = was === undefined && frame.place === "here" && Object.hasOwn(frame.walk.facts.environment, name);
  const bound = was?.bound === true;
  const now = bound ? ANYTHING : was === undefined ? variable : intoArray(was.variable, variable);
  setIn(variables, name, { variable: now, exported: exported ?? (was?.exported === true || inherited), bound });
}

/** From here on nobody knows what the variable holds after an assignment. */
export function bindVariable(name: string, frame: Frame): void {
  const { variables } = frame.shell.now;
  const cell = variables.map.get(name);
  setIn(variables, name, { variable: cell?.variable ?? readVariable(name, frame), exported: cell?.exported === true, bound: true });
}

function intoArray(was: Variable, now: Variable): Variable {
  if (was.kind !== "array" || now.kind !== "scalar") return now;
  // What is not known may be many words, or meant for another element.
  if (now.value.kind === "unknown" || mayBeMany(now.value)) return ANYTHING;
  return { kind: "array", values: [now.value, ...was.values.slice(1)] };
}

/** Keeps what a variable was before `local`, so that the end of the function puts it back. */
export function rememberLocal(name: string, frame: Frame): void {
  if (frame.locals !== null && !frame.locals.has(name)) frame.locals.set(name, frame.shell.now.variables.map.get(name));
}

/** What a process started here finds in its environment, as far as it is known. */
export function environmentOf(shell: Shell, frame: Frame): Readonly<Record<string, Value>> {
  const inherited = frame.place === "here" ? frame.walk.inherited : NO_ENVIRONMENT;
  if (shell.variables.map.size === 0) return inherited;
  const exported = [...shell.variables.map].filter(([, cell]) => cell.exported);
  if (exported.length === 0) return inherited;
  const environment: Record<string, Value> = Object.assign(Object.create(null), inherited);
  for (const [name, cell] of exported) {
    const value = cellValue(cell);
    if (value === null) delete environment[name];
    else environment[name] = value;
  }
  return environment;
}

const NO_ENVIRONMENT: Readonly<Record<string, Value>> = Object.freeze(Object.create(null));

function cellValue(cell: Cell): Value | null {
  if (cell.variable.kind === "unset") return null;
  if (cell.variable.kind === "scalar") return cell.variable.value;
  return cell.variable.values[0] ?? null;
}
