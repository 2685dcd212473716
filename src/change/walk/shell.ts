// What one shell process remembers while its line is walked: variables, folder, functions, files that the line wrote.
// Implements spec/change.md sections 7.1 to 7.3.
// Twin of go/change/walk/shell.go. A branch works on a copy; afterwards the copies are joined.

import type { Span } from "../../base/span.js";
import type { Command } from "../shell/syntax.js";
import { type Argument, UNKNOWN_WORD, type Value } from "../values.js";
import { joinValues, LIMITS, sameValue, type Variable } from "../words/index.js";
import { joinTables, newTable, setIn, shareTable, type Table } from "./table.js";

export interface Cell {
  readonly variable: Variable;
  readonly exported: boolean;
  /** Holds something else than what is assigned to it: it is read-only, a number, folded, or another name. */
  readonly bound: boolean;
}

/** A function as it was defined; `carrier` is the span of the word whose code defined it, null in the line itself. */
export interface FunctionBody {
  readonly command: Command;
  readonly carrier: Span | null;
}

/** Stands for the bodies of a name beyond those that are kept. */
export const UNKNOWN_BODY: FunctionBody = {
  command: { kind: "unsupported", reason: "limit_exceeded", redirects: [], span: { start: 0, end: 0 } },
  carrier: null,
};

/** What the line knows of a file's content. All that it may hold is kept: a join forgets nothing. */
export interface FileState {
  readonly texts: readonly string[];
  /** It holds lines that each match one of these globs; null when that is not known. */
  readonly lines: readonly string[] | null;
  /** It may hold what came from the network, or what was decoded or printed: nobody knows it. */
  readonly unknown: boolean;
  /** It may hold what a program made of files that are there: as good, or as bad, as a script on disk. */
  readonly made: boolean;
  /** It may hold what stands on disk under these paths (its own, or that of the file it was copied from). */
  readonly disk: readonly string[];
  /** Holds code that a known program prints for `eval`. */
  readonly trusted: boolean;
}

export interface Shell {
  readonly variables: Table<Cell>;
  /** All bodies that the name may have; null among them: perhaps it is no function. */
  readonly functions: Table<readonly (FunctionBody | null)[]>;
  readonly exportedFunctions: Table<true>;
  readonly aliases: Table<Value>;
  readonly traps: Table<Argument>;
  readonly files: Table<FileState>;
  /** Links that the line itself makes: path → what it points to. */
  readonly links: Table<string>;
  readonly cwd: Value;
  readonly previousCwd: Value;
  readonly folders: readonly Value[];
  readonly positional: readonly Argument[] | null;
}

/** The holder of a shell's present state: whoever has it sees every change. */
export interface Holder {
  now: Shell;
}

export function newShell(cwd: Value): Shell {
  return {
    variables: newTable(),
    functions: newTable(),
    exportedFunctions: newTable(),
    aliases: newTable(),
    traps: newTable(),
    files: newTable(),
    links: newTable(),
    cwd,
    previousCwd: UNKNOWN_WORD,
    folders: [],
    positional: [],
  };
}

/** A copy that can change without the original. */
export function copyShell(shell: Shell): Shell {
  return {
    ...shell,
    variables: shareTable(shell.variables),
    functions: shareTable(shell.functions),
    exportedFunctions: shareTable(shell.exportedFunctions),
    aliases: shareTable(shell.aliases),
    traps: shareTable(shell.traps),
    files: shareTable(shell.files),
    links: shareTable(shell.links),
  };
}

/** What a process started from this shell inherits: exported variables and functions, the folder, and the files of the machine. */
export function childShell(shell: Shell): Shell {
  const variables: Table<Cell> = newTable();
  for (const [name, cell] of shell.variables.map) if (cell.exported) setIn(variables, name, { ...cell, bound: false });
  const functions: Shell["functions"] = newTable();
  for (const name of shell.exportedFunctions.map.keys()) {
    const bodies = shell.functions.map.get(name);
    if (bodies !== undefined) setIn(functions, name, bodies);
  }
  return {
    ...newShell(shell.cwd),
    variables,
    functions,
    exportedFunctions: shareTable(shell.exportedFunctions),
    files: shareTable(shell.files),
    links: shareTable(shell.links),
  };
}

/** What holds after either of two ways. Where they differ, nothing is known any more. */
export function joinShells(left: Shell, right: Shell): Shell {
  if (left === right) return left;
  return {
    variables: joinTables(left.variables, right.variables, joinCells),
    functions: joinTables(left.functions, right.functions, joinFunctions),
    exportedFunctions: joinTables(left.exportedFunctions, right.exportedFunctions, () => true),
    aliases: joinTables(left.aliases, right.aliases, (a, b) => (a !== undefined && b !== undefined ? joinValues(a, b) : (a ?? b))),
    traps: joinTables(left.traps, right.traps, joinTraps),
    files: joinTables(left.files, right.files, joinFiles),
    links: joinTables(left.links, right.links, (a, b) => a ?? b),
    cwd: sameOrUnknown(left.cwd, right.cwd),
    previousCwd: sameOrUnknown(left.previousCwd, right.previousCwd),
    folders: sameValues(left.folders, right.folders) ? left.folders : [UNKNOWN_WORD],
    positional: joinPositional(left.positional, right.positional),
  };
}

