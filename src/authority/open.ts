// Puts an authority together for one process: policy in force, facts, journal, key. The one place where the environment is read for a decision.

import type { Problem } from "../base/index.js";
import type { Action } from "../change/index.js";
import type { Who } from "../evidence/index.js";
import { type OpenRegistry, openPolicy } from "../policy/index.js";
import { openJournal, redactionKey, SYSTEM_CLOCK, stateDir } from "../store/index.js";
import { type Authority, type Recorder, refuse } from "./decide.js";
import { momentNow, pauseInForce } from "./pause.js";
import { type Compile, chosenPolicy, type PolicyChoice, policyInForce } from "./policy-in-force.js";
import { chosenRegistry, registryInForce } from "./registry-in-force.js";
import { packedCatalogue } from "./shipped.js";
import type { WarmPolicies } from "./warm.js";
import { startingFacts } from "./world.js";

export interface OpenOptions {
  readonly workspace: string;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Null takes the policy in force. */
  readonly choice: PolicyChoice | null;
  /** The path of a registry of MCP servers instead of the one in force. */
  readonly registry?: string | undefined;
  readonly compiler: () => Compile;
}

/**
 * Throws CavraError: `policy_invalid`, `policy_unreadable`, `unknown_pack`, `installation_damaged`, those of a registry that the call names,
 * or what the state folder's checks say.
 */
export function openAuthority({ workspace, env, choice, registry, compiler }: OpenOptions): Authority {
  const rulebook = choice === null ? policyInForce(workspace, env, compiler) : chosenPolicy(choice, env, compiler);
  return {
    policy: openPolicy(rulebook, registryFor(registry, choice, env)),
    catalogue: packedCatalogue().catalogue,
    facts: startingFacts(env, env.HOME ?? ""),
    // Another policy, named in the call, is judged as it stands.
    pause: () => (choice === null ? pauseInForce(env, momentNow) : null),
    ...withApprovals(openRecorder(env), choice === null ? env : null),
  };
}

/** What the host knows of MCP servers belongs to the policy in force; another one, named in the call, is judged by as it stands. */
function registryFor(path: string | undefined, choice: PolicyChoice | null, env: OpenOptions["env"]): OpenRegistry | null {
  if (path !== undefined) return chosenRegistry(path);
  return choice === null ? registryInForce(env) : null;
}

/** The same for an authority that lives on: its policies stay open, its places are its own, and only what is known of the agent comes with the call. */
export function authorityOver(policies: WarmPolicies, workspace: string, own: OpenOptions["env"], callers: OpenOptions["env"]): Authority {
  return {
    policy: policies.policyFor(workspace),
    catalogue: packedCatalogue().catalogue,
    facts: startingFacts(callers, callers.HOME ?? ""),
    pause: () => pauseInForce(own, momentNow),
    ...withApprovals(openRecorder(own), own),
  };
}

/** Null: nothing counts that was approved, because another policy is tried. */
function withApprovals(recorder: Recorder, env: OpenOptions["env"] | null): Recorder & Pick<Authority, "approvals"> {
  return { ...recorder, approvals: env === null ? null : { env, journal: recorder.journal } };
}

/**
 * Puts a refusal that no policy gave on record, where that can be done. What keeps it from being recorded is not told: the refusal stands, its own
 * problem is the one that the person needs, and `cavra status` tells of the other.
 */
export function recordRefusal(problem: Problem, who: Who, action: Action | null, env: OpenOptions["env"]): void {
  try {
    const recorder = openRecorder(env);
    refuse(problem, who, action, recorder);
    recorder.journal.close();
  } catch {
    // Without a place for the state there is no journal.
  }
}

function openRecorder(env: OpenOptions["env"]): Recorder {
  const state = stateDir(env);
  return { clock: SYSTEM_CLOCK, journal: openJournal(state), redactionKey: () => redactionKey(state, SYSTEM_CLOCK) };
}
