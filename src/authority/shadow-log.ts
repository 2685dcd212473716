// What became of asking the second engine: counters per stratum, and a line for each fallback. Implements spec/backend.md section 7.
// INVARIANT: it never changes an answer and never throws; what keeps it from writing is remembered, and told by `cavra status`.

import { appendFileSync, chmodSync, existsSync, statSync } from "node:fs";
import { join } from "node:path";
import { asksGo } from "../backend/index.js";
import { canonicalJson, formatTime, type JsonObject, type JsonValue, parseJson, sha256 } from "../base/index.js";
import { redact } from "../evidence/index.js";
import { type Clock, ensurePrivateFolder, holdLock, readNoFollow, redactionKey, replaceDurably } from "../store/index.js";
import type { Compared } from "./decide-beside.js";
import { addCounts, type Counted, NO_COUNTS, readCounters, type ShadowCounters } from "./shadow-counters.js";

export const SHADOW_FOLDER = "shadow";
/** Of one day's lines. */
export const DAY_BYTES = 64 * 1024 * 1024;
/** Of one line; a disagreement that needs more leaves out what was judged. */
export const SHADOW_LINE_BYTES = 1024 * 1024;

export interface ShadowLog {
  /** Takes note of one comparison; a fallback is written at once. `build` is the worker's, "" where none said hello. */
  readonly note: (compared: Compared, engines: Omit<Counted, keyof Stratum | "outcome">) => void;
  /** Adds what was counted to the file. */
  readonly flush: () => void;
  /** Why the last write failed; "" where it did not. */
  readonly problem: () => string;
}

interface Stratum {
  readonly action_type: string;
  readonly verdict: string;
  readonly effect: string;
}

export function openShadowLog(stateFolder: string, clock: Clock): ShadowLog {
  const folder = join(stateFolder, SHADOW_FOLDER);
  let counted: Counted[] = [];
  let truncated = "";
  let problem = "";
  const attempt = (action: () => void): boolean => {
    try {
      ensurePrivateFolder(stateFolder);
      ensurePrivateFolder(folder);
      action();
      problem = "";
      return true;
    } catch (thrown) {
      problem = thrown instanceof Error ? thrown.message : String(thrown);
      return false;
    }
  };
  return {
    note: (compared, engines) => {
      const { selection } = compared;
      if (!asksGo(selection.backend_mode) && selection.backend_mode !== "promoted" && !selection.fallback_used) return;
      const stratum = stratumOf(compared);
      counted.push({ ...engines, ...stratum, outcome: selection.fallback_code ?? outcomeOf(selection) });
      if (selection.fallback_code === null) return;
      attempt(() => {
        const at = formatTime(clock.nowMs());
        const line = lineOf(compared, stratum, at, () => redactionKey(stateFolder, clock));
        if (!appendWithin(join(folder, `${at.slice(0, 10)}.jsonl`), line)) truncated = at.slice(0, 10);
      });
    },
    flush: () => {
      if (counted.length === 0 && truncated === "") return;
      const written = attempt(() => addToFile(folder, counted, truncated, clock));
      // What could not be written is tried again, but not kept without end.
      if (written || counted.length > MOST_KEPT) counted = [];
    },
    problem: () => problem,
  };
}

/** What left alone was compared with nothing, unless it was looked at afterwards. */
function outcomeOf({ selected_backend, parity_match }: Compared["selection"]): string {
  return selected_backend === "go" && parity_match === null ? "alone" : "agreed";
}

const MOST_KEPT = 100_000;

function stratumOf({ evaluation, verdict, decision }: Compared): Stratum {
  return { action_type: evaluation.action.action_type, verdict, effect: decision.change.effects[0]?.kind ?? "none" };
}

function lineOf({ decision, selection, evaluation, judgement }: Compared, stratum: Stratum, at: string, key: () => Uint8Array): string {
  const asked = canonicalJson({ action: evaluation.action, facts: evaluation.facts, subject: evaluation.subject } as unknown as JsonValue);
  const head = {
    at,
    record_id: decision.decision_id,
    mode: selection.backend_mode,
    code: selection.fallback_code,
    unsafe: selection.unsafe,
    request_digest: asked.ok ? sha256(asked.value) : "",
    stratum,
  };
  if (selection.fallback_code !== "disagreement") return `${JSON.stringify(head)}\n`;
  const judged = { request: evaluation, typescript: readOr(judgement), go: readOr(selection.go ?? "") };
  const whole = `${JSON.stringify({ ...head, ...redact(judged, decision.decision_id, key()).value })}\n`;
  return Buffer.byteLength(whole) > SHADOW_LINE_BYTES ? `${JSON.stringify(head)}\n` : whole;
}

function readOr(text: string): JsonValue {
  const read = parseJson(text);
  return read.ok ? read.value : text;
}

/** False where the day is full. */
function appendWithin(path: string, line: string): boolean {
  const size = statSync(path, { throwIfNoEntry: false })?.size ?? 0;
  if (size + Buffer.byteLength(line) > DAY_BYTES) return false;
  appendFileSync(path, line, { mode: 0o600 });
  if (size === 0) chmodSync(path, 0o600);
  return true;
}

function addToFile(folder: string, counted: readonly Counted[], truncated: string, clock: Clock): void {
  const unlock = holdLock(join(folder, "counters.lock"));
  if (unlock === null) throw new Error("another process writes the counters");
  try {
    const path = join(folder, "counters.json");
    const known = existsSync(path) ? readCounters(readNoFollow(path)?.text ?? "") : NO_COUNTS;
    const sum: ShadowCounters = addCounts(known, counted);
    const text: JsonObject = { ...(sum as unknown as JsonObject), truncated: truncated === "" ? sum.truncated : truncated };
    replaceDurably(path, `${JSON.stringify(text)}\n`, clock);
  } finally {
    unlock();
  }
}
