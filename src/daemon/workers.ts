// The second engine beside a running authority: a keeper for each policy in force, of which a few are kept. Implements spec/backend.md 5.1 and 8.6.
// INVARIANT: what goes wrong here is a null keeper or a code, never an error of a call.

import { type Authority, heldBack, packedCatalogue, registryFile, runtimePolicyFile } from "../authority/index.js";
import { asksGo, type Fault, type Hello, type Keeper, type KeeperStatus, openKeeper, type WorkerSource } from "../backend/index.js";
import type { JsonObject } from "../base/index.js";
import { stateDir } from "../store/index.js";
import type { Campaigner, Wanted } from "./campaigner.js";

/** Policies that have a worker at a time; the one that was asked for longest ago goes first. */
export const MOST_WORKERS = 4;
/** A worker that is started ahead of the first question. */
const AHEAD_MS = 3_000;

type Policy = Authority["policy"];

export interface Workers {
  /** Null where Go is not asked, or cannot be. */
  readonly keeperFor: (policy: Policy) => Keeper | null;
  readonly keepers: () => readonly Keeper[];
  readonly status: () => readonly JsonObject[];
  readonly stop: () => Promise<void>;
}

export interface WorkersOptions {
  readonly env: Readonly<Record<string, string | undefined>>;
  /** As the host says it: it may be no mode of ours. */
  readonly mode: string;
  readonly runtimePath: string;
  readonly campaigner: Campaigner;
}

export function newWorkers({ env, mode, runtimePath, campaigner }: WorkersOptions): Workers {
  const keepers = new Map<string, Keeper>();
  const mayBeAsked = newGate(stateDir(env));
  const open = ({ compiled, registry }: Policy): Keeper | null => {
    try {
      const source: WorkerSource = {
        runtimePath,
        policyPath: runtimePolicyFile(compiled, env),
        catalogueDigest: packedCatalogue().digest,
        policyDigest: compiled.digest,
        registry: registry === null ? null : { path: registryFile(env), digest: registry.digest },
      };
      const held = (hello: Hello): Fault | null => {
        const fault = mayBeAsked(hello);
        if (fault?.code === "campaign_missing") campaigner.want(wantedFor(hello, source, () => mayBeAsked(hello) === null));
        return fault;
      };
      return openKeeper({ ...source, heldBack: held });
    } catch {
      return null;
    }
  };
  return {
    keeperFor: (policy) => {
      if (!asksGo(mode) && mode !== "promoted") return null;
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
    keepers: () => [...keepers.values()],
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

/** What once may be asked may be asked for as long as this process lives; what may not is looked at each time. */
function newGate(stateFolder: string): (hello: Hello) => Fault | null {
  const passed = new Set<string>();
  return (hello) => {
    const key = keyOfHello(hello);
    const fault = passed.has(key) ? null : heldBack(stateFolder, hello);
    if (fault === null) passed.add(key);
    return fault;
  };
}

function keyOfHello({ build, policy, registry_digest }: Hello): string {
  return `${build} ${policy.digest} ${registry_digest}`;
}

function wantedFor(hello: Hello, { runtimePath, policyPath, registry }: WorkerSource, isDone: () => boolean): Wanted {
  const files = ["--runtime-path", runtimePath, "--policy-path", policyPath, "--registry-path", registry?.path ?? ""];
  return { key: keyOfHello(hello), arguments: files, isDone };
}

function asJson({ last_fault, faults, ...status }: KeeperStatus): JsonObject {
  return { ...status, faults: { ...faults }, last_fault: last_fault === null ? null : { ...last_fault } };
}
