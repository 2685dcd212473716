// What a name on the command line stands for: a policy file, a pack, or the policy in force. Implements spec/cli.md 5.1.

import { resolve } from "node:path";
import {
  chosenPolicy,
  compileSources,
  findSources,
  loadLibrary,
  policyInForce,
  readPolicyFile,
  shippedSources,
  workspaceAround,
} from "../../../authority/index.js";
import { CavraError, type Problem } from "../../../base/index.js";
import { loadPack, type Pack, type Rulebook } from "../../../policy/index.js";
import type { Terminal } from "../../terminal.js";

/** "" is the policy in force here. Throws CavraError as the authority does. */
export function named(terminal: Terminal, name: string): Rulebook {
  if (name === "") return policyInForce(here(terminal), terminal.env, () => compileSources);
  return chosenPolicy(
    isFile(name) ? { pack: "", file: resolve(terminal.cwd, name) } : { pack: name, file: "" },
    terminal.env,
    () => compileSources,
  );
}

export function isFile(name: string): boolean {
  return name.includes("/") || name.endsWith(".yaml") || name.endsWith(".yml");
}

export function here(terminal: Terminal): string {
  return workspaceAround(terminal.cwd, terminal.env.HOME ?? "");
}

/** The pack by itself, with its tests and places. Throws CavraError: `unknown_pack`, or the first of its problems. */
export function packOf(terminal: Terminal, name: string): Pack {
  const text = isFile(name) ? readPolicyFile(resolve(terminal.cwd, name)).text : shippedSources()[name];
  const problems: Problem[] = [];
  const own = text === undefined ? loadLibrary(findSources("", terminal.env), problems).get(name) : undefined;
  if (own !== undefined) return own;
  if (text === undefined) throw new CavraError("unknown_pack", `there is no policy pack \`${name}\``, { hint: "run `cavra policy list`" });
  const loaded = loadPack(text, name, "host");
  if (loaded.ok) return loaded.value;
  const first = loaded.problems[0];
  throw new CavraError(first?.code ?? "policy_invalid", `${first?.at ?? name}: ${first?.message ?? ""}`, {
    hint: first?.hint ?? "run `cavra policy validate`",
  });
}
