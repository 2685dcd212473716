// Which keys may do what: the document that a root key signs. Implements spec/trust.md section 3.
// Its form is narrow on purpose: docs/verify-without-cavra.sh reads it without a JSON reader, and must not be led astray.

import {
  bad,
  canonicalRecord,
  type JsonValue,
  ok,
  PUBLIC_KEY_BYTES,
  parseBase64,
  parseId,
  parseJson,
  parseTime,
  type Result,
} from "../../base/index.js";
import { isNoteName } from "../notes/index.js";
import { isObjectOf } from "./closed.js";
import { keyIdOf, ROLES, type Role } from "./key-id.js";

export const TRUST_SCHEMA = "cavra.trust.v1";
/** The canonical bytes of a trust document are at most so many. */
export const TRUST_BYTES = 65_536;
export const TRUST_KEYS = 64;
export const TRUST_NAME_BYTES = 100;
export const TRUST_REASON_BYTES = 200;
export const WITNESSES_REQUIRED = 16;

export interface TrustKey {
  readonly key_id: string;
  /** For people; of a witness it is the name in its signature lines. */
  readonly name: string;
  readonly public_key: string;
  readonly reason: string;
  readonly role: Role;
  readonly since: string;
  readonly state: "active" | "retired" | "revoked";
  /** The largest checkpoint that a retired ledger key may sign; else null. */
  readonly tree_size: number | null;
  /** When it was retired or revoked; "" while active. */
  readonly until: string;
}

export interface TrustDocument {
  /** "" for never. */
  readonly expires_at: string;
  readonly issued_at: string;
  readonly keys: readonly TrustKey[];
  readonly origin: string;
  readonly schema_version: typeof TRUST_SCHEMA;
  readonly trust_id: string;
  readonly version: number;
  readonly witnesses_required: number;
}

/** The canonical text of a document that is valid. Problem: `trust_malformed`. */
export function formatTrust(document: TrustDocument): Result<string> {
  const text = canonicalRecord(document);
  if (!text.ok) return malformed(text.problem.message);
  const read = parseTrust(text.value);
  return read.ok ? text : read;
}

/** Reads a document from exactly its canonical text. Problem: `trust_malformed`. */
export function parseTrust(text: string): Result<TrustDocument> {
  const parsed = parseJson(text, { sizeBytes: TRUST_BYTES, depth: 4 });
  if (!parsed.ok) return malformed(parsed.problem.message);
  const canonical = canonicalRecord(parsed.value);
  if (!canonical.ok || canonical.value !== text) return malformed("the document is not canonical JSON");
  const wrong = fault(parsed.value);
  return wrong === "" ? ok(parsed.value as unknown as TrustDocument) : malformed(wrong);
}

// The first thing that is wrong, or "".
function fault(value: JsonValue): string {
  if (!isObjectOf(value, DOCUMENT_KEYS)) return "the document has other keys";
  const { expires_at, issued_at, keys, origin, schema_version, trust_id, version, witnesses_required } = value;
  if (schema_version !== TRUST_SCHEMA) return "the schema_version is another";
  if (!isIdOf(trust_id, "tru")) return "trust_id is no identifier";
  if (typeof origin !== "string" || !origin.startsWith(ORIGIN) || !isIdOf(origin.slice(ORIGIN.length), "ldg"))
    return "origin is no ledger's";
  if (typeof version !== "number" || version < 1) return "version is no number from 1 on";
  if (!isTime(issued_at)) return "issued_at is no time";
  if (expires_at !== "" && !(isTime(expires_at) && expires_at > issued_at)) return "expires_at is not after issued_at";
  if (!Array.isArray(keys) || keys.length > TRUST_KEYS) return `there are more than ${TRUST_KEYS} keys`;
  const seen = new Set<string>();
  for (const key of keys as readonly JsonValue[]) {
    const wrong = keyFault(key, seen);
    if (wrong !== "") return wrong;
  }
  const all = keys as unknown as readonly TrustKey[];
  if (activeKeys(all, "root").length === 0) return "no root key is active";
  if (typeof witnesses_required !== "number" || witnesses_required < 0 || witnesses_required > WITNESSES_REQUIRED) {
    return `witnesses_required is not 0 to ${WITNESSES_REQUIRED}`;
  }
  return witnesses_required > activeKeys(all, "witness").length ? "more witnesses are required than there are" : "";
}

