// Configuration that a command line injects into git: `-c`, `--config-env` and the GIT_CONFIG variables. Implements spec/git.md section 6.
// Twin of go/change/programs/git_config.go.
// Later entries win, as in git: GIT_CONFIG_COUNT, then GIT_CONFIG_PARAMETERS, then the options in order.

import { foldAscii } from "../../base/glob.js";
import type { Span } from "../../base/span.js";
import type { CutLine } from "../catalogue/command-line.js";
import { dropPrefix, knownPrefix } from "../catalogue/value-parts.js";
import type { Call } from "../reading.js";
import { text, UNKNOWN_WORD, type Value } from "../values.js";

/** At most this many entries are read from one source; beyond, the configuration is unreadable. */
export const MAX_CONFIG_ENTRIES = 100;

export interface ConfigEntry {
  /** Section and name in lower case, sub-section as written; null when it cannot be known. */
  readonly key: string | null;
  /** null for a key without `=`, which git reads as true. */
  readonly value: Value | null;
  readonly span: Span;
}

export interface Injected {
  readonly entries: readonly ConfigEntry[];
  /** git would refuse to run with it: a bogus count, a missing value, a key without a section. */
  readonly unreadable: boolean;
}

export function injectedConfig(call: Call, globals: CutLine): Injected {
  const sources = [countedConfig(call), parameterConfig(call), optionConfig(call, globals)];
  return { entries: sources.flatMap((source) => source.entries), unreadable: sources.some((source) => source.unreadable) };
}

/** The last entry of the key; entries whose key is unknown are no match. */
export function lastEntry(entries: readonly ConfigEntry[], key: string): ConfigEntry | null {
  return entries.filter((entry) => entry.key === key).at(-1) ?? null;
}

/** `Section.Sub.Name` as `section.Sub.name`; null without a section and a name. */
export function normalKey(written: string): string | null {
  const first = written.indexOf(".");
  const last = written.lastIndexOf(".");
  if (first <= 0 || last === written.length - 1) return null;
  return foldAscii(written.slice(0, first)) + written.slice(first, last) + foldAscii(written.slice(last));
}

const NONE: Injected = { entries: [], unreadable: false };
const UNREADABLE: Injected = { entries: [], unreadable: true };

function countedConfig(call: Call): Injected {
  const count = call.environment.GIT_CONFIG_COUNT;
  if (count === undefined) return NONE;
  const pairs = count.kind === "text" ? readCount(count.text) : null;
  if (pairs === null) return UNREADABLE;
  const entries: ConfigEntry[] = [];
  for (let i = 0; i < pairs; i++) {
    const key = call.environment[`GIT_CONFIG_KEY_${i}`];
    const value = call.environment[`GIT_CONFIG_VALUE_${i}`];
    if (key === undefined || value === undefined) return { entries, unreadable: true };
    const name = key.kind === "text" ? normalKey(key.text) : null;
    if (key.kind === "text" && name === null) return { entries, unreadable: true };
    entries.push({ key: name, value, span: call.span });
  }
  return { entries, unreadable: false };
}

function readCount(written: string): number | null {
  if (written.length > 3) return null;
  let count = 0;
  for (const digit of written) {
    if (digit < "0" || digit > "9") return null;
    count = count * 10 + (digit.charCodeAt(0) - 48);
  }
  return count > MAX_CONFIG_ENTRIES ? null : count;
}

