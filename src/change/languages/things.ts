// What an expression is known to be: values, lists, names of functions, paths, files. Implements spec/languages.md section 5.
// Twin of go/change/languages/things.go.
// Nothing here guesses: what is not known is UNKNOWN, and what was made by decoding something unknown stays HIDDEN through every operation.

import { text as known, type Value } from "../values.js";

export type Thing =
  | { readonly kind: "value"; readonly value: Value }
  /** A text that was made by a decoding function from something unknown. */
  | { readonly kind: "hidden" }
  | { readonly kind: "number"; readonly number: number }
  | { readonly kind: "list"; readonly items: readonly Thing[] }
  /** One of these, nobody knows which. */
  | { readonly kind: "choice"; readonly items: readonly Thing[] }
  /** A module, function or global by its full name. */
  | { readonly kind: "name"; readonly name: string }
  /** Something with methods: a path, an open file, what a file contains. */
  | { readonly kind: "object"; readonly type: string; readonly of: Thing }
  | { readonly kind: "method"; readonly self: Thing; readonly name: string }
  /** A mapping written out: options of a call, environment of a process. */
  | { readonly kind: "record"; readonly entries: ReadonlyMap<string, Thing> }
  /** Nothing that could be a path or code: true, None, a function written here. */
  | { readonly kind: "plain" };

export const UNKNOWN: Thing = { kind: "value", value: { kind: "unknown", prefix: "", many: false } };
/** Any number of things that nobody knows. */
export const UNKNOWN_MANY: Thing = { kind: "value", value: { kind: "unknown", prefix: "", many: true } };
export const HIDDEN: Thing = { kind: "hidden" };
export const PLAIN: Thing = { kind: "plain" };

/** Alternatives and list items that are kept; more of them are unknown. */
export const MAX_ITEMS = 256;
export const MAX_CHOICES = 32;
/** Longest text that folding makes, in UTF-16 units. */
export const MAX_FOLDED = 16_384;

export function textThing(text: string): Thing {
  return text.length > MAX_FOLDED ? HIDDEN : { kind: "value", value: known(text) };
}

export function numberThing(number: number): Thing {
  return { kind: "number", number };
}

export function listThing(items: readonly Thing[]): Thing {
  return items.length > MAX_ITEMS ? UNKNOWN : { kind: "list", items };
}

/** One of the things; a single one is itself, too many are unknown. */
export function choiceThing(things: readonly Thing[]): Thing {
  const flat = things.flatMap((thing) => (thing.kind === "choice" ? thing.items : [thing]));
  if (flat.length === 0 || flat.length > MAX_CHOICES) return UNKNOWN;
  const [first] = flat;
  return flat.length === 1 && first !== undefined ? first : { kind: "choice", items: flat };
}

/** The text of a thing where it is fixed, else null. */
export function textOf(thing: Thing): string | null {
  if (thing.kind === "value") return thing.value.kind === "text" ? thing.value.text : null;
  if (thing.kind === "number") return String(thing.number);
  return thing.kind === "object" && thing.type === "path" ? textOf(thing.of) : null;
}

/** What a thing is as a word or a path. `hidden` and everything without a text form are unknown; ask `isHidden` first. */
export function toValue(thing: Thing): Value {
  switch (thing.kind) {
    case "value":
      return thing.value;
    case "number":
      return known(String(thing.number));
    case "object":
      return thing.type === "path" || thing.type === "text" ? toValue(thing.of) : { kind: "unknown", prefix: "", many: false };
    default:
      return { kind: "unknown", prefix: "", many: false };
  }
}

export function isHidden(thing: Thing): boolean {
  if (thing.kind === "hidden") return true;
  if (thing.kind === "object") return isHidden(thing.of);
  return thing.kind === "choice" && thing.items.some(isHidden);
}

/** Every thing that it may be. */
export function alternatives(thing: Thing): readonly Thing[] {
  return thing.kind === "choice" ? thing.items : [thing];
}

/** What a thing may be where something is put behind it: a list goes on, and a text perhaps. */
export function grownThing(thing: Thing): Thing {
  if (thing.kind === "choice") return choiceThing(thing.items.map(grownThing));
  if (thing.kind === "list") return listThing([...thing.items, UNKNOWN_MANY]);
  return thing.kind === "value" ? choiceThing([thing, concat(thing, UNKNOWN)]) : changedThing(thing);
}

