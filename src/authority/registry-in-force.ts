// The registry of MCP servers that holds on this host. Implements spec/mcp-registry.md section 4.
// SECURITY: one that is there and cannot be read is no absence: which servers it revoked is not known, so every MCP call is denied until it is mended.

import { lstatSync } from "node:fs";
import { join } from "node:path";
import { bad, CavraError, type Result } from "../base/index.js";
import { type McpRegistry, type OpenRegistry, openRegistry, parseRegistry, REGISTRY_LIMITS, unreadableRegistry } from "../policy/index.js";
import { configDir } from "../store/index.js";
import { readRegularFile } from "./regular-file.js";

type Environment = Readonly<Record<string, string | undefined>>;

/** Beside the host's policy, under the same guard. */
export const HOST_REGISTRY = "mcp-registry.json";

export function registryFile(env: Environment): string {
  return join(configDir(env), HOST_REGISTRY);
}

/** Null where the host has none. Throws only where there is no configuration folder. */
export function registryInForce(env: Environment): OpenRegistry | null {
  const path = registryFile(env);
  if (!isThere(path)) return null;
  const read = readRegistryFile(path);
  return read.ok ? openRegistry(read.value) : unreadableRegistry(read.problem.code);
}

/** The one that a call names. Throws CavraError: `registry_unreadable`, and the codes of spec/mcp-registry.md 2.1. */
export function chosenRegistry(path: string): OpenRegistry {
  const read = readRegistryFile(path);
  if (read.ok) return openRegistry(read.value);
  const { code, message, at, hint } = read.problem;
  const place = at === undefined || at.startsWith("/") || at === "" ? "" : ` (${at})`;
  throw new CavraError(code, `${path}: ${message}${place}`, { hint: hint ?? `run \`cavra mcp check ${path}\`` });
}

/** Problems: `registry_unreadable`, and the codes of spec/mcp-registry.md 2.1. */
export function readRegistryFile(path: string): Result<McpRegistry> {
  const bytes = readRegularFile(path, REGISTRY_LIMITS.sizeBytes);
  if (bytes !== null) return parseRegistry(bytes);
  return bad("registry_unreadable", "the MCP registry cannot be read", {
    hint: `check that it is a file of at most ${REGISTRY_LIMITS.sizeBytes} bytes and that you may read it`,
  });
}

// A link that leads nowhere, and a folder that may not be looked into, are no absence either.
function isThere(path: string): boolean {
  try {
    return lstatSync(path, { throwIfNoEntry: false }) !== undefined;
  } catch {
    return true;
  }
}
