// What a person set on this host beside its policy: observing, and exceptions with an end. Implements spec/policy.md 2.9.
// They are one file in the configuration folder, never in a workspace, and become a pack that is laid over the host's: part of the policy in force.

import { closeSync, constants, fsyncSync, mkdirSync, openSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { CavraError, type JsonObject, type JsonValue, ok, type Problem, parseJson, type Result } from "../base/index.js";
import { configDir } from "../store/index.js";
import { HOST_SETTINGS, optionalSource } from "./policy-in-force.js";

export const SETTINGS_SCHEMA = "cavra.host-settings.v1";
/** Exceptions that one host may have at a time. */
export const MAX_HOST_EXCEPTIONS = 500;

export interface HostException {
  readonly id: string;
  readonly rule: string;
  /** Clauses as a pack writes them. */
  readonly match: readonly JsonObject[];
  readonly reason: string;
  /** `YYYY-MM-DDTHH:MM:SSZ`. */
  readonly until: string;
  /** The decision that it was made from, and the record of its making. */
  readonly decision_id: string;
  readonly record_id: string;
}

export interface Observing {
  readonly since: string;
  readonly reason: string;
  readonly record_id: string;
}

export interface HostSettings {
  readonly schema_version: typeof SETTINGS_SCHEMA;
  readonly observe: Observing | null;
  readonly exceptions: readonly HostException[];
}

type Environment = Readonly<Record<string, string | undefined>>;

export const NO_SETTINGS: HostSettings = { schema_version: SETTINGS_SCHEMA, observe: null, exceptions: [] };

export function settingsFile(env: Environment): string {
  return join(configDir(env), HOST_SETTINGS);
}

/** The settings of this host; none where there is no file. Throws CavraError `policy_unreadable`, `settings_damaged`. */
export function readHostSettings(env: Environment): HostSettings {
  const path = settingsFile(env);
  const source = optionalSource(path);
  if (source === null) return NO_SETTINGS;
  const read = parseSettings(source.text);
  if (read.ok) return read.value;
  throw new CavraError(read.problem.code, `${path}: ${read.problem.message}`, { hint: read.problem.hint ?? "" });
}

/** How long one process waits for another one's change, in milliseconds. */
export const SETTINGS_LOCK_MS = 10_000;

/**
 * Changes the settings as they stand now, whole or not at all, while nobody else does: the lock is the draft, and takes the file's place in one step.
 * Throws what readHostSettings throws, `settings_locked`, `too_many`, and what `change` throws; then nothing was changed.
 */
export function changeHostSettings(env: Environment, change: (settings: HostSettings) => HostSettings): void {
  const path = settingsFile(env);
  mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
  const lock = `${path}.lock`;
  const handle = openLock(lock);
  try {
    const settings = change(readHostSettings(env));
    // Two who each had room for one more must not make a file together that nobody reads.
    if (settings.exceptions.length > MAX_HOST_EXCEPTIONS) throw tooMany();
    writeFileSync(handle, settingsText(settings));
    // On the disk before it counts: what a person takes back must not come again after a loss of power.
    fsyncSync(handle);
    renameSync(lock, path);
  } catch (error) {
    rmSync(lock, { force: true });
    throw error;
  } finally {
    closeSync(handle);
  }
}

function tooMany(): CavraError {
  return new CavraError("too_many", `this host has ${MAX_HOST_EXCEPTIONS} exceptions, and may not have more`, {
    hint: "run `cavra allow --list`",
  });
}

const LOCK_LOOK_MS = 20;

// A lock whose process was killed stays. The temptation is to take it away after a while; two who do so at once would take away each other's.
function openLock(lock: string): number {
  for (let waitedMs = 0; ; waitedMs += LOCK_LOOK_MS) {
    try {
      return openSync(lock, constants.O_CREAT | constants.O_EXCL | constants.O_WRONLY, 0o600);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== "EEXIST") throw error;
    }
    if (waitedMs >= SETTINGS_LOCK_MS)
      throw new CavraError("settings_locked", "another process changes the host's settings", {
        hint: `try again; if no other \`cavra\` runs, remove \`${lock}\` first`,
      });
    pause(LOCK_LOOK_MS);
  }
}

function pause(lengthMs: number): void {
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, lengthMs);
}

export function settingsText(settings: HostSettings): string {
  return `${JSON.stringify(settings, null, 2)}\n`;
}

/** What the file says. Problem: `settings_damaged`. */
export function parseSettings(text: string): Result<HostSettings> {
  const parsed = parseJson(Buffer.from(text));
  if (!parsed.ok) return damaged(parsed.problem.message);
  const { schema_version, observe, exceptions, ...rest } = asObject(parsed.value);
  if (schema_version !== SETTINGS_SCHEMA) return damaged(`it is not of the schema \`${SETTINGS_SCHEMA}\``);
  if (Object.keys(rest).length > 0) return damaged(`it has a key \`${Object.keys(rest)[0]}\` that nobody knows`);
  if (observe !== null && !hasTexts(observe, OBSERVE_KEYS)) return damaged("`observe` is not as it is written");
  if (!Array.isArray(exceptions) || exceptions.length > MAX_HOST_EXCEPTIONS) return damaged("`exceptions` is no list, or too long");
  if (!exceptions.every(isException)) return damaged("an exception is not as it is written");
  // Shapes were checked above, key by key.
  return ok(parsed.value as unknown as HostSettings);
}

const OBSERVE_KEYS = ["since", "reason", "record_id"];
const EXCEPTION_KEYS = ["id", "rule", "reason", "until", "decision_id", "record_id"];

function isException(value: JsonValue): boolean {
  const { match, ...texts } = asObject(value);
  return Array.isArray(match) && match.length > 0 && match.every((clause) => isObject(clause)) && hasTexts(texts, EXCEPTION_KEYS);
}

/** Exactly these keys, each a text. */
function hasTexts(value: JsonValue | undefined, keys: readonly string[]): boolean {
  if (!isObject(value)) return false;
  return Object.keys(value).length === keys.length && keys.every((key) => Object.hasOwn(value, key) && typeof value[key] === "string");
}

function asObject(value: JsonValue): JsonObject {
  return isObject(value) ? value : {};
}

function isObject(value: JsonValue | undefined): value is JsonObject {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function damaged(why: string): Result<never> {
  const problem: Problem = {
    code: "settings_damaged",
    message: `the host's settings cannot be read: ${why}`,
    hint: "mend the file, or move it away: then nothing is observed and no exception holds",
  };
  return { ok: false, problem };
}
