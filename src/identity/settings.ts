// Whose tokens the server believes beside its own, and what they open: `serve.json`, closed. Implements spec/service.md 4.6. Pure.
// SECURITY: an address that is fetched is HTTPS, and a key that stands here is public: a secret in this file would be a secret of the issuer's.

import { bad, type JsonObject, type JsonValue, ok, parseJson, type Result } from "../base/index.js";
import { isRoleName, ROLE_NAMES, type RoleName } from "./scopes.js";
import { checkWorkspaces } from "./workspaces.js";

export const SERVE_SETTINGS = "serve.json";
const SETTINGS_SCHEMA = "cavra.serve-settings.v1";
export const SETTINGS_BYTES = 1_048_576;
const MOST_ISSUERS = 8;
const MOST_RULES = 256;
const MOST_KEYS = 64;
const TEXT_CHARACTERS = 512;

export interface IssuerSettings {
  readonly issuer: string;
  readonly audience: string;
  /** "" to find it by discovery. */
  readonly jwks_uri: string;
  /** Null where keys are fetched. */
  readonly jwks: JsonObject | null;
  readonly rules: readonly IssuerRule[];
}

/** Whose claim is, or holds, this value has these roles in these workspaces. */
export interface IssuerRule {
  readonly claim: string;
  readonly value: string;
  readonly roles: readonly RoleName[];
  readonly workspaces: readonly string[];
}

/** Problem: `bad_serve_settings`, with its place as a JSON pointer. */
export function readServeSettingsText(text: Uint8Array): Result<readonly IssuerSettings[]> {
  const read = parseJson(text, { sizeBytes: SETTINGS_BYTES, depth: 16 });
  if (!read.ok) return wrong(read.problem.at ?? "", read.problem.message);
  const top = keysOf(read.value, "", ["schema_version", "issuers"], []);
  if (!top.ok) return top;
  if (top.value.schema_version !== SETTINGS_SCHEMA) return wrong("/schema_version", `it is not \`${SETTINGS_SCHEMA}\``);
  const issuers = each(top.value.issuers, "/issuers", MOST_ISSUERS, readIssuer);
  if (!issuers.ok) return issuers;
  const names = issuers.value.map(({ issuer }) => issuer);
  return new Set(names).size === names.length ? issuers : wrong("/issuers", "an issuer stands there twice");
}

function readIssuer(value: JsonValue, at: string): Result<IssuerSettings> {
  const found = keysOf(value, at, ["issuer", "audience", "rules"], ["jwks_uri", "jwks"]);
  if (!found.ok) return found;
  const { issuer, audience, jwks_uri = "", jwks, rules } = found.value;
  if (!isText(issuer) || !isHttps(issuer)) return wrong(`${at}/issuer`, "an issuer is an address with `https`");
  if (!isText(audience)) return wrong(`${at}/audience`, "an audience is a text");
  if (typeof jwks_uri !== "string" || (jwks_uri !== "" && !isHttps(jwks_uri)))
    return wrong(`${at}/jwks_uri`, "keys are fetched by `https` alone");
  if (jwks !== undefined && jwks_uri !== "") return wrong(`${at}/jwks`, "`jwks` and `jwks_uri` do not stand together");
  const keys = jwks === undefined ? ok(null) : readKeys(jwks, `${at}/jwks`);
  if (!keys.ok) return keys;
  const read = each(rules, `${at}/rules`, MOST_RULES, readRule);
  return read.ok ? ok({ issuer, audience, jwks_uri, jwks: keys.value, rules: read.value }) : read;
}

function readRule(value: JsonValue, at: string): Result<IssuerRule> {
  const found = keysOf(value, at, ["claim", "value", "roles", "workspaces"], []);
  if (!found.ok) return found;
  const { claim, value: wanted, roles, workspaces } = found.value;
  if (!isText(claim) || !isText(wanted)) return wrong(at, "`claim` and `value` are texts");
  if (!areTexts(roles) || roles.length === 0 || !roles.every(isRoleName))
    return wrong(`${at}/roles`, `roles are some of ${ROLE_NAMES.join(", ")}`);
  const named = areTexts(workspaces) ? checkWorkspaces(workspaces) : null;
  if (named === null || !named.ok) return wrong(`${at}/workspaces`, named?.problem.message ?? "workspaces are texts");
  return ok({ claim, value: wanted, roles: roles.filter(isRoleName), workspaces: named.value });
}

const KEY_TYPES = ["RSA", "EC", "OKP"];
/** Parts of keys that nobody but the issuer may have. */
const PRIVATE_PARTS = ["d", "p", "q", "dp", "dq", "qi", "oth", "k"];

function readKeys(value: JsonValue, at: string): Result<JsonObject> {
  const set = isObject(value) ? value : {};
  const { keys } = set;
  if (!Array.isArray(keys) || keys.length === 0 || keys.length > MOST_KEYS || !keys.every((key) => isObject(key)))
    return wrong(at, `a key set has \`keys\`, from 1 to ${MOST_KEYS}`);
  const strange = keys.findIndex((key) => !KEY_TYPES.includes(String((key as JsonObject).kty)));
  if (strange !== -1) return wrong(`${at}/keys/${strange}`, `a key is one of ${KEY_TYPES.join(", ")}`);
  const secret = keys.findIndex((key) => PRIVATE_PARTS.some((part) => Object.hasOwn(key as JsonObject, part)));
  return secret === -1
    ? ok(set)
    : wrong(`${at}/keys/${secret}`, "this is a private or a shared key, and nobody but the issuer may have it");
}

function each<T>(
  value: JsonValue | undefined,
  at: string,
  most: number,
  read: (one: JsonValue, at: string) => Result<T>,
): Result<readonly T[]> {
  if (!Array.isArray(value) || value.length === 0 || value.length > most) return wrong(at, `from 1 to ${most} stand there`);
  const all: T[] = [];
  for (const [index, one] of value.entries()) {
    const found = read(one, `${at}/${index}`);
    if (!found.ok) return found;
    all.push(found.value);
  }
  return ok(all);
}

function keysOf(value: JsonValue, at: string, needed: readonly string[], optional: readonly string[]): Result<JsonObject> {
  if (!isObject(value)) return wrong(at, "this is no object");
  const strange = Object.keys(value).find((key) => !needed.includes(key) && !optional.includes(key));
  if (strange !== undefined) return wrong(at, `nobody knows the key \`${strange}\``);
  const missing = needed.find((key) => !Object.hasOwn(value, key));
  return missing === undefined ? ok(value) : wrong(at, `\`${missing}\` is missing`);
}

function wrong<T>(at: string, message: string): Result<T> {
  return bad("bad_serve_settings", `\`${SERVE_SETTINGS}\`: ${message}`, { at, hint: "spec/service.md 4.6 says what it holds" });
}

function isObject(value: JsonValue | undefined): value is JsonObject {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function isText(value: JsonValue | undefined): value is string {
  return typeof value === "string" && value !== "" && value.length <= TEXT_CHARACTERS;
}

function areTexts(value: JsonValue | undefined): value is readonly string[] {
  return Array.isArray(value) && value.every(isText);
}

function isHttps(text: string): boolean {
  try {
    const { protocol, username, password, hash } = new URL(text);
    return protocol === "https:" && username === "" && password === "" && hash === "";
  } catch {
    return false;
  }
}
