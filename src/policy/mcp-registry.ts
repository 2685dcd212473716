// What is known of MCP servers: reading a registry. Implements spec/mcp-registry.md sections 1 and 2. Twin of go/policy/mcp_registry.go.
// Pure and total. The first thing that is wrong is told, with its place; what is not of the schema is never judged by.

import {
  bad,
  canonicalRecord,
  compareBytes,
  escapePointer,
  foldAscii,
  isDigest,
  type JsonLimits,
  type JsonObject,
  type JsonValue,
  ok,
  type Problem,
  parseJson,
  type Result,
  sha256,
} from "../base/index.js";
import { TIERS, type Tier } from "./model.js";

export const REGISTRY_SCHEMA = "cavra.mcp-registry.v1";
export const REGISTRY_LIMITS: JsonLimits = { sizeBytes: 4 * 1024 * 1024, depth: 8 };
export const MAX_SERVERS = 1_000;
/** Of one server. */
export const MAX_TOOLS = 1_000;
/** Of a name or an owner, in UTF-8. */
export const MAX_NAME_BYTES = 200;

export const TRANSPORTS = ["stdio", "http", "sse"] as const;
export const STATES = ["approved", "pending", "revoked"] as const;
export type RegistryState = (typeof STATES)[number];

export interface RegistryTool {
  readonly name: string;
  readonly state: RegistryState;
  /** "" where any description will do. */
  readonly description_digest: string;
}

export interface RegistryServer {
  readonly name: string;
  readonly transport: (typeof TRANSPORTS)[number];
  readonly tier: Tier;
  readonly state: RegistryState;
  readonly owner: string;
  readonly tools: readonly RegistryTool[];
}

/** The document, without the digest that it may hold of itself. */
export interface McpRegistry {
  readonly servers: readonly RegistryServer[];
  readonly digest: string;
}

/** Problems: those of the strict reader, and those of spec/mcp-registry.md 2.1, each with its place. */
export function parseRegistry(text: string | Uint8Array): Result<McpRegistry> {
  const parsed = parseJson(text, REGISTRY_LIMITS);
  if (!parsed.ok) return parsed;
  const { value } = parsed;
  if (!isObject(value) || !Object.hasOwn(value, "schema_version"))
    return bad("not_a_registry", "the MCP registry is no object with a `schema_version`", { at: "" });
  if (value.schema_version !== REGISTRY_SCHEMA)
    return bad("unknown_schema", `the MCP registry is not of the schema \`${REGISTRY_SCHEMA}\``, { at: "/schema_version" });
  const wrong = checkObject(value, "", DOCUMENT);
  if (wrong !== null) return { ok: false, problem: wrong };
  const { digest: told, ...body } = value;
  const canonical = canonicalRecord(body);
  if (!canonical.ok) return canonical;
  const digest = sha256(canonical.value);
  if (told !== undefined && told !== digest)
    return bad("digest_mismatch", "the MCP registry was changed after its digest was taken: it does not fit", { at: "/digest" });
  // Shapes were checked above, key by key.
  return ok({ servers: body.servers as unknown as readonly RegistryServer[], digest });
}

/** A registry that is ready to be asked. `code` is not "" where there is one and it cannot be read: then it has no digest. */
export interface OpenRegistry {
  readonly digest: string;
  readonly code: string;
  readonly servers: ReadonlyMap<string, OpenServer>;
}

interface OpenServer {
  readonly server: RegistryServer;
  readonly tools: ReadonlyMap<string, RegistryTool>;
}

export function openRegistry({ servers, digest }: McpRegistry): OpenRegistry {
  const opened = servers.map((server): readonly [string, OpenServer] => {
    const tools = new Map(server.tools.map((tool) => [foldAscii(tool.name), tool]));
    return [foldAscii(server.name), { server, tools }];
  });
  return { digest, code: "", servers: new Map(opened) };
}

/** The registry that is there and cannot be read, because of this code: nobody knows which servers it revoked. */
export function unreadableRegistry(code: string): OpenRegistry {
  return { digest: "", code, servers: new Map() };
}

type Check = (value: JsonValue, at: string) => Problem | null;

