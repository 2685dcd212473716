// Puts an authority together for one process: policy in force, facts, journal, key. The one place where the environment is read for a decision.

import { openPolicy } from "../policy/index.js";
import { openJournal, redactionKey, SYSTEM_CLOCK, stateDir } from "../store/index.js";
import type { Authority } from "./decide.js";
import { type Compile, chosenPolicy, type PolicyChoice, policyInForce } from "./policy-in-force.js";
import { packedCatalogue } from "./shipped.js";
import { startingFacts } from "./world.js";

export interface OpenOptions {
  readonly workspace: string;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Null takes the policy in force. */
  readonly choice: PolicyChoice | null;
  readonly compiler: () => Compile;
}

/** Throws CavraError: `policy_invalid`, `policy_unreadable`, `unknown_pack`, `installation_damaged`, or what the state folder's checks say. */
export function openAuthority({ workspace, env, choice, compiler }: OpenOptions): Authority {
  const rulebook = choice === null ? policyInForce(workspace, env, compiler) : chosenPolicy(choice, env, compiler);
  const state = stateDir(env);
  return {
    policy: openPolicy(rulebook),
    catalogue: packedCatalogue().catalogue,
    clock: SYSTEM_CLOCK,
    facts: startingFacts(env, env.HOME ?? ""),
    journal: openJournal(state),
    redactionKey: () => redactionKey(state, SYSTEM_CLOCK),
  };
}
