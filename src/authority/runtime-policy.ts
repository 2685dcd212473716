// The compiled policy as a file, for an engine that loads one. Implements spec/backend.md 4.3. Written once for each digest, by whoever needs it first.

import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { CavraError } from "../base/index.js";
import { compiledText, type Rulebook } from "../policy/index.js";
import { replaceDurably, SYSTEM_CLOCK, stateDir } from "../store/index.js";
import { wholePolicy } from "./policy-in-force.js";

/** What this process has held against the policy: once for each file. What is damaged later keeps the worker away until somebody starts anew. */
const known = new Set<string>();

/**
 * The path of the file. One that is there already is read once, and written anew where it is damaged; after that the worker checks the digest of what it reads.
 * Throws `internal_error`, and what the store throws.
 */
export function runtimePolicyFile(rulebook: Rulebook, env: Readonly<Record<string, string | undefined>>): string {
  const path = join(stateDir(env), "runtime", `${rulebook.digest.slice("sha256:".length)}.json`);
  if (known.has(path) && existsSync(path)) return path;
  const text = compiledText(wholePolicy(rulebook));
  if (!text.ok) throw new CavraError("internal_error", `the policy in force cannot be written: ${text.problems[0]?.message ?? ""}`);
  if (!existsSync(path) || readFileSync(path, "utf8") !== text.value) replaceDurably(path, text.value, SYSTEM_CLOCK);
  known.add(path);
  return path;
}
