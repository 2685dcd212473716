// Recorded traffic as cases of a campaign: what the shadow log kept whole, and the actions of the decisions on record. Implements spec/parity.md 2.2.
// It reads, and changes nothing: not even the journal is drained.

import { existsSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { SHADOW_FOLDER } from "../../../authority/index.js";
import type { Evaluation } from "../../../backend/index.js";
import { canonicalJson, type JsonValue, parseJson, sortedByBytes } from "../../../base/index.js";
import { trafficIn } from "../../../parity/index.js";
import { readNoFollow, stateDir } from "../../../store/index.js";
import { recordedDecisions } from "../../recorded-decisions.js";
import type { Terminal } from "../../terminal.js";

/** Of more the last ones: a campaign about what one host did over years would be about nothing else. */
export const MOST_TRAFFIC = 20_000;

/** Each once, whenever it was asked; the first asked first. */
export function recordedTraffic(terminal: Terminal): readonly Evaluation[] {
  const kept = new Map<string, Evaluation>();
  for (const value of recorded(terminal)) {
    const asked = trafficIn(value);
    const key = asked === null ? null : canonicalJson({ action: asked.action, facts: asked.facts });
    if (asked === null || key?.ok !== true) continue;
    kept.delete(key.value);
    kept.set(key.value, asked);
    const [oldest] = kept.keys();
    if (kept.size > MOST_TRAFFIC && oldest !== undefined) kept.delete(oldest);
  }
  return [...kept.values()];
}

function* recorded(terminal: Terminal): Generator<JsonValue> {
  for (const { record } of recordedDecisions(terminal, {}, () => {})) yield record as unknown as JsonValue;
  const folder = join(stateDir(terminal.env), SHADOW_FOLDER);
  const names = existsSync(folder) ? sortedByBytes(readdirSync(folder).filter((name) => /^\d{4}-\d\d-\d\d\.jsonl$/.test(name))) : [];
  for (const name of names) {
    for (const line of (readNoFollow(join(folder, name))?.text ?? "").split("\n")) {
      const read = parseJson(line);
      // A line without a request says only that there was one, and the record of it was read above.
      if (read.ok && hasRequest(read.value)) yield read.value;
    }
  }
}

function hasRequest(value: JsonValue): boolean {
  return typeof value === "object" && value !== null && !Array.isArray(value) && "request" in value;
}
