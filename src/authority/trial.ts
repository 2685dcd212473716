// What would be judged under other settings of the host, or is judged now, of what was recorded. Nothing is recorded, kept or changed here.

import { formatTime } from "../base/index.js";
import type { DecisionRecord } from "../evidence/index.js";
import { type Judgement, judge, openPolicy, type Policy, type Subject } from "../policy/index.js";
import { compileSources } from "./compile.js";
import { descriptionOf } from "./decide.js";
import { readGitFacts } from "./git-facts.js";
import { type HostSettings, settingsFile, settingsText } from "./host-settings.js";
import { findSources, invalidPolicy, policyInForce } from "./policy-in-force.js";
import { registryInForce } from "./registry-in-force.js";
import { startingFacts } from "./world.js";

type Environment = Readonly<Record<string, string | undefined>>;

/** The policy as it stands for a workspace. Throws CavraError as policyInForce does. */
export function currentPolicy(workspace: string, env: Environment): Policy {
  return openPolicy(
    policyInForce(workspace, env, () => compileSources),
    registryInForce(env),
  );
}

/** The policy as it would be with these settings. Throws CavraError `policy_invalid`. */
export function policyWith(settings: HostSettings, workspace: string, env: Environment): Policy {
  const source = { path: settingsFile(env), text: settingsText(settings) };
  const compiled = compileSources({ ...findSources(workspace, env), settings: source });
  if (!compiled.ok) throw invalidPolicy(compiled.problems);
  return openPolicy(compiled.value, registryInForce(env));
}

/**
 * The recorded effects under another policy; null where the record has none. They are the redacted ones, and the actor is the recorded one.
 * Home, temporary folders and default branch are not recorded: they are what this machine says now. Implements spec/policy.md 10.1.
 */
export function judgeAgain(
  record: DecisionRecord,
  policy: Policy,
  momentMs: number,
  env: Environment,
  branchOf: (folder: string) => string = defaultBranchOf,
): Judgement | null {
  const subject = subjectOf(record, momentMs, env, branchOf);
  return record.judgement === null || subject === null ? null : judge({ effects: record.judgement.effects }, subject, policy);
}

/** Who acted and where; null where the record has no action. */
export function subjectOf(
  { action, who }: DecisionRecord,
  momentMs: number,
  env: Environment,
  branchOf: (folder: string) => string = defaultBranchOf,
): Subject | null {
  if (action === null) return null;
  const { home, temp_roots } = startingFacts(env, env.HOME ?? "");
  const subject = { agent: who.agent, user: who.user, home, workspace_root: action.workspace_root, temp_roots };
  return { ...subject, default_branch: branchOf(action.cwd), now: formatTime(momentMs), tool_description: descriptionOf(action) };
}

function defaultBranchOf(folder: string): string {
  return readGitFacts(folder).default_branch;
}

/** The same for many records: each folder is looked at once. */
export function rememberedBranches(): (folder: string) => string {
  const known = new Map<string, string>();
  return (folder) => {
    const branch = known.get(folder) ?? defaultBranchOf(folder);
    known.set(folder, branch);
    return branch;
  };
}