/** Whether walking once more from the second state could show anything new. */
export function sameShell(left: Shell, right: Shell): boolean {
  return (
    sameValue(left.cwd, right.cwd) &&
    left.positional === right.positional &&
    left.functions.map === right.functions.map &&
    left.files.map === right.files.map &&
    left.aliases.map === right.aliases.map &&
    sameVariables(left.variables, right.variables)
  );
}

function sameVariables(left: Table<Cell>, right: Table<Cell>): boolean {
  if (left.map === right.map) return true;
  if (left.map.size !== right.map.size) return false;
  for (const [name, cell] of left.map) {
    const other = right.map.get(name);
    if (
      other === undefined ||
      other.exported !== cell.exported ||
      other.bound !== cell.bound ||
      !sameVariable(cell.variable, other.variable)
    )
      return false;
  }
  return true;
}

function sameVariable(left: Variable, right: Variable): boolean {
  if (left === right) return true;
  if (left.kind === "scalar") return right.kind === "scalar" && sameValue(left.value, right.value);
  if (left.kind === "unset") return right.kind === "unset";
  return right.kind === "array" && sameValues(left.values, right.values);
}

function sameValues(left: readonly Value[], right: readonly Value[]): boolean {
  return left === right || (left.length === right.length && left.every((value, i) => sameAt(value, right[i])));
}

function sameAt(value: Value, other: Value | undefined): boolean {
  return other !== undefined && sameValue(value, other);
}

const ANYTHING: Variable = { kind: "scalar", value: { kind: "unknown", prefix: "", many: true } };

// A name that only one side has set may still have what the surroundings gave it, which nobody knows.
function joinCells(a: Cell | undefined, b: Cell | undefined): Cell {
  const exported = a?.exported === true || b?.exported === true;
  const bound = a?.bound === true || b?.bound === true;
  if (a === undefined || b === undefined) return { variable: ANYTHING, exported, bound };
  if (sameVariable(a.variable, b.variable)) return { variable: a.variable, exported, bound };
  if (a.variable.kind === "scalar" && b.variable.kind === "scalar")
    return { variable: { kind: "scalar", value: joinValues(a.variable.value, b.variable.value) }, exported, bound };
  return { variable: ANYTHING, exported, bound };
}

function joinFunctions(
  a: readonly (FunctionBody | null)[] | undefined,
  b: readonly (FunctionBody | null)[] | undefined,
): readonly (FunctionBody | null)[] {
  const all = [...new Set([...(a ?? [null]), ...(b ?? [null])])];
  const known = all.filter((body) => body !== null && body !== UNKNOWN_BODY);
  if (known.length <= LIMITS.alternatives) return all;
  // SECURITY: a body too many is told as unknown code. The temptation is to drop it: the fifth branch would then run unseen.
  return [...known.slice(0, LIMITS.alternatives), UNKNOWN_BODY, ...(all.includes(null) ? [null] : [])];
}

function joinTraps(a: Argument | undefined, b: Argument | undefined): Argument | undefined {
  if (a === undefined || b === undefined) return a ?? b;
  return { value: joinValues(a.value, b.value), span: a.span };
}

export const NO_CONTENT: FileState = { texts: [], lines: null, unknown: false, made: false, disk: [], trusted: false };

/** What stands on disk under the path, as nobody touched it. */
export function onDiskAs(path: string): FileState {
  return { ...NO_CONTENT, disk: [path] };
}

/** All that a file may hold after either of two ways. */
export function joinFileStates(a: FileState, b: FileState): FileState {
  const texts = [...new Set([...a.texts, ...b.texts])];
  const disk = [...new Set([...a.disk, ...b.disk])];
  return {
    texts: texts.slice(0, LIMITS.alternatives),
    lines: sameLines(a.lines, b.lines) ? a.lines : null,
    unknown: a.unknown || b.unknown || texts.length > LIMITS.alternatives,
    made: a.made || b.made || disk.length > LIMITS.alternatives,
    disk: disk.slice(0, LIMITS.alternatives),
    trusted: a.trusted || b.trusted,
  };
}

function sameLines(a: FileState["lines"], b: FileState["lines"]): boolean {
  if (a === null || b === null) return a === b;
  return a.length === b.length && a.every((glob, i) => glob === b[i]);
}

// A file that only one side has touched is on the other what it was on disk.
function joinFiles(a: FileState | undefined, b: FileState | undefined, path: string): FileState {
  const untouched = path.startsWith("/") && !path.endsWith("/") ? onDiskAs(path) : { ...NO_CONTENT, made: true };
  return joinFileStates(a ?? untouched, b ?? untouched);
}

function sameOrUnknown(left: Value, right: Value): Value {
  return sameValue(left, right) ? left : UNKNOWN_WORD;
}

function joinPositional(left: readonly Argument[] | null, right: readonly Argument[] | null): readonly Argument[] | null {
  if (left === right) return left;
  if (left === null || right === null || left.length !== right.length) return null;
  return left.every((argument, i) => sameAt(argument.value, right[i]?.value)) ? left : null;
}
