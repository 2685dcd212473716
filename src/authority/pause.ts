// A pause: for a while nothing is stopped but what nobody may except. Implements spec/agents.md section 5.
// It ends by itself, and by more than one clock: SECURITY: setting the wall clock back, or starting the machine again, must not prolong it.

import { mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { uptime } from "node:os";
import { join } from "node:path";
import { formatTime, isStricter, type JsonObject, type JsonValue, parseJson, parseTime, type Verdict } from "../base/index.js";
import type { Judgement, Rulebook } from "../policy/index.js";
import { ensurePrivateFolder, stateDir } from "../store/index.js";
import { readRegularFile } from "./regular-file.js";

export const PAUSE_SCHEMA = "cavra.pause.v1";
export const PAUSE_FILE = "pause.json";

/** The longest pause, in milliseconds: an hour. */
export const MAX_PAUSE_MS = 3_600_000;
/** The shortest: a minute. */
export const MIN_PAUSE_MS = 60_000;

/** Wall clock and the machine's own running time, with the boot that it counts from ("" where the system does not name it). */
export interface Moment {
  readonly nowMs: number;
  readonly uptimeMs: number;
  readonly boot: string;
}

export interface Pause {
  readonly schema_version: typeof PAUSE_SCHEMA;
  readonly record_id: string;
  readonly started_at: string;
  readonly ends_at: string;
  readonly boot: string;
  /** Of the machine's running time, in milliseconds. */
  readonly uptime_start: number;
  readonly uptime_end: number;
  readonly user: string;
  readonly reason: string;
}

type Environment = Readonly<Record<string, string | undefined>>;

export function momentNow(): Moment {
  return { nowMs: Date.now(), uptimeMs: Math.floor(uptime() * 1000), boot: bootId() };
}

export function newPause(from: Moment, forMs: number, more: Pick<Pause, "record_id" | "user" | "reason">): Pause {
  return {
    schema_version: PAUSE_SCHEMA,
    ...more,
    started_at: formatTime(from.nowMs),
    ends_at: formatTime(from.nowMs + forMs),
    boot: from.boot,
    uptime_start: from.uptimeMs,
    uptime_end: from.uptimeMs + forMs,
  };
}

/** The pause that holds now, or null. What cannot be read, or lasts longer than a pause may, is none: that is stricter. */
export function pauseInForce(env: Environment, at: () => Moment): Pause | null {
  const bytes = readRegularFile(join(stateDir(env), PAUSE_FILE), PAUSE_BYTES);
  const pause = bytes === null ? null : readPause(bytes);
  return pause !== null && holds(pause, at()) ? pause : null;
}

/** A pause file has a few hundred bytes. */
const PAUSE_BYTES = 16_384;

/** All of it must hold: the wall clock is between start and end, so is the machine's running time, and the machine was not started again. */
export function holds(pause: Pause, { nowMs, uptimeMs, boot }: Moment): boolean {
  const [start, end] = [parseTime(pause.started_at), parseTime(pause.ends_at)];
  if (!start.ok || !end.ok || pause.boot !== boot) return false;
  const isBounded = end.value - start.value <= MAX_PAUSE_MS && pause.uptime_end - pause.uptime_start <= MAX_PAUSE_MS;
  return isBounded && within(nowMs, start.value, end.value) && within(uptimeMs, pause.uptime_start, pause.uptime_end);
}

function within(moment: number, start: number, end: number): boolean {
  return moment >= start && moment < end;
}

export function writePause(env: Environment, pause: Pause): void {
  const state = stateDir(env);
  ensurePrivateFolder(state);
  mkdirSync(state, { recursive: true, mode: 0o700 });
  const path = join(state, PAUSE_FILE);
  const draft = `${path}.${process.pid}`;
  writeFileSync(draft, `${JSON.stringify(pause)}\n`, { mode: 0o600 });
  renameSync(draft, path);
}

export function endPause(env: Environment): void {
  rmSync(join(stateDir(env), PAUSE_FILE), { force: true });
}

/** What is answered under a pause: what would be stopped is a warning, but for a deny by a rule that nobody may except, or by the registry of MCP servers. */
export function paused(judgement: Judgement, rulebook: Pick<Rulebook, "rules">): Verdict {
  if (!isStricter(judgement.verdict, "warn")) return judgement.verdict;
  const never = new Set(rulebook.rules.filter(({ overridable }) => overridable === "never").map(({ id }) => id));
  const isKept = judgement.rulings.some(
    ({ rules, registry }) => registry?.verdict === "deny" || rules.some(({ id, verdict }) => verdict === "deny" && never.has(id)),
  );
  return isKept ? judgement.verdict : "warn";
}

function bootId(): string {
  try {
    return readFileSync("/proc/sys/kernel/random/boot_id", "latin1").trim();
  } catch {
    return "";
  }
}

const TEXTS = ["record_id", "started_at", "ends_at", "boot", "user", "reason"];
const NUMBERS = ["uptime_start", "uptime_end"];

function readPause(bytes: Uint8Array): Pause | null {
  const parsed = parseJson(bytes);
  if (!parsed.ok || !isObject(parsed.value) || parsed.value.schema_version !== PAUSE_SCHEMA) return null;
  const { value } = parsed;
  const isWhole = TEXTS.every((key) => typeof value[key] === "string") && NUMBERS.every((key) => typeof value[key] === "number");
  // Shapes were checked above, key by key.
  return isWhole ? (value as unknown as Pause) : null;
}

function isObject(value: JsonValue): value is JsonObject {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
