// The order in which problems of packs are told. Implements spec/policy.md 2.2.

import { compareBytes, type Problem } from "../base/index.js";

export const MAX_PROBLEMS = 50;

/** By file, line and column, at most MAX_PROBLEMS. */
export function inOrder(problems: readonly Problem[]): readonly Problem[] {
  return [...problems].sort(byPlace).slice(0, MAX_PROBLEMS);
}

// What is missing is often only misspelt, so it comes last: one problem is shown first, and it should be the cause.
function byPlace(left: Problem, right: Problem): number {
  const [a, b] = [placeOf(left), placeOf(right)];
  const missing = Number(left.code === "missing_key") - Number(right.code === "missing_key");
  return compareBytes(a.file, b.file) || missing || a.line - b.line || a.column - b.column || compareBytes(left.code, right.code);
}

/** `file:line:column`; the file's name may hold colons of its own. What has no place comes first. */
function placeOf({ at = "" }: Problem): { readonly file: string; readonly line: number; readonly column: number } {
  const parts = at.split(":");
  const [line, column] = parts.slice(-2).map(Number);
  if (parts.length < 3 || line === undefined || column === undefined || !Number.isInteger(line) || !Number.isInteger(column))
    return { file: at, line: 0, column: 0 };
  return { file: parts.slice(0, -2).join(":"), line, column };
}
