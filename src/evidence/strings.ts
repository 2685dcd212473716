// Every string of a value, in canonical order with its JSON pointer where it is changed. Implements spec/redaction.md section 1.
// Twin of go/evidence/strings.go.

import { escapePointer } from "../base/index.js";

/** The same value with each string changed. The order is the canonical one: keys sorted, arrays as they are. */
export function mapStrings<T>(value: T, path: string, change: (text: string, path: string) => string): T {
  return mapped(value, path, change) as T;
}

function mapped(value: unknown, path: string, change: (text: string, path: string) => string): unknown {
  if (typeof value === "string") return change(value, path);
  if (Array.isArray(value)) return value.map((item, index) => mapped(item, `${path}/${index}`, change));
  if (typeof value !== "object" || value === null) return value;
  const members = value as Readonly<Record<string, unknown>>;
  const copy: Record<string, unknown> = {};
  for (const key of Object.keys(members).sort()) copy[key] = mapped(members[key], `${path}/${escapePointer(key)}`, change);
  return copy;
}

/** True when the test holds for every string of the value. */
export function everyString(value: unknown, test: (text: string) => boolean): boolean {
  if (typeof value === "string") return test(value);
  if (typeof value !== "object" || value === null) return true;
  for (const item of Object.values(value)) if (!everyString(item, test)) return false;
  return true;
}
