// Policies that stay compiled and open as long as the files that they are made of stay the same. Implements spec/backend.md 8.5.
// The temptation is to watch the files: a watcher may be late, and a judgement by a policy that is no longer in force is wrong.

import { readdirSync, statSync } from "node:fs";
import { join } from "node:path";
import { type OpenRegistry, openPolicy, type Policy } from "../policy/index.js";
import { configDir } from "../store/index.js";
import { type Compile, HOST_POLICY, HOST_SETTINGS, policyInForce, WORKSPACE_POLICY } from "./policy-in-force.js";
import { registryFile, registryInForce } from "./registry-in-force.js";
import { policySigning } from "./signed-policy.js";

/** Workspaces whose policy is kept open; the one that was asked for longest ago goes first. */
export const MOST_WARM = 64;
/** A change that came so shortly before the reading may hide a second one that has the same times. */
export const RACY_MS = 100;

type Environment = Readonly<Record<string, string | undefined>>;

export interface WarmPolicies {
  /** The policy in force for this workspace. Throws as policyInForce does, each time anew. */
  readonly policyFor: (workspace: string) => Policy;
}

interface Warm {
  readonly policy: Policy;
  readonly sources: string;
  readonly settled: boolean;
}

export function warmPolicies(env: Environment, compiler: () => Compile, nowMs: () => number = Date.now): WarmPolicies {
  const known = new Map<string, Warm>();
  return {
    policyFor: (workspace) => {
      // Before anything is read: what changes while it is read is seen the next time.
      const [startedMs, before] = [nowMs(), look(workspace, env)];
      const warm = known.get(workspace);
      if (warm?.settled && warm.sources === before.text && policySigning(env) === null) {
        known.delete(workspace);
        known.set(workspace, warm);
        return warm.policy;
      }
      known.delete(workspace);
      const rulebook = policyInForce(workspace, env, compiler);
      const registry = registryInForce(env);
      const isSame = warm?.policy.compiled.digest === rulebook.digest && keyOf(warm.policy.registry) === keyOf(registry);
      const policy = isSame ? warm.policy : openPolicy(rulebook, registry);
      known.set(workspace, { policy, sources: before.text, settled: startedMs - before.newestMs > RACY_MS });
      if (known.size > MOST_WARM) known.delete([...known.keys()][0] ?? "");
      return policy;
    },
  };
}

function keyOf(registry: OpenRegistry | null): string {
  return registry === null ? "" : `${registry.digest} ${registry.code}`;
}

/** All that tells a file from a changed one, of every file that a policy is made of, as one text; and when the newest change was. */
function look(workspace: string, env: Environment): { readonly text: string; readonly newestMs: number } {
  const config = configDir(env);
  const library = join(config, "packs");
  const own = [HOST_POLICY, HOST_SETTINGS].map((name) => join(config, name));
  const paths = [...own, registryFile(env), join(workspace, WORKSPACE_POLICY), library, ...packsIn(library)];
  let newestMs = 0;
  const lines = paths.map((path) => {
    const about = stateOf(path);
    if (about === null) return `${path}\n-`;
    const { dev, ino, size, mtimeNs, ctimeNs } = about;
    newestMs = Math.max(newestMs, Number(ctimeNs / 1_000_000n));
    return `${path}\n${dev} ${ino} ${size} ${mtimeNs} ${ctimeNs}`;
  });
  return { text: lines.join("\n"), newestMs };
}

function packsIn(library: string): readonly string[] {
  try {
    return readdirSync(library)
      .sort()
      .map((name) => join(library, name));
  } catch {
    return [];
  }
}

function stateOf(path: string) {
  try {
    return statSync(path, { bigint: true, throwIfNoEntry: false }) ?? null;
  } catch {
    return null;
  }
}
