// What the drilled authority put on record of each call: how often, whose judgement left, and by which code it fell back. Implements spec/drills.md 1.4.

import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { JsonObject } from "../base/index.js";
import type { Experiment } from "../promotion/index.js";

export interface Recorded {
  /** How often the line is on record. */
  readonly records: number;
  /** 0 TypeScript, 1 Go, -1 unknown. */
  readonly backend: number;
  /** "" where it did not fall back. */
  readonly code: string;
}

const NOT_ON_RECORD: Recorded = { records: 0, backend: -1, code: "" };

/** By the line that was asked, which only one call has. */
export function recordedIn(stateFolder: string, mode: Experiment["mode"]): (line: string) => Recorded {
  const fallbacks = fallbacksIn(join(stateFolder, "shadow"));
  const known = new Map<string, Recorded>();
  for (const record of recordsIn(join(stateFolder, "journal"))) {
    const { action, record_id } = record as { readonly action?: { readonly target?: string }; readonly record_id?: string };
    const target = action?.target;
    if (target === undefined) continue;
    const code = fallbacks.get(record_id ?? "") ?? "";
    known.set(target, { records: (known.get(target)?.records ?? 0) + 1, backend: backendOf(record, code, mode), code });
  }
  return (line) => known.get(line) ?? NOT_ON_RECORD;
}

/** Under a lease the record says whose judgement left; compared beside TypeScript, Go is selected where nothing fell back. */
function backendOf(record: JsonObject, code: string, mode: Experiment["mode"]): number {
  const engine = record.engine as { readonly backend?: string } | undefined;
  return engine?.backend === "go" || (mode === "enforce" && code === "") ? 1 : 0;
}

function* recordsIn(folder: string): Generator<JsonObject> {
  for (const name of namesIn(folder)) {
    for (const line of readFileSync(join(folder, name), "utf8").split("\n")) {
      if (/^\d+ sha256:/.test(line)) yield JSON.parse(line.slice(line.indexOf("{"))) as JsonObject;
    }
  }
}

function fallbacksIn(folder: string): ReadonlyMap<string, string> {
  const names = namesIn(folder).filter((name) => name.endsWith(".jsonl"));
  const lines = names.flatMap((name) => readFileSync(join(folder, name), "utf8").split("\n")).filter((line) => line !== "");
  return new Map(
    lines.map((line) => {
      const { record_id, code } = JSON.parse(line) as { readonly record_id: string; readonly code: string };
      return [record_id, code] as const;
    }),
  );
}

function namesIn(folder: string): readonly string[] {
  try {
    return readdirSync(folder).sort();
  } catch {
    return [];
  }
}
