// Reads values of a known shape out of a YAML tree, collecting every problem with its place. Implements spec/policy.md section 2.2.
// A reader always gives a value, so that one mistake does not hide the next; the pack is used only when no problem was collected.

import { type Problem, parseTime } from "../base/index.js";
import { MAX_PROBLEMS } from "./problems.js";
import { suggest } from "./suggest.js";
import type { Tree } from "./yaml-tree.js";

/** Where problems are collected; `path` says in which part of the pack we are (`rules[3].match`). */
export interface Place {
  readonly problems: Problem[];
  readonly file: string;
  readonly path: string;
}

export function report(place: Place, at: string, code: string, message: string, hint?: string): void {
  if (place.problems.length >= MAX_PROBLEMS) return;
  place.problems.push({ code, message, at: `${place.file}:${at}`, ...(hint === undefined ? {} : { hint }) });
}

export function inside(place: Place, part: string): Place {
  const path = place.path === "" || part.startsWith("[") ? `${place.path}${part}` : `${place.path}.${part}`;
  return { ...place, path };
}

/** A mapping whose keys are all known. */
export interface Fields {
  readonly at: string;
  readonly place: Place;
  readonly get: (key: string) => Tree | null;
}

export function mapping(tree: Tree, known: readonly string[], place: Place): Fields {
  const entries = new Map<string, Tree>();
  if (tree.kind !== "mapping") wrongType(tree, "a mapping", place);
  else {
    for (const entry of tree.entries) {
      if (known.includes(entry.key)) entries.set(entry.key, entry.value);
      else unknownWord(entry.key, known, entry.at, "unknown_key", `unknown key \`${entry.key}\`${where(place)}`, place);
    }
  }
  return { at: tree.at, place, get: (key) => entries.get(key) ?? null };
}

function where(place: Place): string {
  return place.path === "" ? "" : ` in \`${place.path}\``;
}

function unknownWord(word: string, known: readonly string[], at: string, code: string, message: string, place: Place): void {
  const near = suggest(word, known);
  report(place, at, code, message, near === "" ? `known here: ${known.join(", ")}` : `did you mean \`${near}\`?`);
}

export function wrongType(tree: Tree, wanted: string, place: Place): void {
  const hint = tree.kind === "number" && wanted.includes("text") ? `put it in quotes: "${tree.source}"` : undefined;
  report(place, tree.at, "wrong_type", `\`${place.path || "the pack"}\` must be ${wanted}, not ${NOUNS[tree.kind]}`, hint);
}

const NOUNS: Readonly<Record<Tree["kind"], string>> = {
  mapping: "a mapping",
  list: "a list",
  text: "text",
  flag: "true or false",
  number: "a number",
  nothing: "nothing",
};

export function missing(fields: Fields, key: string): void {
  report(fields.place, fields.at, "missing_key", `\`${key}\` is missing${where(fields.place)}`);
}

/** Of one text in a pack, in UTF-8 bytes. */
export const MAX_TEXT_BYTES = 2000;

export function text(tree: Tree, place: Place): string {
  if (tree.kind !== "text") {
    wrongType(tree, "text", place);
    return "";
  }
  if (Buffer.byteLength(tree.text) > MAX_TEXT_BYTES)
    report(place, tree.at, "too_long", `\`${place.path}\` is longer than ${MAX_TEXT_BYTES} bytes`);
  if (tree.text.trim() === "") report(place, tree.at, "empty_text", `\`${place.path}\` is empty`);
  return tree.text;
}

export function flag(tree: Tree, place: Place): boolean {
  if (tree.kind === "flag") return tree.value;
  wrongType(tree, "true or false", place);
  return false;
}

export function count(tree: Tree, place: Place): number {
  if (tree.kind === "number" && Number.isInteger(tree.value) && tree.value >= 1 && tree.value <= 100) return tree.value;
  if (tree.kind === "number") report(place, tree.at, "wrong_value", `\`${place.path}\` must be a whole number from 1 to 100`);
  else wrongType(tree, "a number", place);
  return 1;
}

export function word<T extends string>(tree: Tree, known: readonly T[], place: Place): T | null {
  if (tree.kind !== "text") {
    wrongType(tree, `one of ${known.join(", ")} (as text)`, place);
    return null;
  }
  const found = known.find((one) => one === tree.text);
  if (found === undefined)
    unknownWord(tree.text, known, tree.at, "unknown_value", `\`${tree.text}\` is no value of \`${place.path}\``, place);
  return found ?? null;
}

/** `2027-01-31T00:00:00Z`: one form, so that moments compare as bytes. */
export function moment(tree: Tree, place: Place): string {
  const written = text(tree, place);
  const form = "0000-00-00T00:00:00Z";
  const fits =
    written.length === form.length &&
    Array.from(form).every((char, i) => (char === "0" ? (written[i] ?? "") >= "0" && (written[i] ?? "") <= "9" : written[i] === char));
  // A day that no calendar has would never come, and an exception that ends on it might never end.
  if (written !== "" && !(fits && parseTime(`${written.slice(0, -1)}.000Z`).ok))
    report(place, tree.at, "wrong_value", `\`${written}\` is no moment in UTC`, "write it like 2027-01-31T00:00:00Z");
  return written;
}

/** A list, or one item that stands for a list of one. */
export function listOf<T>(tree: Tree, place: Place, read: (item: Tree, place: Place) => T | null, most: number): readonly T[] {
  const items = tree.kind === "list" ? tree.items : [tree];
  if (tree.kind === "list" && items.length === 0) report(place, tree.at, "empty_list", `\`${place.path}\` is an empty list`);
  refuseExcess(items.length, most, tree.at, place);
  return items.slice(0, most).flatMap((item, i) => {
    const value = read(item, tree.kind === "list" ? inside(place, `[${i}]`) : place);
    return value === null ? [] : [value];
  });
}

export function refuseExcess(count: number, most: number, at: string, place: Place): void {
  if (count > most) report(place, at, "too_many", `\`${place.path}\` has more than ${most} items`);
}

export function strictList<T>(tree: Tree, place: Place, read: (item: Tree, place: Place) => T | null, most: number): readonly T[] {
  if (tree.kind === "list") return tree.items.length === 0 ? [] : listOf(tree, place, read, most);
  wrongType(tree, "a list", place);
  return [];
}
