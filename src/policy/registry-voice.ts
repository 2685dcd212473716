// What a registry of MCP servers says of one call. Implements spec/mcp-registry.md section 3. Twin of go/policy/registry_voice.go.
// INVARIANT: it only tightens. It has a voice of its own, which nothing silences, and it lowers a tier; it never takes the place of a default.

import { foldAscii } from "../base/index.js";
import type { CallEffect } from "../change/index.js";
import type { OpenRegistry, RegistryTool } from "./mcp-registry.js";
import { TIERS, type Tier } from "./model.js";
import type { Voice } from "./open-policy.js";

// What a host does by itself comes under a server's name too, and is the policy's alone unless the registry names it.
const HOSTS: ReadonlySet<string> = new Set(["claude-code"]);

/** What the registry says of a call that is not approved; null where it is. `description` is the digest that the host told, or "". */
export function registryVoice(effect: CallEffect, description: string, registry: OpenRegistry): Voice | null {
  const named = registry.servers.get(foldAscii(effect.server));
  if (named === undefined && HOSTS.has(effect.server)) return null;
  if (registry.code !== "")
    return denies("unreadable", `the MCP registry cannot be read (${registry.code}): no MCP tool may be called before it is mended`);
  const server = `the server \`${named?.server.name ?? ""}\``;
  if (named?.server.state === "revoked") return denies("server_revoked", `the MCP registry has revoked ${server}`);
  const tool = named?.tools.get(foldAscii(effect.tool));
  const both = `the tool \`${tool?.name ?? ""}\` of ${server}`;
  if (tool?.state === "revoked") return denies("tool_revoked", `the MCP registry has revoked ${both}`);
  // What is named in another case was not looked at under this name: `GitHub` is not the `github` that somebody approved.
  if (named?.server.name !== effect.server) return asks("server_unlisted", "the MCP registry does not list this server");
  if (named.server.state === "pending") return asks("server_pending", `the MCP registry has not approved ${server}`);
  if (tool?.name !== effect.tool) return asks("tool_unlisted", `the MCP registry does not list this tool of ${server}`);
  if (tool.state === "pending") return asks("tool_pending", `the MCP registry has not approved ${both}`);
  if (isOther(tool, description) && effect.via.length === 0)
    return asks("description_changed", `${both} has another description than the MCP registry approved`);
  return null;
}

/** Of an entry's tier and the listed server's the lower one. */
export function loweredTier(tier: Tier, effect: CallEffect, registry: OpenRegistry | null): Tier {
  const server = registry?.servers.get(foldAscii(effect.server))?.server;
  if (server === undefined || server.name !== effect.server) return tier;
  return TIERS.indexOf(server.tier) > TIERS.indexOf(tier) ? server.tier : tier;
}

function isOther({ description_digest }: RegistryTool, description: string): boolean {
  return description !== "" && description_digest !== "" && description !== description_digest;
}

function denies(id: string, reason: string): Voice {
  return { verdict: "deny", severity: "high", source: "mcp_registry", id: `mcp_registry.${id}`, reason, instead: null };
}

function asks(id: string, reason: string): Voice {
  return {
    verdict: "require_approval",
    severity: "medium",
    source: "mcp_registry",
    id: `mcp_registry.${id}`,
    reason: `${reason}; a person is asked first`,
    instead: null,
  };
}
