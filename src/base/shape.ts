// The form of a closed JSON value as data: which keys, and what stands under each. No Go twin: only documents that one side reads are checked by it.
// A form is written once, beside the interface that it guards; what it cannot say (an order, a sum) is said in code behind it.

import type { JsonObject, JsonValue } from "./canonical-json.js";
import { isDigest } from "./digest.js";
import { parseTime } from "./time.js";

/**
 * `text` any; `digest` `sha256:…`; `digest?` that or ""; `time` as record.md 3.2; `time?` that or ""; `count` a whole number from 0; `number` from −1;
 * `flag` true or false; `$oneOf` one of these texts; `$orNull` that or null; `[shape]` a list of them; an object: exactly these keys, of which one that
 * is written with a `?` at its end may be missing.
 */
export type Shape =
  | "text"
  | "digest"
  | "digest?"
  | "time"
  | "time?"
  | "count"
  | "number"
  | "flag"
  | { readonly $oneOf: readonly string[] }
  | { readonly $orNull: Shape }
  | readonly [Shape]
  | { readonly [key: string]: Shape };

/** "" where the value has the form, else where it first has not: `predicate.strata[3].cases`, or `$` for the whole. */
export function shapeFault(value: JsonValue | undefined, shape: Shape): string {
  const place = faultIn(value, shape);
  if (place === null || place === "") return place === null ? "" : "$";
  return place.startsWith(".") ? place.slice(1) : place;
}

/** Null for none; else the way to it, which is put together on the way back alone: a drill has thousands of items that are well. */
function faultIn(value: JsonValue | undefined, shape: Shape): string | null {
  if (typeof shape === "string") return isOf(value, shape) ? null : "";
  if (Array.isArray(shape)) return itemFaultIn(value, shape[0] as Shape);
  if (isChoice(shape)) return typeof value === "string" && shape.$oneOf.includes(value) ? null : "";
  if (isNullable(shape)) return value === null ? null : faultIn(value, shape.$orNull);
  if (typeof value !== "object" || value === null || Array.isArray(value)) return "";
  return memberFaultIn(value as JsonObject, shape as { readonly [key: string]: Shape });
}

function itemFaultIn(value: JsonValue | undefined, shape: Shape): string | null {
  if (!Array.isArray(value)) return "";
  for (let i = 0; i < value.length; i++) {
    const place = faultIn(value[i], shape);
    if (place !== null) return `[${i}]${place}`;
  }
  return null;
}

function memberFaultIn(members: JsonObject, shape: { readonly [key: string]: Shape }): string | null {
  for (const key of Object.keys(members)) if (!Object.hasOwn(shape, key) && !Object.hasOwn(shape, `${key}?`)) return `.${key}`;
  for (const name of Object.keys(shape)) {
    const key = name.endsWith("?") ? name.slice(0, -1) : name;
    if (!Object.hasOwn(members, key)) {
      if (key === name) return `.${key}`;
      continue;
    }
    const place = faultIn(members[key], shape[name] ?? "text");
    if (place !== null) return `.${key}${place}`;
  }
  return null;
}

function isChoice(shape: object): shape is { readonly $oneOf: readonly string[] } {
  return Object.hasOwn(shape, "$oneOf");
}

function isNullable(shape: object): shape is { readonly $orNull: Shape } {
  return Object.hasOwn(shape, "$orNull");
}

function isOf(value: JsonValue | undefined, kind: Exclude<Shape, object>): boolean {
  if (kind === "flag") return typeof value === "boolean";
  if (kind === "count" || kind === "number") return Number.isSafeInteger(value) && (value as number) >= (kind === "count" ? 0 : -1);
  if (typeof value !== "string") return false;
  if (kind === "text" || (value === "" && kind.endsWith("?"))) return true;
  return kind.startsWith("digest") ? isDigest(value) : parseTime(value).ok;
}