interface Field {
  readonly key: string;
  readonly check: Check;
  readonly optional?: true;
}

const TOOL: readonly Field[] = [
  { key: "name", check: nameWith("") },
  { key: "state", check: knownWord(STATES) },
  { key: "description_digest", check: (value, at) => (value === "" ? null : checkDigest(value, at)) },
];

const SERVER: readonly Field[] = [
  { key: "name", check: nameWith("/") },
  { key: "transport", check: knownWord(TRANSPORTS) },
  { key: "tier", check: knownWord(TIERS) },
  { key: "state", check: knownWord(STATES) },
  { key: "owner", check: checkText },
  { key: "tools", check: listOf(TOOL, MAX_TOOLS, "duplicate_tool") },
];

const DOCUMENT: readonly Field[] = [
  { key: "schema_version", check: () => null },
  { key: "servers", check: listOf(SERVER, MAX_SERVERS, "duplicate_server") },
  { key: "digest", check: checkDigest, optional: true },
];

function checkObject(value: JsonValue, at: string, fields: readonly Field[]): Problem | null {
  if (!isObject(value)) return wrong("wrong_type", at, "is no object");
  const unknown = Object.keys(value)
    .filter((key) => !fields.some((field) => field.key === key))
    .sort(compareBytes)[0];
  if (unknown !== undefined) return wrong("unknown_key", `${at}/${escapePointer(unknown)}`, "is unknown");
  for (const { key, check, optional } of fields) {
    const place = `${at}/${key}`;
    const found = value[key];
    if (found === undefined && optional) continue;
    const problem = found === undefined ? wrong("missing_key", place, "is missing") : check(found, place);
    if (problem !== null) return problem;
  }
  return null;
}

/** Items by their names, which are told apart without their case: nobody could say which of two such servers a host means. */
function listOf(fields: readonly Field[], most: number, duplicate: string): Check {
  return (value, at) => {
    if (!Array.isArray(value)) return wrong("wrong_type", at, "is no list");
    if (value.length > most) return wrong("too_many", at, `has more than ${most} items`);
    const names = new Set<string>();
    for (const [index, item] of value.entries()) {
      const problem = checkObject(item, `${at}/${index}`, fields);
      if (problem !== null) return problem;
      const name = foldAscii(String((item as JsonObject).name));
      if (names.has(name)) return wrong(duplicate, `${at}/${index}/name`, "stands there already, perhaps in another case");
      names.add(name);
    }
    return null;
  };
}

function checkText(value: JsonValue, at: string): Problem | null {
  if (typeof value !== "string") return wrong("wrong_type", at, "is no text");
  if (value === "") return wrong("empty_text", at, "is empty");
  if (Buffer.byteLength(value) > MAX_NAME_BYTES) return wrong("too_long", at, `has more than ${MAX_NAME_BYTES} bytes`);
  for (let i = 0; i < value.length; i++) {
    const unit = value.charCodeAt(i);
    if (unit < 0x20 || unit === 0x7f) return wrong("wrong_value", at, "holds a control character");
  }
  return null;
}

/** A name as a call may have it: one that holds `forbidden`, or is spelt as what cannot be known, would never be met. */
function nameWith(forbidden: string): Check {
  return (value, at) => {
    const problem = checkText(value, at);
    if (problem !== null) return problem;
    if (value === "unknown" || (forbidden !== "" && String(value).includes(forbidden)))
      return wrong("wrong_value", at, "is no name that a call can have");
    return null;
  };
}

function knownWord(known: readonly string[]): Check {
  return (value, at) => {
    if (typeof value !== "string") return wrong("wrong_type", at, "is no text");
    return known.includes(value) ? null : wrong("wrong_value", at, `is none of ${known.join(", ")}`);
  };
}

function checkDigest(value: JsonValue, at: string): Problem | null {
  if (typeof value !== "string") return wrong("wrong_type", at, "is no text");
  return isDigest(value) ? null : wrong("wrong_value", at, "is no digest");
}

function wrong(code: string, at: string, what: string): Problem {
  return { code, message: `the MCP registry is no such document: \`${at}\` ${what}`, at };
}

function isObject(value: JsonValue | undefined): value is JsonObject {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
