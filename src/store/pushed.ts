// How far this machine's journal was pushed to a server. Implements spec/cli.md 13.8.
// It only saves work: what is pushed again is known there, by its record's id.

import { join } from "node:path";
import { CavraError, type JsonObject, parseJson, sha256 } from "../base/index.js";
import type { Clock } from "./clock.js";
import { readNoFollow, replaceDurably } from "./durable-file.js";
import type { Drained } from "./ledger/drain-file.js";

const SCHEMA = "cavra.pushed.v1";
const FILE_BYTES = 1_048_576;

/** By journal file. Empty where nothing was pushed to this server, and where what was kept cannot be read. */
export function readPushed(stateFolder: string, server: string): Map<string, Drained> {
  const file = readNoFollow(pathOf(stateFolder, server));
  const read = file === null ? null : parseJson(file.text.trimEnd(), { sizeBytes: FILE_BYTES, depth: 4 });
  const { schema_version, files } = (read?.ok ? (read.value ?? {}) : {}) as JsonObject;
  if (schema_version !== SCHEMA || typeof files !== "object" || files === null) return new Map();
  return new Map(
    Object.entries(files as Readonly<Record<string, Partial<Drained> | null>>).flatMap(([name, one]) => {
      const { position, lastOffset, lastItem } = one ?? {};
      const isWhole = typeof position === "number" && typeof lastOffset === "number" && typeof lastItem === "string";
      return isWhole ? [[name, { position, lastOffset, lastItem }] as const] : [];
    }),
  );
}

export function keepPushed(stateFolder: string, server: string, files: ReadonlyMap<string, Drained>, clock: Clock): void {
  const text = JSON.stringify({ schema_version: SCHEMA, server, files: Object.fromEntries(files) });
  if (text.length > FILE_BYTES) throw new CavraError("system_error", "there are more journal files than can be pushed");
  replaceDurably(pathOf(stateFolder, server), `${text}\n`, clock);
}

function pathOf(stateFolder: string, server: string): string {
  return join(stateFolder, "pushed", `${sha256(server).slice("sha256:".length, "sha256:".length + 16)}.json`);
}
