// Decides the conditions of slots, effects and standard input. Implements spec/catalogue.md section 4.
// Twin of go/change/catalogue/conditions.go.
// Where a value cannot be known, a condition holds in `when` and does not hold in `unless`: the danger stays.

import type { Argument, Stdin } from "../values.js";
import type { CutLine, CutOption } from "./command-line.js";
import { starMatches } from "./star.js";
import { knownPrefix } from "./value-parts.js";

/** What conditions are decided on. */
export interface Circumstances {
  readonly meanings: ReadonlySet<string>;
  readonly options: readonly CutOption[];
  readonly operands: readonly Argument[];
  readonly piped: boolean;
  /** A word that is surely an option cannot be known (`-$X`). */
  readonly undecided: boolean;
}

interface Conditional {
  readonly when?: readonly string[];
  readonly unless?: readonly string[];
}

export function circumstances(options: readonly CutOption[], line: CutLine, stdin: Stdin): Circumstances {
  const undecided = line.unknown.some((word) => knownPrefix(word.value).startsWith("-"));
  return { meanings: meaningsOf(options), options, operands: line.operands, piped: stdin.kind !== "inherited", undecided };
}

const NO_MEANINGS: ReadonlySet<string> = new Set();

/** The meanings given and not taken back, in the order of the line. */
export function meaningsOf(options: readonly CutOption[]): ReadonlySet<string> {
  if (options.length === 0) return NO_MEANINGS;
  const meanings = new Set<string>();
  for (const { option, means, negated } of options) {
    if (negated) meanings.delete(means);
    else meanings.add(means);
    if (!negated && option.clears !== undefined) for (const cleared of option.clears) meanings.delete(cleared);
  }
  meanings.delete("");
  return meanings;
}

export function applies(one: Conditional, around: Circumstances): boolean {
  const { when, unless } = one;
  if (when !== undefined && !when.every((condition) => holds(condition, around, true))) return false;
  return unless === undefined || !unless.some((condition) => holds(condition, around, false));
}

/** `unknownHolds` says what a comparison with a value that cannot be known comes to. */
export function holds(condition: string, around: Circumstances, unknownHolds: boolean): boolean {
  if (!condition.includes("|")) return atomHolds(condition, around, unknownHolds);
  return condition.split("|").some((atom) => atomHolds(atom, around, unknownHolds));
}

/** How much of a file is meant: a tree "always", or when the condition holds, or may hold because an option cannot be known. */
export function extentOf(tree: string | undefined, around: Circumstances): "exact" | "tree" | "contents" {
  if (tree === undefined) return "exact";
  if (tree === "contents") return "contents";
  return tree === "always" || around.undecided || holds(tree, around, true) ? "tree" : "exact";
}

function atomHolds(atom: string, around: Circumstances, unknownHolds: boolean): boolean {
  const equals = atom.indexOf("=");
  if (equals >= 0) return comparisonHolds(atom.slice(0, equals), atom.slice(equals + 1), around, unknownHolds);
  if (around.meanings.has(atom)) return true;
  if (atom === "operand") return around.operands.length > 0;
  if (atom === "assignment") return around.operands.some(({ value }) => knownPrefix(value).includes("="));
  if (atom === "unknown") return around.operands.some(({ value }) => value.kind !== "text");
  if (atom === "operands") return around.operands.length > 1;
  return atom === "piped" && around.piped;
}

function comparisonHolds(name: string, wanted: string, around: Circumstances, unknownHolds: boolean): boolean {
  const onlyLast = wanted.startsWith("=");
  if (onlyLast) return comparisonOf(valuesOf(name, around).slice(-1), name, wanted.slice(1), unknownHolds);
  return comparisonOf(valuesOf(name, around), name, wanted, unknownHolds);
}

function valuesOf(name: string, around: Circumstances): readonly Argument[] {
  if (name === "operand") return around.operands;
  if (name === "first") return around.operands.slice(0, 1);
  if (name === "last") return around.operands.slice(-1);
  return around.options.filter((one) => one.means === name && !one.negated).flatMap((one) => one.values);
}

function comparisonOf(given: readonly Argument[], name: string, wanted: string, unknownHolds: boolean): boolean {
  return given.some(({ value }) => {
    if (value.kind === "text") return starMatches(wanted, value.text);
    if (!unknownHolds) return false;
    const prefix = knownPrefix(value);
    const star = wanted.indexOf("*");
    const start = star < 0 ? wanted : wanted.slice(0, star);
    return name !== "operand" && (start.startsWith(prefix) || prefix.startsWith(start));
  });
}
