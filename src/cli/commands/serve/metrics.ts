// What metrics ask of the running authority, and what they hear of it. Implements spec/service.md 13.1.

import { VERSION } from "../../../authority/index.js";
import { ENGINE_DIGEST } from "../../../backend/index.js";
import type { JsonObject, JsonValue } from "../../../base/index.js";
import type { Observe, RunningAuthority } from "../../../daemon/index.js";
import type { DecidedOnce, MetricsPort } from "../../../server/index.js";
import { noticeOutcomes, readNotices, type ServedLedger } from "../../../store/index.js";

export const BUILD = { version: VERSION, engine: ENGINE_DIGEST };

export function metricsOver(running: RunningAuthority, ledger: ServedLedger, stateFolder: string): MetricsPort {
  return {
    lag: ledger.lag,
    blindness: running.blindness,
    workerUp: () => listOf(running.status().workers).some(({ worker }) => worker === "running"),
    leaseUp: () => listOf(objectOf(running.status().promotion).leases).some(({ lease_id }) => lease_id !== ""),
    notices: () => outcomesHere(stateFolder),
  };
}

/** Nobody hears of an action, an agent or a person by this. */
export function hears(decided: (one: DecidedOnce) => void): Observe {
  return ({ compared: { decision, selection }, channel, seconds }) => {
    const { parity_match, unsafe, fallback_code, selected_backend } = selection;
    const parity = parity_match === null ? null : parity_match ? "match" : unsafe ? "unsafe" : "mismatch";
    decided({ verdict: decision.decision, channel, backend: selected_backend, seconds, fallbackCode: fallback_code, parity });
  };
}

/** Where notices cannot be read there is nothing to count: `cavra runtime go-rollback-drill-routes` says why. */
function outcomesHere(stateFolder: string): ReadonlyMap<string, number> {
  try {
    const store = readNotices(stateFolder);
    if (store === null) return new Map();
    try {
      return noticeOutcomes(store);
    } finally {
      store.close();
    }
  } catch {
    return new Map();
  }
}

function listOf(value: JsonValue | undefined): readonly JsonObject[] {
  return Array.isArray(value) ? value.map(objectOf) : [];
}

function objectOf(value: JsonValue | undefined): JsonObject {
  return typeof value === "object" && value !== null && !Array.isArray(value) ? (value as JsonObject) : {};
}
