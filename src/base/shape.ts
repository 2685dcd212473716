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
export function shapeFault(value: JsonValue | undefined, shape: Shape, at = "$"): string {
  if (typeof shape === "string") return isOf(value, shape) ? "" : at;
  if (isChoice(shape)) return typeof value === "string" && shape.$oneOf.includes(value) ? "" : at;
  if (isNullable(shape)) return value === null ? "" : shapeFault(value, shape.$orNull, at);
  if (Array.isArray(shape)) {
    if (!Array.isArray(value)) return at;
    return first((value as readonly JsonValue[]).map((item, i) => () => shapeFault(item, shape[0] as Shape, `${at}[${i}]`)));
  }
  if (typeof value !== "object" || value === null || Array.isArray(value)) return at;
  return membersFault(value as JsonObject, shape as { readonly [key: string]: Shape }, at);
}

function membersFault(members: JsonObject, shape: { readonly [key: string]: Shape }, at: string): string {
  const extra = Object.keys(members).find((key) => !Object.hasOwn(shape, key) && !Object.hasOwn(shape, `${key}?`));
  if (extra !== undefined) return `${at}.${extra}`;
  return first(
    Object.entries(shape).map(([name, inner]) => () => {
      const key = name.endsWith("?") ? name.slice(0, -1) : name;
      const place = at === "$" ? key : `${at}.${key}`;
      if (!Object.hasOwn(members, key)) return key === name ? place : "";
      return shapeFault(members[key], inner, place);
    }),
  );
}

function isChoice(shape: object): shape is { readonly $oneOf: readonly string[] } {
  return Object.hasOwn(shape, "$oneOf");
}

function isNullable(shape: object): shape is { readonly $orNull: Shape } {
  return Object.hasOwn(shape, "$orNull");
}

function first(faults: readonly (() => string)[]): string {
  for (const fault of faults) {
    const found = fault();
    if (found !== "") return found;
  }
  return "";
}

function isOf(value: JsonValue | undefined, kind: Exclude<Shape, object>): boolean {
  if (kind === "flag") return typeof value === "boolean";
  if (kind === "count" || kind === "number") return Number.isSafeInteger(value) && (value as number) >= (kind === "count" ? 0 : -1);
  if (typeof value !== "string") return false;
  if (kind === "text" || (value === "" && kind.endsWith("?"))) return true;
  return kind.startsWith("digest") ? isDigest(value) : parseTime(value).ok;
}
