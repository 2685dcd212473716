// The second engine beside a running authority: a keeper for each policy in force, of which a few are kept. Implements spec/backend.md 5.1 and 8.6.
// INVARIANT: what goes wrong here is a null keeper or a code, never an error of a call.

import { type Authority, packedCatalogue, registryFile, runtimePolicyFile } from "../authority/index.js";
import { asksGo, type Keeper, type KeeperStatus, openKeeper } from "../backend/index.js";
import type { JsonObject } from "../base/index.js";

/** Policies that have a worker at a time; the one that was asked for longest ago goes first. */
export const MOST_WORKERS = 4;
/** A worker that is started ahead of the first question. */
const AHEAD_MS = 3_000;

type Policy = Authority["policy"];

export interface Workers {
  /** Null where Go is not asked, or cannot be. */
  readonly keeperFor: (policy: Policy) => Keeper | null;
  readonly status: () => readonly JsonObject[];
  readonly stop: () => Promise<void>;
}

export interface WorkersOptions {
  readonly env: Readonly<Record<string, string | undefined>>;
  /** As the host says it: it may be no mode of ours. */
  readonly mode: string;
  readonly runtimePath: string;
}

export function newWorkers({ env, mode, runtimePath }: WorkersOptions): Workers {
  const keepers = new Map<string, Keeper>();
  const open = ({ compiled, registry }: Policy): Keeper | null => {
    try {
      return openKeeper({
        runtimePath,
        policyPath: runtimePolicyFile(compiled, env),
        catalogueDigest: packedCatalogue().digest,
        policyDigest: compiled.digest,
        registry: registry === null ? null : { path: registryFile(env), digest: registry.digest },
      });
    } catch {
      return null;
    }
  };
  return {
    keeperFor: (policy) => {
      if (!asksGo(mode)) return null;
      const key = keyOf(policy);
      const known = keepers.get(key);
      const keeper = known ?? open(policy);
      if (keeper === null) return null;
      if (known === undefined) void keeper.start(AHEAD_MS);
      keepers.delete(key);
      keepers.set(key, keeper);
      for (const [old, oldest] of keepers) {
        if (keepers.size <= MOST_WORKERS) break;
        keepers.delete(old);
        void oldest.stop();
      }
      return keeper;
    },
    status: () => [...keepers].map(([key, keeper]) => ({ ...toldOf(key), ...asJson(keeper.status()) })),
    stop: async () => {
      await Promise.all([...keepers.values()].map((keeper) => keeper.stop()));
    },
  };
}

/** Policy, registry of MCP servers ("" for none) and, where that cannot be read, why. */
function keyOf({ compiled, registry }: Policy): string {
  return [compiled.digest, registry?.digest ?? "", registry?.code ?? ""].join(" ");
}

function toldOf(key: string): JsonObject {
  const [policy_digest = "", registry_digest = ""] = key.split(" ");
  return { policy_digest, registry_digest };
}

function asJson({ last_fault, faults, ...status }: KeeperStatus): JsonObject {
  return { ...status, faults: { ...faults }, last_fault: last_fault === null ? null : { ...last_fault } };
}
