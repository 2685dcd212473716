// Reads closed JSON objects and keeps the first thing that is wrong with them. Implements the forms of spec/notices.md sections 2 and 3.
// A reader always gives a value, so that one function reads one object; nothing of it is used when a fault was found.

import { type JsonObject, type JsonValue, parseTime } from "../base/index.js";

/** The first fault, "" while there is none: a sentence that begins with the place (`route.routes[2].owner is no name`). */
export interface Reading {
  fault: string;
}

export function blame(reading: Reading, fault: string): void {
  if (reading.fault === "") reading.fault = fault;
}

/** Keys of one object: those that must be there, and those that may. */
export interface Keys {
  readonly required: readonly string[];
  readonly optional?: readonly string[];
}

const NOTHING: JsonObject = {};

export function objectAt(reading: Reading, value: JsonValue | undefined, at: string, { required, optional = [] }: Keys): JsonObject {
  if (!isObject(value)) {
    blame(reading, `${at} is no object`);
    return NOTHING;
  }
  const missing = required.find((key) => !Object.hasOwn(value, key));
  if (missing !== undefined) blame(reading, `${at}.${missing} is missing`);
  const unknown = Object.keys(value).find((key) => !required.includes(key) && !optional.includes(key));
  if (unknown !== undefined) blame(reading, `${at} has a key \`${unknown.slice(0, 40)}\` that is not known`);
  return value;
}

export function isObject(value: JsonValue | undefined): value is JsonObject {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

export function listAt<T>(
  reading: Reading,
  value: JsonValue | undefined,
  at: string,
  { least, most }: { readonly least: number; readonly most: number },
  read: (item: JsonValue, at: string) => T,
): readonly T[] {
  if (!Array.isArray(value) || value.length < least || value.length > most) {
    blame(reading, `${at} is no list of ${least} to ${most}`);
    return [];
  }
  return (value as readonly JsonValue[]).map((item, i) => read(item, `${at}[${i}]`));
}

export function wholeAt(reading: Reading, value: JsonValue | undefined, at: string, least: number, most: number): number {
  if (typeof value === "number" && Number.isInteger(value) && value >= least && value <= most) return value;
  blame(reading, `${at} is no whole number from ${least} to ${most}`);
  return least;
}

export function flagAt(reading: Reading, value: JsonValue | undefined, at: string): boolean {
  if (typeof value === "boolean") return value;
  blame(reading, `${at} is neither true nor false`);
  return false;
}

/** Of names, in bytes; they are ASCII. */
export const NAME_BYTES = 64;

export function isName(text: string): boolean {
  if (text.length < 1 || text.length > NAME_BYTES || ".-_".includes(text.charAt(0))) return false;
  return Array.from(text).every(
    (char) => (char >= "a" && char <= "z") || (char >= "A" && char <= "Z") || (char >= "0" && char <= "9") || ".-_".includes(char),
  );
}

export function nameAt(reading: Reading, value: JsonValue | undefined, at: string): string {
  if (typeof value === "string" && isName(value)) return value;
  blame(reading, `${at} is no name`);
  return "";
}

/** Of every other text, in UTF-8 bytes. */
export const TEXT_BYTES = 200;

export function textAt(reading: Reading, value: JsonValue | undefined, at: string): string {
  if (typeof value === "string" && value !== "" && Buffer.byteLength(value) <= TEXT_BYTES && !hasControl(value)) return value;
  blame(reading, `${at} is no text of 1 to ${TEXT_BYTES} bytes`);
  return "";
}

function hasControl(text: string): boolean {
  return Array.from(text).some((char) => char < " " || (char >= "\u007f" && char < "\u00a0"));
}

export function wordAt<T extends string>(reading: Reading, value: JsonValue | undefined, at: string, words: readonly T[]): T {
  const found = words.find((word) => word === value);
  if (found === undefined) blame(reading, `${at} is none of ${words.join(", ")}`);
  return found ?? (words[0] as T);
}

/** A time, or "". */
export function momentAt(reading: Reading, value: JsonValue | undefined, at: string): string {
  if (typeof value === "string" && (value === "" || parseTime(value).ok)) return value;
  blame(reading, `${at} is neither a time like \`2026-11-03T12:34:56.789Z\` nor empty`);
  return "";
}
