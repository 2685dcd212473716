// The trust documents of this state folder, and what this account has pinned and seen. Implements spec/evidence.md 7.6 and 7.7.
// SECURITY: the pin stands in the configuration folder, apart from what it judges; what was seen is never forgotten, only grown.

import { readdirSync } from "node:fs";
import { join } from "node:path";
import { bad, CavraError, formatTime, type JsonObject, type JsonValue, parseJson, type Result } from "../base/index.js";
import { isKeyId, openTrust, type TrustDocument } from "../evidence/index.js";
import type { Clock } from "./clock.js";
import { createDurably, readNoFollow, replaceDurably } from "./durable-file.js";

const TRUST_FOLDER = "trust";
const PIN_FILE = "trust-pin.json";
const PIN_SCHEMA = "cavra.trust-pin.v1";

/** The envelopes, oldest first; none where there are no keys yet. */
export function trustChain(stateFolder: string): readonly string[] {
  const folder = join(stateFolder, TRUST_FOLDER);
  return namesIn(folder)
    .filter((name) => /^\d{4}\.dsse\.json$/.test(name))
    .sort()
    .map((name) => (readNoFollow(join(folder, name))?.text ?? "").trimEnd());
}

function namesIn(folder: string): readonly string[] {
  try {
    return readdirSync(folder);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return [];
    throw error;
  }
}

/** Keeps the envelope of a new version. Throws `trust_exists` where another process kept that version first. */
export function addTrust(stateFolder: string, version: number, envelope: string, clock: Clock): void {
  const path = join(stateFolder, TRUST_FOLDER, `${String(version).padStart(4, "0")}.dsse.json`);
  if (!createDurably(path, `${envelope}\n`, clock)) {
    throw new CavraError("trust_exists", `there is a trust document of version ${version} already`, { hint: "run `cavra trust show`" });
  }
}

export interface SeenCheckpoint {
  readonly size: number;
  /** Base64. */
  readonly root: string;
}

export interface Pin {
  readonly root_key_id: string;
  readonly pinned_at: string;
  readonly trust_version_seen: number;
  /** The largest checkpoint of each origin that was verified here. */
  readonly checkpoints_seen: ReadonlyMap<string, SeenCheckpoint>;
}

/** Null where nothing was pinned. Throws `trust_pin_damaged`. */
export function readPin(configFolder: string): Pin | null {
  const path = join(configFolder, PIN_FILE);
  const file = readNoFollow(path);
  if (file === null) return null;
  const parsed = parseJson(file.text.trimEnd());
  const pin = parsed.ok ? asPin(parsed.value) : null;
  if (pin !== null) return pin;
  throw new CavraError("trust_pin_damaged", `\`${path}\` does not hold a pin`, {
    hint: "remove it, and pin the root key again: `cavra trust pin KEY_ID`",
  });
}

function asPin(value: JsonValue): Pin | null {
  if (!isObject(value) || value.schema_version !== PIN_SCHEMA || !isObject(value.checkpoints_seen)) return null;
  const { root_key_id, pinned_at, trust_version_seen, checkpoints_seen } = value;
  if (typeof root_key_id !== "string" || !isKeyId(root_key_id) || typeof pinned_at !== "string" || typeof trust_version_seen !== "number")
    return null;
  const seen = new Map<string, SeenCheckpoint>();
  for (const [origin, one] of Object.entries(checkpoints_seen)) {
    if (!isObject(one) || typeof one.size !== "number" || typeof one.root !== "string") return null;
    seen.set(origin, { size: one.size, root: one.root });
  }
  return { root_key_id, pinned_at, trust_version_seen, checkpoints_seen: seen };
}

function isObject(value: JsonValue | undefined): value is JsonObject {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** Trusts this root key from now on. What was seen under another one is forgotten: it says nothing about this one. */
export function writePin(configFolder: string, rootKeyId: string, clock: Clock): Pin {
  const known = readPin(configFolder);
  if (known?.root_key_id === rootKeyId) return known;
  const pin = { root_key_id: rootKeyId, pinned_at: formatTime(clock.nowMs()), trust_version_seen: 0, checkpoints_seen: new Map() };
  savePin(configFolder, pin, clock);
  return pin;
}

/** Remembers a version and a checkpoint that were verified. Nothing is written where nothing grew. */
export function rememberSeen(
  configFolder: string,
  seen: { readonly version: number; readonly checkpoint?: SeenCheckpoint & { readonly origin: string } },
  clock: Clock,
): void {
  const pin = readPin(configFolder);
  if (pin === null) return;
  const { checkpoint } = seen;
  const known = checkpoint === undefined ? undefined : pin.checkpoints_seen.get(checkpoint.origin);
  const grown = checkpoint !== undefined && checkpoint.size > (known?.size ?? 0);
  if (!grown && seen.version <= pin.trust_version_seen) return;
  const checkpoints = new Map(pin.checkpoints_seen);
  if (grown) checkpoints.set(checkpoint.origin, { size: checkpoint.size, root: checkpoint.root });
  savePin(
    configFolder,
    { ...pin, trust_version_seen: Math.max(seen.version, pin.trust_version_seen), checkpoints_seen: checkpoints },
    clock,
  );
}

function savePin(configFolder: string, pin: Pin, clock: Clock): void {
  const text = JSON.stringify({ schema_version: PIN_SCHEMA, ...pin, checkpoints_seen: Object.fromEntries(pin.checkpoints_seen) }, null, 2);
  replaceDurably(join(configFolder, PIN_FILE), `${text}\n`, clock);
}

/** The trust document in force here: the state folder's chain, from the pinned key on. Problems: those of openTrust; `trust_missing` for no chain. */
export function ownTrust(stateFolder: string, configFolder: string, nowMs: number): Result<TrustDocument> {
  const chain = trustChain(stateFolder);
  if (chain.length === 0) return bad("trust_missing", "there are no keys here, so nothing is signed", { hint: "run `cavra keys init`" });
  const pin = readPin(configFolder);
  return openTrust(chain, { pin: pin?.root_key_id ?? "", nowMs, seenVersion: pin?.trust_version_seen ?? 0 });
}
