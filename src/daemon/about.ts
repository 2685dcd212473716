// `authority.json`: which process is the authority, so that nobody else is ever ended in its place. Implements spec/backend.md 8.6.

import { rmSync } from "node:fs";
import { parseJson } from "../base/index.js";
import { readNoFollow, replaceDurably, SYSTEM_CLOCK } from "../store/index.js";
import type { ProcessIdentity } from "./process-identity.js";

export const ABOUT_SCHEMA = "cavra.authority.v1";

export interface About extends ProcessIdentity {
  readonly schema_version: typeof ABOUT_SCHEMA;
  readonly version: string;
  /** When it began to answer. */
  readonly started_at: string;
}

export function writeAbout(path: string, about: Omit<About, "schema_version">): void {
  replaceDurably(path, `${JSON.stringify({ schema_version: ABOUT_SCHEMA, ...about })}\n`, SYSTEM_CLOCK);
}

export function removeAbout(path: string): void {
  rmSync(path, { force: true });
}

/** Null where there is none, or what is there is not ours: then nobody is named. */
export function readAbout(path: string): About | null {
  const text = textOf(path);
  const read = text === null ? null : parseJson(text);
  if (read === null || !read.ok || typeof read.value !== "object" || read.value === null || Array.isArray(read.value)) return null;
  const value = read.value as Readonly<Record<string, unknown>>;
  const areTexts = ["process_start", "boot", "version", "started_at"].every((key) => typeof value[key] === "string");
  const isWhole = value.schema_version === ABOUT_SCHEMA && areTexts && Number.isSafeInteger(value.pid) && Number(value.pid) > 1;
  return isWhole ? (value as unknown as About) : null;
}

function textOf(path: string): string | null {
  try {
    return readNoFollow(path)?.text ?? null;
  } catch {
    return null;
  }
}
