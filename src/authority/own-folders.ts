// CAVRA's own folders as they really lie on this machine, and whether a policy keeps agents from writing there. Implements spec/cli.md 5.2 and 5.4.
// The shipped packs know the usual names; whoever keeps state or configuration elsewhere needs a rule that names the place.

import { realpathSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import type { Effect } from "../change/index.js";
import { clauseFor, judge, openPolicy, type Rulebook } from "../policy/index.js";
import { configDir, stateDir } from "../store/index.js";
import { startingFacts } from "./world.js";

type Environment = Readonly<Record<string, string | undefined>>;

/** Of state and configuration folder those to which the policy does not deny every write. */
export function openFolders(rulebook: Rulebook, env: Environment): readonly string[] {
  const policy = openPolicy(rulebook);
  const { home, temp_roots } = startingFacts(env, env.HOME ?? "");
  // Any agent, in a workspace that is not about these folders.
  const subject = { agent: "", user: "", home, workspace_root: "", temp_roots, default_branch: "", now: "" };
  return [...new Set([stateDir(env), configDir(env)].map(real))].filter(
    (folder) => judge({ effects: [written(`${folder}/a`)] }, subject, policy).verdict !== "deny",
  );
}

/** The globs of all that lies in these folders, whatever characters their names have; those that cannot be written as one are left out. */
export function globsOf(folders: readonly string[]): readonly string[] {
  return folders.flatMap((folder) => clauseFor(written(folder, "tree"), "")?.path ?? []);
}

/** Without links on the way, as effects have it; the folder need not be there yet. */
function real(folder: string): string {
  try {
    return realpathSync(folder);
  } catch {
    const above = dirname(folder);
    return above === folder ? folder : join(real(above), basename(folder));
  }
}

function written(target: string, extent: "exact" | "tree" = "exact"): Effect {
  return { kind: "write", target, extent, place: "here", via: [], span: { start: 0, end: 0 } };
}
