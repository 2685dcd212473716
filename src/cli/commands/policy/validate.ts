// `cavra policy validate`: what is wrong with a policy file, and what will not do what its author thinks. Implements spec/cli.md 7.1.

import { existsSync } from "node:fs";
import { join, resolve } from "node:path";
import { compileSources, findSources, readPolicyFile, WORKSPACE_POLICY } from "../../../authority/index.js";
import type { Problem } from "../../../base/index.js";
import { type CompiledPolicy, type Layer, loadPack, type Pack, warningsOf } from "../../../policy/index.js";
import { SYSTEM_CLOCK } from "../../../store/index.js";
import { count } from "../../count.js";
import { EXIT, type ExitStatus } from "../../exit.js";
import { oneLine } from "../../one-line.js";
import { toSecond } from "../../span-of-time.js";
import { report, type Terminal } from "../../terminal.js";
import { here } from "./named.js";

export interface ValidateOptions {
  readonly json?: boolean;
  readonly workspace?: boolean;
}

/** An exception that ends within this time is told of. */
export const SOON_MS = 7 * 86_400_000;

export function validate(terminal: Terminal, name: string, options: ValidateOptions): ExitStatus {
  const file = name === "" ? join(here(terminal), WORKSPACE_POLICY) : resolve(terminal.cwd, name);
  if (!existsSync(file)) {
    const hint = "run `cavra policy init` to write one";
    return report(terminal, { code: "policy_missing", message: `there is no file \`${file}\``, hint }, options.json === true);
  }
  const layer: Layer = options.workspace === true || file.endsWith(WORKSPACE_POLICY) ? "workspace" : "host";
  const source = readPolicyFile(file);
  // A host's file is looked at by itself; a workspace's is laid over all that holds for the host.
  const sources = findSources("", terminal.env);
  const compiled = compileSources(layer === "host" ? { ...sources, host: source, settings: null } : { ...sources, workspace: source });
  const pack = loadPack(source.text, file, layer);
  if (!compiled.ok || !pack.ok) {
    const problems = compiled.ok ? (pack.ok ? [] : pack.problems) : compiled.problems;
    if (options.json) terminal.print(`${JSON.stringify({ valid: false, problems })}\n`);
    else for (const problem of problems) report(terminal, problem, false);
    return EXIT.usage;
  }
  const nowMs = SYSTEM_CLOCK.nowMs();
  const warnings = warningsOf(pack.value, compiled.value, { now: toSecond(nowMs), soon: toSecond(nowMs + SOON_MS) });
  const found: Valid = { file, layer, pack: pack.value, policy: compiled.value, warnings };
  terminal.print(options.json ? `${JSON.stringify(asJson(found))}\n` : render(found, terminal));
  return EXIT.done;
}

interface Valid {
  readonly file: string;
  readonly layer: Layer;
  readonly pack: Pack;
  /** What the pack becomes, with all that it inherits; for a workspace's, laid over the host's. */
  readonly policy: CompiledPolicy;
  readonly warnings: readonly Problem[];
}

function asJson({ layer, pack: { id, version }, policy, warnings }: Valid): object {
  return { valid: true, id, version, layer, policy: { id: policy.id, version: policy.version }, digest: policy.digest, warnings };
}

function render({ file, layer, pack, policy, warnings }: Valid, terminal: Terminal): string {
  const { green, yellow } = terminal.colours;
  const what =
    layer === "host"
      ? `${count(policy.rules.length, "rule")} with all that it inherits`
      : `${count(policy.rules.filter((rule) => rule.layer === "workspace").length, "rule")} over the host's \`${policy.id}\``;
  const told = warnings.flatMap(({ at = file, message, code, hint }) => [
    `${yellow("!")} ${oneLine(`${at}: ${message}`, 1000)} (${code})`,
    ...(hint === undefined ? [] : [`  ${hint}`]),
  ]);
  return `${[...told, `${green("✓")} \`${file}\` holds: ${what}`, `  ${pack.id}@${pack.version}`].join("\n")}\n`;
}
