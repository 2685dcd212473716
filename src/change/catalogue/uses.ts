// Gives every word of a cut line its role: options by the catalogue, operands by filling the slots in order. Implements spec/catalogue.md sections 2.3, 2.4 and 8.2.
// Twin of go/change/catalogue/uses.go.

import { foldAscii } from "../../base/glob.js";
import { sortedByBytes } from "../../base/order.js";
import type { Argument } from "../values.js";
import type { CutLine, CutOption } from "./command-line.js";
import { applies, type Circumstances, extentOf } from "./conditions.js";

import type { Role, Slot } from "./model.js";
import { isOrdinary } from "./ordinary.js";
import { dropPrefix, knownPrefix } from "./value-parts.js";

/** One word in one role. */
export interface Use {
  readonly role: Role;
  readonly argument: Argument;
  /** The operands after it, for `command`, `shell_words` and `module`. */
  readonly following: readonly Argument[];
  readonly extent: "exact" | "tree" | "contents";
  readonly place: "same" | "child" | "elsewhere";
  /** Operands of one slot share it; options have none. */
  readonly from: "option" | "operand";
  /** The option's `inject`. */
  readonly inject?: readonly string[];
}

export function usesOf(line: CutLine, slots: readonly Slot[], around: Circumstances): readonly Use[] {
  return [...line.options.flatMap((one) => optionUses(one, line, around)), ...operandUses(line.operands, slots, around)];
}

function optionUses(one: CutOption, line: CutLine, around: Circumstances): readonly Use[] {
  const { option } = one;
  if (one.negated || one.values.length === 0 || !applies(option, around)) return NO_USES;
  const extent = extentOf(option.tree, around);
  const uses: Use[] = [];
  const add = (role: Role, argument: Argument): void => {
    const following = takesFollowing(role) ? line.operands.filter((_, i) => (line.operands_at[i] ?? 0) > one.at) : [];
    const use = { role, argument, following, extent, place: "child", from: "option" } as const;
    uses.push(option.inject === undefined ? use : { ...use, inject: option.inject });
  };
  for (const [i, argument] of one.values.entries()) {
    if (isOrdinary(argument.value, option.ordinary ?? [])) continue;
    if (option.keys !== undefined) for (const keyed of keyedUses(argument, option.keys)) add(keyed.role, keyed.argument);
    else if (option.roles?.[i] !== undefined && option.roles[i] !== "data") add(option.roles[i], argument);
  }
  return uses;
}

const NO_USES: readonly Use[] = [];

/** `key=value` or `key value`. A key that cannot be known may be any of the listed ones, in an order that does not hang on how the catalogue is written. */
function keyedUses(
  argument: Argument,
  keys: Readonly<Record<string, Role>>,
): readonly { readonly role: Role; readonly argument: Argument }[] {
  const prefix = knownPrefix(argument.value);
  const end = separatorOf(prefix);
  if (end < 0) {
    if (argument.value.kind === "text") return [];
    const possible = sortedByBytes(Object.keys(keys)).filter((key) => key.startsWith(foldAscii(prefix)));
    return possible.map((key) => ({
      role: keys[key] ?? "data",
      argument: { value: { kind: "unknown", prefix: "", many: false }, span: argument.span },
    }));
  }
  const key = foldAscii(prefix.slice(0, end));
  if (!Object.hasOwn(keys, key)) return [];
  return [{ role: keys[key] ?? "data", argument: { value: dropPrefix(argument.value, end + 1), span: argument.span } }];
}

function separatorOf(prefix: string): number {
  const equals = prefix.indexOf("=");
  const blank = prefix.indexOf(" ");
  if (equals < 0 || blank < 0) return Math.max(equals, blank);
  return Math.min(equals, blank);
}

function operandUses(operands: readonly Argument[], slots: readonly Slot[], around: Circumstances): readonly Use[] {
  const uses: Use[] = [];
  let left = operands;
  for (const slot of slots) {
    if (!applies(slot, around)) continue;
    const taken = takenBy(slot, left);
    const looksOnly = slot.take === "every" || slot.take === "last";
    const extent = extentOf(slot.tree, around);
    for (const [i, argument] of taken.entries()) {
      // Only for roles that ask for it: a copy of the rest for each of many operands would be quadratic.
      const after = slot.take === "last" || !takesFollowing(slot.role) ? [] : left.slice(i + 1);
      uses.push({ role: slot.role, argument, following: after, extent, place: slot.place ?? "child", from: "operand" });
      if (takesFollowing(slot.role)) break;
    }
    // A word that may be many words, or none, is everything from its slot on. `NAME=$x` is taken for one: nobody passes a command in it.
    const open = slot.take === "assignments" ? undefined : taken.find(isOpen);
    if (!looksOnly) left = left.slice(open === undefined ? taken.length : left.indexOf(open));
  }
  return uses;
}

function takesFollowing(role: Role): boolean {
  return role === "command" || role === "shell_words" || role === "module" || role.startsWith("words:");
}

function takenBy(slot: Slot, left: readonly Argument[]): readonly Argument[] {
  switch (slot.take) {
    case "one":
      return left.slice(0, 1);
    case "last":
      return left.slice(-1);
    case "all_but_last":
      return left.length <= 1 || isOpen(left.at(-1)) ? left : left.slice(0, -1);
    case "assignments": {
      const end = left.findIndex((argument) => !isAssignment(argument));
      return end < 0 ? left : left.slice(0, end);
    }
    default:
      return left;
  }
}

function isOpen(argument: Argument | undefined): boolean {
  return argument !== undefined && argument.value.kind === "unknown" && argument.value.many;
}

/** The programs that take assignments (env, sudo) accept any text before the `=`. */
export function isAssignment(argument: Argument): boolean {
  return knownPrefix(argument.value).indexOf("=") > 0;
}