const DOCUMENT_KEYS = ["expires_at", "issued_at", "keys", "origin", "schema_version", "trust_id", "version", "witnesses_required"];
const KEY_KEYS = ["key_id", "name", "public_key", "reason", "role", "since", "state", "tree_size", "until"];
const ORIGIN = "cavra.ledger/";

function keyFault(key: JsonValue, seen: Set<string>): string {
  if (!isObjectOf(key, KEY_KEYS)) return "a key has other members";
  const { key_id, name, public_key, reason, role, since, state, tree_size, until } = key;
  const bytes = typeof public_key === "string" ? parseBase64(public_key) : null;
  if (bytes === null || bytes.length !== PUBLIC_KEY_BYTES) return "a public_key is not base64 of 32 bytes";
  if (!isRole(role)) return "a role is not known";
  if (key_id !== keyIdOf(role, bytes)) return "a key_id is not that of its role and key";
  if (seen.has(key_id)) return "a key is there twice";
  seen.add(key_id);
  if (!isPlain(name, TRUST_NAME_BYTES) || !isPlain(reason, TRUST_REASON_BYTES)) return "a name or reason holds what it may not";
  if (role === "witness" && !isNoteName(name)) return "a witness's name is no key name";
  if (!isTime(since)) return "since is no time";
  return stateFault(state, role, tree_size, since, until);
}

function stateFault(state: unknown, role: Role, size: unknown, since: string, until: unknown): string {
  if (state === "active") return until === "" && size === null ? "" : "an active key has an end";
  if (state !== "retired" && state !== "revoked") return "a state is not known";
  if (!isTime(until) || until < since) return "until is not a time after since";
  const isSized = state === "retired" && role === "ledger";
  if (isSized) return typeof size === "number" && size >= 0 ? "" : "a retired ledger key has no tree_size";
  return size === null ? "" : "only a retired ledger key has a tree_size";
}

function isRole(value: unknown): value is Role {
  return ROLES.some((role) => role === value);
}

function isIdOf(value: unknown, prefix: string): boolean {
  const id = typeof value === "string" ? parseId(value) : null;
  return id?.ok === true && id.value.prefix === prefix;
}

function isTime(value: unknown): value is string {
  return typeof value === "string" && parseTime(value).ok;
}

// Printable ASCII without `"`, `\`, `{` and `}`: canonical JSON then holds it as it is, and a brace always ends a key.
function isPlain(value: unknown, mostBytes: number): value is string {
  if (typeof value !== "string" || value.length > mostBytes) return false;
  return each(value, (unit) => unit >= 0x20 && unit <= 0x7e && unit !== 0x22 && unit !== 0x5c && unit !== 0x7b && unit !== 0x7d);
}

function each(text: string, test: (unit: number) => boolean): boolean {
  for (let i = 0; i < text.length; i++) if (!test(text.charCodeAt(i))) return false;
  return true;
}

/** The active keys of a role, in the document's order. */
export function activeKeys(keys: readonly TrustKey[], role: Role): readonly TrustKey[] {
  return keys.filter((key) => key.role === role && key.state === "active");
}

/** What a key is asked to have signed: a checkpoint of so many records, or a document of that time. */
export type KeyUse = { readonly kind: "checkpoint"; readonly size: number } | { readonly kind: "document"; readonly issuedAt: string };

/**
 * The key with this id, if it may have signed this. Problems: `unknown_signer`, `wrong_role`, `key_revoked`, `key_retired`.
 * A revoked key has signed nothing that counts, whenever that was.
 */
export function keyFor(document: TrustDocument, keyId: string, role: Role, use: KeyUse): Result<TrustKey> {
  const key = document.keys.find((one) => one.key_id === keyId);
  if (key === undefined) return bad("unknown_signer", `\`${keyId.slice(0, 60)}\` is not in the trust document`);
  if (key.role !== role) return bad("wrong_role", `\`${keyId}\` is a ${key.role} key, not a ${role} key`);
  if (key.state === "revoked") return bad("key_revoked", `\`${keyId}\` was revoked`);
  if (key.state === "active") return ok(key);
  const within = use.kind === "checkpoint" ? use.size <= (key.tree_size ?? -1) : use.issuedAt <= key.until;
  return within ? ok(key) : bad("key_retired", `\`${keyId}\` was retired before`);
}

/** The 32 bytes of a key of a valid document. */
export function publicKeyOf(key: TrustKey): Uint8Array {
  return Buffer.from(key.public_key, "base64");
}

function malformed<T>(message: string): Result<T> {
  return bad("trust_malformed", message);
}
