// What is said over the authority's socket, read as strictly as a payload. Implements spec/backend.md 8.2. Pure.
// INVARIANT: a message holds no path of ours, no policy and no mode; what is not exactly one of these shapes is none.

import { bad, type JsonObject, type JsonValue, ok, parseJson, type Result } from "../base/index.js";
import { FRAME_BYTES } from "./frames.js";

export const PROTOCOL = "cavra.authority.v1";

/** What the authority says of itself before it is asked. */
export interface Hello {
  readonly protocol: string;
  readonly version: string;
  readonly pid: number;
  readonly state_dir: string;
  readonly config_dir: string;
  readonly view: string;
}

export interface HookRequest {
  readonly kind: "hook";
  readonly ticket: string;
  readonly agent: string;
  readonly payload: string;
  readonly environment: Readonly<Record<string, string>>;
  readonly cwd: string;
}

export type Request =
  | HookRequest
  | { readonly kind: "status"; readonly ticket: string }
  | { readonly kind: "stop"; readonly ticket: string };
/** What the caller asks; the ticket is put to it when there is one. */
export type Question = Omit<HookRequest, "ticket"> | { readonly kind: "status" | "stop" };

export type Reply =
  | { readonly kind: "answer"; readonly stdout: string; readonly stderr: string; readonly exit: 0 | 2 }
  | { readonly kind: "status"; readonly status: JsonObject }
  | { readonly kind: "stopping"; readonly pid: number }
  | { readonly kind: "refused"; readonly code: string; readonly message: string };

/** The variables that a decision may rest on (agents.md 1.3 and 2.4, facts); no others are sent. */
export const ENVIRONMENT = [
  "HOME",
  "TMPDIR",
  "USER",
  "LOGNAME",
  "SHELL",
  "XDG_CONFIG_HOME",
  "XDG_STATE_HOME",
  "XDG_CACHE_HOME",
  "XDG_DATA_HOME",
  "CLAUDE_PROJECT_DIR",
  "CAVRA_UNATTENDED",
] as const;

export function sentEnvironment(env: Readonly<Record<string, string | undefined>>): Record<string, string> {
  return Object.fromEntries(ENVIRONMENT.flatMap((name) => (env[name] === undefined ? [] : [[name, env[name]]])));
}

/** Problems, of several the first in this order: `request_malformed`, `unknown_kind`, `request_unknown_key`, `request_missing_key`, `request_bad_value`. */
export function readRequest(text: Uint8Array): Result<Request> {
  const value = objectOf(text);
  if (value === null) return bad("request_malformed", "the request is no JSON object");
  const shape = typeof value.kind === "string" ? REQUESTS.get(value.kind) : undefined;
  if (shape === undefined) return bad("unknown_kind", "there is no such request");
  const unknown = Object.keys(value).find((key) => key !== "kind" && !shape.includes(key));
  if (unknown !== undefined) return bad("request_unknown_key", `nobody knows the key \`${unknown.slice(0, 64)}\``);
  const missing = shape.find((key) => !Object.hasOwn(value, key));
  if (missing !== undefined) return bad("request_missing_key", `\`${missing}\` is missing`);
  const wrong = shape.find((key) => (key === "environment" ? !isEnvironment(value[key]) : typeof value[key] !== "string"));
  if (wrong !== undefined) return bad("request_bad_value", `\`${wrong}\` is not what it must be`);
  // Shapes were checked above, key by key.
  return ok(value as unknown as Request);
}

const REQUESTS: ReadonlyMap<string, readonly string[]> = new Map([
  ["hook", ["ticket", "agent", "payload", "environment", "cwd"]],
  ["status", ["ticket"]],
  ["stop", ["ticket"]],
]);

function isEnvironment(value: JsonValue | undefined): boolean {
  if (!isObject(value)) return false;
  const known: readonly string[] = ENVIRONMENT;
  return Object.entries(value).every(([name, text]) => known.includes(name) && typeof text === "string");
}

/** Null for what is no hello. */
export function readHello(text: Uint8Array): Hello | null {
  const value = objectOf(text);
  if (value === null || value.kind !== "hello" || !hasKeys(value, HELLO_KEYS)) return null;
  const { protocol, version, pid, state_dir, config_dir, view } = value;
  const areTexts = [protocol, version, state_dir, config_dir, view].every((one) => typeof one === "string");
  return areTexts && Number.isSafeInteger(pid) ? (value as unknown as Hello) : null;
}

const HELLO_KEYS = ["kind", "protocol", "version", "pid", "state_dir", "config_dir", "view"];

/** Null for what is no reply. SECURITY: an answer with another status than 0 and 2 would let the host run the call. */
export function readReply(text: Uint8Array): Reply | null {
  const value = objectOf(text);
  if (value === null) return null;
  const isWhole = typeof value.kind === "string" && (REPLIES.get(value.kind)?.(value) ?? false);
  return isWhole ? (value as unknown as Reply) : null;
}

const REPLIES: ReadonlyMap<string, (value: JsonObject) => boolean> = new Map([
  [
    "answer",
    (value) =>
      hasKeys(value, ["kind", "stdout", "stderr", "exit"]) &&
      typeof value.stdout === "string" &&
      typeof value.stderr === "string" &&
      (value.exit === 0 || value.exit === 2),
  ],
  ["status", (value) => hasKeys(value, ["kind", "status"]) && isObject(value.status)],
  ["stopping", (value) => hasKeys(value, ["kind", "pid"]) && Number.isSafeInteger(value.pid)],
  [
    "refused",
    (value) => hasKeys(value, ["kind", "code", "message"]) && typeof value.code === "string" && typeof value.message === "string",
  ],
]);

const DEPTH = 16;

function objectOf(text: Uint8Array): JsonObject | null {
  const read = parseJson(text, { sizeBytes: FRAME_BYTES, depth: DEPTH });
  return read.ok && isObject(read.value) ? read.value : null;
}

function isObject(value: JsonValue | undefined): value is JsonObject {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function hasKeys(value: JsonObject, keys: readonly string[]): boolean {
  return Object.keys(value).length === keys.length && keys.every((key) => Object.hasOwn(value, key));
}
