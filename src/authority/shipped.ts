// What comes with the installation: compiled packs for the hook, their sources and the catalogue for compiling. Loads only what is asked for.
// In the package these files stand beside the bundle, in a checkout in src/generated/; both are made by scripts/generate.mjs.

import { existsSync, openSync, readFileSync, readSync } from "node:fs";
import { join } from "node:path";
import { CavraError, type JsonValue } from "../base/index.js";
import { openPacked, type PackedCatalogue } from "../change/index.js";
import { openPackedRules, type Rulebook } from "../policy/index.js";

declare const CAVRA_VERSION: string | undefined;

/** Version of the package; `0.0.0-source` when it runs from source. */
export const VERSION: string = typeof CAVRA_VERSION === "string" ? CAVRA_VERSION : "0.0.0-source";

export const DEFAULT_PACK = "cavra-ai-agent-baseline";

const FOLDER = existsSync(join(import.meta.dirname, "rules")) ? import.meta.dirname : join(import.meta.dirname, "../generated");

/** The rules of a shipped pack, compiled at build time, or null where there is none of that name. Trusted as the installation itself is. */
export function shippedPolicy(id: string): Rulebook | null {
  // SECURITY: the id may come from the command line; it names a file, so it may hold nothing that leads elsewhere.
  const path = join(FOLDER, "rules", `${id}.packed`);
  if (!/^[a-z0-9-]{1,64}$/.test(id) || !existsSync(path)) return null;
  return guarded(path, () => openPackedRules(readFileSync(path)));
}

/** The catalogue of this installation, as the hook uses it: programs are read from the file one by one. */
export function packedCatalogue(): PackedCatalogue {
  opened ??= openFile(join(FOLDER, "catalogue.packed"));
  return opened;
}

let opened: PackedCatalogue | null = null;

// The handle stays open as long as the process lives: an installation that is renewed meanwhile must not move the text under the index.
function openFile(path: string): PackedCatalogue {
  return guarded(path, () => {
    const handle = openSync(path, "r");
    return openPacked((offset, length) => guarded(path, () => readPart(handle, offset, length)));
  });
}

function readPart(handle: number, offset: number, length: number): Buffer {
  const part = Buffer.allocUnsafe(length);
  return part.subarray(0, readSync(handle, part, 0, length, offset));
}

/** Pack id → YAML source. */
export function shippedSources(): Readonly<Record<string, string>> {
  return readShipped("packs.json") as Record<string, string>;
}

/** The catalogue written out, for compiling. */
export function shippedCatalogue(): JsonValue {
  return readShipped("catalogue.json") as JsonValue;
}

function readShipped(name: string): unknown {
  const path = join(FOLDER, name);
  return guarded(path, () => JSON.parse(readFileSync(path, "utf8")));
}

function guarded<T>(path: string, read: () => T): T {
  try {
    return read();
  } catch (cause) {
    throw new CavraError("installation_damaged", `\`${path}\` cannot be read`, { hint: "run `make build`, or install CAVRA again", cause });
  }
}