/** What a thing may be where it is changed: itself, or nobody knows what. What cannot be changed (a module, a path) stays what it is. */
export function changedThing(thing: Thing): Thing {
  if (thing.kind === "record")
    return { kind: "record", entries: new Map([...thing.entries].map(([key, one]) => [key, changedThing(one)])) };
  if (thing.kind === "choice") return thing.items.some(isChangeable) ? choiceThing([...thing.items, UNKNOWN]) : thing;
  return isChangeable(thing) ? choiceThing([thing, UNKNOWN]) : thing;
}

function isChangeable(thing: Thing): boolean {
  return thing.kind === "value" || thing.kind === "number" || thing.kind === "list";
}

/** The items of a list, or of one that is perhaps another: then any item may be unknown, and any number may follow. Null for all else. */
export function itemsPerhaps(thing: Thing): readonly Thing[] | null {
  if (thing.kind === "list") return thing.items;
  if (thing.kind !== "choice") return null;
  const lists = thing.items.flatMap((one) => (one.kind === "list" ? [one.items] : []));
  const length = Math.max(0, ...lists.map((items) => items.length));
  if (lists.length === 0) return null;
  const items = Array.from({ length }, (_, at) => choiceThing([...lists.flatMap((one) => one[at] ?? []), UNKNOWN]));
  return [...items, UNKNOWN_MANY];
}

/** The text of `left` followed by the text of `right`. */
export function concat(left: Thing, right: Thing): Thing {
  if (left.kind === "list" && right.kind === "list") return listThing([...left.items, ...right.items]);
  if (isHidden(left) || isHidden(right)) return HIDDEN;
  if (left.kind === "choice" || right.kind === "choice") {
    return choiceThing(alternatives(left).flatMap((one) => alternatives(right).map((other) => concat(one, other))));
  }
  const a = toValue(left);
  const b = toValue(right);
  if (a.kind === "unknown") return { kind: "value", value: { kind: "unknown", prefix: a.prefix, many: false } };
  if (a.kind === "text" && b.kind === "text") return textThing(a.text + b.text);
  if (b.kind === "unknown") {
    const prefix = a.kind === "text" ? a.text + b.prefix : "";
    return { kind: "value", value: { kind: "unknown", prefix, many: false } };
  }
  return { kind: "value", value: { kind: "pattern", glob: globOf(a) + globOf(b) } };
}

function globOf(value: Value): string {
  return value.kind === "text" ? escapeGlob(value.text) : value.kind === "pattern" ? value.glob : "**";
}

export function escapeGlob(text: string): string {
  let out = "";
  for (const char of text) out += "*?[]\\{}".includes(char) ? `\\${char}` : char;
  return out;
}

/** A path below a folder; an absolute second part replaces the first. */
export function joinPaths(base: Thing, below: Thing): Thing {
  const after = textOf(below);
  if (after?.startsWith("/")) return below;
  const before = textOf(base);
  if (before === "" || (before === null && toValue(base).kind === "unknown" && isPlainUnknown(base)))
    return before === "" ? below : UNKNOWN;
  return concat(before?.endsWith("/") ? base : concat(asText(base), textThing("/")), below);
}

function asText(thing: Thing): Thing {
  return thing.kind === "object" ? thing.of : thing;
}

function isPlainUnknown(thing: Thing): boolean {
  const value = toValue(thing);
  return value.kind === "unknown" && value.prefix === "" && !isHidden(thing);
}

/** What stands at a place of a list, counted from the end when negative. */
export function itemAt(thing: Thing, index: number): Thing {
  if (thing.kind === "list") return thing.items.at(index) ?? UNKNOWN;
  const text = textOf(thing);
  if (text !== null) return text.length > MAX_FOLDED ? HIDDEN : textThing(characterAt(text, index));
  return thing.kind === "hidden" ? HIDDEN : UNKNOWN;
}

// The character at a place of a text, "" where there is none. The temptation is `text.at(index)`, which gives half of a character.
function characterAt(text: string, index: number): string {
  if (index < -text.length || index >= text.length) return "";
  for (let at = 0; at < text.length; at++) if (text.charCodeAt(at) > 0x7f) return [...text].at(index) ?? "";
  return text.at(index) ?? "";
}
