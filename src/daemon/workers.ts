// The second engine beside a running authority: a keeper for each policy in force, of which a few are kept. Implements spec/backend.md 5.1 and 8.6.
// INVARIANT: what goes wrong here is a null keeper or a code, never an error of a call.

import { type Authority, packedCatalogue, runtimePolicyFile } from "../authority/index.js";
import { asksGo, type Keeper, type KeeperStatus, openKeeper } from "../backend/index.js";
import type { JsonObject } from "../base/index.js";

/** Policies that have a worker at a time; the one that was asked for longest ago goes first. */
export const MOST_WORKERS = 4;
/** A worker that is started ahead of the first question. */
const AHEAD_MS = 3_000;

type Rulebook = Authority["policy"]["compiled"];

export interface Workers {
  /** Null where Go is not asked, or cannot be. */
  readonly keeperFor: (rulebook: Rulebook) => Keeper | null;
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
  const open = (rulebook: Rulebook): Keeper | null => {
    try {
      const policyPath = runtimePolicyFile(rulebook, env);
      return openKeeper({ runtimePath, policyPath, catalogueDigest: packedCatalogue().digest, policyDigest: rulebook.digest });
    } catch {
      return null;
    }
  };
  return {
    keeperFor: (rulebook) => {
      if (!asksGo(mode)) return null;
      const known = keepers.get(rulebook.digest);
      const keeper = known ?? open(rulebook);
      if (keeper === null) return null;
      if (known === undefined) void keeper.start(AHEAD_MS);
      keepers.delete(rulebook.digest);
      keepers.set(rulebook.digest, keeper);
      for (const [digest, oldest] of keepers) {
        if (keepers.size <= MOST_WORKERS) break;
        keepers.delete(digest);
        void oldest.stop();
      }
      return keeper;
    },
    status: () => [...keepers].map(([policy_digest, keeper]) => ({ policy_digest, ...asJson(keeper.status()) })),
    stop: async () => {
      await Promise.all([...keepers.values()].map((keeper) => keeper.stop()));
    },
  };
}

function asJson({ last_fault, faults, ...status }: KeeperStatus): JsonObject {
  return { ...status, faults: { ...faults }, last_fault: last_fault === null ? null : { ...last_fault } };
}
