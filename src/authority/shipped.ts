// What comes with the installation: compiled packs for the hook, their sources and the catalogue for compiling. Loads only what is asked for.
// In the package these files stand beside the bundle, in a checkout in src/generated/; both are made by scripts/generate.mjs.

import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { CavraError, type JsonValue } from "../base/index.js";
import type { CompiledPolicy } from "../policy/index.js";

declare const CAVRA_VERSION: string | undefined;

/** Version of the package; `0.0.0-source` when it runs from source. */
export const VERSION: string = typeof CAVRA_VERSION === "string" ? CAVRA_VERSION : "0.0.0-source";

export const DEFAULT_PACK = "cavra-ai-agent-baseline";

const FOLDER = existsSync(join(import.meta.dirname, "policies")) ? import.meta.dirname : join(import.meta.dirname, "../generated");

/** A shipped pack, compiled at build time, or null where there is none of that name. Trusted as the installation itself is. */
export function shippedPolicy(id: string): CompiledPolicy | null {
  // SECURITY: the id may come from the command line; it names a file, so it may hold nothing that leads elsewhere.
  if (!/^[a-z0-9-]{1,64}$/.test(id) || !existsSync(join(FOLDER, "policies", `${id}.json`))) return null;
  return readShipped(join("policies", `${id}.json`)) as CompiledPolicy;
}

/** Pack id → YAML source. */
export function shippedSources(): Readonly<Record<string, string>> {
  return readShipped("packs.json") as Record<string, string>;
}

export function shippedCatalogue(): JsonValue {
  return readShipped("catalogue.json") as JsonValue;
}

function readShipped(name: string): unknown {
  try {
    return JSON.parse(readFileSync(join(FOLDER, name), "utf8"));
  } catch (cause) {
    throw new CavraError("installation_damaged", `\`${join(FOLDER, name)}\` cannot be read`, {
      hint: "run `make build`, or install CAVRA again",
      cause,
    });
  }
}
