// Objects with a closed set of keys, as the documents of trust.md and evidence.md are.

import type { JsonObject, JsonValue } from "../../base/index.js";

/** True for an object with exactly these keys, given in byte order. */
export function isObjectOf(value: JsonValue | undefined, keys: readonly string[]): value is JsonObject {
  if (typeof value !== "object" || value === null || Array.isArray(value)) return false;
  const has = Object.keys(value).sort();
  return has.length === keys.length && has.every((key, i) => key === keys[i]);
}