/** Entries quoted for the shell: `'key=value'` or `'key'='value'`, separated by blanks. */
function parameterConfig(call: Call): Injected {
  const parameters = call.environment.GIT_CONFIG_PARAMETERS;
  if (parameters === undefined) return NONE;
  if (parameters.kind !== "text") return UNREADABLE;
  const entries: ConfigEntry[] = [];
  let at = skipBlanks(parameters.text, 0);
  while (at < parameters.text.length) {
    const first = readQuoted(parameters.text, at);
    if (first === null || entries.length >= MAX_CONFIG_ENTRIES) return { entries, unreadable: true };
    const second = parameters.text.charAt(first.end) === "=" ? readQuoted(parameters.text, first.end + 1) : null;
    const isPair = parameters.text.charAt(first.end) === "=";
    const pair = isPair ? { key: first.text, value: text(second?.text ?? "") } : splitPair(text(first.text));
    const key = pair.key === null ? null : normalKey(pair.key);
    if (key === null) return { entries, unreadable: true };
    entries.push({ key, value: pair.value, span: call.span });
    at = second?.end ?? (isPair ? first.end + 1 : first.end);
    if (at < parameters.text.length && skipBlanks(parameters.text, at) === at) return { entries, unreadable: true };
    at = skipBlanks(parameters.text, at);
  }
  return { entries, unreadable: false };
}

interface Quoted {
  readonly text: string;
  readonly end: number;
}

/** `'…'`, in which `'\''` and `'\!'` stand for a quote and an exclamation mark. */
function readQuoted(source: string, start: number): Quoted | null {
  if (source.charAt(start) !== "'") return null;
  let content = "";
  let at = start + 1;
  for (;;) {
    const close = source.indexOf("'", at);
    if (close < 0) return null;
    content += source.slice(at, close);
    const escaped = source.charAt(close + 2);
    if (source.charAt(close + 1) !== "\\" || source.charAt(close + 3) !== "'" || (escaped !== "'" && escaped !== "!"))
      return { text: content, end: close + 1 };
    content += escaped;
    at = close + 4;
  }
}

/** Text quoted so that `readQuoted` gives it back. */
export function quoted(content: string): string {
  return `'${content.replaceAll("'", "'\\''").replaceAll("!", "'\\!'")}'`;
}

function skipBlanks(source: string, start: number): number {
  let at = start;
  while (source.charAt(at) === " " || source.charAt(at) === "\t" || source.charAt(at) === "\n") at += 1;
  return at;
}

function optionConfig(call: Call, globals: CutLine): Injected {
  const entries: ConfigEntry[] = [];
  let unreadable = false;
  for (const option of globals.options) {
    const given = option.values[0];
    if (given === undefined || (option.means !== "c" && option.means !== "config_env")) continue;
    if (entries.length >= MAX_CONFIG_ENTRIES) return { entries, unreadable: true };
    const pair = option.means === "c" ? splitPair(given.value) : variablePair(call, given.value);
    const key = pair.key === null ? null : normalKey(pair.key);
    if (pair.key !== null && key === null) unreadable = true;
    else entries.push({ key, value: pair.value, span: given.span });
  }
  return { entries, unreadable };
}

interface Pair {
  readonly key: string | null;
  readonly value: Value | null;
}

/** `key=value`; the key must be known text for the entry to have one. */
export function splitPair(written: Value): Pair {
  const prefix = knownPrefix(written);
  const equals = prefix.indexOf("=");
  if (equals >= 0) return { key: prefix.slice(0, equals), value: dropPrefix(written, equals + 1) };
  return written.kind === "text" ? { key: written.text, value: null } : { key: null, value: UNKNOWN_WORD };
}

/** `--config-env=key=VARIABLE`: the last `=` separates; the variable's value counts where the line tells it. */
function variablePair(call: Call, written: Value): Pair {
  const prefix = knownPrefix(written);
  const equals = written.kind === "text" ? prefix.lastIndexOf("=") : prefix.indexOf("=");
  if (equals < 0) return { key: written.kind === "text" ? prefix : null, value: UNKNOWN_WORD };
  const key = prefix.slice(0, equals);
  const name = written.kind === "text" ? prefix.slice(equals + 1) : "";
  const value = name !== "" && Object.hasOwn(call.environment, name) ? call.environment[name] : undefined;
  return { key, value: value ?? UNKNOWN_WORD };
}
